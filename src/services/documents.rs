//! The library of laws and notices: found by number, by name, or by what they say.

mod shelf;

use std::{collections::HashSet, fmt};

use serde_json::{Value, json};

use super::{Answer, Call, slot};
use crate::domain::{
    document::{Document, Documents, State},
    document_number::DocumentNumber,
    guide::{Confidence, TO_BE_CONFIRMED},
    reply::Source,
    topic::TopicId,
};
use shelf::Shelf;

/// Cuts a text into words; joined they are the text in normal form.
pub type Cut = Box<dyn Fn(&str) -> Vec<String> + Send + Sync>;

/// Documents shown of one search.
const MOST: usize = 3;
/// Topics offered beside them.
const TOPICS: usize = 5;

/// The documents, ready to be searched.
pub struct Library {
    documents: Documents,
    /// Every spelling of every number, and whose it is.
    numbers: Vec<(DocumentNumber, usize)>,
    /// Every title and name by its letters, and whose it is.
    names: Vec<(String, usize)>,
    /// Words that name no document, the longest first.
    generic: Vec<String>,
    cut: Cut,
    /// `None`: the index could not be made, and nothing is found by what it says.
    shelf: Option<Shelf>,
}

/// What a search gave.
#[derive(Debug)]
pub struct Found<'a> {
    /// Best first, three at most.
    pub documents: Vec<&'a Document>,
    /// By number or title, not merely by what it says.
    pub exact: bool,
    /// A whole number was said that no document has.
    pub strange_number: bool,
    /// Whether the words say what is looked for.
    pub said: bool,
}

impl Library {
    /// Lays out `documents`; their words are those of `cut`.
    pub fn new(documents: Documents, cut: Cut) -> Self {
        let (mut numbers, mut names) = (Vec::new(), Vec::new());
        for (at, document) in documents.documents.iter().enumerate() {
            numbers.extend(document.read_numbers().map(|number| (number, at)));
            names.extend(document.called().map(|name| (letters(name), at)));
        }
        let mut generic = documents.generic.clone();
        generic.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let mut library = Self { documents, numbers, names, generic, cut, shelf: None };
        let terms = |text: String| library.terms((library.cut)(&text));
        let texts = library.documents.documents.iter().map(|document| {
            let names: Vec<&str> = document.called().collect();
            let issuer = document.issuer.as_deref().unwrap_or_default();
            (terms(names.join("\n")), terms(format!("{}\n{issuer}", document.summary)))
        });
        library.shelf = match Shelf::new(texts) {
            Ok(shelf) => Some(shelf),
            Err(error) => {
                tracing::error!(%error, "the index of documents could not be made");
                None
            }
        };
        library
    }

    /// The documents that a text looks for.
    pub fn search(&self, text: &str) -> Found<'_> {
        let words = (self.cut)(text);
        let clean = words.concat();
        let shown = |places: Vec<usize>| places.into_iter().map(|at| &self.documents.documents[at]).collect();
        let mentioned = DocumentNumber::mentioned(&clean);
        let meant = |number: &DocumentNumber| mentioned.iter().any(|said| said.can_mean(number));
        let numbered: Vec<usize> = self.numbers.iter().filter(|(number, _)| meant(number)).map(|(_, at)| *at).collect();
        let strange_number = numbered.is_empty() && mentioned.iter().any(DocumentNumber::is_whole);
        let spelled = letters(&clean);
        let named = self.named(&spelled);
        let titled = |at: &usize| self.documents.documents[*at].title.as_ref().is_some_and(|title| spelled.contains(&letters(title)));
        if !numbered.is_empty() || !named.is_empty() && named.iter().all(titled) {
            let places = numbered.into_iter().chain(named.into_iter().filter(titled));
            return Found { documents: shown(distinct(places)), exact: true, strange_number, said: true };
        }
        let terms = self.terms(words);
        let said = strange_number || !terms.is_empty() || !named.is_empty();
        let alike = self.shelf.as_ref().map(|shelf| shelf.search(&terms, MOST)).unwrap_or_default();
        Found { documents: shown(distinct(named.into_iter().chain(alike))), exact: false, strange_number, said }
    }

    /// The documents whose names `said` contains; a name within a longer one that is said does not count.
    fn named(&self, said: &str) -> Vec<usize> {
        let mut found: Vec<&(String, usize)> = self.names.iter().filter(|(name, _)| said.contains(name.as_str())).collect();
        found.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
        let inside = |(name, at): &(String, usize)| {
            found.iter().any(|(other, whose)| whose != at && other.len() > name.len() && other.contains(name.as_str()))
        };
        distinct(found.iter().filter(|one| !inside(one)).map(|(_, at)| *at))
    }

    /// What words say, as it is compared: themselves without the generic ones, and for what is no word of ours, its pairs
    /// of characters. Signs and digits are left out.
    fn terms(&self, words: Vec<String>) -> Vec<String> {
        let (mut terms, mut run) = (Vec::new(), String::new());
        for word in words {
            let sign = !word.chars().all(char::is_alphabetic);
            let short = word.chars().nth(1).is_none();
            if short && !sign && !self.generic.contains(&word) {
                run.push_str(&word);
                continue;
            }
            self.pairs(&std::mem::take(&mut run), &mut terms);
            if !short && !sign && !self.generic.contains(&word) {
                terms.push(word);
            }
        }
        self.pairs(&run, &mut terms);
        let mut seen = HashSet::new();
        terms.retain(|term| seen.insert(term.clone()));
        terms
    }

    fn pairs(&self, run: &str, terms: &mut Vec<String>) {
        if run.chars().nth(1).is_none() {
            return;
        }
        let generic = self.generic.iter().filter(|word| run.contains(word.as_str()));
        let rest = generic.fold(run.to_owned(), |rest, word| rest.replace(word.as_str(), " "));
        terms.extend(rest.split(' ').flat_map(shelf::pairs));
    }
}

/// Letters and digits alone.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn distinct(of: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut seen = HashSet::new();
    of.filter(|at| seen.insert(*at)).take(MOST).collect()
}

/// The documents that the slot `query`, else the whole message in `words`, looks for. `outcome` is `found`, `vague` when the
/// message says that a document is wanted and not which, or `nothing`.
pub(super) fn documents(library: &Library, call: &Call) -> Answer {
    let query = slot!(call, "query", Text);
    let asked = query.is_some();
    let found = library.search(&query.or_else(|| slot!(call, "words", Text)).unwrap_or_default());
    let documents = &found.documents;
    let outcome = match (documents.is_empty(), found.said || asked) {
        (false, _) => "found",
        (true, false) => "vague",
        (true, true) => "nothing",
    };
    let mut seen = HashSet::new();
    let topics: Vec<&TopicId> =
        documents.iter().flat_map(|document| &document.topics).filter(|topic| seen.insert(*topic)).take(TOPICS).collect();
    let values = json!({
        "outcome": outcome,
        "exact": found.exact,
        "strange_number": found.strange_number,
        "first": documents.first().map(|document| value(document)),
        "others": documents.iter().skip(1).map(|document| value(document)).collect::<Vec<_>>(),
        "topics": topics,
    });
    Answer::Found { values, sources: documents.iter().map(|document| source(document)).collect() }
}

fn value(document: &Document) -> Value {
    let mark = if document.confidence == Confidence::High { "" } else { TO_BE_CONFIRMED };
    json!({
        "heading": document.heading(),
        "titled": document.title.is_some(),
        "number": document.number,
        "issuer": document.issuer,
        "issued": document.issued,
        "amended": document.amended,
        "in_force": document.in_force,
        "until": document.until,
        "dated": document.dated(),
        "state": document.state,
        "holds": document.state == State::InForce,
        "replacement": document.replacement,
        "summary": format!("{}{mark}", document.summary),
        "link": document.link,
    })
}

fn source(document: &Document) -> Source {
    let title = document.called().next().unwrap_or_default().to_owned();
    Source { title, number: document.number.clone(), article: None, in_force: document.in_force, as_of: None, copied_at: None }
}

impl fmt::Debug for Library {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Library").field("documents", &self.documents.documents.len()).finish_non_exhaustive()
    }
}
