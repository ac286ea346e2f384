//! How well texts are understood; a fall below a floor fails. The questions were written apart from the content; of the entity
//! sentences a few are examples too.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Map, Value};
use wenban::{
    dialogue::load,
    understanding::{
        OTHER, Reader,
        measure::{Labelled as Question, Tally, Validation},
    },
};

use crate::understanding::{READER, read};

/// The least micro-averaged F1.
const FLOOR: f64 = 0.97;

#[derive(Deserialize)]
struct Labelled {
    text: String,
    entities: Map<String, Value>,
}

/// Every kind with each of its values, a list's values one by one.
fn pairs(entities: &Map<String, Value>) -> BTreeSet<String> {
    let values = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    entities.iter().flat_map(|(kind, all)| values(all).into_iter().map(move |value| format!("{kind} {value}"))).collect()
}

/// What the desk finds in `text`, whichever of its questions says it.
fn found(text: &str) -> BTreeSet<String> {
    let mut meaning = read(text);
    let also = meaning["also"].take();
    let questions = also.as_array().into_iter().flatten().chain([&meaning]);
    questions.filter_map(|question| question["entities"].as_object()).flat_map(pairs).collect()
}

#[test]
fn entities_are_found() {
    let labelled: Vec<Labelled> = serde_saphyr::from_str(include_str!("../measure/entities.yaml")).unwrap();
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for Labelled { text, entities } in labelled {
        let (named, found) = (pairs(&entities), found(&text));
        right += named.intersection(&found).count();
        all += named.len() + found.len();
        if named != found {
            wrong.push(format!("{text}: missed {:?}, made up {:?}", &named - &found, &found - &named));
        }
    }
    let f1 = f64::from(u32::try_from(2 * right).unwrap()) / f64::from(u32::try_from(all).unwrap());
    assert!(f1 >= FLOOR, "F1 {f1:.4} is below {FLOOR}:\n{}", wrong.join("\n"));
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
}

fn tally(reader: &Reader, lines: &str) -> Tally {
    let question = |line: &str| {
        let (topic, text) = line.split_once('\t').unwrap_or((OTHER, line));
        Question { text: text.to_owned(), topic: topic.into(), accept: Vec::new() }
    };
    Tally::of(reader, &lines.lines().map(question).collect::<Vec<_>>(), true, today())
}

#[test]
fn questions_written_apart_find_their_topics_and_others_are_turned_away() {
    let ours = tally(&READER, include_str!("../measure/ours.tsv"));
    let near = tally(&READER, include_str!("../measure/near.txt"));
    let far = tally(&READER, include_str!("../measure/far.txt"));
    let figures = [
        ("ours right", ours.share(ours.right), 0.95),
        ("ours not turned away", 1.0 - ours.share(ours.refused), 0.95),
        ("ours not acted on wrongly", 1.0 - ours.share(ours.wrong_acted), 0.95),
        ("near turned away", near.share(near.right), 0.85),
        ("far turned away", far.share(far.right), 0.95),
    ];
    assert!(figures.iter().all(|(_, measured, floor)| measured >= floor), "{figures:.4?}\n{:?}", ours.confusions());
}

#[test]
fn cross_validation_stays_above_its_floor() {
    let (script, _) = load::load(load::built_in());
    let found = Validation::of(&script.words, &script.examples, 3, today());
    let figures = [
        ("right", found.ours.share(found.ours.right), 0.86),
        ("macro F1", found.ours.macro_f1(), 0.86),
        ("not acted on wrongly", 1.0 - found.ours.share(found.ours.wrong_acted), 0.94),
        ("calibrated", 1.0 - found.ours.calibration_error(), 0.94),
        ("near turned away", found.near.share(found.near.right), 0.85),
        ("far turned away", found.far.share(found.far.right), 0.93),
    ];
    assert!(figures.iter().all(|(_, measured, floor)| measured >= floor), "{figures:.4?}");
}
