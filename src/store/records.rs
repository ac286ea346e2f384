//! Where records are read: the store's own registers, or those of the core system (`gateway`).

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{Store, StoreError};
use crate::domain::{
    entity::Insurance,
    fact::{
        Card, Case, Certification, Contribution, Enrollment, MedicalAccountEntry, MedicalClaim, Payment, PaymentKind, PensionAccountYear,
    },
    id_number::IdNumber,
    month::Period,
    person::{FullName, Person, PersonKey},
};

/// What is on file. "Not found" is `None` or an empty list.
#[async_trait]
pub trait Records: Send + Sync {
    /// Who has this number.
    async fn person_by_id_number(&self, number: &IdNumber) -> Result<Option<Person>, StoreError>;
    /// Who has this number, if it is this name's.
    async fn person_named(&self, number: &IdNumber, name: &FullName) -> Result<Option<Person>, StoreError> {
        Ok(self.person_by_id_number(number).await?.filter(|person| person.name == *name))
    }
    /// Who has this key.
    async fn person(&self, key: &PersonKey) -> Result<Option<Person>, StoreError>;
    /// Insurances they are or were in.
    async fn enrollments(&self, person: &PersonKey) -> Result<Vec<Enrollment>, StoreError>;
    /// Months paid, by month, then insurance id, then employer; all insurances or one, all months or some.
    async fn contributions(
        &self,
        person: &PersonKey,
        insurance: Option<Insurance>,
        period: Option<Period>,
    ) -> Result<Vec<Contribution>, StoreError>;
    /// The personal pension account by year.
    async fn pension_account(&self, person: &PersonKey) -> Result<Vec<PensionAccountYear>, StoreError>;
    /// The latest `limit` entries of the personal medical account, latest first.
    async fn medical_account(&self, person: &PersonKey, limit: u32) -> Result<Vec<MedicalAccountEntry>, StoreError>;
    /// Medical claims, latest first.
    async fn medical_claims(&self, person: &PersonKey) -> Result<Vec<MedicalClaim>, StoreError>;
    /// Benefits of one kind or all, latest first.
    async fn payments(&self, person: &PersonKey, kind: Option<PaymentKind>) -> Result<Vec<Payment>, StoreError>;
    /// The yearly certification.
    async fn certification(&self, person: &PersonKey) -> Result<Option<Certification>, StoreError>;
    /// The social security card.
    async fn card(&self, person: &PersonKey) -> Result<Option<Card>, StoreError>;
    /// Their cases, latest first.
    async fn cases(&self, person: &PersonKey) -> Result<Vec<Case>, StoreError>;
    /// The day as of which a register (one of [`REGISTERS`]) stands.
    async fn as_of(&self, register: &str) -> Result<Option<NaiveDate>, StoreError>;
    /// When a register that was read here was copied; `None`: it is no copy.
    fn copied(&self, _register: &str) -> Option<DateTime<Utc>> {
        None
    }
    /// What was read afresh here and is to be kept with the turn.
    fn fresh(&self) -> Vec<RecordCopy> {
        Vec::new()
    }
}

/// Two implementations: [`Own`] and the gateway to the core system.
pub trait Registers: Send + Sync {
    /// The registers as one call reads them.
    fn reading(self: Arc<Self>, asked: Asked) -> Arc<dyn Records>;
}

/// Why a register is read, for whom, and how long that may take.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question: a topic's id.
    pub purpose: String,
    /// Who asks.
    pub actor: Asker,
    /// The level of identity they hold.
    pub level: u8,
    /// When the turn goes on without what has not come.
    pub by: Instant,
}

/// Who has a register read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asker {
    /// 参保人本人
    Resident,
    /// 问办的操作员
    Operator,
}

/// The registers of the store itself.
pub struct Own(pub Arc<dyn Store>);

impl Registers for Own {
    fn reading(self: Arc<Self>, _: Asked) -> Arc<dyn Records> {
        self.0.clone()
    }
}

/// A register of one person as the core system last gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordCopy {
    /// Whose.
    pub person: PersonKey,
    /// Which.
    pub register: String,
    /// When it was read.
    pub copied_at: DateTime<Utc>,
    /// What was read, as the gateway writes it; sealed in the store.
    pub content: String,
}

impl fmt::Debug for RecordCopy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RecordCopy({} of {})", self.register, self.copied_at)
    }
}
