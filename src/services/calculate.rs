//! Sums worked out from dated rules and the resident's answers; one file a rule.

mod flexible;
mod pension;
mod retirement;
mod unemployment;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::rules::{Dated, NoRule, Rule, Rules, Standing, Table};
use crate::domain::{guide::Confidence, reply::Source};

pub(super) use flexible::flexible;
pub(super) use pension::{own_pension, pension};
pub(super) use retirement::retirement_age;
pub(super) use unemployment::unemployment;

pub use flexible::{RULES as FLEXIBLE_RULES, contribution};
pub use pension::{Pension, RULES as PENSION_RULES, Terms, payment_months, work_out};
pub use retirement::{RULES as RETIREMENT_RULES, Retirement, retire};
pub use unemployment::{RULES as UNEMPLOYMENT_RULES, monthly, months};

/// Takes figures from the rules for one calculation and notes each that it took, for the reply to show.
struct Figures<'a> {
    rules: &'a Rules,
    rows: Vec<Value>,
    awaited: Vec<Value>,
    unpublished: Vec<&'a str>,
    sources: Vec<Source>,
}

impl<'a> Figures<'a> {
    fn of(rules: &'a Rules) -> Self {
        Self { rules, rows: Vec::new(), awaited: Vec::new(), unpublished: Vec::new(), sources: Vec::new() }
    }

    /// A rule's value on a day, in its unit; `None` while it is not published.
    fn value(&mut self, name: &str, on: NaiveDate) -> Result<Option<i64>, NoRule> {
        let found = self.rules.on(name, on)?;
        self.note(&found, found.row.value.as_ref().map(|value| json!(value)));
        Ok(found.row.value)
    }

    /// A rule's table on a day.
    fn table(&mut self, name: &str, on: NaiveDate) -> Result<Option<&'a Table>, NoRule> {
        let found = self.rules.table(name, on)?;
        self.note(&found, None);
        Ok(found.row.value.as_ref())
    }

    fn note<T>(&mut self, found: &Standing<'a, T>, value: Option<Value>) {
        let Standing { rule, row, awaited } = found;
        let Rule { title, unit, .. } = rule;
        let Dated { from, value: published, basis, confidence, .. } = row;
        if published.is_none() {
            self.unpublished.push(title);
        } else if let Some(value) = value {
            let unsure = *confidence != Confidence::High;
            self.rows.push(json!({"title": title, "unit": unit, "value": value, "from": from.value, "basis": basis, "unsure": unsure}));
        }
        if let Some(since) = awaited {
            self.awaited.push(json!({"title": title, "since": since}));
        }
        let source = Source { title: basis.clone(), number: None, article: None, in_force: Some(from.value), as_of: None, copied_at: None };
        if published.is_some() && self.sources.iter().all(|known| known.title != source.title) {
            self.sources.push(source);
        }
    }

    /// What the reply tells of the figures: `{rows, awaited, unpublished}`.
    fn told(&self) -> Value {
        json!({"rows": self.rows, "awaited": self.awaited, "unpublished": self.unpublished})
    }
}

/// `0.6` for 6000 ten-thousandths; `scale` is 10 to the number of decimals.
pub fn decimal(value: i64, scale: i64) -> String {
    let places = scale.ilog10() as usize;
    let text = format!("{}.{:0places$}", value / scale, value % scale);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimals_end_where_they_say_no_more() {
        assert_eq!(
            [decimal(6_000, 10_000), decimal(13_500, 10_000), decimal(961, 1_000), decimal(1_384, 10)],
            ["0.6", "1.35", "0.961", "138.4"]
        );
        assert_eq!([decimal(10_000, 10_000), decimal(52, 10_000)], ["1", "0.0052"]);
    }
}
