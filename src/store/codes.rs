//! One-time codes, what is counted against limits, and what people agreed to.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;

use super::{StoreError, rows::of_word};
use crate::domain::{
    person::PersonKey,
    session::{ChallengeId, Consent},
};

/// How often something may happen. Counted in the database: all nodes count together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is counted: a [`Keyring::mac`](super::Keyring::mac), since it may name a person, a phone or an address.
    pub name: String,
    /// How often.
    pub most: i64,
    /// Within so long after the first.
    pub window: TimeDelta,
    /// How many are taken; 0 asks for room alone, less gives back.
    pub takes: i64,
}

/// A step of a one-time code.
#[derive(Clone, Debug)]
pub enum ChallengeChange {
    /// A code was made for the conversation.
    Opened {
        /// Its handle.
        id: ChallengeId,
        /// Who it is for; `None`: a dummy, for a name and number that are not on file.
        person: Option<PersonKey>,
        /// What its limits are counted by; a dummy has one too.
        subject: String,
        /// [`Keyring::mac`](super::Keyring::mac) over the code.
        code_mac: String,
        /// Until when it can be used.
        expires_at: DateTime<Utc>,
    },
    /// One of its tries is taken, before a guess is looked at. Stale when none of `most` is left, when it is out of date, or closed.
    Tried {
        /// Its handle.
        id: ChallengeId,
        /// Guesses that are judged.
        most: i64,
    },
    /// It was used or given up, and the code is erased. Stale when it is closed already, so that a code is used once.
    Closed {
        /// Its handle.
        id: ChallengeId,
    },
    /// It never reached anybody.
    Withdrawn {
        /// Its handle.
        id: ChallengeId,
    },
}

/// A one-time code under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Whose conversation it belongs to.
    pub conversation: String,
    /// Who it is for; `None`: a dummy.
    pub person: Option<PersonKey>,
    /// What its limits are counted by.
    pub subject: String,
    /// [`Keyring::mac`](super::Keyring::mac) over the code; empty once it is closed.
    pub code_mac: String,
    /// Guesses so far.
    pub tries: i64,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// Used or given up.
    pub closed: bool,
}

#[derive(FromRow)]
pub(super) struct ChallengeRow {
    conversation: String,
    person: Option<String>,
    subject: String,
    code_mac: String,
    tries: i64,
    expires_at: DateTime<Utc>,
    closed: bool,
}

impl From<ChallengeRow> for Challenge {
    fn from(row: ChallengeRow) -> Self {
        let ChallengeRow { conversation, person, subject, code_mac, tries, expires_at, closed } = row;
        Self { conversation, person: person.map(PersonKey), subject, code_mac, tries, expires_at, closed }
    }
}

#[derive(FromRow)]
pub(super) struct ConsentRow {
    purpose: String,
    notice: String,
}

impl TryFrom<ConsentRow> for Consent {
    type Error = StoreError;
    fn try_from(row: ConsentRow) -> Result<Self, StoreError> {
        Ok(Self { purpose: of_word(&row.purpose, "purpose")?, notice: row.notice })
    }
}

/// Takes from limits in their order. Who takes several kinds takes them in one order everywhere, so that two never wait for each other.
macro_rules! take_limits {
    ($connection:expr, $at:expr, $limits:expr) => {{
        for limit in $limits {
            let taken = sqlx::query(sql::TAKE)
                .bind(&limit.name)
                .bind(limit.takes.max(0))
                .bind($at + limit.window)
                .bind($at)
                .bind(limit.takes)
                .bind(limit.most)
                .execute(&mut *$connection)
                .await?;
            if taken.rows_affected() == 0 {
                let until = sqlx::query_scalar(sql::COUNTED_UNTIL).bind(&limit.name).fetch_one(&mut *$connection).await?;
                return Err(StoreError::Full { name: limit.name.clone(), until });
            }
        }
    }};
}

/// One step of a one-time code, for a connection: how many rows it changed.
macro_rules! apply_challenge {
    ($connection:expr, $conversation:expr, $at:expr, $change:expr) => {{
        let query = match $change {
            ChallengeChange::Opened { id, person, subject, code_mac, expires_at } => sqlx::query(sql::OPEN_CHALLENGE)
                .bind(&id.0)
                .bind($conversation)
                .bind(person.as_ref().map(|person| &person.0))
                .bind(subject)
                .bind(code_mac)
                .bind(expires_at)
                .bind(false),
            ChallengeChange::Tried { id, most } => sqlx::query(sql::TRY_CHALLENGE).bind(&id.0).bind($conversation).bind(most).bind($at),
            ChallengeChange::Closed { id } => sqlx::query(sql::CLOSE_CHALLENGE).bind(&id.0).bind($conversation).bind(true),
            ChallengeChange::Withdrawn { id } => sqlx::query(sql::WITHDRAW_CHALLENGE).bind(&id.0).bind($conversation),
        };
        query.execute(&mut *$connection).await?.rows_affected()
    }};
}

pub(super) use {apply_challenge, take_limits};
