//! One-time codes, limits and consents: counted and judged in the database, whoever asks at once.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use wenban::{
    demo,
    domain::{
        message::ChannelKind,
        person::PersonKey,
        session::{ChallengeId, Consent, Consented, Purpose},
    },
    store::{Challenge, ChallengeChange, Changes, Limit, Store, StoreError},
};

use super::{now, today};

fn opened(id: &str, person: Option<PersonKey>, expires_at: DateTime<Utc>) -> ChallengeChange {
    ChallengeChange::Opened { id: ChallengeId(id.into()), person, subject: "subject".into(), code_mac: "mac".into(), expires_at }
}

fn step(challenge: ChallengeChange) -> Changes {
    Changes { challenge: Some(challenge), ..Changes::new("t1", now()) }
}

fn tried(id: &str, at: DateTime<Utc>) -> Changes {
    let challenge = Some(ChallengeChange::Tried { id: ChallengeId(id.into()), most: 5 });
    Changes { challenge, ..Changes::new("t1", at) }
}

pub(super) async fn challenges(store: &dyn Store) {
    let id = ChallengeId("c1".into());
    let person = demo::person(7, 0, today()).person.key;
    let expires_at = now() + TimeDelta::minutes(5);
    assert_eq!(store.challenge(&id).await.unwrap(), None);
    store.commit(step(opened("c1", Some(person.clone()), expires_at))).await.unwrap();
    let again = store.commit(step(opened("c1", None, expires_at))).await;
    assert!(matches!(again, Err(StoreError::Database(_))), "a handle is given once");
    let mut expected = Challenge {
        conversation: "t1".into(),
        person: Some(person),
        subject: "subject".into(),
        code_mac: "mac".into(),
        tries: 0,
        expires_at,
        closed: false,
    };
    assert_eq!(store.challenge(&id).await.unwrap().as_ref(), Some(&expected));
    for _ in 0..2 {
        store.commit(tried("c1", now())).await.unwrap();
    }
    let foreign = Changes { challenge: Some(ChallengeChange::Closed { id: id.clone() }), ..Changes::new("t2", now()) };
    assert!(matches!(store.commit(foreign).await, Err(StoreError::Stale)), "another conversation cannot use it");
    let late = store.commit(tried("c1", expires_at)).await;
    assert!(matches!(late, Err(StoreError::Stale)), "no guess is judged when the time is over");
    store.commit(step(ChallengeChange::Closed { id: id.clone() })).await.unwrap();
    (expected.tries, expected.closed, expected.code_mac) = (2, true, String::new());
    assert_eq!(store.challenge(&id).await.unwrap(), Some(expected), "OTP-20: the code is erased at its use");
    for late in [step(ChallengeChange::Closed { id: id.clone() }), tried("c1", now())] {
        assert!(matches!(store.commit(late).await, Err(StoreError::Stale)), "OTP-07: a code is used once");
    }
    store.commit(step(opened("c2", None, expires_at))).await.unwrap();
    store.commit(step(ChallengeChange::Withdrawn { id: ChallengeId("c2".into()) })).await.unwrap();
    assert_eq!(store.challenge(&ChallengeId("c2".into())).await.unwrap(), None);
}

/// OTP-12: of 40 guesses at once five are judged: one statement of the database decides.
pub(super) async fn tries(store: &Arc<dyn Store>) {
    store.commit(step(opened("crowd", None, now() + TimeDelta::minutes(5)))).await.unwrap();
    let guesses: Vec<_> = (0..40)
        .map(|_| {
            let store = Arc::clone(store);
            tokio::spawn(async move { store.commit(tried("crowd", now())).await })
        })
        .collect();
    let mut judged = 0;
    for guess in guesses {
        match guess.await.unwrap() {
            Ok(()) => judged += 1,
            Err(error) => assert!(matches!(error, StoreError::Stale), "{error:?}"),
        }
    }
    assert_eq!(judged, 5);
    assert_eq!(store.challenge(&ChallengeId("crowd".into())).await.unwrap().unwrap().tries, 5);
}

fn limit(name: &str, most: i64, takes: i64) -> Limit {
    Limit { name: name.into(), most, window: TimeDelta::minutes(10), takes }
}

fn taking(limits: &[Limit], at: DateTime<Utc>) -> Changes {
    Changes { limits: limits.to_vec(), ..Changes::new("t1", at) }
}

pub(super) async fn limits(store: &Arc<dyn Store>) {
    let (at, three) = (now(), limit("three", 3, 1));
    assert_eq!(store.count("three", at).await.unwrap(), 0);
    for taken in 1..=3 {
        store.commit(taking(&[limit("other", 9, 1), three.clone()], at + TimeDelta::seconds(taken))).await.unwrap();
        assert_eq!(store.count("three", at).await.unwrap(), taken);
    }
    let end = at + TimeDelta::seconds(1) + TimeDelta::minutes(10);
    for changes in [
        taking(&[limit("other", 9, 1), three.clone()], at),
        taking(&[limit("other", 9, 1), limit("three", 3, 0)], at),
        Changes { challenge: Some(opened("never", None, end)), ..taking(&[limit("other", 9, 1), three.clone()], at) },
    ] {
        match store.commit(changes).await {
            Err(StoreError::Full { name, until }) => assert_eq!((name.as_str(), until), ("three", end)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(store.count("other", at).await.unwrap(), 3, "nothing is counted when one of several is full");
    assert_eq!(store.challenge(&ChallengeId("never".into())).await.unwrap(), None, "and nothing is done");
    store.commit(taking(&[limit("three", 3, -1)], at)).await.unwrap();
    store.commit(taking(std::slice::from_ref(&three), at)).await.unwrap();
    assert!(store.commit(taking(std::slice::from_ref(&three), end - TimeDelta::seconds(1))).await.is_err());
    assert_eq!(store.count("three", end).await.unwrap(), 0, "the window is over");
    store.commit(taking(&[three], end)).await.unwrap();
    assert_eq!(store.count("three", end).await.unwrap(), 1);
    store.commit(taking(&[limit("three", 3, -9)], end)).await.unwrap();
    assert_eq!(store.count("three", end).await.unwrap(), 0, "never less than nothing");

    let crowd: Vec<_> = (0..60)
        .map(|_| {
            let (store, at) = (Arc::clone(store), at);
            tokio::spawn(async move { store.commit(taking(&[limit("crowd", 20, 1), limit("all", 1_000, 1)], at)).await })
        })
        .collect();
    let mut taken = 0;
    for one in crowd {
        taken += i64::from(one.await.unwrap().is_ok());
    }
    assert_eq!((taken, store.count("crowd", at).await.unwrap(), store.count("all", at).await.unwrap()), (20, 20, 20));
}

pub(super) async fn consents(store: &dyn Store) {
    let (person, other) = (PersonKey("p".into()), PersonKey("q".into()));
    let consent = |purpose, notice: &str| Consent { purpose, notice: notice.into() };
    let records = consent(Purpose::Records, "one");
    let given = |consent: &Consent, at| {
        let consented = Consented { person: person.clone(), consent: consent.clone(), channel: ChannelKind::Kiosk };
        Changes { consents: vec![consented], ..Changes::new("t1", at) }
    };
    assert_eq!(store.consents(&person).await.unwrap(), []);
    store.commit(given(&records, now())).await.unwrap();
    store.commit(given(&records, now() + TimeDelta::seconds(1))).await.unwrap();
    let claims = consent(Purpose::MedicalClaims, "two");
    store.commit(given(&claims, now() + TimeDelta::seconds(2))).await.unwrap();
    assert_eq!(store.consents(&person).await.unwrap(), [records, claims]);
    assert_eq!(store.consents(&other).await.unwrap(), []);
}

/// OTP-20, RET-01: what ran out is erased, and what holds stays.
pub(super) async fn forgotten(store: &dyn Store) {
    let (gone, day) = (now() + TimeDelta::hours(1), TimeDelta::hours(24));
    for (id, later) in [("old", TimeDelta::zero()), ("new", TimeDelta::seconds(1))] {
        store.commit(step(opened(id, None, gone + later))).await.unwrap();
        let limit = Limit { name: id.into(), most: 9, window: gone + day + later - now(), takes: 1 };
        store.commit(taking(&[limit], now())).await.unwrap();
    }
    store.retain(gone + day).await.unwrap();
    for (id, left) in [("old", false), ("new", true)] {
        assert_eq!(store.challenge(&ChallengeId(id.into())).await.unwrap().is_some(), left, "{id}");
        assert_eq!(store.count(id, now()).await.unwrap(), i64::from(left), "{id}");
    }
}
