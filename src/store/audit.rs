//! The audit trail: rows in a chain, each with a keyed MAC over itself and the one before.
//!
//! The key is derived from the data key and is not in the database: whoever has the database alone can neither change a row nor
//! make the chain anew. What they still can do is cut its end off; that shows against an anchor, a place of the chain noted
//! outside.
//!
//! The MAC goes over the row's fields in the order of the table, each with its length before it, and over the hash before it.
//! Rows are added last in a transaction: the head's row, which that locks, is held shortly.

pub mod verify;

use chrono::{DateTime, Utc};
use sqlx::{ColumnIndex, Database, Decode, FromRow, Row, Type};

use super::Keyring;
use crate::domain::{audit::Entry, clock::stamp};

/// An act on its way into the trail.
#[derive(Clone)]
pub(super) struct Acted {
    at: String,
    conversation: String,
    entry: Entry,
}

impl Acted {
    pub(super) fn new(keys: &Keyring, conversation: &str, at: DateTime<Utc>, entry: Entry) -> Self {
        Self { at: stamp(at), conversation: keys.conversation_index(conversation), entry }
    }
}

/// One row of the trail, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// From 1, without gaps.
    pub seq: i64,
    /// [`stamp`] of the moment.
    pub at: String,
    /// Who: [`crate::domain::audit::Actor`] as text.
    pub actor: String,
    /// The keyed index of the conversation.
    pub conversation: String,
    /// What: [`crate::domain::audit::Act::id`].
    pub action: String,
    /// Whose data; empty: nobody's on file.
    pub person: String,
    /// Which thing.
    pub object: String,
    /// On behalf of which topic; empty: none.
    pub purpose: String,
    /// [`crate::domain::audit::Outcome::id`].
    pub outcome: String,
    /// The hash of the row before; empty before the first.
    pub prev: String,
    /// Key id and MAC.
    pub hash: String,
}

impl AuditRow {
    fn new(keys: &Keyring, acted: &Acted, seq: i64, prev: &str) -> Self {
        let Acted { at, conversation, entry } = acted;
        let mut row = Self {
            seq,
            at: at.clone(),
            actor: entry.actor.to_string(),
            conversation: conversation.clone(),
            action: entry.act.id().to_owned(),
            person: entry.person.as_ref().map(|key| key.0.clone()).unwrap_or_default(),
            object: entry.object.clone(),
            purpose: entry.purpose.as_ref().map(ToString::to_string).unwrap_or_default(),
            outcome: entry.outcome.id().to_owned(),
            prev: prev.to_owned(),
            hash: String::new(),
        };
        row.hash = keys.link(&row.canonical(&row.seq.to_string()));
        row
    }

    fn canonical<'a>(&'a self, seq: &'a str) -> [&'a str; 11] {
        [
            "audit row",
            seq,
            &self.at,
            &self.actor,
            &self.conversation,
            &self.action,
            &self.person,
            &self.object,
            &self.purpose,
            &self.outcome,
            &self.prev,
        ]
    }

    /// Whether the row is as it was written.
    pub fn holds(&self, keys: &Keyring) -> bool {
        keys.link_holds(&self.canonical(&self.seq.to_string()), &self.hash)
    }
}

/// A column that cannot be read stands as what no column holds: the row's hash refutes it, and the walk goes on to say where.
impl<'r, R: Row> FromRow<'r, R> for AuditRow
where
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    R::Database: Database,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let text = |column| row.try_get(column).unwrap_or_else(|_| "\u{fffd}".to_owned());
        Ok(Self {
            seq: row.try_get("seq")?,
            at: text("at"),
            actor: text("actor"),
            conversation: text("conversation"),
            action: text("action"),
            person: text("person"),
            object: text("object"),
            purpose: text("purpose"),
            outcome: text("outcome"),
            prev: text("prev"),
            hash: text("hash"),
        })
    }
}

/// Where the chain begins and ends.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AuditHead {
    /// The last row's number; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// The last row that is no longer kept; 0: all are.
    pub base_seq: i64,
    /// Its hash.
    pub base_hash: String,
    /// What shows that the desk itself let go of the rows up to there.
    pub base_mac: String,
    /// The highest number in the table.
    pub last: i64,
}

impl AuditHead {
    /// Whether the desk set the base.
    pub fn base_holds(&self, keys: &Keyring) -> bool {
        if self.base_seq == 0 {
            return self.base_hash.is_empty() && self.base_mac.is_empty();
        }
        keys.link_holds(&["audit base", &self.base_seq.to_string(), &self.base_hash], &self.base_mac)
    }
}

/// The rows of `acts` behind the one with `seq` and `hash`.
pub(super) fn chain(keys: &Keyring, (mut seq, mut hash): (i64, String), acts: &[Acted]) -> Vec<AuditRow> {
    let mut rows = Vec::with_capacity(acts.len());
    for acted in acts {
        seq += 1;
        let row = AuditRow::new(keys, acted, seq, &hash);
        hash.clone_from(&row.hash);
        rows.push(row);
    }
    rows
}

/// A connection that adds to the trail.
#[async_trait::async_trait]
pub(super) trait Append: Send {
    async fn append(&mut self, keys: &Keyring, acts: &[Acted]) -> Result<(), sqlx::Error>;
}

/// `impl Append` for a connection of a database.
macro_rules! append {
    ($connection:ty, $database:ty) => {
        #[async_trait::async_trait]
        impl Append for $connection {
            async fn append(&mut self, keys: &Keyring, acts: &[Acted]) -> Result<(), sqlx::Error> {
                let Ok(count @ 1..) = i64::try_from(acts.len()) else { return Ok(()) };
                let (seq, hash): (i64, String) = sqlx::query_as(sql::RESERVE_AUDIT).bind(count).fetch_one(&mut *self).await?;
                let rows = chain(keys, (seq - count, hash), acts);
                for some in rows.chunks(ROWS) {
                    let mut query = sqlx::QueryBuilder::<$database>::new(sql::PUT_AUDIT);
                    query.push_values(some, |mut into, row| {
                        into.push_bind(row.seq).push_bind(&row.at).push_bind(&row.actor).push_bind(&row.conversation);
                        into.push_bind(&row.action).push_bind(&row.person).push_bind(&row.object).push_bind(&row.purpose);
                        into.push_bind(&row.outcome).push_bind(&row.prev).push_bind(&row.hash);
                    });
                    // One row is what a turn adds.
                    query.build().persistent(some.len() == 1).execute(&mut *self).await?;
                }
                let last = rows.last().map(|row| &row.hash);
                sqlx::query(sql::SET_AUDIT_HASH).bind(last).execute(&mut *self).await?;
                Ok(())
            }
        }
    };
}

pub(super) use append;
