//! Sealing anew what older keys sealed, while the desk is at work (security.md ENC-04).

use super::{
    Keyring, Place, StoreError,
    rows::{copy_row, reply_row},
    sql::PUT_ID_NUMBER,
};

/// Cells that one transaction changes: turns wait for it.
pub(super) const PAGE: i64 = 200;

/// A sealed column.
pub(super) struct Column {
    table: &'static str,
    name: &'static str,
    key: &'static str,
    /// The second column of the key, and how the two name the row.
    second: Option<(&'static str, RowName)>,
}

type RowName = fn(&str, &str) -> String;

/// Every sealed column; `tests/it/store/rotation.rs` looks for one that is missing.
pub(super) const SEALED: [Column; 10] = [
    Column { table: "people", name: "name", key: "key", second: None },
    Column { table: "people", name: "id_number", key: "key", second: None },
    Column { table: "people", name: "phone", key: "key", second: None },
    Column { table: "conversations", name: "session", key: "id", second: None },
    Column { table: "replies", name: "reply", key: "conversation", second: Some(("message_id", reply_row)) },
    Column { table: "matters", name: "content", key: "number", second: None },
    Column { table: "matters", name: "answer", key: "number", second: None },
    Column { table: "copies", name: "content", key: "person", second: Some(("register", copy_row)) },
    Column { table: "certificates", name: "holder", key: "code_mac", second: None },
    Column { table: "certificates", name: "content", key: "code_mac", second: None },
];

impl Column {
    pub(super) fn is_paired(&self) -> bool {
        self.second.is_some()
    }

    /// How many cells there are, by the id of the key that sealed them.
    pub(super) fn count(&self) -> String {
        let Self { table, name, .. } = self;
        format!("select substr({name}, 1, 8), count(*) from {table} where {name} is not null group by 1")
    }

    /// Cells that do not begin with $1, behind the row $2 (and $4), at most $3: the two parts of the row's key, the cell.
    pub(super) fn others(&self) -> String {
        let Self { table, name, key, .. } = self;
        let (second, behind, order) = match self.second {
            None => ("''".to_owned(), format!("{key} > $2"), (*key).to_owned()),
            Some((second, _)) => (second.to_owned(), format!("({key}, {second}) > ($2, $4)"), format!("{key}, {second}")),
        };
        format!("select {key}, {second}, {name} from {table} where substr({name}, 1, 9) <> $1 and {behind} order by {order} limit $3")
    }

    /// Puts $1 in place of $2 in the row $3 (and $4), unless it was changed since.
    fn put(&self) -> String {
        let Self { table, name, key, second } = self;
        let and = second.map(|(second, _)| format!(" and {second} = $4")).unwrap_or_default();
        format!("update {table} set {name} = $1 where {name} = $2 and {key} = $3{and}")
    }
}

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
    pub(super) put: String,
    pub(super) values: Vec<String>,
}

impl Recelled {
    /// The cell of the row that `key` and `second` name, under the newest key.
    pub(super) fn new(keys: &Keyring, column: &Column, (key, second, cell): (String, String, String)) -> Result<Self, StoreError> {
        let row = column.second.map_or_else(|| key.clone(), |(_, name_row)| name_row(&key, &second));
        let place = Place { table: column.table, column: column.name, row: &row };
        let clear = keys.open(&cell, place)?;
        let mut values = vec![keys.seal(&clear, place)?, cell, key];
        if (column.table, column.name) == ("people", "id_number") {
            values.push(keys.blind_index(&clear.parse().map_err(|_| StoreError::Unreadable("identity number"))?));
            return Ok(Self { put: PUT_ID_NUMBER.to_owned(), values });
        }
        if column.is_paired() {
            values.push(second);
        }
        Ok(Self { put: column.put(), values })
    }
}

/// What `reseal` and `key_use` of `Store` are made of, for a store that is a `Base`.
macro_rules! reseal {
    ($store:ty) => {
        impl $store {
            /// Every cell under an older key, once. Gives how many there were.
            async fn reseal_once(&self, done: &(dyn Fn(u64) + Sync)) -> Result<u64, StoreError> {
                let mut cells = 0;
                let mut connection = self.readers.patient().await?;
                for column in &SEALED {
                    let mut after = (String::new(), String::new());
                    loop {
                        let query = sqlx::query_as(AssertSqlSafe(column.others())).bind(self.keys.mark()).bind(&after.0).bind(PAGE);
                        let query = if column.is_paired() { query.bind(&after.1) } else { query };
                        let page: Vec<(String, String, String)> = query.fetch_all(&mut connection).await?;
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
                let mut connection = self.readers.patient().await?;
                let cells = SEALED.iter().map(|column| (column.count(), true));
                for (statement, are_cells) in cells.chain([(sql::COUNT_LINKS.to_owned(), false)]) {
                    let counts: Vec<(String, i64)> = sqlx::query_as(AssertSqlSafe(statement)).fetch_all(&mut connection).await?;
                    for (id, count) in counts {
                        let at = uses.iter().position(|known| known.id == id).unwrap_or_else(|| {
                            uses.push(KeyUse { id, ..KeyUse::default() });
                            uses.len() - 1
                        });
                        let known = &mut uses[at];
                        *(if are_cells { &mut known.cells } else { &mut known.links }) += count;
                    }
                }
                Ok(uses)
            }
        }
    };
}

pub(super) use reseal;
