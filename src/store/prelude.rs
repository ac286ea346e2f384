//! What the trait's two implementations name: their bodies are written once, as macros, and expanded in each driver.

pub(super) use chrono::{DateTime, NaiveDate, Utc};
pub(super) use sqlx::AssertSqlSafe;

pub(super) use super::{
    AuditHead, AuditRow, Challenge, ChallengeChange, Changes, ConversationHead, KeyUse, Keyring, Line, NewConversation, PersonFile,
    Recalled, RecordCopy, StoreError,
    audit::{Acted, Append, append, chain},
    certificates::{CertificateHeadRow, CertificateRow, SealedCertificate, apply_certificate},
    codes::{ChallengeRow, ConsentRow, apply_challenge, take_limits},
    driver::{Base, Driver, passing},
    group::{self, Group, group, padded},
    load::{Load, ROWS, lay, load},
    matters::{MatterRow, SealedChange, apply_matter},
    read::{TRIES, read, records, store},
    readers::{Deadline, WITHIN},
    reseal::{PAGE, Recelled, SEALED, reseal},
    retain::{BATCH, Cutoffs, Removal, Remove, Removed, changed, remove},
    rows, sql,
    write::{Applied, Apply, Commit, Said, SealedFile, SealedSession, Write, apply},
};
pub(super) use crate::domain::{
    audit::Actor,
    certificate::{Certificate, CertificateHead, CheckCode},
    clock::stamp,
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
