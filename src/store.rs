//! What is kept: people and their registers, conversations, one-time codes, the audit trail.
//!
//! `SQLite` commits many turns' changes in one transaction (group commit by one writer task); Postgres runs one
//! transaction per turn. Neither shows above the [`Store`] trait: a turn's changes are one value, committed whole
//! or not at all.

pub mod audit;
pub mod backup;
mod certificates;
mod codes;
pub mod files;
pub mod import;
mod keys;
mod load;
mod lock;
mod matters;
mod postgres;
mod prelude;
mod read;
mod records;
mod reseal;
mod retain;
mod rows;
mod seal;
mod sign_ins;
mod sql;
mod sqlite;
pub mod state;
mod suite;
mod terminals;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

pub use audit::{AuditHead, AuditRow};
pub use certificates::CertificateChange;
pub use codes::{Challenge, ChallengeChange, Limit};
pub use lock::{Held, Lock};
pub use matters::{Line, MatterChange};
pub use records::{Asked, Asker, Own, RecordCopy, Records, Registers};
pub use reseal::KeyUse;
pub use retain::{COPY_HOLDS, Removed};
pub use seal::Keyring;
pub(crate) use seal::hex;
pub use sign_ins::{SignInChange, SignedIn};
pub use suite::Suite;
pub use terminals::{Terminal, TerminalChange};

use crate::domain::{
    audit::{Actor, Entry},
    certificate::{Certificate, CertificateHead, CheckCode},
    fact::{
        Card, Case, CaseNumber, Certification, Contribution, Enrollment, MedicalAccountEntry, MedicalClaim, Payment, PensionAccountYear,
    },
    matter::{Matter, Ticket},
    message::{ChannelKind, MessageId},
    person::{Person, PersonKey},
    reply::Reply,
    session::{ChallengeId, Consent, Consented, Session},
};

/// The names under which `as_of` days are kept, one per register.
pub const REGISTERS: [&str; 9] =
    ["enrollment", "contributions", "pension-account", "medical-account", "medical-claims", "payments", "certification", "card", "cases"];

/// What went wrong, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another turn saved this conversation, answered this message or used this code first, or the conversation is
    /// over. Read again.
    #[error("somebody else was first")]
    Stale,
    /// A limit is reached until then; nothing was counted or changed.
    #[error("a limit is reached")]
    Full {
        /// The limit's name.
        name: String,
        /// When there is room again.
        until: DateTime<Utc>,
    },
    /// The store takes no writes at present; nothing of this one was kept.
    #[error("the store takes no writes: {0}")]
    Unavailable(String),
    /// The audit trail takes no rows: what needs one is not done.
    #[error("the audit trail takes no rows: {0}")]
    Audit(String),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The core system cannot be asked, or did not answer as agreed; says how, and nothing of the person.
    #[error("the core system: {0}")]
    Unreachable(String),
    /// A value cannot be opened: another key, or moved from another row.
    #[error("a sealed value cannot be opened with this key")]
    Sealed,
    /// A value is not of a form that this version reads.
    #[error("a stored {0} is not in a form this version reads")]
    Unreadable(&'static str),
    /// The keys cannot be used; says which and why.
    #[error("{0}")]
    Keys(String),
    /// The store cannot be opened; says why.
    #[error("{0}")]
    Opening(String),
}

/// Where a sealed value belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Key of the row.
    pub row: &'a str,
}

/// A value and the version it was read at.
#[derive(Clone, Debug)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// What [`Save::expected_version`] must be to save it again.
    pub version: i64,
}

/// What there is to know before a turn, read together.
#[derive(Clone, Debug)]
pub struct Recalled {
    /// The conversation's memory; `None` before the first turn (whose save expects version 0).
    pub session: Option<Versioned<Session>>,
    /// What this message was answered with before.
    pub earlier: Option<Earlier>,
}

/// An answer given before.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Of the message then: another hash under the same id is another message.
    pub input_hash: String,
    /// What was said.
    pub reply: Reply,
}

/// All that a turn changes: committed whole or not at all.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Whose conversation.
    pub conversation: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Its memory.
    pub session: Option<Save>,
    /// What was said.
    pub reply: Option<Sent>,
    /// The hash of the token that speaks for the conversation from now on.
    pub token_hash: Option<String>,
    /// What is counted: nothing of the rest is done when one is full.
    pub limits: Vec<Limit>,
    /// A step of a one-time code.
    pub challenge: Option<ChallengeChange>,
    /// A step of a sign-in with the identity provider.
    pub sign_in: Option<SignInChange>,
    /// What people agreed to.
    pub consents: Vec<Consented>,
    /// What is left with the desk, and what becomes of it.
    pub matters: Vec<MatterChange>,
    /// Certificates issued and taken back.
    pub certificates: Vec<CertificateChange>,
    /// Terminals added and revoked.
    pub terminals: Vec<TerminalChange>,
    /// What the core system answered, kept for when it cannot be reached.
    pub copies: Vec<RecordCopy>,
    /// For the audit trail, in order.
    pub audit: Vec<Entry>,
}

impl Changes {
    /// Nothing yet.
    pub fn new(conversation: impl Into<String>, at: DateTime<Utc>) -> Self {
        Self {
            conversation: conversation.into(),
            at,
            session: None,
            reply: None,
            token_hash: None,
            limits: Vec::new(),
            challenge: None,
            sign_in: None,
            consents: Vec::new(),
            matters: Vec::new(),
            certificates: Vec::new(),
            terminals: Vec::new(),
            copies: Vec::new(),
            audit: Vec::new(),
        }
    }
}

/// A session to save.
#[derive(Clone, Debug)]
pub struct Save {
    /// It.
    pub session: Session,
    /// The version it was read at, 0 for the first save; it is saved as the next.
    pub expected_version: i64,
}

/// A reply to remember.
#[derive(Clone, Debug)]
pub struct Sent {
    /// To which message.
    pub message: MessageId,
    /// Of what that message held.
    pub input_hash: String,
    /// It.
    pub reply: Reply,
}

/// A conversation to open.
#[derive(Clone, Debug)]
pub struct NewConversation {
    /// Its id.
    pub id: String,
    /// Of the token that speaks for it.
    pub token_hash: Option<String>,
    /// Where it takes place.
    pub channel: ChannelKind,
    /// When it began.
    pub at: DateTime<Utc>,
}

/// What is known of a conversation without reading its memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationHead {
    /// Of the token that speaks for it.
    pub token_hash: Option<String>,
    /// Where it takes place.
    pub channel: ChannelKind,
    /// Whether it is over.
    pub ended: bool,
}

/// All that is on file about one person. Lists are in the order in which [`Records`] gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFile {
    /// Who.
    pub person: Person,
    /// Insurances, as the office orders them.
    pub enrollments: Vec<Enrollment>,
    /// By month, then insurance id, then employer.
    pub contributions: Vec<Contribution>,
    /// By year.
    pub pension_account: Vec<PensionAccountYear>,
    /// Latest first.
    pub medical_account: Vec<MedicalAccountEntry>,
    /// Latest first.
    pub medical_claims: Vec<MedicalClaim>,
    /// Latest first.
    pub payments: Vec<Payment>,
    /// For those who draw a benefit that needs it.
    pub certification: Option<Certification>,
    /// The social security card.
    pub card: Option<Card>,
    /// Latest first.
    pub cases: Vec<Case>,
}

/// The store: two implementations, one contract (`tests/it/store.rs`).
#[async_trait]
pub trait Store: Records + Send + Sync {
    /// What there is to know before a turn, as of one moment.
    async fn recall(&self, conversation: &str, message: &MessageId) -> Result<Recalled, StoreError>;
    /// Makes a turn's changes, all or none. [`StoreError::Stale`] when another turn was first, [`StoreError::Full`] when a limit
    /// is reached.
    async fn commit(&self, changes: Changes) -> Result<(), StoreError>;
    /// Opens a conversation. One that is over begins anew; one under way is left as it is.
    async fn open_conversation(&self, new: NewConversation) -> Result<(), StoreError>;
    /// What is known of a conversation.
    async fn conversation(&self, id: &str) -> Result<Option<ConversationHead>, StoreError>;
    /// Ends a conversation and wipes its memory, its replies and its codes, even when the audit trail cannot say so.
    async fn end_conversation(&self, id: &str, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Notes that a conversation's page is there.
    async fn see(&self, conversation: &str, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Conversations under way of this channel whose page was there once, and nothing was seen or said since then; 1,000 at most.
    async fn silent(&self, channel: ChannelKind, since: DateTime<Utc>) -> Result<Vec<String>, StoreError>;
    /// A one-time code under way.
    async fn challenge(&self, id: &ChallengeId) -> Result<Option<Challenge>, StoreError>;
    /// The conversation whose browser is to come back with this hash of a `state`, when there is time still.
    async fn sign_in_of(&self, state: &str, at: DateTime<Utc>) -> Result<Option<String>, StoreError>;
    /// Who signed in for a conversation and was not claimed, when there is time still.
    async fn signed_in(&self, conversation: &str, at: DateTime<Utc>) -> Result<Option<SignedIn>, StoreError>;
    /// How often this was counted in the window that holds at `at`.
    async fn count(&self, name: &str, at: DateTime<Utc>) -> Result<i64, StoreError>;
    /// What a person agreed to.
    async fn consents(&self, person: &PersonKey) -> Result<Vec<Consent>, StoreError>;
    /// The case with this number, and whose it is.
    async fn case(&self, number: &CaseNumber) -> Result<Option<(PersonKey, Case)>, StoreError>;
    /// The last copy of a person's register, however old.
    async fn copy(&self, person: &PersonKey, register: &str) -> Result<Option<RecordCopy>, StoreError>;
    /// The matter with this number.
    async fn matter(&self, number: &CaseNumber) -> Result<Option<Matter>, StoreError>;
    /// The number of the matter that a message left.
    async fn matter_of(&self, conversation: &str, message: &MessageId) -> Result<Option<CaseNumber>, StoreError>;
    /// A person's matters, latest first.
    async fn matters(&self, person: &PersonKey) -> Result<Vec<Matter>, StoreError>;
    /// At most `limit` matters without an answer, those due first in front, then by number.
    async fn open_matters(&self, limit: u32) -> Result<Vec<Matter>, StoreError>;
    /// Where the audit trail begins and ends.
    async fn audit_head(&self) -> Result<AuditHead, StoreError>;
    /// At most `limit` rows of the audit trail with numbers above `after`, in order.
    async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError>;
    /// The latest `limit` rows about a person since a moment, latest first.
    async fn audit_of(&self, person: &PersonKey, since: DateTime<Utc>, limit: u32) -> Result<Vec<AuditRow>, StoreError>;
    /// Removes what has been kept long enough at `now` (`src/store/retain.rs`), and ends conversations in which nothing is said any
    /// more.
    async fn retain(&self, now: DateTime<Utc>) -> Result<Removed, StoreError>;
    /// Removes what the desk itself holds of a person: conversations, codes, matters. Registers are the office's and stay; so does
    /// the audit trail, which names the key alone.
    async fn erase(&self, person: &PersonKey, actor: Actor, at: DateTime<Utc>) -> Result<Removed, StoreError>;
    /// Seals anew whatever older keys sealed, a page at a time; `done` is told how many cells each had. Gives how many in all.
    async fn reseal(&self, done: &(dyn Fn(u64) + Sync)) -> Result<u64, StoreError>;
    /// What is under which data key: those of the ring, the newest first, then any that it does not have.
    async fn key_use(&self) -> Result<Vec<KeyUse>, StoreError>;
    /// The desk's own queue for a hall on a day.
    async fn line(&self, day: NaiveDate, office: &str) -> Result<Line, StoreError>;
    /// How many wait before `number` there.
    async fn ahead(&self, ticket: &Ticket) -> Result<i64, StoreError>;
    /// Certificates issued in a conversation, by number.
    async fn certificates(&self, conversation: &str) -> Result<Vec<Certificate>, StoreError>;
    /// What may be known of the certificate with this check code.
    async fn certificate(&self, code: &CheckCode) -> Result<Option<CertificateHead>, StoreError>;
    /// The terminal with this id, revoked or not.
    async fn terminal(&self, id: &str) -> Result<Option<Terminal>, StoreError>;
    /// Every terminal, the first added in front.
    async fn terminals(&self) -> Result<Vec<Terminal>, StoreError>;
    /// Puts people on file, all or none, in place of what was there under the same key or identity number.
    async fn put_people(&self, files: Vec<PersonFile>) -> Result<(), StoreError>;
    /// How many people are on file.
    async fn people_count(&self) -> Result<i64, StoreError>;
    /// Says as of which day a register (one of [`REGISTERS`]) stands.
    async fn set_as_of(&self, register: &str, day: NaiveDate) -> Result<(), StoreError>;
}

/// Opens the store at `url`, `sqlite://path` or `postgres://…`, and brings its tables up to date.
///
/// The `SQLite` file (0600) and folder (0700) are made when they are not there.
pub async fn open(url: &str, keys: Keyring) -> Result<Arc<dyn Store>, StoreError> {
    match url.split_once("://") {
        Some(("sqlite", path)) if !path.is_empty() && !path.starts_with('?') => Ok(Arc::new(sqlite::SqliteStore::open(url, keys).await?)),
        Some(("postgres" | "postgresql", _)) => Ok(Arc::new(postgres::PostgresStore::open(url, keys).await?)),
        // The URL itself is not shown: it may hold a password.
        _ => Err(StoreError::Opening("the store's URL must begin with sqlite:// or postgres://".into())),
    }
}
