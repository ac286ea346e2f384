//! Transactions of many writes, and many turns in a few statements.

use async_trait::async_trait;

use super::{
    audit::Append,
    write::{Apply, Commit},
};

pub(super) const REPLY_STANDS: &str = "select count(*) from replies where conversation = $1 and message_id = $2 and reply = $3";

pub(super) const SESSION_STANDS: &str = "select count(*) from conversations where id = $1 and session = $2";

// Statements for many turns: rows of values stand between the two halves, empty ones among them.

pub(super) const SAVE_SESSIONS: &str = "
    update conversations
    set session = turns.column2, version = version + 1, updated_at = turns.column3, last_message = turns.column5
    from (";

pub(super) const SAVE_SESSIONS_WHERE: &str = ") as turns
    where id = turns.column1 and version = turns.column4 and ended_at is null";

pub(super) const KEEP_REPLIES: &str = "
    insert into replies (conversation, message_id, input_hash, reply, at)
    select * from (";

pub(super) const KEEP_REPLIES_WHERE: &str = ") as turns where column1 is not null
    on conflict (conversation, message_id) do nothing";

/// A connection that the writer holds.
#[async_trait]
pub(super) trait Group: Apply + Append + Sized {
    /// Begins a transaction that writes.
    const BEGIN: &'static str;

    /// Begins, ends, goes back.
    async fn order(&mut self, statement: &'static str) -> Result<(), sqlx::Error>;
    /// All of them, a few statements for all together. False when one is stale: which one, and what of the others was done, is
    /// not known, and the transaction must be rolled back.
    async fn apply_turns(&mut self, turns: &[&Commit]) -> Result<bool, sqlx::Error>;
    /// Whether the turn was committed.
    async fn stands(&mut self, commit: &Commit) -> Result<bool, sqlx::Error>;
    async fn leave(self) -> Result<(), sqlx::Error>;
}

/// Rows for one statement, with empty ones up to a power of two: few texts to prepare.
pub(super) fn padded<T: Copy>(rows: &[T]) -> Vec<Option<T>> {
    let mut rows: Vec<Option<T>> = rows.iter().copied().map(Some).collect();
    rows.resize(rows.len().next_power_of_two(), None);
    rows
}

/// `impl Group` for a connection of a database, which begins a transaction that writes so.
macro_rules! group {
    ($connection:ty, $database:ty, $begin:literal) => {
        #[async_trait::async_trait]
        impl Group for $connection {
            const BEGIN: &'static str = $begin;

            async fn order(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
                sqlx::query(statement).execute(&mut *self).await.map(drop)
            }

            async fn leave(self) -> Result<(), sqlx::Error> {
                sqlx::Connection::close(self).await
            }

            async fn stands(&mut self, commit: &Commit) -> Result<bool, sqlx::Error> {
                let query = match (&commit.reply, &commit.session) {
                    (Some((message, _, reply)), _) => {
                        sqlx::query_scalar(group::REPLY_STANDS).bind(&commit.conversation).bind(message).bind(reply)
                    }
                    (None, Some(session)) => sqlx::query_scalar(group::SESSION_STANDS).bind(&commit.conversation).bind(&session.sealed),
                    (None, None) => return Ok(false),
                };
                let found: i64 = query.fetch_one(&mut *self).await?;
                Ok(found > 0)
            }

            async fn apply_turns(&mut self, turns: &[&Commit]) -> Result<bool, sqlx::Error> {
                let all = u64::try_from(turns.len()).unwrap_or(u64::MAX);
                let rows = padded(turns);
                let mut query = sqlx::QueryBuilder::<$database>::new(group::SAVE_SESSIONS);
                query.push_values(&rows, |mut row, turn| {
                    let session = turn.and_then(|turn| turn.session.as_ref());
                    row.push_bind(turn.map(|turn| &turn.conversation)).push_bind(session.map(|session| &session.sealed));
                    row.push_bind(turn.map(|turn| turn.at)).push_bind(session.map(|session| session.version));
                    row.push_bind(session.and_then(|session| session.last_message.as_ref()));
                });
                query.push(group::SAVE_SESSIONS_WHERE);
                if query.build().execute(&mut *self).await?.rows_affected() != all {
                    return Ok(false);
                }
                let mut query = sqlx::QueryBuilder::<$database>::new(group::KEEP_REPLIES);
                query.push_values(&rows, |mut row, turn| {
                    let reply = turn.and_then(|turn| turn.reply.as_ref());
                    row.push_bind(turn.map(|turn| &turn.conversation)).push_bind(reply.map(|(message, ..)| message));
                    row.push_bind(reply.map(|(_, hash, _)| hash)).push_bind(reply.map(|(.., reply)| reply));
                    row.push_bind(turn.map(|turn| turn.at));
                });
                query.push(group::KEEP_REPLIES_WHERE);
                if query.build().execute(&mut *self).await?.rows_affected() != all {
                    return Ok(false);
                }
                Ok(true)
            }
        }
    };
}

pub(super) use group;
