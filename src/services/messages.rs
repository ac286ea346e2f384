//! Text messages to phones, and what takes them.

use async_trait::async_trait;

use crate::domain::person::Phone;

/// A text message to a phone.
#[derive(Debug)]
pub struct Message {
    /// Its own: the same one again is the same message.
    pub id: String,
    /// To whom.
    pub phone: Phone,
    /// The words.
    pub text: String,
}

/// A message was not taken; says why, for the log: nothing personal.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unsent(pub String);

/// What delivers text messages. Both calls end within 3 s.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// Hands one message over. `Ok` when it was taken, or when this one message will never be: who asks must not learn that.
    async fn send(&self, message: &Message) -> Result<(), Unsent>;

    /// Asked in place of sending where nobody is to get a message: fails when sending would, so that both look alike.
    async fn probe(&self) -> Result<(), Unsent>;
}
