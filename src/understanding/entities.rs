//! What a text says of insurances, times, sums, numbers, sexes and places.
//!
//! One walk over the characters, left to right. Where something can begin, every scanner says how far it would reach;
//! the one that reaches furthest wins and its characters are spent. Name lists are matched apart, over the whole text.

mod calendar;
mod cues;
mod duration;
mod identifiers;
mod line;
mod money;
mod names;
mod numbers;
mod period;
mod range;
mod relative;
#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate};

use super::lexicon::Lexicon;
use crate::domain::{
    entity::{Entities, Insurance},
    fact::CaseNumber,
    id_number::IdNumber,
    money::Fen,
    month::{Month, Period},
    person::{Phone, Sex},
};
use line::Line;

/// Finds entities in a normalised text. Built once, it is shared by all turns.
pub struct Extractor {
    insurances: Lexicon<Insurance>,
    places: Lexicon<String>,
}

/// What stands somewhere in a text.
enum Found {
    /// Says nothing exact, and its characters belong to nothing else: 几年, 三四千块, a number that fails its check.
    Vague,
    Period(Period),
    /// A month whose year is not said, resolved to the last that has begun.
    Bare(Month),
    Date(NaiveDate),
    Id(IdNumber),
    Case(CaseNumber),
    Phone(Phone),
    Money(Fen),
    Months(i32),
    Sex(Sex),
}

/// A finding and the index after its last character.
type Reach = (usize, Found);

impl Extractor {
    /// `insurance`: what people say for each; `places`: what people say, and the full name. Both in normal form
    /// (half width, lower case, simplified); an empty or doubled saying is passed over.
    pub fn new(insurance: &[(Insurance, String)], places: &[(String, String)]) -> Self {
        Self {
            insurances: Lexicon::new(insurance.iter().map(|(insurance, said)| (said.clone(), *insurance))),
            places: Lexicon::new(places.iter().cloned()),
        }
    }

    /// All that `clean` names, in order of appearance within each kind, nothing twice. `clean` is in normal form.
    pub fn extract(&self, clean: &str, today: NaiveDate) -> Entities {
        let mut entities = Entities::default();
        let mut spent = Vec::new();
        for (start, end, insurance) in self.insurances.find(clean) {
            spent.push(start..end);
            add(&mut entities.insurance, *insurance);
        }
        names::most_specific(&self.places, clean, &spent, |place| add(&mut entities.city, place));
        if clean.chars().any(line::begins) {
            let letters: Vec<char> = clean.chars().collect();
            walk(Line::new(&letters, today.year()), today, &mut entities);
        }
        entities
    }
}

fn walk(line: Line<'_>, today: NaiveDate, entities: &mut Entities) {
    let mut at = 0;
    while at < line.len() {
        if !line::begins(line.at(at)) {
            at += 1;
            continue;
        }
        match furthest(line, at, today) {
            Some((end, found)) => {
                take(entities, found, today);
                at = end.max(at + 1);
            }
            None => at = numbers::skip(line, at).max(at + 1),
        }
    }
}

/// The finding that reaches furthest from `at`; of equals the first scanner's.
fn furthest(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Reach> {
    if let Some(found) = identifiers::number(line, at, today) {
        return Some(found);
    }
    let mut best: Option<Reach> = None;
    let candidates = [range::time(line, at, today), duration::length(line, at), money::sum(line, at, today), names::sex(line, at)];
    for (end, found) in candidates.into_iter().flatten() {
        if best.as_ref().is_none_or(|(reach, _)| end > *reach) {
            best = Some((end, found));
        }
    }
    best.or_else(|| calendar::lone_year(line, at, today))
}

fn take(entities: &mut Entities, found: Found, today: NaiveDate) {
    match found {
        Found::Vague => {}
        Found::Period(period) => add(&mut entities.period, period),
        Found::Bare(month) => {
            let month = range::near(month, &entities.period, today);
            add(&mut entities.period, Period { from: month, to: month });
        }
        Found::Date(date) => add(&mut entities.date, date),
        Found::Id(number) => add(&mut entities.id_number, number),
        Found::Case(number) => add(&mut entities.case_number, number),
        Found::Phone(phone) => add(&mut entities.phone, phone),
        Found::Money(fen) => add(&mut entities.money, fen),
        Found::Months(months) => add(&mut entities.years, months),
        Found::Sex(sex) => add(&mut entities.sex, sex),
    }
}

fn add<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}
