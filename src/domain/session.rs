//! All that is remembered between two turns: one JSON value with a version.

use std::{collections::BTreeMap, fmt, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    entity::Insurance,
    fact::CaseNumber,
    id_number::IdNumber,
    matter::Ticket,
    message::ChannelKind,
    money::Fen,
    month::{Month, Period},
    person::{FullName, Hidden, PersonKey, Phone, Sex},
    reply::Reply,
    topic::{Aspect, TopicId},
};

/// The shape of [`Session`] that this program writes.
pub const SESSION_SCHEMA: u32 = 1;

/// One conversation's memory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Shape of this value: [`SESSION_SCHEMA`].
    pub schema: u32,
    /// Turns taken: part of the ids of their choices.
    pub turn: u32,
    /// Flows under way, the innermost last.
    pub frames: Vec<Frame>,
    /// What the choices of the last reply do.
    pub offers: Vec<Offer>,
    /// Whether a number takes one of them: to 「交了几年」 a 1 is an answer.
    pub numbered: bool,
    /// The question answered last: what 「那医保呢」 refers to.
    pub last: Option<Answered>,
    /// Who this is, once checked.
    pub identity: Option<Identity>,
    /// A one-time code under way.
    pub challenge: Option<ChallengeId>,
    /// What whoever speaks agreed to. It is kept under their name once they are checked.
    pub agreed: Vec<Consent>,
    /// Turns in a row that were not understood.
    pub misses: u8,
    /// What was left with the desk and taken from it in this conversation, until whoever did so leaves.
    #[serde(default)]
    pub kept: Kept,
    /// What was said last, for 「再说一遍」.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_reply: Option<Arc<Reply>>,
    /// Something of it could not be read any more and was left out: the resident is told once.
    #[serde(skip)]
    pub incomplete: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            schema: SESSION_SCHEMA,
            turn: 0,
            frames: Vec::new(),
            offers: Vec::new(),
            numbered: true,
            last: None,
            identity: None,
            challenge: None,
            agreed: Vec::new(),
            misses: 0,
            kept: Kept::default(),
            last_reply: None,
            incomplete: false,
        }
    }
}

impl Session {
    /// A session saved by any version of the program. What this version cannot read is left out, part by part: a conversation
    /// may lose its place, never its end, and an identity that cannot be read is no identity.
    pub fn revive(saved: &Value) -> Self {
        if let Ok(session) = Self::deserialize(saved) {
            return Self { schema: SESSION_SCHEMA, ..session };
        }
        let frames = saved.get("frames").and_then(Value::as_array).into_iter().flatten();
        Self {
            frames: frames.filter_map(|frame| Frame::deserialize(frame).ok()).collect(),
            turn: part(saved, "turn").unwrap_or_default(),
            last: part(saved, "last"),
            identity: part(saved, "identity"),
            kept: part(saved, "kept").unwrap_or_default(),
            incomplete: true,
            ..Self::default()
        }
    }
}

fn part<T: DeserializeOwned>(saved: &Value, name: &str) -> Option<T> {
    T::deserialize(saved.get(name)?).ok()
}

/// What a conversation may see again without a check of identity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Numbers of its matters.
    pub matters: Vec<CaseNumber>,
    /// Its places in queues.
    pub tickets: Vec<Ticket>,
}

/// Where a flow stands, by name: an index would not survive a change to `dialogs/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The topic that was asked for.
    pub topic: TopicId,
    /// The flow that answers it.
    pub flow: String,
    /// The step it waits at.
    pub step: String,
    /// What it knows so far.
    pub slots: Slots,
    /// The side of a guide that was asked for.
    pub aspect: Option<Aspect>,
    /// Whether its question was put to the resident: after another was answered, it is led back to.
    #[serde(default)]
    pub asked: bool,
    /// The questions passed on the way to `step`, by slot: what can be changed, and what still counts.
    #[serde(default)]
    pub path: Vec<String>,
    /// The questions passed before an answer was put right: those that the new way does not lead past count no more.
    #[serde(default)]
    pub former: Vec<String>,
}

/// Named answers.
pub type Slots = BTreeMap<String, SlotValue>;

/// An answer of a known type. `Debug` masks what is personal and does not show words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotValue {
    /// An insurance.
    Insurance(Insurance),
    /// Months.
    Period(Period),
    /// A month.
    Month(Month),
    /// A day.
    Date(NaiveDate),
    /// A sum.
    Money(Fen),
    /// A length of time in months.
    Years(i32),
    /// A sex.
    Sex(Sex),
    /// A place.
    City(String),
    /// A case number.
    CaseNumber(CaseNumber),
    /// A phone.
    Phone(Phone),
    /// A name.
    Name(FullName),
    /// An identity number.
    IdNumber(IdNumber),
    /// One of a question's options, by id.
    Option(String),
    /// Words.
    Text(String),
}

impl fmt::Debug for SlotValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insurance(value) => value.fmt(out),
            Self::Period(value) => value.fmt(out),
            Self::Month(value) => value.fmt(out),
            Self::Date(value) => value.fmt(out),
            Self::Money(value) => value.fmt(out),
            Self::Years(value) => value.fmt(out),
            Self::Sex(value) => value.fmt(out),
            Self::CaseNumber(value) => value.fmt(out),
            Self::Phone(value) => value.fmt(out),
            Self::Name(value) => value.fmt(out),
            Self::IdNumber(value) => value.fmt(out),
            Self::City(value) | Self::Option(value) => value.fmt(out),
            Self::Text(value) => Hidden(value).fmt(out),
        }
    }
}

impl SlotValue {
    /// The value as contract and templates write it: `pension`, `{from, to}`, fen, months, plain text.
    pub fn plain(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Self::Insurance(value) => json!(value),
            Self::Period(value) => json!(value),
            Self::Month(value) => json!(value),
            Self::Date(value) => json!(value),
            Self::Money(value) => json!(value),
            Self::Years(value) => json!(value),
            Self::Sex(value) => json!(value),
            Self::CaseNumber(value) => json!(value),
            Self::Phone(value) => json!(value),
            Self::Name(value) => json!(value),
            Self::IdNumber(value) => json!(value),
            Self::City(value) | Self::Option(value) | Self::Text(value) => json!(value),
        }
    }
}

/// What a choice does when it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The choice's id.
    pub id: String,
    /// The words on it: saying them takes it too.
    pub label: String,
    /// What it does.
    pub act: Act,
}

/// What taking a choice does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Asks for a topic, with what is already known.
    Ask {
        /// Which.
        topic: TopicId,
        /// Which side of it.
        aspect: Option<Aspect>,
        /// What is known.
        slots: Slots,
        /// The same asked once more for each of these: 「养老和医保各交了几个月」.
        #[serde(default)]
        more: Vec<Slots>,
    },
    /// Answers the open question with one of its options.
    Option(String),
    /// Asks again what was answered last.
    Back,
    /// Sends another one-time code.
    Resend,
    /// None of what was offered fits.
    NoneOfThese,
}

/// A question that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its topic.
    pub topic: TopicId,
    /// What it was answered with.
    pub slots: Slots,
    /// Which side.
    pub aspect: Option<Aspect>,
}

/// A person who was checked, how well, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Whose records may be read.
    pub person: PersonKey,
    /// For addressing: `张*`.
    pub masked_name: String,
    /// Levels of security.md ACR-01: 2 checked, 3 checked within five minutes.
    pub level: u8,
    /// When the check passed.
    pub checked_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: DateTime<Utc>,
    /// Where: a hall's terminal forgets sooner. One that a former version saved forgets soonest.
    #[serde(default = "sooner")]
    pub channel: ChannelKind,
    /// What they agreed to that is kept under their name.
    #[serde(default)]
    pub consents: Vec<Consent>,
}

fn sooner() -> ChannelKind {
    ChannelKind::Kiosk
}

/// What somebody agrees to, apart from everything else (个人信息保护法 art. 14, 29).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// That their records are read to answer them.
    Records,
    /// The same for what they were treated for and what it cost.
    MedicalClaims,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 2] = [Self::Records, Self::MedicalClaims];

    /// As content writes it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::MedicalClaims => "medical-claims",
        }
    }
}

/// What somebody agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Which processing.
    pub purpose: Purpose,
    /// The notice that they read, by a hash of its words: other words are another notice.
    pub notice: String,
}

/// What a person agreed to, and where.
#[derive(Clone, Debug)]
pub struct Consented {
    /// Who.
    pub person: PersonKey,
    /// To what.
    pub consent: Consent,
    /// Where they did.
    pub channel: ChannelKind,
}

/// The handle of a one-time code under way: 128 random bits in hex.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChallengeId(pub String);
