//! What surrounds every request: the log line, headers, the net under a panic, the check of its origin, the deadline.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use tokio::time::timeout;
use tracing::{error, info};

use super::{
    problem::{Problem, Refused},
    words,
};

/// When an answer comes too late: the page gives up then. security.md INP allows 20 s.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// kiosk.md 3.5: on every response.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static("camera=(), geolocation=(), microphone=(self)")),
];

/// For what is not a page and asks for no policy of its own.
const CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What surrounds a request. One layer: each of five took the time of an echo (`benches/turn.rs`).
pub(super) async fn around(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let asked = (method(request.method()), request.extensions().get::<MatchedPath>().cloned());
    let api = request.uri().path().starts_with("/api");
    let mut response = answer(request, next).await;
    headers(&mut response, api);
    log(asked, started, &response);
    response
}

/// The answer within its time, whatever happens on the way to it.
async fn answer(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && !is_ours(request.headers(), request.uri()) {
        return Problem::from(&words::OTHER_SITE).into_response();
    }
    // Nobody waits for ever.
    match timeout(ANSWER_WITHIN, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
        Ok(Ok(response)) => response,
        // A panic is our own fault like any other. What it says stays out: it may quote a resident.
        Ok(Err(_)) => Problem::from(&words::BROKEN).into_response(),
        Err(_) => Problem::from(&words::LATE).into_response(),
    }
}

/// One line a request: the route and never the path, for the path holds the conversation's id.
fn log((method, route): (&str, Option<MatchedPath>), started: Instant, response: &Response) {
    let route = route.as_ref().map_or("page", MatchedPath::as_str);
    let status = response.status().as_u16();
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match response.extensions().get::<Refused>() {
        Some(Refused { name, instance, cause }) if status >= 500 => {
            let cause = cause.as_deref().unwrap_or_default();
            error!(method, route, status, ms, problem = name, instance, cause, "{method} {route} failed with {status}");
        }
        Some(Refused { name, instance, .. }) => {
            info!(method, route, status, ms, problem = name, instance, "{method} {route} refused with {status}");
        }
        None => info!(method, route, status, ms, "{method} {route} answered with {status}"),
    }
}

/// A caller may make up a method, and the log keeps nothing that a caller made up.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

/// Headers of every response.
fn headers(response: &mut Response, api: bool) {
    let headers = response.headers_mut();
    headers.extend(HEADERS);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(CSP);
    if api {
        // Over what axum says of event streams.
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    } else {
        headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    }
}

/// security.md CSF-01: what changes something comes from a page of this server, or from no page at all.
fn is_ours(headers: &HeaderMap, uri: &Uri) -> bool {
    let fetched = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let Some(origin) = headers.get(header::ORIGIN) else { return fetched };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let host = host.as_ref().or(uri.authority());
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let (Some(origin), Some(host)) = (origin, host) else { return false };
    let default = match origin.scheme_str() {
        Some("http") => 80,
        Some("https") => 443,
        _ => return false,
    };
    let named = |authority: &Authority| (authority.host().to_ascii_lowercase(), authority.port_u16().unwrap_or(default));
    fetched && origin.authority().map(named) == Some(named(host))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Uri};

    use super::is_ours;

    #[test]
    fn what_another_page_sends_is_not_ours() {
        for (origin, host, site, expected) in [
            (None, "desk.example", None, true),
            (Some("https://desk.example"), "desk.example", Some("same-origin"), true),
            (Some("https://desk.example"), "Desk.example:443", None, true),
            (Some("http://127.0.0.1:8080"), "127.0.0.1:8080", None, true),
            (Some("http://127.0.0.1:8081"), "127.0.0.1:8080", None, false),
            (Some("https://evil.example"), "desk.example", None, false),
            (Some("https://desk.example.evil.example"), "desk.example", None, false),
            (Some("null"), "desk.example", None, false),
            (Some("file://"), "desk.example", None, false),
            (None, "desk.example", Some("cross-site"), false),
            (None, "desk.example", Some("same-site"), false),
            (None, "desk.example", Some("none"), true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("host", host.parse().unwrap());
            for (name, value) in [("origin", origin), ("sec-fetch-site", site)] {
                value.map(|value| headers.insert(name, value.parse().unwrap()));
            }
            assert_eq!(is_ours(&headers, &Uri::from_static("/")), expected, "{origin:?} {host} {site:?}");
        }
    }
}
