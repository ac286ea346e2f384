//! A made-up population for trying the desk out: identity numbers of area code 441399, which belongs to nobody.
//!
//! Deterministic: the same seed, number and day give the same person, so that a story can be told twice.

mod account;
mod cases;
mod chance;
pub mod core;
mod life;
mod names;
mod pay;
mod rates;
mod work;

use chrono::NaiveDate;

pub use crate::store::PersonFile;
use life::{Class, Life};

/// Whether the `n`th person has something in every register.
pub fn is_full(n: u64) -> bool {
    n.is_multiple_of(10)
}

/// The `n`th person of the population `seed`, as on file on `today`.
pub fn person(seed: u64, n: u64, today: NaiveDate) -> PersonFile {
    let mut life = Life::begin(seed, n, today);
    let work = work::work(&mut life);
    let pension_account = account::pension(&life, &work);
    let benefits = pay::benefits(&mut life, &work, &pension_account);
    let medical_account = account::medical(&mut life, &work);
    let medical_claims = account::claims(&mut life);
    let card = pay::card(&mut life);
    let cases = cases::cases(&mut life);
    let mut contributions = work.contributions;
    contributions
        .sort_by(|one, other| (one.month, one.insurance.id(), &one.employer).cmp(&(other.month, other.insurance.id(), &other.employer)));
    let insured = life.class != Class::Resident;
    PersonFile {
        person: life.person,
        enrollments: work.enrollments,
        contributions,
        pension_account,
        medical_account: if insured { medical_account } else { Vec::new() },
        medical_claims,
        payments: benefits.payments,
        certification: benefits.certification,
        card,
        cases,
    }
}

#[cfg(test)]
mod tests;
