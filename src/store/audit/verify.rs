//! Walking the chain.

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{AuditHead, AuditRow};
use crate::store::{Keyring, Store, StoreError};

/// Rows read at once.
const PAGE: u32 = 1_000;

/// A place of the chain, as it is noted outside the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// A row's number; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// What a walk over the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// The number of the first row kept.
    pub first: i64,
    /// Rows that hold, from the first on.
    pub rows: i64,
    /// The last of them.
    pub head: Anchor,
    /// Where the chain is broken first.
    pub fault: Option<Fault>,
}

/// How the chain is broken, with the row's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The row is not as the desk wrote it, or the desk never did.
    Altered(i64),
    /// There is no such row, and others follow.
    Missing(i64),
    /// A row that stands before the first one kept.
    Stray(i64),
    /// The desk did not set the place up to which rows are no longer kept.
    Base(i64),
    /// The head names another row than the last one.
    Head(i64),
    /// An anchor names this row, and the chain ends before it.
    Cut(i64),
    /// An anchor names this row with another hash.
    Remade(i64),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered(seq) => write!(out, "row {seq} is not as the desk wrote it"),
            Self::Missing(seq) => write!(out, "row {seq} is missing"),
            Self::Stray(seq) => write!(out, "row {seq} stands before the first one kept"),
            Self::Base(seq) => write!(out, "the rows up to {seq} were not removed by the desk"),
            Self::Head(seq) => write!(out, "the head does not name row {seq}, the last one"),
            Self::Cut(seq) => write!(out, "the end is cut off: row {seq} was there when it was anchored"),
            Self::Remade(seq) => write!(out, "row {seq} had another hash when it was anchored"),
        }
    }
}

/// A trail to walk: a store's, or a copy's.
#[async_trait]
pub trait Trail: Sync {
    /// Where it begins and ends.
    async fn audit_head(&self) -> Result<AuditHead, StoreError>;
    /// At most `limit` rows with numbers above `after`, in order.
    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError>;
}

#[async_trait]
impl Trail for dyn Store + '_ {
    async fn audit_head(&self) -> Result<AuditHead, StoreError> {
        Store::audit_head(self).await
    }

    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        Store::audit_rows(self, after, limit).await
    }
}

/// Walks the whole chain and compares it with `anchors`. Rows added meanwhile are walked too.
pub async fn verify<T: Trail + ?Sized>(trail: &T, keys: &Keyring, anchors: &[Anchor]) -> Result<Walk, StoreError> {
    loop {
        let start = trail.audit_head().await?;
        let walk = walk(trail, keys, &start, anchors).await?;
        // Rows that the desk let go of meanwhile are no fault.
        if walk.fault.is_none() || trail.audit_head().await?.base_seq == start.base_seq {
            return Ok(walk);
        }
    }
}

async fn walk<T: Trail + ?Sized>(trail: &T, keys: &Keyring, start: &AuditHead, anchors: &[Anchor]) -> Result<Walk, StoreError> {
    let mut noted: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for anchor in anchors {
        noted.entry(anchor.seq).or_default().push(&anchor.hash);
    }
    let base = Anchor { seq: start.base_seq, hash: start.base_hash.clone() };
    let mut walk = Walk { first: base.seq + 1, rows: 0, head: base, fault: None };
    if !start.base_holds(keys) {
        walk.fault = Some(Fault::Base(start.base_seq));
    }
    walk.compare(&noted);
    let mut after = i64::MIN;
    while walk.fault.is_none() {
        let page = trail.audit_rows(after, PAGE).await?;
        for row in &page {
            walk.step(row, keys);
            walk.compare(&noted);
            if walk.fault.is_some() {
                return Ok(walk);
            }
            after = row.seq;
        }
        if page.is_empty() {
            let head = trail.audit_head().await?;
            // More came since.
            if head.last > walk.head.seq {
                continue;
            }
            if head.seq != walk.head.seq || head.hash != walk.head.hash {
                walk.fault = Some(Fault::Head(walk.head.seq));
            } else if let Some((seq, _)) = noted.range(walk.head.seq + 1..).next() {
                walk.fault = Some(Fault::Cut(*seq));
            }
            break;
        }
    }
    Ok(walk)
}

impl Walk {
    fn step(&mut self, row: &AuditRow, keys: &Keyring) {
        let expected = self.head.seq + 1;
        self.fault = if row.seq < expected {
            Some(Fault::Stray(row.seq))
        } else if row.seq > expected {
            Some(Fault::Missing(expected))
        } else if row.prev != self.head.hash || !row.holds(keys) {
            Some(Fault::Altered(row.seq))
        } else {
            self.rows += 1;
            self.head = Anchor { seq: row.seq, hash: row.hash.clone() };
            None
        };
    }

    /// Compares the row reached with the anchors that name it.
    fn compare(&mut self, noted: &BTreeMap<i64, Vec<&str>>) {
        let other = noted.get(&self.head.seq).is_some_and(|hashes| hashes.iter().any(|hash| *hash != self.head.hash));
        if self.fault.is_none() && other {
            self.fault = Some(Fault::Remade(self.head.seq));
        }
    }
}
