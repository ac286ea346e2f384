//! Typed answers: what a text says to the question that is open.

use chrono::NaiveDate;

use super::script::{Ask, Cues, Flow};
use crate::{
    domain::{
        entity::Entities,
        id_number::{IdFault, IdNumber},
        money::Fen,
        month::{Month, Period},
        person::FullName,
        reply::ExpectedKind,
        session::{Act, Offer, SlotValue, Slots},
    },
    understanding::{Meaning, normalise::clean},
};

/// Questions that one text opens at most by naming several insurances or periods.
const SETS: usize = 4;
/// Characters that a bare date, sum or length of time consists of, beside digits.
const BARE: &str = "年月日号岁个的是我元块万千百十〇零一二两三四五六七八九半毛角分生出于在大概左右大约.-/: ";

/// Letters and digits alone, in normal form: how words of `dialogs/` and of residents are compared.
pub(super) fn letters(text: &str) -> String {
    clean(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What the text names, by the slots that hold it; the first of each kind.
pub(super) fn slots(entities: &Entities) -> Slots {
    let mut slots = Slots::new();
    let mut put = |name: &str, value: Option<SlotValue>| {
        if let Some(value) = value {
            slots.insert(name.to_owned(), value);
        }
    };
    put("insurance", entities.insurance.first().copied().map(SlotValue::Insurance));
    // 「2025年3月5号的」: a register is read by months.
    let day = || entities.date.first().map(|date| Month::of(*date)).map(|month| Period { from: month, to: month });
    put("period", entities.period.first().copied().or_else(day).map(SlotValue::Period));
    put("date", entities.date.first().copied().map(SlotValue::Date));
    put("money", entities.money.first().copied().map(SlotValue::Money));
    put("years", entities.years.first().copied().map(SlotValue::Years));
    put("sex", entities.sex.first().copied().map(SlotValue::Sex));
    put("city", entities.city.first().cloned().map(SlotValue::City));
    put("case-number", entities.case_number.first().cloned().map(SlotValue::CaseNumber));
    put("phone", entities.phone.first().cloned().map(SlotValue::Phone));
    slots
}

/// What the text asks of a topic that takes these slots: the first of each kind, and one set for each further
/// insurance or period, [`SETS`] at most.
pub(super) fn sets(entities: &Entities, takes: &[&str]) -> Vec<Slots> {
    let first = slots(entities);
    let mut sets = vec![first];
    let mut spread = |name: &str, values: Vec<SlotValue>| {
        if values.len() > 1 && takes.contains(&name) {
            sets = sets
                .iter()
                .flat_map(|set| values.iter().map(move |value| set.clone().into_iter().chain([(name.to_owned(), value.clone())]).collect()))
                .take(SETS)
                .collect();
        }
    };
    spread("insurance", entities.insurance.iter().copied().map(SlotValue::Insurance).collect());
    spread("period", entities.period.iter().copied().map(SlotValue::Period).collect());
    sets
}

/// The answer that another slot holds already, when it is of the kind asked for.
pub(super) fn from_slot(ask: &Ask, value: &SlotValue, today: NaiveDate) -> Option<SlotValue> {
    match (ask.kind, value) {
        (ExpectedKind::Month, SlotValue::Period(Period { from, to })) if from == to && long_ago(ask, *from, today) => {
            Some(SlotValue::Month(*from))
        }
        (ExpectedKind::Text, SlotValue::Text(_)) | (ExpectedKind::Money, SlotValue::Money(_)) => Some(value.clone()),
        (ExpectedKind::Years, SlotValue::Years(months)) => short_enough(ask, *months).then(|| value.clone()),
        (ExpectedKind::Choice, value) => {
            let id = value.plain();
            ask.options.iter().find(|option| id == option.id.as_str()).map(|found| SlotValue::Option(found.id.clone()))
        }
        _ => None,
    }
}

/// A value that puts part of a known one right: 「是 1972 年」 after 1973-05 means 1972-05.
pub(super) fn merged(known: &SlotValue, said: &SlotValue) -> Option<SlotValue> {
    match (known, said) {
        (SlotValue::Month(known), SlotValue::Period(Period { from, to })) if from.until(*to) == 11 && from.month() == 1 => {
            Month::new(from.year(), known.month()).map(SlotValue::Month)
        }
        _ => None,
    }
}

/// Lets the words that ask for a topic answer its flow's questions, as each question's `heard` allows.
pub(super) fn prefill(flow: &Flow, slots: &mut Slots, text: &str, cues: &Cues) {
    let said = letters(text);
    for ask in flow.asks() {
        let Some(heard) = &ask.heard else { continue };
        let says_any = |words: &[String]| words.iter().any(|word| said.contains(word.as_str()));
        let allowed = (heard.when.is_empty() || says_any(&heard.when)) && !says_any(&heard.unless);
        let found = match ask.kind {
            ExpectedKind::Choice => chosen(ask, text, cues).map(SlotValue::Option),
            ExpectedKind::Text => heard.when.iter().find_map(|word| number_behind(text, word)).map(SlotValue::Text),
            _ => None,
        };
        match found {
            Some(value) if allowed => {
                slots.insert(ask.slot.clone(), value);
            }
            _ if !allowed => {
                slots.remove(ask.from.as_ref().unwrap_or(&ask.slot));
            }
            _ => {}
        }
    }
}

/// The digits that follow a word, at most two characters behind it: 「指数约0.8」.
fn number_behind(text: &str, word: &str) -> Option<String> {
    let (_, behind) = text.split_once(word)?;
    let skipped = behind.chars().take(3).position(|c| c.is_ascii_digit())?;
    Some(behind.chars().skip(skipped).take_while(|c| c.is_ascii_digit() || *c == '.').collect())
}

/// The answer to `ask` in a text; `None` when it holds none.
pub(super) fn answer(ask: &Ask, meaning: &Meaning, cues: &Cues, today: NaiveDate) -> Option<SlotValue> {
    let (text, entities) = (meaning.normal.as_str(), &meaning.entities);
    match ask.kind {
        ExpectedKind::Text => (!text.trim().is_empty()).then(|| SlotValue::Text(text.trim().to_owned())),
        ExpectedKind::Choice => chosen(ask, text, cues).map(SlotValue::Option),
        ExpectedKind::Date => entities.date.first().copied().map(SlotValue::Date),
        ExpectedKind::Month => month(text, entities).filter(|month| long_ago(ask, *month, today)).map(SlotValue::Month),
        ExpectedKind::Money => entities.money.first().copied().or_else(|| Fen::yuan(bare(text)?).into()).map(SlotValue::Money),
        ExpectedKind::Years => {
            let years = || {
                i32::try_from(bare(text)?)
                    .ok()
                    .filter(|number| *number <= 80)
                    .map(|number| if ask.in_months { number } else { number * 12 })
            };
            entities.years.first().copied().or_else(years).filter(|months| short_enough(ask, *months)).map(SlotValue::Years)
        }
        ExpectedKind::Name => name(meaning, cues).map(SlotValue::Name),
        ExpectedKind::Phone => entities.phone.first().cloned().map(SlotValue::Phone),
        ExpectedKind::CaseNumber => entities.case_number.first().cloned().map(SlotValue::CaseNumber),
        ExpectedKind::IdNumber => {
            entities.id_number.first().cloned().or_else(|| IdNumber::parse(text, today).ok()).map(SlotValue::IdNumber)
        }
        ExpectedKind::Otp => code(text).map(SlotValue::Text),
        ExpectedKind::Card => None,
    }
}

/// Whether a length of time is one that the question wants.
fn short_enough(ask: &Ask, months: i32) -> bool {
    ask.at_most_years.is_none_or(|years| months <= years * 12)
}

/// Whether a month lies as far back as the question wants.
fn long_ago(ask: &Ask, month: Month, today: NaiveDate) -> bool {
    ask.years_ago.is_none_or(|years| month.until(Month::of(today)) >= years * 12)
}

/// A text that is an answer and nothing else: a date, a sum, a number.
pub(super) fn is_bare(text: &str) -> bool {
    text.chars().filter(|c| !c.is_ascii_digit() && !BARE.contains(*c)).count() <= 1
}

/// A run of digits that looks like an identity or case number and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WrongNumber {
    /// What is wrong with the identity number.
    Id(IdFault),
    /// A case number whose date or check digit is wrong.
    Case,
}

/// Looks for a number that was mistyped: 14 to 16 digits that begin with a year, or 17 to 19 of them with a last X
/// allowed. Bank cards begin with 62.
pub(super) fn wrong_number(text: &str, entities: &Entities, today: NaiveDate) -> Option<WrongNumber> {
    let runs =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| run.bytes().take(run.len().max(1) - 1).all(|b| b.is_ascii_digit()));
    for run in runs {
        match run.len() {
            17..=19 if run.starts_with("62") => {}
            17..=19 if entities.id_number.is_empty() => {
                if let Err(fault) = IdNumber::parse(run, today) {
                    return Some(WrongNumber::Id(fault));
                }
            }
            14..=16 if entities.case_number.is_empty() && run.starts_with("20") => return Some(WrongNumber::Case),
            _ => {}
        }
    }
    None
}

/// What a text takes of what is on offer.
pub(super) enum Taken<'a> {
    /// This.
    Offer(&'a Offer),
    /// A number that none has.
    Missing,
}

/// What a text takes: by its number where choices are `numbered`, its label, or 「都不是」. `None` when it takes nothing.
pub(super) fn taken<'a>(offers: &'a [Offer], text: &str, numbered: bool, cues: &Cues) -> Option<Taken<'a>> {
    let said = letters(text);
    if said.is_empty() || offers.is_empty() {
        return None;
    }
    if let Some(number) = ordinal(&said, cues).filter(|_| numbered) {
        return Some(offers.get(number - 1).map_or(Taken::Missing, Taken::Offer));
    }
    if cues.none.contains(&said) {
        return offers.iter().find(|offer| offer.act == Act::NoneOfThese).map(Taken::Offer);
    }
    offers.iter().find(|offer| letters(&offer.label) == said).map(Taken::Offer)
}

/// 「2」, 「第二个」, 「选 2」.
fn ordinal(said: &str, cues: &Cues) -> Option<usize> {
    let mut rest = said;
    while let Some(shorter) =
        cues.ordinal.iter().find_map(|word| rest.strip_prefix(word.as_str()).or_else(|| rest.strip_suffix(word.as_str())))
    {
        rest = shorter;
    }
    let chinese = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let found = chinese.iter().position(|numeral| *numeral == rest).map(|at| at + 1);
    found.or_else(|| rest.parse().ok().filter(|number| rest.len() == 1 && (1..=9).contains(number)))
}

/// Whether `word` is said in `said`, not denied (「不是男的」) and not inside a number (「1955」).
fn says(said: &str, word: &str, deny: &[String]) -> bool {
    said.match_indices(word).any(|(at, _)| {
        let (before, after) = (&said[..at], &said[at + word.len()..]);
        let digit = |c: char| c.is_ascii_digit();
        let number = word.starts_with(digit) && (before.ends_with(digit) || after.starts_with(digit));
        !number && !deny.iter().any(|deny| before.ends_with(deny.as_str()))
    })
}

/// The option whose words are said; the longest word counts, two of one length count for nothing.
fn chosen(ask: &Ask, text: &str, cues: &Cues) -> Option<String> {
    let said = letters(text);
    let mut best: Option<(usize, &str)> = None;
    let mut tie = false;
    for found in &ask.options {
        let words = found.words.iter().chain(std::iter::once(&found.label));
        let meant = |word: &String| if found.alone { said == *word } else { says(&said, word, &cues.deny) };
        let length = words.map(|word| letters(word)).filter(meant).map(|word| word.chars().count()).max();
        let Some(length) = length else { continue };
        match best {
            Some((longest, _)) if longest == length => tie = true,
            Some((longest, _)) if longest > length => {}
            _ => (best, tie) = (Some((length, found.id.as_str())), false),
        }
    }
    best.filter(|_| !tie).map(|(_, id)| id.to_owned())
}

fn month(text: &str, entities: &Entities) -> Option<Month> {
    let single = entities.period.iter().find(|period| period.from == period.to).map(|period| period.from);
    single.or_else(|| entities.date.first().copied().map(Month::of)).or_else(|| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let plain = is_bare(text) && matches!(digits.len(), 5..=6);
        plain.then(|| Month::new(digits[..4].parse().ok()?, digits[4..].parse().ok()?)).flatten()
    })
}

/// A whole number that stands alone.
fn bare(text: &str) -> Option<i64> {
    is_bare(text).then(|| text.trim().trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok()).flatten()
}

/// A name, without what leads it (「我叫」) and the identity number typed beside it.
fn name(meaning: &Meaning, cues: &Cues) -> Option<FullName> {
    if meaning.entities.id_number.is_empty() && meaning.normal.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let letters: String = meaning.normal.chars().filter(|c| c.is_alphabetic() && !c.is_ascii() || is_dot(*c)).collect();
    let mut rest = cues.number.iter().filter_map(|word| letters.find(word.as_str())).min().map_or(letters.as_str(), |at| &letters[..at]);
    while let Some(shorter) = cues.name.iter().find_map(|word| rest.strip_prefix(word.as_str())) {
        rest = shorter;
    }
    if cues.none.iter().any(|word| word == rest) || cues.no_name.iter().any(|word| rest.contains(word.as_str())) {
        return None;
    }
    let short = rest.contains(is_dot) || (2..=5).contains(&rest.chars().count());
    short.then(|| FullName::parse(rest)).flatten()
}

/// The name in a message that corrects one: 「名字写错了，我叫王芳」.
pub(super) fn renamed(text: &str, cues: &Cues) -> Option<FullName> {
    let (at, word) = cues.rename.iter().filter_map(|word| Some((text.rfind(word.as_str())?, word))).max()?;
    let rest: String = text[at + word.len()..].chars().take_while(|c| c.is_alphabetic() || is_dot(*c)).collect();
    ((2..=15).contains(&rest.chars().count())).then(|| FullName::parse(&rest)).flatten()
}

/// The dot between the parts of a name, as keyboards write it.
fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '‧')
}

/// Six digits.
fn code(text: &str) -> Option<String> {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    let spaced: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let whole = (spaced.len() == 6 && spaced.bytes().all(|byte| byte.is_ascii_digit())).then_some(spaced);
    whole.or_else(|| runs.into_iter().find(|run| run.len() == 6).map(str::to_owned))
}
