//! One text read: topic, side, entities, and whether to act, ask or admit not knowing.

#[cfg(test)]
mod tests;

use std::{collections::HashMap, fmt, thread};

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::{
    Examples, Segmenter, Words,
    aspects::Aspects,
    classify::Classifier,
    decide::decide,
    entities::Extractor,
    features::{Columns, Concepts, Counted},
    gate::Gate,
    lexicon::Lexicon,
    linear::Rows,
    meaning::{Also, Decision, Meaning, OTHER, Ranked},
    normalise::{clean, mark, squash},
    segment::questions,
    sound::Sounds,
    spread::Spread,
};
use crate::domain::{
    entity::Entities,
    topic::{TopicId, TopicKind},
};

/// Topics kept of a reading.
const BEST: usize = 5;
/// A further question is taken up when its topic is this likely: a wrong one costs the resident more than asking twice.
const ALSO: f32 = 0.7;
/// Features shown in an explanation.
const DECIDING: usize = 12;

/// Reads texts. Trained once from content, shared by all turns.
pub struct Reader {
    variants: Lexicon<String>,
    sounds: Sounds,
    aspects: Aspects,
    further: Lexicon<()>,
    extractor: Extractor,
    segmenter: Segmenter,
    topics: Vec<TopicId>,
    /// The class of every example by its squashed text; `None` for one that is not the desk's business.
    exact: HashMap<String, Option<usize>>,
    columns: Columns,
    classifier: Classifier,
    gate: Gate,
    spread: Spread,
}

/// Why a text was understood so.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The text after cleaning.
    pub normal: String,
    /// Its words.
    pub words: Vec<String>,
    /// What the classifier reads of it.
    pub squashed: String,
    /// Its concepts.
    pub concepts: Vec<String>,
    /// Whether it reads exactly like an example.
    pub example: bool,
    /// The contract's answer.
    pub understanding: Value,
    /// The likeliest topics.
    pub topics: Vec<Ranked>,
    /// Probability of being the desk's business.
    pub inside: f32,
    /// The features that spoke loudest for or, below zero, against the best topic.
    pub evidence: Vec<Evidence>,
}

/// A feature of a text and what it added to the score of the best topic.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// A character, a pair (`^` begins, `$` ends the text), a `[concept]` or a pair of concepts; `*` is what every text adds.
    pub feature: String,
    /// Its part of the score.
    pub weight: f32,
}

/// The part of a reader that is learnt and not merely laid out anew.
type Learnt = (Counted, Gate, Classifier);

/// One text, or one question of it, read by itself.
struct Reading {
    squashed: String,
    topics: Vec<Ranked>,
    inside: f32,
    decision: Decision,
}

impl Reader {
    /// Learns from content. The same content gives the same reader.
    pub fn train(words: &Words, examples: &Examples) -> Self {
        Self::build(words, examples, None)
    }

    /// Takes over what a reader of the same content has [kept](Self::keep); `None` when the bytes are of something else.
    pub fn recall(words: &Words, examples: &Examples, learnt: &[u8]) -> Option<Self> {
        postcard::from_bytes(learnt).ok().map(|learnt| Self::build(words, examples, Some(learnt)))
    }

    /// Writes what took time to learn, to be [recalled](Self::recall); about 12 MB for our content.
    pub fn keep(&self, to: impl std::io::Write) -> std::io::Result<()> {
        let learnt = (&self.columns.counted, &self.gate, &self.classifier);
        postcard::to_io(&learnt, to).map(drop).map_err(std::io::Error::other)
    }

    fn build(words: &Words, examples: &Examples, learnt: Option<Learnt>) -> Self {
        let variants = Lexicon::new(words.variants.clone());
        let all = |texts: &[String]| texts.iter().map(|text| variants.replace(&mark(&clean(text)))).collect::<Vec<String>>();
        let (mut topics, mut texts) = (Vec::new(), Vec::new());
        let (near, mut far) = (all(&examples.near), all(&examples.far));
        for (topic, said) in &examples.topics {
            if topic.as_str() == OTHER {
                far.extend(all(said));
            } else {
                texts.extend(all(said).into_iter().map(|text| (text, topics.len())));
                topics.push(topic.clone());
            }
        }
        let plain: Vec<(String, usize)> = texts.iter().map(|(text, class)| (squash(text), *class)).collect();
        let strange = near.iter().chain(&far).map(|text| (squash(text), None));
        let exact = unanimous(plain.iter().map(|(text, class)| (text.clone(), Some(*class))).chain(strange));
        let inside: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
        let (near, far): (Vec<&str>, Vec<&str>) = (near.iter().map(String::as_str).collect(), far.iter().map(String::as_str).collect());
        let concepts = Concepts::new(
            words.concepts.iter().map(|(concept, forms)| (concept.clone(), all(forms).iter().map(|form| squash(form)).collect())),
        );
        let insurance: Vec<_> = words.insurance.iter().flat_map(|(id, said)| said.iter().map(|said| (*id, said.clone()))).collect();
        let places = words
            .places
            .iter()
            .flat_map(|place| std::iter::once(&place.name).chain(&place.aliases).map(|said| (said.clone(), place.name.clone())));
        let places: Vec<_> = places.collect();
        // Beside the counting, which keeps one core busy.
        let lay_out = || {
            let sounds = Sounds::new(words.concepts.values().flatten().chain(&words.words).map(String::as_str));
            (Segmenter::new(words, inside.iter().copied()), Spread::new(&plain), sounds, Extractor::new(&insurance, &places))
        };
        let learn = || {
            if let Some((counted, gate, classifier)) = learnt {
                (Columns::of(concepts, counted), gate, classifier)
            } else {
                let columns = Columns::new(concepts, inside.iter().copied(), near.iter().chain(&far).copied());
                let mut rows = Rows::default();
                for text in inside.iter().chain(&near).chain(&far) {
                    rows.push(&columns.weigh(text));
                }
                let labels: Vec<usize> = texts.iter().map(|(_, class)| *class).collect();
                let gate = Gate::train(&rows, columns.len(), inside.len(), near.len(), far.len());
                let classifier = Classifier::train(&rows, &labels, topics.len(), columns.counted.inside);
                (columns, gate, classifier)
            }
        };
        let ((columns, gate, classifier), (segmenter, spread, sounds, extractor)) = thread::scope(|scope| {
            let laid_out = scope.spawn(lay_out);
            (learn(), laid_out.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        Self {
            aspects: Aspects::new(words),
            further: Lexicon::new(words.further.iter().map(|word| (word.clone(), ()))),
            extractor,
            segmenter,
            exact,
            gate,
            classifier,
            spread,
            sounds,
            variants,
            topics,
            columns,
        }
    }

    /// What `text` means on the day `today`.
    pub fn read(&self, text: &str, today: NaiveDate) -> Meaning {
        let normal = clean(text);
        let whole = self.classify(&normal);
        let parts = questions(&normal, &self.further);
        let mut asked: Vec<(&str, Reading)> = Vec::new();
        if parts.len() > 1 {
            let certain = |reading: &Reading| reading.decision == Decision::Act && reading.topics[0].p >= ALSO;
            for (part, reading) in parts.iter().map(|part| (*part, self.classify(part))) {
                let new = !asked.iter().any(|(_, known)| same(known, &reading));
                if certain(&reading) && !is_talk(&reading) && new {
                    asked.push((part, reading));
                }
            }
        }
        if asked.len() > 1 {
            return self.several(normal.clone(), &parts, asked, today);
        }
        // A greeting or thanks around one question must not hide it.
        let hidden = whole.decision != Decision::Act || is_talk(&whole);
        let aspect = self.aspects.find(&whole.squashed);
        let reading = asked.pop().filter(|_| hidden).map_or(whole, |(_, reading)| reading);
        Meaning {
            topics: reading.topics,
            inside: reading.inside,
            aspect,
            entities: self.named(&normal, today),
            also: Vec::new(),
            decision: reading.decision,
            normal,
        }
    }

    /// The likeliest topics of `text` as one question, best first: what [`read`](Self::read) does until it knows the topic.
    pub fn topics(&self, text: &str) -> Vec<Ranked> {
        self.classify(&clean(text)).topics
    }

    /// What `text` names on the day `today`, whatever it asks.
    pub fn entities(&self, text: &str, today: NaiveDate) -> Entities {
        self.named(&clean(text), today)
    }

    fn named(&self, clean: &str, today: NaiveDate) -> Entities {
        self.extractor.extract(&self.variants.replace(clean), today)
    }

    /// Two or more questions: the first is the matter, the others come after it. What is told in between belongs to the first.
    fn several(&self, normal: String, parts: &[&str], asked: Vec<(&str, Reading)>, today: NaiveDate) -> Meaning {
        let told: Vec<&str> = parts.iter().copied().filter(|part| asked[1..].iter().all(|(other, _)| other != part)).collect();
        let mut also = asked.into_iter().map(|(part, mut reading)| {
            let also = Also {
                topic: reading.topics[0].topic.clone(),
                aspect: self.aspects.find(&reading.squashed),
                entities: self.named(part, today),
            };
            (also, std::mem::take(&mut reading.topics), reading.inside)
        });
        let Some((first, topics, inside)) = also.next() else { return Meaning { normal, ..Meaning::default() } };
        Meaning {
            normal,
            topics,
            inside,
            aspect: first.aspect,
            entities: self.named(&told.join("\n"), today),
            also: also.map(|(also, _, _)| also).collect(),
            decision: Decision::Act,
        }
    }

    /// Why `text` is understood as it is.
    pub fn explain(&self, text: &str, today: NaiveDate) -> Explanation {
        let meaning = self.read(text, today);
        let marked = self.marked(&meaning.normal);
        let squashed = squash(&marked);
        let best = meaning.topics.first().and_then(|best| self.topics.iter().position(|topic| *topic == best.topic));
        let mut evidence: Vec<Evidence> = best.map_or_else(Vec::new, |class| {
            let row = self.columns.weigh(&marked);
            let weight = |column| rounded(self.classifier.evidence(column, class));
            row.into_iter().map(|column| Evidence { feature: self.columns.label(column.0), weight: weight(column) }).collect()
        });
        evidence.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
        evidence.truncate(DECIDING);
        Explanation {
            words: self.segmenter.cut(&meaning.normal).into_iter().map(str::to_owned).collect(),
            concepts: self.columns.concepts(&squashed),
            example: self.exact.contains_key(&squashed),
            understanding: meaning.contract(),
            topics: meaning.topics.into_iter().map(|ranked| Ranked { p: rounded(ranked.p), ..ranked }).collect(),
            inside: rounded(meaning.inside),
            normal: meaning.normal,
            squashed,
            evidence,
        }
    }

    /// The words of any text; joined they are the text as [`clean`] leaves it.
    pub fn cut(&self, text: &str) -> Vec<String> {
        self.segmenter.cut(&clean(text)).into_iter().map(str::to_owned).collect()
    }

    /// The segmenter over the same words.
    pub fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// What the classifier reads: marks and letters, dialect and slips replaced.
    fn marked(&self, clean: &str) -> String {
        let marked = self.variants.replace(&mark(clean));
        self.sounds.mend(&marked, |one, other| self.columns.pair(one, other)).into_owned()
    }

    fn classify(&self, clean: &str) -> Reading {
        let marked = self.marked(clean);
        let squashed = squash(&marked);
        let mut reading = Reading { squashed, topics: Vec::new(), inside: 0.0, decision: Decision::Unknown };
        if reading.squashed.is_empty() || self.topics.is_empty() {
            return reading;
        }
        let ranked =
            |ranked: Vec<(usize, f32)>| ranked.into_iter().map(|(class, p)| Ranked { topic: self.topics[class].clone(), p }).collect();
        let row = self.columns.weigh(&marked);
        match self.exact.get(&reading.squashed) {
            Some(Some(class)) => return Reading { topics: ranked(vec![(*class, 1.0)]), inside: 1.0, decision: Decision::Act, ..reading },
            Some(None) => {}
            None => reading.inside = self.gate.inside(&row),
        }
        reading.topics = ranked(best(self.classifier.probabilities(&row)));
        reading.decision = decide(&reading.topics, reading.inside);
        let choices = self.spread.classes(&reading.squashed);
        if choices.len() > 1 && reading.decision != Decision::Unknown {
            reading.topics = ranked(choices);
            reading.decision = Decision::Clarify(reading.topics.iter().map(|ranked| ranked.topic.clone()).collect());
        }
        reading
    }
}

fn best(probabilities: Vec<f32>) -> Vec<(usize, f32)> {
    let mut all: Vec<(usize, f32)> = probabilities.into_iter().enumerate().collect();
    all.sort_unstable_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    all.truncate(BEST);
    all
}

fn same(one: &Reading, other: &Reading) -> bool {
    one.topics.first().map(|best| &best.topic) == other.topics.first().map(|best| &best.topic)
}

fn is_talk(reading: &Reading) -> bool {
    reading.topics.first().is_some_and(|best| best.topic.kind() == Some(TopicKind::Talk))
}

fn rounded(number: f32) -> f32 {
    (number * 1e4).round() / 1e4
}

/// Texts all of whose examples carry one class.
fn unanimous(texts: impl Iterator<Item = (String, Option<usize>)>) -> HashMap<String, Option<usize>> {
    let mut classes: HashMap<String, Option<Option<usize>>> = HashMap::new();
    for (text, class) in texts {
        classes.entry(text).and_modify(|known| *known = known.filter(|known| *known == class)).or_insert(Some(class));
    }
    classes.into_iter().filter_map(|(text, class)| Some((text, class?))).collect()
}

impl fmt::Debug for Reader {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reader").field("topics", &self.topics.len()).field("columns", &self.columns.len()).finish_non_exhaustive()
    }
}
