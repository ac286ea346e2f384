//! What residents leave for people to answer, and how it stands.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{Answer, Call, Content, Refusal, ServiceError, ServiceName, Turn, entry, identity::Verified, limits, slot};
use crate::{
    domain::{
        audit::{Act, Entry, Outcome},
        clock::china,
        fact::CaseNumber,
        matter::{Matter, MatterContent, MatterKind, MatterState},
        reply::Source,
        session::{SlotValue, Slots},
        workday::{Reckoned, working_days_after},
    },
    store::{Keyring, MatterChange, Records, Store},
};

/// The rule of the last day for the answer to a disclosure request.
const DISCLOSURE_ANSWER: &str = "disclosure-answer";
/// Receipts take the last tenth of a day's numbers, from this on: the registers count from 0.
const RECEIPTS: u32 = 900_000;
/// Numbers that one message may find taken, one after another.
const DRAWS: u32 = 16;

/// Puts on file what the call's slots hold: `rewritten` or `text`, `phone`, and the fields of a disclosure request. The same
/// message again finds what it left. Answers the receipt; nothing when a disclosure request names no applicant.
pub(super) async fn leave(
    store: &dyn Store,
    records: &dyn Records,
    keys: &Keyring,
    content: &Content,
    call: &Call,
    who: Option<&Verified<'_>>,
    turn: &mut Turn<'_>,
) -> Result<Answer, ServiceError> {
    let missing = |slot| ServiceError::Slot(ServiceName::Leave, slot);
    let kind = MatterKind::of(&call.topic).ok_or(missing("topic"))?;
    if let Some(number) = store.matter_of(turn.conversation, turn.message).await?
        && let Some(matter) = store.matter(&number).await?
    {
        return Ok(Answer::Found { values: shown(&matter, turn.today, true), sources: Vec::new() });
    }
    let text = slot!(call, "rewritten", Text).or_else(|| slot!(call, "text", Text)).ok_or(missing("text"))?;
    let (mut applicant, mut id_number) = (slot!(call, "applicant", Name), slot!(call, "id-number", IdNumber));
    if let (MatterKind::Disclosure, Some(who)) = (kind, who)
        && let Some(person) = records.person(who.person()).await?
    {
        (applicant, id_number) = (Some(person.name), Some(person.id_number));
    }
    if kind == MatterKind::Disclosure && (applicant.is_none() || id_number.is_none()) {
        return Ok(Answer::Nothing);
    }
    let mut sources = Vec::new();
    let (mut due, mut days) = (None, None);
    if kind == MatterKind::Disclosure {
        let rule = content.rules.on(DISCLOSURE_ANSWER, turn.today)?.row;
        days = rule.value.and_then(|days| u32::try_from(days).ok());
        due = days.map(|days| working_days_after(turn.today, days));
        sources.push(Source {
            title: rule.basis.clone(),
            number: None,
            article: None,
            in_force: Some(rule.from.value),
            as_of: None,
            copied_at: None,
        });
    }
    let matter = Matter {
        number: number(store, keys, turn).await?,
        kind,
        conversation: turn.conversation.to_owned(),
        person: who.map(|who| who.person().clone()),
        content: MatterContent {
            text,
            phone: slot!(call, "phone", Phone),
            applicant,
            id_number,
            delivery: option(&call.slots, "delivery"),
            address: slot!(call, "address", Text),
        },
        received_at: turn.now,
        due,
        started_at: None,
        answered_at: None,
        answer: None,
    };
    turn.changes.audit.push(Entry { object: matter.number.to_string(), ..entry(who, Act::MatterReceived, call, Outcome::Done) });
    turn.kept.matters.push(matter.number.clone());
    let mut values = shown(&matter, turn.today, true);
    values["days"] = json!(days);
    turn.changes.matters.push(MatterChange::Received { message: turn.message.clone(), matter: Box::new(matter) });
    Ok(Answer::Found { values, sources })
}

/// The matter of the slot `case-number`. All of it to its owner and to the conversation that left it, state and days to
/// whoever has the number. A few numbers in an hour are looked up (security.md ENU-10): for one's own it is given back, and the
/// address has back what it took for any that is on file, since that was no guess.
pub(super) async fn matter(
    store: &dyn Store,
    keys: &Keyring,
    call: &Call,
    who: Option<&Verified<'_>>,
    turn: &mut Turn<'_>,
) -> Result<Answer, ServiceError> {
    let Some(number) = slot!(call, "case-number", CaseNumber) else { return Ok(Answer::Nothing) };
    let kept = turn.kept.matters.contains(&number);
    let [here, address] = limits::lookups(keys, turn);
    if !kept && let Some((_, until)) = limits::count(store, turn, [here.clone(), address.clone()]).await? {
        return Ok(Answer::Refused(Refusal::TooManyNumbers, limits::wait(until, turn.now)));
    }
    let Some(matter) = store.matter(&number).await? else { return Ok(Answer::Nothing) };
    // An account of one's own is the same person tomorrow; a hall's terminal is not.
    let account = turn.channel.is_chat() && matter.conversation == turn.conversation;
    let owner = who.is_some_and(|who| matter.person.as_ref() == Some(who.person()));
    if !kept {
        turn.changes.limits.push(limits::given_back(address));
        turn.changes.limits.extend((owner || account).then(|| limits::given_back(here)));
    }
    let all = owner || account || kept;
    let read = entry(who, Act::MatterRead, call, if all { Outcome::Allowed } else { Outcome::Partly });
    turn.changes.audit.push(Entry { person: matter.person.clone(), object: number.to_string(), ..read });
    Ok(Answer::Found { values: shown(&matter, turn.today, all), sources: Vec::new() })
}

/// A person's matters as rows for a list.
pub(super) async fn rows(store: &dyn Store, who: &Verified<'_>, today: NaiveDate) -> Result<Vec<Value>, ServiceError> {
    Ok(store.matters(who.person()).await?.iter().map(|matter| shown(matter, today, true)).collect())
}

/// A number that neither a case nor a matter has. The message's own, so that the same message draws the same.
async fn number(store: &dyn Store, keys: &Keyring, turn: &Turn<'_>) -> Result<CaseNumber, ServiceError> {
    let mac = keys.mac(&["receipt", turn.conversation, &turn.message.0]);
    let first = u32::from_str_radix(mac.get(..7).unwrap_or_default(), 16).unwrap_or_default();
    let mut number = CaseNumber::new(turn.today, RECEIPTS);
    for draw in 0..DRAWS {
        number = CaseNumber::new(turn.today, RECEIPTS + (first + draw) % (1_000_000 - RECEIPTS));
        if store.case(&number).await?.is_none() && store.matter(&number).await?.is_none() {
            break;
        }
    }
    Ok(number)
}

fn option(slots: &Slots, name: &str) -> Option<String> {
    match slots.get(name) {
        Some(SlotValue::Option(id)) => Some(id.clone()),
        _ => None,
    }
}

/// What residents call a kind of matter.
pub fn title(kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::Feedback => "意见与投诉",
        MatterKind::Disclosure => "政府信息公开申请",
        MatterKind::CallBack => "请人回电",
    }
}

/// What residents call a state.
pub fn said(state: MatterState) -> &'static str {
    match state {
        MatterState::Received => "已收到",
        MatterState::InProgress => "办理中",
        MatterState::Answered => "已答复",
    }
}

/// A matter for the reply's templates. Without `all`, its state and its days alone.
fn shown(matter: &Matter, today: NaiveDate, all: bool) -> Value {
    let state = matter.state();
    let step = |what: &str, at: Option<chrono::DateTime<chrono::Utc>>, of: MatterState| {
        let place = match (at, state) {
            (Some(_), _) => "done",
            (None, MatterState::Received) if of == MatterState::InProgress => "now",
            (None, MatterState::InProgress) if of == MatterState::Answered => "now",
            _ => "todo",
        };
        json!({"what": what, "on": at.map(china), "state": place})
    };
    let steps = [
        step("收到", Some(matter.received_at), MatterState::Received),
        step("办理", matter.started_at, MatterState::InProgress),
        step("答复", matter.answered_at, MatterState::Answered),
    ];
    let Reckoned { on: due, announced } = matter.due.unwrap_or(Reckoned { on: today, announced: true });
    json!({
        "number": matter.number, "kind": matter.kind, "title": title(matter.kind), "state": said(state), "open": state != MatterState::Answered,
        "received": china(matter.received_at), "answered": matter.answered_at.map(china),
        "due": matter.due.map(|_| due), "announced": announced, "left": matter.due.map(|_| (due - today).num_days()),
        "days": null, "steps": steps, "all": all, "owned": matter.person.is_some(),
        "text": all.then_some(&matter.content.text),
        "phone": matter.content.phone.as_ref().filter(|_| all).map(crate::domain::person::Phone::masked),
        "answer": matter.answer.as_ref().filter(|_| all),
    })
}
