//! The audit trail: nothing of its chain can be changed unseen, every act is in it, and without it no record is read.

mod acts;

use chrono::{DateTime, TimeDelta, Utc};
use wenban::{
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        person::PersonKey,
        topic::TopicId,
    },
    store::{
        self, AuditRow, Changes, Keyring, Store,
        audit::verify::{Anchor, Fault, verify},
    },
};

use crate::support::{desk::today, postgres, raw::Raw};

/// Rows of the chain that is attacked.
const ROWS: i64 = 7;
/// The columns of a row, but its number.
const COLUMNS: [&str; 10] = ["at", "actor", "conversation", "action", "person", "object", "purpose", "outcome", "prev", "hash"];

fn keys() -> Keyring {
    Keyring::new(&[1; 32], [2; 32])
}

fn now() -> DateTime<Utc> {
    today().and_hms_opt(2, 30, 0).unwrap().and_utc()
}

/// A chain of [`ROWS`] rows with something in every column.
async fn chain(url: &str) -> std::sync::Arc<dyn Store> {
    let store = store::open(url, keys()).await.unwrap();
    let entry = |n: i64| Entry {
        person: Some(PersonKey(format!("person {n}"))),
        object: "contributions".into(),
        purpose: Some(TopicId::from("record.contributions")),
        ..Entry::new(Actor::Staff("王芳".into()), Act::RecordRead, Outcome::Allowed)
    };
    let at = |n| now() + TimeDelta::microseconds(n);
    let first = Changes { audit: (1..=3).map(entry).collect(), ..Changes::new("c1", at(1)) };
    store.commit(first).await.unwrap();
    for n in 4..=ROWS {
        store.commit(Changes { audit: vec![entry(n)], ..Changes::new("c1", at(n)) }).await.unwrap();
    }
    store
}

/// `text` with each of its characters replaced in turn.
fn flips(text: &str) -> impl Iterator<Item = String> {
    text.char_indices().map(|(at, c)| format!("{}{}{}", &text[..at], if c == 'x' { 'y' } else { 'x' }, &text[at + c.len_utf8()..]))
}

fn cells(row: &AuditRow) -> [&str; 10] {
    let AuditRow { seq: _, at, actor, conversation, action, person, object, purpose, outcome, prev, hash } = row;
    [at, actor, conversation, action, person, object, purpose, outcome, prev, hash].map(String::as_str)
}

/// AUD-01: flips any byte, deletes, cuts, swaps, inserts, and lets go of the beginning.
async fn attacked(url: &str) {
    let store = chain(url).await;
    let mut raw = Raw::connect(url).await;
    let rows = store.audit_rows(0, 100).await.unwrap();
    let found = async || verify(&*store, &keys(), &[]).await.unwrap().fault;
    assert_eq!((rows.len(), found().await), (7, None));
    assert_eq!(rows[0].at, "2026-11-24T10:30:00.000001+08:00");
    assert_eq!(rows[6].prev, rows[5].hash);

    let columns = |row: &AuditRow| COLUMNS.into_iter().zip(cells(row)).map(|(column, cell)| (column, cell.to_owned())).collect::<Vec<_>>();
    for row in &rows {
        let middle = row.seq == 3;
        for (column, cell) in columns(row) {
            for flipped in flips(&cell).take(if middle { usize::MAX } else { 1 }) {
                raw.run(&format!("update audit set {column} = '{flipped}' where seq = {}", row.seq)).await;
                assert_eq!(found().await, Some(Fault::Altered(row.seq)), "{column} of {}: {flipped}", row.seq);
            }
            raw.run(&format!("update audit set {column} = '{cell}' where seq = {}", row.seq)).await;
        }
    }
    assert_eq!(found().await, None);

    raw.run("create table audit_copy as select * from audit").await;
    raw.run("create table head_copy as select * from audit_head").await;
    let copy = "insert into audit (seq, at, actor, conversation, action, person, object, purpose, outcome, prev, hash)
                select {}, at, actor, conversation, action, person, object, purpose, outcome, prev, hash from audit_copy where seq = ";
    let inserted = |seq: i64, of: i64| format!("{}{of}", copy.replace("{}", &seq.to_string()));
    let attacks = [
        ("update audit set seq = 50 where seq = 3".to_owned(), Fault::Missing(3)),
        ("delete from audit where seq = 1".to_owned(), Fault::Missing(1)),
        ("delete from audit where seq = 3".to_owned(), Fault::Missing(3)),
        (
            "delete from audit where seq = 3; update audit set seq = -seq where seq > 3; update audit set seq = -seq - 1 where seq < 0"
                .to_owned(),
            Fault::Altered(3),
        ),
        (
            "update audit set seq = -1 where seq = 2; update audit set seq = 2 where seq = 5; update audit set seq = 5 where seq = -1"
                .to_owned(),
            Fault::Altered(2),
        ),
        (
            format!("update audit set seq = -seq where seq > 3; update audit set seq = 1 - seq where seq < 0; {}", inserted(4, 3)),
            Fault::Altered(4),
        ),
        (inserted(8, 7), Fault::Altered(8)),
        (inserted(-3, 7), Fault::Stray(-3)),
        ("delete from audit where seq > 5".to_owned(), Fault::Head(5)),
        ("delete from audit".to_owned(), Fault::Head(0)),
        ("update audit_head set seq = 6".to_owned(), Fault::Head(7)),
        ("update audit_head set hash = 'x'".to_owned(), Fault::Head(7)),
        (
            "delete from audit where seq <= 2; update audit_head set base_seq = 2, base_hash = (select prev from audit where seq = 3)"
                .to_owned(),
            Fault::Base(2),
        ),
        ("update audit_head set base_hash = 'x'".to_owned(), Fault::Base(0)),
    ];
    let restore = "delete from audit; insert into audit select * from audit_copy; delete from audit_head; insert into audit_head select * from head_copy";
    for (attack, fault) in attacks {
        raw.run(&attack).await;
        assert_eq!(found().await, Some(fault), "{attack}");
        raw.run(restore).await;
        assert_eq!(found().await, None, "restored after {attack}");
    }

    // AUD-02: a cut end whose head was set right shows against an anchor alone.
    let cut = "delete from audit where seq > 5; update audit_head set seq = 5, hash = (select hash from audit where seq = 5)";
    raw.run(cut).await;
    assert_eq!(found().await, None, "without an anchor it cannot be known");
    let anchors =
        |seq: usize, hash: &str| [Anchor { seq: 0, hash: String::new() }, Anchor { seq: i64::try_from(seq).unwrap(), hash: hash.into() }];
    let against = async |anchors: [Anchor; 2]| verify(&*store, &keys(), &anchors).await.unwrap();
    assert_eq!(against(anchors(7, &rows[6].hash)).await.fault, Some(Fault::Cut(7)));
    assert_eq!(against(anchors(5, &rows[4].hash)).await.fault, None);
    let entry = Entry::new(Actor::Desk, Act::ConversationEnded, Outcome::Done);
    for _ in 6..=7 {
        store.commit(Changes { audit: vec![entry.clone()], ..Changes::new("c1", now()) }).await.unwrap();
    }
    assert_eq!(against(anchors(7, &rows[6].hash)).await.fault, Some(Fault::Remade(7)), "grown again, it is another chain");

    let other = Keyring::new(&[9; 32], [2; 32]);
    assert_eq!(verify(&*store, &other, &[]).await.unwrap().fault, Some(Fault::Altered(1)), "another key makes another chain");
}

#[tokio::test(flavor = "multi_thread")]
async fn aud_01_aud_02_any_change_of_the_chain_is_found_and_named_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    attacked(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn aud_01_aud_02_any_change_of_the_chain_is_found_and_named_on_postgres() {
    attacked(&postgres::database().await).await;
}
