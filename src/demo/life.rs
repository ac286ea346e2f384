//! Who somebody is: class, birth, sex, number, name.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::{chance::Chance, names, rates::Category};
use crate::domain::{
    id_number::{IdNumber, check_digit},
    month::Month,
    person::{FullName, Person, PersonKey, Phone, Sex},
};

/// How somebody is insured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Retired lately, with something in every register.
    Full,
    /// With an employer.
    Employee,
    /// Without one, in the employees' insurances.
    Flexible,
    /// Retired.
    Retired,
    /// In the residents' insurances.
    Resident,
}

use Class::{Employee, Flexible, Full, Resident, Retired};

/// Twenty people in a row: 10 % full, 55 % employees, 10 % flexible, 15 % retired, 10 % residents.
const ROUND: [Class; 20] = [
    Full, Employee, Flexible, Employee, Retired, Employee, Resident, Employee, Employee, Employee, //
    Full, Retired, Employee, Employee, Flexible, Employee, Retired, Employee, Resident, Employee,
];

/// A prime: steps through every identity number of a class in no visible order.
const STRIDE: u64 = 1_000_003;

/// Orders of a day that belong to a class: first and how many. Disjoint, so that no number is given twice.
fn orders(class: Class) -> (u64, u64) {
    match class {
        Full => (0, 300),
        Employee => (300, 400),
        Flexible => (700, 100),
        Retired => (800, 100),
        Resident => (900, 100),
    }
}

/// One person in the making.
pub(super) struct Life {
    pub(super) chance: Chance,
    pub(super) n: u64,
    pub(super) today: NaiveDate,
    pub(super) class: Class,
    pub(super) birth: NaiveDate,
    /// For those who drew a pension: the month they retired.
    pub(super) retired: Option<Month>,
    pub(super) person: Person,
    pub(super) place: &'static str,
    pub(super) card_tail: String,
}

impl Life {
    pub(super) fn begin(seed: u64, n: u64, today: NaiveDate) -> Self {
        let mut chance = Chance::new(seed, n);
        let class = ROUND[usize::try_from(n % 20).unwrap_or_default()];
        let cells = cells(class, Month::of(today));
        let (first, count) = orders(class);
        let (cell, day, half) = spread(seed, index_in_class(n, class), cells.len() as u64, count / 2);
        let cell = &cells[cell];
        let order = first + half * 2 + u64::from(cell.sex == Sex::Male);
        let birth = cell.birth.first_day().with_day(day).unwrap_or_default();
        let key = PersonKey(chance.key());
        let phone = (class == Full || chance.percent(97)).then(|| format!("1{}00000{}", chance.between(3, 9), chance.digits(4)));
        let person = Person {
            key,
            name: names::person(&mut chance, cell.sex).unwrap_or_else(nobody),
            id_number: id_number(birth, order),
            phone: phone.and_then(|phone| Phone::parse(&phone)),
        };
        let place = chance.pick(&names::PLACES);
        let card_tail = chance.digits(4);
        Self { chance, n, today, class, birth, retired: cell.retired, person, place, card_tail }
    }

    /// The month that runs.
    pub(super) fn this_month(&self) -> Month {
        Month::of(self.today)
    }

    /// Age in months at a month.
    pub(super) fn age(&self, at: Month) -> i32 {
        Month::of(self.birth).until(at)
    }

    /// As in the number.
    pub(super) fn sex(&self) -> Sex {
        self.person.id_number.sex()
    }
}

/// The tables hold letters only, so this is never called.
#[expect(clippy::expect_used, reason = "a name of two letters is a name")]
fn nobody() -> FullName {
    FullName::parse("无名").expect("two letters")
}

#[expect(clippy::expect_used, reason = "the check digit is worked out and the date exists; a test walks through 500")]
fn id_number(birth: NaiveDate, order: u64) -> IdNumber {
    let body = format!("441399{}{order:03}", birth.format("%Y%m%d"));
    let number = format!("{body}{}", char::from(check_digit(body.as_bytes())));
    number.parse().expect("a valid number")
}

/// How many of the class come before the `n`th person.
fn index_in_class(n: u64, class: Class) -> u64 {
    let of = |some: &[Class]| some.iter().filter(|one| **one == class).count() as u64;
    n / 20 * of(&ROUND) + of(&ROUND[..usize::try_from(n % 20).unwrap_or_default()])
}

/// Cell, day (1 to 28) and order of the `index`th of a class: each combination once before any comes again.
fn spread(seed: u64, index: u64, cells: u64, orders: u64) -> (usize, u32, u64) {
    let room = cells * 28 * orders;
    let at = (index % room * STRIDE + seed % room) % room;
    let cell = usize::try_from(at % cells).unwrap_or_default();
    let day = u32::try_from(at / cells % 28).unwrap_or_default() + 1;
    (cell, day, at / cells / 28)
}

/// A month and sex somebody of a class may be born with.
struct Cell {
    birth: Month,
    sex: Sex,
    retired: Option<Month>,
}

/// The cells of a class, no month and sex twice: a number must not be given to two people.
fn cells(class: Class, this: Month) -> Vec<Cell> {
    let mut seen = HashSet::new();
    let mut cells = all_cells(class, this);
    cells.retain(|cell| seen.insert((cell.birth, cell.sex)));
    cells
}

fn all_cells(class: Class, this: Month) -> Vec<Cell> {
    let ages = |from: i32, to: i32| {
        let months = (from * 12..to * 12).map(|age| this.plus(-age));
        months.flat_map(|birth| [Sex::Male, Sex::Female].map(|sex| Cell { birth, sex, retired: None })).collect()
    };
    match class {
        Employee => ages(21, 50),
        Flexible => ages(25, 50),
        Resident => ages(20, 59),
        // Retired up to half a year after the age set by law, in one of the last three months, but not before the
        // last month of last year: the whole of last year lies before it.
        Full => {
            let december = Month::of(this.first_day()).plus(-i32::try_from(this.month()).unwrap_or(1));
            let months = (1..=3).map(|ago| this.plus(-ago)).filter(|month| *month >= december);
            months.flat_map(|retired| retired_in(retired, 6)).collect()
        }
        Retired => (4..=96).flat_map(|ago| retired_in(this.plus(-ago), 0)).collect(),
    }
}

/// Everybody who retired in a month, at most `late` months after the age set by law.
fn retired_in(retired: Month, late: i32) -> Vec<Cell> {
    let cells = |category: Category| {
        let births = (50 * 12..64 * 12).map(move |age| retired.plus(-age));
        let fits = move |birth: &Month| (0..=late).contains(&category.retires(*birth).until(retired));
        births.filter(fits).map(move |birth| Cell { birth, sex: category.sex(), retired: Some(retired) })
    };
    Category::ALL.into_iter().flat_map(cells).collect()
}
