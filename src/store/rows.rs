//! Rows as both databases give them, and the values they stand for.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IntoDeserializer, value::Error},
};
use sqlx::{FromRow, types::Json};

use super::{ConversationHead, Earlier, Keyring, Place, Recalled, StoreError, Versioned};
use crate::domain::{
    entity::Insurance,
    fact::{
        Card, Case, CaseNumber, CaseStep, Certification, Contribution, Enrollment, MedicalAccountEntry, MedicalClaim, Payment,
        PensionAccountYear,
    },
    money::Fen,
    month::Month,
    person::{FullName, Person, PersonKey, Phone},
    session::Session,
};

/// An enum without fields as the word that serde writes.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) | Err(_) => Err(StoreError::Unreadable("word")),
    }
}

/// The inverse of [`word`].
pub(super) fn of_word<'a, T: Deserialize<'a>>(word: &'a str, what: &'static str) -> Result<T, StoreError> {
    T::deserialize(IntoDeserializer::<Error>::into_deserializer(word)).map_err(|_| StoreError::Unreadable(what))
}

/// A value as JSON, sealed.
pub(super) fn seal_json<T: Serialize>(keys: &Keyring, value: &T, place: Place<'_>) -> Result<String, StoreError> {
    keys.seal(&serde_json::to_string(value).map_err(|_| StoreError::Unreadable(place.table))?, place)
}

pub(super) fn open_json<T: DeserializeOwned>(keys: &Keyring, sealed: &str, place: Place<'_>) -> Result<T, StoreError> {
    serde_json::from_str(&keys.open(sealed, place)?).map_err(|_| StoreError::Unreadable(place.column))
}

/// A cell of the people's table.
pub(super) fn people<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { table: "people", column, row }
}

/// A conversation's memory.
pub(super) fn session(conversation: &str) -> Place<'_> {
    Place { table: "conversations", column: "session", row: conversation }
}

/// The row of a copy: the length keeps two names apart.
pub(super) fn copy_row(person: &str, register: &str) -> String {
    format!("{}:{person}{register}", person.len())
}

/// A copy in its row.
pub(super) fn copy(row: &str) -> Place<'_> {
    Place { table: "copies", column: "content", row }
}

/// The row of a reply: the length keeps two ids apart.
pub(super) fn reply_row(conversation: &str, message: &str) -> String {
    format!("{}:{conversation}{message}", conversation.len())
}

/// A reply in its row.
pub(super) fn reply(row: &str) -> Place<'_> {
    Place { table: "replies", column: "reply", row }
}

fn month(number: i64) -> Result<Month, StoreError> {
    Month::from_number(number).ok_or(StoreError::Unreadable("month"))
}

fn insurance(id: &str) -> Result<Insurance, StoreError> {
    Insurance::from_id(id).ok_or(StoreError::Unreadable("insurance"))
}

#[derive(FromRow)]
pub(super) struct PersonRow {
    key: String,
    name: String,
    id_number: String,
    phone: Option<String>,
}

impl PersonRow {
    pub(super) fn open(self, keys: &Keyring) -> Result<Person, StoreError> {
        let key = &self.key;
        let name = keys.open(&self.name, people("name", key))?;
        let id_number = keys.open(&self.id_number, people("id_number", key))?;
        let phone = self.phone.map(|phone| keys.open(&phone, people("phone", key))).transpose()?;
        Ok(Person {
            name: FullName::parse(&name).ok_or(StoreError::Unreadable("name"))?,
            id_number: id_number.parse().map_err(|_| StoreError::Unreadable("identity number"))?,
            phone: phone.map(|phone| Phone::parse(&phone).ok_or(StoreError::Unreadable("phone"))).transpose()?,
            key: PersonKey(self.key),
        })
    }
}

#[derive(FromRow)]
pub(super) struct EnrollmentRow {
    insurance: String,
    state: String,
    since: i64,
    until: Option<i64>,
    employer: String,
    place: String,
}

impl TryFrom<EnrollmentRow> for Enrollment {
    type Error = StoreError;
    fn try_from(row: EnrollmentRow) -> Result<Self, StoreError> {
        Ok(Self {
            insurance: insurance(&row.insurance)?,
            state: of_word(&row.state, "state")?,
            since: month(row.since)?,
            until: row.until.map(month).transpose()?,
            employer: row.employer,
            place: row.place,
        })
    }
}

#[derive(FromRow)]
pub(super) struct ContributionRow {
    insurance: String,
    month: i64,
    employer: String,
    base: i64,
    unit: i64,
    personal: i64,
    paid_on: Option<NaiveDate>,
}

impl TryFrom<ContributionRow> for Contribution {
    type Error = StoreError;
    fn try_from(row: ContributionRow) -> Result<Self, StoreError> {
        Ok(Self {
            insurance: insurance(&row.insurance)?,
            month: month(row.month)?,
            base: Fen(row.base),
            unit: Fen(row.unit),
            personal: Fen(row.personal),
            paid_on: row.paid_on,
            employer: row.employer,
        })
    }
}

#[derive(FromRow)]
pub(super) struct PensionAccountRow {
    year: i64,
    paid_in: i64,
    interest: i64,
    balance: i64,
}

impl TryFrom<PensionAccountRow> for PensionAccountYear {
    type Error = StoreError;
    fn try_from(row: PensionAccountRow) -> Result<Self, StoreError> {
        Ok(Self {
            year: i32::try_from(row.year).map_err(|_| StoreError::Unreadable("year"))?,
            paid_in: Fen(row.paid_in),
            interest: Fen(row.interest),
            balance: Fen(row.balance),
        })
    }
}

#[derive(FromRow)]
pub(super) struct MedicalAccountRow {
    day: NaiveDate,
    what: String,
    amount: i64,
    balance: i64,
}

impl TryFrom<MedicalAccountRow> for MedicalAccountEntry {
    type Error = StoreError;
    fn try_from(row: MedicalAccountRow) -> Result<Self, StoreError> {
        Ok(Self { on: row.day, what: row.what, amount: Fen(row.amount), balance: Fen(row.balance) })
    }
}

#[derive(FromRow)]
pub(super) struct MedicalClaimRow {
    day: NaiveDate,
    what: String,
    hospital: String,
    total: i64,
    fund: i64,
    personal: i64,
    paid_on: Option<NaiveDate>,
}

impl TryFrom<MedicalClaimRow> for MedicalClaim {
    type Error = StoreError;
    fn try_from(row: MedicalClaimRow) -> Result<Self, StoreError> {
        Ok(Self {
            on: row.day,
            what: row.what,
            hospital: row.hospital,
            total: Fen(row.total),
            fund: Fen(row.fund),
            personal: Fen(row.personal),
            paid_on: row.paid_on,
        })
    }
}

#[derive(FromRow)]
pub(super) struct PaymentRow {
    kind: String,
    month: i64,
    amount: i64,
    paid_on: Option<NaiveDate>,
    state: String,
    card_tail: String,
}

impl TryFrom<PaymentRow> for Payment {
    type Error = StoreError;
    fn try_from(row: PaymentRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: of_word(&row.kind, "kind")?,
            month: month(row.month)?,
            amount: Fen(row.amount),
            paid_on: row.paid_on,
            state: of_word(&row.state, "state")?,
            card_tail: row.card_tail,
        })
    }
}

#[derive(FromRow)]
pub(super) struct CertificationRow {
    done_on: Option<NaiveDate>,
    due_on: NaiveDate,
    how: Option<String>,
}

impl TryFrom<CertificationRow> for Certification {
    type Error = StoreError;
    fn try_from(row: CertificationRow) -> Result<Self, StoreError> {
        Ok(Self { done_on: row.done_on, due_on: row.due_on, how: row.how })
    }
}

#[derive(FromRow)]
pub(super) struct CardRow {
    state: String,
    tail: String,
    bank: String,
    issued_on: NaiveDate,
    bank_active: bool,
}

impl TryFrom<CardRow> for Card {
    type Error = StoreError;
    fn try_from(row: CardRow) -> Result<Self, StoreError> {
        Ok(Self {
            state: of_word(&row.state, "state")?,
            tail: row.tail,
            bank: row.bank,
            issued_on: row.issued_on,
            bank_active: row.bank_active,
        })
    }
}

#[derive(FromRow)]
pub(super) struct CaseRow {
    person: String,
    number: String,
    matter: String,
    state: String,
    accepted_on: NaiveDate,
    due_on: Option<NaiveDate>,
    note: Option<String>,
    steps: Json<Vec<CaseStep>>,
}

impl TryFrom<CaseRow> for (PersonKey, Case) {
    type Error = StoreError;
    fn try_from(row: CaseRow) -> Result<Self, StoreError> {
        let case = Case {
            number: CaseNumber::parse(&row.number).ok_or(StoreError::Unreadable("case number"))?,
            matter: row.matter,
            state: of_word(&row.state, "state")?,
            accepted_on: row.accepted_on,
            due_on: row.due_on,
            note: row.note,
            steps: row.steps.0,
        };
        Ok((PersonKey(row.person), case))
    }
}

#[derive(FromRow)]
pub(super) struct RecallRow {
    session: Option<String>,
    version: Option<i64>,
    input_hash: Option<String>,
    reply: Option<String>,
}

impl RecallRow {
    pub(super) fn open(self, keys: &Keyring, conversation: &str, message: &str) -> Result<Recalled, StoreError> {
        let saved = self.session.zip(self.version);
        let session = saved
            .map(|(sealed, version)| {
                Ok::<_, StoreError>(Versioned { value: Session::revive(&open_json(keys, &sealed, session(conversation))?), version })
            })
            .transpose()?;
        let earlier = self
            .input_hash
            .zip(self.reply)
            .map(|(input_hash, sealed)| {
                let reply = open_json(keys, &sealed, reply(&reply_row(conversation, message)))?;
                Ok::<_, StoreError>(Earlier { input_hash, reply })
            })
            .transpose()?;
        Ok(Recalled { session, earlier })
    }
}

#[derive(FromRow)]
pub(super) struct ConversationRow {
    token_hash: Option<String>,
    channel: String,
    ended_at: Option<DateTime<Utc>>,
}

impl TryFrom<ConversationRow> for ConversationHead {
    type Error = StoreError;
    fn try_from(row: ConversationRow) -> Result<Self, StoreError> {
        Ok(Self { token_hash: row.token_hash, channel: of_word(&row.channel, "channel")?, ended: row.ended_at.is_some() })
    }
}
