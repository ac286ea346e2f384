//! Terminals, and sign-ins with the identity provider: each step once, in its order and its time.

use chrono::{DateTime, TimeDelta, Utc};
use wenban::{
    demo,
    store::{Changes, SignInChange, SignedIn, Store, StoreError, Terminal, TerminalChange},
};

use super::{now, today};

fn change(sign_in: SignInChange, at: DateTime<Utc>) -> Changes {
    Changes { sign_in: Some(sign_in), ..Changes::new("s1", at) }
}

pub(super) fn somebody() -> SignedIn {
    let person = demo::person(7, 0, today()).person;
    SignedIn { name: person.name, id_number: person.id_number }
}

fn opened(state: &str) -> SignInChange {
    SignInChange::Opened { state: state.into(), expires_at: now() + TimeDelta::minutes(10) }
}

fn returned(state: &str) -> SignInChange {
    SignInChange::Returned { state: state.into() }
}

fn told() -> SignInChange {
    SignInChange::Told { who: somebody(), expires_at: now() + TimeDelta::minutes(2) }
}

pub(super) async fn terminals(store: &dyn Store) {
    let at = |minutes| now() + TimeDelta::minutes(minutes);
    let terminal =
        |id: &str, added_at| Terminal { id: id.into(), name: "江北大厅".into(), public_key: "x".into(), added_at, revoked_at: None };
    let (one, other) = (terminal("t2", at(0)), terminal("t1", at(1)));
    let commit = |change, at| store.commit(Changes { terminals: vec![change], ..Changes::new("terminals", at) });
    for terminal in [&one, &other] {
        commit(TerminalChange::Added(terminal.clone()), at(1)).await.unwrap();
    }
    assert!(matches!(commit(TerminalChange::Added(one.clone()), at(1)).await, Err(StoreError::Stale)), "an id is given once");
    commit(TerminalChange::Revoked("t2".into()), at(2)).await.unwrap();
    for id in ["t2", "none"] {
        assert!(matches!(commit(TerminalChange::Revoked(id.into()), at(3)).await, Err(StoreError::Stale)), "{id}");
    }
    let one = Terminal { revoked_at: Some(at(2)), ..one };
    assert_eq!(store.terminal("t2").await.unwrap().as_ref(), Some(&one));
    assert_eq!(store.terminal("none").await.unwrap(), None);
    assert_eq!(store.terminals().await.unwrap(), [one, other]);
}

pub(super) async fn sign_ins(store: &dyn Store) {
    let late = now() + TimeDelta::minutes(10);
    let stale = async |change: Changes| matches!(store.commit(change).await, Err(StoreError::Stale));
    store.commit(change(opened("a"), now())).await.unwrap();
    store.commit(change(opened("b"), now())).await.unwrap();
    assert_eq!(store.sign_in_of("a", now()).await.unwrap(), None, "another began");
    assert_eq!(store.sign_in_of("b", now()).await.unwrap().as_deref(), Some("s1"));
    assert_eq!(store.sign_in_of("b", late).await.unwrap(), None);
    assert!(stale(change(told(), now())).await, "nobody is back");
    assert!(stale(change(returned("a"), now())).await && stale(change(returned("b"), late)).await);
    assert!(stale(Changes { sign_in: Some(returned("b")), ..Changes::new("s2", now()) }).await, "another conversation's");
    store.commit(change(returned("b"), now())).await.unwrap();
    assert!(stale(change(returned("b"), now())).await, "once");
    assert_eq!(store.signed_in("s1", now()).await.unwrap(), None);
    assert!(stale(change(told(), late)).await && stale(change(SignInChange::Claimed, now())).await);
    store.commit(change(told(), now())).await.unwrap();
    assert!(stale(change(told(), now())).await, "once");
    assert_eq!(store.signed_in("s1", now()).await.unwrap(), Some(somebody()));
    let over = now() + TimeDelta::minutes(2);
    assert_eq!((store.signed_in("s1", over).await.unwrap(), store.signed_in("s2", now()).await.unwrap()), (None, None));
    assert!(stale(change(SignInChange::Claimed, over)).await);
    store.commit(change(SignInChange::Claimed, now())).await.unwrap();
    assert!(stale(change(SignInChange::Claimed, now())).await, "once");

    for step in [opened("c"), returned("c"), told()] {
        store.commit(change(step, now())).await.unwrap();
    }
    store.end_conversation("s1", now()).await.unwrap();
    assert_eq!(store.signed_in("s1", now()).await.unwrap(), None, "it goes with its conversation");
}
