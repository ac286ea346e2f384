//! Sessions that an earlier program saved go on where they were.
//!
//! `tests/sessions/` holds one for every question of every flow and for what else a session can hold, as it was saved, with
//! what is said next and where that must lead. A file that is missing is recorded from the stories, and the test fails once;
//! one that is there is never written again: that it is old is its use.

mod odd;
mod record;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wenban::{
    dialogue::script::Step,
    domain::{
        message::{ChannelKind, Input, Proof},
        reply::{Expectation, ExpectedKind, Reply, Status},
        session::{ChallengeId, Session},
        topic::TopicId,
    },
    store::{ChallengeChange, Changes, NewConversation},
};

use crate::support::{
    desk::{Hall, hall, reader, script, today},
    trial::{TRIAL, Trial},
};

/// The code under way wherever one is.
const CODE: &str = "246810";
/// What a session can hold beside an open question.
const OTHER_STATES: [&str; 16] = [
    "amended",
    "check-beneath",
    "clarify",
    "form-beneath",
    "kept-matter",
    "kept-ticket",
    "last-calculate",
    "last-case",
    "last-guide",
    "last-policy",
    "last-record",
    "missed",
    "questions-behind-check",
    "slot-case-number",
    "slot-date",
    "slot-sex",
];
/// Kinds of slots, each of which some recorded session holds.
const SLOTS: [&str; 14] = [
    "case-number",
    "city",
    "date",
    "id-number",
    "insurance",
    "money",
    "month",
    "name",
    "option",
    "period",
    "phone",
    "sex",
    "text",
    "years",
];

/// One file of `tests/sessions/`.
#[derive(Serialize, Deserialize)]
struct Recorded {
    /// When it is gone on with.
    at: DateTime<Utc>,
    /// What is said then, as a line of a story.
    next: String,
    /// Where that leads.
    then: Then,
    /// As it was saved.
    session: Value,
}

/// Where a turn has led, whatever its words.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Then {
    status: Status,
    expects: Option<ExpectedKind>,
    /// Flow and step of what is under way.
    frames: Vec<String>,
    last: Option<TopicId>,
    matters: usize,
    tickets: usize,
}

impl Then {
    fn of(session: &Session, reply: &Reply) -> Self {
        Self {
            status: reply.status,
            expects: reply.expects.as_ref().map(|Expectation { kind, .. }| *kind),
            frames: session.frames.iter().map(|frame| format!("{}/{}", frame.flow, frame.step)).collect(),
            last: session.last.as_ref().map(|last| last.topic.clone()),
            matters: session.kept.matters.len(),
            tickets: session.kept.tickets.len(),
        }
    }
}

/// A desk on which nothing was said yet.
struct Fresh {
    hall: Hall,
    trial: Trial,
    _dir: tempfile::TempDir,
}

impl Fresh {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let hall = hall(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
        Self { trial: Trial::new(&hall), hall, _dir: dir }
    }

    /// What a line of a story makes of a session.
    async fn turn(&self, session: Session, line: &str, at: DateTime<Utc>) -> (Session, Reply) {
        let input = match line.split_once(' ').unwrap() {
            (">", text) => Input::Text(text.to_owned()),
            ("*", id) => Input::Choice(id.to_owned()),
            ("@", "person") => {
                let person = self.hall.person.clone();
                Input::Proof(Proof::Person { name: person.name, id_number: person.id_number })
            }
            ("@", "code") => Input::Proof(Proof::Code(CODE.to_owned())),
            _ => Input::Proof(Proof::Code("135791".to_owned())),
        };
        self.trial.turn(session, &input, &reader().read(input.text(), today()), at).await.unwrap()
    }

    /// What is said next to a recorded session, revived. The code that it waits for is [`CODE`].
    async fn go_on(&self, name: &str, recorded: &Recorded) -> (Session, Reply) {
        let mut session = Session::revive(&recorded.session);
        assert!(!session.incomplete, "{name} is not revived whole");
        if let Some(challenge) = &mut session.challenge {
            // Several files may hold one.
            *challenge = ChallengeId(format!("{:032x}", rand::random::<u128>()));
            let (conversation, at) = (TRIAL, recorded.at);
            let new = NewConversation { id: conversation.into(), token_hash: None, channel: ChannelKind::Terminal, at };
            self.hall.store.open_conversation(new).await.unwrap();
            let mut changes = Changes::new(conversation, at);
            changes.challenge = Some(ChallengeChange::Opened {
                code_mac: self.hall.keys.mac(&["identity", &challenge.0, CODE]),
                id: challenge.clone(),
                person: Some(self.hall.person.key.clone()),
                subject: name.to_owned(),
                expires_at: at + TimeDelta::minutes(5),
            });
            self.hall.store.commit(changes).await.unwrap();
        }
        self.turn(session, &recorded.next, recorded.at).await
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions")
}

fn recorded() -> BTreeMap<String, Recorded> {
    let paths = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        let recorded = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), recorded)
    };
    paths.map(read).collect()
}

/// Every question of every flow, and [`OTHER_STATES`].
fn states() -> BTreeSet<String> {
    let script = script();
    let steps = script.flows.iter().flat_map(|(flow, of)| of.steps.iter().map(move |(name, step)| (flow, name, step)));
    let asks = steps.filter(|(_, _, step)| matches!(step, Step::Ask(_))).map(|(flow, name, _)| format!("ask-{flow}-{name}"));
    asks.chain(OTHER_STATES.map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_sessions_go_on_where_they_were() {
    let mut missing: BTreeSet<String> = &states() - &recorded().into_keys().collect();
    if !missing.is_empty() {
        let new = record::record(&mut missing).await;
        panic!("recorded {new:#?}: read and commit them; no story leads to {missing:#?}");
    }
    let fresh = Fresh::new().await;
    for (name, recorded) in recorded() {
        let (session, reply) = fresh.go_on(&name, &recorded).await;
        assert_eq!(Then::of(&session, &reply), recorded.then, "{name}, after `{}`", recorded.next);
        let revived = serde_json::to_value(Session::revive(&recorded.session)).unwrap();
        for part in ["frames", "offers", "last", "identity", "challenge", "misses", "kept", "last_reply"] {
            assert!(keeps(&revived[part], &recorded.session[part]), "{name} loses of its {part}: {}", revived[part]);
        }
    }
}

/// Whether `now` holds all that `then` did: what a later version came to know besides is no loss.
fn keeps(now: &Value, then: &Value) -> bool {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => then.iter().all(|(key, then)| now.get(key).is_some_and(|now| keeps(now, then))),
        (Value::Array(now), Value::Array(then)) => now.len() == then.len() && now.iter().zip(then).all(|(now, then)| keeps(now, then)),
        (now, then) => now == then,
    }
}

#[test]
fn recorded_sessions_hold_every_kind_of_slot_and_nobody_real() {
    let mut kinds = BTreeSet::new();
    for (name, recorded) in recorded() {
        collect(&recorded.session, &mut kinds);
        let text = recorded.session.to_string();
        let numbers = text.split(|c: char| !c.is_ascii_digit() && c != 'X').filter(|run| run.len() == 18);
        assert!(numbers.into_iter().all(|number| number.starts_with("441399")), "{name}");
    }
    let missing: Vec<_> = SLOTS.iter().filter(|kind| !kinds.contains(**kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The kinds of the values in every `slots` of `value`.
fn collect(value: &Value, kinds: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let (true, Value::Object(slots)) = (name == "slots", value) {
                    kinds.extend(slots.values().filter_map(Value::as_object).flat_map(|slot| slot.keys().cloned()));
                }
                collect(value, kinds);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, kinds)),
        _ => {}
    }
}
