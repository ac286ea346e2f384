//! The library of laws and notices, and that guides and rules rest on nothing outside it.

use std::collections::{HashMap, HashSet};

use super::{super::script::Script, Faults, File, Problem, check_topics::USE_AN_ID};
use crate::domain::{
    document::{Document, Documents, State, bare},
    document_number::DocumentNumber,
    guide::{Basis, Guide},
};

const PATH: &str = "documents.yaml";
const ADD_IT: &str = "add it to documents.yaml, or correct title and number";

/// The library by itself, and every basis against it.
pub(super) fn documents(script: &Script, files: &[File], problems: &mut Vec<Problem>) {
    let library = &script.content.documents;
    let mut faults = Faults::of(PATH, files, problems);
    for document in &library.documents {
        entry(document, script, &mut faults);
    }
    doubled(library, &mut faults);
    for guide in script.content.guides.values() {
        based(guide, library, files, problems);
    }
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("rules/")) {
        let mut faults = Faults::of(path, files, problems);
        for (line, at) in text.lines().zip(1..) {
            if let Some((before, rest)) = line.split_once("basis: ") {
                let basis = rest.split(", ").next().unwrap_or(rest).trim_end_matches('}');
                cited(basis, at, before.contains("value: null"), library, &mut faults);
            }
        }
    }
}

/// The line where an entry stands.
fn place(document: &Document, faults: &Faults<'_>) -> u64 {
    let first = document
        .title
        .iter()
        .map(|title| format!("title: {title}"))
        .chain(document.number.iter().map(|number| format!("number: {number}")));
    let by_name = document.names.iter().map(|name| format!("names: [{name}"));
    first.chain(by_name).next().map_or(0, |needle| faults.line(0, &needle))
}

fn entry(document: &Document, script: &Script, faults: &mut Faults<'_>) {
    let line = place(document, faults);
    let heading = document.heading();
    let mut fault = |what: &str, hint: &str| faults.add(line, format!("{heading} {what}"), hint);
    if document.called().next().is_none() {
        fault("has neither title nor name", "write its title, or what it is about in `names`");
    }
    if document.source.trim().is_empty() {
        fault("has no source", "say where all this was read");
    }
    if document.summary.trim().is_empty() {
        fault("has no summary", "say in plain words what is in it");
    }
    let replaced = document.replacement.as_ref().is_some_and(|note| !note.trim().is_empty());
    if document.state == State::Repealed && !replaced {
        fault("is repealed and says not by what", "write in `replacement` what to look at instead, or that it is unknown");
    }
    if document.state != State::Repealed && document.replacement.is_some() {
        fault("is not repealed and has a replacement", "set `state: repealed`, or delete `replacement`");
    }
    for number in document.number.iter().chain(&document.numbers) {
        if !DocumentNumber::parse(number).is_some_and(|number| number.is_whole()) {
            fault(&format!("has the number `{number}`, which cannot be read"), "write it as printed: 国办发〔2019〕13号, 国务院令第765号");
        }
    }
    for topic in document.topics.iter().filter(|topic| !script.topics.contains_key(*topic)) {
        fault(&format!("bears on `{topic}`, which is no topic"), USE_AN_ID);
    }
}

/// No number and no name belongs to two entries.
fn doubled(library: &Documents, faults: &mut Faults<'_>) {
    let mut numbers: Vec<(DocumentNumber, &Document)> = Vec::new();
    let mut names: HashMap<&str, &Document> = HashMap::new();
    for document in &library.documents {
        for number in document.read_numbers() {
            if let Some((_, other)) = numbers.iter().find(|(other, _)| *other == number) {
                let needle = document.number.as_deref().unwrap_or_default();
                let line = faults.line(place(other, faults) + 1, needle);
                faults.add(
                    line,
                    format!("the number of {} is that of {} too", document.heading(), other.heading()),
                    "one entry a document",
                );
            }
            numbers.push((number, document));
        }
        let own: HashSet<&str> = document.called().collect();
        for name in own {
            if let Some(other) = names.insert(name, document) {
                let line = faults.line(place(other, faults) + 1, name);
                faults.add(line, format!("「{name}」 is {} too", other.heading()), "give a name to one document only");
            }
        }
    }
}

/// Every basis of a guide is an entry, and says of it what the entry says.
fn based(guide: &Guide, library: &Documents, files: &[File], problems: &mut Vec<Problem>) {
    let path = format!("guides/{}.yaml", guide.topic);
    let mut faults = Faults::of(&path, files, problems);
    for Basis { title, number, in_force, entry, .. } in &guide.basis {
        let line = faults.line(faults.line(0, "basis:"), title);
        let Some(entry) = entry else {
            let number = number.as_ref().map(|number| format!("（{number}）")).unwrap_or_default();
            faults.add(line, format!("the basis 「{title}」{number} is no document of the library"), ADD_IT);
            continue;
        };
        if entry.title.is_some() && entry.called().all(|name| name != bare(title)) {
            let known = number.as_deref().and_then(|number| library.numbered(number)).map(Document::heading).unwrap_or_default();
            faults.add(line, format!("the number of the basis 「{title}」 is that of {known}"), "write its title, or correct the number");
        }
        if in_force.is_some() && *in_force != entry.in_force {
            let known = entry.in_force.map_or_else(|| "null".to_owned(), |day| day.to_string());
            faults.add(line, format!("「{title}」 is in force since another day in the library: {known}"), "leave it out here: null");
        }
    }
}

/// A basis in one text: every title in 《》 and every number is an entry, and there is one at least, or the name of an
/// entry. A value that is not published yet may say so instead.
fn cited(basis: &str, line: u64, unpublished: bool, library: &Documents, faults: &mut Faults<'_>) {
    // What is in 《》 behind 附件 is part of the document before it.
    let own = |(at, _): &(usize, &str)| !basis[..*at].ends_with("附件");
    let inside = |(at, _): (usize, &str)| basis[at..].trim_start_matches('《').split_once('》').map(|(title, _)| title);
    let titles: Vec<&str> = basis.match_indices('《').filter(own).filter_map(inside).collect();
    let numbers: Vec<DocumentNumber> = DocumentNumber::mentioned(basis).into_iter().filter(DocumentNumber::is_whole).collect();
    let named = library.documents.iter().flat_map(Document::called).any(|name| basis.contains(name));
    if titles.is_empty() && numbers.is_empty() && !named && !unpublished {
        faults.add(
            line,
            format!("the basis {basis} names no document"),
            "write its title in 《》, its number, or a name it has in documents.yaml",
        );
    }
    for title in titles.into_iter().filter(|title| library.find(title, None).is_none()) {
        faults.add(line, format!("the basis 《{title}》 is no document of the library"), ADD_IT);
    }
    let known = |number: &DocumentNumber| library.documents.iter().flat_map(Document::read_numbers).any(|other| number.can_mean(&other));
    if numbers.iter().any(|number| !known(number)) {
        faults.add(line, format!("a number in the basis {basis} is that of no document of the library"), ADD_IT);
    }
}
