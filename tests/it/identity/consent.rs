//! The notice and the consents: nothing of a record is told without the row that says so.

use sqlx::AssertSqlSafe;
use wenban::domain::session::Purpose;

use super::*;
use crate::support::desk::script;

const RECORD: &str = "去年养老交了几个月";
const CLAIMS: &str = "我的医保报销记录";

fn shows_a_record(reply: &Reply) -> bool {
    reply.blocks.iter().any(|block| matches!(block, Block::Facts { .. } | Block::Table { .. }))
}

impl Scene {
    /// Says who it is and gives the code.
    async fn check(&self, peer: &Peer) -> Reply {
        let (name, id_number) = self.person();
        self.say(peer, Input::Proof(Proof::Person { name, id_number })).await;
        self.code(peer, &self.hall.phone.code().unwrap()).await
    }

    async fn change(&self, sql: &str) {
        let mut raw = SqliteConnection::connect(&self.url).await.unwrap();
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut raw).await.unwrap();
    }

    async fn rows(&self) -> Vec<(String, String, String, String)> {
        let mut raw = SqliteConnection::connect(&self.url).await.unwrap();
        sqlx::query_as("select person, purpose, notice, channel from consents order by purpose desc").fetch_all(&mut raw).await.unwrap()
    }
}

/// PRV-01: the notice says who, what for, what, how long, which rights, and whom to ask, before anything personal is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn prv_01_the_notice_comes_first_and_says_all() {
    let scene = scene().await;
    let peer = account("reader");
    let reply = scene.text(&peer, RECORD).await;
    assert_eq!((reply.status, expects(&reply)), (Status::Verify, Some(ExpectedKind::Choice)));
    let said = terminal::plain(&reply);
    for part in ["谁来用", "做什么用", "用到什么", "留多久", "您可以", "收回同意", "不同意", "12333", "个人信息保护法"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(reply.choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["同意并继续", "不同意"]);
    let (name, id_number) = scene.person();
    let early = scene.say(&peer, Input::Proof(Proof::Person { name, id_number })).await;
    assert_eq!((expects(&early), scene.hall.phone.count()), (Some(ExpectedKind::Choice), 0), "nobody is looked up before");
}

/// PRV-01: a row for the person, of that notice, in the transaction of the check; the notice is not put again.
#[tokio::test(flavor = "multi_thread")]
async fn prv_01_a_record_is_told_with_a_row_of_its_notice() {
    let scene = scene().await;
    let peer = account("agrees");
    scene.text(&peer, RECORD).await;
    scene.text(&peer, "同意").await;
    assert_eq!(scene.rows().await, []);
    assert!(shows_a_record(&scene.check(&peer).await));
    let key = scene.hall.person.key.0.clone();
    let notice = |purpose| script().notices[&purpose].clone();
    let of_records = (key.clone(), "records".to_owned(), notice(Purpose::Records), "terminal".to_owned());
    assert_eq!(scene.rows().await, std::slice::from_ref(&of_records));
    assert!(shows_a_record(&scene.text(&peer, "医保账户余额").await), "once");

    let claims = scene.text(&peer, CLAIMS).await;
    assert_eq!(expects(&claims), Some(ExpectedKind::Choice), "treatments have a consent of their own");
    let claims = scene.text(&peer, "同意").await;
    assert!(shows_a_record(&claims), "{}", terminal::plain(&claims));
    let of_claims = (key, "medical-claims".to_owned(), notice(Purpose::MedicalClaims), "terminal".to_owned());
    assert_eq!(scene.rows().await, [of_records, of_claims]);
}

/// PRV-01: without the row nothing is told, whatever the conversation remembers: not when it is taken back, and not when it is of
/// another notice.
#[tokio::test(flavor = "multi_thread")]
async fn prv_01_without_the_row_of_that_notice_no_record_is_told() {
    for taken_back in ["delete from consents", "update consents set notice = 'of last year'"] {
        let scene = scene().await;
        let peer = account("changed");
        scene.text(&peer, RECORD).await;
        scene.text(&peer, "同意").await;
        assert!(shows_a_record(&scene.check(&peer).await));
        scene.change(taken_back).await;
        let asked = scene.text(&peer, RECORD).await;
        assert!(!shows_a_record(&asked) && expects(&asked) == Some(ExpectedKind::Choice), "{}", terminal::plain(&asked));
        assert!(shows_a_record(&scene.text(&peer, "同意").await));
    }
}

/// PRV-01: who does not agree is told no record and loses nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn prv_01_who_declines_is_not_checked() {
    let scene = scene().await;
    let peer = account("declines");
    scene.text(&peer, RECORD).await;
    let declined = scene.text(&peer, "不同意").await;
    assert_eq!((declined.status, declined.expects.as_ref()), (Status::Refused, None));
    assert!(terminal::plain(&declined).contains("窗口"));
    assert_eq!(scene.text(&peer, "失业金怎么领").await.status, Status::Answered);
    assert_eq!(expects(&scene.text(&peer, RECORD).await), Some(ExpectedKind::Choice), "it is asked again when it is needed again");
    assert_eq!(scene.rows().await, []);
}

/// PRV-01: another version of the notice is another notice, by its words.
#[tokio::test(flavor = "multi_thread")]
async fn prv_01_other_words_are_another_notice() {
    let mut files = wenban::dialogue::load::built_in();
    let (_, text) = files.iter_mut().find(|(path, _)| path == "flows/consent.records.yaml").unwrap();
    *text = text.replacen("留 3 年", "留 5 年", 1);
    let (other, problems) = wenban::dialogue::load::load(files);
    assert_eq!(problems, []);
    assert_ne!(other.notices[&Purpose::Records], script().notices[&Purpose::Records]);
    assert_eq!(other.notices[&Purpose::MedicalClaims], script().notices[&Purpose::MedicalClaims]);
}

/// PRV-03: nobody under 14 is checked, on file or not: a guardian asks at the counter.
#[tokio::test(flavor = "multi_thread")]
async fn prv_03_under_fourteen_there_are_no_records_here() {
    let scene = scene().await;
    // 14 years old on the day of the stories, and a day younger.
    for (body, of_age) in [("44139920121124002", true), ("44139920121125001", false)] {
        let digit = char::from(wenban::domain::id_number::check_digit(body.as_bytes()));
        let child = (FullName::parse("王小小").unwrap(), format!("{body}{digit}").parse().unwrap());
        let reply = scene.claim(&account(body), &child).await;
        assert_eq!(expects(&reply) == Some(ExpectedKind::Otp), of_age, "{}", terminal::plain(&reply));
        assert_eq!(texts(&reply).contains("监护人"), !of_age, "{}", terminal::plain(&reply));
    }
    assert_eq!(scene.hall.phone.count(), 0);
}
