//! What a step of `dialogs/flows/` says: blocks of a reply as templates.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::script::Placed;
use crate::domain::reply::Level;

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
    /// A paper with a check code.
    pub document: Option<DocumentTemplate>,
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

/// A paper with a check code.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DocumentTemplate {
    /// Its name.
    #[schemars(with = "String")]
    pub title: Placed,
    /// The check code.
    #[schemars(with = "String")]
    pub code: Placed,
    /// Where its page and its PDF lie.
    #[schemars(with = "String")]
    pub url: Placed,
    /// Where it is found to be genuine.
    #[schemars(with = "String")]
    pub check: Placed,
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
