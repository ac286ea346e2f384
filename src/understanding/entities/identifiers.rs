//! Identity, case and phone numbers. Their digits are nothing else, and a long number that fails its check is nothing.

use chrono::NaiveDate;

use crate::domain::{fact::CaseNumber, id_number::IdNumber, person::Phone};

use super::{Found, Reach, line::Line};

/// From this many digits in one run on it is no sum and no date.
const LONG: usize = 9;

/// The longest that is looked at: an identity number and a country code are shorter.
const MOST: usize = 19;

/// The number at `at`, single blanks or hyphens inside allowed.
pub(super) fn number(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Reach> {
    let start = line.after(at, "+86").unwrap_or(at);
    let start = if start > at { line.unblank(line.after(start, "-").unwrap_or(start)) } else { start };
    if !line.at(start).is_ascii_digit() || line.previous(at).is_ascii_alphanumeric() {
        return None;
    }
    let run = run_end(line, start);
    if run == line.len() || !matches!(line.at(run), ' ' | '-' | 'x') {
        return if run - start >= 5 { single(line, start, run, today) } else { None };
    }
    let digits = Digits::read(line, start);
    digits.found(today).or_else(|| (run - start >= LONG).then_some((run, Found::Vague)))
}

/// One run of digits with nothing that could continue it.
fn single(line: Line<'_>, start: usize, end: usize, today: NaiveDate) -> Option<Reach> {
    if line.at(end).is_ascii_alphanumeric() {
        return (end - start >= LONG).then_some((end, Found::Vague));
    }
    if end - start < LONG || end - start > MOST {
        return (end - start > MOST).then_some((end, Found::Vague));
    }
    let text: String = (start..end).map(|at| line.at(at)).collect();
    Some((end, known(&text, today).unwrap_or(Found::Vague)))
}

fn run_end(line: Line<'_>, at: usize) -> usize {
    let mut end = at;
    while line.at(end).is_ascii_digit() {
        end += 1;
    }
    end
}

/// Runs of digits with single blanks or hyphens between, and where each run ends.
struct Digits {
    text: String,
    /// How many digits, and the index after them, at the end of each run.
    ends: Vec<(usize, usize)>,
}

impl Digits {
    fn read(line: Line<'_>, start: usize) -> Self {
        let (mut text, mut ends, mut at) = (String::new(), Vec::new(), start);
        loop {
            while line.at(at).is_ascii_digit() && text.len() <= MOST {
                text.push(line.at(at));
                at += 1;
            }
            let cross = line.at(at) == 'x' && text.len() == 17;
            if cross {
                text.push('X');
                at += 1;
            }
            if !line.at(at).is_ascii_alphanumeric() {
                ends.push((text.len(), at));
            }
            let more = matches!(line.at(at), ' ' | '-') && line.at(at + 1).is_ascii_digit();
            let last = text.len() == 17 && matches!(line.at(at), ' ' | '-') && line.at(at + 1) == 'x';
            if cross || text.len() > MOST || !(more || last) {
                return Self { text, ends };
            }
            at += 1;
        }
    }

    /// The longest beginning that is a known kind of number.
    fn found(&self, today: NaiveDate) -> Option<Reach> {
        let whole = self.ends.iter().rev().find_map(|(length, end)| Some((*end, known(self.text.get(..*length)?, today)?)));
        whole.or_else(|| {
            // Six digits, then twelve more: written as an identity number and wrong.
            let spaced = self.ends.first().is_some_and(|first| first.0 == 6);
            let (_, end) = self.ends.iter().find(|(length, _)| *length == 18 && spaced)?;
            Some((*end, Found::Vague))
        })
    }
}

/// What a number is by its length and its check.
fn known(text: &str, today: NaiveDate) -> Option<Found> {
    match text.len() {
        18 => IdNumber::parse(text, today).ok().map(Found::Id),
        15 => CaseNumber::parse(text).map(Found::Case).or_else(|| text.strip_prefix("0086").and_then(Phone::parse).map(Found::Phone)),
        13 => text.strip_prefix("86").and_then(Phone::parse).map(Found::Phone),
        11 => Phone::parse(text).map(Found::Phone),
        _ => None,
    }
}
