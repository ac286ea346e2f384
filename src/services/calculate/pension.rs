//! What a pension comes to (国发〔2005〕38号 第六条; 粤府〔2006〕96号): by the resident's own figures, or by their record.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{
    super::{
        Answer, Call, Refusal, ServiceError, ServiceName,
        identity::Verified,
        records::register,
        rules::{NoRule, Rules, Table},
        slot,
    },
    Figures, Retirement, decimal, retire,
};
use crate::{
    domain::{entity::Insurance, fact::EnrollmentState, money::Fen, month::Month, person::Sex},
    store::Records,
};

/// What it takes its figures from.
pub const RULES: &[&str] = &[
    "minimum-months",
    "granting-base",
    "average-wage",
    "pension-base-lower",
    "basic-pension-rate",
    "transitional-rate",
    "payment-months",
    "deemed-index-average",
];
/// Nobody works and pays in before this age, in months.
const FIRST_WORK: i32 = 16 * 12;
/// The index of contributions in ten-thousandths: bases lie between bounds, and no average leaves these.
const INDEX: std::ops::RangeInclusive<i64> = 1_000..=30_000;
/// More than anybody's account or monthly wage.
const FORTUNE: Fen = Fen::yuan(10_000_000);
/// First month of personal accounts in Guangdong: July 1998.
const ACCOUNTS: (i32, u32) = (1998, 7);

/// What a pension is worked out from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Base for granting (计发基数), a month.
    pub base: Fen,
    /// Average index of contributions, in ten-thousandths.
    pub index: i64,
    /// Months of contributions, deemed ones included.
    pub months: i32,
    /// The personal account at retirement.
    pub balance: Fen,
    /// Months by which the account is divided, in tenths.
    pub divisor: i64,
    /// Months before personal accounts began.
    pub deemed_months: i32,
    /// Index of those, in thousandths.
    pub deemed_index: i64,
    /// Share of the base for each year, in ten-thousandths.
    pub basic_rate: i64,
    /// The same for each year before personal accounts began.
    pub transitional_rate: i64,
}

/// A monthly pension and its parts, each rounded to fen by itself, half up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pension {
    /// 基础养老金
    pub basic: Fen,
    /// 个人账户养老金
    pub account: Fen,
    /// 过渡性养老金
    pub transitional: Fen,
    /// Their sum.
    pub total: Fen,
}

/// Works out a pension: (base + base × index) ÷ 2 × years × 1 %; account ÷ months; base × deemed index × deemed years × 1.2 %.
/// `None` for terms that are negative or whose amounts fit no `i64`.
pub fn work_out(terms: &Terms) -> Option<Pension> {
    let base = i128::from(terms.base.0);
    let (index, deemed_index) = (i128::from(terms.index), i128::from(terms.deemed_index));
    if base < 0 || index < 0 || deemed_index < 0 || terms.months < 0 || terms.deemed_months < 0 || terms.deemed_months > terms.months {
        return None;
    }
    let share = |months: i32, rate: i64| i128::from(months) * i128::from(rate);
    let basic = base.checked_mul(10_000 + index)?.checked_mul(share(terms.months, terms.basic_rate))?;
    let basic = Fen::half_up(basic, 2 * 10_000 * 12 * 10_000)?;
    let account = Fen::half_up(i128::from(terms.balance.0) * 10, i128::from(terms.divisor))?;
    let transitional = base.checked_mul(deemed_index)?.checked_mul(share(terms.deemed_months, terms.transitional_rate))?;
    let transitional = Fen::half_up(transitional, 1_000 * 12 * 10_000)?;
    let total = basic.0.checked_add(account.0)?.checked_add(transitional.0)?;
    Some(Pension { basic, account, transitional, total: Fen(total) })
}

/// Months by which an account is divided when its owner retires at `age` (months), in tenths: between two whole years
/// by the month, rounded to a tenth, half up. `None` outside the table.
pub fn payment_months(table: &Table, age: i32) -> Option<i64> {
    let (years, months) = (u32::try_from(age / 12).ok()?, i64::from(age % 12));
    let this = *table.get(&years)?;
    if months == 0 {
        return Some(this * 10);
    }
    let next = *table.get(&(years + 1))?;
    Some((this * 120 + (next - this) * months * 10 + 6).div_euclid(12))
}

/// One person's side of it.
struct Life {
    category: String,
    retirement: Retirement,
    months: i32,
    index: i64,
    balance: Fen,
    deemed_months: i32,
    deemed_place: String,
}

/// For slots `birth`, `category`, `paid`, `account`; one of `index`, `wage` or `level` (`lowest`, `average`); and for
/// work before July 1998 `deemed-years` and `deemed-place`.
pub(crate) fn pension(rules: &Rules, call: &Call, today: NaiveDate) -> Result<Answer, ServiceError> {
    let missing = |name| ServiceError::Slot(ServiceName::Pension, name);
    let birth = slot!(call, "birth", Month).ok_or(missing("birth"))?;
    let category = slot!(call, "category", Option).ok_or(missing("category"))?;
    let months = slot!(call, "paid", Years).ok_or(missing("paid"))?;
    let balance = slot!(call, "account", Money).ok_or(missing("account"))?;
    if birth > Month::of(today) || birth.until(Month::of(today)) > 12 * 101 {
        return Ok(Refusal::BirthOutOfRange.into());
    }
    let Some(retirement) = retire(rules, &category, birth) else { return Ok(Answer::Nothing) };
    if !(1..=retirement.age - FIRST_WORK).contains(&months) {
        return Ok(Refusal::YearsOutOfRange.into());
    }
    if !(Fen(0)..=FORTUNE).contains(&balance) {
        return Ok(Refusal::BalanceOutOfRange.into());
    }
    let deemed_months =
        slot!(call, "deemed-years", Years).filter(|_| slot!(call, "deemed", Option).as_deref() == Some("some")).unwrap_or(0);
    if !(0..=months).contains(&deemed_months) {
        return Ok(Refusal::DeemedOutOfRange.into());
    }
    let figures = &mut Figures::of(rules);
    let index = match index(figures, call, today)? {
        Ok(index) => index,
        Err(refusal) => return Ok(refusal.into()),
    };
    let place = slot!(call, "deemed-place", Option).unwrap_or_else(|| "average".to_owned());
    granted(
        figures,
        &Life { category, retirement, months, index, balance, deemed_months, deemed_place: place },
        today,
        &json!({"birth": birth}),
    )
}

/// The index of contributions in ten-thousandths: as said, or a base against the average wage of today.
fn index(figures: &mut Figures<'_>, call: &Call, today: NaiveDate) -> Result<Result<i64, Refusal>, NoRule> {
    if let Some(said) = slot!(call, "index", Text) {
        return Ok(ten_thousandths(&said).filter(|index| INDEX.contains(index)).ok_or(Refusal::IndexOutOfRange));
    }
    let level = slot!(call, "level", Option);
    let wage = slot!(call, "wage", Money);
    if wage.is_none() && level.as_deref() == Some("average") {
        return Ok(Ok(10_000));
    }
    let (Some(average), Some(lower)) = (figures.value("average-wage", today)?, figures.value("pension-base-lower", today)?) else {
        return Ok(Err(Refusal::WageOutOfRange));
    };
    let wage = wage.unwrap_or(Fen(lower));
    if !(Fen::yuan(100)..=FORTUNE).contains(&wage) {
        return Ok(Err(Refusal::WageOutOfRange));
    }
    let against = |wage: i64| Fen::half_up(i128::from(wage) * 10_000, i128::from(average)).map_or(0, |index| index.0);
    Ok(Ok(against(wage.0).clamp(against(lower), *INDEX.end())))
}

/// 「0.8」 as 8000; four decimals at most.
fn ten_thousandths(text: &str) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if whole.is_empty() || part.len() > 4 || whole.len() > 2 || !(whole.bytes().chain(part.bytes())).all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{part:0<4}").parse().ok()
}

/// For a checked person and, for a woman, slot `category`: months, account and index come from the record, up to today.
pub(crate) async fn own_pension(
    records: &dyn Records,
    rules: &Rules,
    call: &Call,
    who: &Verified<'_>,
    today: NaiveDate,
) -> Result<Answer, ServiceError> {
    let Some(person) = records.person(who.person()).await? else { return Ok(Answer::Nothing) };
    let enrollments = records.enrollments(who.person()).await?;
    if enrollments.iter().any(|row| row.insurance == Insurance::Pension && row.state == EnrollmentState::Retired) {
        return Ok(Answer::Found {
            values: json!({"ask": "retired"}),
            sources: vec![register(records, ("enrollment", "参保登记")).await?],
        });
    }
    let category = match person.id_number.sex() {
        Sex::Male => "male".to_owned(),
        Sex::Female => match slot!(call, "category", Option).filter(|category| category != "male") {
            Some(category) => category,
            None => return Ok(Answer::Found { values: json!({"ask": "category"}), sources: Vec::new() }),
        },
    };
    let mut bases: BTreeMap<Month, Fen> = BTreeMap::new();
    for row in records.contributions(who.person(), Some(Insurance::Pension), None).await?.iter().filter(|row| row.paid_on.is_some()) {
        let base = bases.entry(row.month).or_default();
        *base = row.base.max(*base);
    }
    let account = records.pension_account(who.person()).await?.into_iter().max_by_key(|year| year.year);
    let birth = Month::of(person.id_number.birth());
    let (Some(account), Some(retirement)) = (account, retire(rules, &category, birth)) else { return Ok(Answer::Nothing) };
    let Some(index) = average_index(rules, &bases) else { return Ok(Answer::Nothing) };
    let begun = Month::new(ACCOUNTS.0, ACCOUNTS.1).unwrap_or(Month::of(today));
    let count = |months: usize| i32::try_from(months).unwrap_or(i32::MAX);
    let life = Life {
        category,
        retirement,
        months: count(bases.len()),
        index,
        balance: account.balance,
        deemed_months: count(bases.range(..begun).count()),
        deemed_place: "average".to_owned(),
    };
    let more = json!({"birth": birth, "ask": null, "account_year": account.year, "last": bases.keys().next_back()});
    match granted(&mut Figures::of(rules), &life, today, &more)? {
        Answer::Found { values, mut sources } => {
            sources.insert(0, register(records, ("pension-account", "养老个人账户")).await?);
            sources.insert(0, register(records, ("contributions", "缴费记录")).await?);
            Ok(Answer::Found { values, sources })
        }
        other => Ok(other),
    }
}

/// The mean of each month's base against the average wage of its year, in ten-thousandths, half up. `None` without a
/// month whose year has one.
fn average_index(rules: &Rules, bases: &BTreeMap<Month, Fen>) -> Option<i64> {
    let (mut sum, mut count) = (0_i128, 0_i128);
    for (month, base) in bases {
        if let Some(average) = rules.on("average-wage", month.first_day()).ok().and_then(|found| found.row.value) {
            // Eight decimals: rounding shows in the mean alone.
            sum += i128::from(base.0) * 100_000_000 / i128::from(average.max(1));
            count += 1;
        }
    }
    Fen::half_up(sum, count * 10_000).map(|mean| mean.0)
}

/// The answer for one life; `more` joins its values.
fn granted(figures: &mut Figures<'_>, life: &Life, today: NaiveDate, more: &Value) -> Result<Answer, ServiceError> {
    let retirement = life.retirement;
    let on = retirement.month.first_day();
    let Ok(base) = figures.value("granting-base", on) else { return Ok(Refusal::RetiredBefore.into()) };
    figures.value("minimum-months", on)?;
    let table = figures.table("payment-months", today)?;
    let divisor_basis = figures.rules.table("payment-months", today)?.row.basis.as_str();
    let basic_rate = figures.value("basic-pension-rate", today)?;
    let deemed = life.deemed_months > 0;
    let place = format!("deemed-index-{}", life.deemed_place);
    let deemed_index = if deemed { figures.value(&place, today)? } else { Some(0) };
    let transitional_rate = if deemed { figures.value("transitional-rate", today)? } else { Some(0) };
    let divisor = table.and_then(|table| payment_months(table, retirement.age));
    let (Some(base), Some(divisor), Some(basic_rate), Some(deemed_index), Some(transitional_rate)) =
        (base, divisor, basic_rate, deemed_index, transitional_rate)
    else {
        return Ok(Answer::Nothing);
    };
    let terms = Terms {
        base: Fen(base),
        index: life.index,
        months: life.months,
        balance: life.balance,
        divisor,
        deemed_months: life.deemed_months,
        deemed_index,
        basic_rate,
        transitional_rate,
    };
    let Some(sum) = work_out(&terms) else { return Ok(Answer::Nothing) };
    let label = figures.rules.retirement.categories.get(&life.category).map(|category| category.label.as_str());
    let now = Month::of(today);
    let mut values = json!({
        "month": retirement.month, "age": retirement.age, "past": retirement.month < now,
        "minimum": retirement.minimum, "short": retirement.minimum.map(|minimum| (minimum - i64::from(life.months)).max(0)),
        "left": now.until(retirement.month).max(0),
        "months": life.months, "index": decimal(life.index, 10_000), "balance": life.balance,
        "base": terms.base, "divisor": decimal(terms.divisor, 10), "divisor_basis": divisor_basis, "label": label, "percent": decimal(terms.basic_rate, 100),
        "deemed_months": life.deemed_months, "deemed_index": decimal(terms.deemed_index, 1_000),
        "transitional_percent": decimal(terms.transitional_rate, 100),
        "basic": sum.basic, "account": sum.account, "transitional": sum.transitional, "total": sum.total,
        "figures": figures.told(),
    });
    if let (Some(values), Some(more)) = (values.as_object_mut(), more.as_object()) {
        values.extend(more.clone());
    }
    Ok(Answer::Found { values, sources: std::mem::take(&mut figures.sources) })
}
