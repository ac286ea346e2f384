//! The tables of both databases beside each other.

use sqlx::{Connection, PgConnection, SqliteConnection};
use wenban::store::open;

use super::keys;
use crate::support::postgres;

/// Both databases have the same tables with the same columns in the same order, and the same indices.
#[tokio::test(flavor = "multi_thread")]
async fn migrations_come_in_pairs() {
    let dir = tempfile::tempdir().unwrap();
    let (sqlite, postgres) = (format!("sqlite://{}", dir.path().join("wenban.db").display()), postgres::database().await);
    for url in [&sqlite, &postgres] {
        open(url, keys()).await.unwrap();
    }
    let mut raw = SqliteConnection::connect(&sqlite).await.unwrap();
    let columns = "select m.name || ' ' || c.name from sqlite_master m, pragma_table_info(m.name) c
        where m.type = 'table' and m.name <> 'sqlite_sequence' order by m.name, c.cid";
    let indices = "select name from sqlite_master where type = 'index' and sql is not null order by name";
    let ours: [Vec<String>; 2] =
        [sqlx::query_scalar(columns).fetch_all(&mut raw).await.unwrap(), sqlx::query_scalar(indices).fetch_all(&mut raw).await.unwrap()];
    let mut raw = PgConnection::connect(&postgres).await.unwrap();
    let columns = "select table_name || ' ' || column_name from information_schema.columns
        where table_schema = 'public' order by table_name collate \"C\", ordinal_position";
    let indices = "select indexname::text from pg_indexes
        where schemaname = 'public' and indexname !~ '_(pkey|key)[0-9]*$' order by indexname collate \"C\"";
    let theirs: [Vec<String>; 2] =
        [sqlx::query_scalar(columns).fetch_all(&mut raw).await.unwrap(), sqlx::query_scalar(indices).fetch_all(&mut raw).await.unwrap()];
    assert!(ours[0].len() > 50 && !ours[1].is_empty());
    assert_eq!(ours, theirs);
}
