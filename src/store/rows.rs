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

/// Between the fields of a row that comes as text.
pub(super) const FIELD: &str = "\u{1f}";
/// Between such rows.
pub(super) const ROW: &str = "\u{1e}";

/// The fields of a row that comes as text, one after another.
struct Fields<'a>(std::str::Split<'a, &'static str>);

impl<'a> Fields<'a> {
    fn word(&mut self) -> Result<&'a str, StoreError> {
        self.0.next().ok_or(StoreError::Unreadable("row"))
    }

    fn number(&mut self) -> Result<i64, StoreError> {
        self.word()?.parse().map_err(|_| StoreError::Unreadable("number"))
    }

    fn day(&mut self) -> Result<Option<NaiveDate>, StoreError> {
        let day = self.word()?;
        (!day.is_empty()).then(|| day.parse().map_err(|_| StoreError::Unreadable("day"))).transpose()
    }
}

/// Rows that come as one text; none when there is no text.
fn listed<T>(rows: Option<&str>, row: impl Fn(Fields<'_>) -> Result<T, StoreError>) -> Result<Vec<T>, StoreError> {
    rows.into_iter().flat_map(|rows| rows.split(ROW)).map(|fields| row(Fields(fields.split(FIELD)))).collect()
}

pub(super) fn contributions(rows: Option<&str>) -> Result<Vec<Contribution>, StoreError> {
    listed(rows, |mut fields| {
        Ok(Contribution {
            insurance: insurance(fields.word()?)?,
            month: month(fields.number()?)?,
            base: Fen(fields.number()?),
            unit: Fen(fields.number()?),
            personal: Fen(fields.number()?),
            paid_on: fields.day()?,
            employer: fields.word()?.to_owned(),
        })
    })
}

pub(super) fn payments(rows: Option<&str>) -> Result<Vec<Payment>, StoreError> {
    listed(rows, |mut fields| {
        Ok(Payment {
            kind: of_word(fields.word()?, "kind")?,
            month: month(fields.number()?)?,
            amount: Fen(fields.number()?),
            paid_on: fields.day()?,
            state: of_word(fields.word()?, "state")?,
            card_tail: fields.word()?.to_owned(),
        })
    })
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
    token_hash: Option<String>,
    channel: Option<String>,
    ended_at: Option<DateTime<Utc>>,
    session: Option<String>,
    version: Option<i64>,
    last_message: Option<String>,
    last_reply: Option<String>,
    input_hash: Option<String>,
    reply: Option<String>,
}

impl RecallRow {
    pub(super) fn open(self, keys: &Keyring, conversation: &str, message: &str) -> Result<Recalled, StoreError> {
        let of = |message: &str, sealed: &str| open_json(keys, sealed, reply(&reply_row(conversation, message)));
        let (token_hash, ended_at, version) = (self.token_hash, self.ended_at, self.version);
        let head = self.channel.zip(version).map(|(channel, version)| {
            let head: ConversationHead = ConversationRow { token_hash, channel, ended_at }.try_into()?;
            Ok::<_, StoreError>(Versioned { value: head, version })
        });
        let saved = self.session.zip(version);
        let last = self.last_message.zip(self.last_reply);
        let session = saved
            .map(|(sealed, version)| {
                let saved: serde_json::Value = open_json(keys, &sealed, session(conversation))?;
                let mut value = Session::revive(&saved);
                // A last reply that is in the session itself goes before: the version before this one leaves `last_message` as it was.
                if saved.get("last_reply").is_none()
                    && let Some((message, sealed)) = last
                {
                    value.last_reply = Some(of(&message, &sealed)?);
                }
                Ok::<_, StoreError>(Versioned { value, version })
            })
            .transpose()?;
        let earlier = self
            .input_hash
            .zip(self.reply)
            .map(|(input_hash, sealed)| Ok::<_, StoreError>(Earlier { input_hash, reply: of(message, &sealed)? }))
            .transpose()?;
        Ok(Recalled { head: head.transpose()?, session, earlier })
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
