//! Dated rules: amounts and dates of the law, each with the day it holds from and its basis.

use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::month::Month;

/// One value of a rule; it holds until the next one. `value: null` says that it is not published yet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedValue {
    /// First day it holds.
    pub from: NaiveDate,
    /// The value, in the rule's unit.
    pub value: Option<i64>,
    /// Document and article.
    pub basis: String,
}

/// A rule's values in the order of their days.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is, in residents' words.
    pub title: String,
    /// fen-per-month, months, per-myriad ….
    pub unit: String,
    /// The values.
    pub values: Vec<DatedValue>,
}

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
    pub values: IndexMap<String, Rule>,
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

impl Rules {
    /// The row of a rule that holds `on` a day.
    pub fn on(&self, name: &str, on: NaiveDate) -> Result<&DatedValue, NoRule> {
        let found = self.values.get(name).and_then(|rule| rule.values.iter().rev().find(|row| row.from <= on));
        found.ok_or_else(|| NoRule { name: name.to_owned(), on })
    }
}
