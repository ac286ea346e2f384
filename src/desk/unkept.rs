//! What is answered when the store takes nothing: guides, policies and sums go on (security.md REL-10).

use crate::{
    dialogue::script::Script,
    domain::reply::{Block, Level, Reply, Status},
    services::Message,
    store::Changes,
};

/// Whether a turn did no more than talk: nothing about anybody was read, nothing was left or issued, no code was made.
pub(super) fn is_talk(changes: &Changes, messages: &[Message]) -> bool {
    let Changes { conversation: _, at: _, session: _, reply: _, challenge, matters, certificates, copies, audit } = changes;
    let idle = challenge.is_none() && matters.is_empty() && certificates.is_empty() && copies.is_empty();
    idle && audit.is_empty() && messages.is_empty()
}

/// `reply`, saying that it is not kept; `None` when it leans on what follows. Choices would: nobody knows them in the next turn.
pub(super) fn unkept(script: &Script, reply: &Reply) -> Option<Reply> {
    if reply.status != Status::Answered || reply.expects.is_some() {
        return None;
    }
    let mut reply = Reply { choices: Vec::new(), ..reply.clone() };
    reply.blocks.push(Block::Notice { level: Level::Warning, text: script.phrases.unkept.trim().to_owned() });
    Some(reply)
}
