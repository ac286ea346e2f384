//! The guides, for all to read.

use serde::Serialize;

use super::Desk;
use crate::domain::{guide::Guide, topic::TopicId};

/// A guide in the catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct GuideEntry {
    /// Its topic.
    pub id: TopicId,
    /// Its name.
    pub title: String,
    /// The core of it.
    pub summary: String,
    /// Who handles it.
    pub department: String,
}

impl Desk {
    /// The catalogue.
    pub fn guides(&self) -> Vec<GuideEntry> {
        let script = &self.mind().script;
        let entry = |(id, guide): (&TopicId, &Guide)| GuideEntry {
            id: id.clone(),
            title: script.title(id).to_owned(),
            summary: guide.summary.clone(),
            department: guide.department.clone(),
        };
        script.content.guides.iter().map(entry).collect()
    }

    /// One guide, as its reply's templates see it, with `id` and `title`.
    pub fn guide(&self, id: &TopicId) -> Option<serde_json::Value> {
        let script = &self.mind().script;
        let mut values = crate::services::guide_values(script.content.guides.get(id)?);
        values["id"] = serde_json::json!(id);
        values["title"] = serde_json::json!(script.title(id));
        Some(values)
    }
}
