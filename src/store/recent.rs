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
struct Talk {
    head: Versioned<ConversationHead>,
    /// As saved last, at the head's version, and by which message: that one was answered.
    session: Option<(Session, MessageId)>,
}

struct Halves {
    newer: HashMap<String, Talk>,
    older: HashMap<String, Talk>,
    since: Instant,
}

impl Halves {
    /// The conversation's place, in the newer half from now on.
    fn talk(&mut self, conversation: &str) -> Option<&mut Talk> {
        if let Some(talk) = self.older.remove(conversation) {
            self.put(conversation, talk);
        }
        self.newer.get_mut(conversation)
    }

    fn put(&mut self, conversation: &str, talk: Talk) {
        if self.newer.len() >= HALF || self.since.elapsed() > SPAN {
            self.older = mem::take(&mut self.newer);
            self.since = Instant::now();
        }
        self.newer.insert(conversation.to_owned(), talk);
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
        self.with(|halves| Some(halves.newer.get(conversation).or_else(|| halves.older.get(conversation))?.head.value.clone()))
    }

    /// Who speaks in the conversation, as it was just read. Only what a token opens is remembered: its id is drawn and never used
    /// for another, so that its versions never begin anew.
    pub(super) fn read(&self, conversation: &str, head: &Versioned<ConversationHead>) {
        if head.value.token_hash.is_none() || head.value.ended {
            return;
        }
        self.with(|halves| {
            if halves.talk(conversation).is_none_or(|talk| talk.head.version < head.version) {
                halves.put(conversation, Talk { head: head.clone(), session: None });
            }
        });
    }

    /// What there is to know before a turn; taken out, since the turn saves it anew or fails. `None`: to be read. So it is when
    /// the message is the one that came last: it was answered, and is here again.
    pub(super) fn take(&self, conversation: &str, message: &MessageId) -> Option<Recalled> {
        self.with(|halves| {
            let talk = halves.talk(conversation)?;
            let (session, last) = talk.session.take()?;
            let (head, version) = (talk.head.clone(), talk.head.version);
            let session = Some(Versioned { value: session, version });
            (last != *message).then_some(Recalled { head: Some(head), session, earlier: None })
        })
    }

    /// What a turn saved, where the conversation was at the version before: then it has the head that was read.
    pub(super) fn keep(&self, conversation: &str, session: Versioned<Session>, message: MessageId) {
        self.with(|halves| {
            if let Some(talk) = halves.talk(conversation).filter(|talk| talk.head.version + 1 == session.version) {
                talk.head.version = session.version;
                talk.session = Some((session.value, message));
            }
        });
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
    use super::{ConversationHead, HALF, Recent, Versioned};
    use crate::domain::{
        message::{ChannelKind, MessageId},
        session::Session,
    };

    fn message(id: &str) -> MessageId {
        MessageId(id.to_owned())
    }

    fn head(token: Option<&str>, version: i64) -> Versioned<ConversationHead> {
        let value = ConversationHead { token_hash: token.map(str::to_owned), channel: ChannelKind::Kiosk, ended: false };
        Versioned { value, version }
    }

    fn keep(recent: &Recent, conversation: &str, version: i64) {
        recent.keep(conversation, Versioned { value: Session::default(), version }, message("m1"));
    }

    #[test]
    fn what_was_saved_last_is_at_hand_once() {
        let recent = Recent::default();
        recent.read("c", &head(Some("t"), 2));
        assert!(recent.take("c", &message("m2")).is_none(), "only the head was read");
        keep(&recent, "c", 3);
        let taken = recent.take("c", &message("m2")).unwrap();
        assert_eq!((taken.head.unwrap().version, taken.session.unwrap().version), (3, 3));
        assert!(recent.take("c", &message("m2")).is_none(), "a turn that failed reads anew");
        keep(&recent, "c", 4);
        assert!(recent.take("c", &message("m1")).is_none(), "its answer is on file");
        keep(&recent, "c", 5);
        recent.forget("c");
        assert!(recent.take("c", &message("m2")).is_none() && recent.head("c").is_none());
    }

    /// The head and the session are of one version, or the session is not remembered.
    #[test]
    fn a_head_goes_with_its_own_version_alone() {
        let recent = Recent::default();
        keep(&recent, "c", 1);
        assert!(recent.take("c", &message("m2")).is_none(), "without a head");
        recent.read("c", &head(Some("former"), 1));
        keep(&recent, "c", 3);
        assert!(recent.take("c", &message("m2")).is_none(), "a turn in between may have renewed the token");
        recent.read("c", &head(Some("new"), 3));
        recent.read("c", &head(Some("former"), 2));
        assert_eq!(recent.head("c").unwrap().token_hash.as_deref(), Some("new"), "what was read before it comes late");
        recent.read("d", &head(None, 1));
        assert!(recent.head("d").is_none(), "an account's conversation may begin anew at the same version");
    }

    #[test]
    fn the_newest_are_kept_and_no_more_than_twice_a_half() {
        let recent = Recent::default();
        for n in 0..3 * HALF {
            recent.read(&n.to_string(), &head(Some("t"), 0));
            keep(&recent, &n.to_string(), 1);
        }
        let here = |n: usize| recent.take(&n.to_string(), &message("m2")).is_some();
        assert!(here(3 * HALF - 1) && here(2 * HALF));
        assert!(!here(0));
        recent.with(|halves| assert!(halves.newer.len() <= HALF && halves.older.len() <= HALF));
    }
}
