//! What services fail with.

use super::{ServiceName, rules::NoRule};
use crate::store::StoreError;

/// A service could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A record call reached the services without a checked identity: a flow of a topic without a level.
    #[error("{0:?} was called without a checked identity")]
    Unchecked(ServiceName),
    /// A slot the service needs is missing or of another kind.
    #[error("{0:?} needs the slot `{1}`")]
    Slot(ServiceName, &'static str),
    /// A dated rule is missing.
    #[error(transparent)]
    Rule(#[from] NoRule),
    /// The system gave no random numbers.
    #[error("the system gave no random numbers")]
    NoChance,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
