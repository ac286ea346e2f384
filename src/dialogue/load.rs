//! Reading and checking `dialogs/`: every fault is reported, not the first.

use std::{collections::HashMap, fmt, sync::Arc};

use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;

use super::script::{Flow, Outside, Phrases, Script, Topic};
use crate::{
    domain::{
        guide::Guide,
        reply::NodeKind,
        topic::{TopicId, TopicKind},
    },
    services::{Content, offices::Directory, rules::Rules},
    understanding::{Examples, Words, normalise},
};

/// The content this program was built with.
#[derive(rust_embed::Embed)]
#[folder = "dialogs"]
#[include = "*.yaml"]
struct BuiltIn;

/// One thing wrong in `dialogs/`, said so that its author can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path below `dialogs/`.
    pub file: String,
    /// Line from 1; 0 when the whole file is meant.
    pub line: u64,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub hint: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {} · hint: {}", self.file, self.line, self.what, self.hint)
    }
}

/// A file of `dialogs/`: its path below the folder, and its text.
pub type File = (String, String);

/// The built-in content's files, by path.
pub fn built_in() -> Vec<File> {
    let text = |path: &str| BuiltIn::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
    BuiltIn::iter().map(|path| (path.to_string(), text(&path))).collect()
}

/// Reads and links everything, and reports every problem.
pub fn load(mut files: Vec<File>) -> (Script, Vec<Problem>) {
    files.sort();
    let mut problems = Vec::new();
    let (mut topics, mut guides) = (IndexMap::new(), IndexMap::new());
    let (mut words, mut outside, mut rules) = (Words::default(), Outside::default(), Rules::default());
    let (mut flows, mut phrases, mut offices) = (IndexMap::new(), Phrases::default(), Directory::default());
    for (path, text) in &files {
        match path.split('/').next() {
            Some("topics") => {
                if let Some(topic) = parse::<Topic>(path, text, &mut problems) {
                    check_topic(path, &topic, &mut problems);
                    topics.insert(TopicId::from(topic.topic.value.as_str()), topic);
                }
            }
            Some("guides") => {
                if let Some(guide) = parse::<Guide>(path, text, &mut problems) {
                    check_guide(path, text, &guide, &mut problems);
                    guides.insert(guide.topic.clone(), guide);
                }
            }
            Some("words") => {
                if let Some(list) = parse::<Words>(path, text, &mut problems) {
                    words.concepts.extend(list.concepts);
                    words.insurance.extend(list.insurance);
                    words.places.extend(list.places);
                    words.variants.extend(list.variants);
                    words.words.extend(list.words);
                    words.aspects.extend(list.aspects);
                    words.further.extend(list.further);
                }
            }
            Some("rules") => {
                if let Some(file) = parse::<Rules>(path, text, &mut problems) {
                    rules.values.extend(file.values);
                    if !file.retirement.categories.is_empty() {
                        rules.retirement = file.retirement;
                    }
                }
            }
            Some("flows") => {
                if let Some(flow) = parse::<Flow>(path, text, &mut problems) {
                    flows.insert(flow.flow.value.clone(), flow);
                }
            }
            Some("phrases.yaml") => phrases = parse(path, text, &mut problems).unwrap_or_default(),
            Some("offices.yaml") => offices = parse(path, text, &mut problems).unwrap_or_default(),
            Some("outside.yaml") => outside = parse(path, text, &mut problems).unwrap_or_default(),
            _ => problems.push(Problem {
                file: path.clone(),
                line: 0,
                what: "no kind of content lives here".to_owned(),
                hint: "use topics/, flows/, guides/, rules/, words/, phrases.yaml, offices.yaml or outside.yaml".to_owned(),
            }),
        }
    }
    check_across(&topics, &guides, &mut problems);
    for (name, rule) in &rules.values {
        let ordered = rule.values.windows(2).all(|pair| pair[0].from < pair[1].from);
        if !ordered || rule.values.is_empty() || rule.values.iter().any(|row| row.basis.is_empty()) {
            problems.push(Problem {
                file: "rules/".to_owned(),
                line: 0,
                what: format!("the values of `{name}` are missing, out of order, doubled or without a basis"),
                hint: "write one row a day it changes, earliest first, each with its document".to_owned(),
            });
        }
    }
    let said = |topic: &Topic| topic.examples.iter().map(|example| example.value.clone()).collect();
    let examples =
        Examples { topics: topics.iter().map(|(id, topic)| (id.clone(), said(topic))).collect(), near: outside.near, far: outside.far };
    let content = Arc::new(Content { guides, rules, offices });
    (Script { topics, flows, phrases, words, examples, content }, problems)
}

/// One file read; what is wrong with it goes to `problems`.
fn parse<T: DeserializeOwned>(path: &str, text: &str, problems: &mut Vec<Problem>) -> Option<T> {
    match serde_saphyr::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let line = error.location().map_or(0, |at| at.line());
            let what = error.without_snippet().to_string().lines().next().unwrap_or_default().to_owned();
            problems.push(Problem { file: path.to_owned(), line, what, hint: "compare with another file of this folder".to_owned() });
            None
        }
    }
}

fn check_topic(path: &str, topic: &Topic, problems: &mut Vec<Problem>) {
    let mut fault = |line, what: String, hint: &str| problems.push(Problem { file: path.to_owned(), line, what, hint: hint.to_owned() });
    let id = &topic.topic;
    let line = id.referenced.line();
    if path != format!("topics/{}.yaml", id.value) {
        fault(line, format!("the file of topic `{}` has another name", id.value), "name the file after the topic");
    }
    match TopicId::from(id.value.as_str()).kind() {
        None => fault(line, format!("`{}` is of no known kind", id.value), "begin with record., guide., policy. … as in the topic list"),
        Some(TopicKind::Record | TopicKind::Case | TopicKind::Certificate) if topic.level.is_none() => {
            fault(line, format!("`{}` discloses a record and names no level", id.value), "add `level: 2` (identity checked)");
        }
        Some(_) => {}
    }
    if topic.title.chars().count() > 15 {
        fault(0, format!("the title 「{}」 does not fit a button", topic.title), "15 characters at most");
    }
    if topic.examples.len() < 12 {
        fault(line, format!("{} examples", topic.examples.len()), "write at least 12 ways people say it");
    }
}

fn check_guide(path: &str, text: &str, guide: &Guide, problems: &mut Vec<Problem>) {
    let place = |needle: &str| text.lines().position(|line| line.contains(needle)).map_or(0, |at| at as u64 + 1);
    let mut fault = |line, what: String, hint: &str| problems.push(Problem { file: path.to_owned(), line, what, hint: hint.to_owned() });
    if path != format!("guides/{}.yaml", guide.topic) {
        fault(place("topic:"), format!("the file of `{}` has another name", guide.topic), "name the file after its topic");
    }
    if guide.basis.is_empty() {
        fault(place("basis:"), "no basis".to_owned(), "name the law or notice it rests on");
    }
    let Some(chart) = &guide.steps else { return };
    let starts = chart.nodes.iter().filter(|node| node.kind == NodeKind::Start).count();
    if starts != 1 {
        fault(place("steps:"), format!("{starts} starts in the flow chart"), "exactly one node is of kind start");
    }
    for edge in &chart.edges {
        for end in [&edge.from, &edge.to] {
            if !chart.nodes.iter().any(|node| node.id == *end) {
                fault(
                    place(&format!("from: {}", edge.from)),
                    format!("an edge names `{end}`, which is no node"),
                    "use the id of a node above",
                );
            }
        }
    }
    for node in &chart.nodes {
        let line = place(&format!("id: {},", node.id));
        let mut out = chart.edges.iter().filter(|edge| edge.from == node.id).peekable();
        match node.kind {
            NodeKind::End if out.peek().is_some() => fault(line, format!("`{}` ends and goes on", node.id), "an end has no edge out of it"),
            NodeKind::Start | NodeKind::Step | NodeKind::Decision if out.peek().is_none() => {
                fault(line, format!("`{}` leads nowhere", node.id), "add an edge from it, or make it an end");
            }
            NodeKind::Decision if out.any(|edge| edge.label.is_none()) => {
                fault(line, format!("an answer of the question `{}` has no label", node.id), "label every edge out of a decision");
            }
            NodeKind::Start | NodeKind::Step | NodeKind::Decision | NodeKind::End => {}
        }
        if node.kind != NodeKind::Start && !chart.edges.iter().any(|edge| edge.to == node.id) {
            fault(line, format!("nothing leads to `{}`", node.id), "add an edge to it, or delete it");
        }
    }
}

fn check_across(topics: &IndexMap<TopicId, Topic>, guides: &IndexMap<TopicId, Guide>, problems: &mut Vec<Problem>) {
    let mut said: HashMap<String, &TopicId> = HashMap::new();
    for (id, topic) in topics {
        let file = format!("topics/{id}.yaml");
        for Spanned { value, referenced, .. } in &topic.examples {
            let form = normalise::squash(&normalise::clean(value));
            if let Some(other) = said.insert(form, id) {
                let what = format!("「{value}」 is an example of `{other}` too");
                problems.push(Problem { file: file.clone(), line: referenced.line(), what, hint: "keep it where it fits best".to_owned() });
            }
        }
        let explained = matches!(id.kind(), Some(TopicKind::Guide | TopicKind::Policy));
        if explained && !guides.contains_key(id) {
            let hint = format!("write guides/{id}.yaml");
            problems.push(Problem { file, line: topic.topic.referenced.line(), what: format!("`{id}` has no guide"), hint });
        }
    }
    for guide in guides.values() {
        for id in std::iter::once(&guide.topic).chain(&guide.related).filter(|id| !topics.contains_key(*id)) {
            let file = format!("guides/{}.yaml", guide.topic);
            problems.push(Problem { file, line: 0, what: format!("`{id}` is no topic"), hint: "use an id of topics/".to_owned() });
        }
    }
}
