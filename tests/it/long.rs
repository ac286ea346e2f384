//! One long conversation: what is kept for a turn, and what a turn takes, is the same after a thousand others.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use sqlx::{Connection, SqliteConnection};
use wenban::{
    channels::terminal,
    domain::message::{Incoming, Input, MessageId},
};

use crate::support::desk::hall;

const TURNS: usize = 1_050;
/// Turns whose times are reported, at the beginning and at the end.
const TIMED: usize = 50;
/// What is said, over and over: kinds of turns and their words. The second time round everything has been said before.
const ROUND: [(&str, &str); 10] = [
    ("guide", "社保卡丢了怎么办"),
    ("side of the guide", "要带什么材料"),
    ("record", "去年养老交了几个月"),
    ("record in context", "那医保呢"),
    ("document", "国务院令第765号"),
    ("form", "我哪年退休"),
    ("answer", "1975年3月"),
    ("answer and sum", "男"),
    ("nonsense", "今天天气怎么样"),
    ("again", "再说一遍"),
];

/// Bytes and rows that one turn leaves: the sealed session, which the next turn recalls, the sealed reply, the audit trail.
type Kept = (i64, i64, i64);

async fn kept(raw: &mut SqliteConnection, message: usize) -> Kept {
    sqlx::query_as(
        "select (select length(session) from conversations where id = 'terminal:long'), \
         (select length(reply) from replies where conversation = 'terminal:long' and message_id = $1), (select count(*) from audit)",
    )
    .bind(message.to_string())
    .fetch_one(raw)
    .await
    .unwrap()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e3
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_conversation_keeps_and_costs_no_more_than_a_short_one() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
    let hall = hall(&url).await;
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    let peer = terminal::peer("long");
    hall.desk.begin_as(&peer, &hall.person.id_number).await.unwrap();
    let (mut times, mut left, mut audited) = (Vec::new(), Vec::<Kept>::new(), 0);
    for number in 0..TURNS {
        let input = Input::Text(ROUND[number % ROUND.len()].1.to_owned());
        let message = Incoming { from: peer.clone(), id: MessageId(number.to_string()), input, at: hall.desk.now() };
        let begun = Instant::now();
        hall.desk.turned(&message).await.unwrap();
        times.push(begun.elapsed());
        let (session, reply, audit) = kept(&mut raw, number).await;
        left.push((session, reply, audit - audited));
        audited = audit;
        // The first round has nothing behind it yet.
        if let Some(before) = number.checked_sub(ROUND.len()).filter(|before| *before >= ROUND.len()) {
            assert_eq!(left[number], left[before], "turn {number}, `{}`", ROUND[number % ROUND.len()].1);
        }
    }
    let mut out = std::io::stdout().lock();
    let parts = |from: usize, kind: Option<usize>| {
        let turns = (from..from + TIMED).filter(|number| kind.is_none_or(|kind| number % ROUND.len() == kind));
        median(turns.map(|number| times[number]).collect())
    };
    let last = TURNS - TIMED;
    writeln!(out, "median of a turn, ms: turns 1 to {TIMED} {:.2}, turns {} to {TURNS} {:.2}", parts(0, None), last + 1, parts(last, None))
        .unwrap();
    for (kind, (name, _)) in ROUND.iter().enumerate() {
        let (session, reply, _) = left[last + kind];
        let (early, late) = (parts(0, Some(kind)), parts(last, Some(kind)));
        writeln!(out, "{name}: {early:.2} and {late:.2}; session {session} bytes, reply {reply} bytes").unwrap();
    }
}
