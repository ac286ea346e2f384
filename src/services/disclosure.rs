//! What of a record may be told under a channel's ceiling: the one place where it is cut (security.md CHN-01, PRV-04).

use serde_json::Value;

use super::ServiceName;

/// Fields of records that may be told as facts: figures, dates, states, what is insured. What is not named here is not told.
const FACTS: [&str; 63] = [
    "accepted",
    "active",
    "amount",
    "announced",
    "answered",
    "as_of",
    "assumed",
    "balance",
    "bank_active",
    "base",
    "case",
    "change",
    "count",
    "day",
    "days",
    "done",
    "due",
    "first",
    "from",
    "fund",
    "how",
    "insurance",
    "interest",
    "issued",
    "kind",
    "last",
    "left",
    "main",
    "matter",
    "matters",
    "missing",
    "month",
    "months",
    "newest",
    "now",
    "number",
    "of",
    "on",
    "open",
    "overdue",
    "owned",
    "paid",
    "paid_in",
    "paid_on",
    "period",
    "personal",
    "place",
    "received",
    "rows",
    "shown",
    "since",
    "spent",
    "state",
    "steps",
    "this_year",
    "title",
    "to",
    "total",
    "unit",
    "unpaid",
    "until",
    "what",
    "year",
];

/// Whether a field of a service's values may be told as a fact.
fn is_fact(service: ServiceName, field: &str) -> bool {
    // What somebody was treated for is not told: amount and day alone.
    let treatment = service == ServiceName::MedicalClaims && field == "what";
    !treatment && FACTS.contains(&field)
}

/// Whether a service's values are fields of a register: a sum is all figures, and the trail names nobody.
fn is_record(service: ServiceName) -> bool {
    service.personal() && !matches!(service, ServiceName::OwnPension | ServiceName::Trail)
}

/// Puts `instead` in place of every field of a record that is no fact.
pub(super) fn cut(service: ServiceName, values: &mut Value, instead: &str) {
    if is_record(service) {
        cut_fields(service, values, instead);
    }
}

fn cut_fields(service: ServiceName, values: &mut Value, instead: &str) {
    match values {
        Value::Object(fields) => {
            for (field, value) in fields.iter_mut() {
                if is_fact(service, field) {
                    cut_fields(service, value, instead);
                } else if !value.is_null() {
                    *value = Value::from(instead);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| cut_fields(service, value, instead)),
        _ => {}
    }
}
