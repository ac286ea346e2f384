//! How often things may be tried. A count that cannot be taken is an error, and nothing is done: codes and sign-in fail closed.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{ServiceError, Turn};
use crate::{
    domain::message::ChannelKind,
    store::{Changes, Keyring, Limit, Store, StoreError},
};

/// Wrong codes of one person in a day: three closed challenges of five tries (security.md OTP-19).
const WRONG: i64 = 15;
/// Messages to one person, and to one phone, in a day (OTP-15).
const MESSAGES: i64 = 10;
/// The pause between two messages to one person (OTP-08).
const GAP: TimeDelta = TimeDelta::seconds(60);
/// Messages that one address or account may ask for in an hour (OTP-15).
const FROM_ONE: i64 = 20;
/// Messages of the whole desk in an hour (OTP-16).
const IN_ALL: i64 = 2_000;
/// Numbers that one account or address may try in ten minutes, and a hall's terminal in an hour (ENU-07).
const NUMBERS: i64 = 20;
/// See [`NUMBERS`].
const NUMBERS_OF_HALL: i64 = 60;
/// Receipts and case numbers that may be looked up in an hour (ENU-10).
const LOOKUPS: i64 = 5;
/// How long it is known that a card's reading was used.
const CARD: TimeDelta = TimeDelta::minutes(5);
const DAY: TimeDelta = TimeDelta::hours(24);
const HOUR: TimeDelta = TimeDelta::hours(1);
/// How long an hour's count is kept, for [`super::watch`] to compare.
const KEPT: TimeDelta = TimeDelta::hours(26);

/// One count of `kind` by whom or what it is about.
fn limit(keys: &Keyring, kind: &str, of: &str, most: i64, window: TimeDelta) -> Limit {
    Limit { name: keys.mac(&["limit", kind, of]), most, window, takes: 1 }
}

/// Messages to one person today.
pub(super) fn messages(keys: &Keyring, subject: &str) -> Limit {
    limit(keys, "messages", subject, MESSAGES, DAY)
}

/// Wrong codes of one person today.
pub(super) fn wrong(keys: &Keyring, subject: &str) -> Limit {
    limit(keys, "wrong", subject, WRONG, DAY)
}

/// The pause after a message to one person.
pub(super) fn gap(keys: &Keyring, subject: &str) -> Limit {
    limit(keys, "gap", subject, 1, GAP)
}

/// Messages to one phone today.
pub(super) fn phone(keys: &Keyring, phone: &str) -> Limit {
    limit(keys, "phone", phone, MESSAGES, DAY)
}

/// Messages that one address or account asked for in this hour.
pub(super) fn asked(keys: &Keyring, turn: &Turn<'_>) -> Limit {
    limit(keys, "asked", turn.caller, FROM_ONE, HOUR)
}

/// Messages of the whole desk in the hour of `at`.
pub(super) fn in_all(keys: &Keyring, at: DateTime<Utc>) -> Limit {
    limit(keys, "in all", &(at.timestamp() / HOUR.num_seconds()).to_string(), IN_ALL, KEPT)
}

/// Numbers tried by one address or account.
pub(super) fn numbers(keys: &Keyring, turn: &Turn<'_>) -> Limit {
    match turn.channel {
        ChannelKind::Kiosk => limit(keys, "numbers", turn.caller, NUMBERS_OF_HALL, HOUR),
        _ => limit(keys, "numbers", turn.caller, NUMBERS, TimeDelta::minutes(10)),
    }
}

/// Receipts and case numbers looked up in one conversation, and by one address or account.
pub(super) fn lookups(keys: &Keyring, turn: &Turn<'_>) -> [Limit; 2] {
    [("lookups", turn.conversation), ("lookups of", turn.caller)].map(|(kind, of)| limit(keys, kind, of, LOOKUPS, HOUR))
}

/// A card's reading, good once: longer than it is good at all.
pub(super) fn card(keys: &Keyring, terminal: &str, jti: &str) -> Limit {
    limit(keys, "card", &format!("{terminal} {jti}"), 1, CARD)
}

/// Gives back what was taken.
pub(super) fn given_back(limit: Limit) -> Limit {
    Limit { takes: -limit.takes, ..limit }
}

/// Counts these at once, whatever becomes of the turn: see [`take`].
pub(super) async fn count<const N: usize>(
    store: &dyn Store,
    turn: &Turn<'_>,
    limits: [Limit; N],
) -> Result<Option<(String, DateTime<Utc>)>, ServiceError> {
    take(store, Changes { limits: limits.into(), ..Changes::new(turn.conversation, turn.now) }).await
}

/// Commits changes that count, apart from those of the turn. `Some` when a limit is reached: its name, and until when.
pub(super) async fn take(store: &dyn Store, changes: Changes) -> Result<Option<(String, DateTime<Utc>)>, ServiceError> {
    match store.commit(changes).await {
        Ok(()) => Ok(None),
        Err(StoreError::Full { name, until }) => Ok(Some((name, until))),
        Err(error) => Err(error.into()),
    }
}

/// How long it is until then, rounded up, for the words that say so.
pub(super) fn wait(until: DateTime<Utc>, now: DateTime<Utc>) -> Value {
    let seconds = ((until - now).num_milliseconds().max(0) + 999) / 1_000;
    json!({"seconds": seconds, "minutes": (seconds + 59) / 60, "hours": (seconds + 3_599) / 3_600})
}
