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

use crate::support::desk::{Hall, hall};

/// Turns behind the long conversation when its times are taken.
const BEHIND: usize = 1_000;
/// Turns whose times are reported, of the long conversation and of one that begins beside it: so both meet the same machine.
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

/// Bytes by which the number of a later turn is longer, in its own place and in the ids of its choices.
const DIGITS: i64 = 64;

/// Bytes and rows that one turn leaves: the sealed session, which the next turn recalls, the sealed reply, the audit trail.
type Kept = (i64, i64, i64);
const SEALED: &str =
    "select length(session), length(reply) from conversations join replies on conversation = id where id = $1 and message_id = $2";
const AUDITED: &str = "select count(*) from audit";

/// What was said in one conversation.
struct Told<'a> {
    name: &'a str,
    times: Vec<Duration>,
    left: Vec<Kept>,
}

impl Told<'_> {
    async fn begin<'a>(hall: &Hall, name: &'a str) -> Told<'a> {
        hall.desk.begin_as(&terminal::peer(name), &hall.person.id_number).await.unwrap();
        Told { name, times: Vec::new(), left: Vec::new() }
    }

    async fn turn(&mut self, hall: &Hall, raw: &mut SqliteConnection) {
        let number = self.times.len();
        let input = Input::Text(ROUND[number % ROUND.len()].1.to_owned());
        let id = MessageId(number.to_string());
        let audited: i64 = sqlx::query_scalar(AUDITED).fetch_one(&mut *raw).await.unwrap();
        let message = Incoming { from: terminal::peer(self.name), id: id.clone(), input, at: hall.desk.now() };
        let begun = Instant::now();
        hall.desk.turned(&message).await.unwrap();
        self.times.push(begun.elapsed());
        let (session, reply): (i64, i64) =
            sqlx::query_as(SEALED).bind(format!("terminal:{}", self.name)).bind(id.0).fetch_one(&mut *raw).await.unwrap();
        let audit: i64 = sqlx::query_scalar(AUDITED).fetch_one(raw).await.unwrap();
        self.left.push((session, reply, audit - audited));
    }

    /// The median of the last [`TIMED`] turns of one kind, or of all, in milliseconds.
    fn median(&self, kind: Option<usize>) -> f64 {
        let last = (self.times.len() - TIMED..self.times.len()).filter(|number| kind.is_none_or(|kind| number % ROUND.len() == kind));
        let mut times: Vec<Duration> = last.map(|number| self.times[number]).collect();
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e3
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_keeps_and_costs_no_more_after_a_thousand_others() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
    let hall = hall(&url).await;
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    let mut long = Told::begin(&hall, "long").await;
    for _ in 0..BEHIND {
        long.turn(&hall, &mut raw).await;
    }
    let mut new = Told::begin(&hall, "new").await;
    for _ in 0..TIMED {
        new.turn(&hall, &mut raw).await;
        long.turn(&hall, &mut raw).await;
    }
    // The first round has nothing behind it yet.
    let known = &new.left[ROUND.len()..2 * ROUND.len()];
    for round in long.left[ROUND.len()..].chunks(ROUND.len()) {
        for (late, early) in round.iter().zip(known) {
            let more = (late.0 - early.0).max(late.1 - early.1);
            assert!(more <= DIGITS && late.2 == early.2, "{late:?} after {early:?}");
        }
    }
    let mut out = std::io::stdout().lock();
    let (early, late) = (new.median(None), long.median(None));
    writeln!(out, "median of a turn: {early:.2} ms of turns 1 to {TIMED}, {late:.2} ms after {BEHIND} others").unwrap();
    for (kind, ((name, _), (session, reply, _))) in ROUND.iter().zip(known).enumerate() {
        let (early, late) = (new.median(Some(kind)), long.median(Some(kind)));
        writeln!(out, "{name}: {early:.2} and {late:.2} ms; session {session}, reply {reply} bytes sealed").unwrap();
    }
}
