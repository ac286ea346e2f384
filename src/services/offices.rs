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
    /// When somebody answers.
    #[serde(default)]
    pub hours: Option<String>,
}

/// Offices of the slot `city` when one lies there, else all.
pub(super) fn offices(content: &Content, call: &Call) -> Answer {
    let directory = &content.offices;
    let place = slot!(call, "city", City).map(|place| content.districts.get(&place).cloned().unwrap_or(place));
    let near: Vec<&Office> =
        directory.offices.iter().filter(|office| place.as_ref().is_some_and(|place| *place == office.district)).collect();
    let here = !near.is_empty();
    let rows = if here { near } else { directory.offices.iter().collect() };
    let lacks = |of: fn(&Office) -> &Option<String>| rows.iter().any(|office| of(office).is_none());
    let missing: Vec<&str> =
        [("地址", lacks(|office| &office.address)), ("电话", lacks(|office| &office.phone)), ("上班时间", lacks(|office| &office.hours))]
            .into_iter()
            .filter_map(|(what, lacking)| lacking.then_some(what))
            .collect();
    let values = json!({"place": place, "here": here, "rows": rows, "missing": missing, "hotlines": directory.hotlines});
    Answer::Found { values, sources: Vec::new() }
}
