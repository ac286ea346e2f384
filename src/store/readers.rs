//! Connections that read. sqlx's own pool asks a connection before and after each use whether it still answers: two more trips to
//! it, when one is all that a turn needs (`benches/turn.rs`). Here a connection is taken on trust, and thrown away when it fails.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::{StoreError, driver::Driver};

/// How long a turn waits for a connection (security.md 3.2).
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a read may last: longer, and it would hold back the log's checkpoints (REL-12).
pub(super) const WITHIN: Duration = Duration::from_secs(5);

/// When the read under way on a connection is cut off; the connection has the other half of it.
#[derive(Clone, Debug)]
pub(super) struct Deadline {
    start: Instant,
    /// Milliseconds after `start`.
    until: Arc<AtomicU64>,
}

impl Deadline {
    fn new() -> Self {
        Self { start: Instant::now(), until: Arc::default() }
    }

    fn milliseconds(&self, more: Duration) -> u64 {
        u64::try_from((self.start.elapsed() + more).as_millis()).unwrap_or(u64::MAX)
    }

    fn set(&self) {
        self.until.store(self.milliseconds(WITHIN), Ordering::Relaxed);
    }

    /// Whether it is over.
    pub(super) fn past(&self) -> bool {
        self.milliseconds(Duration::ZERO) > self.until.load(Ordering::Relaxed)
    }
}

struct Reader<C> {
    connection: C,
    deadline: Deadline,
}

/// All of them: made when they are needed, kept when they are done.
pub(super) struct Readers<D: Driver> {
    driver: Arc<D>,
    idle: Mutex<Vec<Reader<D::Connection>>>,
    places: Semaphore,
}

/// A connection for one read.
pub(super) struct Reading<'a, D: Driver> {
    readers: &'a Readers<D>,
    reader: Reader<D::Connection>,
    _place: SemaphorePermit<'a>,
}

impl<D: Driver> Readers<D> {
    pub(super) fn new(driver: Arc<D>) -> Self {
        Self { driver, idle: Mutex::default(), places: Semaphore::new(D::READERS) }
    }

    pub(super) async fn take(&self) -> Result<Reading<'_, D>, StoreError> {
        let place = timeout(PATIENCE, self.places.acquire()).await;
        let busy = || StoreError::Unavailable("every connection was busy".into());
        let place = place.map_err(|_| busy())?.map_err(|_| busy())?;
        let idle = self.idle().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => {
                let deadline = Deadline::new();
                deadline.set();
                Reader { connection: self.driver.reader(Some(deadline.clone())).await?, deadline }
            }
        };
        reader.deadline.set();
        Ok(Reading { readers: self, reader, _place: place })
    }

    /// A connection for what goes through whole tables, whatever time it takes.
    pub(super) async fn patient(&self) -> Result<D::Connection, StoreError> {
        Ok(self.driver.reader(None).await?)
    }

    /// After one lost its server, the others have too.
    pub(super) fn forget(&self) {
        self.idle().clear();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader<D::Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Driver> Reading<'_, D> {
    /// It went well: the next may have the connection.
    pub(super) fn done(self) {
        let Self { readers, reader, _place: place } = self;
        readers.idle().push(reader);
        drop(place);
    }
}

impl<D: Driver> Deref for Reading<'_, D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        &self.reader.connection
    }
}

impl<D: Driver> DerefMut for Reading<'_, D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        &mut self.reader.connection
    }
}
