//! A reply with words and no layout: each channel decides how it looks. The JSON is `contracts.md`'s.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the desk says to one message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reply {
    /// What is said, in order.
    pub blocks: Vec<Block>,
    /// What may be tapped next.
    pub choices: Vec<Choice>,
    /// What the desk waits for; `None`: anything.
    pub expects: Option<Expectation>,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// What was asked and what of it was given.
    pub completeness: Completeness,
    /// How the turn went.
    pub status: Status,
}

impl Reply {
    /// A reply of nothing but `status`; blocks are added.
    pub fn new(status: Status) -> Self {
        Self { blocks: Vec::new(), choices: Vec::new(), expects: None, sources: Vec::new(), completeness: Completeness::default(), status }
    }
}

/// One piece of a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Text {
        /// The words.
        text: String,
    },
    /// Labelled values; the first is the one asked for.
    Facts {
        /// The values.
        items: Vec<Fact>,
    },
    /// Rows under headings.
    Table {
        /// Over the table.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Headings.
        columns: Vec<String>,
        /// Cells; every row has as many as there are headings.
        rows: Vec<Vec<String>>,
    },
    /// A calculation, step by step.
    Sum {
        /// The steps.
        lines: Vec<Fact>,
        /// The result.
        total: Fact,
    },
    /// A flow chart.
    Steps {
        /// Over the chart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Its boxes.
        nodes: Vec<Node>,
        /// Its arrows.
        edges: Vec<Edge>,
    },
    /// A list.
    List {
        /// Over the list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Its items.
        items: Vec<String>,
    },
    /// What happened and what comes.
    Timeline {
        /// In order.
        items: Vec<Moment>,
    },
    /// Numbers to plot.
    Series {
        /// Over the plot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Of the values.
        unit: String,
        /// In order.
        points: Vec<Point>,
    },
    /// A paper with a check code.
    Document {
        /// Its name.
        title: String,
        /// The check code, in groups.
        code: String,
        /// Where its page and its PDF lie, for who holds the conversation's token.
        url: String,
        /// Where anybody finds whether it is genuine.
        check: String,
    },
    /// Something to mind.
    Notice {
        /// How much.
        level: Level,
        /// The words.
        text: String,
    },
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: String,
}

/// A box of a flow chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its name in the edges.
    pub id: String,
    /// What it stands for.
    pub kind: NodeKind,
    /// The words in it.
    pub text: String,
}

/// What a box of a flow chart stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NodeKind {
    /// Where it begins.
    Start,
    /// Something to do.
    Step,
    /// A question; its edges are the answers.
    Decision,
    /// Where it ends.
    End,
}

/// An arrow of a flow chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// From this box.
    pub from: String,
    /// To this one.
    pub to: String,
    /// When: the answer to a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// One entry of a time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Moment {
    /// The day in words, empty when it is still to come.
    pub date: String,
    /// What.
    pub title: String,
    /// More of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Behind us, at hand, or ahead.
    pub state: MomentState,
}

/// Where an entry of a time line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MomentState {
    /// Behind us.
    Done,
    /// At hand.
    Now,
    /// Ahead.
    Todo,
}

/// One value of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Point {
    /// Below it.
    pub label: String,
    /// In the series' unit.
    pub value: f64,
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Good to know.
    Info,
    /// Do not miss it.
    Warning,
}

/// Something that may be tapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Choice {
    /// What the channel sends back.
    pub id: String,
    /// The words on it, 15 characters at most.
    pub label: String,
}

/// What the desk waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Expectation {
    /// Of what kind.
    pub kind: ExpectedKind,
    /// What the input field is called.
    pub prompt: String,
}

/// The kinds of answer a question can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExpectedKind {
    /// Words.
    Text,
    /// One of the choices.
    Choice,
    /// A day.
    Date,
    /// A month.
    Month,
    /// A sum.
    Money,
    /// A length of time.
    Years,
    /// A full name.
    Name,
    /// A mobile number.
    Phone,
    /// A case number.
    CaseNumber,
    /// An identity number.
    IdNumber,
    /// A one-time code.
    Otp,
    /// A card in the reader.
    Card,
}

/// Where a figure or a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The register, law or notice.
    pub title: String,
    /// 国务院令第765号
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// 第五十八条
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// In force since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<NaiveDate>,
    /// A register's state as of this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// When the desk copied it, where this is a copy: the core system could not be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied_at: Option<DateTime<Utc>>,
}

/// What was asked and what of it was given: topic ids, with the aspect after a `#`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Completeness {
    /// Asked.
    pub asked: Vec<String>,
    /// Given.
    pub given: Vec<String>,
}

/// How a turn went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The question is answered.
    Answered,
    /// The desk offers topics to choose from.
    Clarify,
    /// The desk asks for something it needs.
    Ask,
    /// The desk asks who somebody is.
    Verify,
    /// A person takes over.
    HandedOver,
    /// The desk does not know.
    Unknown,
    /// It may not be told.
    Refused,
    /// Something broke.
    Failed,
}
