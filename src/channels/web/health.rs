//! For the operator: does the process live, and can it answer.

use axum::extract::State;

use super::{App, openapi, problem::Problem, words};

/// The process lives.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, description = "It lives.", body = String)))]
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// Turns can be answered, and the process is not stopping.
#[utoipa::path(
    get, path = "/health/ready", tag = "health",
    responses((status = 200, description = "It is ready.", body = String), openapi::Reading),
)]
pub(super) async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    if app.stop.is_cancelled() {
        return Err(Problem::from(&words::UNAVAILABLE));
    }
    app.desk.ready().await?;
    Ok("ok\n")
}
