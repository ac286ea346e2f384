//! What an answer must be beyond its form: a core system that is broken, or is not the core system, must not bring the
//! desk to sum up what overflows or to walk through a million years (security.md GWY-04).

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, de::DeserializeOwned};

use super::contract::{PersonRow, Register};
use crate::domain::{
    fact::{Card, Case, Certification, Contribution, Enrollment, MedicalAccountEntry, MedicalClaim, Payment, PensionAccountYear},
    money::Fen,
    month::Month,
    person::FullName,
};

/// Rows of one register of one person.
pub(super) const MAX_ROWS: usize = 10_000;
/// Characters of a text.
const MAX_TEXT: usize = 200;
/// Of an amount, either way: ten billion yuan, so that a register's sum fits.
const MAX_FEN: u64 = 1_000_000_000_000;
/// The bureau's records begin after 1949; plans reach some decades ahead.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2100;

/// One row of a register.
pub(crate) trait Row: Serialize + DeserializeOwned + Send {
    /// Its register.
    const REGISTER: Register;
    /// How many a person has at most.
    const MOST: usize = MAX_ROWS;

    /// Whether its values are such as occur.
    fn is_sound(&self) -> bool;
}

fn texts<const N: usize>(texts: [&str; N]) -> bool {
    texts.iter().all(|text| text.chars().count() <= MAX_TEXT && !text.contains(char::is_control))
}

fn amounts<const N: usize>(amounts: [Fen; N]) -> bool {
    amounts.iter().all(|amount| amount.0.unsigned_abs() <= MAX_FEN)
}

pub(super) fn days<const N: usize>(days: [Option<NaiveDate>; N]) -> bool {
    days.iter().flatten().all(|day| YEARS.contains(&day.year()))
}

fn months<const N: usize>(months: [Option<Month>; N]) -> bool {
    months.iter().flatten().all(|month| YEARS.contains(&month.year()))
}

impl Row for PersonRow {
    const REGISTER: Register = Register::Person;
    const MOST: usize = 1;

    fn is_sound(&self) -> bool {
        FullName::parse(&self.name).is_some() && texts([self.phone.as_deref().unwrap_or_default()])
    }
}

impl Row for Enrollment {
    const REGISTER: Register = Register::Enrollment;

    fn is_sound(&self) -> bool {
        months([Some(self.since), self.until]) && texts([&self.employer, &self.place])
    }
}

impl Row for Contribution {
    const REGISTER: Register = Register::Contributions;

    fn is_sound(&self) -> bool {
        months([Some(self.month)]) && amounts([self.base, self.unit, self.personal]) && days([self.paid_on]) && texts([&self.employer])
    }
}

impl Row for PensionAccountYear {
    const REGISTER: Register = Register::PensionAccount;

    fn is_sound(&self) -> bool {
        YEARS.contains(&self.year) && amounts([self.paid_in, self.interest, self.balance])
    }
}

impl Row for MedicalAccountEntry {
    const REGISTER: Register = Register::MedicalAccount;

    fn is_sound(&self) -> bool {
        days([Some(self.on)]) && amounts([self.amount, self.balance]) && texts([&self.what])
    }
}

impl Row for MedicalClaim {
    const REGISTER: Register = Register::MedicalClaims;

    fn is_sound(&self) -> bool {
        days([Some(self.on), self.paid_on]) && amounts([self.total, self.fund, self.personal]) && texts([&self.what, &self.hospital])
    }
}

impl Row for Payment {
    const REGISTER: Register = Register::Payments;

    fn is_sound(&self) -> bool {
        months([Some(self.month)]) && days([self.paid_on]) && amounts([self.amount]) && texts([&self.card_tail])
    }
}

impl Row for Certification {
    const REGISTER: Register = Register::Certification;
    const MOST: usize = 1;

    fn is_sound(&self) -> bool {
        days([self.done_on, Some(self.due_on)]) && texts([self.how.as_deref().unwrap_or_default()])
    }
}

impl Row for Card {
    const REGISTER: Register = Register::Card;
    const MOST: usize = 1;

    fn is_sound(&self) -> bool {
        days([Some(self.issued_on)]) && texts([&self.tail, &self.bank])
    }
}

impl Row for Case {
    const REGISTER: Register = Register::Cases;

    fn is_sound(&self) -> bool {
        let steps = self.steps.len() <= MAX_TEXT && self.steps.iter().all(|step| days([step.on]) && texts([&step.what, &step.holder]));
        steps && days([Some(self.accepted_on), self.due_on]) && texts([&self.matter, self.note.as_deref().unwrap_or_default()])
    }
}
