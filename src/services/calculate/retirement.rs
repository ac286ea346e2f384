//! When somebody may retire: the decision of 2024-09-13 on raising the retirement age step by step.

use chrono::NaiveDate;
use serde_json::json;

use super::super::{
    Answer, Call, Refusal, ServiceError, ServiceName,
    rules::{Rules, Standing},
    slot,
};
use crate::domain::{month::Month, reply::Source, session::SlotValue};

/// What it takes its figures from, beside the steps of [`Rules::retirement`].
pub const RULES: &[&str] = &["minimum-months"];

/// Age and month of retirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retirement {
    /// Months of delay against the age before the reform.
    pub delay: i32,
    /// Legal age in months.
    pub age: i32,
    /// Month of retirement.
    pub month: Month,
    /// Months of contribution needed when retiring in that month; `None` before the rule on file begins.
    pub minimum: Option<i64>,
    /// First month one may choose; `None` where the elastic rules do not apply.
    pub earliest: Option<Month>,
    /// Last month one may agree on with the employer.
    pub latest: Option<Month>,
}

/// Works out the legal retirement of one category (`male`, `female55`, `female50`) by month of birth.
/// Only year and month count, not the day. `None` for a category the rules do not know.
pub fn retire(rules: &Rules, category: &str, birth: Month) -> Option<Retirement> {
    let law = &rules.retirement;
    let group = law.categories.get(category)?;
    let born = group.first_birth.until(birth);
    let delay = if born < 0 { 0 } else { (born / group.step + 1).min(group.cap) };
    let original = group.original_age * 12;
    let age = original + delay;
    let month = birth.plus(age);
    let elastic = law.elastic_from.is_some_and(|from| month >= from);
    Some(Retirement {
        delay,
        age,
        month,
        minimum: rules.on("minimum-months", month.first_day()).ok().and_then(|found| found.row.value),
        earliest: elastic.then(|| birth.plus(original.max(age - law.elastic))),
        latest: elastic.then(|| month.plus(law.elastic)),
    })
}

/// For slots `category` and `birth` (a month). A birth year outside 1925 to now is refused.
pub(crate) fn retirement_age(rules: &Rules, call: &Call, today: NaiveDate) -> Result<Answer, ServiceError> {
    let birth = match call.slots.get("birth") {
        Some(SlotValue::Month(month)) => *month,
        _ => return Err(ServiceError::Slot(ServiceName::RetirementAge, "birth")),
    };
    let category = slot!(call, "category", Option).ok_or(ServiceError::Slot(ServiceName::RetirementAge, "category"))?;
    let now = Month::of(today);
    if birth > now || birth.until(now) > 12 * 101 {
        return Ok(Refusal::BirthOutOfRange.into());
    }
    let (mut rows, mut months) = (Vec::new(), Vec::new());
    let categories: Vec<&str> = if category == "both" { vec!["female50", "female55"] } else { vec![&category] };
    for id in categories {
        let Some(result) = retire(rules, id, birth) else { return Ok(Answer::Nothing) };
        months.push(result.month);
        let label = &rules.retirement.categories[id].label;
        rows.push(json!({
            "label": label,
            "original": rules.retirement.categories[id].original_age * 12,
            "delay": result.delay,
            "age": result.age,
            "month": result.month,
            "minimum": result.minimum,
            "earliest": result.earliest,
            "latest": result.latest,
            "past": result.month < now,
            "left": now.until(result.month),
        }));
    }
    let cited =
        |title: &str, in_force| Source { title: title.to_owned(), number: None, article: None, in_force, as_of: None, copied_at: None };
    let mut sources = vec![cited(&rules.retirement.basis, rules.retirement.in_force)];
    for month in months {
        if let Ok(Standing { row, .. }) = rules.on("minimum-months", month.first_day())
            && sources.iter().all(|source| source.title != row.basis)
        {
            sources.push(cited(&row.basis, Some(row.from.value)));
        }
    }
    Ok(Answer::Found { values: json!({"birth": birth, "rows": rows, "first": rows.first()}), sources })
}
