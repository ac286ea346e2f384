//! One text read: topic, side, entities, and whether to act, ask or admit not knowing.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    Examples, Lexicon, Words,
    entities::Extractor,
    model::{Model, Vector, Vocabulary, names},
    normalise::{clean, squash},
};
use crate::domain::{
    entity::Entities,
    topic::{Aspect, TopicId, TopicKind},
};

/// From this calibrated probability on the desk acts …
const ACT: f32 = 0.5;
/// … and from this one where the answer discloses a record or starts a case.
const ACT_PERSONAL: f32 = 0.6;
/// Below this even the best topic is not worth offering.
const OFFER: f32 = 0.1;
/// A topic is offered beside the best one when it has this share of its probability.
const WORTH: f32 = 0.25;
/// Below this probability of being the desk's business at all, it is not.
const INSIDE: f32 = 0.25;
/// Topics that a question is ranked by.
const RANKED: usize = 5;

/// Reads texts. Built once from content, shared by all turns.
pub struct Reader {
    variants: Lexicon<String>,
    concepts: Lexicon<String>,
    aspects: Lexicon<Aspect>,
    extractor: Extractor,
    topics: Vec<TopicId>,
    exact: HashMap<String, usize>,
    vocabulary: Vocabulary,
    model: Model,
    gate: Option<Model>,
}

/// A topic and how likely it is meant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// Which.
    pub topic: TopicId,
    /// Calibrated probability.
    pub p: f32,
}

/// What to do about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Act on the best topic.
    Act,
    /// Ask which of these is meant.
    Clarify(Vec<TopicId>),
    /// Say that it is not understood, or not the desk's business.
    Unknown,
}

/// A second question in the same text.
#[derive(Clone, Debug, PartialEq)]
pub struct Also {
    /// Its topic.
    pub topic: TopicId,
    /// Its side.
    pub aspect: Option<Aspect>,
    /// What it names.
    pub entities: Entities,
}

/// What a text means.
#[derive(Clone, Debug)]
pub struct Meaning {
    /// The text in normal form.
    pub normal: String,
    /// The likeliest topics, best first.
    pub topics: Vec<Ranked>,
    /// Probability of being the desk's business.
    pub inside: f32,
    /// Which side of a guide.
    pub aspect: Option<Aspect>,
    /// What it names.
    pub entities: Entities,
    /// Further questions in it.
    pub also: Vec<Also>,
    /// What to do.
    pub decision: Decision,
}

/// Why a text was understood so.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// Normal form.
    pub normal: String,
    /// What the classifier reads.
    pub squashed: String,
    /// Concepts found.
    pub concepts: Vec<String>,
    /// The contract's answer.
    pub understanding: Value,
    /// The likeliest topics.
    pub topics: Vec<Ranked>,
    /// Probability of being the desk's business.
    pub inside: f32,
    /// Features that speak most for the best topic, and how much.
    pub decided: Vec<(String, f32)>,
}

impl Reader {
    /// Learns from content. The same content gives the same reader.
    pub fn train(words: &Words, examples: &Examples) -> Self {
        let forms = |lists: &indexmap::IndexMap<String, Vec<String>>| -> Vec<(String, String)> {
            lists.iter().flat_map(|(concept, forms)| forms.iter().map(move |form| (form.clone(), concept.clone()))).collect()
        };
        let insurance: Vec<_> = words.insurance.iter().flat_map(|(id, said)| said.iter().map(move |said| (*id, said.clone()))).collect();
        let place = |place: &super::PlaceName| {
            std::iter::once(&place.name).chain(&place.aliases).map(|said| (said.clone(), place.name.clone())).collect::<Vec<_>>()
        };
        let places: Vec<_> = words.places.iter().flat_map(place).collect();
        let mut reader = Self {
            variants: Lexicon::new(words.variants.iter().map(|(from, to)| (from.clone(), to.clone()))),
            concepts: Lexicon::new(forms(&words.concepts)),
            aspects: Lexicon::new(words.aspects.iter().flat_map(|(aspect, said)| said.iter().map(move |said| (said.clone(), *aspect)))),
            extractor: Extractor::new(&insurance, &places),
            topics: examples.topics.iter().map(|(topic, _)| topic.clone()).collect(),
            exact: HashMap::new(),
            vocabulary: Vocabulary::default(),
            model: Model::default(),
            gate: None,
        };
        reader.learn(examples);
        reader
    }

    fn learn(&mut self, examples: &Examples) {
        let mut ours = Vec::new();
        for (class, (_, said)) in examples.topics.iter().enumerate() {
            for text in said {
                let squashed = self.squashed(text);
                self.exact.entry(squashed.clone()).or_insert(class);
                ours.push((self.names(&squashed), class));
            }
        }
        let outside: Vec<_> = examples.near.iter().chain(&examples.far).map(|text| self.names(&self.squashed(text))).collect();
        self.vocabulary = Vocabulary::of(ours.iter().map(|(names, _)| names).chain(&outside));
        let vectors: Vec<(Vector, usize)> = ours.iter().map(|(names, class)| (self.vocabulary.vector(names), *class)).collect();
        self.model = Model::train(&self.vocabulary, self.topics.len(), &vectors);
        if !outside.is_empty() {
            let inside = vectors.iter().map(|(vector, _)| (vector.clone(), 1));
            // As many outsiders as insiders: the smaller side is repeated, so that neither is believed for its number.
            let foreign = outside.iter().map(|names| (self.vocabulary.vector(names), 0)).cycle().take(vectors.len());
            let both: Vec<_> = inside.zip(foreign).flat_map(|(one, other)| [one, other]).collect();
            self.gate = Some(Model::train(&self.vocabulary, 2, &both));
        }
    }

    fn squashed(&self, text: &str) -> String {
        self.variants.replace(&squash(&clean(text)))
    }

    fn found(&self, squashed: &str) -> Vec<String> {
        let mut found: Vec<String> = self.concepts.find(squashed).map(|(_, _, concept)| concept.clone()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn names(&self, squashed: &str) -> Vec<String> {
        names(squashed, &self.found(squashed))
    }

    /// What `text` means on the day `today`.
    pub fn read(&self, text: &str, today: NaiveDate) -> Meaning {
        let normal = clean(text);
        let mut meaning = self.one(&normal, today);
        let parts: Vec<&str> = normal.split(['?', '!', '.', ';', '\n']).filter(|part| part.chars().count() > 3).collect();
        if (2..=4).contains(&parts.len()) {
            let mut sure = parts.into_iter().map(|part| self.one(part, today)).filter(|part| part.decision == Decision::Act);
            if let (Some(first), Some(second)) = (sure.next(), sure.next())
                && first.topics[0].topic != second.topics[0].topic
                && second.topics[0].topic.kind() != Some(TopicKind::Talk)
                && first.topics[0].topic.kind() != Some(TopicKind::Talk)
            {
                let also = Also { topic: second.topics[0].topic.clone(), aspect: second.aspect, entities: second.entities };
                meaning = Meaning { normal, also: vec![also], ..first };
            }
        }
        meaning
    }

    fn one(&self, normal: &str, today: NaiveDate) -> Meaning {
        let squashed = self.variants.replace(&squash(normal));
        let entities = self.extractor.extract(&self.variants.replace(normal), today);
        let aspect = self.aspects.find(&squashed).last().map(|(_, _, aspect)| *aspect);
        let mut meaning = Meaning {
            normal: normal.to_owned(),
            topics: Vec::new(),
            inside: 0.0,
            aspect,
            entities,
            also: Vec::new(),
            decision: Decision::Unknown,
        };
        if squashed.is_empty() || self.topics.is_empty() {
            return meaning;
        }
        let vector = self.vocabulary.vector(&self.names(&squashed));
        let exact = self.exact.get(&squashed);
        meaning.inside = match (&self.gate, exact) {
            (_, Some(_)) | (None, None) => 1.0,
            (Some(gate), None) => gate.probabilities(&vector)[1],
        };
        let mut ranked: Vec<(usize, f32)> = self.model.probabilities(&vector).into_iter().enumerate().collect();
        if let Some(class) = exact {
            for (at, p) in &mut ranked {
                *p = if at == class { 0.99 } else { *p * 0.01 };
            }
        }
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1));
        meaning.topics = ranked.iter().take(RANKED).map(|(class, p)| Ranked { topic: self.topics[*class].clone(), p: *p }).collect();
        meaning.decision = decide(&meaning);
        meaning
    }

    /// Why `text` is understood as it is.
    pub fn explain(&self, text: &str, today: NaiveDate) -> Explanation {
        let meaning = self.read(text, today);
        let squashed = self.squashed(text);
        let vector = self.vocabulary.vector(&self.names(&squashed));
        let best = meaning.topics.first().and_then(|best| self.topics.iter().position(|topic| *topic == best.topic));
        let mut decided: Vec<(String, f32)> = best.map_or_else(Vec::new, |class| {
            let share = |(feature, value): &(u32, f32)| {
                Some((self.vocabulary.name(*feature)?.to_owned(), self.model.share(*feature, *value, class)))
            };
            vector.iter().filter_map(share).collect()
        });
        decided.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        decided.truncate(10);
        Explanation {
            concepts: self.found(&squashed),
            understanding: meaning.contract(),
            normal: meaning.normal,
            squashed,
            topics: meaning.topics,
            inside: meaning.inside,
            decided,
        }
    }
}

fn decide(meaning: &Meaning) -> Decision {
    let Some(best) = meaning.topics.first() else { return Decision::Unknown };
    if meaning.inside < INSIDE || best.p < OFFER {
        return Decision::Unknown;
    }
    let personal = matches!(best.topic.kind(), Some(TopicKind::Record | TopicKind::Case | TopicKind::Certificate));
    if best.p >= if personal { ACT_PERSONAL } else { ACT } {
        return Decision::Act;
    }
    let offered = meaning.topics.iter().take(3).filter(|ranked| ranked.p >= best.p * WORTH && ranked.topic.kind() != Some(TopicKind::Talk));
    let offered: Vec<TopicId> = offered.map(|ranked| ranked.topic.clone()).collect();
    if offered.len() < 2 { Decision::Act } else { Decision::Clarify(offered) }
}

/// One value as it is, several as a list, none left out.
fn put(into: &mut Map<String, Value>, name: &str, mut values: Vec<Value>) {
    match values.len() {
        0 => {}
        1 => {
            into.insert(name.to_owned(), values.remove(0));
        }
        _ => {
            into.insert(name.to_owned(), Value::Array(values));
        }
    }
}

fn contract(entities: &Entities) -> Value {
    let mut all = Map::new();
    put(&mut all, "insurance", entities.insurance.iter().map(|one| json!(one)).collect());
    put(&mut all, "period", entities.period.iter().map(|one| json!(one)).collect());
    put(&mut all, "date", entities.date.iter().map(|one| json!(one)).collect());
    put(&mut all, "id-number", entities.id_number.iter().map(|one| json!(one)).collect());
    put(&mut all, "case-number", entities.case_number.iter().map(|one| json!(one)).collect());
    put(&mut all, "phone", entities.phone.iter().map(|one| json!(one)).collect());
    put(&mut all, "money", entities.money.iter().map(|one| json!(one)).collect());
    put(&mut all, "years", entities.years.iter().map(|one| json!(one)).collect());
    put(&mut all, "sex", entities.sex.iter().map(|one| json!(one)).collect());
    put(&mut all, "city", entities.city.iter().map(|one| json!(one)).collect());
    Value::Object(all)
}

impl Meaning {
    /// Whether the text is none of the desk's business, rather than not understood.
    pub fn is_outside(&self) -> bool {
        self.inside < INSIDE
    }

    /// The JSON of `wenban understand` in `contracts.md`.
    pub fn contract(&self) -> Value {
        let best = self.topics.first();
        let known = self.decision != Decision::Unknown;
        let topic = best.filter(|_| known).map_or("talk.other", |best| best.topic.as_str());
        let clarify = match &self.decision {
            Decision::Clarify(topics) => Some(topics),
            Decision::Act | Decision::Unknown => None,
        };
        let score = best.map_or(0.0, |best| f64::from((if known { best.p } else { 1.0 - self.inside } * 1e4).round()) / 1e4);
        let mut out =
            json!({"topic": topic, "score": score, "aspect": self.aspect, "entities": contract(&self.entities), "clarify": clarify});
        if !self.also.is_empty() {
            let also = |one: &Also| json!({"topic": one.topic, "aspect": one.aspect, "entities": contract(&one.entities)});
            out["also"] = self.also.iter().map(also).collect();
        }
        out
    }
}
