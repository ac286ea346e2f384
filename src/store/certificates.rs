//! Certificates: what a turn or a member of staff changes about them, and their rows.

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use super::{
    Keyring, Place, StoreError,
    rows::{of_word, word},
    seal::hex,
};
use crate::domain::{
    certificate::{Certificate, CertificateHead, CheckCode},
    message::MessageId,
    person::PersonKey,
};

/// A change of a certificate.
#[derive(Clone, Debug)]
pub enum CertificateChange {
    /// A message had one issued. Stale when its code, its message or its number has one already.
    Issued(Box<Certificate>),
    /// It is taken back. Stale when it was before, or it is not on file.
    Revoked(CheckCode),
}

/// [`CertificateChange`] with what is personal sealed.
pub(super) enum SealedCertificate {
    Issued { code_mac: String, certificate: Box<Certificate>, kind: String, holder: String, content: String, content_hash: String },
    Revoked { code_macs: Vec<String> },
}

impl SealedCertificate {
    pub(super) fn seal(keys: &Keyring, change: CertificateChange) -> Result<Self, StoreError> {
        Ok(match change {
            CertificateChange::Issued(certificate) => {
                let code_mac = keys.certificate(&certificate.content.code);
                let content = serde_json::to_string(&certificate.content).map_err(|_| StoreError::Unreadable("certificate"))?;
                Self::Issued {
                    kind: word(&certificate.kind)?,
                    holder: keys.seal(&certificate.content.name, place("holder", &code_mac))?,
                    content_hash: hash(&content),
                    content: keys.seal(&content, place("content", &code_mac))?,
                    certificate,
                    code_mac,
                }
            }
            CertificateChange::Revoked(code) => Self::Revoked { code_macs: keys.certificates(&code) },
        })
    }
}

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { table: "certificates", column, row }
}

/// Over a code's 80 bits too: nobody finds the content by trying.
fn hash(content: &str) -> String {
    hex(&Sha256::digest(content))
}

#[derive(FromRow)]
pub(super) struct CertificateRow {
    code_mac: String,
    conversation: String,
    message_id: String,
    number: i64,
    kind: String,
    person: String,
    issued_at: DateTime<Utc>,
    expires_on: NaiveDate,
    revoked_at: Option<DateTime<Utc>>,
    content: String,
    content_hash: String,
}

impl CertificateRow {
    pub(super) fn open(self, keys: &Keyring) -> Result<Certificate, StoreError> {
        let content = keys.open(&self.content, place("content", &self.code_mac))?;
        if hash(&content) != self.content_hash {
            return Err(StoreError::Unreadable("certificate"));
        }
        Ok(Certificate {
            conversation: self.conversation,
            message: MessageId(self.message_id),
            number: self.number,
            kind: of_word(&self.kind, "kind")?,
            person: PersonKey(self.person),
            issued_at: self.issued_at,
            expires_on: self.expires_on,
            revoked_at: self.revoked_at,
            content: serde_json::from_str(&content).map_err(|_| StoreError::Unreadable("certificate"))?,
        })
    }
}

#[derive(FromRow)]
pub(super) struct CertificateHeadRow {
    code_mac: String,
    kind: String,
    holder: String,
    issued_at: DateTime<Utc>,
    expires_on: NaiveDate,
    revoked_at: Option<DateTime<Utc>>,
}

impl CertificateHeadRow {
    pub(super) fn open(self, keys: &Keyring) -> Result<CertificateHead, StoreError> {
        Ok(CertificateHead {
            kind: of_word(&self.kind, "kind")?,
            name: keys.open(&self.holder, place("holder", &self.code_mac))?,
            issued_at: self.issued_at,
            expires_on: self.expires_on,
            revoked_at: self.revoked_at,
        })
    }
}

/// `apply_certificate` of `Apply`, for a connection: one change.
macro_rules! apply_certificate {
    ($connection:expr, $at:expr, $change:expr) => {{
        let query = match $change {
            SealedCertificate::Issued { code_mac, certificate, kind, holder, content, content_hash } => sqlx::query(sql::ISSUE_CERTIFICATE)
                .bind(code_mac)
                .bind(&certificate.conversation)
                .bind(&certificate.message.0)
                .bind(certificate.number)
                .bind(kind)
                .bind(&certificate.person.0)
                .bind(certificate.issued_at)
                .bind(certificate.expires_on)
                .bind(holder)
                .bind(content)
                .bind(content_hash),
            SealedCertificate::Revoked { code_macs } => {
                sqlx::query(sql::REVOKE_CERTIFICATE).bind($at).bind(code_macs.first()).bind(code_macs.last())
            }
        };
        query.execute(&mut *$connection).await?.rows_affected()
    }};
}

pub(super) use apply_certificate;
