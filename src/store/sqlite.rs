//! `SQLite`: connections that read, and one that writes.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions, Row, Sqlite, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::prelude::*;

/// The log is cut back to this size after a checkpoint.
const LOG_BYTES: &str = "67108864";
/// Steps of a statement between two looks at the clock: about a millisecond.
const STEPS: i32 = 10_000;
/// Pages that a connection keeps in memory, 32 MB: a page that is not there is copied from the log or the file.
const PAGES: &str = "-32768";
/// Statements a connection keeps prepared.
const PREPARED: usize = 200;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

pub(super) struct SqliteDriver(SqliteConnectOptions);

pub(super) type SqliteStore = Base<SqliteDriver>;

pub(super) async fn open(url: &str, keys: Keyring) -> Result<SqliteStore, StoreError> {
    let options = SqliteConnectOptions::from_str(url).map_err(|error| StoreError::Opening(format!("the store's URL: {error}")))?;
    let path = options.get_filename().to_owned();
    let unusable = |error: &dyn std::fmt::Display| StoreError::Opening(format!("{}: {error}", path.display()));
    make_file(&path).map_err(|error| unusable(&error))?;
    let options = settings(options);
    MIGRATIONS.run(&mut options.connect().await?).await.map_err(|error| unusable(&error))?;
    Ok(Base::start(SqliteDriver(options), keys))
}

#[async_trait]
impl Driver for SqliteDriver {
    type Connection = SqliteConnection;
    const READERS: usize = 4;

    async fn writer(&self) -> Result<SqliteConnection, sqlx::Error> {
        self.0.connect().await
    }

    async fn reader(&self, deadline: Option<Deadline>) -> Result<SqliteConnection, sqlx::Error> {
        let mut connection = self.0.clone().pragma("query_only", "on").connect().await?;
        if let Some(deadline) = deadline {
            connection.lock_handle().await?.set_progress_handler(STEPS, move || !deadline.past());
        }
        Ok(connection)
    }
}

/// The file of a store's URL; `None` when it is another kind of store.
pub(super) fn path(url: &str) -> Result<Option<PathBuf>, StoreError> {
    if !url.starts_with("sqlite://") {
        return Ok(None);
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|error| StoreError::Opening(format!("the store's URL: {error}")))?;
    Ok(Some(options.get_filename().to_owned()))
}

/// The last migration that this program knows.
pub(super) fn migration() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// A pragma as it is, in text.
pub(super) async fn pragma(connection: &mut SqliteConnection, name: &str) -> Result<String, StoreError> {
    let row = sqlx::query(AssertSqlSafe(format!("pragma {name}"))).fetch_one(connection).await?;
    // A number is read as its digits.
    Ok(row.try_get_unchecked(0)?)
}

/// A connection of its own to the file at `url`, as the writer's are; `None` when it is another kind of store.
pub(super) async fn connect(url: &str) -> Result<Option<SqliteConnection>, StoreError> {
    if path(url)?.is_none() {
        return Ok(None);
    }
    Ok(Some(settings(SqliteConnectOptions::from_str(url)?).connect().await?))
}

/// The folder (0700) in which a file is to lie.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        Some(dir) => fs::DirBuilder::new().recursive(true).mode(0o700).create(dir),
        None => Ok(()),
    }
}

/// Mode 0600 from the first byte on; the files beside it (-wal, -shm) inherit it.
fn make_file(path: &Path) -> io::Result<()> {
    make_folder(path)?;
    fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path).map(drop)
}

/// security.md §3.1, measured there.
fn settings(options: SqliteConnectOptions) -> SqliteConnectOptions {
    own_settings(options).journal_mode(SqliteJournalMode::Wal)
}

/// Those that are a connection's and not the file's.
pub(super) fn own_settings(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(false)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("secure_delete", "on")
        .pragma("temp_store", "memory")
        .pragma("trusted_schema", "off")
        .pragma("cell_size_check", "on")
        .pragma("journal_size_limit", LOG_BYTES)
        .pragma("cache_size", PAGES)
        .statement_cache_capacity(PREPARED)
        .disable_statement_logging()
}

append!(SqliteConnection, Sqlite);
remove!(SqliteConnection);
apply!(SqliteConnection);
group!(SqliteConnection, Sqlite, "begin immediate");
load!(SqliteConnection, Sqlite);
records!(SqliteStore);
reseal!(SqliteStore);
store!(SqliteStore);
