//! What services answer from.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::{offices::Directory, rules::Rules};
use crate::domain::{document::Documents, guide::Guide, topic::TopicId};

/// The part of `dialogs/` that services answer from.
#[derive(Debug, Default)]
pub struct Content {
    /// Guides and policies.
    pub guides: IndexMap<TopicId, Guide>,
    /// Laws and notices.
    pub documents: Documents,
    /// Dated rules.
    pub rules: Rules,
    /// Offices and hot lines.
    pub offices: Directory,
    /// The text message with a code: `{{ code }}` and `{{ minutes }}` are filled in.
    pub code_message: String,
    /// The office's district that a town or an alias lies in, by the place's full name.
    pub districts: HashMap<String, String>,
}
