//! How long and how much unemployment insurance pays (《广东省失业保险条例》 第十七条至第十九条).

use chrono::NaiveDate;
use serde_json::json;

use super::{
    super::{
        Answer, Call, Refusal, ServiceError,
        rules::{NoRule, Rules},
        slot,
    },
    Figures, decimal,
};
use crate::domain::money::Fen;

/// What it takes its figures from.
pub const RULES: &[&str] = &[
    "unemployment-least",
    "unemployment-early-step",
    "unemployment-early",
    "unemployment-late-step",
    "unemployment-most",
    "unemployment-ratio",
    "minimum-wage",
];
/// Nobody has paid in for longer, in months.
const LONGEST: i32 = 50 * 12;

/// Months of benefit for `paid` months of contributions and `leftover` months of benefit not drawn the last time:
/// none below one year; one for each full year up to four; beyond, one more for each full half year; 24 at most in all.
pub fn months(rules: &Rules, on: NaiveDate, paid: i32, leftover: i32) -> Result<Option<i64>, NoRule> {
    let figures = &mut Figures::of(rules);
    Ok(earned(figures, on, paid)?.map(|(earned, most)| most.min(earned + i64::from(leftover.max(0)))))
}

/// Months of benefit for `paid` months alone, and the most that one can draw.
fn earned(figures: &mut Figures<'_>, on: NaiveDate, paid: i32) -> Result<Option<(i64, i64)>, NoRule> {
    let mut take = |name| figures.value(name, on);
    let (least, early, most) = (take("unemployment-least")?, take("unemployment-early")?, take("unemployment-most")?);
    let (early_step, late_step) = (take("unemployment-early-step")?, take("unemployment-late-step")?);
    let (Some(least), Some(early), Some(most), Some(early_step), Some(late_step)) = (least, early, most, early_step, late_step) else {
        return Ok(None);
    };
    let paid = i64::from(paid);
    let step = |months: i64, step: i64| months.max(0).checked_div(step).unwrap_or_default();
    let earned = if paid < least { 0 } else { step(paid.min(early), early_step) + step(paid - early, late_step) };
    Ok(Some((earned.min(most), most)))
}

/// What a month of benefit is on a day: the minimum wage times the ratio, half a fen rounded up.
pub fn monthly(rules: &Rules, on: NaiveDate) -> Result<Option<Fen>, NoRule> {
    Ok(amount(&mut Figures::of(rules), on)?.map(|(wage, ratio)| wage.share_half_up(ratio)))
}

/// The minimum wage, and the benefit in ten-thousandths of it.
fn amount(figures: &mut Figures<'_>, on: NaiveDate) -> Result<Option<(Fen, i64)>, NoRule> {
    Ok(figures.value("minimum-wage", on)?.map(Fen).zip(figures.value("unemployment-ratio", on)?))
}

/// For slots `paid` (months of contributions) and, when some of the last benefit was not drawn, `leftover` (months). Without
/// `paid`: what a month is, alone.
pub(crate) fn unemployment(rules: &Rules, call: &Call, today: NaiveDate) -> Result<Answer, ServiceError> {
    let leftover = slot!(call, "leftover", Years).unwrap_or_default();
    let figures = &mut Figures::of(rules);
    let amount = amount(figures, today)?;
    let (wage, percent) = (amount.map(|(wage, _)| wage), amount.map(|(_, ratio)| decimal(ratio, 100)));
    let monthly = amount.map(|(wage, ratio)| wage.share_half_up(ratio));
    let Some(paid) = slot!(call, "paid", Years) else {
        let values = json!({"wage": wage, "percent": percent, "monthly": monthly, "figures": figures.told()});
        return Ok(Answer::Found { values, sources: std::mem::take(&mut figures.sources) });
    };
    if !(0..=LONGEST).contains(&paid) {
        return Ok(Refusal::YearsOutOfRange.into());
    }
    let mut limits = Figures::of(rules);
    let Some((earned, most)) = earned(&mut limits, today, paid)? else { return Ok(Answer::Nothing) };
    if leftover < 0 || i64::from(leftover) > most {
        return Ok(Answer::Refused(Refusal::LeftoverOutOfRange, json!({"most": most})));
    }
    let both = earned + i64::from(leftover);
    let months = both.min(most);
    let values = json!({
        "paid": paid, "leftover": leftover, "earned": earned, "months": months, "most": most, "capped": both > most,
        "wage": wage, "percent": percent,
        "monthly": monthly, "all": monthly.map(|monthly| Fen(monthly.0 * months)),
        "figures": figures.told(),
    });
    let mut sources = limits.sources;
    sources.append(&mut figures.sources);
    Ok(Answer::Found { values, sources })
}
