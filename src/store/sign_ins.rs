//! Sign-ins with an identity provider: at most one of each conversation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Keyring, Place, StoreError,
    rows::{open_json, seal_json},
};
use crate::domain::{id_number::IdNumber, person::FullName};

/// Who signed in. `Debug` is masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// As the provider has it.
    pub name: FullName,
    /// As the provider has it.
    pub id_number: IdNumber,
}

/// A step of the conversation's sign-in.
#[derive(Clone, Debug)]
pub enum SignInChange {
    /// It begins, in place of any before.
    Opened {
        /// The hash of its `state`.
        state: String,
        /// Until when the browser may be back.
        expires_at: DateTime<Utc>,
    },
    /// The browser is back. Stale for another state, when the time is over, and the second time.
    Returned {
        /// The hash of its `state`.
        state: String,
    },
    /// The provider told who it is. Stale when nobody is back, when the time is over, and when it was told before.
    Told {
        /// Who.
        who: SignedIn,
        /// Until when it can be claimed.
        expires_at: DateTime<Utc>,
    },
    /// A turn took it. Stale when there is nothing to take.
    Claimed,
}

/// [`SignInChange`] with who it is sealed.
pub(super) enum SealedSignIn {
    Opened { state: String, expires_at: DateTime<Utc> },
    Returned { state: String },
    Told { who: String, expires_at: DateTime<Utc> },
    Claimed,
}

impl SealedSignIn {
    pub(super) fn seal(keys: &Keyring, conversation: &str, change: SignInChange) -> Result<Self, StoreError> {
        Ok(match change {
            SignInChange::Opened { state, expires_at } => Self::Opened { state, expires_at },
            SignInChange::Returned { state } => Self::Returned { state },
            SignInChange::Told { who, expires_at } => Self::Told { who: seal_json(keys, &who, place(conversation))?, expires_at },
            SignInChange::Claimed => Self::Claimed,
        })
    }
}

pub(super) fn open(keys: &Keyring, conversation: &str, who: &str) -> Result<SignedIn, StoreError> {
    open_json(keys, who, place(conversation))
}

fn place(row: &str) -> Place<'_> {
    Place { table: "sign_ins", column: "who", row }
}

/// One step of a sign-in, for a connection: how many rows it changed.
macro_rules! apply_sign_in {
    ($connection:expr, $conversation:expr, $at:expr, $change:expr) => {{
        let query = match $change {
            SealedSignIn::Opened { state, expires_at } => sqlx::query(sql::OPEN_SIGN_IN).bind($conversation).bind(state).bind(expires_at),
            SealedSignIn::Returned { state } => sqlx::query(sql::RETURN_SIGN_IN).bind($conversation).bind(state).bind($at),
            SealedSignIn::Told { who, expires_at } => {
                sqlx::query(sql::TELL_SIGN_IN).bind($conversation).bind(who).bind(expires_at).bind($at)
            }
            SealedSignIn::Claimed => sqlx::query(sql::CLAIM_SIGN_IN).bind($conversation).bind($at),
        };
        query.execute(&mut *$connection).await?.rows_affected()
    }};
}

pub(super) use apply_sign_in;
