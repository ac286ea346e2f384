//! Postgres: connections that read, and one that writes.

use std::str::FromStr;

use async_trait::async_trait;
use sqlx::{ConnectOptions, PgConnection, Postgres, postgres::PgConnectOptions};

use super::prelude::*;

/// Statements a connection keeps prepared.
const PREPARED: usize = 200;

/// security.md 3.2; of a session, whatever the server's own are.
const SETTINGS: [(&str, &str); 3] =
    [("statement_timeout", "2s"), ("idle_in_transaction_session_timeout", "5s"), ("synchronous_commit", "on")];

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// The last migration that this program knows.
pub(super) fn migration() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

pub(super) struct PostgresDriver {
    limited: PgConnectOptions,
    patient: PgConnectOptions,
}

pub(super) type PostgresStore = Base<PostgresDriver>;

pub(super) async fn open(url: &str, keys: Keyring) -> Result<PostgresStore, StoreError> {
    let options = PgConnectOptions::from_str(url).map_err(|error| StoreError::Opening(format!("the store's URL: {error}")))?;
    let options = options.statement_cache_capacity(PREPARED).disable_statement_logging();
    // Without the limits: a new index may take its time.
    let tables = MIGRATIONS.run(&mut options.connect().await?).await;
    tables.map_err(|error| StoreError::Opening(format!("the store's tables: {error}")))?;
    Ok(Base::start(PostgresDriver { limited: options.clone().options(SETTINGS), patient: options }, keys))
}

#[async_trait]
impl Driver for PostgresDriver {
    type Connection = PgConnection;
    /// A third of what a small server allows (100): for a second node and the office's own tools there is room.
    const READERS: usize = 32;

    async fn writer(&self) -> Result<PgConnection, sqlx::Error> {
        self.limited.connect().await
    }

    /// The server has limits of its own.
    async fn reader(&self, deadline: Option<Deadline>) -> Result<PgConnection, sqlx::Error> {
        if deadline.is_some() { self.limited.connect().await } else { self.patient.connect().await }
    }
}

append!(PgConnection, Postgres);
remove!(PgConnection);
apply!(PgConnection);
group!(PgConnection, Postgres, "begin");
load!(PgConnection, Postgres);
records!(PostgresStore);
reseal!(PostgresStore);
store!(PostgresStore);
