//! Turns of one conversation run one at a time; those of different conversations side by side.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OwnedMutexGuard;

type Line = Arc<tokio::sync::Mutex<()>>;

/// One line for each conversation in which somebody stands.
#[derive(Default)]
pub(super) struct Queue {
    lines: Mutex<HashMap<String, Line>>,
}

/// A conversation's turn at the desk; it ends when this is dropped.
pub(super) struct Place<'a> {
    queue: &'a Queue,
    conversation: String,
    held: Option<OwnedMutexGuard<()>>,
}

impl Queue {
    /// Waits until no other turn of this conversation is under way.
    pub(super) async fn enter(&self, conversation: &str) -> Place<'_> {
        let line = {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            lines.entry(conversation.to_owned()).or_default().clone()
        };
        Place { queue: self, conversation: conversation.to_owned(), held: Some(line.lock_owned().await) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.held = None;
        let mut lines = self.queue.lines.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's own handle is the only one left: nobody waits.
        if lines.get(&self.conversation).is_some_and(|line| Arc::strong_count(line) == 1) {
            lines.remove(&self.conversation);
        }
    }
}
