//! Guides and policies as written in `dialogs/guides/`.

use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    document::Document,
    reply::{Edge, Node, Source},
    topic::TopicId,
};

/// How sure a fact is; `medium` and `low` are shown with 「以经办机构核定为准」.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Read in the original, or the national law beyond doubt.
    High,
    /// Common practice, original not found again.
    Medium,
    /// Local or doubtful.
    Low,
}

/// One sentence of a guide: text alone when it is sure, else with its confidence.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Sentence {
    /// Sure.
    Sure(String),
    /// With a mark.
    Marked(Marked),
}

/// A text with its confidence and source.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Marked {
    /// The words.
    pub text: String,
    /// How sure.
    pub confidence: Confidence,
    /// Law or notice.
    #[serde(default)]
    pub source: Option<String>,
}

/// A flow chart.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// Boxes.
    pub nodes: Vec<Node>,
    /// Arrows.
    pub edges: Vec<Edge>,
}

/// One law or notice a guide rests on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Basis {
    /// 社会保险法
    pub title: String,
    /// 国务院令第765号
    #[serde(default)]
    pub number: Option<String>,
    /// 第五十八条
    #[serde(default)]
    pub article: Option<String>,
    /// In force since; left out: as the library says.
    #[serde(default)]
    pub in_force: Option<NaiveDate>,
    /// Its entry in the library, found when `dialogs/` is read.
    #[serde(skip)]
    pub entry: Option<Arc<Document>>,
}

impl From<&Basis> for Source {
    fn from(basis: &Basis) -> Self {
        let Basis { title, number, article, in_force, .. } = basis.clone();
        Self { title, number, article, in_force, as_of: None, copied_at: None }
    }
}

/// One rule of a policy.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyRule {
    /// The words.
    pub text: String,
    /// In force since; `None`: the fact gives no day.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// How sure.
    pub confidence: Confidence,
    /// Law or notice.
    #[serde(default)]
    pub source: Option<String>,
}

/// `dialogs/guides/*.yaml`: how to get something done, or a rule explained.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Guide {
    /// Whose guide.
    pub topic: TopicId,
    /// 社保, 医保 or 税务: who handles it.
    pub department: String,
    /// The core of the answer.
    pub summary: String,
    /// For whom it is.
    #[serde(default)]
    pub for_whom: Option<String>,
    /// Who may.
    #[serde(default)]
    pub conditions: Vec<Sentence>,
    /// What to bring.
    #[serde(default)]
    pub materials: Vec<Sentence>,
    /// What to do.
    #[serde(default)]
    pub steps: Option<Chart>,
    /// The rules, for a policy.
    #[serde(default)]
    pub rules: Vec<PolicyRule>,
    /// A worked example.
    #[serde(default)]
    pub example: Option<String>,
    /// Until when one has to apply.
    #[serde(default)]
    pub deadline: Option<Marked>,
    /// How long it takes.
    #[serde(default)]
    pub time_limit: Option<Marked>,
    /// What it costs.
    #[serde(default)]
    pub fee: Option<Marked>,
    /// How much one gets or pays.
    #[serde(default)]
    pub amount: Option<Marked>,
    /// Where.
    #[serde(default)]
    pub place: Option<Marked>,
    /// On line.
    #[serde(default)]
    pub online: Vec<String>,
    /// By which law.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// What people get wrong.
    #[serde(default)]
    pub warnings: Vec<Sentence>,
    /// What the office still has to confirm.
    #[serde(default)]
    pub notes: Option<String>,
    /// Topics near by.
    #[serde(default)]
    pub related: Vec<TopicId>,
    /// How sure the guide is as a whole.
    pub confidence: Confidence,
    /// Last reviewed on.
    pub reviewed: NaiveDate,
}

/// What a resident is told behind a fact that is not sure.
pub const TO_BE_CONFIRMED: &str = "（以经办机构核定为准）";

impl Marked {
    /// The words, with the mark of doubt when it is due.
    pub fn said(&self) -> String {
        said(&self.text, self.confidence)
    }
}

impl Sentence {
    /// The words, with the mark of doubt when it is due.
    pub fn said(&self) -> String {
        match self {
            Self::Sure(text) => text.clone(),
            Self::Marked(marked) => marked.said(),
        }
    }
}

impl PolicyRule {
    /// The words with the day they hold from, and the mark of doubt when it is due.
    pub fn said(&self) -> String {
        let text = said(&self.text, self.confidence);
        match self.from {
            Some(from) => format!("{text}（{} 起）", from.format("%Y-%m-%d")),
            None => text,
        }
    }
}

fn said(text: &str, confidence: Confidence) -> String {
    match confidence {
        Confidence::High => text.to_owned(),
        Confidence::Medium | Confidence::Low => format!("{text}{TO_BE_CONFIRMED}"),
    }
}
