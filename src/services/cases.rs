//! Where an application is.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Answer, Call, ServiceError, Services, Turn, entry, identity::Verified, limits, matters, records::register, slot};
use crate::{
    domain::{
        audit::{Act, Entry, Outcome},
        fact::{Case, CaseState},
    },
    store::Records,
};

/// The case of the slot `case-number` when it is the person's own, else all of theirs, newest first, and what they left with the desk.
/// Somebody else's case looks like no case (security.md SES-14).
pub(super) async fn cases(
    services: &Services,
    records: &dyn Records,
    call: &Call,
    who: &Verified<'_>,
    turn: &mut Turn<'_>,
) -> Result<Answer, ServiceError> {
    let (means, today) = (&services.means, turn.today);
    let mut found = records.cases(who.person()).await?;
    let number = slot!(call, "case-number", CaseNumber);
    if let Some(number) = &number {
        found.retain(|case| case.number == *number);
        if !found.is_empty() {
            // The flow looked among the receipts first, which counted.
            turn.changes.limits.extend(limits::lookups(&means.keys, turn).map(limits::given_back));
        } else if let Some((owner, _)) = means.store.case(number).await? {
            let refused = entry(Some(who), Act::RecordRead, call, Outcome::Refused);
            turn.changes.audit.push(Entry { person: Some(owner), object: number.to_string(), ..refused });
        }
    }
    let matters = if number.is_some() { Vec::new() } else { matters::rows(&*means.store, who, today).await? };
    if found.is_empty() && matters.is_empty() {
        return Ok(Answer::Nothing);
    }
    let values = json!({
        "count": found.len(),
        "case": found.first().map(|first| shown(first, today)),
        "matters": matters,
        "rows": found.iter().map(|case| shown(case, today)).collect::<Vec<_>>(),
    });
    Ok(Answer::Found { values, sources: vec![register(records, ("cases", "办件登记")).await?] })
}

fn shown(case: &Case, today: NaiveDate) -> Value {
    let state = match case.state {
        CaseState::Running => "办理中",
        CaseState::Waiting => "待补材料",
        CaseState::Done => "已办结",
        CaseState::Refused => "未通过",
    };
    let open = matches!(case.state, CaseState::Running | CaseState::Waiting);
    let mut at_hand = false;
    let steps: Vec<_> = case
        .steps
        .iter()
        .map(|step| {
            let state = match step.on {
                Some(_) => "done",
                None if open && !at_hand => {
                    at_hand = true;
                    "now"
                }
                None => "todo",
            };
            json!({"on": step.on, "what": step.what, "holder": step.holder, "state": state})
        })
        .collect();
    let now = steps.iter().find(|step| step["state"] == "now").cloned();
    json!({
        "number": case.number, "matter": case.matter, "state": state, "open": open,
        "accepted": case.accepted_on, "due": case.due_on, "note": case.note,
        "left": case.due_on.map(|due| (due - today).num_days()), "now": now, "steps": steps,
    })
}
