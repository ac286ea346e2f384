//! Conversations: their sessions and replies, their end, silence, many at once.

use std::sync::Arc;

use chrono::TimeDelta;
use wenban::{
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        message::ChannelKind,
        session::ChallengeId,
    },
    store::{ChallengeChange, Changes, ConversationHead, NewConversation, Store, StoreError},
};

use super::{message, now, reply, turn};

pub(super) async fn sessions(store: &dyn Store) {
    let nothing = store.recall("t1", &message("m1")).await.unwrap();
    assert!(nothing.session.is_none() && nothing.earlier.is_none());
    assert_eq!(store.conversation("t1").await.unwrap(), None);

    let audit = Entry::new(Actor::Resident(None), Act::RecordRead, Outcome::Allowed);
    store.commit(Changes { audit: vec![audit.clone()], ..turn("t1", "m1", 0, 1) }).await.unwrap();
    let terminal = ConversationHead { token_hash: None, channel: ChannelKind::Terminal, ended: false };
    assert_eq!(store.conversation("t1").await.unwrap(), Some(terminal), "a save makes the conversation");
    let after = store.recall("t1", &message("m1")).await.unwrap();
    let (session, earlier) = (after.session.unwrap(), after.earlier.unwrap());
    assert_eq!((session.version, session.value.misses), (1, 1));
    assert_eq!(session.value.last_reply, Some(Box::new(reply("上次"))));
    assert_eq!((earlier.input_hash.as_str(), earlier.reply), ("hash of m1", reply("您好")));
    assert!(store.recall("t1", &message("m2")).await.unwrap().earlier.is_none());

    for stale in [0, 2] {
        let lost = store.commit(Changes { audit: vec![audit.clone()], ..turn("t1", "m2", stale, 9) }).await;
        assert!(matches!(lost, Err(StoreError::Stale)), "version {stale}");
    }
    let same_message = Changes { session: None, ..turn("t1", "m1", 1, 9) };
    assert!(matches!(store.commit(same_message).await, Err(StoreError::Stale)), "one reply per message");
    let unknown = store.commit(turn("nobody", "m1", 3, 9)).await;
    assert!(matches!(unknown, Err(StoreError::Stale)), "no first save at version 3");
    let kept = store.recall("t1", &message("m2")).await.unwrap();
    assert_eq!(kept.session.unwrap().version, 1, "nothing of a stale turn stays");
    assert!(kept.earlier.is_none());

    store.commit(turn("t1", "m2", 1, 2)).await.unwrap();
    let next = store.recall("t1", &message("m1")).await.unwrap();
    assert_eq!(next.session.unwrap().version, 2);
    assert!(next.earlier.is_some(), "earlier replies stay");
}

pub(super) async fn ending(store: &dyn Store) {
    let new = |token: &str| NewConversation { id: "k1".into(), token_hash: Some(token.into()), channel: ChannelKind::Kiosk, at: now() };
    let head = |token: &str, ended| ConversationHead { token_hash: Some(token.into()), channel: ChannelKind::Kiosk, ended };
    store.open_conversation(new("one")).await.unwrap();
    store.open_conversation(new("thief")).await.unwrap();
    assert_eq!(store.conversation("k1").await.unwrap(), Some(head("one", false)), "one under way is left as it is");
    assert!(store.recall("k1", &message("m1")).await.unwrap().session.is_none());

    store.commit(turn("k1", "m1", 0, 1)).await.unwrap();
    let challenge = ChallengeChange::Opened {
        id: ChallengeId("k1c".into()),
        person: None,
        subject: "s".into(),
        code_mac: "mac".into(),
        expires_at: now(),
    };
    store.commit(Changes { challenge: Some(challenge), ..turn("k1", "m2", 1, 1) }).await.unwrap();
    store.end_conversation("k1", now()).await.unwrap();
    store.end_conversation("k1", now()).await.unwrap();
    store.end_conversation("nobody", now()).await.unwrap();
    assert_eq!(store.conversation("k1").await.unwrap(), Some(head("one", true)));
    let wiped = store.recall("k1", &message("m1")).await.unwrap();
    assert!(wiped.session.is_none() && wiped.earlier.is_none());
    assert_eq!(store.challenge(&ChallengeId("k1c".into())).await.unwrap(), None);
    for version in 0..4 {
        let late = store.commit(turn("k1", "late", version, 1)).await;
        assert!(matches!(late, Err(StoreError::Stale)), "nothing is saved after the end");
    }

    store.open_conversation(new("two")).await.unwrap();
    assert_eq!(store.conversation("k1").await.unwrap(), Some(head("two", false)), "one that is over begins anew");
    store.commit(turn("k1", "m1", 0, 1)).await.unwrap();
}

/// KSK-02: silent is whose page was there, and neither was seen nor spoke since.
pub(super) async fn silence(store: &dyn Store) {
    let minute = TimeDelta::minutes(1);
    for (id, channel) in [("s1", ChannelKind::Kiosk), ("s2", ChannelKind::Kiosk), ("s3", ChannelKind::Widget), ("s4", ChannelKind::Kiosk)] {
        store.open_conversation(NewConversation { id: id.into(), token_hash: None, channel, at: now() }).await.unwrap();
    }
    for (id, at) in [("s1", now()), ("s2", now() + minute), ("s3", now())] {
        store.see(id, at).await.unwrap();
    }
    assert_eq!(store.silent(ChannelKind::Kiosk, now() - minute).await.unwrap(), Vec::<String>::new());
    assert_eq!(store.silent(ChannelKind::Kiosk, now()).await.unwrap(), ["s1"]);
    assert_eq!(store.silent(ChannelKind::Kiosk, now() + minute).await.unwrap(), ["s1", "s2"]);
    store.commit(Changes { at: now() + minute, ..turn("s1", "m1", 0, 0) }).await.unwrap();
    assert_eq!(store.silent(ChannelKind::Kiosk, now()).await.unwrap(), Vec::<String>::new(), "it spoke");
    store.end_conversation("s1", now()).await.unwrap();
    store.see("s1", now() + minute).await.unwrap();
    assert_eq!(store.silent(ChannelKind::Kiosk, now() + minute).await.unwrap(), ["s2"], "what is over is not silent");
}

/// 100 conversations, two turns each at the same version: one of each pair stands, and nothing of the other.
pub(super) async fn many_at_once(store: Arc<dyn Store>) {
    let audit = || vec![Entry::new(Actor::Resident(None), Act::RecordRead, Outcome::Allowed); 2];
    let turns: Vec<_> = (0..200)
        .map(|n| {
            let store = Arc::clone(&store);
            let changes = Changes { audit: audit(), ..turn(&format!("many {}", n % 100), &format!("m{n}"), 0, 1) };
            tokio::spawn(async move { store.commit(changes).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for turn in turns {
        outcomes.push(turn.await.unwrap());
    }
    for n in 0..100 {
        let (one, other) = (&outcomes[n], &outcomes[n + 100]);
        assert!(one.is_ok() != other.is_ok(), "{n}: {one:?} {other:?}");
        assert!(matches!((one, other), (Err(StoreError::Stale), _) | (_, Err(StoreError::Stale))), "{n}: {one:?} {other:?}");
        let recalled = store.recall(&format!("many {n}"), &message(&format!("m{n}"))).await.unwrap();
        assert_eq!(recalled.session.unwrap().version, 1);
        assert_eq!(recalled.earlier.is_some(), one.is_ok());
    }
}
