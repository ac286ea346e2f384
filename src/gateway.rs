//! Records from the social insurance bureau's core system, over HTTPS, by the contract of `docs/gateway.md`.
//!
//! A turn waits 3 s for its records at most. What does not come by then, or comes otherwise than agreed, is read from the
//! store's last copy when that is younger than a day, and else not at all.

mod breaker;
mod checks;
pub mod contract;
mod line;
mod reading;

use std::{path::PathBuf, sync::Arc, time::Instant};

use tokio::{
    sync::Semaphore,
    time::{timeout, timeout_at},
};

use crate::{
    domain::{clock::Clock, id_number::IdNumber, person::PersonKey},
    outbound::{ANSWER_WITHIN, CONNECT_WITHIN},
    store::{Asked, Keyring, Records, Registers, Store},
};
use breaker::Breaker;
pub(crate) use checks::Row;
use checks::days;
use contract::{Answer, Request, Subject};
use line::Line;
use reading::Reading;

/// Calls on their way.
const AT_ONCE: usize = 16;
/// Calls that wait for one of these to end.
const QUEUE: usize = 64;

/// Where the core system is and how it is spoken to.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its address, `https://host/path`; `http://` for this machine alone.
    pub url: String,
    /// File of the service token that signs requests; mode 0400 or 0600.
    pub token: PathBuf,
    /// File of the one authority that its certificate may come from, PEM.
    pub ca: Option<PathBuf>,
    /// File of our own certificate and its key, PEM; mode 0400 or 0600.
    pub certificate: Option<PathBuf>,
}

/// The gateway cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The address will not do.
    #[error("the core system's address: {0}")]
    Address(&'static str),
    /// A file cannot be used.
    #[error("{}: {cause}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// Others can read a secret.
    #[error("{} is open to others: chmod 400", .0.display())]
    Open(PathBuf),
    /// No token of 32 to 256 printable characters.
    #[error("{}: a service token has 32 to 256 letters, digits and signs", .0.display())]
    Token(PathBuf),
    /// TLS cannot be set up.
    #[error("the line to the core system: {0}")]
    Client(String),
}

/// Why a call gave nothing. Names nobody.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("it fails and is left alone for a while")]
    Resting,
    #[error("too many wait for it")]
    Full,
    #[error("it did not answer in time")]
    Late,
    #[error("{0}")]
    Broken(String),
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("its answer is too long")]
    TooLong,
    #[error("its answer is not as agreed: {0}")]
    Unsound(&'static str),
    #[error("the person's number is not known here any more")]
    Forgotten,
}

impl From<reqwest::Error> for Fault {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Late } else { Self::Broken(line::without_url(error)) }
    }
}

/// The core system as a source of records.
pub struct Gateway {
    line: Line,
    store: Arc<dyn Store>,
    keys: Keyring,
    clock: Arc<dyn Clock>,
    breaker: Breaker,
    /// Calls on their way and those that wait.
    places: Semaphore,
    under_way: Semaphore,
}

impl Gateway {
    /// A gateway that keeps its copies in `store`.
    pub fn new(config: &Config, store: Arc<dyn Store>, keys: Keyring, clock: Arc<dyn Clock>) -> Result<Self, GatewayError> {
        Ok(Self {
            line: Line::open(config, AT_ONCE)?,
            store,
            keys,
            clock,
            breaker: Breaker::default(),
            places: Semaphore::new(AT_ONCE + QUEUE),
            under_way: Semaphore::new(AT_ONCE),
        })
    }

    /// The key under which a person is known here: of their number, and nothing without our own key.
    fn key(&self, number: &IdNumber) -> PersonKey {
        PersonKey(self.keys.mac(&["core person", number.reveal()]))
    }

    /// One register of one person, checked.
    async fn ask<T: Row>(&self, number: &IdNumber, asked: &Asked) -> Result<Answer<T>, Fault> {
        let _place = self.places.try_acquire().map_err(|_| Fault::Full)?;
        let _turn = timeout_at(asked.by, self.under_way.acquire()).await.map_err(|_| Fault::Late)?;
        let left = asked.by.saturating_duration_since(tokio::time::Instant::now()).min(ANSWER_WITHIN);
        if left < CONNECT_WITHIN {
            return Err(Fault::Late);
        }
        let pass = self.breaker.admit(Instant::now()).ok_or(Fault::Resting)?;
        let answer = timeout(left, self.call(number, asked)).await.unwrap_or(Err(Fault::Late));
        pass.end(answer.is_ok(), Instant::now());
        answer
    }

    async fn call<T: Row>(&self, number: &IdNumber, asked: &Asked) -> Result<Answer<T>, Fault> {
        let request = Request {
            request_id: format!("{:032x}", rand::random::<u128>()),
            purpose: asked.purpose.clone(),
            actor: asked.actor,
            level: asked.level,
            person: Subject { id_number: number.clone() },
            register: T::REGISTER,
        };
        let body = serde_json::to_vec(&request).map_err(|_| Fault::Unsound("the request cannot be written"))?;
        let answer = self.line.call(&request.request_id, body, self.clock.now()).await?;
        // serde's own message may quote what it read.
        let answer: Answer<T> = serde_json::from_slice(&answer).map_err(|_| Fault::Unsound("it is not of the register's form"))?;
        let tomorrow = self.clock.today().succ_opt();
        let unsound = if answer.request_id != request.request_id {
            Some("it is to another request")
        } else if answer.person != request.person {
            Some("it is of another person")
        } else if answer.register != T::REGISTER {
            Some("it is of another register")
        } else if answer.rows.len() > T::MOST {
            Some("it has more rows than there can be")
        } else if !days([Some(answer.as_of)]) || tomorrow.is_some_and(|tomorrow| answer.as_of > tomorrow) {
            Some("its day is none")
        } else if !answer.rows.iter().all(Row::is_sound) {
            Some("it has a value that does not occur")
        } else {
            None
        };
        unsound.map_or(Ok(answer), |why| Err(Fault::Unsound(why)))
    }
}

impl Registers for Gateway {
    fn reading(self: Arc<Self>, asked: Asked) -> Arc<dyn Records> {
        Arc::new(Reading::new(self, asked))
    }
}
