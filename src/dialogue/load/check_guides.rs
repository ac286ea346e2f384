//! Guides: flow charts and what they rest on.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::{
    super::style::Style,
    Faults, File, LABEL, Problem,
    check_style::{HOTLINES, figure},
    check_topics::USE_AN_ID,
    too_long,
};
use crate::domain::{
    guide::{Basis, Chart, Confidence, Guide, Marked, Sentence},
    reply::{Edge, NodeKind},
    topic::TopicId,
};

/// One guide or policy by itself.
pub(super) fn guide(path: &str, text: &str, guide: &Guide, problems: &mut Vec<Problem>) {
    let faults = &mut Faults { path, text, problems };
    if path != format!("guides/{}.yaml", guide.topic) {
        faults.add(faults.line(0, "topic:"), format!("the file of `{}` has another name", guide.topic), "name the file after its topic");
    }
    if guide.basis.is_empty() {
        faults.add(faults.line(0, "basis:"), "no basis".to_owned(), "name the law or notice it rests on");
    }
    sources(guide, faults);
    if let Some(chart) = &guide.steps {
        self::chart(chart, faults);
    }
}

/// Every fact names its source, and a doubtful one who to call.
fn sources(guide: &Guide, faults: &mut Faults) {
    let Guide { deadline, time_limit, fee, amount, place, conditions, materials, warnings, rules, .. } = guide;
    let facts: [(&str, &Option<Marked>); 5] =
        [("deadline:", deadline), ("time-limit:", time_limit), ("fee:", fee), ("amount:", amount), ("place:", place)];
    for (name, fact) in facts.into_iter().filter_map(|(name, fact)| Some((name, fact.as_ref()?))) {
        let line = faults.field(name);
        if fact.source.is_none() && (name != "place:" || figure(&fact.text).is_some()) {
            faults.add(line, format!("`{}` names no source", name.trim_end_matches(':')), NAME_ITS_SOURCE);
        }
        doubtful(&fact.text, fact.confidence, line, faults);
    }
    for sentence in [conditions, materials, warnings].into_iter().flatten() {
        if let Sentence::Marked(fact) = sentence {
            let line = faults.line(0, &fact.text);
            if let Some(figure) = figure(&fact.text).filter(|_| fact.source.is_none()) {
                faults.add(line, format!("the figure 「{figure}」 names no source"), NAME_ITS_SOURCE);
            }
            doubtful(&fact.text, fact.confidence, line, faults);
        }
    }
    for rule in rules {
        let line = faults.line(0, &rule.text);
        if let Some(figure) = figure(&rule.text).filter(|_| rule.source.is_none()) {
            faults.add(line, format!("the figure 「{figure}」 names no source"), NAME_ITS_SOURCE);
        }
        doubtful(&rule.text, rule.confidence, line, faults);
    }
}

const NAME_ITS_SOURCE: &str = "add `source:` with the law or notice and its article";

fn doubtful(text: &str, confidence: Confidence, line: u64, faults: &mut Faults) {
    if confidence == Confidence::Low && !HOTLINES.iter().any(|number| text.contains(number)) {
        let hint = "name the number in the same text: 请拨 12333（医保 12393，缴费 12366）";
        faults.add(line, "a fact of low confidence, and nobody to call".to_owned(), hint);
    }
}

/// One start, from which all is reached; answers have labels; ends lead nowhere.
fn chart(chart: &Chart, faults: &mut Faults) {
    let at = faults.line(0, "steps:");
    let starts: Vec<_> = chart.nodes.iter().filter(|node| node.kind == NodeKind::Start).collect();
    if starts.len() != 1 {
        faults.add(at, format!("{} starts in the flow chart", starts.len()), "exactly one node is of kind start");
    }
    let mut known = HashSet::new();
    for node in chart.nodes.iter().filter(|node| !known.insert(node.id.as_str())) {
        let first = faults.line(at, &format!("id: {},", node.id));
        let line = faults.line(first + 1, &format!("id: {},", node.id));
        faults.add(line, format!("two nodes are called `{}`", node.id), "give each an id of its own");
    }
    let mut drawn: HashSet<(&str, &str, Option<&str>)> = HashSet::new();
    for edge in &chart.edges {
        let line = faults.line(at, &format!("{{from: {}, to: {}", edge.from, edge.to));
        for end in [&edge.from, &edge.to].into_iter().filter(|end| !known.contains(end.as_str())) {
            faults.add(line, format!("an edge names `{end}`, which is no node"), "use the id of a node above");
        }
        if !drawn.insert((&edge.from, &edge.to, edge.label.as_deref())) {
            faults.add(line, format!("the edge from `{}` to `{}` is there twice", edge.from, edge.to), "delete one");
        }
        if let Some(label) = edge.label.as_deref().filter(|label| too_long(label)) {
            faults.add(line, format!("the answer 「{label}」 is too long"), &format!("{LABEL} characters at most"));
        }
    }
    let reached = reached(chart);
    for node in &chart.nodes {
        let line = faults.line(at, &format!("id: {},", node.id));
        let out: Vec<&Edge> = chart.edges.iter().filter(|edge| edge.from == node.id).collect();
        match (node.kind, out.len()) {
            (NodeKind::End, 1..) => faults.add(line, format!("`{}` ends and goes on", node.id), "an end has no edge out of it"),
            (NodeKind::Start | NodeKind::Step | NodeKind::Decision, 0) => {
                faults.add(line, format!("`{}` leads nowhere", node.id), "add an edge from it, or make it an end");
            }
            (NodeKind::Decision, 1) => {
                faults.add(line, format!("the question `{}` has one answer", node.id), "add the other, or make it a step");
            }
            (NodeKind::Start | NodeKind::Step, 2..) => {
                faults.add(
                    line,
                    format!("`{}` leads two ways and asks nothing", node.id),
                    "make it a decision, with a label on every edge",
                );
            }
            _ => {}
        }
        if node.kind == NodeKind::Decision {
            if out.iter().any(|edge| edge.label.is_none()) {
                faults.add(line, format!("an answer of the question `{}` has no label", node.id), "label every edge out of a decision");
            }
            let labels: HashSet<_> = out.iter().filter_map(|edge| edge.label.as_deref()).collect();
            if labels.len() < out.iter().filter(|edge| edge.label.is_some()).count() {
                faults.add(line, format!("two answers of the question `{}` are alike", node.id), "word them apart");
            }
        }
        if starts.len() == 1 && !reached.contains(node.id.as_str()) {
            faults.add(line, format!("nothing leads to `{}` from the start", node.id), "add an edge to it, or delete it");
        }
    }
}

fn reached(chart: &Chart) -> HashSet<&str> {
    let mut found = HashSet::new();
    let mut open: Vec<&str> = chart.nodes.iter().filter(|node| node.kind == NodeKind::Start).map(|node| node.id.as_str()).collect();
    while let Some(at) = open.pop() {
        if found.insert(at) {
            open.extend(chart.edges.iter().filter(|edge| edge.from == at).map(|edge| edge.to.as_str()));
        }
    }
    found
}

/// Guides beside each other and the topics: ids that exist, one document under one name and one date, boxes that fit.
pub(super) fn across<T>(
    guides: &IndexMap<TopicId, Guide>,
    topics: &IndexMap<TopicId, T>,
    style: Option<&Style>,
    files: &[File],
    problems: &mut Vec<Problem>,
) {
    let mut named: HashMap<&str, &Basis> = HashMap::new();
    for (topic, guide) in guides {
        let path = format!("guides/{topic}.yaml");
        let faults = &mut Faults::of(&path, files, problems);
        if !topics.contains_key(topic) {
            faults.add(faults.line(0, "topic:"), format!("`{topic}` is no topic"), USE_AN_ID);
        }
        let from = faults.line(0, "related:");
        for id in guide.related.iter().filter(|id| !topics.contains_key(*id)) {
            faults.add(faults.line(from, id.as_str()), format!("`{id}` is no topic"), USE_AN_ID);
        }
        for basis in &guide.basis {
            let Some(number) = basis.number.as_deref() else { continue };
            let known = *named.entry(number).or_insert(basis);
            if (&known.title, known.in_force) != (&basis.title, basis.in_force) {
                let line = faults.line(faults.line(0, "basis:"), number);
                let day = known.in_force.map_or("null".to_owned(), |day| day.to_string());
                let what = format!("another guide calls {number} 「{}」, in force {day}", known.title);
                faults.add(line, what, "one document has one name and one date");
            }
        }
        if let (Some(style), Some(chart)) = (style, &guide.steps) {
            for node in chart.nodes.iter().filter(|node| node.text.chars().count() > style.step) {
                let line = faults.line(0, &format!("id: {},", node.id));
                let hint = format!("{} characters at most: make two boxes of it", style.step);
                faults.add(line, format!("the words of `{}` do not fit its box", node.id), &hint);
            }
        }
    }
}
