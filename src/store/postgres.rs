//! Postgres: a pool, and one transaction per write.

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, PgConnection, PgPool, Postgres,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::prelude::*;

/// Half of what a small server allows (100), for a second node and the office's own tools.
const CONNECTIONS: u32 = 40;
/// A turn that waits longer for a connection fails rather than queue up.
const PATIENCE: Duration = Duration::from_secs(2);

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// The last migration that this program knows.
pub(super) fn migration() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

pub(super) struct PostgresStore {
    pool: PgPool,
    keys: Keyring,
}

impl PostgresStore {
    pub(super) async fn open(url: &str, keys: Keyring) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url).map_err(|error| StoreError::Opening(format!("the store's URL: {error}")))?;
        let options = options.disable_statement_logging();
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_with(options).await?;
        MIGRATIONS.run(&pool).await.map_err(|error| StoreError::Opening(format!("the store's tables: {error}")))?;
        Ok(Self { pool, keys })
    }

    async fn write(&self, write: Write) -> Result<Removed, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let Applied { acts, removed } = transaction.apply(&self.keys, &write).await?;
        // Last, so that the head's row is held shortly: every node adds to one chain.
        transaction.append(&self.keys, &acts).await.map_err(|error| StoreError::Audit(error.to_string()))?;
        transaction.commit().await?;
        Ok(removed)
    }
}

append!(PgConnection, Postgres);
remove!(PgConnection);
apply!(PgConnection);
load!(PgConnection, Postgres);
records!(PostgresStore);
reseal!(PostgresStore);
store!(PostgresStore);
