//! Sealing anew what older keys sealed, while the desk is at work (security.md ENC-04).

use super::{
    Keyring, Place, StoreError,
    rows::reply_row,
    sql::{Column, PUT_ID_NUMBER},
};

/// Cells that one transaction changes: turns wait for it.
pub(super) const PAGE: i64 = 200;

/// How much is under one data key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// The key's id.
    pub id: String,
    /// Cells that it sealed.
    pub cells: i64,
    /// Rows of the audit trail that it links.
    pub links: i64,
}

/// A cell sealed anew: a statement and its values.
pub(super) struct Recelled {
    pub(super) put: &'static str,
    pub(super) values: Vec<String>,
}

impl Recelled {
    /// The cell of the row that `key` and `second` name, under the newest key.
    pub(super) fn new(keys: &Keyring, column: &Column, (key, second, cell): (String, String, String)) -> Result<Self, StoreError> {
        let row = if column.pair { reply_row(&key, &second) } else { key.clone() };
        let place = Place { table: column.table, column: column.column, row: &row };
        let clear = keys.open(&cell, place)?;
        let mut values = vec![keys.seal(&clear, place)?, cell, key];
        if (column.table, column.column) == ("people", "id_number") {
            values.push(keys.blind_index(&clear.parse().map_err(|_| StoreError::Unreadable("identity number"))?));
            return Ok(Self { put: PUT_ID_NUMBER, values });
        }
        if column.pair {
            values.push(second);
        }
        Ok(Self { put: column.put, values })
    }
}

/// `reseal` and `key_use` of `Store`, for a store that has `write(Write)`, a `pool` and `keys`.
macro_rules! reseal {
    ($store:ty) => {
        impl $store {
            /// Every cell under an older key, once. Gives how many there were.
            async fn reseal_once(&self, done: &(dyn Fn(u64) + Sync)) -> Result<u64, StoreError> {
                let mut cells = 0;
                for column in &sql::SEALED {
                    let mut after = (String::new(), String::new());
                    loop {
                        let mut query = sqlx::query_as(column.rows).bind(self.keys.mark()).bind(&after.0).bind(PAGE);
                        if column.pair {
                            query = query.bind(&after.1);
                        }
                        let page: Vec<(String, String, String)> = query.fetch_all(&self.pool).await?;
                        let Some((key, second, _)) = page.last() else { break };
                        after = (key.clone(), second.clone());
                        let count = u64::try_from(page.len()).unwrap_or(u64::MAX);
                        let anew = page.into_iter().map(|row| Recelled::new(&self.keys, column, row)).collect::<Result<_, _>>()?;
                        self.write(Write::Reseal(anew)).await?;
                        cells += count;
                        done(count);
                    }
                }
                Ok(cells)
            }

            async fn count_keys(&self) -> Result<Vec<KeyUse>, StoreError> {
                let mut uses: Vec<KeyUse> = self.keys.data_keys().into_iter().map(|(id, _)| KeyUse { id, ..KeyUse::default() }).collect();
                let statements = sql::SEALED.iter().map(|column| (column.count, true));
                for (statement, cells) in statements.chain([(sql::COUNT_LINKS, false)]) {
                    let counts: Vec<(String, i64)> = sqlx::query_as(statement).fetch_all(&self.pool).await?;
                    for (id, count) in counts {
                        let at = uses.iter().position(|known| known.id == id).unwrap_or_else(|| {
                            uses.push(KeyUse { id, ..KeyUse::default() });
                            uses.len() - 1
                        });
                        let known = &mut uses[at];
                        *(if cells { &mut known.cells } else { &mut known.links }) += count;
                    }
                }
                Ok(uses)
            }
        }
    };
}

pub(super) use reseal;
