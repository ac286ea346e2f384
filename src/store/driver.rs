//! What the two databases do each in its own way, and what a store is over either.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Keyring, Removed, StoreError,
    group::Group,
    readers::{Deadline, Readers},
    recent::Recent,
    write::Write,
    writer::Writing,
};

/// One of the two databases.
#[async_trait]
pub(super) trait Driver: Send + Sync + 'static {
    /// A connection of it.
    type Connection: Group + 'static;
    /// Connections that read at once.
    const READERS: usize;

    /// A connection that writes.
    async fn writer(&self) -> Result<Self::Connection, sqlx::Error>;
    /// A connection that reads, each statement until `limit`; without one, as long as it takes.
    async fn reader(&self, deadline: Option<Deadline>) -> Result<Self::Connection, sqlx::Error>;
}

/// A store over a database.
pub(super) struct Base<D: Driver> {
    pub(super) readers: Readers<D>,
    pub(super) writing: Writing,
    pub(super) recent: Recent,
    pub(super) keys: Keyring,
}

impl<D: Driver> Base<D> {
    pub(super) fn start(driver: D, keys: Keyring) -> Self {
        let driver = Arc::new(driver);
        let writing = Writing::start(driver.clone(), keys.clone());
        Self { readers: Readers::new(driver), writing, recent: Recent::default(), keys }
    }

    pub(super) async fn write(&self, write: Write) -> Result<Removed, StoreError> {
        self.writing.write(write).await
    }
}

/// Whether the same may go well a moment later: the server let the connection go, or two transactions were in each other's way
/// (security.md 3.2).
pub(super) fn passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error
            .code()
            .is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01" | "57P01" | "57P02" | "57P03") || code.starts_with("08")),
        _ => false,
    }
}
