//! The whole desk's figures: who tries numbers that are not on file, and how many codes go out (security.md ENU-08, OTP-16).

use chrono::{DateTime, TimeDelta, Utc};

use super::{Means, ServiceError, Services, Turn, limits};
use crate::store::{Keyring, Limit, Store};

/// Starts are counted by so many minutes; the last three such spans are looked at, at most 15 minutes.
const SPAN: TimeDelta = TimeDelta::minutes(5);
const SPANS: i64 = 3;
/// Fewer starts say nothing: one address alone must not shut the desk.
const ENOUGH: i64 = 100;
/// Unknown numbers of 100 from which the operator is told.
const ALARM: i64 = 20;
/// Unknown numbers of 100 above which nobody is checked by code.
const PAUSE: i64 = 50;
/// Messages in an hour that need no alarm whatever is usual.
const QUIET: i64 = 30;
/// How often what is usual is sent when the operator is told.
const TIMES: i64 = 3;
/// The hours that tell what is usual.
const HOURS: i64 = 24;

/// Checks begun, and those for numbers that are not on file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Starts {
    all: i64,
    unknown: i64,
}

impl Starts {
    /// Whether more than `percent` of enough were unknown.
    fn exceed(self, percent: i64) -> bool {
        self.all >= ENOUGH && self.unknown * 100 > self.all * percent
    }
}

fn span(keys: &Keyring, what: &str, at: DateTime<Utc>, ago: i64) -> Limit {
    let span = (at.timestamp() / SPAN.num_seconds() - ago).to_string();
    let kept = TimeDelta::seconds(SPAN.num_seconds() * (SPANS + 1));
    Limit { name: keys.mac(&["watch", what, &span]), most: i64::MAX, window: kept, takes: 1 }
}

async fn starts(services: &Services, at: DateTime<Utc>) -> Result<Starts, ServiceError> {
    let Means { store, keys, .. } = &services.means;
    let mut starts = Starts::default();
    for ago in 0..SPANS {
        starts.all += store.count(&span(keys, "starts", at, ago).name, at).await?;
        starts.unknown += store.count(&span(keys, "unknown", at, ago).name, at).await?;
    }
    Ok(starts)
}

/// Whether somebody tries numbers on the desk, so that nobody is checked by code for now.
pub(super) async fn paused(services: &Services, at: DateTime<Utc>) -> Result<bool, ServiceError> {
    Ok(starts(services, at).await?.exceed(PAUSE))
}

/// Counts a check that began; once in a span, looks whether the operator is to be told.
pub(super) async fn started(services: &Services, known: bool, turn: &Turn<'_>) -> Result<(), ServiceError> {
    let Means { store, keys, .. } = &services.means;
    let unknown = Limit { takes: i64::from(!known), ..span(keys, "unknown", turn.now, 0) };
    limits::count(&**store, turn, [span(keys, "starts", turn.now, 0), unknown]).await?;
    let look = Limit { most: 1, ..span(keys, "look", turn.now, 0) };
    if limits::count(&**store, turn, [look]).await?.is_none() {
        let (starts, sent) = (starts(services, turn.now).await?, sent(&**store, keys, turn.now).await?);
        if starts.exceed(ALARM) {
            tracing::error!(alarm = "unknown-numbers", starts = starts.all, unknown = starts.unknown, "many numbers are not on file");
        }
        if sent.is_unusual() {
            tracing::error!(alarm = "code-messages", this_hour = sent.now, usual = sent.usual, "many code messages go out");
        }
    }
    Ok(())
}

/// Messages in this hour, and in a usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sent {
    now: i64,
    usual: i64,
}

impl Sent {
    fn is_unusual(self) -> bool {
        self.now >= QUIET && self.now > self.usual * TIMES
    }
}

async fn sent(store: &dyn Store, keys: &Keyring, at: DateTime<Utc>) -> Result<Sent, ServiceError> {
    let now = store.count(&limits::in_all(keys, at).name, at).await?;
    let (mut before, mut hours) = (0, 0);
    for ago in 1..=HOURS {
        let count = store.count(&limits::in_all(keys, at - TimeDelta::hours(ago)).name, at).await?;
        before += count;
        hours += i64::from(count > 0);
    }
    Ok(Sent { now, usual: if hours == 0 { now } else { before / hours } })
}
