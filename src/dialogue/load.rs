//! Reading and checking `dialogs/`: every fault is reported, not the first.

mod check_documents;
mod check_flows;
mod check_guides;
mod check_phrases;
mod check_rules;
mod check_style;
mod check_templates;
mod check_topics;

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
    thread,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::{
    script::{CONSENTS, Flow, Outside, Phrases, Script, Topic},
    style::Style,
};
use crate::{
    domain::{document::Documents, guide::Guide, session::Purpose, topic::TopicId},
    services::{Content, offices::Directory, rules::Rules},
    understanding::{Examples, Words},
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
    let (topics, mut topic_problems) = read_topics(&files);
    let mut guides = IndexMap::new();
    let (mut words, mut outside, mut rules) = (Words::default(), Outside::default(), Rules::default());
    let (mut flows, mut phrases, mut offices, mut style) = (IndexMap::new(), Phrases::default(), Directory::default(), None);
    let mut documents = Documents::default();
    for (path, text) in &files {
        match path.split('/').next() {
            Some("topics") => problems.append(&mut topic_problems),
            Some("guides") => {
                if let Some(guide) = parse::<Guide>(path, text, &mut problems) {
                    check_guides::guide(path, text, &guide, &mut problems);
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
                    words.aspect_hints.extend(list.aspect_hints);
                    words.sides.extend(list.sides);
                    words.further.extend(list.further);
                }
            }
            Some("rules") => {
                if let Some(file) = parse::<Rules>(path, text, &mut problems) {
                    check_rules::file(path, text, &file, &rules, &mut problems);
                    rules.values.extend(file.values);
                    rules.tables.extend(file.tables);
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
            Some("documents.yaml") => documents = parse(path, text, &mut problems).unwrap_or_default(),
            Some("phrases.yaml") => phrases = parse(path, text, &mut problems).unwrap_or_default(),
            Some("offices.yaml") => offices = parse(path, text, &mut problems).unwrap_or_default(),
            Some("outside.yaml") => outside = parse(path, text, &mut problems).unwrap_or_default(),
            Some("style.yaml") => style = parse::<Style>(path, text, &mut problems),
            _ => problems.push(Problem {
                file: path.clone(),
                line: 0,
                what: "no kind of content lives here".to_owned(),
                hint:
                    "use topics/, flows/, guides/, rules/, words/, documents.yaml, phrases.yaml, offices.yaml, outside.yaml or style.yaml"
                        .to_owned(),
            }),
        }
    }
    for guide in guides.values_mut() {
        link(guide, &documents);
    }
    let said = |topic: &Topic| topic.examples.iter().map(|example| example.value.clone()).collect();
    let examples =
        Examples { topics: topics.iter().map(|(id, topic)| (id.clone(), said(topic))).collect(), near: outside.near, far: outside.far };
    let content =
        Arc::new(Content { guides, documents, rules, offices, code_message: phrases.code_message.clone(), districts: districts(&words) });
    let script = Script { topics, flows, phrases, words, examples, notices: notices(&files), content };
    let style_is_bad = problems.iter().any(|problem| problem.file == "style.yaml");
    // Style reads every word once more: side by side the checks take half the time of a start.
    let (mut linked, mut styled) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| match &style {
            Some(style) => check_style::style(&script, style, &files, &mut styled),
            None if style_is_bad => {}
            None => Faults::of("style.yaml", &files, &mut styled).add(0, "the file is missing".to_owned(), "copy the built-in one"),
        });
        let Content { guides, .. } = &*script.content;
        check_topics::across(&script.topics, guides, &mut linked);
        check_guides::across(guides, &script.topics, style.as_ref(), &files, &mut linked);
        check_documents::documents(&script, &files, &mut linked);
        check_flows::flows(&script, &files, &mut linked);
        check_rules::needed(&script, &files, &mut linked);
        check_templates::templates(&script, &files, &mut linked);
        check_phrases::phrases(&script, &files, &mut linked);
    });
    problems.extend(linked.into_iter().chain(styled));
    (script, problems)
}

/// The topics, which are nearly all of the text: read in two halves side by side.
fn read_topics(files: &[File]) -> (IndexMap<TopicId, Topic>, Vec<Problem>) {
    let files: Vec<&File> = files.iter().filter(|(path, _)| path.starts_with("topics/")).collect();
    let read = |files: &[&File]| {
        let mut problems = Vec::new();
        let mut topic = |(path, text): &&File| {
            let topic = parse::<Topic>(path, text, &mut problems)?;
            check_topics::topic(path, text, &topic, &mut problems);
            Some((TopicId::from(topic.topic.value.as_str()), topic))
        };
        let topics: Vec<_> = files.iter().filter_map(&mut topic).collect();
        (topics, problems)
    };
    let (first, second) = files.split_at(files.len() / 2);
    let (mut one, other) = thread::scope(|scope| {
        let other = scope.spawn(|| read(second));
        (read(first), other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    one.1.extend(other.1);
    (one.0.into_iter().chain(other.0).collect(), one.1)
}

/// The notice about each purpose, named by a hash of its file: whoever reads other words agrees anew.
fn notices(files: &[File]) -> BTreeMap<Purpose, String> {
    let written = |purpose: Purpose| files.iter().find(|(path, _)| *path == format!("flows/{CONSENTS}{}.yaml", purpose.id()));
    let hash = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..9]);
    Purpose::ALL.into_iter().filter_map(|purpose| Some((purpose, hash(&written(purpose)?.1)))).collect()
}

/// Gives every basis of a guide its entry in the library, and what the guide leaves out of it.
fn link(guide: &mut Guide, documents: &Documents) {
    for basis in &mut guide.basis {
        let Some(entry) = documents.find(&basis.title, basis.number.as_deref()) else { continue };
        basis.number = basis.number.take().or_else(|| entry.number.clone());
        basis.in_force = basis.in_force.or(entry.in_force);
        basis.entry = Some(Arc::new(entry.clone()));
    }
}

/// The district that every town lies in, by full name.
fn districts(words: &Words) -> HashMap<String, String> {
    let district = |id: &Option<String>| words.places.iter().find(|place| place.level == "district" && place.district == *id);
    let towns = words.places.iter().filter(|place| place.level == "town" && place.district.is_some());
    towns.filter_map(|town| Some((town.name.clone(), district(&town.district)?.name.clone()))).collect()
}

/// One file read; what is wrong with it goes to `problems`.
fn parse<T: DeserializeOwned>(path: &str, text: &str, problems: &mut Vec<Problem>) -> Option<T> {
    match serde_saphyr::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let line = error.location().map_or(0, |at| at.line());
            let what = error.without_snippet().to_string().lines().next().unwrap_or_default().to_owned();
            problems.push(Problem {
                file: path.to_owned(),
                line,
                what,
                hint: "docs/dialogs.md shows what is written here; wrap a text with `: ` or `#` in quotes".to_owned(),
            });
            None
        }
    }
}

/// Takes the faults of one file.
struct Faults<'a> {
    path: &'a str,
    text: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Faults<'a> {
    /// Of the file at `path`; a file that is missing has no text.
    fn of(path: &'a str, files: &'a [File], problems: &'a mut Vec<Problem>) -> Self {
        let text = files.iter().find(|(other, _)| other == path).map_or("", |(_, text)| text.as_str());
        Self { path, text, problems }
    }

    fn add(&mut self, line: u64, what: String, hint: &str) {
        self.problems.push(Problem { file: self.path.to_owned(), line, what, hint: hint.to_owned() });
    }

    /// The line that begins with `name`; 0 when there is none.
    fn field(&self, name: &str) -> u64 {
        (1..).zip(self.text.lines()).find(|(_, line)| line.starts_with(name)).map_or(0, |(at, _)| at)
    }

    /// The line where a flow's step begins; 0 when there is none.
    fn step(&self, step: &str) -> u64 {
        let begin = format!("  {step}:");
        (1..).zip(self.text.lines()).find(|(_, line)| line.trim_end() == begin).map_or(0, |(at, _)| at)
    }

    /// The first line from `from` on that holds `needle`; `from` when there is none.
    fn line(&self, from: u64, needle: &str) -> u64 {
        (1..).zip(self.text.lines()).find(|(at, line)| *at >= from && line.contains(needle)).map_or(from, |(at, _)| at)
    }
}

/// The file that a flow is written in, whatever its name.
fn flow_path<'a>(flow: &str, files: &'a [File]) -> &'a str {
    let first = format!("flow: {flow}");
    let written = |text: &str| text.lines().any(|line| line.trim_end() == first);
    files.iter().find(|(path, text)| path.starts_with("flows/") && written(text)).map_or("flows/", |(path, _)| path.as_str())
}

/// The longest label that every channel can show on a button.
const LABEL: usize = 15;

fn too_long(label: &str) -> bool {
    label.chars().count() > LABEL
}
