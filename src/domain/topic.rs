//! What a resident can ask for.

use std::{fmt, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The id of a topic, as in `dialogs/topics/`: `record.contributions`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct TopicId(Arc<str>);

impl TopicId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of topic the id's first part names; `None` for an id of no known kind.
    pub fn kind(&self) -> Option<TopicKind> {
        let (kind, _) = self.0.split_once('.')?;
        Some(match kind {
            "record" => TopicKind::Record,
            "case" => TopicKind::Case,
            "certificate" => TopicKind::Certificate,
            "calculate" => TopicKind::Calculate,
            "guide" => TopicKind::Guide,
            "policy" => TopicKind::Policy,
            "service" => TopicKind::Service,
            "talk" => TopicKind::Talk,
            _ => return None,
        })
    }
}

impl From<&str> for TopicId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for TopicId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The kinds of `topics.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TopicKind {
    /// The resident's own data; needs a verified identity.
    Record,
    /// An application in progress.
    Case,
    /// A paper for the resident.
    Certificate,
    /// A sum worked out from rules and answers.
    Calculate,
    /// How to get something done.
    Guide,
    /// A rule explained.
    Policy,
    /// The desk's own services.
    Service,
    /// The conversation itself.
    Talk,
}

/// Which side of a guide a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Aspect {
    /// Who may.
    Conditions,
    /// What to bring.
    Materials,
    /// What to do, in order.
    Steps,
    /// How long it takes.
    TimeLimit,
    /// Until when one has to apply. The contract knows no name of its own for it.
    Deadline,
    /// What it costs.
    Fee,
    /// How much one gets or pays.
    Amount,
    /// Where.
    Place,
    /// Whether and how on line.
    Online,
    /// By which law.
    Basis,
}

impl Aspect {
    /// Every aspect, in the order of `topics.yaml`.
    pub const ALL: [Self; 10] = [
        Self::Conditions,
        Self::Materials,
        Self::Steps,
        Self::TimeLimit,
        Self::Deadline,
        Self::Fee,
        Self::Amount,
        Self::Place,
        Self::Online,
        Self::Basis,
    ];

    /// The aspect that content calls so: `time-limit`, `deadline`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|aspect| aspect.name() == name)
    }

    /// What content calls it.
    pub fn name(self) -> &'static str {
        if self == Self::Deadline { "deadline" } else { self.id() }
    }

    /// The contract's id: `time-limit`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Conditions => "conditions",
            Self::Materials => "materials",
            Self::Steps => "steps",
            Self::TimeLimit | Self::Deadline => "time-limit",
            Self::Fee => "fee",
            Self::Amount => "amount",
            Self::Place => "place",
            Self::Online => "online",
            Self::Basis => "basis",
        }
    }
}
