//! Matters and tickets: what a turn or a member of staff changes about them, and their rows.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;

use super::{
    Keyring, Place, StoreError,
    rows::{of_word, open_json, seal_json, word},
};
use crate::domain::{
    fact::CaseNumber,
    matter::{Matter, MatterContent, MatterKind, Ticket},
    message::MessageId,
    person::{Hidden, PersonKey},
    workday::Reckoned,
};

/// A change of a matter or of the desk's own queue. `Debug` does not show what is written.
#[derive(Clone)]
pub enum MatterChange {
    /// A message left something. Stale when its number or its message has a matter already.
    Received {
        /// By which message.
        message: MessageId,
        /// It.
        matter: Box<Matter>,
    },
    /// Somebody began with it. Stale when somebody did before, or it is not on file.
    Started {
        /// Which.
        number: CaseNumber,
    },
    /// It is answered. Stale when it was before, or it is not on file.
    Answered {
        /// Which.
        number: CaseNumber,
        /// In words for the resident.
        answer: String,
    },
    /// A message took a place in a queue. Stale when the place or the message is taken.
    Queued {
        /// By which message.
        message: MessageId,
        /// The place.
        ticket: Ticket,
    },
    /// The next in a queue was called. Stale when it was before.
    Called {
        /// Who.
        ticket: Ticket,
    },
}

impl fmt::Debug for MatterChange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Received { message: _, matter } => out.debug_tuple("Received").field(matter).finish(),
            Self::Started { number } => out.debug_tuple("Started").field(number).finish(),
            Self::Answered { number, answer } => out.debug_tuple("Answered").field(number).field(&Hidden(answer)).finish(),
            Self::Queued { message: _, ticket } => out.debug_tuple("Queued").field(ticket).finish(),
            Self::Called { ticket } => out.debug_tuple("Called").field(ticket).finish(),
        }
    }
}

/// A hall's queue on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Line {
    /// The last number given out; 0 before the first.
    pub last: i64,
    /// The first number that waits; `None`: nobody does.
    pub first_waiting: Option<i64>,
}

/// [`MatterChange`] with what is personal sealed.
pub(super) enum SealedChange {
    Received { message: String, matter: Box<Matter>, kind: String, content: String },
    Started { number: CaseNumber },
    Answered { number: CaseNumber, answer: String },
    Queued { message: String, ticket: Ticket },
    Called { ticket: Ticket },
}

impl SealedChange {
    pub(super) fn seal(keys: &Keyring, change: MatterChange) -> Result<Self, StoreError> {
        Ok(match change {
            MatterChange::Received { message, matter } => Self::Received {
                message: message.0,
                kind: word(&matter.kind)?,
                content: seal_json(keys, &matter.content, place("content", matter.number.as_str()))?,
                matter,
            },
            MatterChange::Started { number } => Self::Started { number },
            MatterChange::Answered { number, answer } => {
                let answer = keys.seal(&answer, place("answer", number.as_str()))?;
                Self::Answered { number, answer }
            }
            MatterChange::Queued { message, ticket } => Self::Queued { message: message.0, ticket },
            MatterChange::Called { ticket } => Self::Called { ticket },
        })
    }
}

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { table: "matters", column, row }
}

#[derive(FromRow)]
pub(super) struct MatterRow {
    number: String,
    conversation: String,
    kind: String,
    person: Option<String>,
    content: String,
    received_at: DateTime<Utc>,
    due_on: Option<NaiveDate>,
    due_announced: bool,
    started_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    answer: Option<String>,
}

impl MatterRow {
    pub(super) fn open(self, keys: &Keyring) -> Result<Matter, StoreError> {
        let content: MatterContent = open_json(keys, &self.content, place("content", &self.number))?;
        let answer = self.answer.map(|answer| keys.open(&answer, place("answer", &self.number))).transpose()?;
        let kind: MatterKind = of_word(&self.kind, "kind")?;
        Ok(Matter {
            number: CaseNumber::parse(&self.number).ok_or(StoreError::Unreadable("matter number"))?,
            kind,
            conversation: self.conversation,
            person: self.person.map(PersonKey),
            content,
            received_at: self.received_at,
            due: self.due_on.map(|on| Reckoned { on, announced: self.due_announced }),
            started_at: self.started_at,
            answered_at: self.answered_at,
            answer,
        })
    }
}

/// `apply_matter` of `Apply`, for a connection: one change.
macro_rules! apply_matter {
    ($connection:expr, $conversation:expr, $at:expr, $change:expr) => {{
        let query = match $change {
            SealedChange::Received { message, matter, kind, content } => sqlx::query(sql::RECEIVE_MATTER)
                .bind(matter.number.as_str())
                .bind(&matter.conversation)
                .bind(message)
                .bind(kind)
                .bind(matter.person.as_ref().map(|person| &person.0))
                .bind(content)
                .bind(matter.received_at)
                .bind(matter.due.map(|due| due.on))
                .bind(matter.due.is_none_or(|due| due.announced)),
            SealedChange::Started { number } => sqlx::query(sql::START_MATTER).bind(number.as_str()).bind($at),
            SealedChange::Answered { number, answer } => sqlx::query(sql::ANSWER_MATTER).bind(number.as_str()).bind($at).bind(answer),
            SealedChange::Queued { message, ticket } => sqlx::query(sql::TAKE_TICKET)
                .bind(ticket.day)
                .bind(&ticket.office)
                .bind(ticket.number)
                .bind($conversation)
                .bind(message)
                .bind($at),
            SealedChange::Called { ticket } => {
                sqlx::query(sql::CALL_TICKET).bind(ticket.day).bind(&ticket.office).bind(ticket.number).bind($at)
            }
        };
        query.execute(&mut *$connection).await?.rows_affected()
    }};
}

pub(super) use apply_matter;
