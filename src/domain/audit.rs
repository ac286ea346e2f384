//! What the audit trail tells: who did what, to whose data, and how it went. Nothing in it is personal.

use std::fmt;

use super::{person::PersonKey, topic::TopicId};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever writes in a conversation; with a key once checked.
    Resident(Option<PersonKey>),
    /// A member of staff, by the name they gave.
    Staff(String),
    /// Whoever runs the desk, at its own terminal.
    Operator,
    /// The desk by itself.
    Desk,
}

impl fmt::Display for Actor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resident(None) => out.write_str("resident"),
            Self::Resident(Some(key)) => write!(out, "resident:{}", key.0),
            Self::Staff(name) => write!(out, "staff:{name}"),
            Self::Operator => out.write_str("operator"),
            Self::Desk => out.write_str("desk"),
        }
    }
}

/// What is done: the closed list of what leaves a row (security.md AUD-03). `tests/it/audit.rs` does each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A person's register is read.
    RecordRead,
    /// A one-time code is asked for, for the identity number whose blind index is the object.
    IdentityCode,
    /// A one-time code is given back.
    IdentityCheck,
    /// Somebody begins as a checked person without a code.
    IdentityAssumed,
    /// A conversation ends and is wiped.
    ConversationEnded,
    /// Something is left with the desk.
    MatterReceived,
    /// What was left is looked at with its number, in a conversation.
    MatterRead,
    /// Staff see which matters wait.
    MattersListed,
    /// Staff see one, phone and name masked.
    MatterShown,
    /// Staff see one in clear.
    MatterRevealed,
    /// Staff begin with one.
    MatterStarted,
    /// Staff answer one.
    MatterAnswered,
    /// A certificate is issued; the object is what it is found by.
    CertificateIssued,
    /// One is taken back.
    CertificateRevoked,
    /// A place in a queue is taken.
    QueueTaken,
    /// The next in a queue is called.
    QueueCalled,
    /// What was kept long enough is removed; the object tells how many rows.
    Retained,
    /// What the desk holds of a person is removed at their wish.
    PersonErased,
    /// A new pair of keys is made; the object is the data key's id.
    KeysRotated,
    /// What older keys sealed is sealed anew; the object tells how many cells.
    KeysResealed,
    /// An export of the office is put on file; the object tells what and how much.
    Imported,
    /// A backup is made; the object is its name.
    BackedUp,
    /// A backup is put in place; the object is where its trail ended and when.
    Restored,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 23] = [
        Self::RecordRead,
        Self::IdentityCode,
        Self::IdentityCheck,
        Self::IdentityAssumed,
        Self::ConversationEnded,
        Self::MatterReceived,
        Self::MatterRead,
        Self::MattersListed,
        Self::MatterShown,
        Self::MatterRevealed,
        Self::MatterStarted,
        Self::MatterAnswered,
        Self::CertificateIssued,
        Self::CertificateRevoked,
        Self::QueueTaken,
        Self::QueueCalled,
        Self::Retained,
        Self::PersonErased,
        Self::KeysRotated,
        Self::KeysResealed,
        Self::Imported,
        Self::BackedUp,
        Self::Restored,
    ];

    /// Its name in the trail.
    pub fn id(self) -> &'static str {
        match self {
            Self::RecordRead => "record.read",
            Self::IdentityCode => "identity.code",
            Self::IdentityCheck => "identity.check",
            Self::IdentityAssumed => "identity.assumed",
            Self::ConversationEnded => "conversation.ended",
            Self::MatterReceived => "matter.received",
            Self::MatterRead => "matter.read",
            Self::MattersListed => "matter.listed",
            Self::MatterShown => "matter.shown",
            Self::MatterRevealed => "matter.revealed",
            Self::MatterStarted => "matter.started",
            Self::MatterAnswered => "matter.answered",
            Self::CertificateIssued => "certificate.issued",
            Self::CertificateRevoked => "certificate.revoked",
            Self::QueueTaken => "queue.taken",
            Self::QueueCalled => "queue.called",
            Self::Retained => "retention.run",
            Self::PersonErased => "person.erased",
            Self::KeysRotated => "keys.rotated",
            Self::KeysResealed => "keys.resealed",
            Self::Imported => "records.imported",
            Self::BackedUp => "store.backed-up",
            Self::Restored => "store.restored",
        }
    }
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As it was wanted.
    Done,
    /// The data was given.
    Allowed,
    /// A part that anybody may have was given.
    Partly,
    /// There was nothing to give.
    Nothing,
    /// It was not given.
    Refused,
    /// The register could not be read.
    Failed,
}

impl Outcome {
    /// Its name in the trail.
    pub fn id(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Allowed => "allowed",
            Self::Partly => "partly",
            Self::Nothing => "nothing",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// One act, as whoever does it tells it; time and conversation are those of its transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Who did it.
    pub actor: Actor,
    /// What.
    pub act: Act,
    /// Whose data, when it is somebody's on file.
    pub person: Option<PersonKey>,
    /// Which thing: a register, a number, a blind index; empty for none.
    pub object: String,
    /// On behalf of which question.
    pub purpose: Option<TopicId>,
    /// How it went.
    pub outcome: Outcome,
}

impl Entry {
    /// An act about nobody and nothing in particular.
    pub fn new(actor: Actor, act: Act, outcome: Outcome) -> Self {
        Self { actor, act, person: None, object: String::new(), purpose: None, outcome }
    }
}
