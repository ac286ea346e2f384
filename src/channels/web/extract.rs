//! What every request is read with: the conversation and its token, and a JSON body. axum's own extractors refuse in
//! English, so these stand in for them.

use std::{collections::HashMap, time::Duration};

use axum::{
    body::{Bytes, HttpBody as _},
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{
    problem::{Kind, Problem},
    words,
};

/// The longest body. Of 10,000 characters each takes six bytes at most.
pub(super) const LARGEST_BODY: usize = 64 * 1024;

/// How long a body may take to arrive. security.md INP allows 15 s; the page gives up on the whole turn after 15 s.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// Which conversation, and what opens it.
pub(super) struct Key {
    pub(super) id: String,
    pub(super) token: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let id = named(parts, state, "id").await.ok_or(&words::NO_CONVERSATION)?;
        let token = bearer(&parts.headers).ok_or(&words::NO_TOKEN)?.to_owned();
        Ok(Self { id, token })
    }
}

/// The token after `Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 512).then_some(token)
}

/// The id in the path of a guide.
pub(super) struct GuideId(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for GuideId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(named(parts, state, "id").await.ok_or(&words::NO_GUIDE)?))
    }
}

/// Which of a conversation's certificates.
pub(super) struct DocumentNumber(pub(super) i64);

impl<S: Send + Sync> FromRequestParts<S> for DocumentNumber {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let number = named(parts, state, "number").await.and_then(|number| number.parse().ok());
        Ok(Self(number.ok_or(&words::NO_DOCUMENT)?))
    }
}

/// A part of the path.
async fn named<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Option<String> {
    let Path(mut path) = Path::<HashMap<String, String>>::from_request_parts(parts, state).await.ok()?;
    path.remove(name)
}

/// A body that says what is wrong with it.
pub(super) trait Body: DeserializeOwned {
    /// The refusal of JSON that is none of this type.
    const WRONG: &'static Kind;
}

/// A JSON body, in UTF-8 and called so, of bounded size, within bounded time.
pub(super) struct Json<T>(pub(super) T);

impl<T: Body, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::from(&words::NOT_JSON));
        }
        // Said before the first byte, so that who asks with `Expect` never sends it.
        if request.body().size_hint().lower() > LARGEST_BODY as u64 {
            return Err(Problem::from(&words::TOO_LONG));
        }
        let bytes = timeout(BODY_WITHIN, Bytes::from_request(request, state)).await.map_err(|_| &words::SLOW)?;
        let bytes = bytes.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => &words::TOO_LONG,
            _ => &words::UNREADABLE,
        })?;
        let read = serde_json::from_slice(&bytes);
        read.map(Self).map_err(|error| Problem::from(if error.is_data() { T::WRONG } else { &words::UNREADABLE }))
    }
}

/// Exactly `application/json`: axum's own extractor takes `charset=gbk` too, and another site's form can send `text/plain`.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else { return false };
    let (media, parameters) = value.split_once(';').unwrap_or((value, ""));
    let parameters = parameters.trim();
    media.trim().eq_ignore_ascii_case("application/json")
        && (parameters.is_empty()
            || parameters.eq_ignore_ascii_case("charset=utf-8")
            || parameters.eq_ignore_ascii_case("charset=\"utf-8\""))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{bearer, is_json};

    #[test]
    fn only_json_in_utf_8_is_json() {
        for (value, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=gbk", false),
            ("application/json; charset=utf-8; x=1", false),
            ("application/problem+json", false),
            ("text/plain", false),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]);
            assert_eq!(is_json(&headers), expected, "{value}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }

    #[test]
    fn a_token_follows_the_word_bearer() {
        for (value, expected) in
            [("Bearer abc", Some("abc")), ("bearer abc", Some("abc")), ("Bearer ", None), ("Basic abc", None), ("abc", None)]
        {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))]);
            assert_eq!(bearer(&headers), expected, "{value}");
        }
    }
}
