//! What one call of a flow reads: each register is asked for once, whole, and cut here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Fault, Gateway, checks::Row, contract::PersonRow};
use crate::{
    domain::{
        entity::Insurance,
        fact::{
            Card, Case, Certification, Contribution, Enrollment, MedicalAccountEntry, MedicalClaim, Payment, PaymentKind,
            PensionAccountYear,
        },
        id_number::IdNumber,
        month::Period,
        person::{FullName, Person, PersonKey, Phone},
    },
    store::{Asked, COPY_HOLDS, RecordCopy, Records, StoreError},
};

/// The register that tells who somebody is.
const PERSON: &str = "person";

pub(super) struct Reading {
    gateway: Arc<Gateway>,
    asked: Asked,
    read: Mutex<Vec<Read>>,
}

/// A register that was read.
struct Read {
    copy: RecordCopy,
    as_of: NaiveDate,
    /// The core system gave it just now.
    fresh: bool,
}

/// [`RecordCopy::content`] of a register.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    as_of: NaiveDate,
    rows: Vec<T>,
}

/// [`RecordCopy::content`] of the register `person`: besides, the one place where a key leads back to a number.
#[derive(Serialize, Deserialize)]
struct KeptPerson {
    id_number: IdNumber,
    as_of: NaiveDate,
    name: FullName,
    phone: Option<Phone>,
}

impl Reading {
    pub(super) fn new(gateway: Arc<Gateway>, asked: Asked) -> Self {
        Self { gateway, asked, read: Mutex::default() }
    }

    fn read(&self) -> MutexGuard<'_, Vec<Read>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, person: &PersonKey, register: &str) -> Option<String> {
        let read = self.read();
        let found = read.iter().find(|read| read.copy.register == register && read.copy.person == *person);
        found.map(|read| read.copy.content.clone())
    }

    fn keep(&self, person: &PersonKey, register: &str, content: String, as_of: NaiveDate) {
        let copied_at = self.gateway.clock.now();
        let copy = RecordCopy { person: person.clone(), register: register.to_owned(), copied_at, content };
        self.read().push(Read { copy, as_of, fresh: true });
    }

    /// The store's copy of a register, when it is not too old to be told.
    async fn copy(&self, person: &PersonKey, register: &str) -> Result<Option<RecordCopy>, StoreError> {
        let copy = self.gateway.store.copy(person, register).await?;
        Ok(copy.filter(|copy| self.gateway.clock.now() - copy.copied_at < COPY_HOLDS))
    }

    /// Whom this key stands for. They were asked for when they were checked, which holds for an hour.
    async fn whom(&self, person: &PersonKey) -> Result<Option<KeptPerson>, StoreError> {
        let content = match self.known(person, PERSON) {
            Some(content) => Some(content),
            None => self.copy(person, PERSON).await?.map(|copy| copy.content),
        };
        content.map(|content| parse(&content)).transpose()
    }

    async fn rows<T: Row>(&self, person: &PersonKey) -> Result<Vec<T>, StoreError> {
        let register = T::REGISTER.name();
        if let Some(content) = self.known(person, register) {
            return Ok(parse::<Kept<T>>(&content)?.rows);
        }
        let asked = match self.whom(person).await? {
            Some(whom) => self.gateway.ask::<T>(&whom.id_number, &self.asked).await,
            None => Err(Fault::Forgotten),
        };
        match asked {
            Ok(answer) => {
                let kept = Kept { as_of: answer.as_of, rows: answer.rows };
                self.keep(person, register, written(&kept)?, kept.as_of);
                Ok(kept.rows)
            }
            Err(fault) => {
                told(register, &fault);
                let Some(copy) = self.copy(person, register).await? else { return Err(StoreError::Unreachable(fault.to_string())) };
                let kept: Kept<T> = parse(&copy.content)?;
                self.read().push(Read { copy, as_of: kept.as_of, fresh: false });
                Ok(kept.rows)
            }
        }
    }

    /// Who has this number, and whether the core system said so just now. Only who is `wanted` is kept: nobody fills the
    /// store by trying numbers.
    async fn find(&self, number: &IdNumber, wanted: impl Fn(&FullName) -> bool) -> Result<Option<Person>, StoreError> {
        let key = self.gateway.key(number);
        match self.gateway.ask::<PersonRow>(number, &self.asked).await {
            Ok(answer) => {
                let Some(row) = answer.rows.into_iter().next() else { return Ok(None) };
                let Some(name) = FullName::parse(&row.name).filter(wanted) else { return Ok(None) };
                let phone = row.phone.as_deref().and_then(Phone::parse);
                let kept = KeptPerson { id_number: number.clone(), as_of: answer.as_of, name, phone };
                self.keep(&key, PERSON, written(&kept)?, kept.as_of);
                Ok(Some(kept.of(key)))
            }
            Err(fault) => {
                told(PERSON, &fault);
                // Another name looks like no copy: nobody learns who was here today.
                let kept = self.copy(&key, PERSON).await?.map(|copy| parse::<KeptPerson>(&copy.content)).transpose()?;
                kept.filter(|kept| wanted(&kept.name)).map(|kept| Some(kept.of(key))).ok_or(StoreError::Unreachable(fault.to_string()))
            }
        }
    }
}

impl KeptPerson {
    fn of(self, key: PersonKey) -> Person {
        Person { key, name: self.name, id_number: self.id_number, phone: self.phone }
    }
}

/// Once for each call: that the core system rests was said when its rest began.
fn told(register: &str, fault: &Fault) {
    if !matches!(fault, Fault::Resting) {
        tracing::warn!(register, %fault, "the core system gave no record");
    }
}

fn parse<'a, T: Deserialize<'a>>(content: &'a str) -> Result<T, StoreError> {
    serde_json::from_str(content).map_err(|_| StoreError::Unreadable("copy"))
}

fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Unreadable("copy"))
}

#[async_trait]
impl Records for Reading {
    async fn person_by_id_number(&self, number: &IdNumber) -> Result<Option<Person>, StoreError> {
        self.find(number, |_| true).await
    }

    async fn person_named(&self, number: &IdNumber, name: &FullName) -> Result<Option<Person>, StoreError> {
        self.find(number, |known| known == name).await
    }

    async fn person(&self, key: &PersonKey) -> Result<Option<Person>, StoreError> {
        Ok(self.whom(key).await?.map(|kept| kept.of(key.clone())))
    }

    async fn enrollments(&self, person: &PersonKey) -> Result<Vec<Enrollment>, StoreError> {
        self.rows(person).await
    }

    async fn contributions(
        &self,
        person: &PersonKey,
        insurance: Option<Insurance>,
        period: Option<Period>,
    ) -> Result<Vec<Contribution>, StoreError> {
        let mut rows: Vec<Contribution> = self.rows(person).await?;
        rows.retain(|row| {
            insurance.is_none_or(|insurance| row.insurance == insurance) && period.is_none_or(|period| period.contains(row.month))
        });
        rows.sort_by(|one, other| {
            (one.month, one.insurance.id(), &one.employer).cmp(&(other.month, other.insurance.id(), &other.employer))
        });
        Ok(rows)
    }

    async fn pension_account(&self, person: &PersonKey) -> Result<Vec<PensionAccountYear>, StoreError> {
        let mut rows: Vec<PensionAccountYear> = self.rows(person).await?;
        rows.sort_by_key(|row| row.year);
        Ok(rows)
    }

    async fn medical_account(&self, person: &PersonKey, limit: u32) -> Result<Vec<MedicalAccountEntry>, StoreError> {
        let mut rows: Vec<MedicalAccountEntry> = self.rows(person).await?;
        // Of one day, the order is the core system's.
        rows.sort_by_key(|row| std::cmp::Reverse(row.on));
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(rows)
    }

    async fn medical_claims(&self, person: &PersonKey) -> Result<Vec<MedicalClaim>, StoreError> {
        let mut rows: Vec<MedicalClaim> = self.rows(person).await?;
        rows.sort_by_key(|row| std::cmp::Reverse(row.on));
        Ok(rows)
    }

    async fn payments(&self, person: &PersonKey, kind: Option<PaymentKind>) -> Result<Vec<Payment>, StoreError> {
        let mut rows: Vec<Payment> = self.rows(person).await?;
        rows.retain(|row| kind.is_none_or(|kind| row.kind == kind));
        rows.sort_by_key(|row| std::cmp::Reverse(row.month));
        Ok(rows)
    }

    async fn certification(&self, person: &PersonKey) -> Result<Option<Certification>, StoreError> {
        Ok(self.rows(person).await?.into_iter().next())
    }

    async fn card(&self, person: &PersonKey) -> Result<Option<Card>, StoreError> {
        Ok(self.rows(person).await?.into_iter().next())
    }

    async fn cases(&self, person: &PersonKey) -> Result<Vec<Case>, StoreError> {
        let mut rows: Vec<Case> = self.rows(person).await?;
        rows.sort_by(|one, other| (other.accepted_on, other.number.as_str()).cmp(&(one.accepted_on, one.number.as_str())));
        Ok(rows)
    }

    async fn as_of(&self, register: &str) -> Result<Option<NaiveDate>, StoreError> {
        Ok(self.read().iter().find(|read| read.copy.register == register).map(|read| read.as_of))
    }

    fn copied(&self, register: &str) -> Option<DateTime<Utc>> {
        self.read().iter().find(|read| read.copy.register == register && !read.fresh).map(|read| read.copy.copied_at)
    }

    fn fresh(&self) -> Vec<RecordCopy> {
        self.read().iter().filter(|read| read.fresh).map(|read| read.copy.clone()).collect()
    }
}
