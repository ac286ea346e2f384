//! Which topic tells what to whom: every topic at every level (security.md ACR-01).

use super::*;
use crate::{
    dialogue::load::built_in,
    domain::{
        session::{Consent, Purpose},
        topic::TopicKind,
    },
};

/// The level that a topic's answer needs.
fn needed(topic: &TopicId) -> u8 {
    match (topic.as_str(), topic.kind().unwrap()) {
        ("record.medical-claims", _) => 3,
        // It says first where papers are had; the step that issues one names level 3.
        ("certificate.contribution", _) => 0,
        (_, TopicKind::Record | TopicKind::Case | TopicKind::Certificate) => 2,
        _ => 0,
    }
}

/// A session at a level: 0, 2 or 3; all notices agreed to.
fn at_level(engine: &Engine, level: u8) -> Session {
    let now = today().and_hms_opt(2, 0, 0).unwrap().and_utc();
    let agreed = engine.script.agreed();
    let identity = (level > 0).then(|| Identity {
        person: PersonKey("p".into()),
        masked_name: "张*".into(),
        level: 2,
        checked_at: now - TimeDelta::minutes(if level == 3 { 4 } else { 6 }),
        used_at: now,
        channel: ChannelKind::Widget,
        consents: Vec::new(),
    });
    Session { identity, agreed, ..Session::default() }
}

/// ACR-01: below its level a topic asks who it is and reads nothing; from it on, it reads what it needs.
#[test]
fn acr_01_every_topic_at_every_level() {
    let (script, problems) = load(built_in());
    assert_eq!(problems, []);
    let engine = Engine::new(script.into());
    let topics: Vec<TopicId> = engine.script.topics.keys().cloned().collect();
    let mut reading = 0;
    for topic in &topics {
        let needed = needed(topic);
        assert_eq!(engine.script.level(topic), needed, "{topic}");
        for level in [0, 2, 3] {
            let read = std::cell::RefCell::new(Vec::new());
            let answer = |service: ServiceName| {
                read.borrow_mut().extend(service.personal().then_some(service));
                Answer::Nothing
            };
            let session = at_level(&engine, level);
            let (_, reply) = turn(&engine, session, &Input::Text("问".into()), &meaning("问", Some(topic.as_str())), answer);
            let read = read.into_inner();
            assert!(level >= needed || read.is_empty() && reply.status == Status::Verify, "{topic} at {level}: {read:?} {reply:?}");
            assert!(level < needed || needed == 0 || !read.is_empty(), "{topic} at {level}: {reply:?}");
            assert!(level >= 2 || read.is_empty(), "{topic} at {level}: {read:?}");
            reading += read.len();
        }
    }
    assert!(topics.len() >= 67 && reading > 20, "{} {reading}", topics.len());
}

/// PRV-01: whoever agreed to a notice that was worded otherwise is asked anew, and goes on from there.
#[test]
fn prv_01_other_words_are_another_notice() {
    let engine = Engine::new(load(built_in()).0.into());
    let mut session = at_level(&engine, 2);
    session.agreed = vec![Consent { purpose: Purpose::Records, notice: "as it was".into() }];
    let nothing = |_: ServiceName| Answer::Nothing;
    let (session, reply) = turn(&engine, session, &Input::Text("问".into()), &meaning("问", Some("record.card")), nothing);
    assert_eq!((reply.status, session.frames.last().unwrap().flow.as_str()), (Status::Verify, "consent.records"));
    let (session, reply) = turn(&engine, session, &Input::Text("同意".into()), &meaning("同意", None), nothing);
    assert_eq!((reply.status, session.frames.len()), (Status::Answered, 0));
}

/// ACR-02: a topic that discloses and names no level, or too low a one, does not load.
#[test]
fn acr_02_a_topic_without_its_level_does_not_load() {
    let topics = [("record.card", 2), ("case.status", 2), ("record.medical-claims", 3)];
    for (topic, level) in topics {
        for lowered in [String::new(), format!("level: {}\n", level - 1)] {
            let mut files = built_in();
            let (_, text) = files.iter_mut().find(|(path, _)| *path == format!("topics/{topic}.yaml")).unwrap();
            *text = text.replacen(&format!("level: {level}\n"), &lowered, 1);
            let problems = load(files).1;
            assert!(!problems.is_empty(), "{topic} {lowered:?}");
        }
    }
}
