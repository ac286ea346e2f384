//! The word lists of `dialogs/words/` and the sentences of `dialogs/topics/`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::{
    entity::Insurance,
    topic::{Aspect, TopicId},
};

/// All word lists; each key is one file of `dialogs/words/`, of the same name. Words are in normal form:
/// simplified, half width, lower case, no blanks.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Words {
    /// Words that mean the same for telling topics apart, by concept.
    pub concepts: IndexMap<String, Vec<String>>,
    /// What people call an insurance.
    pub insurance: IndexMap<Insurance, Vec<String>>,
    /// Places.
    pub places: Vec<PlaceName>,
    /// Dialect, slips and pinyin, and what they stand for.
    pub variants: IndexMap<String, String>,
    /// Words that a segmenter must keep whole.
    pub words: Vec<String>,
    /// Phrases that ask for one side of a guide.
    pub aspects: IndexMap<Aspect, Vec<String>>,
    /// Weaker phrases that ask for one side, of account where none of `aspects` is said; `…` stands for some words in between.
    pub aspect_hints: IndexMap<Aspect, Vec<String>>,
    /// Words that ask for one side of the guide at hand when nothing else is said.
    pub sides: IndexMap<Aspect, Vec<String>>,
    /// Words that begin a further question in the same text.
    pub further: Vec<String>,
}

/// A place and what else it is called.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceName {
    /// Its full name.
    pub name: String,
    /// Other names, and slips of the local ones.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The office's district it lies in.
    #[serde(default)]
    pub district: Option<String>,
    /// province, city, district or town.
    pub level: String,
}

/// What the classifier learns from.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    /// Sentences by topic. Those of `talk.other` count as out of scope, far.
    pub topics: Vec<(TopicId, Vec<String>)>,
    /// Out of scope, near: other offices' business.
    pub near: Vec<String>,
    /// Out of scope, far.
    pub far: Vec<String>,
}
