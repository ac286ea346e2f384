//! RET-01: the clock goes forward and each kind goes in its time, the chain still holding. PRV-02: a person's wish to be forgotten.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Months, TimeDelta, Utc};
use wenban::{
    demo,
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        clock::start_of,
        matter::{Matter, Ticket},
        message::ChannelKind,
        person::PersonKey,
        session::ChallengeId,
    },
    store::{
        ChallengeChange, Changes, MatterChange, NewConversation, Removed, Store,
        audit::verify::{Anchor, verify},
        open,
    },
};

use super::{keys, matters::opinion, message, now, today, turn};
use crate::support::{postgres, raw::Raw};

/// Rows of every table that does not hold registers.
async fn counts(raw: &mut Raw) -> BTreeMap<&'static str, i64> {
    let mut counts = BTreeMap::new();
    for table in ["conversations", "replies", "challenges", "tickets", "matters", "audit"] {
        counts.insert(table, raw.count(table).await);
    }
    counts
}

/// Somebody is checked in conversation `id`, asks for a code, takes a number and leaves two matters, one answered.
async fn visit(store: &dyn Store, id: &str, person: &PersonKey, order: u32) {
    store.open_conversation(NewConversation { id: id.into(), token_hash: None, channel: ChannelKind::Telegram, at: now() }).await.unwrap();
    let check = Entry { person: Some(person.clone()), ..Entry::new(Actor::Resident(None), Act::IdentityCheck, Outcome::Allowed) };
    let code = ChallengeChange::Opened {
        id: ChallengeId(format!("{id} code")),
        person: Some(person.clone()),
        subject: "s".into(),
        code_mac: "mac".into(),
        expires_at: now() + TimeDelta::minutes(5),
    };
    let (open, answered) = (opinion(order, "a", Some(person.clone())), opinion(order + 1, "a", Some(person.clone())));
    let number = answered.number.clone();
    let ticket = Ticket { day: today(), office: "惠阳区".into(), number: i64::from(order) };
    let received = |n: &str, matter: Matter| MatterChange::Received { message: message(&format!("{id} {n}")), matter: Box::new(matter) };
    let matters = vec![received("1", open), received("2", answered), MatterChange::Queued { message: message("q"), ticket }];
    store.commit(Changes { challenge: Some(code), matters, audit: vec![check], ..turn(id, "m1", 0, 1) }).await.unwrap();
    let answer = MatterChange::Answered { number, answer: "已经添了凳子".into() };
    store.commit(Changes { matters: vec![answer], ..Changes::new("staff desk", now()) }).await.unwrap();
}

async fn aged(url: &str) {
    let store = open(url, keys()).await.unwrap();
    let mut raw = Raw::connect(url).await;
    let person = demo::person(7, 0, today()).person.key;
    visit(&*store, "idle", &person, 1).await;
    visit(&*store, "ended", &person, 3).await;
    store.end_conversation("ended", now()).await.unwrap();
    visit(&*store, "lively", &person, 5).await;
    // More than one batch of one kind, so that a run takes several transactions.
    raw.run(
        "insert into challenges (id, conversation, person, code_mac, tries, expires_at, closed)
             with recursive n (n) as (select 1 union all select n + 1 from n where n < 2500)
             select 'old ' || n, 'idle', null, 'mac', 0, (select expires_at from challenges where id = 'idle code'),
                    (select closed from challenges where id = 'idle code') from n",
    )
    .await;
    let noted = Anchor { seq: 2, hash: store.audit_rows(1, 1).await.unwrap()[0].hash.clone() };
    let holds = async || verify(&*store, &keys(), std::slice::from_ref(&noted)).await.unwrap();

    let run = async |at: DateTime<Utc>| store.retain(at).await.unwrap();
    assert_eq!(run(now() + TimeDelta::hours(24)).await, Removed::default(), "nothing before its time");
    assert_eq!(counts(&mut raw).await["audit"], 4, "three checks and an end: nothing removed tells nothing");

    store.commit(turn("lively", "m2", 1, 1)).await.unwrap();
    raw.run("update conversations set updated_at = (select max(expires_at) from challenges) where id = 'lively'").await;
    let day = now() + TimeDelta::minutes(5) + TimeDelta::hours(24) + TimeDelta::seconds(1);
    assert_eq!(run(day).await, Removed { codes: 2_502, conversations: 1, ..Removed::default() });
    assert_eq!(run(now() + TimeDelta::hours(25) + TimeDelta::seconds(1)).await, Removed { idle: 1, replies: 1, ..Removed::default() });
    assert!(store.conversation("idle").await.unwrap().unwrap().ended);
    assert!(store.recall("idle", &message("m1")).await.unwrap().session.is_none(), "what was idle is wiped");
    assert!(store.recall("lively", &message("m2")).await.unwrap().earlier.is_some());
    raw.run("update conversations set updated_at = (select max(ended_at) from conversations) where id = 'lively'").await;
    let two_days = now() + TimeDelta::hours(48) + TimeDelta::seconds(1);
    assert_eq!(run(two_days).await, Removed { replies: 2, ..Removed::default() }, "replies go though talk goes on");
    assert_eq!(run(start_of(today() + Days::new(8))).await.tickets, 3);
    let in_months = |months| now().checked_add_months(Months::new(months)).unwrap();
    assert_eq!(run(in_months(24)).await.matters, 0);
    assert_eq!(run(in_months(24) + TimeDelta::seconds(1)).await.matters, 3);
    let rows = counts(&mut raw).await;
    assert_eq!((rows["matters"], rows["tickets"], rows["conversations"], rows["challenges"]), (3, 0, 0, 0), "open matters stay");

    let before = holds().await;
    assert_eq!((before.fault, before.first), (None, 1));
    assert_eq!(run(in_months(36)).await.audit, 0);
    assert_eq!(run(in_months(36) + TimeDelta::seconds(1)).await.audit, 4);
    let after = holds().await;
    assert_eq!((after.fault, after.first, after.rows), (None, 5, before.rows - 4 + 1), "the chain holds without its beginning");
    assert_eq!(run(in_months(72) + TimeDelta::seconds(2)).await.audit.cast_signed(), after.rows, "all of it may go");
    let last = holds().await;
    assert_eq!((last.fault, last.rows, last.head.seq), (None, 1, after.head.seq + 1));
    raw.run("update audit_head set base_mac = 'x'").await;
    assert!(holds().await.fault.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn ret_01_each_kind_goes_in_its_time_on_both_databases() {
    let dir = tempfile::tempdir().unwrap();
    aged(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    aged(&postgres::database().await).await;
}

async fn forgotten(url: &str) {
    let store = open(url, keys()).await.unwrap();
    let mut raw = Raw::connect(url).await;
    let files: Vec<_> = (0..2).map(|n| demo::person(7, n, today())).collect();
    let (one, other) = (files[0].person.key.clone(), files[1].person.key.clone());
    store.put_people(files.clone()).await.unwrap();
    visit(&*store, "telegram:1", &one, 1).await;
    visit(&*store, "telegram:2", &other, 3).await;
    let before = counts(&mut raw).await;
    assert_eq!((before["conversations"], before["replies"], before["challenges"], before["tickets"], before["matters"]), (2, 2, 2, 2, 4));

    let removed = store.erase(&one, Actor::Staff("wang".into()), now()).await.unwrap();
    assert_eq!(removed, Removed { codes: 1, conversations: 1, replies: 1, tickets: 1, matters: 2, ..Removed::default() });
    let after = counts(&mut raw).await;
    assert_eq!((after["conversations"], after["replies"], after["challenges"], after["tickets"], after["matters"]), (1, 1, 1, 1, 2));
    assert_eq!(after["audit"], before["audit"] + 1);
    assert_eq!(store.matters(&one).await.unwrap(), []);
    assert_eq!(store.matters(&other).await.unwrap().len(), 2);
    assert!(store.recall("telegram:2", &message("m1")).await.unwrap().session.is_some());
    assert_eq!(store.person(&one).await.unwrap(), Some(files[0].person.clone()), "the office's registers stay");

    let rows = store.audit_of(&one, now(), 9).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["person.erased", "identity.check"]);
    assert_eq!(rows[0].actor, "staff:wang");
    for row in &rows {
        let text = format!("{row:?}");
        for personal in ["telegram", files[0].person.name.reveal(), files[0].person.id_number.reveal()] {
            assert!(!text.contains(personal), "the trail names keys alone");
        }
    }
    assert_eq!(store.erase(&one, Actor::Operator, now()).await.unwrap(), Removed::default());
    assert_eq!(verify(&*store, &keys(), &[]).await.unwrap().fault, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn prv_02_what_the_desk_holds_of_a_person_is_erased_and_the_trail_stays() {
    let dir = tempfile::tempdir().unwrap();
    forgotten(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    forgotten(&postgres::database().await).await;
}
