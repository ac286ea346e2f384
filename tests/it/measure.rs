//! How well entities are found, on sentences that no content holds.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::understanding::read;

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
