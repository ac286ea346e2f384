//! What a resident leaves with the desk for people to answer: an opinion, a disclosure request, a wish to be called.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    fact::CaseNumber,
    id_number::IdNumber,
    person::{FullName, Hidden, PersonKey, Phone},
    topic::TopicId,
    workday::Reckoned,
};

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatterKind {
    /// An opinion, a complaint, praise.
    Feedback,
    /// A request under the disclosure regulations (政府信息公开条例).
    Disclosure,
    /// A person is to call.
    CallBack,
}

impl MatterKind {
    /// The kind that a topic's flow may leave with the desk.
    pub fn of(topic: &TopicId) -> Option<Self> {
        match topic.as_str() {
            "service.feedback" => Some(Self::Feedback),
            "service.disclosure" => Some(Self::Disclosure),
            "service.human" => Some(Self::CallBack),
            _ => None,
        }
    }
}

/// How far a matter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatterState {
    /// On file.
    Received,
    /// Somebody works on it.
    InProgress,
    /// There is an answer.
    Answered,
}

/// What was said, and whom to answer: personal, sealed at rest as one value, not shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterContent {
    /// In the resident's own words.
    pub text: String,
    /// Whom to call.
    pub phone: Option<Phone>,
    /// The applicant of a disclosure request.
    pub applicant: Option<FullName>,
    /// The same's identity number.
    pub id_number: Option<IdNumber>,
    /// How a disclosed document is to be had: the id of the option taken.
    pub delivery: Option<String>,
    /// Where it is to be sent.
    pub address: Option<String>,
}

impl fmt::Debug for MatterContent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("MatterContent").field("text", &Hidden(&self.text)).finish_non_exhaustive()
    }
}

/// A matter and how it stands. `Debug` does not show what is written in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Matter {
    /// On the receipt.
    pub number: CaseNumber,
    /// What is wanted.
    pub kind: MatterKind,
    /// The conversation that it came from.
    pub conversation: String,
    /// Whose it is, when identity was checked.
    pub person: Option<PersonKey>,
    /// What was said.
    pub content: MatterContent,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The last day for the answer, and whether the calendar knows all days until then; `None`: no statutory limit.
    pub due: Option<Reckoned>,
    /// When somebody began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// The answer.
    pub answer: Option<String>,
}

impl fmt::Debug for Matter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut matter = out.debug_struct("Matter");
        matter.field("number", &self.number).field("kind", &self.kind).field("state", &self.state());
        matter.field("person", &self.person).field("received_at", &self.received_at).field("due", &self.due).finish_non_exhaustive()
    }
}

impl Matter {
    /// How far it is.
    pub fn state(&self) -> MatterState {
        match (self.started_at, self.answered_at) {
            (_, Some(_)) => MatterState::Answered,
            (Some(_), None) => MatterState::InProgress,
            (None, None) => MatterState::Received,
        }
    }
}

/// A place in a hall's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The day it is for, in China.
    pub day: NaiveDate,
    /// The district whose hall it is for.
    pub office: String,
    /// From 1 each day in each hall.
    pub number: i64,
}
