//! How long what the desk holds is kept (security.md RET-01), and the erasure of what it holds of a person (PRV-02).

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};

use super::{Keyring, StoreError, audit::Acted};
use crate::domain::{
    audit::{Act, Actor, Entry, Outcome},
    clock::{china, stamp},
    person::PersonKey,
};

/// One-time codes, after they expire.
const CODES: TimeDelta = TimeDelta::hours(24);
/// Conversations, after their end. Their memory and replies are wiped at the end already.
const ENDED: TimeDelta = TimeDelta::hours(24);
/// A conversation in which nothing was said for so long is over: a checked identity lasts an hour, and a day goes beyond it.
const IDLE: TimeDelta = TimeDelta::hours(25);
/// Replies of conversations that go on: no channel delivers a message again after so long (TGW-03).
const REPLIES: TimeDelta = TimeDelta::hours(48);
/// Copies of the core system's records: older ones are not told.
pub const COPY_HOLDS: TimeDelta = TimeDelta::hours(24);
/// Places in a queue, after their day.
const TICKETS: Days = Days::new(7);
/// Matters, after their answer.
const MATTERS: Months = Months::new(24);
/// The audit trail.
const AUDIT: Months = Months::new(36);
/// Rows of one kind that one transaction removes: turns wait for it.
pub(super) const BATCH: i64 = 1_000;

/// What is older than these goes.
pub(super) struct Cutoffs {
    pub(super) codes: DateTime<Utc>,
    pub(super) ended: DateTime<Utc>,
    pub(super) idle: DateTime<Utc>,
    pub(super) replies: DateTime<Utc>,
    pub(super) copies: DateTime<Utc>,
    pub(super) tickets: NaiveDate,
    pub(super) matters: DateTime<Utc>,
    /// The trail as it was before it became a chain.
    pub(super) unchained: DateTime<Utc>,
    /// [`stamp`] of the same moment.
    pub(super) audit: String,
}

impl Cutoffs {
    pub(super) fn of(now: DateTime<Utc>) -> Self {
        let months = |months| now.checked_sub_months(months).unwrap_or_default();
        Self {
            codes: now - CODES,
            ended: now - ENDED,
            idle: now - IDLE,
            replies: now - REPLIES,
            copies: now - COPY_HOLDS,
            tickets: china(now).checked_sub_days(TICKETS).unwrap_or_default(),
            matters: months(MATTERS),
            unchained: months(AUDIT),
            audit: stamp(months(AUDIT)),
        }
    }
}

/// How many rows were removed, by what they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// One-time codes.
    pub codes: u64,
    /// Conversations that were ended because nothing was said any more.
    pub idle: u64,
    /// Conversations.
    pub conversations: u64,
    /// Replies.
    pub replies: u64,
    /// Places in a queue.
    pub tickets: u64,
    /// Matters.
    pub matters: u64,
    /// Rows of the audit trail.
    pub audit: u64,
}

impl Removed {
    /// Whether nothing was.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Whether some kind filled its batch, so that there may be more of it.
    pub(super) fn more(&self) -> bool {
        let Self { codes, idle, conversations, replies, tickets, matters, audit } = *self;
        [codes, idle, conversations, replies, tickets, matters, audit].into_iter().any(|count| count >= BATCH.unsigned_abs())
    }

    /// The two together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            codes: self.codes + other.codes,
            idle: self.idle + other.idle,
            conversations: self.conversations + other.conversations,
            replies: self.replies + other.replies,
            tickets: self.tickets + other.tickets,
            matters: self.matters + other.matters,
            audit: self.audit + other.audit,
        }
    }

    /// The act that the audit trail is told.
    pub(super) fn acted(self, keys: &Keyring, at: DateTime<Utc>, entry: Entry) -> Acted {
        Acted::new(keys, "", at, Entry { object: self.to_string(), ..entry })
    }
}

impl fmt::Display for Removed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { codes, idle, conversations, replies, tickets, matters, audit } = self;
        write!(out, "codes {codes}, idle {idle}, conversations {conversations}, replies {replies}, ")?;
        write!(out, "tickets {tickets}, matters {matters}, audit {audit}")
    }
}

/// What is removed, and by whom.
pub(super) enum Removal {
    /// Whatever has been kept long enough.
    Aged,
    /// What the desk holds of a person, and these conversations, in which they were checked.
    Person { person: PersonKey, conversations: Vec<String>, actor: Actor },
}

impl Removal {
    pub(super) fn entry(&self) -> Entry {
        match self {
            Self::Aged => Entry::new(Actor::Desk, Act::Retained, Outcome::Done),
            Self::Person { person, actor, .. } => {
                Entry { person: Some(person.clone()), ..Entry::new(actor.clone(), Act::PersonErased, Outcome::Done) }
            }
        }
    }
}

/// A connection that removes.
#[async_trait]
pub(super) trait Remove: Send {
    async fn remove(&mut self, keys: &Keyring, at: DateTime<Utc>, removal: &Removal) -> Result<Removed, StoreError>;
    async fn remove_audit(&mut self, keys: &Keyring, cutoff: &str) -> Result<u64, StoreError>;
}

/// Rows that one statement changed.
macro_rules! changed {
    ($connection:expr, $statement:expr $(, $value:expr)*) => {
        sqlx::query($statement)$(.bind($value))*.execute(&mut *$connection).await?.rows_affected()
    };
}

/// `impl Remove` for a connection.
macro_rules! remove {
    ($connection:ty) => {
        #[async_trait::async_trait]
        impl Remove for $connection {
            async fn remove(&mut self, keys: &Keyring, at: DateTime<Utc>, removal: &Removal) -> Result<Removed, StoreError> {
                let mut removed = Removed::default();
                match removal {
                    Removal::Aged => {
                        let Cutoffs { codes, ended, idle, replies, copies, tickets, matters, unchained, audit } = Cutoffs::of(at);
                        removed.codes = changed!(self, sql::FORGET_CODES, codes, BATCH);
                        removed.idle = changed!(self, sql::END_IDLE, at, idle, BATCH);
                        removed.replies =
                            changed!(self, sql::FORGET_ENDED_REPLIES, at) + changed!(self, sql::FORGET_REPLIES, replies, BATCH);
                        removed.conversations = changed!(self, sql::FORGET_CONVERSATIONS, ended, BATCH);
                        changed!(self, sql::FORGET_COUNTS, at);
                        changed!(self, sql::FORGET_COPIES, copies);
                        removed.tickets = changed!(self, sql::FORGET_TICKETS, tickets);
                        removed.matters = changed!(self, sql::FORGET_MATTERS, matters, BATCH);
                        removed.audit = changed!(self, sql::FORGET_UNCHAINED, unchained) + self.remove_audit(keys, &audit).await?;
                    }
                    Removal::Person { person, conversations, actor: _ } => {
                        removed.codes = changed!(self, sql::FORGET_CODES_OF, &person.0);
                        removed.matters = changed!(self, sql::FORGET_MATTERS_OF, &person.0);
                        changed!(self, sql::FORGET_COPIES_OF, &person.0);
                        changed!(self, sql::FORGET_CERTIFICATES_OF, &person.0);
                        changed!(self, sql::FORGET_CONSENTS_OF, &person.0);
                        for conversation in conversations {
                            removed.codes += changed!(self, sql::WIPE_CHALLENGES, conversation);
                            removed.replies += changed!(self, sql::WIPE_REPLIES, conversation);
                            removed.tickets += changed!(self, sql::FORGET_TICKETS_OF, conversation);
                            removed.conversations += changed!(self, sql::FORGET_CONVERSATION, conversation);
                        }
                    }
                }
                Ok(removed)
            }

            /// The beginning of the chain goes, and its end is noted with a MAC: without it nobody else can do the same.
            async fn remove_audit(&mut self, keys: &Keyring, cutoff: &str) -> Result<u64, StoreError> {
                let first: Vec<(i64, String, String)> = sqlx::query_as(sql::AUDIT_BEGINNING).bind(BATCH).fetch_all(&mut *self).await?;
                let Some((seq, _, hash)) = first.into_iter().take_while(|(_, at, _)| at.as_str() < cutoff).last() else { return Ok(0) };
                let mac = keys.base_mac(seq, &hash);
                // Holds the head, as an addition does: of two nodes, one moves the base.
                let moved = sqlx::query(sql::SET_AUDIT_BASE).bind(seq).bind(&hash).bind(mac).execute(&mut *self).await?;
                if moved.rows_affected() == 0 {
                    return Ok(0);
                }
                Ok(sqlx::query(sql::FORGET_AUDIT).bind(seq).execute(&mut *self).await?.rows_affected())
            }
        }
    };
}

pub(super) use {changed, remove};
