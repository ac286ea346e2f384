//! Matters and queues: one message one matter, one answer, one number.

use chrono::{Days, TimeDelta};
use wenban::{
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        fact::CaseNumber,
        matter::{Matter, MatterContent, MatterKind, MatterState, Ticket},
        person::{PersonKey, Phone},
        workday::Reckoned,
    },
    store::{Changes, Line, MatterChange, Store, StoreError},
};

use super::{message, now, today, turn};

pub(super) const TEXT: &str = "窗口没有凳子坐";
pub(super) const PHONE: &str = "13700137999";
pub(super) const ANSWER: &str = "已经添了凳子";

/// Somebody's opinion, just left.
pub(super) fn opinion(order: u32, conversation: &str, person: Option<PersonKey>) -> Matter {
    Matter {
        number: CaseNumber::new(today(), order),
        kind: MatterKind::Feedback,
        conversation: conversation.into(),
        person,
        content: MatterContent { text: TEXT.into(), phone: None, applicant: None, id_number: None, delivery: None, address: None },
        received_at: now(),
        due: None,
        started_at: None,
        answered_at: None,
        answer: None,
    }
}

fn matter(order: u32, due: Option<u64>) -> Matter {
    let opinion = opinion(order, "m1", Some(PersonKey("owner".into())));
    Matter {
        content: MatterContent { phone: Phone::parse(PHONE), delivery: Some("mail".into()), ..opinion.content },
        received_at: now() + TimeDelta::seconds(order.into()),
        due: due.map(|days| Reckoned { on: today() + Days::new(days), announced: days < 30 }),
        ..opinion
    }
}

fn received(id: &str, matter: &Matter) -> MatterChange {
    MatterChange::Received { message: message(id), matter: Box::new(matter.clone()) }
}

fn changes(change: MatterChange) -> Changes {
    Changes { matters: vec![change], ..Changes::new("m1", now()) }
}

pub(super) async fn matters(store: &dyn Store) {
    let (first, second, third) = (matter(900_001, Some(40)), matter(900_002, None), matter(900_003, Some(20)));
    assert_eq!(store.matter(&first.number).await.unwrap(), None);
    store.commit(Changes { matters: vec![received("a", &first)], ..turn("m1", "a", 0, 0) }).await.unwrap();
    store.commit(changes(received("b", &second))).await.unwrap();
    store.commit(changes(received("c", &third))).await.unwrap();
    assert_eq!(store.matter(&first.number).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.matter_of("m1", &message("b")).await.unwrap().as_ref(), Some(&second.number));
    assert_eq!(store.matter_of("m2", &message("b")).await.unwrap(), None);

    let audit = vec![Entry::new(Actor::Resident(None), Act::MatterReceived, Outcome::Done)];
    let twice = Changes { audit, ..changes(received("a", &matter(900_004, None))) };
    assert!(matches!(store.commit(twice).await, Err(StoreError::Stale)), "one message leaves one matter");
    assert_eq!(store.matter(&matter(900_004, None).number).await.unwrap(), None);
    let taken = store.commit(changes(received("d", &first))).await;
    assert!(matches!(taken, Err(StoreError::Stale)), "one number is one matter");

    let numbers = |matters: Vec<Matter>| matters.into_iter().map(|matter| matter.number).collect::<Vec<_>>();
    let order = [&third, &first, &second].map(|matter| matter.number.clone());
    assert_eq!(numbers(store.open_matters(9).await.unwrap()), order, "those due first in front, those without a limit last");
    assert_eq!(numbers(store.open_matters(1).await.unwrap()), order[..1]);
    let owner = numbers(store.matters(&PersonKey("owner".into())).await.unwrap());
    assert_eq!(owner, [&third, &second, &first].map(|matter| matter.number.clone()), "latest first");
    assert_eq!(store.matters(&PersonKey("another".into())).await.unwrap(), []);

    let number = || first.number.clone();
    let later = |change| Changes { at: now() + TimeDelta::hours(1), ..changes(change) };
    store.commit(later(MatterChange::Started { number: number() })).await.unwrap();
    assert!(matches!(store.commit(later(MatterChange::Started { number: number() })).await, Err(StoreError::Stale)));
    assert_eq!(store.matter(&number()).await.unwrap().unwrap().state(), MatterState::InProgress);
    store.commit(changes(MatterChange::Answered { number: second.number.clone(), answer: ANSWER.into() })).await.unwrap();
    let answered = store.matter(&second.number).await.unwrap().unwrap();
    assert_eq!((answered.state(), answered.answer.as_deref()), (MatterState::Answered, Some(ANSWER)));
    assert_eq!((answered.started_at, answered.answered_at), (Some(now()), Some(now())));
    let again = store.commit(changes(MatterChange::Answered { number: second.number.clone(), answer: "别的".into() })).await;
    assert!(matches!(again, Err(StoreError::Stale)), "one answer stands");
    let nobody = MatterChange::Answered { number: matter(900_009, None).number, answer: "无".into() };
    assert!(matches!(store.commit(changes(nobody)).await, Err(StoreError::Stale)));
    assert_eq!(numbers(store.open_matters(9).await.unwrap()), order[..2], "what is answered is not open");

    store.end_conversation("m1", now()).await.unwrap();
    assert!(store.matter(&number()).await.unwrap().is_some(), "a matter outlives its conversation");
}

pub(super) async fn queues(store: &dyn Store) {
    let ticket = |number| Ticket { day: today(), office: "惠阳区".into(), number };
    let queued = |id: &str, number| changes(MatterChange::Queued { message: message(id), ticket: ticket(number) });
    assert_eq!(store.line(today(), "惠阳区").await.unwrap(), Line { last: 0, first_waiting: None });
    store.commit(queued("q1", 1)).await.unwrap();
    store.commit(queued("q2", 2)).await.unwrap();
    assert!(matches!(store.commit(queued("q3", 2)).await, Err(StoreError::Stale)), "one number is one place");
    assert!(matches!(store.commit(queued("q2", 3)).await, Err(StoreError::Stale)), "one message takes one place");
    store.commit(queued("q3", 3)).await.unwrap();
    assert_eq!(store.line(today(), "惠阳区").await.unwrap(), Line { last: 3, first_waiting: Some(1) });
    assert_eq!(store.line(today(), "惠东县").await.unwrap().last, 0, "each hall has its own");
    assert_eq!(store.line(today() + Days::new(1), "惠阳区").await.unwrap().last, 0, "and each day");
    assert_eq!(store.ahead(&ticket(3)).await.unwrap(), 2);
    store.commit(changes(MatterChange::Called { ticket: ticket(1) })).await.unwrap();
    assert!(matches!(store.commit(changes(MatterChange::Called { ticket: ticket(1) })).await, Err(StoreError::Stale)));
    assert_eq!(store.ahead(&ticket(3)).await.unwrap(), 1);
    assert_eq!(store.line(today(), "惠阳区").await.unwrap().first_waiting, Some(2));
}
