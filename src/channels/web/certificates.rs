//! Certificates: printed for whoever holds the conversation's token, checked by anybody.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    extract::{DocumentNumber, Key},
    openapi,
    paper::{
        page::{self, POLICY},
        pdf, sheet,
    },
    problem::Problem,
    words,
};
use crate::desk::DeskError;

const PDF: &str = "application/pdf";
const JSON: &str = "application/json";

/// A kind of answer depends on what was asked for.
const VARY: (HeaderName, HeaderValue) = (header::VARY, HeaderValue::from_static("accept"));
/// Named alike for everybody.
const NAMED: (HeaderName, HeaderValue) = (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"certificate.pdf\""));

/// Whether a media type is asked for by name.
fn wants(headers: &HeaderMap, media: &str) -> bool {
    let asked = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    asked.map(|one| one.split(';').next().unwrap_or_default().trim()).any(|one| one.eq_ignore_ascii_case(media))
}

fn html(page: String) -> Response {
    ([VARY, (header::CONTENT_SECURITY_POLICY, POLICY.clone())], Html(page)).into_response()
}

/// A certificate that the conversation had issued: a PDF, or with `Accept: text/html` a page for the printer. It is had as
/// long as the check of identity holds.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/documents/{number}", tag = "certificates",
    params(
        ("id" = String, Path, description = "The conversation."),
        ("number" = i64, Path, description = "Which of its certificates, from 1."),
    ),
    security(("token" = [])),
    responses(
        (status = 200, description = "The certificate.", content((Vec<u8> = "application/pdf"), (String = "text/html"))),
        openapi::OneDocument,
    ),
)]
pub(super) async fn document(
    State(app): State<App>,
    key: Key,
    DocumentNumber(number): DocumentNumber,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let peer = app.desk.admit(&key.id, &key.token).await?;
    let papers = app.desk.papers().ok_or(&words::NO_DOCUMENT)?;
    let certificate = app.desk.document(&peer, number).await?.ok_or(&words::NO_DOCUMENT)?;
    let sheet = sheet(&certificate, papers);
    if wants(&headers, "text/html") && !wants(&headers, PDF) {
        return Ok(html(page::certificate(&sheet)));
    }
    let font = papers.font.clone();
    let printed = tokio::task::spawn_blocking(move || pdf::pdf(&sheet, &font)).await;
    let pdf = printed.unwrap_or_else(|_| Err("printing panicked".to_owned())).map_err(DeskError::Unavailable)?;
    Ok(([VARY, NAMED, (header::CONTENT_TYPE, HeaderValue::from_static(PDF))], pdf).into_response())
}

/// Whether a certificate is genuine.
#[derive(Serialize, ToSchema)]
pub(super) struct Check {
    /// Whether it was issued here and holds.
    genuine: bool,
    /// What is certified.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// Whose it is, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "张*明")]
    name: Option<String>,
    /// The day of issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_on: Option<NaiveDate>,
}

/// Whether a certificate is genuine, by its check code: a page, or with `Accept: application/json` an object.
#[utoipa::path(
    get, path = "/verify/{code}", tag = "certificates",
    params(("code" = String, Path, description = "The check code, with or without hyphens.", example = "7K3M-9Q2X-0ABC-DEFG")),
    responses(
        (status = 200, description = "What is known of it.", content((Check = "application/json"), (String = "text/html"))),
        openapi::Reading,
    ),
)]
pub(super) async fn verify(
    State(app): State<App>,
    code: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // What is no text is no code.
    let code = code.map(|Path(code)| code).unwrap_or_default();
    let found = app.desk.check(&code).await?;
    if !wants(&headers, JSON) {
        return Ok(html(page::checked(found.as_ref())));
    }
    let check = Check {
        genuine: found.is_some(),
        kind: found.as_ref().map(|found| words::paper::title(found.kind)),
        issued_on: found.as_ref().map(|found| found.issued_on),
        name: found.map(|found| found.name),
    };
    Ok(([VARY], Json(check)).into_response())
}
