//! Conversations that the store has in memory: other nodes and other turns of the same transaction never fork or spoil them.

use std::sync::Arc;

use wenban::{
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        message::ChannelKind,
    },
    store::{Changes, NewConversation, Store, StoreError, audit::verify::verify, open},
};

use super::{keys, message, now, turn};
use crate::support::postgres;

/// Turns at once, and of how many one is stale.
const AT_ONCE: usize = 64;
const STALE: usize = 8;

async fn version(store: &dyn Store, conversation: &str, id: &str) -> Option<i64> {
    store.recall(conversation, &message(id)).await.unwrap().session.map(|session| session.version)
}

/// REL-04: what one node remembers is out of date once the other went on; its turn is stale, and it reads anew.
#[tokio::test(flavor = "multi_thread")]
async fn rel_04_two_nodes_never_fork_a_conversation() {
    let dir = tempfile::tempdir().unwrap();
    for url in [format!("sqlite://{}", dir.path().join("wenban.db").display()), postgres::database().await] {
        let (one, other) = (open(&url, keys()).await.unwrap(), open(&url, keys()).await.unwrap());
        let new = NewConversation { id: "t1".into(), token_hash: Some("token".into()), channel: ChannelKind::Kiosk, at: now() };
        one.open_conversation(new).await.unwrap();
        assert_eq!(version(&*one, "t1", "m1").await, None);
        one.commit(turn("t1", "m1", 0, 1)).await.unwrap();
        assert_eq!(version(&*other, "t1", "m2").await, Some(1));
        other.commit(turn("t1", "m2", 1, 2)).await.unwrap();

        assert_eq!(version(&*one, "t1", "m3").await, Some(1), "from memory");
        assert!(matches!(one.commit(turn("t1", "m3", 1, 9)).await, Err(StoreError::Stale)));
        let read = one.recall("t1", &message("m3")).await.unwrap().session.unwrap();
        assert_eq!((read.version, read.value.misses), (2, 2));
        one.commit(turn("t1", "m3", 2, 3)).await.unwrap();

        assert_eq!(version(&*other, "t1", "m4").await, Some(2), "from memory");
        assert!(matches!(other.commit(turn("t1", "m3", 2, 9)).await, Err(StoreError::Stale)));
        assert!(other.recall("t1", &message("m3")).await.unwrap().earlier.is_some(), "answered by the first");

        assert_eq!(version(&*other, "t1", "").await, Some(3), "an empty id is read");
        other.commit(turn("t1", "m4", 3, 4)).await.unwrap();
        assert_eq!(version(&*one, "t1", "m5").await, Some(3), "from memory");
        other.end_conversation("t1", now()).await.unwrap();
        assert!(!one.remembered("t1").unwrap().ended && one.conversation("t1").await.unwrap().unwrap().ended);
        assert!(matches!(one.commit(turn("t1", "m5", 3, 9)).await, Err(StoreError::Stale)));
        assert_eq!(one.remembered("t1"), None);
        assert_eq!(version(&*one, "t1", "m5").await, None);
    }
}

/// A stale turn among many of one transaction fails alone, and the audit trail knows nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stale_turn_does_not_spoil_the_others() {
    let dir = tempfile::tempdir().unwrap();
    for url in [format!("sqlite://{}", dir.path().join("wenban.db").display()), postgres::database().await] {
        let store = open(&url, keys()).await.unwrap();
        let turns: Vec<_> = (0..AT_ONCE)
            .map(|n| {
                let (store, id) = (Arc::clone(&store), format!("t{n}"));
                let audit = vec![Entry::new(Actor::Resident(None), Act::RecordRead, Outcome::Allowed)];
                tokio::spawn(async move {
                    let new = NewConversation { id: id.clone(), token_hash: None, channel: ChannelKind::Kiosk, at: now() };
                    store.open_conversation(new).await.unwrap();
                    for (version, message) in [(0, "m1"), (1, "m2")] {
                        store.commit(Changes { audit: audit.clone(), ..turn(&id, message, version, 1) }).await.unwrap();
                    }
                    let version = if n % STALE == 0 { 1 } else { 2 };
                    store.commit(Changes { audit, ..turn(&id, "m3", version, 7) }).await
                })
            })
            .collect();
        for (n, turn) in turns.into_iter().enumerate() {
            let stale = n % STALE == 0;
            let outcome = turn.await.unwrap();
            assert!(if stale { matches!(outcome, Err(StoreError::Stale)) } else { outcome.is_ok() }, "{n}: {outcome:?}");
            let kept = store.recall(&format!("t{n}"), &message("m3")).await.unwrap();
            assert_eq!(kept.earlier.is_some(), !stale);
            assert_eq!(kept.session.unwrap().value.misses, if stale { 1 } else { 7 });
        }
        let walk = verify(&*store, &keys(), &[]).await.unwrap();
        assert_eq!((walk.fault, walk.rows), (None, (3 * AT_ONCE - AT_ONCE / STALE) as i64));
    }
}
