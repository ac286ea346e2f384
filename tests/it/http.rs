//! The HTTP channel from outside: through its router, and once over a socket.

mod certificates;
mod codes;
mod conversations;
mod pages;
mod problems;
mod server;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, header},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use wenban::channels::web::router;

use crate::support::desk::{Hall, small_hall};

const CONVERSATIONS: &str = "/api/v1/conversations";

/// A browser with a page of the desk open.
struct Browser(Router, Hall, #[expect(dead_code, reason = "the store's folder goes when it is dropped")] tempfile::TempDir);

/// What came back.
struct Seen {
    status: u16,
    headers: HeaderMap,
    body: String,
}

/// An open conversation.
struct Talk {
    path: String,
    token: String,
}

impl Browser {
    async fn new() -> Self {
        let (dir, hall) = small_hall().await;
        Self::at(hall, dir)
    }

    fn at(hall: Hall, dir: tempfile::TempDir) -> Self {
        Self(router(hall.desk.clone()), hall, dir)
    }

    async fn send(&self, request: Request<Body>) -> Seen {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, 1 << 22).await.unwrap();
        Seen { status: head.status.as_u16(), headers: head.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    async fn ask(&self, method: &str, path: &str) -> Seen {
        self.send(request(method, path, None, "")).await
    }

    async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Seen {
        self.send(request("POST", path, token, &body.to_string())).await
    }

    async fn open(&self) -> Talk {
        let opened = self.post(CONVERSATIONS, None, &json!({"channel": "kiosk"})).await;
        assert_eq!(opened.status, 201, "{}", opened.body);
        let opened = opened.json();
        Talk { path: format!("{CONVERSATIONS}/{}", text(&opened["id"])), token: text(&opened["token"]) }
    }

    async fn say(&self, talk: &Talk, message: &Value) -> Seen {
        self.post(&format!("{}/turns", talk.path), Some(&talk.token), message).await
    }

    async fn end(&self, talk: &Talk) -> Seen {
        self.send(request("DELETE", &talk.path, Some(&talk.token), "")).await
    }
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The name of the problem this is; checks that it is one as a resident should see it.
    fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        let body = self.json();
        assert_eq!(body["status"], self.status);
        let title = text(&body["title"]);
        assert!(title.ends_with('。') && title.chars().filter(|c| ('一'..='龥').contains(c)).count() > 5, "{title}");
        assert!(text(&body["instance"]).starts_with("urn:wenban:instance:"));
        text(&body["type"]).strip_prefix("urn:wenban:problem:").unwrap().to_owned()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A request as the page sends it.
fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "desk.example");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    request.body(Body::from(body.to_owned())).unwrap()
}
