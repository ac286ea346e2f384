//! How a store stands, read beside a desk at work. Nothing is changed: not its tables, nor its mode.

use std::{path::PathBuf, str::FromStr};

use chrono::{DateTime, Utc};
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

use super::{AuditHead, StoreError, postgres, sql, sqlite};

/// What a connection of the desk's own must read as. `journal_mode` is the file's, the others are each connection's.
const PRAGMAS: [(&str, &str); 9] = [
    ("journal_mode", "wal"),
    ("synchronous", "2"),
    ("busy_timeout", "5000"),
    ("foreign_keys", "1"),
    ("secure_delete", "1"),
    ("temp_store", "2"),
    ("trusted_schema", "0"),
    ("cell_size_check", "1"),
    ("journal_size_limit", "67108864"),
];
/// What a server must say of itself, so that what was acknowledged outlives a loss of power.
const SETTINGS: [(&str, &str); 3] = [("synchronous_commit", "on"), ("fsync", "on"), ("full_page_writes", "on")];

/// A setting of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// As it is.
    pub value: String,
    /// As it must be.
    pub wanted: &'static str,
}

/// How a store stands.
#[derive(Clone, Debug)]
pub struct State {
    /// The file; `None` for Postgres.
    pub file: Option<PathBuf>,
    /// Settings that matter.
    pub settings: Vec<Setting>,
    /// The last migration of its tables, and whether all of them ended well.
    pub migration: (i64, bool),
    /// The last that this program knows.
    pub known: i64,
    /// The database's clock. `SQLite` has none of its own: the latest moment in its audit trail.
    pub clock: Option<DateTime<Utc>>,
    /// Where its audit trail begins and ends.
    pub head: AuditHead,
}

/// Looks at the store at `url`.
pub async fn examine(url: &str) -> Result<State, StoreError> {
    match sqlite::path(url)? {
        Some(path) => of_file(path).await,
        None => of_server(url).await,
    }
}

async fn of_file(path: PathBuf) -> Result<State, StoreError> {
    if !path.exists() {
        return Err(StoreError::Opening(format!("{} is not there", path.display())));
    }
    let bare = SqliteConnectOptions::new().filename(&path).create_if_missing(false).pragma("query_only", "on").disable_statement_logging();
    let mut file = bare.clone().connect().await?;
    let mut own = sqlite::own_settings(bare.clone()).connect().await?;
    let mut settings = Vec::new();
    for (name, wanted) in PRAGMAS {
        let connection: &mut SqliteConnection = if name == "journal_mode" { &mut file } else { &mut own };
        settings.push(Setting { name, value: sqlite::pragma(connection, name).await?, wanted });
    }
    let migration = sqlx::query_as(sql::MIGRATION).fetch_one(&mut file).await?;
    let last: Option<String> = sqlx::query_scalar(sql::LAST_AUDIT_AT).fetch_optional(&mut file).await?;
    let clock = last.and_then(|at| at.parse().ok());
    let head = sqlx::query_as(sql::AUDIT_HEAD).fetch_one(&mut file).await?;
    own.close().await?;
    file.close().await?;
    Ok(State { file: Some(path), settings, migration, known: sqlite::migration(), clock, head })
}

async fn of_server(url: &str) -> Result<State, StoreError> {
    let mut connection: PgConnection = PgConnectOptions::from_str(url)?.disable_statement_logging().connect().await?;
    let mut settings = Vec::new();
    for (name, wanted) in SETTINGS {
        let value = sqlx::query_scalar("select current_setting($1)").bind(name).fetch_one(&mut connection).await?;
        settings.push(Setting { name, value, wanted });
    }
    let migration = sqlx::query_as(sql::MIGRATION).fetch_one(&mut connection).await?;
    let head = sqlx::query_as(sql::AUDIT_HEAD).fetch_one(&mut connection).await?;
    let clock = sqlx::query_scalar("select clock_timestamp()").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(State { file: None, settings, migration, known: postgres::migration(), clock: Some(clock), head })
}
