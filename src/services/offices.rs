//! Offices by district, and hot lines. What is not on file is said to be not on file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Answer, Call, Content, slot};

/// `dialogs/offices.yaml`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// Offices.
    pub offices: Vec<Office>,
    /// Hot lines.
    pub hotlines: Vec<Hotline>,
}

/// One office. `None` is said to be the hot line's to tell.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// District by full name, as the entity `city` gives it.
    pub district: String,
    /// What it does.
    pub serves: String,
    /// Where.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Opening hours.
    pub hours: Option<String>,
}

/// One hot line.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hotline {
    /// The number to dial.
    pub number: String,
    /// For what.
    pub serves: String,
}

/// Offices of the slot `city` when one lies there, else all.
pub(super) fn offices(content: &Content, call: &Call) -> Answer {
    let directory = &content.offices;
    let place = slot!(call, "city", City).map(|place| content.districts.get(&place).cloned().unwrap_or(place));
    let near: Vec<&Office> =
        directory.offices.iter().filter(|office| place.as_ref().is_some_and(|place| *place == office.district)).collect();
    let rows = if near.is_empty() { directory.offices.iter().collect() } else { near };
    let known = rows.iter().any(|office| office.address.is_some());
    Answer::Found { values: json!({"place": place, "rows": rows, "known": known, "hotlines": directory.hotlines}), sources: Vec::new() }
}
