//! Certificates of contributions: issued from the register, kept as they are printed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rand::{TryRngCore, rngs::OsRng};
use serde_json::{Value, json};

use super::{Answer, Call, ServiceError, Turn, entry, identity::Verified, records::register, slot};
use crate::{
    domain::{
        audit::{Act, Entry, Outcome},
        certificate::{Certificate, CertificateContent, CertificateKind, CertifiedInsurance, CertifiedYear, CheckCode, Papers},
        clock::china,
        disclosure::Ceiling,
        entity::Insurance,
        fact::Contribution,
        money::Fen,
        month::{Month, Period},
    },
    store::{CertificateChange, Keyring, Records, Store, StoreError},
};

/// How long a certificate is found to be genuine; our own rule, printed on it.
const CHECKED_FOR: Days = Days::new(90);

/// Whether this conversation can have a paper: it needs a page that shows one.
pub(super) fn printing(turn: &Turn<'_>) -> Answer {
    Answer::Found { values: json!({"possible": papers(turn).is_some()}), sources: Vec::new() }
}

fn papers<'a>(turn: &Turn<'a>) -> Option<&'a Papers> {
    turn.papers.filter(|_| turn.ceiling == Ceiling::Full)
}

/// Issues a certificate of the months paid in `insurance`, or in the one that the option `which` names, within `period`, or
/// within the option `span`, or from `since` to `until`; left out: all. The same message again finds the one it had.
/// Nothing when no month was paid, or nothing is printed here; a copy of the register makes none.
pub(super) async fn certificate(
    (store, records, keys): (&dyn Store, &dyn Records, &Keyring),
    call: &Call,
    who: &Verified<'_>,
    turn: &mut Turn<'_>,
) -> Result<Answer, ServiceError> {
    let Some(papers) = papers(turn) else { return Ok(Answer::Nothing) };
    let source = register(records, ("contributions", "缴费记录")).await?;
    let issued = store.certificates(turn.conversation).await?;
    if let Some(known) = issued.iter().find(|known| known.message == *turn.message) {
        return Ok(Answer::Found { values: shown(known, papers), sources: vec![source] });
    }
    let Some(person) = records.person(who.person()).await? else { return Ok(Answer::Nothing) };
    if source.copied_at.is_some() {
        // What is certified stands in the register at this moment.
        return Ok(Answer::Unavailable);
    }
    let period = period(call, turn.today);
    let paid = records.contributions(who.person(), insurance(call), period).await?;
    let insurances: Vec<_> = Insurance::ALL.into_iter().filter_map(|insurance| certified(insurance, &paid)).collect();
    if insurances.is_empty() {
        return Ok(Answer::Nothing);
    }
    let issued_on = china(turn.now);
    let expires_on = issued_on + CHECKED_FOR;
    let certificate = Certificate {
        conversation: turn.conversation.to_owned(),
        message: turn.message.clone(),
        number: issued.last().map_or(1, |last| last.number + 1),
        kind: CertificateKind::Contribution,
        person: person.key,
        issued_at: turn.now,
        expires_on,
        revoked_at: None,
        content: CertificateContent {
            code: draw()?,
            name: person.name.masked(),
            id_number: person.id_number.masked(),
            issued_on,
            expires_on,
            as_of: source.as_of,
            period,
            insurances,
        },
    };
    turn.changes.audit.push(Entry {
        object: keys.certificate(&certificate.content.code),
        ..entry(Some(who), Act::CertificateIssued, call, Outcome::Done)
    });
    let values = shown(&certificate, papers);
    turn.changes.certificates.push(CertificateChange::Issued(Box::new(certificate)));
    Ok(Answer::Found { values, sources: vec![source] })
}

/// 80 bits from the system's generator (CER-01).
fn draw() -> Result<CheckCode, StoreError> {
    let mut bits = [0; 10];
    OsRng.try_fill_bytes(&mut bits).map_err(|error| StoreError::Unavailable(format!("no randomness: {error}")))?;
    Ok(CheckCode::of(bits))
}

/// The insurance that was chosen, or named; `None`: all.
fn insurance(call: &Call) -> Option<Insurance> {
    match slot!(call, "which", Option) {
        Some(which) => Insurance::from_id(&which),
        None => slot!(call, "insurance", Insurance),
    }
}

/// The months that were chosen, or named; `None`: all so far.
fn period(call: &Call, today: NaiveDate) -> Option<Period> {
    let now = Month::of(today);
    let last = |months: i32| Some(Period { from: now.plus(-months), to: now.plus(-1) });
    match slot!(call, "span", Option).as_deref() {
        Some("one-year") => last(12),
        Some("two-years") => last(24),
        Some("some") => Some(Period::between(slot!(call, "since", Month)?, slot!(call, "until", Month)?)),
        Some(_) => None,
        None => slot!(call, "period", Period),
    }
}

/// What was paid in one insurance; `None`: nothing.
fn certified(insurance: Insurance, rows: &[Contribution]) -> Option<CertifiedInsurance> {
    let paid: Vec<&Contribution> = rows.iter().filter(|row| row.insurance == insurance && row.paid_on.is_some()).collect();
    let (first, last) = (paid.first()?.month, paid.last()?.month);
    let mut years: BTreeMap<i32, CertifiedYear> = BTreeMap::new();
    let mut employers: Vec<String> = Vec::new();
    for row in &paid {
        let year = row.month.year();
        let none = || CertifiedYear { year, months: Vec::new(), lowest: row.base, highest: row.base, unit: Fen(0), personal: Fen(0) };
        let entry = years.entry(year).or_insert_with(none);
        if entry.months.last() != Some(&row.month.month()) {
            entry.months.push(row.month.month());
        }
        entry.lowest = entry.lowest.min(row.base);
        entry.highest = entry.highest.max(row.base);
        entry.unit = entry.unit + row.unit;
        entry.personal = entry.personal + row.personal;
        if !row.employer.is_empty() && !employers.contains(&row.employer) {
            employers.push(row.employer.clone());
        }
    }
    let years: Vec<CertifiedYear> = years.into_values().collect();
    Some(CertifiedInsurance {
        insurance,
        months: years.iter().map(|year| year.months.len()).sum(),
        first,
        last,
        unit: years.iter().map(|year| year.unit).sum(),
        personal: years.iter().map(|year| year.personal).sum(),
        employers,
        years,
    })
}

/// A certificate for the reply's templates.
fn shown(certificate: &Certificate, papers: &Papers) -> Value {
    let content = &certificate.content;
    let rows: Vec<Value> = content
        .insurances
        .iter()
        .map(|row| json!({"insurance": row.insurance, "months": row.months, "first": row.first, "last": row.last}))
        .collect();
    json!({
        "code": content.code.grouped(), "check": papers.check(&content.code), "url": Papers::paper(&certificate.conversation, certificate.number),
        "person": content.name, "period": content.period, "as_of": content.as_of, "issued": content.issued_on,
        "expires": content.expires_on, "rows": rows,
    })
}

#[cfg(test)]
mod tests {
    use super::{certified, draw};
    use crate::domain::{entity::Insurance, fact::Contribution, money::Fen, month::Month};

    fn row(month: &str, base: i64, paid: bool, employer: &str) -> Contribution {
        let month: Month = month.parse().unwrap();
        Contribution {
            insurance: Insurance::Pension,
            month,
            base: Fen::yuan(base),
            unit: Fen::yuan(16),
            personal: Fen::yuan(8),
            paid_on: paid.then(|| month.first_day()),
            employer: employer.to_owned(),
        }
    }

    #[test]
    fn a_month_of_two_employers_counts_once_with_both_sums_and_an_unpaid_one_not_at_all() {
        let rows = [
            row("2024-12", 4_000, true, "甲"),
            row("2025-01", 5_000, true, "甲"),
            row("2025-01", 4_500, true, "乙"),
            row("2025-02", 9_000, false, "乙"),
            row("2025-03", 5_200, true, "乙"),
        ];
        let pension = certified(Insurance::Pension, &rows).unwrap();
        assert_eq!((pension.months, pension.first.to_string(), pension.last.to_string()), (3, "2024-12".into(), "2025-03".into()));
        assert_eq!((pension.unit, pension.personal), (Fen::yuan(64), Fen::yuan(32)));
        assert_eq!(pension.employers, ["甲", "乙"]);
        let year = &pension.years[1];
        assert_eq!((year.year, year.months.as_slice()), (2025, [1, 3].as_slice()));
        assert_eq!((year.lowest, year.highest), (Fen::yuan(4_500), Fen::yuan(5_200)));
        assert_eq!(certified(Insurance::Medical, &rows), None);
        assert_eq!(certified(Insurance::Pension, &rows[3..4]), None);
    }

    /// CER-01: nothing about a code follows from the one before.
    #[test]
    fn every_code_is_drawn_anew() {
        let codes: std::collections::HashSet<_> = (0..100).map(|_| draw().unwrap().reveal().to_owned()).collect();
        assert_eq!(codes.len(), 100);
    }
}
