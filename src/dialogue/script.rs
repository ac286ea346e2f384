//! What `dialogs/` says, typed.

use std::{collections::HashMap, sync::Arc};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;


use crate::{
    domain::{
        entity::Insurance,
        reply::{ExpectedKind, Level, Status},
        topic::{Aspect, TopicId},
    },
    services::{Content, ServiceName},
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
    /// The flow that answers it; left out: the flow of its own id, else that of its kind.
    #[schemars(with = "Option<String>")]
    pub flow: Option<Placed>,
    /// Identity level of security.md ACR-01 its answer needs; record, case and certificate topics must say.
    pub level: Option<u8>,
    /// Where 「那医保呢」 leads when the insurance named is not this topic's own.
    #[serde(default)]
    pub counterparts: IndexMap<Insurance, TopicId>,
    /// How people say it.
    #[schemars(with = "Vec<String>")]
    pub examples: Vec<Placed>,
}

/// `dialogs/flows/*.yaml`: steps by name; the first is where it begins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Flow {
    /// Its name: a topic's id, or a word for a flow that several topics share.
    #[schemars(with = "String")]
    pub flow: Placed,
    /// The steps. Without a `next`, the step written below follows; after the last the flow ends.
    pub steps: IndexMap<String, Step>,
}

/// One step. Externally tagged on purpose: serde would lose the places inside an internally tagged enum.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Fills slots, from what is known or by a fixed value.
    Set(IndexMap<String, String>),
    /// Asks for one slot and waits.
    Ask(Ask),
    /// Calls a service; its answer becomes `it` in later templates.
    Call(Call),
    /// Goes on by the value of an expression.
    Choose(Choose),
    /// Says something and goes on.
    Say(Say),
}

/// A question.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ask {
    /// What the answer fills. A slot that is filled already is not asked for.
    pub slot: String,
    /// What kind of answer.
    pub kind: ExpectedKind,
    /// The question.
    pub text: String,
    /// What the input field is called.
    pub prompt: String,
    /// What is said when the answer cannot be read.
    pub again: String,
    /// The answers of a `choice`.
    #[serde(default)]
    pub options: Vec<ChoiceOption>,
    /// `verify` for a step of the identity check; otherwise `ask`.
    pub status: Option<Status>,
}

/// One answer of a choice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ChoiceOption {
    /// The slot's value.
    pub id: String,
    /// The words on the button.
    pub label: String,
    /// Other words that mean it.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A call of a service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Call {
    /// Which.
    pub service: ServiceName,
    /// Where to go when there is nothing on file; left out: go on, with `it` empty.
    #[schemars(with = "Option<String>")]
    pub nothing: Option<Placed>,
    /// Where to go when the service refuses; left out: like `nothing`.
    #[schemars(with = "Option<String>")]
    pub refused: Option<Placed>,
    /// Where to go when the register behind it cannot be reached; left out: the desk's own words.
    #[schemars(with = "Option<String>")]
    pub failed: Option<Placed>,
}

/// A fork.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Choose {
    /// An expression over slots and `it`.
    #[schemars(with = "String")]
    pub on: Placed,
    /// Its values as text, and where they lead.
    #[schemars(with = "IndexMap<String, String>")]
    pub cases: IndexMap<String, Placed>,
    /// Where every other value leads.
    #[serde(rename = "else")]
    #[schemars(with = "String")]
    pub otherwise: Placed,
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

/// `dialogs/phrases.yaml`: the desk's own words, by name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phrases {
    /// The words.
    pub phrases: IndexMap<String, String>,
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

/// All of `dialogs/`, linked.
#[derive(Debug)]
pub struct Script {
    /// By id, in the order of their files.
    pub topics: IndexMap<TopicId, Topic>,
    /// By name.
    pub flows: HashMap<String, Flow>,
    /// The desk's own words.
    pub phrases: IndexMap<String, String>,
    /// Word lists.
    pub words: Words,
    /// What the classifier learns from.
    pub examples: Examples,
    /// Guides, rules and offices: what the services answer from.
    pub content: Arc<Content>,
}

impl Script {
    /// The flow that answers `topic`: its own, the one it names, or that of its kind.
    pub fn flow_of(&self, topic: &TopicId) -> Option<&Flow> {
        let named = self.topics.get(topic).and_then(|topic| topic.flow.as_ref()).map(|flow| flow.value.as_str());
        let name = named.unwrap_or(topic.as_str());
        self.flows.get(name).or_else(|| {
            let (kind, _) = topic.as_str().split_once('.')?;
            self.flows.get(kind)
        })
    }

    /// The name of a topic on a button.
    pub fn title(&self, topic: &TopicId) -> &str {
        self.topics.get(topic).map_or(topic.as_str(), |topic| topic.title.as_str())
    }

    /// The identity level a topic's answer needs; 0 when anybody may have it.
    pub fn level(&self, topic: &TopicId) -> u8 {
        self.topics.get(topic).and_then(|topic| topic.level).unwrap_or(0)
    }

    /// The desk's own words; the name itself when there are none, which `check` refuses.
    pub fn phrase<'a>(&'a self, name: &'a str) -> &'a str {
        self.phrases.get(name).map_or(name, String::as_str)
    }
}

impl Say {
    /// Whether the turn's status is one of an answer.
    pub fn status(&self) -> Status {
        self.status.unwrap_or(Status::Answered)
    }
}

/// The sides of a guide, for `choose` on `aspect`.
pub fn aspect_id(aspect: Option<Aspect>) -> &'static str {
    aspect.map_or("", Aspect::id)
}
