//! What people without an employer pay for the employees' pension (粤人社规〔2026〕14号 第六、七条).

use chrono::NaiveDate;
use serde_json::json;

use super::{
    super::{Answer, Call, Refusal, ServiceError, ServiceName, rules::Rules, slot},
    Figures, decimal,
};
use crate::domain::money::Fen;

/// What it takes its figures from.
pub const RULES: &[&str] =
    &["pension-base-lower", "pension-base-upper", "average-wage", "flexible-rate", "flexible-account-rate", "medical-flexible-rate"];

/// What a base costs a month and a year at a rate in ten-thousandths.
pub fn contribution(base: Fen, rate: i64) -> (Fen, Fen) {
    let monthly = base.share_half_up(rate);
    (monthly, Fen(monthly.0 * 12))
}

/// For slot `base` (a sum) or `level`: `lowest`, `sixty` (per cent of the average wage), `average`, `highest`. A base
/// outside its bounds is refused, with the bounds. Each share is rounded to fen, half up; a year is twelve such months.
pub(crate) fn flexible(rules: &Rules, call: &Call, today: NaiveDate) -> Result<Answer, ServiceError> {
    let figures = &mut Figures::of(rules);
    let (lower, upper) = (figures.value("pension-base-lower", today)?, figures.value("pension-base-upper", today)?);
    let (rate, account) = (figures.value("flexible-rate", today)?, figures.value("flexible-account-rate", today)?);
    let medical = rules.on("medical-flexible-rate", today)?.row.value;
    let (Some(lower), Some(upper), Some(rate), Some(account)) = (lower, upper, rate, account) else {
        return Ok(Answer::Found {
            values: json!({"known": false, "figures": figures.told()}),
            sources: std::mem::take(&mut figures.sources),
        });
    };
    let level = slot!(call, "level", Option);
    let base = match (slot!(call, "base", Money), level.as_deref()) {
        (Some(Fen(base)), _) => base,
        (None, Some("lowest")) => lower,
        (None, Some("highest")) => upper,
        (None, Some(level)) => {
            let share = if level == "sixty" { 6_000 } else { 10_000 };
            let Some(wage) = figures.value("average-wage", today)? else { return Ok(Answer::Nothing) };
            Fen(wage).share_half_up(share).0.clamp(lower, upper)
        }
        (None, None) => return Err(ServiceError::Slot(ServiceName::Flexible, "base")),
    };
    if !(lower..=upper).contains(&base) {
        return Ok(Answer::Refused(Refusal::BaseOutOfRange, json!({"lower": lower, "upper": upper})));
    }
    let (monthly, yearly) = contribution(Fen(base), rate);
    let into_account = Fen(base).share_half_up(account);
    let values = json!({
        "known": true, "base": base, "lower": lower, "upper": upper,
        "percent": decimal(rate, 100), "account_percent": decimal(account, 100),
        "monthly": monthly, "account": into_account, "pooled": monthly - into_account, "yearly": yearly,
        "medical": medical.map(|rate| Fen(base).share_half_up(rate)),
        "figures": figures.told(),
    });
    Ok(Answer::Found { values, sources: std::mem::take(&mut figures.sources) })
}
