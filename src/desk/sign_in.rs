//! Sign-ins with an identity provider: begun for a conversation, come back from, and kept until the conversation claims them.

use chrono::TimeDelta;

use super::{Desk, DeskError, conversation, draw, hash};
use crate::{
    domain::{id_number::IdNumber, message::Peer, person::FullName},
    store::{Changes, SignInChange, SignedIn, StoreError},
};

/// How long somebody may take to sign in.
pub const SIGN_IN_WITHIN: TimeDelta = TimeDelta::minutes(10);
/// How long who it was is kept for the conversation.
const CLAIM_WITHIN: TimeDelta = TimeDelta::minutes(2);

/// What the browser keeps while its owner signs in, 256 bits. All that the provider is sent follows from it, and the store holds a hash of
/// a hash: who does not come back with it completes nothing. Without `Debug`: it is a secret.
pub struct Slip(String);

impl Slip {
    /// A new one.
    pub fn draw() -> Self {
        Self(draw())
    }

    /// One that a browser brought back.
    pub fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// For the browser alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// OAuth's `state`.
    pub fn state(&self) -> String {
        self.part("state")
    }

    /// OpenID's `nonce`.
    pub fn nonce(&self) -> String {
        self.part("nonce")
    }

    /// PKCE's `code_verifier`.
    pub fn verifier(&self) -> String {
        self.part("verifier")
    }

    /// A value of its own for each use: 64 hex digits.
    fn part(&self, part: &str) -> String {
        hash(&format!("wenban sign-in {part} {}", self.0))
    }
}

impl Desk {
    /// Notes that the browser with `slip` begins to sign in for a conversation; what it began before counts no more.
    pub async fn begin_sign_in(&self, peer: &Peer, slip: &Slip) -> Result<(), DeskError> {
        let now = self.now();
        let opened = SignInChange::Opened { state: hash(&slip.state()), expires_at: now + SIGN_IN_WITHIN };
        Ok(self.means.store.commit(Changes { sign_in: Some(opened), ..Changes::new(conversation(peer), now) }).await?)
    }

    /// The conversation that `state` was begun for by the browser with `slip`. `None` for any other, when the time is over, and when
    /// it was asked before.
    pub async fn returned(&self, state: &str, slip: &Slip) -> Result<Option<String>, DeskError> {
        if !bool::from(subtle::ConstantTimeEq::ct_eq(state.as_bytes(), slip.state().as_bytes())) {
            return Ok(None);
        }
        let (now, state) = (self.now(), hash(state));
        let Some(conversation) = self.means.store.sign_in_of(&state, now).await? else { return Ok(None) };
        let returned = Changes { sign_in: Some(SignInChange::Returned { state }), ..Changes::new(conversation.clone(), now) };
        match self.means.store.commit(returned).await {
            Ok(()) => Ok(Some(conversation)),
            Err(StoreError::Stale) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps who signed in for a conversation, until its next turn claims it. Whether it is awaited still.
    pub async fn signed_in(&self, conversation: &str, name: FullName, id_number: IdNumber) -> Result<bool, DeskError> {
        let now = self.now();
        let told = SignInChange::Told { who: SignedIn { name, id_number }, expires_at: now + CLAIM_WITHIN };
        match self.means.store.commit(Changes { sign_in: Some(told), ..Changes::new(conversation, now) }).await {
            Ok(()) => Ok(true),
            Err(StoreError::Stale) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
