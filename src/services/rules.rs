//! Dated rules: amounts and dates of the law, each with the day it holds from and its basis.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use crate::domain::{guide::Confidence, month::Month};

/// In what a rule's values are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Fen; a month where the rule is an amount of each month.
    Fen,
    /// Days.
    Days,
    /// Working days of the State Council's calendar.
    WorkingDays,
    /// Months.
    Months,
    /// Ten-thousandths of something: 800 is 8 %.
    PerMyriad,
    /// Thousandths of an index: 961 is 0.961.
    Thousandths,
}

/// One value of a rule; it holds until the next one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Dated<T> {
    /// First day it holds.
    #[schemars(with = "NaiveDate")]
    pub from: Spanned<NaiveDate>,
    /// The value, in the rule's unit; `null`: not published yet, or lapsed. It has to be written.
    #[serde(deserialize_with = "Option::deserialize")]
    pub value: Option<T>,
    /// Document and article.
    pub basis: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Of a `null`: the last value is applied until the new one is published, and the difference is made up then.
    #[serde(default)]
    pub provisional: bool,
}

/// A rule's values in the order of their days.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule<T> {
    /// What it is, in residents' words.
    pub title: String,
    /// Of the values.
    pub unit: Unit,
    /// The values.
    pub values: Vec<Dated<T>>,
}

/// A value for each whole number of a range: months by age, months by grade.
pub type Table = BTreeMap<u32, i64>;

/// How the legal retirement age of one group of people moves (决定附件一至三).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RetirementCategory {
    /// In residents' words.
    pub label: String,
    /// Age in years before the reform.
    pub original_age: i32,
    /// First month of birth that is delayed.
    #[schemars(with = "String")]
    pub first_birth: Month,
    /// Months of birth that share one month of delay.
    pub step: i32,
    /// Months of delay at most.
    pub cap: i32,
}

/// The retirement rules.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Retirement {
    /// Groups by id.
    pub categories: IndexMap<String, RetirementCategory>,
    /// Months that voluntary early or late retirement may move at most.
    pub elastic: i32,
    /// First month of elastic retirement.
    #[schemars(with = "Option<String>")]
    pub elastic_from: Option<Month>,
    /// First day of the law.
    pub in_force: Option<NaiveDate>,
    /// Law or notice.
    pub basis: String,
}

/// `dialogs/rules/*.yaml` together.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// Values by name.
    #[serde(default)]
    pub values: IndexMap<String, Rule<i64>>,
    /// Tables by name.
    #[serde(default)]
    pub tables: IndexMap<String, Rule<Table>>,
    /// Retirement age.
    #[serde(default)]
    pub retirement: Retirement,
}

/// A rule has no value for a day.
#[derive(Debug, thiserror::Error)]
#[error("the rule `{name}` has no value on {on}")]
pub struct NoRule {
    /// Which.
    pub name: String,
    /// When.
    pub on: NaiveDate,
}

/// What a rule says on a day.
#[derive(Debug)]
pub struct Standing<'a, T> {
    /// The rule.
    pub rule: &'a Rule<T>,
    /// The row that applies.
    pub row: &'a Dated<T>,
    /// The first day of the standard that is not published yet, when `row` is the one before, applied for the time being.
    pub awaited: Option<NaiveDate>,
}

impl Rules {
    /// What a rule of single values says `on` a day.
    pub fn on(&self, name: &str, on: NaiveDate) -> Result<Standing<'_, i64>, NoRule> {
        standing(self.values.get(name), name, on)
    }

    /// What a table says `on` a day.
    pub fn table(&self, name: &str, on: NaiveDate) -> Result<Standing<'_, Table>, NoRule> {
        standing(self.tables.get(name), name, on)
    }

    /// Whether a value or a table has this name.
    pub fn knows(&self, name: &str) -> bool {
        self.values.contains_key(name) || self.tables.contains_key(name)
    }
}

fn standing<'a, T>(rule: Option<&'a Rule<T>>, name: &str, on: NaiveDate) -> Result<Standing<'a, T>, NoRule> {
    let missing = || NoRule { name: name.to_owned(), on };
    let rule = rule.ok_or_else(missing)?;
    tracing::trace!(rule = name);
    let begun = |row: &&Dated<T>| row.from.value <= on;
    let newest = rule.values.iter().rev().find(begun).ok_or_else(missing)?;
    if newest.value.is_some() || !newest.provisional {
        return Ok(Standing { rule, row: newest, awaited: None });
    }
    let before = rule.values.iter().rev().filter(begun).find(|row| row.value.is_some());
    Ok(Standing { rule, row: before.unwrap_or(newest), awaited: Some(newest.from.value) })
}
