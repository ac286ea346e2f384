//! What is answered when the store takes nothing: guides, policies and sums go on (security.md REL-10).

use std::sync::Arc;

use super::Turned;
use crate::{
    dialogue::script::Script,
    domain::{
        reply::{Block, Level, Reply, Status},
        session::Slots,
    },
    store::Changes,
    understanding::Meaning,
};

/// Whether a turn did no more than talk: nothing about anybody was read or counted, nothing was left or issued, no code was made.
pub(super) fn is_talk(changes: &Changes) -> bool {
    let Changes {
        conversation: _,
        at: _,
        session: _,
        reply: _,
        token_hash,
        limits,
        challenge,
        consents,
        matters,
        certificates,
        copies,
        audit,
    } = changes;
    let asked = token_hash.is_none() && limits.is_empty() && challenge.is_none() && consents.is_empty();
    asked && matters.is_empty() && certificates.is_empty() && copies.is_empty() && audit.is_empty()
}

/// Such a turn with a reply that says it is not kept; `None` when the reply leans on what follows. Choices would: nobody knows them in
/// the next turn.
pub(super) fn turned(script: &Script, meaning: Meaning, slots: Slots, reply: Arc<Reply>) -> Option<Turned> {
    if reply.status != Status::Answered || reply.expects.is_some() {
        return None;
    }
    let mut reply = Arc::unwrap_or_clone(reply);
    reply.choices.clear();
    reply.blocks.push(Block::Notice { level: Level::Warning, text: script.phrases.unkept.trim().to_owned() });
    Some(Turned { meaning, slots, reply: reply.into(), token: None })
}
