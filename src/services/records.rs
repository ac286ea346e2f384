//! What the registers say of one person, as values for the reply's templates.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::{Answer, Call, ServiceError, ServiceName, identity::Verified, slot};
use crate::{
    domain::{
        entity::Insurance,
        fact::{CardState, Contribution, EnrollmentState, Payment, PaymentKind, PaymentState},
        money::Fen,
        month::{Month, Period},
        reply::Source,
    },
    store::{Records, StoreError},
};

/// How many rows of a long register a reply shows.
const ROWS: usize = 24;
/// The same, for the store.
const LATEST: u32 = 24;

/// Answers one record call for a checked person.
pub(super) async fn record(
    records: &dyn Records,
    service: ServiceName,
    call: &Call,
    who: &Verified<'_>,
    today: NaiveDate,
) -> Result<Answer, ServiceError> {
    let found = match service {
        ServiceName::Enrollment => enrollment(records, who).await?,
        ServiceName::Contributions => contributions(records, call, who, today).await?,
        ServiceName::ContributionYears => contribution_years(records, call, who).await?,
        ServiceName::PensionAccount => pension_account(records, who).await?,
        ServiceName::MedicalAccount => medical_account(records, call, who).await?,
        ServiceName::MedicalClaims => medical_claims(records, call, who).await?,
        ServiceName::PensionPayments => pension_payments(records, call, who).await?,
        ServiceName::BenefitPayments => benefit_payments(records, call, who).await?,
        ServiceName::Certification => certification(records, who, today).await?,
        ServiceName::Card => card(records, who).await?,
        other => return Err(ServiceError::Unchecked(other)),
    };
    let Some(values) = found else { return Ok(Answer::Nothing) };
    Ok(Answer::Found { values, sources: vec![register(records, register_of(service)).await?] })
}

/// The store's name of a service's register, and what residents call it.
pub(super) fn register_of(service: ServiceName) -> (&'static str, &'static str) {
    match service {
        ServiceName::Enrollment => ("enrollment", "参保登记"),
        ServiceName::PensionAccount => ("pension-account", "养老个人账户"),
        ServiceName::MedicalAccount => ("medical-account", "医保个人账户"),
        ServiceName::MedicalClaims => ("medical-claims", "医保结算记录"),
        ServiceName::PensionPayments | ServiceName::BenefitPayments => ("payments", "待遇发放记录"),
        ServiceName::Certification => ("certification", "资格认证记录"),
        ServiceName::Card => ("card", "社保卡登记"),
        ServiceName::Cases => ("cases", "办件登记"),
        ServiceName::Trail => ("audit", "查询留痕"),
        _ => ("contributions", "缴费记录"),
    }
}

/// A register with the day it was last brought up to date.
pub(super) async fn register(records: &dyn Records, (name, title): (&str, &str)) -> Result<Source, StoreError> {
    let as_of = records.as_of(name).await?;
    Ok(Source { title: title.to_owned(), number: None, article: None, in_force: None, as_of, copied_at: records.copied(name) })
}

async fn enrollment(records: &dyn Records, who: &Verified<'_>) -> Result<Option<Value>, StoreError> {
    let rows = records.enrollments(who.person()).await?;
    let active = rows.iter().filter(|row| row.state == EnrollmentState::Active).count();
    let said = |state| match state {
        EnrollmentState::Active => "正常参保",
        EnrollmentState::Suspended => "暂停缴费",
        EnrollmentState::Retired => "已退休",
        EnrollmentState::Ended => "已终止",
    };
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({"insurance": row.insurance, "state": said(row.state), "since": row.since, "until": row.until,
                   "employer": row.employer, "place": row.place})
        })
        .collect();
    Ok((!rows.is_empty()).then(|| json!({"active": active, "rows": rows})))
}

/// Months that count: paid, and each calendar month once however many employers paid it.
fn counted(rows: &[Contribution]) -> BTreeSet<Month> {
    rows.iter().filter(|row| row.paid_on.is_some()).map(|row| row.month).collect()
}

/// Months of `period` up to the last one billed that nobody paid, in words: 「2025 年 3 月」.
fn gaps(paid: &BTreeSet<Month>, period: Period) -> Vec<Month> {
    period.iter().filter(|month| !paid.contains(month)).collect()
}

/// The insurance that was named, else the pension that the person is in: an employee's, else a resident's.
async fn named_or_own(records: &dyn Records, call: &Call, who: &Verified<'_>) -> Result<(Insurance, Vec<Contribution>), StoreError> {
    let named = slot!(call, "insurance", Insurance);
    let insurance = named.unwrap_or(Insurance::Pension);
    let rows = records.contributions(who.person(), Some(insurance), None).await?;
    if named.is_some() || !rows.is_empty() {
        return Ok((insurance, rows));
    }
    let resident = records.contributions(who.person(), Some(Insurance::ResidentPension), None).await?;
    Ok(if resident.is_empty() { (insurance, rows) } else { (Insurance::ResidentPension, resident) })
}

async fn contributions(records: &dyn Records, call: &Call, who: &Verified<'_>, today: NaiveDate) -> Result<Option<Value>, StoreError> {
    let (insurance, ever) = named_or_own(records, call, who).await?;
    let last = Month::of(today);
    let asked = slot!(call, "period", Period);
    let period = asked.unwrap_or(Period { from: last.plus(-12), to: last.plus(-1) });
    if period.from > last {
        return Ok(None);
    }
    let (Some(first), Some(newest)) = (ever.first(), ever.last()) else { return Ok(None) };
    let span = Period { from: first.month, to: newest.month };
    let rows: Vec<&Contribution> = ever.iter().filter(|row| period.contains(row.month)).collect();
    let paid = counted(&ever);
    let months = paid.range(period.from..=period.to).count();
    let unpaid: Vec<Month> = rows.iter().filter(|row| row.paid_on.is_none()).map(|row| row.month).collect();
    let within = Period { from: period.from.max(span.from), to: period.to.min(last.plus(-1)) };
    let missing = if within.from > within.to { Vec::new() } else { gaps(&paid, within) };
    let settled: Vec<&&Contribution> = rows.iter().filter(|row| row.paid_on.is_some()).collect();
    let total = |part: fn(&Contribution) -> Fen| settled.iter().map(|row| part(row)).sum::<Fen>();
    let shown: Vec<_> = rows
        .iter()
        .rev()
        .take(ROWS)
        .rev()
        .map(|row| {
            json!({"month": row.month, "base": row.base, "unit": row.unit, "personal": row.personal,
                   "paid": row.paid_on, "employer": row.employer})
        })
        .collect();
    Ok(Some(json!({
        "insurance": insurance, "period": period, "assumed": asked.is_none(), "months": months,
        "personal": total(|row| row.personal), "unit": total(|row| row.unit),
        "unpaid": unpaid, "missing": missing, "shown": shown.len(), "of": rows.len(), "rows": shown,
        "first": span.from, "newest": span.to,
    })))
}

async fn contribution_years(records: &dyn Records, call: &Call, who: &Verified<'_>) -> Result<Option<Value>, StoreError> {
    let all = records.contributions(who.person(), None, None).await?;
    let of = |insurance: Insurance| -> Vec<Contribution> { all.iter().filter(|row| row.insurance == insurance).cloned().collect() };
    let mut rows = Vec::new();
    for insurance in Insurance::ALL {
        let own = of(insurance);
        let paid = counted(&own);
        if let (Some(first), Some(last)) = (paid.first(), paid.last()) {
            let missing = gaps(&paid, Period { from: *first, to: *last });
            rows.push(json!({"insurance": insurance, "months": paid.len(), "first": first, "last": last, "missing": missing.len()}));
        }
    }
    let on_file = |insurance: Insurance| rows.iter().any(|row| row["insurance"] == json!(insurance));
    let own =
        if on_file(Insurance::Pension) || !on_file(Insurance::ResidentPension) { Insurance::Pension } else { Insurance::ResidentPension };
    let wanted = slot!(call, "insurance", Insurance).unwrap_or(own);
    let main = rows.iter().find(|row| row["insurance"] == json!(wanted)).cloned();
    Ok((!rows.is_empty()).then(|| json!({"insurance": wanted, "main": main, "rows": rows})))
}

async fn pension_account(records: &dyn Records, who: &Verified<'_>) -> Result<Option<Value>, StoreError> {
    let years = records.pension_account(who.person()).await?;
    let Some(last) = years.iter().max_by_key(|year| year.year) else { return Ok(None) };
    Ok(Some(json!({"balance": last.balance, "year": last.year, "rows": years})))
}

/// The balance, with the latest entries or all those of the period that was named.
async fn medical_account(records: &dyn Records, call: &Call, who: &Verified<'_>) -> Result<Option<Value>, StoreError> {
    let period = slot!(call, "period", Period);
    let limit = if period.is_some() { u32::MAX } else { LATEST };
    let mut entries = records.medical_account(who.person(), limit).await?;
    let Some(newest) = entries.first().cloned() else { return Ok(None) };
    if let Some(period) = period {
        entries.retain(|entry| period.contains(Month::of(entry.on)));
    }
    let spent = Fen(-entries.iter().map(|entry| entry.amount.0.min(0)).sum::<i64>());
    Ok(Some(json!({"balance": newest.balance, "on": newest.on, "newest": newest, "period": period, "spent": spent, "rows": entries})))
}

async fn medical_claims(records: &dyn Records, call: &Call, who: &Verified<'_>) -> Result<Option<Value>, StoreError> {
    let mut claims = records.medical_claims(who.person()).await?;
    let period = slot!(call, "period", Period);
    if let Some(period) = period {
        claims.retain(|claim| period.contains(Month::of(claim.on)));
    }
    if claims.is_empty() && period.is_none() {
        return Ok(None);
    }
    let fund: Fen = claims.iter().map(|claim| claim.fund).sum();
    let count = claims.len();
    let newest = claims.first().cloned();
    claims.truncate(ROWS);
    Ok(Some(json!({"count": count, "fund": fund, "newest": newest, "period": period, "rows": claims})))
}

fn payment_kind(kind: PaymentKind) -> &'static str {
    match kind {
        PaymentKind::Pension => "养老金",
        PaymentKind::Unemployment => "失业保险金",
        PaymentKind::Maternity => "生育津贴",
        PaymentKind::Injury => "工伤待遇",
        PaymentKind::Survivor => "丧葬补助金和抚恤金",
    }
}

fn payment(payment: &Payment) -> Value {
    let state = match payment.state {
        PaymentState::Paid => "已发放",
        PaymentState::Pending => "发放中",
        PaymentState::Returned => "银行退回",
        PaymentState::Stopped => "已停发",
    };
    json!({"kind": payment_kind(payment.kind), "month": payment.month, "amount": payment.amount,
           "paid": payment.paid_on, "state": state, "card": payment.card_tail})
}

async fn pension_payments(records: &dyn Records, call: &Call, who: &Verified<'_>) -> Result<Option<Value>, StoreError> {
    let mut payments = records.payments(who.person(), Some(PaymentKind::Pension)).await?;
    let Some(newest) = payments.first().map(payment) else { return Ok(None) };
    let period = slot!(call, "period", Period);
    if let Some(period) = period {
        payments.retain(|row| period.contains(row.month));
    }
    let paid = || payments.iter().filter(|row| row.state == PaymentState::Paid);
    let total: Fen = paid().map(|row| row.amount).sum();
    // A back payment of the same month is no further month.
    let count = paid().map(|row| row.month).collect::<BTreeSet<_>>().len();
    let of = payments.len();
    payments.truncate(ROWS);
    let rows: Vec<_> = payments.iter().map(payment).collect();
    let change = match payments.as_slice() {
        [last, before, ..] => Some(last.amount - before.amount),
        _ => None,
    };
    Ok(Some(json!({"newest": newest, "period": period, "total": total, "count": count, "change": change, "of": of, "rows": rows})))
}

/// The benefit of an insurance that pays one at a time.
fn benefit_of(insurance: Insurance) -> Option<PaymentKind> {
    match insurance {
        Insurance::Unemployment => Some(PaymentKind::Unemployment),
        Insurance::Maternity => Some(PaymentKind::Maternity),
        Insurance::Injury => Some(PaymentKind::Injury),
        Insurance::Pension | Insurance::Medical | Insurance::ResidentPension | Insurance::ResidentMedical => None,
    }
}

/// Benefits other than the pension: of one kind and one period when they were named.
async fn benefit_payments(records: &dyn Records, call: &Call, who: &Verified<'_>) -> Result<Option<Value>, StoreError> {
    let kind = match slot!(call, "insurance", Insurance).map(benefit_of) {
        Some(None) => return Ok(None),
        kind => kind.flatten(),
    };
    let period = slot!(call, "period", Period);
    let mut payments = records.payments(who.person(), kind).await?;
    payments.retain(|row| row.kind != PaymentKind::Pension && period.is_none_or(|period| period.contains(row.month)));
    let Some(newest) = payments.first().map(payment) else { return Ok(None) };
    let same = payments.first().map(|row| row.kind);
    let total: Fen = payments.iter().filter(|row| row.state == PaymentState::Paid && Some(row.kind) == same).map(|row| row.amount).sum();
    let count = payments.len();
    payments.truncate(ROWS);
    Ok(Some(json!({"newest": newest, "total": total, "count": count, "rows": payments.iter().map(payment).collect::<Vec<_>>()})))
}

async fn certification(records: &dyn Records, who: &Verified<'_>, today: NaiveDate) -> Result<Option<Value>, StoreError> {
    let Some(row) = records.certification(who.person()).await? else { return Ok(None) };
    let this_year = row.done_on.is_some_and(|day| day.year() == today.year());
    Ok(Some(json!({"done": row.done_on, "due": row.due_on, "how": row.how, "this_year": this_year,
                   "overdue": row.due_on < today, "days": (row.due_on - today).num_days()})))
}

async fn card(records: &dyn Records, who: &Verified<'_>) -> Result<Option<Value>, StoreError> {
    let Some(row) = records.card(who.person()).await? else { return Ok(None) };
    let state = match row.state {
        CardState::Normal => "正常",
        CardState::Inactive => "未激活",
        CardState::Lost => "已挂失",
        CardState::Making => "制卡中",
    };
    Ok(Some(json!({"state": state, "tail": row.tail, "bank": row.bank, "issued": row.issued_on, "bank_active": row.bank_active})))
}

#[cfg(test)]
mod tests {
    use super::{counted, gaps};
    use crate::domain::{
        entity::Insurance,
        fact::Contribution,
        money::Fen,
        month::{Month, Period},
    };

    fn row(month: &str, paid: bool, employer: &str) -> Contribution {
        let month: Month = month.parse().unwrap();
        Contribution {
            insurance: Insurance::Pension,
            month,
            base: Fen::yuan(5000),
            unit: Fen::yuan(800),
            personal: Fen::yuan(400),
            paid_on: paid.then(|| month.first_day()),
            employer: employer.to_owned(),
        }
    }

    #[test]
    fn a_month_paid_by_two_employers_counts_once_and_an_unpaid_one_not_at_all() {
        let rows = [row("2025-01", true, "甲"), row("2025-01", true, "乙"), row("2025-02", false, "乙"), row("2025-03", true, "乙")];
        let paid = counted(&rows);
        assert_eq!(paid.len(), 2);
        let year = Period { from: "2025-01".parse().unwrap(), to: "2025-03".parse().unwrap() };
        assert_eq!(gaps(&paid, year), ["2025-02".parse().unwrap()]);
    }
}
