//! Flows: their names, their steps, what they call and what they offer.

use std::collections::HashSet;

use super::{
    super::script::{AGREE, Ask, BlockTemplate, CONSENT, CONSENTS, Call, END, Flow, Placed, Say, Script, Step, is_question, purpose},
    Faults, File, Problem,
    check_topics::USE_AN_ID,
    flow_path, too_long,
};
use crate::{
    domain::{
        matter::MatterKind,
        reply::ExpectedKind,
        session::Purpose,
        topic::{TopicId, TopicKind},
    },
    services::ServiceName,
};

/// Topics that the engine itself answers.
const BUILT_IN: [&str; 4] = ["talk.affirm", "talk.deny", "talk.repeat", "talk.restart"];

/// Every flow, and that no topic lacks one.
pub(super) fn flows(script: &Script, files: &[File], problems: &mut Vec<Problem>) {
    for (id, topic) in &script.topics {
        if !BUILT_IN.contains(&id.as_str()) && script.flow_of(id).is_none() {
            let path = format!("topics/{id}.yaml");
            let what = format!("no flow answers `{id}`");
            Faults::of(&path, files, problems).add(topic.topic.referenced.line(), what, &format!("write flows/{id}.yaml"));
        }
    }
    for (id, topic) in script.topics.iter().filter(|(id, _)| script.level(id) > 0) {
        let path = format!("topics/{id}.yaml");
        let faults = &mut Faults::of(&path, files, problems);
        let line = topic.topic.referenced.line();
        disclosed(id, line, script, faults);
        for purpose in [Some(Purpose::Records), topic.consent].into_iter().flatten() {
            let flow = format!("{CONSENTS}{}", purpose.id());
            if !script.flows.contains_key(&flow) {
                faults.add(line, format!("`{id}` needs consent and nothing asks for it"), &format!("write flows/{flow}.yaml"));
            }
        }
    }
    for flow in script.flows.values() {
        let faults = &mut Faults::of(flow_path(&flow.flow.value, files), files, problems);
        name(flow, script, faults);
        reached(flow, faults);
        open(flow, faults);
        consent(flow, faults);
        for (step, of) in &flow.steps {
            for to in leads(of) {
                known_step(flow, to, faults);
            }
            match of {
                Step::Ask(ask) => question(step, ask, faults),
                Step::Call(call) => {
                    checked_identity(step, call, flow, script, faults);
                    refusals(step, call, faults);
                    left(step, call, flow, faults);
                }
                Step::Choose(_) => {}
                Step::Say(say) => said(step, say, script, faults),
            }
        }
    }
}

/// A flow is a topic's, a kind's, a command's or the identity check.
fn name(flow: &Flow, script: &Script, faults: &mut Faults) {
    let Placed { value, referenced, .. } = &flow.flow;
    if faults.path != format!("flows/{value}.yaml") {
        faults.add(referenced.line(), format!("the file of flow `{value}` has another name"), "name the file after the flow");
    }
    let kind = !value.contains('.') && TopicId::from(format!("{value}.").as_str()).kind().is_some();
    let id = TopicId::from(value.as_str());
    if is_question(value) && !kind && !script.topics.contains_key(&id) && !script.phrases.commands.contains_key(&id) {
        let what = format!("`{value}` is neither a topic nor a kind of topics");
        faults.add(referenced.line(), what, "use an id of topics/, or a kind: guide, policy, record …, or a command of phrases.yaml");
    }
    if flow.steps.is_empty() {
        faults.add(referenced.line(), "no steps".to_owned(), "write at least one");
    }
}

/// Where a step says that it leads.
fn leads(step: &Step) -> Vec<&Placed> {
    match step {
        Step::Ask(ask) => ask.next.iter().collect(),
        Step::Call(call) => call.next.iter().chain(&call.nothing).chain(call.refused.values()).collect(),
        Step::Choose(choose) => choose.cases.values().chain(std::iter::once(&choose.otherwise)).collect(),
        Step::Say(say) => say.next.iter().collect(),
    }
}

fn known_step(flow: &Flow, to: &Placed, faults: &mut Faults) {
    if to.value != END && !flow.steps.contains_key(&to.value) {
        faults.add(to.referenced.line(), format!("`{}` is no step of this flow", to.value), "use the name of a step here, or `end`");
    }
}

/// Whether something leads to every step.
fn reached(flow: &Flow, faults: &mut Faults) {
    let mut found = HashSet::new();
    let mut open: Vec<&str> = flow.steps.first().map(|(first, _)| first.as_str()).into_iter().collect();
    while let Some(at) = open.pop() {
        let Some(step) = flow.steps.get(at) else { continue };
        if !found.insert(at) {
            continue;
        }
        open.extend(leads(step).into_iter().map(|to| to.value.as_str()));
        let goes_on = match step {
            Step::Ask(ask) => ask.next.is_none(),
            Step::Call(call) => call.next.is_none(),
            Step::Choose(_) => false,
            Step::Say(say) => say.next.is_none(),
        };
        if goes_on {
            open.push(flow.below(at));
        }
    }
    for step in flow.steps.keys().filter(|step| !found.contains(step.as_str())) {
        let line = faults.step(step);
        faults.add(line, format!("nothing leads to the step `{step}`"), "lead to it, or delete it");
    }
}

fn question(step: &str, ask: &Ask, faults: &mut Faults) {
    let at = faults.step(step);
    let choice = ask.kind == ExpectedKind::Choice;
    if choice && ask.options.is_empty() {
        faults.add(faults.line(at, "ask:"), format!("the choice `{step}` has no options"), "list its options");
    }
    if !choice && !ask.options.is_empty() {
        faults.add(faults.line(at, "options:"), format!("`{step}` is no choice and has options"), "make it of kind choice");
    }
    for option in ask.options.iter().filter(|option| too_long(&option.label)) {
        let line = faults.line(at, &option.label);
        faults.add(line, format!("the label 「{}」 does not fit a button", option.label), "15 characters at most");
    }
}

/// A personal service is called only where identity is checked first.
fn checked_identity(step: &str, call: &Call, flow: &Flow, script: &Script, faults: &mut Faults) {
    let own = |id: &&TopicId| script.flow_of(id).is_some_and(|answers| answers.flow.value == flow.flow.value);
    let open = script.topics.keys().chain(script.phrases.commands.keys()).filter(own).find(|id| script.level(id) < 2);
    if let Some(topic) = open.filter(|_| call.service.personal() && call.level.unwrap_or(0) < 2) {
        let line = faults.line(faults.step(step), "service:");
        faults.add(line, format!("`{step}` reads a record and `{topic}` names no level"), "add `level: 2` to the topic, or to the call");
    }
}

/// A check of five minutes at most, and a consent of its own, before treatments are shown; the check before a certificate (ACR-01, PRV-01).
fn disclosed(id: &TopicId, line: u64, script: &Script, faults: &mut Faults) {
    let steps = script.flow_of(id).into_iter().flat_map(|flow| flow.steps.values());
    let claims = steps.into_iter().any(|step| matches!(step, Step::Call(call) if call.service == ServiceName::MedicalClaims));
    let sensitive = claims || id.kind() == Some(TopicKind::Certificate);
    if sensitive && script.level(id) < 3 {
        faults.add(line, format!("`{id}` discloses what a fresh check is for"), "write `level: 3`");
    }
    if claims && script.topics.get(id).and_then(|topic| topic.consent) != Some(Purpose::MedicalClaims) {
        faults.add(line, format!("`{id}` shows treatments without a consent of their own"), "write `consent: medical-claims`");
    }
}

/// A flow that asks for consent has the question and the answer that the engine looks for.
fn consent(flow: &Flow, faults: &mut Faults) {
    let asked = || flow.asks().find(|ask| ask.slot == CONSENT && ask.options.iter().any(|option| option.id == AGREE && option.alone));
    if purpose(&flow.flow.value).is_some() && asked().is_none() {
        let what = format!("`{}` never asks for consent", flow.flow.value);
        faults.add(flow.flow.referenced.line(), what, "ask for the slot `consent`, with an option `agree` that is `alone: true`");
    }
}

/// A step that runs before the check reads no record.
fn open(flow: &Flow, faults: &mut Faults) {
    for step in &flow.open {
        match flow.steps.get(&step.value) {
            Some(Step::Call(call)) if call.service.personal() => {
                let what = format!("`{}` reads a record and runs before the check", step.value);
                faults.add(step.referenced.line(), what, "take it out of `open`");
            }
            Some(_) => {}
            None => known_step(flow, step, faults),
        }
    }
}

/// Only the flow of a topic that may leave something leaves it.
fn left(step: &str, call: &Call, flow: &Flow, faults: &mut Faults) {
    if call.service == ServiceName::Leave && MatterKind::of(&TopicId::from(flow.flow.value.as_str())).is_none() {
        let line = faults.line(faults.step(step), "service:");
        faults.add(
            line,
            format!("`{}` leaves nothing with the desk", flow.flow.value),
            "call `leave` in service.feedback, .disclosure or .human",
        );
    }
}

/// Only refusals that the service can give are led on.
fn refusals(step: &str, call: &Call, faults: &mut Faults) {
    for (refusal, to) in call.refused.iter().filter(|(refusal, _)| !call.service.refusals().contains(refusal)) {
        let what = format!("the service of `{step}` never refuses with {refusal:?}");
        faults.add(to.referenced.line(), what, "delete the line");
    }
}

fn said(step: &str, say: &Say, script: &Script, faults: &mut Faults) {
    let at = faults.step(step);
    for topic in say.offer.iter().filter(|topic| !script.topics.contains_key(*topic)) {
        faults.add(faults.line(at, topic.as_str()), format!("`{topic}` is no topic"), USE_AN_ID);
    }
    for with in &say.offer_with {
        if !script.topics.contains_key(&with.topic) {
            faults.add(faults.line(at, with.topic.as_str()), format!("`{}` is no topic", with.topic), USE_AN_ID);
        }
        if too_long(&with.label) {
            let line = faults.line(at, &with.label);
            faults.add(line, format!("the label 「{}」 does not fit a button", with.label), "15 characters at most");
        }
    }
    for block in &say.blocks {
        let kinds = kinds(block);
        if kinds != 1 {
            let line = first_line(block).unwrap_or_else(|| faults.line(at, "blocks:"));
            faults.add(line, format!("a block of `{step}` has {kinds} kinds"), "exactly one of text, facts, table, list, steps …");
        }
    }
}

/// How many kinds a block has.
fn kinds(block: &BlockTemplate) -> usize {
    let BlockTemplate { when: _, text, facts, table, list, steps, timeline, series, sum, document, notice } = block;
    [
        text.is_some(),
        facts.is_some(),
        table.is_some(),
        list.is_some(),
        steps.is_some(),
        timeline.is_some(),
        series.is_some(),
        sum.is_some(),
        document.is_some(),
        notice.is_some(),
    ]
    .into_iter()
    .filter(|there| *there)
    .count()
}

fn first_line(block: &BlockTemplate) -> Option<u64> {
    block.when.iter().chain(&block.text).chain(&block.steps).chain(&block.sum).map(|text| text.referenced.line()).min()
}
