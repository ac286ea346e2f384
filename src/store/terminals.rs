//! Terminals of halls, whose word on a card is taken.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// A hall's terminal with a card reader.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Terminal {
    /// 16 hex digits: the `kid` of what it signs.
    pub id: String,
    /// The place it stands at.
    pub name: String,
    /// Its Ed25519 key, base64url without padding: a JWK's `x`.
    pub public_key: String,
    /// Since when its word is taken.
    pub added_at: DateTime<Utc>,
    /// Since when it is not any more.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A change of the terminals.
#[derive(Clone, Debug)]
pub enum TerminalChange {
    /// One more. Stale when its id is taken.
    Added(Terminal),
    /// Its word is not taken any more. Stale when it was not before, or it is not on file.
    Revoked(String),
}

/// One change of the terminals, for a connection: how many rows it changed.
macro_rules! apply_terminal {
    ($connection:expr, $at:expr, $change:expr) => {{
        let query = match $change {
            TerminalChange::Added(Terminal { id, name, public_key, added_at, revoked_at }) => {
                sqlx::query(sql::ADD_TERMINAL).bind(id).bind(name).bind(public_key).bind(added_at).bind(revoked_at)
            }
            TerminalChange::Revoked(id) => sqlx::query(sql::REVOKE_TERMINAL).bind(id).bind($at),
        };
        query.execute(&mut *$connection).await?.rows_affected()
    }};
}

pub(super) use apply_terminal;
