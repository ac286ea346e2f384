//! People put on file many rows at a time.

use async_trait::async_trait;

use super::{PersonFile, StoreError, write::SealedFile};

/// Rows of one insert: the widest has 9 columns, `SQLite` binds 32,766 values and Postgres 65,535.
pub(super) const ROWS: usize = 500;

/// A connection that puts people on file.
#[async_trait]
pub(super) trait Load: Send {
    async fn put_people(&mut self, files: &[SealedFile]) -> Result<(), StoreError>;
}

/// One row per entry of a list in everybody's file, from the person's key, the entry's place in its list and itself.
pub(super) fn lay<'a, T: 'a, R>(
    files: &'a [SealedFile],
    list: impl Fn(&'a PersonFile) -> &'a [T],
    row: impl Fn(&'a str, i64, &'a T) -> Result<R, StoreError>,
) -> Result<Vec<R>, StoreError> {
    let mut rows = Vec::new();
    for SealedFile { file, .. } in files {
        for (n, entry) in (0..).zip(list(file)) {
            rows.push(row(&file.person.key.0, n, entry)?);
        }
    }
    Ok(rows)
}

/// `impl Load` for a connection of a database.
macro_rules! load {
    ($connection:ty, $database:ty) => {
        #[async_trait::async_trait]
        impl Load for $connection {
            async fn put_people(&mut self, files: &[SealedFile]) -> Result<(), StoreError> {
                /// One statement after another of `ROWS` values each.
                macro_rules! forget {
                    ($delete:expr, $values:expr) => {{
                        let values: Vec<&String> = $values;
                        for some in values.chunks(ROWS) {
                            let mut query = sqlx::QueryBuilder::<$database>::new($delete);
                            let mut list = query.separated(", ");
                            for value in some {
                                list.push_bind(*value);
                            }
                            list.push_unseparated(")");
                            query.build().persistent(some.len() == ROWS).execute(&mut *self).await?;
                        }
                    }};
                }
                /// One insert after another of `ROWS` rows each.
                macro_rules! put {
                    ($insert:expr, $rows:expr, |$into:ident, $row:pat_param| $push:expr) => {{
                        let rows = $rows;
                        for some in rows.chunks(ROWS) {
                            let mut query = sqlx::QueryBuilder::<$database>::new($insert);
                            query.push_values(some, |mut $into, $row| {
                                $push;
                            });
                            query.build().persistent(some.len() == ROWS).execute(&mut *self).await?;
                        }
                    }};
                }
                forget!(sql::FORGET_PEOPLE_BY_KEY, files.iter().map(|sealed| &sealed.file.person.key.0).collect());
                forget!(sql::FORGET_PEOPLE_BY_INDEX, files.iter().flat_map(|sealed| &sealed.id_indices).collect());
                put!(sql::PUT_PEOPLE, files, |into, sealed| {
                    into.push_bind(&sealed.file.person.key.0).push_bind(sealed.id_indices.first());
                    into.push_bind(&sealed.name).push_bind(&sealed.id_number).push_bind(&sealed.phone)
                });
                let rows = lay(files, |file| &file.enrollments, |key, n, row| Ok((key, n, rows::word(&row.state)?, row)))?;
                put!(sql::PUT_ENROLLMENTS, rows, |into, (key, n, state, row)| {
                    into.push_bind(*key).push_bind(*n).push_bind(row.insurance.id()).push_bind(state);
                    into.push_bind(row.since.number()).push_bind(row.until.map(|month| month.number()));
                    into.push_bind(&row.employer).push_bind(&row.place)
                });
                let rows = lay(files, |file| &file.contributions, |key, _, row| Ok((key, row)))?;
                put!(sql::PUT_CONTRIBUTIONS, rows, |into, (key, row)| {
                    into.push_bind(*key).push_bind(row.insurance.id()).push_bind(row.month.number()).push_bind(&row.employer);
                    into.push_bind(row.base.0).push_bind(row.unit.0).push_bind(row.personal.0).push_bind(row.paid_on)
                });
                let rows = lay(files, |file| &file.pension_account, |key, _, row| Ok((key, row)))?;
                put!(sql::PUT_PENSION_ACCOUNT, rows, |into, (key, row)| {
                    into.push_bind(*key).push_bind(i64::from(row.year)).push_bind(row.paid_in.0);
                    into.push_bind(row.interest.0).push_bind(row.balance.0)
                });
                let rows = lay(files, |file| &file.medical_account, |key, n, row| Ok((key, n, row)))?;
                put!(sql::PUT_MEDICAL_ACCOUNT, rows, |into, (key, n, row)| {
                    into.push_bind(*key).push_bind(row.on).push_bind(*n).push_bind(&row.what);
                    into.push_bind(row.amount.0).push_bind(row.balance.0)
                });
                let rows = lay(files, |file| &file.medical_claims, |key, n, row| Ok((key, n, row)))?;
                put!(sql::PUT_MEDICAL_CLAIMS, rows, |into, (key, n, row)| {
                    into.push_bind(*key).push_bind(row.on).push_bind(*n).push_bind(&row.what).push_bind(&row.hospital);
                    into.push_bind(row.total.0).push_bind(row.fund.0).push_bind(row.personal.0).push_bind(row.paid_on)
                });
                let rows =
                    lay(files, |file| &file.payments, |key, n, row| Ok((key, n, rows::word(&row.kind)?, rows::word(&row.state)?, row)))?;
                put!(sql::PUT_PAYMENTS, rows, |into, (key, n, kind, state, row)| {
                    into.push_bind(*key).push_bind(row.month.number()).push_bind(*n).push_bind(kind);
                    into.push_bind(row.amount.0).push_bind(row.paid_on).push_bind(state).push_bind(&row.card_tail)
                });
                let rows = lay(files, |file| file.certification.as_slice(), |key, _, row| Ok((key, row)))?;
                put!(sql::PUT_CERTIFICATION, rows, |into, (key, row)| {
                    into.push_bind(*key).push_bind(row.done_on).push_bind(row.due_on).push_bind(&row.how)
                });
                let rows = lay(files, |file| file.card.as_slice(), |key, _, row| Ok((key, rows::word(&row.state)?, row)))?;
                put!(sql::PUT_CARD, rows, |into, (key, state, row)| {
                    into.push_bind(*key).push_bind(state).push_bind(&row.tail).push_bind(&row.bank);
                    into.push_bind(row.issued_on).push_bind(row.bank_active)
                });
                let rows = lay(files, |file| &file.cases, |key, _, row| Ok((key, rows::word(&row.state)?, row)))?;
                put!(sql::PUT_CASES, rows, |into, (key, state, row)| {
                    into.push_bind(*key).push_bind(row.number.as_str()).push_bind(&row.matter).push_bind(state);
                    into.push_bind(row.accepted_on).push_bind(row.due_on).push_bind(&row.note);
                    into.push_bind(sqlx::types::Json(&row.steps))
                });
                Ok(())
            }
        }
    };
}

pub(super) use load;
