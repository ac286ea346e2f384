//! Conversations spoken in lately, in the clear and in memory: the next turn of one reads nothing. What is kept here may be out of
//! date, since another process may have changed the conversation; the commit, which names the version, finds it out, and the next
//! attempt reads anew.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{ConversationHead, Recalled, Versioned};
use crate::domain::{message::MessageId, session::Session};

/// Conversations of one half; a session with its last reply takes some 10 KB.
const HALF: usize = 2_048;
/// After this, what was not touched becomes the older half, and after as long again it is forgotten.
const SPAN: Duration = Duration::from_secs(300);

/// What is remembered of one.
#[derive(Default)]
struct Talk {
    head: Option<ConversationHead>,
    /// As saved last, and by which message: that one was answered.
    session: Option<(Versioned<Session>, MessageId)>,
}

struct Halves {
    newer: HashMap<String, Talk>,
    older: HashMap<String, Talk>,
    since: Instant,
}

impl Halves {
    /// The conversation's place in the newer half.
    fn talk(&mut self, conversation: &str) -> &mut Talk {
        if self.newer.len() >= HALF || self.since.elapsed() > SPAN {
            self.older = mem::take(&mut self.newer);
            self.since = Instant::now();
        }
        let Self { newer, older, .. } = self;
        newer.entry(conversation.to_owned()).or_insert_with(|| older.remove(conversation).unwrap_or_default())
    }
}

/// All of them.
pub(super) struct Recent(Mutex<Halves>);

impl Default for Recent {
    fn default() -> Self {
        Self(Mutex::new(Halves { newer: HashMap::new(), older: HashMap::new(), since: Instant::now() }))
    }
}

impl Recent {
    fn with<T>(&self, act: impl FnOnce(&mut Halves) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn head(&self, conversation: &str) -> Option<ConversationHead> {
        self.with(|halves| halves.newer.get(conversation).or_else(|| halves.older.get(conversation))?.head.clone())
    }

    pub(super) fn keep_head(&self, conversation: &str, head: &ConversationHead) {
        self.with(|halves| halves.talk(conversation).head = Some(head.clone()));
    }

    /// What there is to know before a turn; taken out, since the turn saves it anew or fails. `None`: to be read. So it is when
    /// the message is the one that came last: it was answered, and is here again.
    pub(super) fn take(&self, conversation: &str, message: &MessageId) -> Option<Recalled> {
        let known = |halves: &Halves| halves.newer.contains_key(conversation) || halves.older.contains_key(conversation);
        let taken = self.with(|halves| if known(halves) { halves.talk(conversation).session.take() } else { None });
        let (session, last) = taken?;
        (last != *message).then_some(Recalled { session: Some(session), earlier: None })
    }

    pub(super) fn keep(&self, conversation: &str, session: Versioned<Session>, message: MessageId) {
        self.with(|halves| halves.talk(conversation).session = Some((session, message)));
    }

    pub(super) fn forget(&self, conversation: &str) {
        self.with(|halves| {
            halves.newer.remove(conversation);
            halves.older.remove(conversation);
        });
    }

    pub(super) fn clear(&self) {
        self.with(|halves| (halves.newer, halves.older) = Default::default());
    }
}

#[cfg(test)]
mod tests {
    use super::{HALF, Recent, Versioned};
    use crate::domain::{message::MessageId, session::Session};

    fn message(id: &str) -> MessageId {
        MessageId(id.to_owned())
    }

    fn kept(recent: &Recent, conversation: &str) {
        recent.keep(conversation, Versioned { value: Session::default(), version: 3 }, message("m1"));
    }

    #[test]
    fn what_was_saved_last_is_at_hand_once() {
        let recent = Recent::default();
        assert!(recent.take("c", &message("m1")).is_none());
        kept(&recent, "c");
        assert_eq!(recent.take("c", &message("m2")).unwrap().session.unwrap().version, 3);
        assert!(recent.take("c", &message("m2")).is_none(), "a turn that failed reads anew");
        kept(&recent, "c");
        assert!(recent.take("c", &message("m1")).is_none(), "its answer is on file");
        kept(&recent, "c");
        recent.forget("c");
        assert!(recent.take("c", &message("m2")).is_none());
    }

    #[test]
    fn the_newest_are_kept_and_no_more_than_twice_a_half() {
        let recent = Recent::default();
        for n in 0..3 * HALF {
            kept(&recent, &n.to_string());
        }
        let here = |n: usize| recent.take(&n.to_string(), &message("m2")).is_some();
        assert!(here(3 * HALF - 1) && here(2 * HALF));
        assert!(!here(0));
        recent.with(|halves| assert!(halves.newer.len() <= HALF && halves.older.len() <= HALF));
    }
}
