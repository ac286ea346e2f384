//! Papers that were issued: had again by whom they belong to, and checked by anybody.

use chrono::NaiveDate;

use super::{Desk, DeskError, conversation};
use crate::{
    domain::{
        certificate::{Certificate, CertificateKind, CheckCode, Papers},
        clock::china,
        message::{MessageId, Peer},
    },
    services::identity,
};

/// What whoever has a check code is told of a certificate that is genuine (security.md CER-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genuine {
    /// What is certified.
    pub kind: CertificateKind,
    /// `张*明`
    pub name: String,
    /// The day of issue in China.
    pub issued_on: NaiveDate,
}

impl Desk {
    /// What papers are printed with.
    pub fn papers(&self) -> Option<&Papers> {
        self.papers.as_ref()
    }

    /// A conversation's certificate by number, as long as the check of the person whom it was issued for holds.
    pub async fn document(&self, peer: &Peer, number: i64) -> Result<Option<Certificate>, DeskError> {
        let id = conversation(peer);
        // No message has an empty id: only the session is recalled.
        let Some(session) = self.means.store.recall(&id, &MessageId(String::new())).await?.session else { return Ok(None) };
        let Some(who) = identity::verified(&session.value, self.now()) else { return Ok(None) };
        let own = |one: &Certificate| one.number == number && one.person == *who.person() && one.revoked_at.is_none();
        Ok(self.means.store.certificates(&id).await?.into_iter().find(own))
    }

    /// Whether a check code is that of a certificate that holds. What is no code is looked for all the same, so that
    /// nothing is told by how long it takes.
    pub async fn check(&self, code: &str) -> Result<Option<Genuine>, DeskError> {
        let code = CheckCode::parse(code);
        let known = self.means.store.certificate(code.as_ref().unwrap_or(&CheckCode::of([0; 10]))).await?;
        let holds = known.filter(|head| code.is_some() && head.holds(china(self.now())));
        Ok(holds.map(|head| Genuine { kind: head.kind, name: head.name, issued_on: china(head.issued_at) }))
    }
}
