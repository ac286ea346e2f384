//! What a turn fails with.

use crate::{services::ServiceError, store::StoreError};

/// A turn could not be taken. What the resident got wrong is no error but a reply.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No such conversation, or the token is not its own.
    #[error("no such conversation")]
    Unknown,
    /// It is over.
    #[error("the conversation is over")]
    Ended,
    /// This message id came before with other words.
    #[error("the message id was used for another message")]
    Reused,
    /// Other turns were first, every time it was tried.
    #[error("another turn was first")]
    Busy,
    /// The store takes no turns now.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// Our own fault.
    #[error("{0}")]
    Broken(String),
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::Busy,
            StoreError::Unavailable(_)
            | StoreError::Audit(_)
            | StoreError::Database(_)
            | StoreError::Unreachable(_)
            | StoreError::Full { .. } => Self::Unavailable(error.to_string()),
            StoreError::Sealed | StoreError::Unreadable(_) | StoreError::Keys(_) | StoreError::Opening(_) => {
                Self::Broken(error.to_string())
            }
        }
    }
}

impl From<ServiceError> for DeskError {
    fn from(error: ServiceError) -> Self {
        Self::Broken(error.to_string())
    }
}
