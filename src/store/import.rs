//! Lines of the office's exports put on file: one transaction for a whole file, a batch of lines at a time.
//!
//! A line replaces what it is about (a person, a month with an employer, a month of a benefit, a case) and leaves the rest on file,
//! so that the same file twice leaves the same rows.

mod intake;

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, RandomState},
};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Keyring, StoreError, audit::Acted};
use crate::domain::{
    audit::{Act, Actor, Entry, Outcome},
    fact::{Case, Contribution, Payment},
    id_number::IdNumber,
    person::{FullName, Phone},
};
use intake::{Cells, Intake, Known};

/// One line of an export.
#[derive(Clone, Debug)]
pub enum Line {
    /// Who somebody is. Their registers stay as they are.
    Person {
        /// Full name.
        name: FullName,
        /// Identity number.
        id_number: IdNumber,
        /// Phone on record.
        phone: Option<Phone>,
    },
    /// One month paid in one insurance by one employer.
    Contribution(IdNumber, Contribution),
    /// One benefit of one month.
    Payment(IdNumber, Payment),
    /// A case.
    Case(IdNumber, Case),
}

/// Why a line cannot be put on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The line is somebody's who is not known.
    #[error("nobody with this identity number is on file: import people first")]
    Unknown,
    /// Two lines would replace each other.
    #[error("an earlier line of this file is about the same")]
    Repeated,
    /// The case is on file under another person.
    #[error("the number belongs to another person's case")]
    Foreign,
}

impl Line {
    fn id_number(&self) -> &IdNumber {
        match self {
            Self::Person { id_number: number, .. } | Self::Contribution(number, _) | Self::Payment(number, _) | Self::Case(number, _) => {
                number
            }
        }
    }
}

/// A file being put on file: nothing of it is there before [`Import::finish`], nor ever if this is dropped.
pub struct Import {
    connection: Box<dyn Intake>,
    keys: Keyring,
    /// Hashes of what the lines so far are about.
    seen: HashSet<u64>,
    hashing: RandomState,
    changed: u64,
}

impl Import {
    /// Begins one on the store at `url`, whose tables are up to date.
    pub async fn begin(url: &str, keys: Keyring) -> Result<Self, StoreError> {
        let connection = intake::begin(url).await?;
        Ok(Self { connection, keys, seen: HashSet::new(), hashing: RandomState::new(), changed: 0 })
    }

    /// Puts lines on file, or says of each why not.
    pub async fn put(&mut self, lines: &[Line]) -> Result<Vec<Option<Refusal>>, StoreError> {
        if lines.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.known(lines).await?;
        let numbers = lines.iter().filter_map(|line| if let Line::Case(_, case) = line { Some(case.number.as_str()) } else { None });
        let owners = self.connection.owners(&numbers.collect::<Vec<_>>()).await?;
        let mut refusals = Vec::with_capacity(lines.len());
        let (mut newcomers, mut changed) = (Vec::new(), Vec::new());
        let (mut contributions, mut payments, mut cases) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines {
            let person = known.get(line.id_number().reveal());
            let repeated = !self.seen.insert(self.about(line));
            refusals.push(match (line, person) {
                _ if repeated => Some(Refusal::Repeated),
                (Line::Person { name, id_number, phone }, None) => {
                    let key = format!("{:032x}", rand::random::<u128>());
                    newcomers.push(Cells::seal(&self.keys, &key, (name, id_number, phone.as_ref()))?);
                    None
                }
                (Line::Person { name, id_number, phone }, Some(person)) => {
                    if !person.is(&self.keys, name, phone.as_ref())? {
                        changed.push(Cells::seal(&self.keys, &person.key, (name, id_number, phone.as_ref()))?);
                    }
                    None
                }
                (_, None) => Some(Refusal::Unknown),
                (Line::Contribution(_, row), Some(person)) => {
                    contributions.push((person.key.as_str(), row));
                    None
                }
                (Line::Payment(_, row), Some(person)) => {
                    payments.push((person.key.as_str(), row));
                    None
                }
                (Line::Case(_, row), Some(person)) => match owners.get(row.number.as_str()) {
                    Some(owner) if *owner != person.key => Some(Refusal::Foreign),
                    _ => {
                        cases.push((person.key.as_str(), row));
                        None
                    }
                },
            });
        }
        let connection = &mut self.connection;
        self.changed += connection.put_people(&newcomers).await? + connection.change_people(&changed).await?;
        self.changed += connection.put_contributions(&contributions).await?;
        self.changed += connection.put_payments(&payments).await? + connection.put_cases(&cases).await?;
        Ok(refusals)
    }

    /// Makes all of it lasting, dates the register when it is one, and tells the audit trail of so many lines of `what`. Gives how many
    /// rows are new or changed.
    pub async fn finish(mut self, what: &str, lines: u64, as_of: Option<(&str, NaiveDate)>, at: DateTime<Utc>) -> Result<u64, StoreError> {
        if let Some((register, day)) = as_of {
            self.connection.set_as_of(register, day).await?;
        }
        let object = format!("{what} lines {lines}, changed {}", self.changed);
        let entry = Entry { object, ..Entry::new(Actor::Operator, Act::Imported, Outcome::Done) };
        let acted = Acted::new(&self.keys, "", at, entry);
        self.connection.append(&self.keys, &[acted]).await.map_err(|error| StoreError::Audit(error.to_string()))?;
        self.connection.commit().await?;
        Ok(self.changed)
    }

    /// Who of the lines' people is on file, by identity number.
    async fn known<'l>(&mut self, lines: &'l [Line]) -> Result<HashMap<&'l str, Known>, StoreError> {
        let numbers: HashMap<&str, &IdNumber> = lines.iter().map(|line| (line.id_number().reveal(), line.id_number())).collect();
        let mut by_index = HashMap::with_capacity(numbers.len());
        for (clear, number) in numbers {
            by_index.extend(self.keys.blind_indices(number).into_iter().map(|index| (index, clear)));
        }
        let found = self.connection.known(&by_index.keys().collect::<Vec<_>>()).await?;
        Ok(found.into_iter().filter_map(|known| Some((*by_index.get(&known.id_index)?, known))).collect())
    }

    /// What a line is about, as a number that no other line of the file has.
    fn about(&self, line: &Line) -> u64 {
        match line {
            Line::Person { id_number, .. } => self.hashing.hash_one(id_number),
            Line::Contribution(number, row) => self.hashing.hash_one((number, row.insurance, row.month, &row.employer)),
            Line::Payment(number, row) => self.hashing.hash_one((number, row.month, row.kind)),
            Line::Case(_, row) => self.hashing.hash_one(&row.number),
        }
    }
}
