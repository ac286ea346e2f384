//! A database as whoever has it alone sees it.

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// A connection beside the desk's own.
pub(crate) enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    pub(crate) async fn connect(url: &str) -> Self {
        if url.starts_with("sqlite") {
            Self::Sqlite(SqliteConnection::connect(url).await.unwrap())
        } else {
            Self::Postgres(PgConnection::connect(url).await.unwrap())
        }
    }

    /// Runs statements that `;` parts.
    pub(crate) async fn run(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => drop(sql.execute(connection).await.unwrap()),
            Self::Postgres(connection) => drop(sql.execute(connection).await.unwrap()),
        }
    }

    /// Every column of text in every table.
    pub(crate) async fn texts(&mut self) -> Vec<(String, String)> {
        match self {
            Self::Sqlite(connection) => {
                let sql =
                    "select t.name, c.name from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' and c.type = 'TEXT'";
                sqlx::query_as(sql).fetch_all(connection).await.unwrap()
            }
            Self::Postgres(connection) => {
                let sql = "select table_name::text, column_name::text from information_schema.columns
                           where table_schema = 'public' and data_type = 'text'";
                sqlx::query_as(sql).fetch_all(connection).await.unwrap()
            }
        }
    }

    /// Rows of a table.
    pub(crate) async fn count(&mut self, table: &str) -> i64 {
        self.number(&format!("select count(*) from {table}")).await
    }

    /// The one number that a query gives.
    pub(crate) async fn number(&mut self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql);
        match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await.unwrap(),
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await.unwrap(),
        }
    }
}
