//! `SQLite`: four connections that read, and one writer task that commits many turns at once.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Acquire, ConnectOptions, Connection, Row, Sqlite, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{mpsc, oneshot};

use super::{files, prelude::*};

/// Writes that may wait; beyond it a caller waits before its write is even taken.
const WAITING: usize = 1_024;
/// Writes of one transaction: more would keep the first of them waiting.
const GROUP: usize = 256;
const READERS: u32 = 4;
/// The log is cut back to this size after a checkpoint.
const LOG_BYTES: &str = "67108864";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

pub(super) struct SqliteStore {
    pool: SqlitePool,
    keys: Keyring,
    writer: mpsc::Sender<Job>,
}

type Outcomes = Vec<Result<Removed, StoreError>>;

/// A write and who waits for it.
struct Job {
    write: Write,
    done: oneshot::Sender<Result<Removed, StoreError>>,
}

impl SqliteStore {
    pub(super) async fn open(url: &str, keys: Keyring) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url).map_err(|error| StoreError::Opening(format!("the store's URL: {error}")))?;
        let path = options.get_filename().to_owned();
        make_file(&path).map_err(|error| StoreError::Opening(format!("{}: {error}", path.display())))?;
        let options = settings(options);
        let mut connection = options.connect().await?;
        MIGRATIONS.run(&mut connection).await.map_err(|error| StoreError::Opening(format!("{}: {error}", path.display())))?;
        let readers = options.clone().pragma("query_only", "on");
        let pool = SqlitePoolOptions::new().max_connections(READERS).connect_with(readers).await?;
        let (writer, jobs) = mpsc::channel(WAITING);
        tokio::spawn(Writer { options, keys: keys.clone(), connection: Some(connection) }.run(jobs));
        Ok(Self { pool, keys, writer })
    }

    async fn write(&self, write: Write) -> Result<Removed, StoreError> {
        let (done, answer) = oneshot::channel();
        let stopped = || StoreError::Unavailable("the writer has stopped".into());
        self.writer.send(Job { write, done }).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
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
    fs::DirBuilder::new().recursive(true).mode(0o700).create(files::folder(path))
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
        .disable_statement_logging()
}

/// The one that writes.
struct Writer {
    options: SqliteConnectOptions,
    keys: Keyring,
    /// `None` after a transaction failed: what state its connection is in is not worth knowing.
    connection: Option<SqliteConnection>,
}

impl Writer {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut group = Vec::new();
        while jobs.recv_many(&mut group, GROUP).await > 0 {
            match self.commit(&group).await {
                Ok(outcomes) => {
                    for (job, outcome) in group.drain(..).zip(outcomes) {
                        // Nobody waits any more: the write stands all the same.
                        let _ = job.done.send(outcome);
                    }
                }
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, writes = group.len(), "a group of writes failed");
                    self.connection = None;
                    for job in group.drain(..) {
                        let _ = job.done.send(Err(StoreError::Unavailable(error.to_string())));
                    }
                }
            }
        }
        if let Some(connection) = self.connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database did not close well");
        }
    }

    /// The group's writes, and what the audit trail is told of them. Without the trail, those that tell nothing.
    async fn commit(&mut self, group: &[Job]) -> Result<Outcomes, sqlx::Error> {
        match self.attempt(group, None).await? {
            Ok(outcomes) => Ok(outcomes),
            Err(refused) => {
                tracing::error!(error = &refused as &dyn std::error::Error, "the audit trail takes no rows");
                self.attempt(group, Some(&refused)).await?
            }
        }
    }

    /// One transaction. Each write has a savepoint, so that a stale one does not spoil the others; the rows of all come last.
    /// The inner error is the audit trail's, and then nothing was kept.
    async fn attempt(&mut self, group: &[Job], refused: Option<&sqlx::Error>) -> Result<Result<Outcomes, sqlx::Error>, sqlx::Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        let connection = self.connection.insert(connection);
        let mut whole = connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut outcomes = Vec::with_capacity(group.len());
        let mut acts = Vec::new();
        for Job { write, .. } in group {
            if let Some(error) = refused.filter(|_| write.is_audited()) {
                outcomes.push(Err(StoreError::Audit(error.to_string())));
                continue;
            }
            let mut part = whole.begin().await?;
            match part.apply(&self.keys, write).await {
                Ok(Applied { acts: told, removed }) => {
                    part.commit().await?;
                    acts.extend(told.into_owned());
                    outcomes.push(Ok(removed));
                }
                Err(error) => {
                    part.rollback().await?;
                    outcomes.push(Err(error));
                }
            }
        }
        if let Err(error) = whole.append(&self.keys, &acts).await {
            whole.rollback().await?;
            return Ok(Err(error));
        }
        whole.commit().await?;
        Ok(Ok(outcomes))
    }
}

append!(SqliteConnection, Sqlite);
remove!(SqliteConnection);
apply!(SqliteConnection);
load!(SqliteConnection, Sqlite);
records!(SqliteStore);
reseal!(SqliteStore);
store!(SqliteStore);
