//! Sign-in with the identity provider: a conversation's page begins it, and the provider sends the browser back.

use std::collections::HashMap;

use axum::{
    Json as Answer,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, Html, IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    App,
    extract::Key,
    openapi,
    paper::page::{self, POLICY},
    problem::Problem,
    words,
};
use crate::{
    channels::oidc::Provider,
    desk::sign_in::{SIGN_IN_WITHIN, Slip},
};

/// What the browser keeps the slip under; security.md CKE-02: with the prefix no other host can plant it.
const COOKIE: &str = "__Host-wenban-sign-in";
/// The same on this machine without TLS, where browsers refuse the prefix.
const COOKIE_HERE: &str = "wenban-sign-in";

fn name(provider: &Provider) -> &'static str {
    if provider.is_secure() { COOKIE } else { COOKIE_HERE }
}

/// Lax, since the provider's site sends the browser back.
fn cookie(provider: &Provider, value: &str, seconds: i64) -> String {
    let secure = if provider.is_secure() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(provider))
}

/// The slip among a request's cookies.
fn slip(provider: &Provider, headers: &HeaderMap) -> Option<Slip> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    cookies.find(|(known, _)| *known == name(provider)).map(|(_, value)| Slip::of(value))
}

/// Where the sign-in goes on.
#[derive(Serialize, ToSchema)]
pub(super) struct Entrance {
    /// The provider's page, to be opened beside this one within ten minutes.
    #[schema(example = "https://id.example/auth?response_type=code&state=…")]
    url: String,
}

/// Begins to sign in with the identity provider: open the address in the same browser; afterwards a turn with the proof `sign_in` claims it.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/sign-in", tag = "conversations",
    params(("id" = String, Path, description = "The conversation.")), security(("token" = [])),
    responses((status = 200, description = "Where to sign in.", body = Entrance), openapi::SigningIn),
)]
pub(super) async fn begin(State(app): State<App>, key: Key) -> Result<impl IntoResponse, Problem> {
    let peer = app.desk.admit(&key.id, &key.token).await?;
    let provider = app.provider.as_ref().ok_or(&words::NO_SIGN_IN)?;
    let slip = Slip::draw();
    let url = provider.entrance(&slip).await.map_err(|error| Problem::caused(&words::SIGN_IN_DOWN, error.to_string()))?;
    app.desk.begin_sign_in(&peer, &slip).await?;
    let cookie = cookie(provider, slip.reveal(), SIGN_IN_WITHIN.num_seconds());
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Answer(Entrance { url })))
}

/// Where the provider sends the browser back to. Says whether it worked, and nothing of the person.
#[utoipa::path(
    get, path = "/sign-in/return", tag = "conversations",
    params(
        ("code" = Option<String>, Query, description = "The provider's code, good once."),
        ("state" = Option<String>, Query, description = "Which sign-in."),
    ),
    responses(
        (status = 200, description = "It worked.", content_type = "text/html", body = String),
        (status = 400, description = "It did not.", content_type = "text/html", body = String),
        openapi::ComingBack,
    ),
)]
pub(super) async fn back(
    State(app): State<App>,
    headers: HeaderMap,
    query: Result<Query<HashMap<String, String>>, QueryRejection>,
) -> Result<Response, Problem> {
    let provider = app.provider.as_ref().ok_or(&words::NO_SIGN_IN)?;
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let worked = match (query.get("code"), query.get("state"), slip(provider, &headers)) {
        (Some(code), Some(state), Some(slip)) => finish(&app, provider, (code, state), &slip).await?,
        _ => false,
    };
    let (status, title, text) = if worked {
        (StatusCode::OK, words::sign_in::DONE, words::sign_in::GO_BACK)
    } else {
        (StatusCode::BAD_REQUEST, words::sign_in::NOT_DONE, words::sign_in::TRY_AGAIN)
    };
    // Only then: another's page may lead here too.
    let forget = worked.then(|| AppendHeaders([(header::SET_COOKIE, cookie(provider, "", 0))]));
    Ok((status, forget, [(header::CONTENT_SECURITY_POLICY, POLICY.clone())], Html(page::told(title, text))).into_response())
}

/// Whether a browser that is back has signed in for a conversation that awaits it.
async fn finish(app: &App, provider: &Provider, (code, state): (&str, &str), slip: &Slip) -> Result<bool, Problem> {
    let Some(conversation) = app.desk.returned(state, slip).await? else { return Ok(false) };
    match provider.who(code, slip, app.desk.now()).await {
        Ok((name, id_number)) => Ok(app.desk.signed_in(&conversation, name, id_number).await?),
        Err(error) => {
            tracing::warn!(%error, "a sign-in came to nothing");
            Ok(false)
        }
    }
}
