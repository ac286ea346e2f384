//! What `dialogs/` says, typed.

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::{
    domain::{
        entity::Insurance,
        reply::{Level, Status},
        topic::TopicId,
    },
    services::Content,
    understanding::{Examples, Words},
};

/// A text that remembers where it was written.
pub type Placed = Spanned<String>;

/// `dialogs/topics/*.yaml`: one thing a resident can ask for, and how people ask for it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Topic {
    /// Its id.
    #[schemars(with = "String")]
    pub topic: Placed,
    /// Its name in lists and on buttons, 15 characters at most.
    pub title: String,
    /// Identity level of security.md ACR-01 its answer needs; record, case and certificate topics must say.
    pub level: Option<u8>,
    /// Where 「那医保呢」 leads when the insurance named is not this topic's own.
    #[serde(default)]
    pub counterparts: IndexMap<Insurance, TopicId>,
    /// How people say it.
    #[schemars(with = "Vec<String>")]
    pub examples: Vec<Placed>,
}

/// Something said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Say {
    /// What.
    pub blocks: Vec<BlockTemplate>,
    /// How the turn went; left out: `answered`.
    pub status: Option<Status>,
    /// Topics offered next.
    #[serde(default)]
    pub offer: Vec<TopicId>,
    /// An expression that lists more topics to offer.
    #[schemars(with = "Option<String>")]
    pub offer_from: Option<Placed>,
    /// Whether the whole guide is offered (after one side of it was answered).
    #[serde(default)]
    pub offer_whole: bool,
    /// Where to go on; `end` ends the flow.
    #[schemars(with = "Option<String>")]
    pub next: Option<Placed>,
}

/// One block to say: exactly one of the kinds, and when.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BlockTemplate {
    /// An expression; the block is said when it holds.
    #[schemars(with = "Option<String>")]
    pub when: Option<Placed>,
    /// A paragraph.
    #[schemars(with = "Option<String>")]
    pub text: Option<Placed>,
    /// Labelled values, the first the one asked for. A value that comes out empty is left out.
    #[schemars(with = "Option<IndexMap<String, String>>")]
    pub facts: Option<IndexMap<String, Placed>>,
    /// A table.
    pub table: Option<TableTemplate>,
    /// A list: an expression that gives the items.
    pub list: Option<ListTemplate>,
    /// A flow chart: an expression that gives it.
    #[schemars(with = "Option<String>")]
    pub steps: Option<Placed>,
    /// A time line.
    pub timeline: Option<TimelineTemplate>,
    /// Numbers to plot.
    pub series: Option<SeriesTemplate>,
    /// A calculation: an expression that gives `{lines: [{label, value}], total: {label, value}}`.
    #[schemars(with = "Option<String>")]
    pub sum: Option<Placed>,
    /// Something to mind.
    pub notice: Option<NoticeTemplate>,
}

/// A table: one row for each item of `rows`, which the cells call `row`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TableTemplate {
    /// Over it.
    pub title: Option<String>,
    /// An expression that gives the rows.
    #[schemars(with = "String")]
    pub rows: Placed,
    /// Headings and cells.
    #[schemars(with = "IndexMap<String, String>")]
    pub columns: IndexMap<String, Placed>,
}

/// A list: one entry for each item of `items`, which `item` calls `row`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ListTemplate {
    /// Over it.
    pub title: Option<String>,
    /// An expression.
    #[schemars(with = "String")]
    pub items: Placed,
}

/// A time line: one entry for each item of `rows`, called `row`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TimelineTemplate {
    /// An expression; each item has `state`: done, now or todo.
    #[schemars(with = "String")]
    pub rows: Placed,
    /// The day.
    #[schemars(with = "String")]
    pub date: Placed,
    /// What.
    #[schemars(with = "String")]
    pub title: Placed,
    /// More.
    #[schemars(with = "Option<String>")]
    pub note: Option<Placed>,
}

/// A plot: one point for each item of `rows`, called `row`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SeriesTemplate {
    /// Over it.
    pub title: Option<String>,
    /// Of the values.
    pub unit: String,
    /// An expression.
    #[schemars(with = "String")]
    pub rows: Placed,
    /// Below a point.
    #[schemars(with = "String")]
    pub label: Placed,
    /// An expression that gives its number.
    #[schemars(with = "String")]
    pub value: Placed,
}

/// A notice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NoticeTemplate {
    /// How much it matters.
    pub level: Level,
    /// The words.
    #[schemars(with = "String")]
    pub text: Placed,
}

/// `dialogs/outside.yaml`: what is none of the desk's business, for the gate.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// Government and money matters of other offices.
    pub near: Vec<String>,
    /// Everything else.
    pub far: Vec<String>,
}

/// All of `dialogs/`, checked.
#[derive(Debug)]
pub struct Script {
    /// By id, in the order of their files.
    pub topics: IndexMap<TopicId, Topic>,
    /// Word lists.
    pub words: Words,
    /// What the classifier learns from.
    pub examples: Examples,
    /// Guides, rules and offices: what the services answer from.
    pub content: Arc<Content>,
}
