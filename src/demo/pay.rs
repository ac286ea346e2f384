//! Benefits paid, the yearly certification, and the card they are paid to.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{
    life::{Class, Life},
    names, rates,
    work::Work,
};
use crate::domain::{
    entity::Insurance,
    fact::{Card, CardState, Certification, Payment, PaymentKind, PaymentState, PensionAccountYear},
    money::Fen,
    month::Month,
    person::Sex,
};

/// What somebody draws.
pub(super) struct Benefits {
    pub(super) payments: Vec<Payment>,
    pub(super) certification: Option<Certification>,
}

/// The day of the month on which pensions go out here; Huizhou's is not known.
const PENSION_DAY: u32 = 12;
/// A pension grows by this much each January, in ten-thousandths: a round number for the demo.
const YEARLY_RISE: i64 = 200;

pub(super) fn benefits(life: &mut Life, work: &Work, account: &[PensionAccountYear]) -> Benefits {
    let certification = life.retired.map(|retired| certification(life, retired));
    let mut payments = Vec::new();
    if let (Some(retired), Some(certification)) = (life.retired, &certification) {
        payments = pensions(life, retired, granted(life, retired, work, account), certification);
    }
    payments.extend(earlier(life, work));
    payments.sort_by_key(|payment| std::cmp::Reverse(payment.month));
    Benefits { payments, certification }
}

/// 基础养老金 and 个人账户养老金 of 国发〔2005〕38号.
fn granted(life: &Life, retired: Month, work: &Work, account: &[PensionAccountYear]) -> Fen {
    let paid: Vec<_> = work.contributions.iter().filter(|row| row.insurance == Insurance::Pension && row.paid_on.is_some()).collect();
    let months = i64::try_from(paid.len()).unwrap_or_default().max(1);
    let index: i64 = paid.iter().map(|row| row.base.0 * 10_000 / rates::reference_wage(row.month).0).sum::<i64>() / months;
    let basic = rates::granting_base(retired.year()).share_half_up(i64::midpoint(10_000, index));
    let basic = Fen((basic.0 * months + 600) / 1_200);
    let balance = account.last().map_or(Fen(0), |year| year.balance);
    let divisor = rates::divisor_times_120(life.age(retired));
    basic + Fen((balance.0 * 120 + divisor / 2) / divisor)
}

/// Month by month from the one after retirement to the one that runs.
fn pensions(life: &mut Life, retired: Month, granted: Fen, certification: &Certification) -> Vec<Payment> {
    let this = life.this_month();
    let returned = life.class == Class::Retired && life.chance.percent(4);
    let mut amount = granted;
    (1..=retired.until(this))
        .map(|later| {
            let month = retired.plus(later);
            if month.month() == 1 && later > 1 {
                amount = amount + amount.share_half_up(YEARLY_RISE);
            }
            let day = month.first_day().with_day(PENSION_DAY).unwrap_or_default();
            let state = match () {
                () if day > certification.due_on => PaymentState::Stopped,
                () if day > life.today => PaymentState::Pending,
                () if returned && month == this => PaymentState::Returned,
                () => PaymentState::Paid,
            };
            let paid_on = (state == PaymentState::Paid).then_some(day);
            Payment { kind: PaymentKind::Pension, month, amount, paid_on, state, card_tail: life.card_tail.clone() }
        })
        .collect()
}

/// The first is due a year after retirement, each next a year after the last.
fn certification(life: &mut Life, retired: Month) -> Certification {
    let year = Months::new(12);
    let granted = retired.first_day() + Days::new(14);
    if retired.until(life.this_month()) < 14 {
        let done_on = granted.min(life.today);
        return Certification { done_on: Some(done_on), due_on: done_on + year, how: Some("窗口".to_owned()) };
    }
    let ago = match life.chance.between(1, 100) {
        // Overdue: payment has stopped.
        1..=6 => life.chance.between(375, 420),
        // Due within a month.
        7..=22 => life.chance.between(336, 364),
        _ => life.chance.between(3, 330),
    };
    let done_on = life.today - Days::new(u64::try_from(ago).unwrap_or_default());
    let how = life.chance.pick(&["人脸识别", "窗口", "数据比对", "上门服务"]);
    Certification { done_on: Some(done_on), due_on: done_on + year, how: Some(how.to_owned()) }
}

/// Benefits drawn before retirement.
fn earlier(life: &mut Life, work: &Work) -> Vec<Payment> {
    let card_tail = life.card_tail.clone();
    let paid = |kind, month: Month, amount, day| Payment {
        kind,
        month,
        amount,
        paid_on: month.first_day().with_day(day),
        state: PaymentState::Paid,
        card_tail: card_tail.clone(),
    };
    let full = life.class == Class::Full;
    let mut payments = Vec::new();
    let last_gap = work.gaps.last().copied();
    if let Some(gap) = last_gap
        && (if full { (life.n / 10).is_multiple_of(2) } else { life.chance.percent(40) })
    {
        payments.extend(gap.iter().map(|month| paid(PaymentKind::Unemployment, month, rates::unemployment_benefit(month), 20)));
    }
    let injury = full && payments.is_empty() || life.class == Class::Employee && life.chance.percent(3);
    let first = work.contributions.iter().filter(|row| row.insurance == Insurance::Injury).map(|row| row.month).min();
    if let Some(month) = first.map(|month| month.plus(life.chance.between(3, 8))).filter(|month| injury && *month < life.this_month()) {
        payments.push(paid(PaymentKind::Injury, month, Fen(i64::from(life.chance.between(300_000, 4_500_000))), 16));
    }
    let young = life.class == Class::Employee && life.sex() == Sex::Female && life.age(life.this_month()) < 40 * 12;
    if let Some(month) = first.map(|month| month.plus(11)).filter(|month| *month < life.this_month())
        && young
        && life.chance.percent(12)
    {
        payments.push(paid(PaymentKind::Maternity, month, Fen(i64::from(life.chance.between(1_600_000, 4_800_000))), 18));
    }
    if life.class == Class::Resident && life.chance.percent(2) {
        let month = life.this_month().plus(-life.chance.between(2, 30));
        payments.push(paid(PaymentKind::Survivor, month, Fen(i64::from(life.chance.between(2_000_000, 9_000_000))), 22));
    }
    payments
}

/// Almost everybody has a card; that of a full person is in use.
pub(super) fn card(life: &mut Life) -> Option<Card> {
    let full = life.class == Class::Full;
    if !full && life.chance.percent(3) {
        return None;
    }
    let state = match life.chance.between(1, 100) {
        _ if full => CardState::Normal,
        1..=88 => CardState::Normal,
        89..=95 => CardState::Inactive,
        96..=98 => CardState::Lost,
        _ => CardState::Making,
    };
    let age = if state == CardState::Making { life.chance.between(1, 9) } else { life.chance.between(60, 3_000) };
    let issued_on = life.today.checked_sub_days(Days::new(u64::try_from(age).unwrap_or_default())).unwrap_or(NaiveDate::MIN);
    let bank_active = state == CardState::Normal && (full || life.chance.percent(85));
    debug_assert!(issued_on.year() > 1900, "a day on the calendar");
    Some(Card { state, tail: life.card_tail.clone(), bank: life.chance.pick(&names::BANKS).to_owned(), issued_on, bank_active })
}
