//! What an import asks of a connection, written once for both databases.

use std::{collections::HashMap, str::FromStr};

use async_trait::async_trait;
use sqlx::{ConnectOptions, PgConnection, Postgres, Sqlite, SqliteConnection, postgres::PgConnectOptions};

use super::super::{prelude::*, rows::people, sqlite};
use crate::domain::person::{FullName, Phone};

/// Where the numbers begin that imported payments have within their month: those of a file that was put on file whole are lower.
const PAYMENTS_FROM: i64 = 1_000;

/// Somebody on file, sealed.
#[derive(sqlx::FromRow)]
pub(super) struct Known {
    pub(super) key: String,
    pub(super) id_index: String,
    name: String,
    phone: Option<String>,
}

impl Known {
    /// Whether name and phone are these.
    pub(super) fn is(&self, keys: &Keyring, name: &FullName, phone: Option<&Phone>) -> Result<bool, StoreError> {
        let named = keys.open(&self.name, people("name", &self.key))?;
        let called = self.phone.as_ref().map(|phone| keys.open(phone, people("phone", &self.key))).transpose()?;
        Ok(named == name.reveal() && called.as_deref() == phone.map(Phone::reveal))
    }
}

/// A person's row, sealed.
pub(super) struct Cells {
    key: String,
    id_index: Option<String>,
    name: String,
    id_number: String,
    phone: Option<String>,
}

impl Cells {
    pub(super) fn seal(
        keys: &Keyring,
        key: &str,
        (name, id_number, phone): (&FullName, &IdNumber, Option<&Phone>),
    ) -> Result<Self, StoreError> {
        Ok(Self {
            key: key.to_owned(),
            id_index: keys.blind_indices(id_number).into_iter().next(),
            name: keys.seal(name.reveal(), people("name", key))?,
            id_number: keys.seal(id_number.reveal(), people("id_number", key))?,
            phone: phone.map(|phone| keys.seal(phone.reveal(), people("phone", key))).transpose()?,
        })
    }
}

/// A connection of its own to the store at `url`, in a transaction that writes. Dropped, it undoes all.
pub(super) async fn begin(url: &str) -> Result<Box<dyn Intake>, StoreError> {
    let mut connection: Box<dyn Intake> = match sqlite::connect(url).await? {
        Some(connection) => Box::new(connection),
        None => Box::new(PgConnectOptions::from_str(url)?.disable_statement_logging().connect().await?),
    };
    connection.begin().await?;
    Ok(connection)
}

/// A connection that takes an import in. What is put gives how many rows are new or changed.
#[async_trait]
pub(super) trait Intake: Append + Send {
    async fn begin(&mut self) -> Result<(), StoreError>;
    async fn commit(&mut self) -> Result<(), StoreError>;
    async fn known(&mut self, indices: &[&String]) -> Result<Vec<Known>, StoreError>;
    /// Whose the cases with these numbers are, of those on file.
    async fn owners(&mut self, numbers: &[&str]) -> Result<HashMap<String, String>, StoreError>;
    async fn put_people(&mut self, people: &[Cells]) -> Result<u64, StoreError>;
    async fn change_people(&mut self, people: &[Cells]) -> Result<u64, StoreError>;
    async fn put_contributions(&mut self, rows: &[(&str, &Contribution)]) -> Result<u64, StoreError>;
    async fn put_payments(&mut self, rows: &[(&str, &Payment)]) -> Result<u64, StoreError>;
    async fn put_cases(&mut self, rows: &[(&str, &Case)]) -> Result<u64, StoreError>;
    async fn set_as_of(&mut self, register: &str, day: NaiveDate) -> Result<(), StoreError>;
}

/// `impl Intake` for a connection of a database.
macro_rules! intake {
    ($connection:ty, $database:ty, $begin:literal) => {
        #[async_trait]
        impl Intake for $connection {
            async fn begin(&mut self) -> Result<(), StoreError> {
                // Not by the driver's own: a transaction that the database gave up by itself would spoil the connection.
                sqlx::raw_sql($begin).execute(&mut *self).await?;
                Ok(())
            }

            async fn commit(&mut self) -> Result<(), StoreError> {
                sqlx::raw_sql("commit").execute(&mut *self).await?;
                Ok(())
            }

            async fn known(&mut self, indices: &[&String]) -> Result<Vec<Known>, StoreError> {
                let mut query = sqlx::QueryBuilder::<$database>::new(sql::KNOWN_PEOPLE);
                let mut list = query.separated(", ");
                for index in indices {
                    list.push_bind(*index);
                }
                list.push_unseparated(")");
                Ok(query.build_query_as().persistent(false).fetch_all(&mut *self).await?)
            }

            async fn owners(&mut self, numbers: &[&str]) -> Result<HashMap<String, String>, StoreError> {
                if numbers.is_empty() {
                    return Ok(HashMap::new());
                }
                let mut query = sqlx::QueryBuilder::<$database>::new(sql::CASE_OWNERS);
                let mut list = query.separated(", ");
                for number in numbers {
                    list.push_bind(*number);
                }
                list.push_unseparated(")");
                let owners: Vec<(String, String)> = query.build_query_as().persistent(false).fetch_all(&mut *self).await?;
                Ok(owners.into_iter().collect())
            }

            async fn put_people(&mut self, people: &[Cells]) -> Result<u64, StoreError> {
                put!(self, $database, people, sql::PUT_PEOPLE, "", |into, cells| {
                    into.push_bind(&cells.key).push_bind(&cells.id_index);
                    into.push_bind(&cells.name).push_bind(&cells.id_number).push_bind(&cells.phone);
                })
            }

            async fn change_people(&mut self, people: &[Cells]) -> Result<u64, StoreError> {
                for Cells { key, name, phone, .. } in people {
                    sqlx::query(sql::CHANGE_PERSON).bind(key).bind(name).bind(phone).execute(&mut *self).await?;
                }
                Ok(people.len() as u64)
            }

            async fn put_contributions(&mut self, rows: &[(&str, &Contribution)]) -> Result<u64, StoreError> {
                put!(self, $database, rows, sql::PUT_CONTRIBUTIONS, sql::OR_CHANGE_CONTRIBUTIONS, |into, (key, row)| {
                    into.push_bind(*key).push_bind(row.insurance.id()).push_bind(row.month.number()).push_bind(&row.employer);
                    into.push_bind(row.base.0).push_bind(row.unit.0).push_bind(row.personal.0).push_bind(row.paid_on);
                })
            }

            async fn put_payments(&mut self, rows: &[(&str, &Payment)]) -> Result<u64, StoreError> {
                let worded = rows.iter().map(|&(key, row)| Ok((key, rows::word(&row.kind)?, rows::word(&row.state)?, row)));
                let rows: Vec<(&str, String, String, &Payment)> = worded.collect::<Result<_, StoreError>>()?;
                put!(self, $database, &rows, sql::FORGET_PAYMENTS_OF_MONTHS, ")", |into, (key, kind, _, row)| {
                    into.push_bind(*key).push_bind(row.month.number()).push_bind(kind);
                })?;
                put!(self, $database, &rows, sql::PUT_PAYMENTS, sql::OR_CHANGE_PAYMENTS, |into, (key, kind, state, row)| {
                    into.push_bind(*key).push_bind(row.month.number()).push_bind(PAYMENTS_FROM + row.kind as i64).push_bind(kind);
                    into.push_bind(row.amount.0).push_bind(row.paid_on).push_bind(state).push_bind(&row.card_tail);
                })
            }

            async fn put_cases(&mut self, rows: &[(&str, &Case)]) -> Result<u64, StoreError> {
                let worded = rows.iter().map(|&(key, row)| Ok((key, rows::word(&row.state)?, row)));
                let rows: Vec<(&str, String, &Case)> = worded.collect::<Result<_, StoreError>>()?;
                put!(self, $database, &rows, sql::PUT_CASES, sql::OR_CHANGE_CASES, |into, (key, state, row)| {
                    into.push_bind(*key).push_bind(row.number.as_str()).push_bind(&row.matter).push_bind(state);
                    into.push_bind(row.accepted_on).push_bind(row.due_on).push_bind(&row.note);
                    into.push_bind(sqlx::types::Json(&row.steps));
                })
            }

            async fn set_as_of(&mut self, register: &str, day: NaiveDate) -> Result<(), StoreError> {
                sqlx::query(sql::SET_AS_OF).bind(register).bind(day).execute(&mut *self).await?;
                Ok(())
            }
        }
    };
}

/// One statement after another of `ROWS` rows each, between `$begin` and `$end`. Gives the rows changed.
macro_rules! put {
    ($connection:expr, $database:ty, $rows:expr, $begin:expr, $end:expr, |$into:ident, $row:pat_param| $push:block) => {{
        let mut changed = 0;
        for some in $rows.chunks(ROWS) {
            let mut query = sqlx::QueryBuilder::<$database>::new($begin);
            query.push_values(some, |mut $into, $row| $push);
            query.push($end);
            changed += query.build().persistent(some.len() == ROWS).execute(&mut *$connection).await?.rows_affected();
        }
        Ok::<u64, StoreError>(changed)
    }};
}

intake!(SqliteConnection, Sqlite, "begin immediate");
intake!(PgConnection, Postgres, "begin");
