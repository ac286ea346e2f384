//! The state machine over a small script of its own.

mod levels;

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::{Engine, Heard, Next, load::load};
use crate::{
    domain::{
        entity::Entities,
        message::{ChannelKind, Input},
        person::PersonKey,
        reply::{Block, Reply, Status},
        session::{Identity, Session},
        topic::TopicId,
    },
    services::{Answer, Refusal, ServiceName},
    understanding::{Decision, Meaning, Ranked},
};

const RECORD: &str = "flow: record.card\nsteps:\n  read: {call: {service: card}}\n  tell: {say: {blocks: [{text: '卡{{ it.state }}'}], offer: [guide.card]}}\n";
const GUIDE: &str =
    "flow: guide\nsteps:\n  read: {call: {service: guide}}\n  tell: {say: {blocks: [{text: '{{ aspect or \"全部\" }}'}]}}\n";
const AGE: &str = "flow: calculate.age\nsteps:\n  birth: {ask: {slot: birth, kind: month, from: period, text: 哪年哪月出生, prompt: 出生年月, again: 请说哪年哪月}}\n  sex: {ask: {slot: who, kind: choice, from: sex, text: 男还是女, prompt: 性别, again: 请选一项, options: [{id: male, label: 男, words: [男的]}, {id: female, label: 女}]}}\n  tell: {say: {blocks: [{text: '{{ birth | month }} {{ who }}'}]}}\n";
const IDENTITY: &str = "flow: identity\nsteps:\n  name: {ask: {slot: name, kind: name, text: 姓名, prompt: 姓名, again: 请说姓名, status: verify}}\n  number: {ask: {slot: id-number, kind: id-number, text: 号码, prompt: 号码, again: 请再输一次, status: verify}}\n  send: {call: {service: identify}}\n  code: {ask: {slot: otp, kind: otp, text: 验证码, prompt: 验证码, again: 六位数字, status: verify}}\n  check: {call: {service: confirm, refused: {code-wrong: code}}}\n";
const OWN: &str =
    "flow: calculate.own\nsteps:\n  read: {call: {service: own-pension, level: 2}}\n  tell: {say: {blocks: [{text: '{{ it.state }}'}]}}\n";
const LOOP: &str = "flow: talk.greet\nsteps:\n  a: {choose: {on: 1, cases: {}, else: a}}\n";

fn engine() -> Engine {
    let topic = |id: &str, more: &str| (format!("topics/{id}.yaml"), format!("topic: {id}\ntitle: {id}\n{more}examples: []\n"));
    let flow = |name: &str, text: &str| (format!("flows/{name}.yaml"), text.to_owned());
    let phrases = super::load::built_in().into_iter().find(|(path, _)| path == "phrases.yaml").unwrap();
    let files = vec![
        topic("record.card", "level: 2\n"),
        topic("guide.card", ""),
        topic("calculate.age", ""),
        topic("calculate.own", ""),
        topic("talk.greet", ""),
        flow("record.card", RECORD),
        flow("guide", GUIDE),
        flow("calculate.age", AGE),
        flow("calculate.own", OWN),
        flow("identity", IDENTITY),
        flow("talk.greet", LOOP),
        phrases,
    ];
    Engine::new(load(files).0.into())
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

fn meaning(text: &str, topic: Option<&str>) -> Meaning {
    let entities = Entities::default();
    let topics = topic.map(|topic| Ranked { topic: TopicId::from(topic), p: 0.95 }).into_iter().collect();
    let decision = if topic.is_some() { Decision::Act } else { Decision::Unknown };
    Meaning { normal: text.to_owned(), topics, inside: 1.0, aspect: None, entities, also: Vec::new(), decision }
}

/// One message; services answer by `answer`.
fn turn(engine: &Engine, session: Session, input: &Input, meaning: &Meaning, answer: impl Fn(ServiceName) -> Answer) -> (Session, Reply) {
    let now = today().and_hms_opt(2, 0, 0).unwrap().and_utc();
    let (mut talk, mut next) = engine.hear(session, &Heard { input, meaning, now, today: today(), too_long: false });
    while let Next::Call(call) = next {
        next = talk.answer(answer(call.service));
    }
    let (session, reply) = talk.finish();
    (session, std::sync::Arc::unwrap_or_clone(reply))
}

fn say(engine: &Engine, session: Session, text: &str, topic: Option<&str>) -> (Session, Reply) {
    turn(engine, session, &Input::Text(text.to_owned()), &meaning(text, topic), answers)
}

fn answers(service: ServiceName) -> Answer {
    let now = today().and_hms_opt(2, 0, 0).unwrap().and_utc();
    match service {
        ServiceName::Confirm => Answer::Identified(Identity {
            person: PersonKey("p".into()),
            masked_name: "张*".into(),
            level: 2,
            checked_at: now,
            used_at: now,
            channel: ChannelKind::Widget,
            consents: Vec::new(),
        }),
        _ => Answer::Found { values: json!({"state": "正常"}), sources: Vec::new() },
    }
}

fn texts(reply: &Reply) -> Vec<&str> {
    reply.blocks.iter().map(|block| if let Block::Text { text } = block { text.as_str() } else { "" }).collect()
}

#[test]
fn a_record_waits_for_the_check_and_is_told_after_it() {
    let engine = engine();
    let (session, reply) = say(&engine, Session::default(), "我的卡", Some("record.card"));
    assert_eq!((reply.status, texts(&reply)), (Status::Verify, vec!["姓名"]));
    let (session, _) = say(&engine, session, "我叫张三", None);
    let (session, reply) = say(&engine, session, "11010519491231002X", None);
    assert_eq!(texts(&reply), ["验证码"]);
    let (session, reply) = say(&engine, session, "123456", None);
    assert_eq!((reply.status, texts(&reply)), (Status::Answered, vec!["卡正常"]));
    assert!(session.frames.is_empty(), "name, number and code are forgotten");
    let (_, reply) = say(&engine, session, "我的卡", Some("record.card"));
    assert_eq!(texts(&reply), ["卡正常"], "the check holds");
}

#[test]
fn a_step_that_reads_a_record_is_checked_though_its_topic_is_open() {
    let engine = engine();
    let (session, reply) = say(&engine, Session::default(), "我能领多少", Some("calculate.own"));
    assert_eq!((reply.status, texts(&reply)), (Status::Verify, vec!["姓名"]));
    let (session, _) = say(&engine, session, "张三", None);
    let (session, _) = say(&engine, session, "11010519491231002X", None);
    let (known, reply) = say(&engine, session.clone(), "123456", None);
    assert_eq!((reply.status, texts(&reply)), (Status::Answered, vec!["正常"]));
    assert!(known.last_reply.is_none(), "a record is not kept to be said again");
    let used_up = |service| if service == ServiceName::Confirm { Refusal::CodeUsedUp.into() } else { answers(service) };
    let (session, reply) = turn(&engine, session, &Input::Text("000000".into()), &meaning("000000", None), used_up);
    assert_eq!((reply.status, session.frames.len()), (Status::Refused, 0), "the check is not begun again by itself");
}

#[test]
fn a_wrong_code_is_asked_for_again() {
    let engine = engine();
    let (session, _) = say(&engine, Session::default(), "我的卡", Some("record.card"));
    let (session, _) = say(&engine, session, "张三", None);
    let (session, _) = say(&engine, session, "11010519491231002X", None);
    let input = Input::Text("000000".into());
    let refused = |service| if service == ServiceName::Confirm { Refusal::CodeWrong.into() } else { answers(service) };
    let (session, reply) = turn(&engine, session, &input, &meaning("000000", None), refused);
    assert_eq!((reply.status, texts(&reply)[1]), (Status::Verify, "六位数字"));
    let unavailable = |_| Answer::Unavailable;
    let (session, reply) = turn(&engine, session, &input, &meaning("000000", None), unavailable);
    assert_eq!(reply.status, Status::Failed);
    assert!(session.frames.is_empty(), "the question goes with the check that it needed");
}

#[test]
fn a_check_lapses_when_it_is_not_used() {
    let engine = engine();
    let now = today().and_hms_opt(2, 0, 0).unwrap().and_utc();
    let old = now - TimeDelta::minutes(16);
    let identity = Identity {
        person: PersonKey("p".into()),
        masked_name: "张*".into(),
        level: 2,
        checked_at: old,
        used_at: old,
        channel: ChannelKind::Widget,
        consents: Vec::new(),
    };
    let session = Session { identity: Some(identity), ..Session::default() };
    let (session, reply) = say(&engine, session, "我的卡", Some("record.card"));
    assert_eq!((reply.status, session.frames.len()), (Status::Verify, 2));
}

#[test]
fn a_question_inside_an_open_one_is_answered_and_led_back_from() {
    let engine = engine();
    let (session, reply) = say(&engine, Session::default(), "我几时退休", Some("calculate.age"));
    assert_eq!((reply.status, texts(&reply)), (Status::Ask, vec!["哪年哪月出生"]));
    let (session, reply) = say(&engine, session, "卡丢了怎么办", Some("guide.card"));
    assert_eq!((texts(&reply)[0], *texts(&reply).last().unwrap()), ("全部", "哪年哪月出生"));
    let (session, reply) = say(&engine, session, "1975.8", None);
    assert_eq!(texts(&reply), ["男还是女"]);
    let (_, reply) = say(&engine, session, "2", None);
    assert_eq!(texts(&reply), ["1975 年 8 月 female"]);
}

#[test]
fn an_answer_that_cannot_be_read_is_asked_for_again_in_other_words() {
    let engine = engine();
    let (session, _) = say(&engine, Session::default(), "我几时退休", Some("calculate.age"));
    let (session, reply) = say(&engine, session, "不记得了", None);
    assert_eq!(texts(&reply), ["请说哪年哪月"]);
    assert_eq!(session.frames.len(), 1);
}

#[test]
fn content_that_changed_under_a_conversation_begins_its_flow_again() {
    let engine = engine();
    let (mut session, _) = say(&engine, Session::default(), "我几时退休", Some("calculate.age"));
    session.frames[0].step = "gone".into();
    let (session, reply) = say(&engine, session, "卡丢了怎么办", Some("guide.card"));
    assert_eq!(*texts(&reply).last().unwrap(), "哪年哪月出生");
    assert_eq!(session.frames[0].step, "birth");
}

#[test]
fn a_flow_that_goes_round_ends_with_an_apology() {
    let (session, reply) = say(&engine(), Session::default(), "你好", Some("talk.greet"));
    assert_eq!((reply.status, session.frames.len()), (Status::Failed, 0));
}
