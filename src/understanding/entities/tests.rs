//! What is found in what, in tables, and laws.

mod laws;
mod lists;
mod sums;
mod times;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::Extractor;
use crate::domain::entity::{Entities, Insurance};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
}

fn extractor() -> Extractor {
    let insurance = [
        (Insurance::Pension, "养老"),
        (Insurance::Pension, "养老保险"),
        (Insurance::Medical, "医保"),
        (Insurance::Unemployment, "失业金"),
        (Insurance::Injury, "工伤"),
        (Insurance::Maternity, "生育"),
        (Insurance::ResidentPension, "居民养老保险"),
        (Insurance::ResidentMedical, "新农合"),
        (Insurance::ResidentMedical, "居民医保"),
    ];
    let places = [
        ("广东", "广东省"),
        ("广东省", "广东省"),
        ("惠州", "惠州市"),
        ("惠州市", "惠州市"),
        ("惠阳", "惠阳区"),
        ("淡水", "惠阳区"),
        ("博罗", "博罗县"),
        ("深圳", "深圳市"),
        ("保定", "保定市"),
        ("江北", "惠城区"),
    ];
    Extractor::new(
        &insurance.map(|(insurance, said)| (insurance, said.to_owned())),
        &places.map(|(said, name)| (said.to_owned(), name.to_owned())),
    )
}

/// The contract's form: one value plain, several as a list.
fn rendered(entities: &Entities) -> Value {
    let all = [
        ("insurance", json!(entities.insurance)),
        ("period", json!(entities.period)),
        ("date", json!(entities.date)),
        ("id-number", json!(entities.id_number)),
        ("case-number", json!(entities.case_number)),
        ("phone", json!(entities.phone)),
        ("money", json!(entities.money)),
        ("years", json!(entities.years)),
        ("sex", json!(entities.sex)),
        ("city", json!(entities.city)),
    ];
    let said = all.into_iter().filter_map(|(kind, values)| match values.as_array()?.as_slice() {
        [] => None,
        [one] => Some((kind.to_owned(), one.clone())),
        _ => Some((kind.to_owned(), values)),
    });
    Value::Object(said.collect::<Map<_, _>>())
}

/// Every wrong row of a table at once: a table is mended in one go.
fn check(rows: &[(&str, Value)]) {
    let extractor = extractor();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let found = rendered(&extractor.extract(text, today()));
            (found != *expected).then(|| format!("{text}: {found}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Rows of one kind. Values stand apart by blanks; months as `2025-01` or `2025-01..2025-12`; nothing: nothing is found.
fn check_kind(kind: &str, rows: &[(&str, &str)]) {
    let rows: Vec<(&str, Value)> = rows
        .iter()
        .map(|(text, values)| {
            let values: Vec<Value> = values.split(' ').filter(|value| !value.is_empty()).map(|value| read(kind, value)).collect();
            let expected = match values.as_slice() {
                [] => json!({}),
                [one] => json!({ kind: one }),
                _ => json!({ kind: values }),
            };
            (*text, expected)
        })
        .collect();
    check(&rows);
}

fn read(kind: &str, value: &str) -> Value {
    match kind {
        "period" => {
            let (from, to) = value.split_once("..").unwrap_or((value, value));
            json!({ "from": from, "to": to })
        }
        "money" | "years" => json!(value.parse::<i64>().unwrap()),
        _ => json!(value),
    }
}
