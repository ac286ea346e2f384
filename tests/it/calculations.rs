//! Sums worked out from dated rules, against the rows of their laws.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use serde::Deserialize;
use wenban::{
    dialogue::load,
    domain::money::Fen,
    services::{
        Content,
        calculate::{Pension, Terms, contribution, monthly, months, payment_months, work_out},
        rules::Rules,
    },
};

static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| load::load(load::built_in()).0.content);

fn rules() -> &'static Rules {
    &CONTENT.rules
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[derive(Deserialize)]
struct Unemployment {
    months: Vec<(i32, i32, i64)>,
    amounts: Vec<Amount>,
}

#[derive(Deserialize)]
struct Amount {
    on: NaiveDate,
    monthly: Fen,
}

#[test]
fn unemployment_every_row() {
    let cases: Unemployment = serde_saphyr::from_str(include_str!("../rules/unemployment.yaml")).unwrap();
    assert_eq!((cases.months.len(), cases.amounts.len()), (41, 3));
    for (paid, leftover, expected) in cases.months {
        assert_eq!(months(rules(), day("2026-11-24"), paid, leftover).unwrap(), Some(expected), "paid {paid}, left over {leftover}");
    }
    for Amount { on, monthly: expected } in cases.amounts {
        assert_eq!(monthly(rules(), on).unwrap(), Some(expected), "on {on}");
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Pensions {
    examples: Vec<Example>,
    payment_months: Vec<(i32, i32, i64)>,
    flexible: Vec<(i64, i64, i64)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Example {
    name: String,
    year: i32,
    base: i64,
    index: i64,
    months: i32,
    balance: Fen,
    age: (i32, i32),
    deemed_months: i32,
    deemed_index: i64,
    divisor: i64,
    basic: Fen,
    account: Fen,
    transitional: Fen,
    total: Fen,
}

fn pensions() -> Pensions {
    serde_saphyr::from_str(include_str!("../rules/pension.yaml")).unwrap()
}

fn value(name: &str, on: NaiveDate) -> i64 {
    rules().on(name, on).unwrap().row.value.unwrap()
}

/// What a pension of an example is worked out from, by the rules of its year.
fn terms(example: &Example) -> Terms {
    let on = NaiveDate::from_ymd_opt(example.year, 6, 1).unwrap();
    let table = rules().table("payment-months", on).unwrap().row.value.as_ref().unwrap();
    Terms {
        base: Fen(value("granting-base", on)),
        index: example.index,
        months: example.months,
        balance: example.balance,
        divisor: payment_months(table, example.age.0 * 12 + example.age.1).unwrap(),
        deemed_months: example.deemed_months,
        deemed_index: example.deemed_index,
        basic_rate: value("basic-pension-rate", on),
        transitional_rate: value("transitional-rate", on),
    }
}

#[test]
fn pension_every_worked_example() {
    let examples = pensions().examples;
    assert_eq!(examples.len(), 6);
    for example in examples {
        let terms = terms(&example);
        assert_eq!((terms.base.0, terms.divisor), (example.base, example.divisor), "{}", example.name);
        let Example { basic, account, transitional, total, .. } = example;
        assert_eq!(work_out(&terms), Some(Pension { basic, account, transitional, total }), "{}", example.name);
    }
}

#[test]
fn payment_months_between_two_ages() {
    let rows = pensions().payment_months;
    assert_eq!(rows.len(), 21);
    let table = rules().table("payment-months", day("2026-11-24")).unwrap().row.value.as_ref().unwrap();
    for (years, months, expected) in rows {
        assert_eq!(payment_months(table, years * 12 + months), Some(expected), "{years} years {months} months");
    }
    assert_eq!([payment_months(table, 39 * 12 + 11), payment_months(table, 70 * 12 + 1), payment_months(table, -1)], [None; 3]);
    assert_eq!(payment_months(table, 70 * 12), Some(560));
}

#[test]
fn flexible_every_row() {
    let rows = pensions().flexible;
    assert_eq!(rows.len(), 4);
    let rate = value("flexible-rate", day("2026-11-24"));
    for (base, month, year) in rows {
        assert_eq!(contribution(Fen(base), rate), (Fen(month), Fen(year)), "base {base}");
    }
}

/// The day before, on and after each change of a rule, and what is awaited.
#[test]
fn a_value_holds_from_its_day_until_the_next() {
    let lower = |on: &str| rules().on("pension-base-lower", day(on)).map(|found| (found.row.value, found.awaited)).unwrap();
    assert_eq!(lower("2025-06-30"), (Some(476_700), None));
    assert_eq!(lower("2025-07-01"), (Some(477_500), None));
    assert_eq!(lower("2026-06-30"), (Some(477_500), None));
    assert_eq!(lower("2026-07-01"), (Some(477_500), Some(day("2026-07-01"))), "applied for the time being");
    assert!(rules().on("pension-base-lower", day("2024-06-30")).is_err(), "nothing before the first");
    let lapsed = rules().on("flexible-rate", day("2028-05-01")).unwrap();
    assert_eq!((lapsed.row.value, lapsed.awaited), (None, None), "a value that lapsed is not carried on");
    for (name, rule) in &rules().values {
        for row in &rule.values {
            let from = row.from.value;
            let before = rules().on(name, from - Days::new(1));
            assert!(before.is_err() || before.unwrap().row.from.value < from, "{name} the day before {from}");
            let found = rules().on(name, from).unwrap();
            assert!(found.row.from.value == from || found.awaited == Some(from), "{name} on {from}");
        }
    }
}

#[derive(Deserialize)]
struct Injuries {
    rows: Vec<Injury>,
}

#[derive(Deserialize)]
struct Injury {
    grade: u32,
    wage: Fen,
    lump: Fen,
    medical: Option<Fen>,
    employment: Option<Fen>,
    allowance: Option<Fen>,
}

#[test]
fn injury_tables_give_the_worked_examples() {
    let cases: Injuries = serde_saphyr::from_str(include_str!("../rules/injury.yaml")).unwrap();
    assert_eq!(cases.rows.len(), 5);
    let table = |name| -> &BTreeMap<u32, i64> { rules().table(name, day("2026-11-24")).unwrap().row.value.as_ref().unwrap() };
    for Injury { grade, wage, lump, medical, employment, allowance } in cases.rows {
        let months = |name| table(name).get(&grade).map(|months| Fen(wage.0 * months));
        assert_eq!(months("injury-lump-months"), Some(lump), "grade {grade}");
        assert_eq!((months("injury-medical-months"), months("injury-employment-months")), (medical, employment), "grade {grade}");
        if let Some(allowance) = allowance {
            assert_eq!(wage.share_half_up(table("injury-allowance-ratio")[&grade]), allowance, "grade {grade}");
        }
    }
}

/// Terms that a person could have.
fn plausible() -> impl Strategy<Value = Terms> {
    (1_i64..10_000_000, 1_000_i64..=30_000, 0_i32..=600, 0_i64..1_000_000_000, 560_i64..=2_330, 0_i32..=600, 0_i64..2_000).prop_map(
        |(base, index, months, balance, divisor, deemed, deemed_index)| Terms {
            base: Fen(base),
            index,
            months,
            balance: Fen(balance),
            divisor,
            deemed_months: deemed.min(months),
            deemed_index,
            basic_rate: 100,
            transitional_rate: 120,
        },
    )
}

proptest! {
    #[test]
    fn more_paid_never_means_less_pension(terms in plausible(), more in 0_i32..120, higher in 0_i64..1_000_000) {
        let sum = work_out(&terms).unwrap();
        prop_assert_eq!(sum.total, sum.basic + sum.account + sum.transitional);
        for better in [
            Terms { months: terms.months + more, ..terms },
            Terms { base: Fen(terms.base.0 + higher), ..terms },
            Terms { index: terms.index + i64::from(more), ..terms },
            Terms { balance: Fen(terms.balance.0 + higher), ..terms },
            Terms { divisor: (terms.divisor - i64::from(more)).max(1), ..terms },
        ] {
            prop_assert!(work_out(&better).unwrap().total >= sum.total);
        }
    }

    #[test]
    fn no_terms_overflow(base: i64, index: i64, months: i32, balance: i64, divisor: i64, deemed_months: i32, deemed_index: i64) {
        let sum = work_out(&Terms {
            base: Fen(base), index, months, balance: Fen(balance), divisor, deemed_months, deemed_index, basic_rate: 100, transitional_rate: 120,
        });
        let nonsense = base < 0 || index < 0 || months < 0 || balance < 0 || divisor <= 0 || deemed_months > months || deemed_months < 0;
        prop_assert!(!nonsense || sum.is_none());
    }

    #[test]
    fn longer_contributions_never_mean_fewer_months(paid in 0_i32..700, more in 0_i32..100, leftover in 0_i32..=24) {
        let on = day("2026-11-24");
        let drawn = |paid, leftover| months(rules(), on, paid, leftover).unwrap().unwrap();
        prop_assert!(drawn(paid + more, leftover) >= drawn(paid, leftover));
        prop_assert!(drawn(paid, leftover) >= drawn(paid, 0));
        prop_assert!((0..=24).contains(&drawn(paid, leftover)));
    }

    #[test]
    fn a_higher_base_never_costs_less(base in 0_i64..3_000_000, more in 0_i64..1_000_000) {
        let (month, year) = contribution(Fen(base), 2_000);
        prop_assert!(contribution(Fen(base + more), 2_000) >= (month, year));
        prop_assert_eq!(year.0, month.0 * 12);
    }
}
