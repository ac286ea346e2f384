//! The copy of a database inside a backup.

use std::{collections::BTreeMap, path::Path};

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::Mutex;

use super::refused;
use crate::store::{
    AuditHead, AuditRow, StoreError,
    audit::verify::{Anchor, Trail},
    files, sql, sqlite,
};

/// Room that is left on the disk when a copy is made.
const SPARE: u64 = 64 << 20;

/// Copies the database of one moment into an empty file.
pub(super) async fn copy(url: &str, path: &Path, to: &Path) -> Result<(), StoreError> {
    let not_found = || StoreError::Opening(format!("{} is not there", path.display()));
    if !path.exists() {
        return Err(not_found());
    }
    let mut connection = sqlite::connect(url).await?.ok_or_else(not_found)?;
    let (pages, size): (i64, i64) =
        sqlx::query_as("select page_count, page_size from pragma_page_count, pragma_page_size").fetch_one(&mut connection).await?;
    let needed = u64::try_from(pages * size).unwrap_or_default() + SPARE;
    let free = files::free(to).unwrap_or(u64::MAX);
    if free < needed {
        let (needed, free) = (needed >> 20, free >> 20);
        return Err(StoreError::Opening(format!("a copy needs {needed} MiB beside {}, and {free} MiB are free", path.display())));
    }
    sqlx::query("vacuum into $1").bind(to.to_string_lossy()).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// A copy, read alone. Nothing else writes it.
pub(super) struct Copied(Mutex<SqliteConnection>);

impl Copied {
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new().filename(path).immutable(true).read_only(true);
        let options = options.pragma("trusted_schema", "off").pragma("cell_size_check", "on").disable_statement_logging();
        Ok(Self(Mutex::new(options.connect().await?)))
    }

    pub(super) async fn close(self) -> Result<(), StoreError> {
        Ok(self.0.into_inner().close().await?)
    }

    /// The last migration that its tables have seen.
    pub(super) async fn migration(&self) -> Result<i64, StoreError> {
        let mut connection = self.0.lock().await;
        let (last, _): (i64, bool) = sqlx::query_as(sql::MIGRATION).fetch_one(&mut *connection).await?;
        Ok(last)
    }

    /// Rows by table.
    pub(super) async fn rows(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        let mut connection = self.0.lock().await;
        let tables = "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *connection).await?;
        let mut rows = BTreeMap::new();
        for table in tables {
            let count = AssertSqlSafe(format!("select count(*) from \"{}\"", table.replace('"', "\"\"")));
            rows.insert(table, sqlx::query_scalar(count).fetch_one(&mut *connection).await?);
        }
        Ok(rows)
    }

    /// The end of its audit trail.
    pub(super) async fn head(&self) -> Result<Anchor, StoreError> {
        let AuditHead { seq, hash, .. } = self.audit_head().await?;
        Ok(Anchor { seq, hash })
    }

    /// Refuses a database whose pages do not fit together.
    pub(super) async fn sound(&self, backup: &Path) -> Result<(), StoreError> {
        let mut connection = self.0.lock().await;
        let found: Vec<String> = sqlx::query_scalar("pragma integrity_check(1)").fetch_all(&mut *connection).await?;
        let broken: i64 = sqlx::query_scalar("select count(*) from pragma_foreign_key_check").fetch_one(&mut *connection).await?;
        if found == ["ok"] && broken == 0 { Ok(()) } else { Err(refused(backup, "its database is damaged")) }
    }
}

#[async_trait]
impl Trail for Copied {
    async fn audit_head(&self) -> Result<AuditHead, StoreError> {
        Ok(sqlx::query_as(sql::AUDIT_HEAD).fetch_one(&mut *self.0.lock().await).await?)
    }

    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        Ok(sqlx::query_as(sql::AUDIT_ROWS).bind(after).bind(i64::from(limit)).fetch_all(&mut *self.0.lock().await).await?)
    }
}
