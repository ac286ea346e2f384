//! Who may speak in a conversation that carries a token.

use subtle::ConstantTimeEq as _;

use super::{Desk, DeskError, hash};
use crate::{
    domain::message::{Incoming, Peer},
    store::{ConversationHead, Recalled},
};

/// Lets in whoever has the conversation's token.
fn let_in(id: &str, head: ConversationHead, token_hash: &str) -> Result<Peer, DeskError> {
    let right = head.token_hash.as_ref().is_some_and(|known| bool::from(known.as_bytes().ct_eq(token_hash.as_bytes())));
    match (right, head.ended) {
        (false, _) => Err(DeskError::Unknown),
        (true, true) => Err(DeskError::Ended),
        (true, false) => Ok(Peer { channel: head.channel, address: id.to_owned(), caller: None, token_hash: head.token_hash }),
    }
}

impl Desk {
    /// The conversation that a token speaks for.
    pub async fn admit(&self, id: &str, token: &str) -> Result<Peer, DeskError> {
        let head = self.store.conversation(id).await?.ok_or(DeskError::Unknown)?;
        let_in(id, head, &hash(token))
    }

    /// The same for a turn, and for nothing else: what lets them in may be out of date, and the turn looks again.
    pub async fn admit_to_turn(&self, id: &str, token: &str) -> Result<Peer, DeskError> {
        match self.store.remembered(id).map(|head| let_in(id, head, &hash(token))) {
            Some(Ok(peer)) => Ok(peer),
            Some(Err(_)) | None => self.admit(id, token).await,
        }
    }

    /// What there is to know before a turn. Whoever was let in by a token that opens nothing any more is turned away; what says so
    /// may be out of date itself, and is read again.
    pub(super) async fn recall(&self, id: &str, message: &Incoming) -> Result<Recalled, DeskError> {
        let recalled = self.store.recall(id, &message.id).await?;
        if opens(message, &recalled).is_ok() {
            return Ok(recalled);
        }
        let recalled = self.store.recall(id, &message.id).await?;
        opens(message, &recalled)?;
        Ok(recalled)
    }
}

/// Whether the token that let the message in is the conversation's own.
fn opens(message: &Incoming, recalled: &Recalled) -> Result<(), DeskError> {
    let Some(token_hash) = &message.from.token_hash else { return Ok(()) };
    let head = recalled.head.as_ref().ok_or(DeskError::Unknown)?;
    let_in(&message.from.address, head.value.clone(), token_hash).map(drop)
}
