//! How residents are spoken to: what `wenban check` holds the words of `dialogs/` to.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// `dialogs/style.yaml`. Lengths are in characters; the holes of templates count as nothing.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Style {
    /// A sentence at most, between full stops, semicolons and colons.
    pub sentence: usize,
    /// A text at most.
    pub text: usize,
    /// The words in a box of a flow chart at most.
    pub step: usize,
    /// Words of the office, and what to say instead.
    pub plain: IndexMap<String, String>,
    /// Words of the trade, and what they mean: a guide explains one where it says it first.
    pub terms: IndexMap<String, String>,
    /// Words that say that something is not known: the text that holds one names who to call.
    pub unknown: Vec<String>,
}
