//! LOG-01: no value that holds something personal shows it in `Debug` or `Display`, whatever holds that value.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, Utc};
use wenban::{
    domain::{
        entity::Entities,
        fact::CaseNumber,
        id_number::IdNumber,
        matter::{Matter, MatterContent, MatterKind},
        message::{ChannelKind, Incoming, Input, MessageId, Peer, Proof},
        person::{FullName, Person, PersonKey, Phone},
        session::{Act, Frame, Offer, Session, SlotValue, Slots},
        topic::TopicId,
    },
    services::{Call, ServiceName},
    store::{Changes, Keyring, MatterChange, PersonFile, Save, Suite},
    understanding::Meaning,
};

const NAME: &str = "欧阳娜娜";
const NUMBER: &str = "441399196501010177";
const PHONE: &str = "13800135678";
const WORDS: &str = "我住在某某路三号";
const CODE: &str = "135790";

fn name() -> FullName {
    FullName::parse(NAME).unwrap()
}

fn number() -> IdNumber {
    NUMBER.parse().unwrap()
}

fn phone() -> Phone {
    Phone::parse(PHONE).unwrap()
}

fn at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn slots() -> Slots {
    let values = [
        ("name", SlotValue::Name(name())),
        ("id-number", SlotValue::IdNumber(number())),
        ("phone", SlotValue::Phone(phone())),
        ("text", SlotValue::Text(WORDS.into())),
        ("otp", SlotValue::Text(CODE.into())),
    ];
    values.into_iter().map(|(slot, value)| (slot.to_owned(), value)).collect()
}

fn session() -> Session {
    let topic = TopicId::from("service.feedback");
    let frame = Frame {
        topic: topic.clone(),
        flow: "service.feedback".into(),
        step: "text".into(),
        slots: slots(),
        aspect: None,
        asked: true,
        path: Vec::new(),
        former: Vec::new(),
    };
    let act = Act::Ask { topic, aspect: None, slots: slots(), more: vec![slots()] };
    Session { frames: vec![frame], offers: vec![Offer { id: "1".into(), label: "提交".into(), act }], ..Session::default() }
}

fn matter() -> Matter {
    let content = MatterContent {
        text: WORDS.into(),
        phone: Some(phone()),
        applicant: Some(name()),
        id_number: Some(number()),
        delivery: None,
        address: Some(WORDS.into()),
    };
    Matter {
        number: CaseNumber::new(NaiveDate::default(), 900_001),
        kind: MatterKind::Disclosure,
        conversation: "c".into(),
        person: Some(PersonKey("key".into())),
        content,
        received_at: at(),
        due: None,
        started_at: None,
        answered_at: Some(at()),
        answer: Some(WORDS.into()),
    }
}

fn meaning() -> Meaning {
    let entities = Entities { id_number: vec![number()], phone: vec![phone()], ..Entities::default() };
    Meaning { normal: format!("{WORDS} {NUMBER}"), entities, ..Meaning::default() }
}

fn incoming(input: Input) -> Incoming {
    Incoming { from: Peer { channel: ChannelKind::Kiosk, address: "c".into(), caller: None, token_hash: None }, id: MessageId("1".into()), input, at: at() }
}

#[test]
fn log_01_what_is_personal_is_not_shown_by_whatever_holds_it() {
    let person = Person { key: PersonKey("key".into()), name: name(), id_number: number(), phone: Some(phone()) };
    let file = PersonFile { person: person.clone(), ..wenban::demo::person(1, 0, NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()) };
    let changes = Changes {
        session: Some(Save { session: session(), expected_version: 0 }),
        matters: vec![
            MatterChange::Received { message: MessageId("1".into()), matter: Box::new(matter()) },
            MatterChange::Answered { number: matter().number, answer: WORDS.into() },
        ],
        ..Changes::new("c", at())
    };
    let call =
        Call { service: ServiceName::Leave, topic: TopicId::from("service.feedback"), aspect: None, slots: slots(), consents: Vec::new() };
    let shown: Vec<Box<dyn Debug>> = vec![
        Box::new(person),
        Box::new(file),
        Box::new(slots()),
        Box::new(session()),
        Box::new(matter()),
        Box::new(changes),
        Box::new(meaning()),
        Box::new(call),
        Box::new(incoming(Input::Text(WORDS.into()))),
        Box::new(incoming(Input::Proof(Proof::Person { name: name(), id_number: number() }))),
        Box::new(incoming(Input::Proof(Proof::Code(CODE.into())))),
        Box::new(Keyring::of_suite(Suite::Gm, &[0xab; 32], [0xcd; 32])),
    ];
    let texts = shown.iter().map(|value| format!("{value:?} {value:#?}"));
    let displayed = [name().to_string(), number().to_string(), phone().to_string()];
    for text in texts.chain(displayed) {
        for personal in [NAME, NUMBER, PHONE, WORDS, CODE, "171, 171", "abab"] {
            assert!(!text.contains(personal), "`{personal}` in {text}");
        }
    }
}
