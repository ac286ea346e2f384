//! Copies of the core system's records.

use chrono::TimeDelta;
use wenban::{
    domain::person::PersonKey,
    store::{COPY_HOLDS, Changes, RecordCopy, Save, Store, StoreError},
};

use super::now;

/// In a copy; in clear nowhere.
pub(super) const CONTENT: &str = "惠州某某有限公司的一笔缴费";

fn copy(person: &str, register: &str, minutes: i64, content: &str) -> RecordCopy {
    let copied_at = now() + TimeDelta::minutes(minutes);
    RecordCopy { person: PersonKey(person.into()), register: register.into(), copied_at, content: content.into() }
}

pub(super) async fn copies(store: &dyn Store) {
    let keep = |copies: Vec<RecordCopy>| Changes { copies, ..Changes::new("t-copies", now()) };
    let read = async |person: &str, register: &str| store.copy(&PersonKey(person.into()), register).await.unwrap();
    assert_eq!(read("a", "card").await, None);

    let first = [copy("ab", "card", 0, CONTENT), copy("a", "bcard", 1, "二"), copy("a", "card", 2, "三")];
    store.commit(keep(first.to_vec())).await.unwrap();
    for kept in &first {
        assert_eq!(read(&kept.person.0, &kept.register).await.as_ref(), Some(kept));
    }
    let renewed = copy("a", "card", 3, "四");
    store.commit(keep(vec![renewed.clone()])).await.unwrap();
    assert_eq!(read("a", "card").await, Some(renewed), "one a register");

    let stale = Changes {
        session: Some(Save { session: wenban::domain::session::Session::default(), expected_version: 7 }),
        ..keep(vec![copy("c", "card", 0, "五")])
    };
    assert!(matches!(store.commit(stale).await, Err(StoreError::Stale)));
    assert_eq!(read("c", "card").await, None, "nothing of a stale turn stays");

    store.retain(now() + COPY_HOLDS).await.unwrap();
    assert_eq!(read("ab", "card").await, None);
    assert!(read("a", "bcard").await.is_some(), "of a minute later");
}
