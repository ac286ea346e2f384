//! What `dialogs/` says, typed.

use std::{collections::BTreeMap, sync::Arc};

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

pub use super::{
    blocks::{BlockTemplate, ListTemplate, NoticeTemplate, SeriesTemplate, TableTemplate, TimelineTemplate},
    phrases::{Cues, Phrases},
};
use crate::{
    domain::{
        entity::Insurance,
        guide::Basis,
        reply::{ExpectedKind, Status},
        session::{Consent, Frame, Purpose},
        topic::{TopicId, TopicKind},
    },
    services::{Content, Refusal, ServiceName},
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
    /// What its answer needs consent to, beside the reading of records.
    pub consent: Option<Purpose>,
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
    /// Its name: a topic's id, a kind of topics (`guide`) for a flow that they share, `identity`, or `consent.` and a purpose.
    #[schemars(with = "String")]
    pub flow: Placed,
    /// Steps that run before identity is checked, where the topic names a level: they call nothing personal.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub open: Vec<Placed>,
    /// The steps. Without a `next`, the step written below follows; after the last, and at `end`, the flow ends.
    pub steps: IndexMap<String, Step>,
}

/// One step. Externally tagged on purpose: serde would lose the places inside an internally tagged enum.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Asks for one slot and waits. A slot that is filled already is not asked for.
    Ask(Ask),
    /// Calls a service; its answer is `it` in later templates of the turn.
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
    /// What the answer fills.
    pub slot: String,
    /// What kind of answer.
    pub kind: ExpectedKind,
    /// The slot of another name that answers it too, when the resident said it before: `period` for a month.
    pub from: Option<String>,
    /// How the very message that asks the topic may answer it.
    pub heard: Option<Hearing>,
    /// A length of time that answers it is no longer than so many years.
    pub at_most_years: Option<i32>,
    /// A bare number counts months, not years.
    #[serde(default)]
    pub in_months: bool,
    /// A month or day that answers it lies at least so many years back; a later one is not taken for an answer.
    pub years_ago: Option<i32>,
    /// The question.
    #[schemars(with = "String")]
    pub text: Placed,
    /// What the input field is called.
    pub prompt: String,
    /// What is said when the answer cannot be read.
    #[schemars(with = "String")]
    pub again: Placed,
    /// The answers of a `choice`.
    #[serde(default)]
    pub options: Vec<ChoiceOption>,
    /// `verify` for a step of the identity check; left out: `ask`.
    pub status: Option<Status>,
    /// Where to go on.
    #[schemars(with = "Option<String>")]
    pub next: Option<Placed>,
}

/// When the message that asks for a topic answers a question of its flow already: a value named there, one of a
/// choice's options, or for a text the number behind a word of `when`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hearing {
    /// Only where one of these words is said; empty: wherever. In normal form.
    #[serde(default)]
    pub when: Vec<String>,
    /// Not where one of these is said.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// One answer of a choice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ChoiceOption {
    /// The slot's value.
    pub id: String,
    /// The words on the button, 15 characters at most.
    pub label: String,
    /// Other words that mean it.
    #[serde(default)]
    pub words: Vec<String>,
    /// Only where its words are all that is said: nobody agrees to anything by the way.
    #[serde(default)]
    pub alone: bool,
}

/// A call of a service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Call {
    /// Which.
    pub service: ServiceName,
    /// Identity level that this step needs where the topic needs none: it is checked when the step is reached.
    pub level: Option<u8>,
    /// Where to go when there is nothing on file; left out: the desk's own words, and the flow ends.
    #[schemars(with = "Option<String>")]
    pub nothing: Option<Placed>,
    /// Where to go when the service refuses, after the desk's words for it; left out: the flow ends. An `ask` there
    /// asks again.
    #[serde(default)]
    #[schemars(with = "IndexMap<Refusal, String>")]
    pub refused: IndexMap<Refusal, Placed>,
    /// Where to go on.
    #[schemars(with = "Option<String>")]
    pub next: Option<Placed>,
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
    /// Where the figures in its words come from; those of a service name theirs.
    #[serde(default)]
    pub sources: Vec<Basis>,
    /// How the turn went; left out: `answered`.
    pub status: Option<Status>,
    /// Sides of the guide offered next, but the one that was asked for: an expression that lists them.
    #[schemars(with = "Option<String>")]
    pub offer_sides: Option<Placed>,
    /// Topics offered next.
    #[serde(default)]
    pub offer: Vec<TopicId>,
    /// An expression that lists more topics to offer.
    #[schemars(with = "Option<String>")]
    pub offer_from: Option<Placed>,
    /// Choices that ask for a topic with some of its slots filled; what the flow knows goes along to its own topic.
    #[serde(default)]
    pub offer_with: Vec<OfferWith>,
    /// Whether the whole guide is offered (after one side of it was answered).
    #[serde(default)]
    pub offer_whole: bool,
    /// Where to go on; `end` ends the flow.
    #[schemars(with = "Option<String>")]
    pub next: Option<Placed>,
}

/// A choice that asks for a topic and answers some of its questions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OfferWith {
    /// The words on the button, 15 characters at most.
    pub label: String,
    /// Which topic.
    pub topic: TopicId,
    /// Its slots, as options by id.
    pub slots: IndexMap<String, String>,
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
    /// By name.
    pub flows: IndexMap<String, Flow>,
    /// The desk's own words.
    pub phrases: Phrases,
    /// Word lists.
    pub words: Words,
    /// What the classifier learns from.
    pub examples: Examples,
    /// The notice about each purpose, by a hash of the file of its flow.
    pub notices: BTreeMap<Purpose, String>,
    /// Guides, rules and offices: what the services answer from.
    pub content: Arc<Content>,
}

/// The flow of the identity check.
pub const IDENTITY: &str = "identity";
/// What the flows that ask for consent are called, before the purpose. They ask for the slot [`CONSENT`] and have an option [`AGREE`].
pub const CONSENTS: &str = "consent.";
/// See [`CONSENTS`].
pub const CONSENT: &str = "consent";
/// See [`CONSENTS`].
pub const AGREE: &str = "agree";
/// Where a flow ends.
pub const END: &str = "end";

/// The purpose that a flow asks consent for.
pub fn purpose(flow: &str) -> Option<Purpose> {
    let name = flow.strip_prefix(CONSENTS)?;
    Purpose::ALL.into_iter().find(|purpose| purpose.id() == name)
}

/// Whether a flow answers a question, rather than ask who somebody is and what they agree to.
pub fn is_question(flow: &str) -> bool {
    flow != IDENTITY && purpose(flow).is_none()
}

impl Script {
    /// The flow that answers `topic`: its own, or that of its kind.
    pub fn flow_of(&self, topic: &TopicId) -> Option<&Flow> {
        let kind = || topic.as_str().split_once('.').map_or(topic.as_str(), |(kind, _)| kind);
        self.flows.get(topic.as_str()).or_else(|| self.flows.get(kind()))
    }

    /// The identity level that a question needs to go on: its topic's, or that of the step it stands at.
    pub fn needs(&self, frame: &Frame) -> u8 {
        let step = self.flows.get(&frame.flow).and_then(|flow| flow.steps.get(&frame.step));
        let called = if let Some(Step::Call(call)) = step { call.level } else { None };
        self.level(&frame.topic).max(called.unwrap_or(0))
    }

    /// What a question needs consent to: its own purpose last. Nothing where nobody needs to be checked.
    pub fn consents(&self, frame: &Frame) -> impl Iterator<Item = Consent> {
        let own = self.topics.get(&frame.topic).and_then(|topic| topic.consent);
        let wanted = [Some(Purpose::Records), own].into_iter().flatten().filter(|_| self.needs(frame) > 0);
        wanted.filter_map(|purpose| self.consent(purpose))
    }

    /// What agreeing to every notice, as they are worded now, gives.
    pub fn agreed(&self) -> Vec<Consent> {
        Purpose::ALL.into_iter().filter_map(|purpose| self.consent(purpose)).collect()
    }

    /// What agreeing to the notice of `purpose`, as it is worded now, gives.
    pub fn consent(&self, purpose: Purpose) -> Option<Consent> {
        Some(Consent { purpose, notice: self.notices.get(&purpose)?.clone() })
    }

    /// The name of a topic on a button.
    pub fn title<'a>(&'a self, topic: &'a TopicId) -> &'a str {
        let command = || self.phrases.commands.get(topic).map_or(topic.as_str(), |command| command.title.as_str());
        self.topics.get(topic).map_or_else(command, |topic| topic.title.as_str())
    }

    /// The identity level a topic's answer needs; 0 when anybody may have it.
    pub fn level(&self, topic: &TopicId) -> u8 {
        let command = || self.phrases.commands.get(topic).map(|command| command.level);
        self.topics.get(topic).map_or_else(command, |topic| topic.level).unwrap_or(0)
    }
}

impl Flow {
    /// The slots that change what the flow says.
    pub fn takes(&self) -> Vec<&str> {
        let mut takes = Vec::new();
        for step in self.steps.values() {
            match step {
                Step::Ask(ask) => takes.extend([ask.slot.as_str()].into_iter().chain(ask.from.as_deref())),
                Step::Call(call) => takes.extend(call.service.takes()),
                Step::Choose(_) | Step::Say(_) => {}
            }
        }
        takes
    }

    /// The questions it may put.
    pub fn asks(&self) -> impl Iterator<Item = &Ask> {
        self.steps.values().filter_map(|step| match step {
            Step::Ask(ask) => Some(ask),
            Step::Call(_) | Step::Choose(_) | Step::Say(_) => None,
        })
    }

    /// The slots that the flow itself names: what it asks for, what its choices fill, and what a whole check is given.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.steps.values().flat_map(|step| match step {
            Step::Ask(ask) => vec![ask.slot.as_str()],
            Step::Say(say) => say.offer_with.iter().flat_map(|with| with.slots.keys()).map(String::as_str).collect(),
            Step::Call(call) if call.service == ServiceName::Prove => call.service.takes().to_vec(),
            Step::Call(_) | Step::Choose(_) => Vec::new(),
        })
    }

    /// Whether a step runs without a check of identity.
    pub fn is_open(&self, step: &str) -> bool {
        self.open.iter().any(|open| open.value == step)
    }

    /// The step where it begins.
    pub fn first(&self) -> &str {
        self.steps.first().map_or(END, |(name, _)| name.as_str())
    }

    /// The step that follows `name` when it names no other; [`END`] after the last.
    pub fn below(&self, name: &str) -> &str {
        let next = self.steps.get_index_of(name).and_then(|at| self.steps.get_index(at + 1));
        next.map_or(END, |(name, _)| name.as_str())
    }
}

/// Whether topics of this kind are answered with one side when one side is asked for.
pub fn has_sides(topic: &TopicId) -> bool {
    matches!(topic.kind(), Some(TopicKind::Guide | TopicKind::Policy))
}
