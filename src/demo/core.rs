//! The bureau's core system, played: answers by the contract of `docs/gateway.md` out of a store, checks what it is asked as
//! a real one would, and fails as it is told to.

use std::{
    collections::HashSet,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::body::{Body, Bytes, to_bytes};
use chrono::{DateTime, TimeDelta};
use clap::ValueEnum;
use futures_util::stream;
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderValue},
    http::request::Parts,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};

use crate::{
    domain::{clock::Clock, person::Phone},
    gateway::contract::{self, Answer, PATH, REQUEST_ID, REQUEST_TIME, Register, SCHEME},
    store::{Store, StoreError},
};

/// Where a running one is told to fail: `PUT`, the fault's name or nothing, from this machine alone.
pub const FAULT: &str = "/demo/fault";
/// How a request begins that tells it so.
const CONTROL: [u8; 9] = *b"PUT /demo";
/// How far a request's time may be off.
const SKEW: TimeDelta = TimeDelta::minutes(5);
const SLOW: Duration = Duration::from_secs(8);
const MAX_REQUEST: usize = 64 * 1024;

/// How it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// 不回答 · never answers
    Hang,
    /// 断开连接 · resets the connection
    Reset,
    /// 8 秒后才回答 · answers after 8 s
    Slow,
    /// 回答乱码 · answers bytes of no meaning
    Garbage,
    /// 回答 500 · answers 500
    Status500,
    /// 答到一半断开 · breaks off half-way
    Cut,
    /// 让去别处 · sends elsewhere
    Redirect,
    /// 一直答不完 · answers without end
    Endless,
}

/// A core system over a store.
pub struct Core {
    store: Arc<dyn Store>,
    token: String,
    clock: Arc<dyn Clock>,
    fault: Mutex<Option<Fault>>,
    /// Ids of requests, for no request comes twice.
    seen: Mutex<HashSet<String>>,
    calls: AtomicU64,
    refused: AtomicU64,
    under_way: AtomicU64,
    most_at_once: AtomicU64,
}

type Answered = Result<Response<Body>, io::Error>;

impl Core {
    /// One that answers out of `store` whoever signs with `token`.
    pub fn new(store: Arc<dyn Store>, token: impl Into<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            token: token.into(),
            clock,
            fault: Mutex::default(),
            seen: Mutex::default(),
            calls: AtomicU64::default(),
            refused: AtomicU64::default(),
            under_way: AtomicU64::default(),
            most_at_once: AtomicU64::default(),
        }
    }

    /// From now on it fails so, or not.
    pub fn fail(&self, fault: Option<Fault>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Requests that came, whatever became of them.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Requests that were not as agreed: none of a sound desk's.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// The most requests there were at one time.
    pub fn most_at_once(&self) -> u64 {
        self.most_at_once.load(Ordering::Relaxed)
    }

    fn fault(&self) -> Option<Fault> {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers whoever connects, for as long as it is polled.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) -> io::Result<()> {
        loop {
            let (stream, from) = listener.accept().await?;
            let core = self.clone();
            tokio::spawn(async move {
                let mut first = [0; CONTROL.len()];
                if core.fault() == Some(Fault::Reset) && stream.peek(&mut first).await.is_ok() && first != CONTROL {
                    core.calls.fetch_add(1, Ordering::Relaxed);
                    // Closed with nothing to wait for, a socket resets.
                    let _ = stream.set_zero_linger();
                    return;
                }
                core.converse(stream, from.ip().is_loopback()).await;
            });
        }
    }

    /// Answers on one connection; `local`: it may be told to fail there.
    pub async fn converse(self: Arc<Self>, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, local: bool) {
        let service = service_fn(move |request: Request<Incoming>| {
            let core = self.clone();
            async move { core.hear(request, local).await }
        });
        // It ends with an error wherever a fault is played.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
    }

    async fn hear(&self, request: Request<Incoming>, local: bool) -> Answered {
        let (head, body) = request.into_parts();
        let body = to_bytes(Body::new(body), MAX_REQUEST).await.map_err(io::Error::other)?;
        if local && head.method == Method::PUT && head.uri.path() == FAULT {
            return Ok(self.told(&body));
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        let under_way = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.most_at_once.fetch_max(under_way, Ordering::Relaxed);
        let _ended = Ended(&self.under_way);
        let answer = match self.check(&head, &body) {
            Ok(request) => self.answer(&request).await.map_err(io::Error::other)?,
            Err((status, why)) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                return Ok(said(status, json!({"error": why}).to_string()));
            }
        };
        self.play(answer).await
    }

    /// A fault by its name, or none.
    fn told(&self, name: &[u8]) -> Response<Body> {
        let name = String::from_utf8_lossy(name);
        match Fault::from_str(name.trim(), true) {
            Ok(fault) => self.fail(Some(fault)),
            Err(_) if name.trim().is_empty() => self.fail(None),
            Err(unknown) => return said(StatusCode::BAD_REQUEST, unknown),
        }
        said(StatusCode::OK, String::new())
    }

    /// What a real one must check too: `docs/gateway.md`.
    fn check(&self, head: &Parts, body: &[u8]) -> Result<contract::Request, (StatusCode, &'static str)> {
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (time, id) = (header(REQUEST_TIME), header(REQUEST_ID));
        let signed = header(header::AUTHORIZATION.as_str()).strip_prefix(SCHEME).unwrap_or_default();
        // Hex of a fixed length may hold any run of digits.
        let of_form = |name: &str| name == REQUEST_ID || name == header::AUTHORIZATION.as_str();
        if !is_hex(id, 32) || !is_hex(signed, 64) {
            return Err((StatusCode::UNAUTHORIZED, "no request id, or no signature"));
        }
        let headers = head.headers.iter().filter(|(name, _)| !of_form(name.as_str())).filter_map(|(_, value)| value.to_str().ok());
        let mut shown = headers.chain([head.uri.path(), head.uri.query().unwrap_or_default()]);
        if shown.any(names_somebody) {
            return Err((StatusCode::BAD_REQUEST, "a person is named outside of the body"));
        }
        if head.method != Method::POST || head.uri.path() != PATH || head.uri.query().is_some() {
            return Err((StatusCode::NOT_FOUND, "there is one path"));
        }
        let expected = contract::signature(&self.token, time, id, body);
        if !bool::from(expected.as_bytes().ct_eq(signed.as_bytes())) {
            return Err((StatusCode::UNAUTHORIZED, "the signature does not hold"));
        }
        let off = DateTime::parse_from_rfc3339(time).map(|time| (self.clock.now() - time.to_utc()).abs());
        if off.is_ok_and(|off| off > SKEW) || off.is_err() {
            return Err((StatusCode::UNAUTHORIZED, "the request is of another time"));
        }
        let request: contract::Request =
            serde_json::from_slice(body).map_err(|_| (StatusCode::BAD_REQUEST, "the body is not as agreed"))?;
        if request.request_id != id {
            return Err((StatusCode::BAD_REQUEST, "two request ids"));
        }
        if !self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(request.request_id.clone()) {
            return Err((StatusCode::CONFLICT, "the request came before"));
        }
        Ok(request)
    }

    async fn answer(&self, request: &contract::Request) -> Result<Vec<u8>, StoreError> {
        let register = request.register;
        let dated = if register == Register::Person { Register::Enrollment } else { register };
        let as_of = self.store.as_of(dated.name()).await?.ok_or(StoreError::Unreadable("day of a register"))?;
        let answer = Answer {
            request_id: request.request_id.clone(),
            person: request.person.clone(),
            register,
            as_of,
            rows: self.rows(request).await?,
        };
        serde_json::to_vec(&answer).map_err(|_| StoreError::Unreadable("register"))
    }

    async fn rows(&self, request: &contract::Request) -> Result<Vec<Value>, StoreError> {
        let store = &self.store;
        let Some(person) = store.person_by_id_number(&request.person.id_number).await? else { return Ok(Vec::new()) };
        let key = &person.key;
        let rows = match request.register {
            Register::Person => json!([{"name": person.name.reveal(), "phone": person.phone.as_ref().map(Phone::reveal)}]),
            Register::Enrollment => json!(store.enrollments(key).await?),
            Register::Contributions => json!(store.contributions(key, None, None).await?),
            Register::PensionAccount => json!(store.pension_account(key).await?),
            Register::MedicalAccount => json!(store.medical_account(key, u32::MAX).await?),
            Register::MedicalClaims => json!(store.medical_claims(key).await?),
            Register::Payments => json!(store.payments(key, None).await?),
            Register::Certification => json!(store.certification(key).await?.as_slice()),
            Register::Card => json!(store.card(key).await?.as_slice()),
            Register::Cases => json!(store.cases(key).await?),
        };
        Ok(rows.as_array().cloned().unwrap_or_default())
    }

    /// The answer, or what the fault of the hour makes of it.
    async fn play(&self, answer: Vec<u8>) -> Answered {
        let answer = match self.fault() {
            None => Body::from(answer),
            Some(Fault::Slow) => {
                tokio::time::sleep(SLOW).await;
                Body::from(answer)
            }
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::Reset) => return Err(io::ErrorKind::ConnectionReset.into()),
            Some(Fault::Garbage) => Body::from(rand::random::<[u8; 4096]>().to_vec()),
            Some(Fault::Status500) => return Ok(said(StatusCode::INTERNAL_SERVER_ERROR, "broken".to_owned())),
            Some(Fault::Cut) => {
                let half = Bytes::copy_from_slice(&answer[..answer.len() / 2]);
                Body::from_stream(stream::iter([Ok(half), Err(io::Error::from(io::ErrorKind::BrokenPipe))]))
            }
            Some(Fault::Redirect) => {
                let mut response = said(StatusCode::TEMPORARY_REDIRECT, String::new());
                response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/elsewhere"));
                return Ok(response);
            }
            Some(Fault::Endless) => Body::from_stream(stream::repeat_with(|| Ok::<_, io::Error>(Bytes::from_static(&[b' '; 4096])))),
        };
        let mut response = Response::new(answer);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }
}

/// Counts a request as ended, however it ends.
struct Ended<'a>(&'a AtomicU64);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn said(status: StatusCode, words: String) -> Response<Body> {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    response
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
}

/// Whether an identity number stands in a text: 17 digits and a digit or X.
fn names_somebody(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(18).any(|run| run[..17].iter().all(u8::is_ascii_digit) && (run[17].is_ascii_digit() || matches!(run[17], b'X' | b'x')))
}
