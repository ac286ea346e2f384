//! What services tell the audit trail, and what it tells a person: who looked at what the desk has of them.

use chrono::Months;
use serde_json::{Value, json};

use super::{Answer, Call, ServiceError, Turn, identity::Verified, records::register_of};
use crate::{
    domain::audit::{Act, Actor, Entry, Outcome},
    store::{AuditRow, Store},
};

/// How far back it is told.
const BACK: Months = Months::new(12);
/// Rows that the answer shows.
const SHOWN: usize = 20;
/// Rows that are counted.
const COUNTED: u32 = 1_000;
/// Looks at data, whatever came of them.
const LOOKS: [Act; 5] = [Act::RecordRead, Act::MatterRead, Act::MatterShown, Act::MatterRevealed, Act::IdentityAssumed];
/// Steps towards it that are told when they failed: somebody else may have taken them.
const ATTEMPTS: [Act; 2] = [Act::IdentityCode, Act::IdentityCheck];

/// A read of a register by whom it is about.
pub(super) fn read(who: &Verified<'_>, call: &Call, outcome: Outcome) -> Entry {
    Entry { object: register_of(call.service).0.to_owned(), ..entry(Some(who), Act::RecordRead, call, outcome) }
}

/// How a read of a register went.
pub(super) fn outcome(answer: &Result<Answer, ServiceError>) -> Outcome {
    match answer {
        Ok(Answer::Found { .. } | Answer::Told(_) | Answer::Refused(..) | Answer::Identified(_)) => Outcome::Allowed,
        Ok(Answer::Nothing) => Outcome::Nothing,
        Ok(Answer::Unavailable) | Err(_) => Outcome::Failed,
    }
}

/// An act of whoever asks, about themselves once they are checked.
pub(super) fn entry(who: Option<&Verified<'_>>, act: Act, call: &Call, outcome: Outcome) -> Entry {
    let person = who.map(|who| who.person().clone());
    Entry { person: person.clone(), purpose: Some(call.topic.clone()), ..Entry::new(Actor::Resident(person), act, outcome) }
}

/// The looks at a person's data in the last twelve months, the latest first.
pub(super) async fn trail(store: &dyn Store, who: &Verified<'_>, turn: &Turn<'_>) -> Result<Answer, ServiceError> {
    let since = turn.now.checked_sub_months(BACK).unwrap_or_default();
    let rows = store.audit_of(who.person(), since, COUNTED).await?;
    let told: Vec<&AuditRow> = rows.iter().filter(|row| is_told(row)).collect();
    if told.is_empty() {
        return Ok(Answer::Nothing);
    }
    let shown: Vec<Value> = told.iter().take(SHOWN).map(|row| shown(row)).collect();
    Ok(Answer::Found { values: json!({"count": told.len(), "shown": shown.len(), "rows": shown}), sources: Vec::new() })
}

fn is_told(row: &AuditRow) -> bool {
    let is = |act: &Act| row.action == act.id();
    LOOKS.iter().any(is) || row.outcome == Outcome::Refused.id() && ATTEMPTS.iter().any(is)
}

fn shown(row: &AuditRow) -> Value {
    let actor = row.actor.split_once(':').map_or(row.actor.as_str(), |(kind, _)| kind);
    json!({"day": row.at.get(..10), "time": row.at.get(11..16), "actor": actor, "action": row.action, "object": row.object, "outcome": row.outcome})
}
