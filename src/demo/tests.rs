use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::{PersonFile, is_full, person, rates};
use crate::domain::{
    entity::Insurance,
    fact::{CardState, CaseState, EnrollmentState, PaymentKind, PaymentState},
    id_number::IdNumber,
    money::Fen,
    month::Month,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days() -> [NaiveDate; 5] {
    ["2026-11-24", "2026-01-05", "2026-02-28", "2026-03-31", "2027-07-01"].map(day)
}

fn check(today: NaiveDate, each: impl Fn(u64, &PersonFile)) {
    for n in 0..500 {
        each(n, &person(7, n, today));
    }
}

#[test]
fn the_same_seed_gives_the_same_people_and_another_gives_others() {
    for n in 0..60 {
        assert_eq!(person(1, n, days()[0]), person(1, n, days()[0]));
        assert_ne!(person(1, n, days()[0]).person, person(2, n, days()[0]).person);
    }
}

#[test]
fn every_number_is_valid_of_nobodys_area_and_given_once() {
    for today in days() {
        let (mut numbers, mut keys, mut cases) = (HashSet::new(), HashSet::new(), HashSet::new());
        for n in (0..2_000).chain(499_990..500_010).chain(999_990..1_000_010) {
            let file = person(7, n, today);
            let number = file.person.id_number.reveal();
            assert!(IdNumber::parse(number, today).is_ok() && number.starts_with("441399"), "{n}");
            assert!(numbers.insert(number.to_owned()) && keys.insert(file.person.key.0.clone()), "{n}");
            assert!(file.cases.iter().all(|case| cases.insert(case.number.as_str().to_owned())), "{n}");
            assert!(file.person.phone.is_none_or(|phone| phone.reveal()[2..6] == *"0000"), "{n}");
        }
    }
}

#[test]
fn nothing_lies_after_today() {
    for today in days() {
        check(today, |n, file| {
            let this = Month::of(today);
            let insured = |row: &&crate::domain::fact::Contribution| {
                matches!(row.insurance, Insurance::ResidentMedical | Insurance::ResidentPension) || row.month < this
            };
            assert!(file.contributions.iter().filter(insured).count() == file.contributions.len(), "{n}");
            assert!(file.contributions.iter().all(|row| row.month <= this && row.paid_on.is_none_or(|on| on < today)), "{n}");
            assert!(file.payments.iter().all(|row| row.month <= this && row.paid_on.is_none_or(|on| on <= today)), "{n}");
            assert!(file.medical_account.iter().all(|row| row.on <= today), "{n}");
            assert!(file.medical_claims.iter().all(|row| row.on <= today && row.paid_on.is_none_or(|on| on <= today)), "{n}");
            assert!(file.cases.iter().all(|case| case.steps.iter().all(|step| step.on.is_none_or(|on| on <= today))), "{n}");
            assert!(file.pension_account.iter().all(|row| row.year <= today.year()), "{n}");
        });
    }
}

#[test]
fn bases_lie_within_the_bounds_and_shares_follow_from_them() {
    check(days()[0], |n, file| {
        for row in &file.contributions {
            let flexible = row.employer == "灵活就业人员";
            match row.insurance {
                Insurance::ResidentMedical | Insurance::ResidentPension => continue,
                Insurance::Pension if flexible => assert_eq!(row.personal, row.base.share_half_up(2_000), "{n}"),
                Insurance::Pension => assert_eq!(row.personal, row.base.share_half_up(800), "{n}"),
                Insurance::Injury | Insurance::Maternity => assert_eq!(row.personal, Fen(0), "{n}"),
                Insurance::Medical | Insurance::Unemployment => {}
            }
            let (low, high) = rates::bounds(row.month);
            assert!((low..=high).contains(&row.base), "{n} {:?} {}", row.month, row.base.grouped());
        }
    });
    assert_eq!(rates::bounds("2024-07".parse().unwrap()), (Fen::yuan(4_767), Fen::yuan(27_501)));
    assert_eq!(rates::bounds("2025-07".parse().unwrap()), (Fen::yuan(4_775), Fen::yuan(27_549)));
    assert_eq!(rates::bounds("2026-10".parse().unwrap()), (Fen::yuan(4_775), Fen::yuan(27_549)));
}

#[test]
fn the_pension_account_adds_up() {
    check(days()[0], |n, file| {
        let mut before = Fen(0);
        for year in &file.pension_account {
            let paid = file.contributions.iter().filter(|row| row.month.year() == year.year && row.paid_on.is_some());
            let paid: Fen = paid
                .filter_map(|row| match row.insurance {
                    Insurance::Pension => Some(row.base.share_half_up(800)),
                    Insurance::ResidentPension => Some(row.personal),
                    _ => None,
                })
                .sum();
            assert_eq!(year.paid_in, paid, "{n} {}", year.year);
            assert_eq!(year.balance, before + paid + year.interest, "{n} {}", year.year);
            let whole = file.contributions.iter().any(|row| row.insurance == Insurance::Pension && row.month.year() > year.year);
            let rate = rates::interest(year.year);
            if whole {
                let most = (before + paid).share_half_up(rate);
                assert!((before.share_half_up(rate)..=most).contains(&year.interest), "{n} {}", year.year);
            }
            before = year.balance;
        }
    });
}

#[test]
fn the_medical_account_adds_up_and_never_falls_below_nothing() {
    check(days()[0], |n, file| {
        let mut balance = Fen(0);
        for entry in file.medical_account.iter().rev() {
            balance = balance + entry.amount;
            assert!(entry.balance == balance && balance >= Fen(0), "{n}");
        }
        assert!(file.medical_account.is_sorted_by(|later, earlier| later.on >= earlier.on), "{n}");
    });
}

#[test]
fn a_full_person_has_something_in_every_register() {
    for today in days() {
        check(today, |n, file| {
            if !is_full(n) {
                return;
            }
            let in_year = |insurance: Insurance| {
                let last = today.year() - 1;
                file.contributions.iter().filter(|row| row.insurance == insurance && row.month.year() == last).count()
            };
            assert!((10..=11).contains(&in_year(Insurance::Pension)), "{n} {}", in_year(Insurance::Pension));
            assert_eq!(file.enrollments.len(), 5, "{n}");
            for row in &file.enrollments {
                assert!(matches!(row.state, EnrollmentState::Retired | EnrollmentState::Ended), "{n}");
                assert!(file.contributions.iter().any(|paid| paid.insurance == row.insurance), "{n}");
            }
            let retired = file.contributions.iter().map(|row| row.month).max().unwrap();
            let pensions: Vec<_> = file.payments.iter().filter(|row| row.kind == PaymentKind::Pension).collect();
            assert_eq!(i32::try_from(pensions.len()).unwrap(), retired.until(Month::of(today)), "{n}");
            assert!((1..=3).contains(&pensions.len()), "{n}");
            assert!(pensions.iter().all(|row| row.amount > Fen::yuan(800)), "{n}");
            let earlier = |row: &&crate::domain::fact::Payment| matches!(row.kind, PaymentKind::Unemployment | PaymentKind::Injury);
            assert!(file.payments.iter().any(|row| earlier(&row)), "{n}");
            assert!(!file.pension_account.is_empty() && !file.medical_account.is_empty() && !file.medical_claims.is_empty(), "{n}");
            assert!(file.certification.is_some() && file.person.phone.is_some(), "{n}");
            assert!(file.card.as_ref().is_some_and(|card| card.state == CardState::Normal && card.bank_active), "{n}");
            let states: HashSet<_> = file.cases.iter().map(|case| format!("{:?}", case.state)).collect();
            assert_eq!(states, HashSet::from(["Running".to_owned(), "Done".to_owned()]), "{n}");
        });
    }
}

#[test]
fn cases_have_three_to_five_steps_that_fit_their_state() {
    let mut seen = HashSet::new();
    for n in 0..500 {
        for case in person(7, n, days()[0]).cases {
            assert!((3..=5).contains(&case.steps.len()), "{n} {}", case.steps.len());
            assert!(case.steps.is_sorted_by(|one, other| one.on.unwrap_or(NaiveDate::MAX) <= other.on.unwrap_or(NaiveDate::MAX)), "{n}");
            let over = matches!(case.state, CaseState::Done | CaseState::Refused);
            assert_eq!(case.steps.iter().all(|step| step.on.is_some()), over, "{n}");
            assert!(case.due_on.unwrap() > case.accepted_on, "{n}");
            seen.insert(format!("{:?}", case.state));
        }
    }
    assert_eq!(seen.len(), 4);
}

#[test]
fn the_population_has_every_kind_of_trouble() {
    let files: Vec<_> = (0..500).map(|n| person(7, n, days()[0])).collect();
    let some = |what: &str, test: &dyn Fn(&PersonFile) -> bool| {
        let count = files.iter().filter(|file| test(file)).count();
        assert!(count > 0, "{what}");
        count
    };
    some("arrears", &|file| file.contributions.iter().any(|row| row.paid_on.is_none()));
    some("suspended", &|file| file.enrollments.iter().any(|row| row.state == EnrollmentState::Suspended));
    some("no phone", &|file| file.person.phone.is_none());
    some("stopped pension", &|file| file.payments.iter().any(|row| row.state == PaymentState::Stopped));
    some("returned pension", &|file| file.payments.iter().any(|row| row.state == PaymentState::Returned));
    some("card lost", &|file| file.card.as_ref().is_some_and(|card| card.state == CardState::Lost));
    some("two employers in one month", &|file| {
        let months: Vec<_> = file.contributions.iter().filter(|row| row.insurance == Insurance::Pension).map(|row| row.month).collect();
        months.windows(2).any(|pair| pair[0] == pair[1])
    });
    for insurance in Insurance::ALL {
        some(insurance.id(), &|file| file.enrollments.iter().any(|row| row.insurance == insurance));
    }
    let working = some("active employees", &|file| {
        file.enrollments.iter().any(|row| row.insurance == Insurance::Unemployment && row.state != EnrollmentState::Ended)
    });
    assert_eq!(working, 275, "55 %");
}
