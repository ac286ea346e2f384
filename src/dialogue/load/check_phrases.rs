//! The desk's own words: all there, none empty, and words for every refusal.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    super::script::{Script, Step},
    Faults, File, Problem,
    check_topics::USE_AN_ID,
    too_long,
};
use crate::{
    domain::topic::Aspect,
    services::{Refusal, ServiceName},
};

const PATH: &str = "phrases.yaml";

/// `phrases.yaml`, when there is one; serde has said what it lacks.
pub(super) fn phrases(script: &Script, files: &[File], problems: &mut Vec<Problem>) {
    let mut faults = Faults::of(PATH, files, problems);
    if faults.text.is_empty() {
        faults.add(0, "the file is missing".to_owned(), "write it: every field of `Phrases`");
        return;
    }
    if faults.problems.iter().any(|problem| problem.file == PATH) {
        return;
    }
    said(&mut faults);
    topics(script, &mut faults);
    labels(script, &mut faults);
    commands(script, &mut faults);
    message(script, &mut faults);
    refusals(script, &mut faults);
}

/// No phrase, list of words or word is empty.
fn said(faults: &mut Faults) {
    let fields: IndexMap<String, Value> = serde_saphyr::from_str(faults.text).unwrap_or_default();
    let cues = fields.get("cues").and_then(Value::as_object).into_iter().flatten();
    for (name, value) in fields.iter().chain(cues) {
        if is_empty(value) {
            let line = faults.line(0, &format!("{name}:"));
            faults.add(line, format!("`{name}` says nothing"), "write the words");
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty() || items.iter().any(is_empty),
        Value::Object(fields) => {
            fields.is_empty() || fields.values().any(|field| !field.is_object() && field.as_str().is_some_and(str::is_empty))
        }
        _ => true,
    }
}

fn topics(script: &Script, faults: &mut Faults) {
    for topic in script.phrases.menu.iter().filter(|topic| !script.topics.contains_key(*topic)) {
        faults.add(faults.line(faults.line(0, "menu:"), topic.as_str()), format!("`{topic}` is no topic"), USE_AN_ID);
    }
}

fn labels(script: &Script, faults: &mut Faults) {
    let sides = &script.phrases.sides;
    for aspect in Aspect::ALL.into_iter().filter(|aspect| !sides.contains_key(aspect)) {
        faults.add(faults.line(0, "sides:"), format!("no words for the side `{}`", aspect.name()), "say it below `sides:`");
    }
    let named = sides.iter().map(|(aspect, label)| (format!("  {}:", aspect.name()), label));
    let phrases = &script.phrases;
    let fixed = [("none-of-these:", &phrases.none_of_these), ("whole:", &phrases.whole), ("resend:", &phrases.resend)]
        .map(|(name, label)| (name.to_owned(), label));
    for (name, label) in fixed.into_iter().chain(named) {
        if too_long(label) {
            let from = if name.starts_with(' ') { faults.line(0, "sides:") } else { 0 };
            let line = faults.line(from, &name);
            faults.add(line, format!("the label 「{label}」 does not fit a button"), "15 characters at most");
        }
    }
}

/// Every command has a flow of its own, words, and a title that fits a button.
fn commands(script: &Script, faults: &mut Faults) {
    for (id, command) in &script.phrases.commands {
        let at = faults.line(faults.line(0, "commands:"), &format!("  {id}:"));
        if !script.flows.contains_key(id.as_str()) {
            faults.add(at, format!("no flow answers the command `{id}`"), &format!("write flows/{id}.yaml"));
        }
        if too_long(&command.title) {
            let line = faults.line(at, "title:");
            faults.add(line, format!("the title 「{}」 does not fit a button", command.title), "15 characters at most");
        }
        if command.words.iter().all(|word| word.trim().is_empty()) {
            faults.add(at, format!("nothing asks for the command `{id}`"), "write its words");
        }
    }
}

/// The text message has its holes, and no link to tap (security.md OTP-21).
fn message(script: &Script, faults: &mut Faults) {
    let text = &script.phrases.code_message;
    let line = faults.line(0, "code-message:");
    for hole in ["{{ code }}", "{{ minutes }}"].into_iter().filter(|hole| !text.contains(*hole)) {
        faults.add(line, format!("the text message does not say {hole}"), "write it where it belongs");
    }
    if text.contains("://") || text.contains("www.") {
        faults.add(line, "the text message holds a link".to_owned(), "leave it out: residents are told never to follow one");
    }
}

/// Every refusal that a called service can give has words.
fn refusals(script: &Script, faults: &mut Faults) {
    let calls = script.flows.values().flat_map(|flow| flow.steps.values()).filter_map(|step| match step {
        Step::Call(call) => Some(call.service),
        Step::Ask(_) | Step::Choose(_) | Step::Say(_) => None,
    });
    let can: HashSet<Refusal> = calls.flat_map(ServiceName::refusals).copied().collect();
    let wordless = |refusal: &Refusal| can.contains(refusal) && !script.phrases.refusals.contains_key(refusal);
    for refusal in Refusal::ALL.into_iter().filter(wordless) {
        faults.add(faults.line(0, "refusals:"), format!("no words for the refusal {refusal:?}"), "say it below `refusals:`");
    }
}
