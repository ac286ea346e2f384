//! ENC-04: keys change while turns are taken; afterwards nothing is under the old one, and all of it is there.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use wenban::{
    demo,
    domain::audit::{Act, Actor, Entry, Outcome},
    store::{Changes, Keyring, MatterChange, PersonFile, SignInChange, Store, StoreError, Suite, audit::verify::verify, open},
};

use super::{matters::opinion, message, now, same, sign_ins, today, turn};
use crate::support::{postgres, raw::Raw};

fn entry() -> Vec<Entry> {
    vec![Entry::new(Actor::Resident(None), Act::RecordRead, Outcome::Allowed)]
}

/// Something in every sealed column.
async fn fill(store: &dyn Store, files: &[PersonFile]) {
    store.put_people(files.to_vec()).await.unwrap();
    for n in 0..30 {
        store.commit(Changes { audit: entry(), ..turn(&format!("c{n}"), "m1", 0, n) }).await.unwrap();
        store.commit(turn(&format!("c{n}"), "m2", 1, n)).await.unwrap();
    }
    let matter = opinion(1, "m", None);
    let answer = MatterChange::Answered { number: matter.number.clone(), answer: "已经添了凳子".into() };
    let received = MatterChange::Received { message: message("m"), matter: Box::new(matter) };
    store.commit(Changes { matters: vec![received, answer], ..Changes::new("m", now()) }).await.unwrap();
    let expires_at = now() + TimeDelta::minutes(2);
    for step in [
        SignInChange::Opened { state: "state".into(), expires_at },
        SignInChange::Returned { state: "state".into() },
        SignInChange::Told { who: sign_ins::somebody(), expires_at },
    ] {
        store.commit(Changes { sign_in: Some(step), ..Changes::new("s", now()) }).await.unwrap();
    }
}

/// A desk at work: one conversation goes on, and people are looked up, until it is told to stop. Gives its turns.
async fn work(store: Arc<dyn Store>, keys: Keyring, files: Vec<PersonFile>, stop: Arc<AtomicBool>, turns: Arc<AtomicUsize>) {
    let mut version = 0;
    while !stop.load(Ordering::Relaxed) {
        let n = turns.fetch_add(1, Ordering::Relaxed);
        let at = now() + TimeDelta::seconds(version);
        store.commit(Changes { at, audit: entry(), ..turn("busy", &format!("b{n}"), version, 1) }).await.unwrap();
        version += 1;
        let person = &files[n % files.len()].person;
        let found = store.person_by_id_number(&person.id_number).await.unwrap();
        assert_eq!(found.as_ref(), Some(person), "found at every moment");
        keys.refresh().unwrap();
    }
}

/// Cells in the whole database that begin with a key's id, but for links of the audit trail, which stay.
async fn cells_under(raw: &mut Raw, id: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (table, column) in raw.texts().await {
        if !table.starts_with("audit") && raw.number(&format!("select count(*) from {table} where {column} like '{id}.%'")).await > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found.sort();
    found
}

async fn rotated(url: &str) {
    let dir = tempfile::tempdir().unwrap();
    let ring = || Keyring::load_or_create(dir.path(), Suite::Intl).unwrap();
    // Two processes, each with a ring of its own.
    let (keys, at_work) = (ring(), ring());
    let store = open(url, keys.clone()).await.unwrap();
    let desk = open(url, at_work.clone()).await.unwrap();
    let files: Vec<PersonFile> = (0..250).map(|n| demo::person(7, n, today())).collect();
    fill(&*store, &files).await;
    let first = keys.data_keys()[0].0.clone();
    let mut raw = Raw::connect(url).await;
    let sealed = cells_under(&mut raw, &first).await;
    let expected = [
        "conversations.session",
        "matters.answer",
        "matters.content",
        "people.id_number",
        "people.name",
        "people.phone",
        "replies.reply",
        "sign_ins.who",
    ];
    assert_eq!(sealed, expected, "a sealed column that `store::reseal::SEALED` does not have belongs there");

    let (stop, turns) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let working = tokio::spawn(work(desk.clone(), at_work.clone(), files.clone(), stop.clone(), turns.clone()));
    while turns.load(Ordering::Relaxed) < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = keys.rotate(Some(Suite::Gm)).unwrap();
    while at_work.data_keys()[0].0 != second {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let done = AtomicUsize::new(0);
    let before = turns.load(Ordering::Relaxed);
    let told = |count| {
        done.fetch_add(usize::try_from(count).unwrap(), Ordering::Relaxed);
    };
    let cells = store.reseal(&told).await.unwrap();
    assert!(turns.load(Ordering::Relaxed) > before, "turns are taken meanwhile");
    assert_eq!(usize::try_from(cells).unwrap(), done.load(Ordering::Relaxed));
    stop.store(true, Ordering::Relaxed);
    working.await.unwrap();

    assert_eq!(cells_under(&mut raw, &first).await, Vec::<String>::new());
    let uses = store.key_use().await.unwrap();
    assert_eq!((uses[0].id.as_str(), uses[1].id.as_str(), uses[1].cells), (second.as_str(), first.as_str(), 0));
    assert!(uses[0].cells >= 3 * 200 && uses[0].links > 0 && uses[1].links >= 30, "{uses:?}");
    assert_eq!(store.reseal(&|_| ()).await.unwrap(), 0);
    for file in &files[..20] {
        same(&*store, file).await;
    }
    assert_eq!(store.signed_in("s", now()).await.unwrap(), Some(sign_ins::somebody()));
    assert!(store.recall("c7", &message("m1")).await.unwrap().earlier.is_some());
    assert_eq!(store.matter(&opinion(1, "m", None).number).await.unwrap().unwrap().answer.as_deref(), Some("已经添了凳子"));
    assert_eq!(verify(&*store, &keys, &[]).await.unwrap().fault, None, "one chain under two keys");

    // Once more: the first index key is not read any longer, and nobody is under it.
    keys.rotate(None).unwrap();
    for file in &files[..5] {
        assert_eq!(store.person_by_id_number(&file.person.id_number).await.unwrap().as_ref(), Some(&file.person));
        store.put_people(vec![file.clone()]).await.unwrap();
    }
    assert_eq!(store.people_count().await.unwrap(), 250, "who is put on file again under a new index replaces the old row");

    let foreign = open(url, Keyring::new(&[7; 32], [8; 32])).await.unwrap();
    assert!(matches!(foreign.reseal(&|_| ()).await, Err(StoreError::Sealed)), "what cannot be opened is not passed over");
}

#[tokio::test(flavor = "multi_thread")]
async fn enc_04_keys_change_under_load_and_nothing_old_is_left() {
    let dir = tempfile::tempdir().unwrap();
    rotated(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    rotated(&postgres::database().await).await;
}
