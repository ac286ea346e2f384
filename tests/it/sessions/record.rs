//! Records what `tests/sessions/` lacks from the stories: the first moment in each state from which the next line leads on.

use std::{collections::BTreeSet, fs};

use wenban::{
    channels::terminal,
    dialogue::script::IDENTITY,
    domain::{
        message::{Incoming, MessageId},
        reply::{Reply, Status},
        session::{Session, SlotValue},
        topic::TopicKind,
    },
};

use super::{Fresh, Recorded, Then, folder};
use crate::stories::{heard, stories};

/// The states that a session is in after `reply`.
fn states(session: &Session, reply: &Reply) -> Vec<String> {
    let mut states = Vec::new();
    let mut put = |holds: bool, name: &str| {
        if holds {
            states.push(name.to_owned());
        }
    };
    let frames = &session.frames;
    let beneath = frames.iter().rev().skip(1);
    if let Some(top) = frames.last().filter(|_| reply.expects.is_some()) {
        put(true, &format!("ask-{}-{}", top.flow, top.step));
        put(top.former.len() > top.path.len(), "amended");
        put(beneath.clone().any(|frame| frame.flow == IDENTITY), "check-beneath");
        put(beneath.clone().any(|frame| frame.flow != IDENTITY && frame.asked), "form-beneath");
        put(top.flow == IDENTITY && beneath.count() > 1, "questions-behind-check");
    }
    let last = session.last.as_ref().filter(|_| frames.is_empty()).and_then(|last| last.topic.kind());
    put(last == Some(TopicKind::Calculate), "last-calculate");
    put(last == Some(TopicKind::Case), "last-case");
    put(last == Some(TopicKind::Guide), "last-guide");
    put(last == Some(TopicKind::Policy), "last-policy");
    put(last == Some(TopicKind::Record) && session.identity.is_some(), "last-record");
    put(reply.status == Status::Clarify, "clarify");
    put(session.misses > 0, "missed");
    put(!session.kept.matters.is_empty(), "kept-matter");
    put(!session.kept.tickets.is_empty(), "kept-ticket");
    let known =
        frames.iter().map(|frame| &frame.slots).chain(session.last.as_ref().map(|last| &last.slots)).flat_map(|slots| slots.values());
    for value in known {
        put(matches!(value, SlotValue::CaseNumber(_)), "slot-case-number");
        put(matches!(value, SlotValue::Date(_)), "slot-date");
        put(matches!(value, SlotValue::Sex(_)), "slot-sex");
    }
    states
}

/// Records what it finds of `missing` and takes it out; gives the names.
pub(super) async fn record(missing: &mut BTreeSet<String>) -> Vec<String> {
    let (told, fresh) = (Fresh::new().await, Fresh::new().await);
    let mut new = Vec::new();
    for (story, text) in stories() {
        let peer = terminal::peer(&story);
        // The moment before, when nothing but the next line follows it.
        let mut before: Option<(Session, Reply)> = None;
        for (line, number) in text.lines().zip(1..) {
            let Some(input) = heard(&told.hall, &peer, line).await.unwrap() else {
                before = before.filter(|_| line.starts_with('#') || line.is_empty());
                continue;
            };
            let at = told.hall.desk.now();
            let message = Incoming { from: peer.clone(), id: MessageId(number.to_string()), input, at };
            let reply = told.hall.desk.turn(&message).await.unwrap();
            let session = told.hall.session(&story).await;
            if let Some((session_before, reply_before)) = before.replace((session.clone(), reply.clone())) {
                let wanted: Vec<String> =
                    states(&session_before, &reply_before).into_iter().filter(|name| missing.contains(name)).collect();
                let saved = serde_json::to_value(&session_before).unwrap();
                let recorded = Recorded { at, next: line.to_owned(), then: Then::of(&session, &reply), session: saved };
                for name in wanted {
                    if leads_on(&fresh, &name, &recorded).await {
                        let text = serde_json::to_string_pretty(&recorded).unwrap();
                        fs::write(folder().join(format!("{name}.json")), text + "\n").unwrap();
                        missing.remove(&name);
                        new.push(name);
                    }
                }
            }
        }
    }
    new
}

/// Whether the same comes of the next line on a desk where nothing else was said, and something else of it in a conversation
/// that only begins; and whether a question is answered by it.
async fn leads_on(fresh: &Fresh, name: &str, recorded: &Recorded) -> bool {
    if !recorded.next.contains(' ') || ["> 再见", "> 改上一项"].contains(&recorded.next.as_str()) {
        return false;
    }
    let (session, reply) = fresh.go_on(name, recorded).await;
    let (_, anew) = fresh.turn(Session::default(), &recorded.next, recorded.at).await;
    let before = Session::revive(&recorded.session);
    let answered =
        before.frames.last().map(|frame| (&frame.flow, &frame.step)) != session.frames.last().map(|frame| (&frame.flow, &frame.step));
    Then::of(&session, &reply) == recorded.then && (anew != reply || name.starts_with("kept-")) && (answered || !name.starts_with("ask-"))
}
