//! What the desk says of a record equals what a query on the store says.

use sqlx::{Connection, SqliteConnection};
use wenban::{
    channels::terminal,
    demo,
    domain::{
        message::{Incoming, Input, MessageId},
        money::Fen,
        reply::Status,
    },
};

use crate::support::desk::{hall, today};

/// A question, a query for one value on the person's rows (`$1` is their key), and how the reply writes it.
const QUESTIONS: [(&str, &str, Written); 11] = [
    ("我参加了哪些保险", "select count(*) from enrollments where person = $1", Written::Number),
    (
        "2024年养老交了几个月",
        "select count(distinct month) from contributions where person = $1 and insurance = 'pension' \
         and month between 202401 and 202412 and paid_on is not null",
        Written::Months,
    ),
    (
        "我社保一共交了多少年",
        "select count(distinct month) from contributions where person = $1 and insurance = 'pension' and paid_on is not null",
        Written::Length,
    ),
    ("养老个人账户里有多少钱", "select balance from pension_account where person = $1 order by year desc limit 1", Written::Fen),
    ("医保账户余额", "select balance from medical_account where person = $1 order by day desc, n limit 1", Written::Fen),
    ("我的医保报销记录", "select sum(fund) from medical_claims where person = $1", Written::Fen),
    ("养老金发了没有", "select amount from payments where person = $1 and kind = 'pension' order by month desc limit 1", Written::Fen),
    (
        "我的失业金发了没有",
        "select amount from payments where person = $1 and kind = 'unemployment' order by month desc, n limit 1",
        Written::Fen,
    ),
    ("今年资格认证做了没有", "select cast(strftime('%Y', due_on) as integer) from certification where person = $1", Written::Number),
    ("我的社保卡状态正常吗", "select cast(tail as integer) from card where person = $1", Written::Number),
    (
        "我的申请办到哪一步了",
        "select cast(number as integer) from cases where person = $1 order by accepted_on desc, number desc limit 1",
        Written::Number,
    ),
];

/// How a reply writes a value.
#[derive(Clone, Copy)]
enum Written {
    Number,
    Months,
    Length,
    Fen,
}

impl Written {
    fn out(self, value: i64) -> String {
        match self {
            Self::Number => value.to_string(),
            Self::Months => format!("{value} 个月"),
            Self::Length if value % 12 == 0 => format!("{} 年", value / 12),
            Self::Length => format!("{} 年 {} 个月", value / 12, value % 12),
            Self::Fen => Fen(value).grouped(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_is_told_as_it_is_on_file() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
    let hall = hall(&url).await;
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    let mut faults = Vec::new();
    for n in [0, 10, 20] {
        let person = demo::person(1, n, today()).person;
        for (question, query, written) in QUESTIONS {
            let value: Option<i64> = sqlx::query_scalar(query).bind(&person.key.0).fetch_optional(&mut raw).await.unwrap();
            let peer = terminal::peer(format!("{n}-{question}"));
            hall.desk.begin_as(&peer, &person.id_number).await.unwrap();
            let message = Incoming { from: peer, id: MessageId("1".into()), input: Input::Text(question.into()), at: hall.desk.now() };
            let reply = hall.desk.turn(&message).await.unwrap();
            let (said, expected) = (terminal::plain(&reply), value.map_or_else(|| "没有查到".to_owned(), |value| written.out(value)));
            let first: Vec<&str> = said.split("\n\n").take(2).collect();
            if reply.status != Status::Answered || !first.join("\n").contains(&expected) {
                faults.push(format!("{n}: {question}: {expected} on file, said\n{said}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
