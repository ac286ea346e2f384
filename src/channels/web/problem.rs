//! Refusals as `application/problem+json` (RFC 9457).

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::words;
use crate::{desk::DeskError, domain::id_number::IdFault};

/// The media type of every refusal.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// A kind of refusal. All there are stand in `words`.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) status: StatusCode,
    /// The last part of `type`.
    pub(super) name: &'static str,
    /// For the resident.
    pub(super) title: &'static str,
}

/// A refusal on its way out.
#[derive(Debug)]
pub(super) struct Problem {
    kind: &'static Kind,
    /// For the log alone.
    cause: Option<String>,
}

/// What the log says of a refusal; rides in the response's extensions.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) name: &'static str,
    pub(super) instance: String,
    pub(super) cause: Option<String>,
}

/// The body of a refusal (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body {
    /// The kind of refusal, a URN.
    #[serde(rename = "type")]
    #[schema(example = "urn:wenban:problem:ended")]
    kind: String,
    /// What is wrong, in words for the resident.
    #[schema(example = "这次对话已经结束，请重新开始。")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 410)]
    status: u16,
    /// This one refusal, as it stands in the log.
    #[schema(example = "urn:wenban:instance:5b2f70c9d1e84a36")]
    instance: String,
}

impl Problem {
    /// One whose cause is for the log.
    pub(super) fn caused(kind: &'static Kind, cause: String) -> Self {
        Self { kind, cause: Some(cause) }
    }
}

impl From<&'static Kind> for Problem {
    fn from(kind: &'static Kind) -> Self {
        Self { kind, cause: None }
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        let (kind, cause) = match error {
            DeskError::Unknown => (&words::NO_CONVERSATION, None),
            DeskError::Ended => (&words::ENDED, None),
            DeskError::Reused => (&words::REUSED, None),
            DeskError::Busy => (&words::BUSY, None),
            DeskError::Unavailable(cause) => (&words::UNAVAILABLE, Some(cause)),
            DeskError::Broken(cause) => (&words::BROKEN, Some(cause)),
        };
        Self { kind, cause }
    }
}

impl From<IdFault> for Problem {
    fn from(fault: IdFault) -> Self {
        Self::from(match fault {
            IdFault::Shape => &words::ID_SHAPE,
            IdFault::Date => &words::ID_DATE,
            IdFault::Check => &words::ID_CHECK,
        })
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { kind, cause } = self;
        let instance = format!("urn:wenban:instance:{:016x}", rand::random::<u64>());
        let body = Body {
            kind: format!("urn:wenban:problem:{}", kind.name),
            title: kind.title,
            status: kind.status.as_u16(),
            instance: instance.clone(),
        };
        let mut response = (kind.status, Json(body)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if kind.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if kind.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response.extensions_mut().insert(Refused { name: kind.name, instance, cause });
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::to_bytes, http::header, response::IntoResponse};

    use super::{PROBLEM_JSON, Problem, Refused};
    use crate::desk::DeskError;

    #[tokio::test]
    async fn every_failure_of_the_desk_has_its_status_and_keeps_its_cause() {
        for (error, status, wait) in [
            (DeskError::Unknown, 404, None),
            (DeskError::Ended, 410, None),
            (DeskError::Reused, 409, None),
            (DeskError::Busy, 503, Some("1")),
            (DeskError::Unavailable("disk /var full".to_owned()), 503, Some("1")),
            (DeskError::Broken("flow goes round".to_owned()), 500, None),
        ] {
            let caused = matches!(error, DeskError::Unavailable(_) | DeskError::Broken(_));
            let response = Problem::from(error).into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
            assert_eq!(response.headers().get(header::RETRY_AFTER).map(|value| value.to_str().unwrap()), wait);
            assert_eq!(response.extensions().get::<Refused>().unwrap().cause.is_some(), caused);
            let body = String::from_utf8(to_bytes(response.into_body(), 4096).await.unwrap().to_vec()).unwrap();
            assert!(!body.contains("disk") && !body.contains("flow"), "{body}");
        }
    }
}
