//! What the audit trail is told of a turn as a whole, and what is said when it cannot be told.

use crate::{
    dialogue::script::Script,
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        reply::{Block, Reply, Status},
        session::Session,
        topic::TopicId,
    },
};

/// The records that a reply refuses and no service was asked for: those of somebody else.
pub(super) fn refused(script: &Script, session: &Session, reply: &Reply, told: &[Entry]) -> Vec<Entry> {
    if reply.status != Status::Refused || !told.is_empty() {
        return Vec::new();
    }
    let topics = reply.completeness.asked.iter().map(|asked| TopicId::from(asked.split('#').next().unwrap_or(asked)));
    let actor = || Actor::Resident(session.identity.as_ref().map(|identity| identity.person.clone()));
    let entry = |topic| Entry { purpose: Some(topic), ..Entry::new(actor(), Act::RecordRead, Outcome::Refused) };
    topics.filter(|topic| script.level(topic) > 0).map(entry).collect()
}

/// In place of `reply`, which says what the audit trail does not know of.
pub(super) fn withheld(script: &Script, reply: &Reply) -> Reply {
    let mut instead = Reply::new(Status::Failed);
    instead.blocks.push(Block::Text { text: script.phrases.failed.trim().to_owned() });
    instead.completeness.asked.clone_from(&reply.completeness.asked);
    instead
}
