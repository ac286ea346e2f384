//! The catalogue of guides.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{App, extract::GuideId, openapi, problem::Problem, words};
use crate::domain::topic::TopicId;

/// A guide in the catalogue.
#[derive(Serialize, ToSchema)]
pub(super) struct Entry {
    /// Its topic.
    #[schema(example = "guide.card-loss")]
    id: String,
    /// Its name.
    title: String,
    /// What it is about.
    summary: String,
    /// Who is in charge.
    department: String,
}

/// Every guide.
#[utoipa::path(
    get, path = "/api/v1/guides", tag = "guides",
    responses((status = 200, description = "The catalogue.", body = Vec<Entry>), openapi::Reading),
)]
pub(super) async fn catalogue(State(app): State<App>) -> Json<Vec<Entry>> {
    let entries = app.desk.guides().into_iter();
    Json(
        entries
            .map(|entry| Entry { id: entry.id.to_string(), title: entry.title, summary: entry.summary, department: entry.department })
            .collect(),
    )
}

/// One guide.
#[utoipa::path(
    get, path = "/api/v1/guides/{id}", tag = "guides",
    params(("id" = String, Path, description = "The guide's topic.", example = "guide.card-loss")),
    responses((status = 200, description = "The guide.", body = Object), openapi::OneGuide),
)]
pub(super) async fn guide(State(app): State<App>, GuideId(id): GuideId) -> Result<Json<serde_json::Value>, Problem> {
    Ok(Json(app.desk.guide(&TopicId::from(id.as_str())).ok_or(&words::NO_GUIDE)?))
}
