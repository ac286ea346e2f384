//! Laws and notices in force, as written in `dialogs/documents.yaml`.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{document_number::DocumentNumber, guide::Confidence, topic::TopicId};

/// Whether a document still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It holds.
    InForce,
    /// Repealed, replaced or run out.
    Repealed,
    /// Nobody has checked.
    Unknown,
}

/// One law or notice. `null` is said to be unknown.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Document {
    /// Its full title without 《》; `null` when only the number is known.
    pub title: Option<String>,
    /// What it is called besides, by guides and by residents; where the title is `null`, the first says what it is about.
    #[serde(default)]
    pub names: Vec<String>,
    /// 国务院令第765号
    pub number: Option<String>,
    /// Other full spellings of the number: 人力资源和社会保障部令第13号.
    #[serde(default)]
    pub numbers: Vec<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// The day on it.
    pub issued: Option<NaiveDate>,
    /// When the text was last amended.
    #[serde(default)]
    pub amended: Option<NaiveDate>,
    /// The first day it, or its amended text, holds.
    pub in_force: Option<NaiveDate>,
    /// The last day it holds, when that is fixed.
    #[serde(default)]
    pub until: Option<NaiveDate>,
    /// Whether it holds.
    pub state: State,
    /// What to look at instead of a repealed one.
    #[serde(default)]
    pub replacement: Option<String>,
    /// What it says, in plain words of our own.
    pub summary: String,
    /// The public place that holds the whole text, by name; addresses are not on file.
    #[serde(default)]
    pub link: Option<String>,
    /// Topics that rest on it.
    #[serde(default)]
    pub topics: Vec<TopicId>,
    /// Where all this was read.
    pub source: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// `dialogs/documents.yaml`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// Words that say that a document is wanted, and not which.
    pub generic: Vec<String>,
    /// The documents.
    pub documents: Vec<Document>,
}

impl Document {
    /// 《社会保险法》, or what it is about when its title is unknown.
    pub fn heading(&self) -> String {
        match (&self.title, self.names.first()) {
            (Some(title), _) => format!("《{title}》"),
            (None, Some(name)) => name.clone(),
            (None, None) => self.number.clone().unwrap_or_default(),
        }
    }

    /// Its title and other names.
    pub fn called(&self) -> impl Iterator<Item = &str> {
        self.title.iter().chain(&self.names).map(String::as_str)
    }

    /// Every spelling of its number that can be read.
    pub fn read_numbers(&self) -> impl Iterator<Item = DocumentNumber> {
        self.number.iter().chain(&self.numbers).filter_map(|number| DocumentNumber::parse(number))
    }

    /// The one date that tells which text is meant, with what happened on it: 「2018-12-29 修正」.
    pub fn dated(&self) -> Option<String> {
        let (date, what) = match (self.amended, self.in_force, self.issued) {
            (Some(amended), _, _) => (amended, "修正"),
            (None, Some(in_force), _) => (in_force, "起施行"),
            (None, None, issued) => (issued?, "印发"),
        };
        Some(format!("{} {what}", date.format("%Y-%m-%d")))
    }
}

impl Documents {
    /// The document with this number, or, without a number, of this title or name.
    pub fn find(&self, title: &str, number: Option<&str>) -> Option<&Document> {
        match number {
            Some(number) => self.numbered(number),
            None => self.documents.iter().find(|document| document.called().any(|name| name == bare(title))),
        }
    }

    /// The document whose number is spelled so.
    pub fn numbered(&self, number: &str) -> Option<&Document> {
        let number = DocumentNumber::parse(number)?;
        self.documents.iter().find(|document| document.read_numbers().any(|other| other == number))
    }
}

/// A title without 《》 around it.
pub fn bare(title: &str) -> &str {
    title.trim().trim_start_matches('《').trim_end_matches('》')
}
