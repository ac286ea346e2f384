//! The one task that writes. All that waits is committed as one transaction: the disk is waited for once and not once a turn.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};

use super::{
    Keyring, Removed, StoreError,
    audit::Append as _,
    driver::{Driver, passing},
    group::Group,
    write::{Applied, Apply as _, Commit, Write},
};

/// Writes that may wait; one more is refused (security.md 3.2).
const WAITING: usize = 1_024;
/// Writes of one transaction: more would keep the first of them waiting.
const GROUP: usize = 256;
/// How long after a failure that may pass the same is tried again, and how often (security.md 3.2).
const PAUSES: [Duration; 3] = [Duration::from_millis(50), Duration::from_millis(250), Duration::from_millis(1_000)];

type Outcome = Result<Removed, StoreError>;

/// A write and who waits for it.
struct Job {
    write: Write,
    done: oneshot::Sender<Outcome>,
}

/// The way to the one that writes.
pub(super) struct Writing(mpsc::Sender<Job>);

impl Writing {
    pub(super) fn start<D: Driver>(driver: Arc<D>, keys: Keyring) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        tokio::spawn(Writer { driver, keys, connection: None }.run(waiting));
        Self(jobs)
    }

    pub(super) async fn write(&self, write: Write) -> Outcome {
        let (done, answer) = oneshot::channel();
        self.0.try_send(Job { write, done }).map_err(|error| {
            StoreError::Unavailable(match error {
                mpsc::error::TrySendError::Full(_) => "too many writes wait".into(),
                mpsc::error::TrySendError::Closed(_) => "the writer has stopped".into(),
            })
        })?;
        answer.await.map_err(|_| StoreError::Unavailable("the writer has stopped".into()))?
    }
}

/// Why a transaction came to nothing.
enum Failure {
    /// The database failed. With what it would have done, when that was at its very end: whether it did must be looked up.
    Database { error: sqlx::Error, perhaps: Option<Vec<Outcome>> },
    /// The audit trail takes no rows; the transaction was rolled back.
    Audit(String),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database { error, perhaps: None }
    }
}

struct Writer<D: Driver> {
    driver: Arc<D>,
    keys: Keyring,
    /// `None` after a transaction failed: what state its connection is in is not worth knowing, and sqlx's is lost for good when
    /// SQLite rolled back by itself (security.md 0, 2).
    connection: Option<D::Connection>,
}

impl<D: Driver> Writer<D> {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut group = Vec::new();
        while jobs.recv_many(&mut group, GROUP).await > 0 {
            let (writes, waiting): (Vec<Write>, Vec<_>) = group.drain(..).map(|job| (job.write, job.done)).unzip();
            let outcomes = self.write(&writes).await;
            for (done, outcome) in waiting.into_iter().zip(outcomes) {
                // Nobody waits any more: the write stands all the same.
                let _ = done.send(outcome);
            }
        }
        if let Some(connection) = self.connection
            && let Err(error) = connection.leave().await
        {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database did not close well");
        }
    }

    /// Each write's outcome. A transaction whose end was not heard of is looked for before anything is done again.
    async fn write(&mut self, writes: &[Write]) -> Vec<Outcome> {
        let mut pauses = PAUSES.iter();
        let mut doubt: Option<Vec<Outcome>> = None;
        let mut refused: Option<String> = None;
        loop {
            let tried = match doubt.take() {
                Some(outcomes) => match self.stands(writes, &outcomes).await {
                    Ok(true) => return outcomes,
                    Ok(false) => self.transact(writes, refused.as_deref()).await,
                    Err(error) => Err(Failure::Database { error, perhaps: Some(outcomes) }),
                },
                None => self.transact(writes, refused.as_deref()).await,
            };
            let (error, perhaps) = match tried {
                Ok(outcomes) => return outcomes,
                Err(Failure::Audit(error)) => {
                    tracing::error!(error, "the audit trail takes no rows");
                    refused = Some(error);
                    continue;
                }
                Err(Failure::Database { error, perhaps }) => (error, perhaps),
            };
            self.connection = None;
            let again = if passing(&error) || perhaps.is_some() { pauses.next() } else { None };
            doubt = perhaps;
            let Some(pause) = again else {
                tracing::error!(error = &error as &dyn std::error::Error, writes = writes.len(), "a group of writes failed");
                return writes.iter().map(|_| Err(StoreError::Unavailable(error.to_string()))).collect();
            };
            tracing::warn!(error = &error as &dyn std::error::Error, writes = writes.len(), "a group of writes is tried again");
            sleep(*pause).await;
        }
    }

    async fn connected(&mut self) -> Result<&mut D::Connection, sqlx::Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.driver.writer().await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// One transaction, and what the audit trail is told of it last. Once the trail has `refused`, without what it must be told.
    async fn transact(&mut self, writes: &[Write], refused: Option<&str>) -> Result<Vec<Outcome>, Failure> {
        let keys = self.keys.clone();
        let connection = self.connected().await?;
        connection.order(<D::Connection as Group>::BEGIN).await?;
        let turns: Vec<&Commit> = writes.iter().filter_map(Write::plain_turn).collect();
        let together = turns.len() > 1 && refused.is_none() && Self::together(connection, &turns).await?;
        let (mut outcomes, mut told) = (Vec::with_capacity(writes.len()), Vec::new());
        for write in writes {
            let outcome = match refused {
                Some(error) if write.is_audited() => Err(StoreError::Audit(error.to_owned())),
                _ if together && write.plain_turn().is_some() => Ok(write.acts().into()),
                _ => Self::one(connection, &keys, write, writes.len() == 1).await?,
            };
            outcomes.push(outcome.map(|Applied { acts, removed }| {
                told.extend_from_slice(&acts);
                removed
            }));
        }
        if let [Err(_)] = outcomes.as_slice() {
            // A database that rolled back by itself has nothing to roll back.
            if connection.order("rollback").await.is_err() {
                self.connection = None;
            }
            return Ok(outcomes);
        }
        if let Err(error) = connection.append(&keys, &told).await {
            if passing(&error) || connection.order("rollback").await.is_err() {
                return Err(error.into());
            }
            return Err(Failure::Audit(error.to_string()));
        }
        match connection.order("commit").await {
            Ok(()) => Ok(outcomes),
            Err(error) => Err(Failure::Database { error, perhaps: Some(outcomes) }),
        }
    }

    /// One write among others has a savepoint, so that a stale one does not spoil them. The outer error is the transaction's.
    async fn one<'w>(
        connection: &mut D::Connection,
        keys: &Keyring,
        write: &'w Write,
        alone: bool,
    ) -> Result<Result<Applied<'w>, StoreError>, sqlx::Error> {
        if alone {
            return serious(connection.apply(keys, write).await);
        }
        connection.order("savepoint one").await?;
        let outcome = serious(connection.apply(keys, write).await)?;
        if outcome.is_err() {
            connection.order("rollback to savepoint one").await?;
        }
        connection.order("release savepoint one").await?;
        Ok(outcome)
    }

    /// Applies all turns, or none when one of them is in the way of it.
    async fn together(connection: &mut D::Connection, turns: &[&Commit]) -> Result<bool, sqlx::Error> {
        let error = match connection.apply_turns(turns).await {
            Ok(true) => return Ok(true),
            Ok(false) => None,
            Err(error) if passing(&error) => return Err(error),
            Err(error) => Some(error),
        };
        // A database that rolled back by itself has nothing to roll back, and what it failed of tells more.
        connection.order("rollback").await.map_err(|second| error.unwrap_or(second))?;
        connection.order(<D::Connection as Group>::BEGIN).await?;
        Ok(false)
    }

    /// Whether a transaction with these outcomes was committed: seen by a reply or a session of it, whose sealed text no other
    /// transaction can have written.
    async fn stands(&mut self, writes: &[Write], outcomes: &[Outcome]) -> Result<bool, sqlx::Error> {
        let kept = writes.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_ok());
        let Some(turn) = kept.filter_map(|(write, _)| write.turn()).find(|turn| turn.leaves_a_trace()) else { return Ok(false) };
        self.connected().await?.stands(turn).await
    }
}

/// What may go well a moment later is no write's own failure.
fn serious<T>(outcome: Result<T, StoreError>) -> Result<Result<T, StoreError>, sqlx::Error> {
    match outcome {
        Err(StoreError::Database(error)) if passing(&error) => Err(error),
        outcome => Ok(outcome),
    }
}
