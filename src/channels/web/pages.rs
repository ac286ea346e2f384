//! The kiosk page: files of the `wenban_kiosk` crate, and what is said where there is none.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{problem::Problem, words};

/// kiosk.md 3.5, to the letter.
const CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; \
     worker-src 'self'; media-src 'self' blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types kiosk",
);

/// Their names hold a hash of their content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// A kiosk keeps no page of the person before.
const NEVER: HeaderValue = HeaderValue::from_static("no-store");

/// Whatever no route takes.
pub(super) async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::from(&words::NO_PATH).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ([(header::ALLOW, "GET, HEAD")], Problem::from(&words::METHOD)).into_response();
    }
    let name = match path {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    // The crate knows its files by their exact names: a path that climbs out of the folder is the name of none.
    match wenban_kiosk::file(name) {
        Some((content, tag)) => file(name, content, &tag, request.headers()),
        None => (StatusCode::NOT_FOUND, [(header::CONTENT_SECURITY_POLICY, CSP)], words::NO_PAGE).into_response(),
    }
}

fn file(name: &str, content: std::borrow::Cow<'static, [u8]>, tag: &str, asked: &HeaderMap) -> Response {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let typed = if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    let keep = if name.starts_with("assets/") {
        FOR_EVER
    } else if kind.subtype() == mime_guess::mime::HTML {
        NEVER
    } else {
        ASK_AGAIN
    };
    let head: [(HeaderName, HeaderValue); 2] = [(header::CONTENT_SECURITY_POLICY, CSP), (header::CACHE_CONTROL, keep)];
    let tagged = [(header::ETAG, tag.to_owned())];
    if has(asked, tag) {
        return (StatusCode::NOT_MODIFIED, head, tagged).into_response();
    }
    // axum's fallback answers HEAD too; hyper leaves the body out and keeps its length.
    (head, tagged, [(header::CONTENT_TYPE, typed)], content).into_response()
}

/// Whether the browser has this version (`If-None-Match`, RFC 9110 13.1.2; compared weakly as it says).
fn has(asked: &HeaderMap, tag: &str) -> bool {
    let values = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}
