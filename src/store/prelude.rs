//! What the trait's two implementations name: their bodies are written once, as macros, and expanded in each driver.

pub(super) use chrono::{DateTime, NaiveDate, Utc};

pub(super) use super::{
    Challenge, ChallengeChange, Changes, ConversationHead, Keyring, Line, NewConversation, PersonFile, Recalled, RecordCopy, StoreError,
    codes::{ChallengeRow, ConsentRow, apply_challenge, take_limits},
    load::{Load, ROWS, lay, load},
    matters::{MatterRow, SealedChange, apply_matter},
    read::{records, store},
    rows, sql,
    write::{Apply, Commit, SealedFile, Write, apply},
};
pub(super) use crate::domain::{
    entity::Insurance,
    fact::{
        Card, Case, CaseNumber, Certification, Contribution, Enrollment, MedicalAccountEntry, MedicalClaim, Payment, PaymentKind,
        PensionAccountYear,
    },
    id_number::IdNumber,
    matter::{Matter, Ticket},
    message::{ChannelKind, MessageId},
    month::Period,
    person::{Person, PersonKey},
    session::{ChallengeId, Consent},
};
