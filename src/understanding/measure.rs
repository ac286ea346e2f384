//! How well labelled texts are understood.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Decision, Examples, Meaning, OTHER, Reader, Words};
use crate::domain::topic::TopicId;

/// Bins of the calibration error.
const BINS: usize = 10;

/// A text and what it asks for.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// What was said.
    pub text: String,
    /// The best topic.
    pub topic: TopicId,
    /// Other topics that are not wrong.
    pub accept: Vec<TopicId>,
}

impl Labelled {
    fn accepts(&self, topic: &TopicId) -> bool {
        self.topic == *topic || self.accept.contains(topic)
    }
}

/// What was right and wrong over some texts.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Texts.
    pub texts: usize,
    /// The best topic was right, whether acted on or asked about.
    pub right: usize,
    /// Acted on a wrong topic without asking.
    pub wrong_acted: usize,
    /// Asked which of several topics is meant.
    pub asked: usize,
    /// Of those, a right one was among the offers.
    pub offered: usize,
    /// The desk's business, and turned away.
    pub refused: usize,
    /// By topic: right, taken for it wrongly, missed.
    topics: BTreeMap<TopicId, [usize; 3]>,
    /// By label and wrong answer: how often.
    confused: BTreeMap<(TopicId, TopicId), usize>,
    /// By probability of the best topic: texts, right ones, sum of probabilities.
    bins: [(usize, usize, f64); BINS],
}

impl Tally {
    /// Reads every text. With `gate`, what the reader turns away counts as `talk.other`; without, the best topic always counts.
    pub fn of(reader: &Reader, texts: &[Labelled], gate: bool, today: NaiveDate) -> Self {
        let mut tally = Self::default();
        for labelled in texts {
            tally.add(labelled, &reader.read(&labelled.text, today), gate);
        }
        tally
    }

    fn add(&mut self, labelled: &Labelled, meaning: &Meaning, gate: bool) {
        self.texts += 1;
        let best = meaning.topics.first();
        let topic = best.filter(|_| !gate || meaning.decision != Decision::Unknown);
        let topic = topic.map_or_else(|| TopicId::from(OTHER), |ranked| ranked.topic.clone());
        let right = labelled.accepts(&topic);
        if right {
            self.right += 1;
            self.topics.entry(labelled.topic.clone()).or_default()[0] += 1;
        } else {
            self.topics.entry(labelled.topic.clone()).or_default()[2] += 1;
            self.topics.entry(topic.clone()).or_default()[1] += 1;
            *self.confused.entry((labelled.topic.clone(), topic.clone())).or_default() += 1;
            self.wrong_acted += usize::from(meaning.decision == Decision::Act);
            self.refused += usize::from(topic.as_str() == OTHER);
        }
        if let Decision::Clarify(offers) = &meaning.decision {
            self.asked += 1;
            self.offered += usize::from(offers.iter().any(|offer| labelled.accepts(offer)));
        }
        if let Some(best) = best.filter(|_| labelled.topic.as_str() != OTHER) {
            let (texts, hits, sum) = &mut self.bins[bin(best.p)];
            *texts += 1;
            *hits += usize::from(labelled.accepts(&best.topic));
            *sum += f64::from(best.p);
        }
    }

    /// Adds what another part of the same measurement found.
    pub fn merge(&mut self, other: &Self) {
        self.texts += other.texts;
        self.right += other.right;
        self.wrong_acted += other.wrong_acted;
        self.asked += other.asked;
        self.offered += other.offered;
        self.refused += other.refused;
        for (topic, counts) in &other.topics {
            self.topics.entry(topic.clone()).or_default().iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        for (pair, count) in &other.confused {
            *self.confused.entry(pair.clone()).or_default() += count;
        }
        for ((texts, hits, sum), other) in self.bins.iter_mut().zip(other.bins) {
            (*texts, *hits, *sum) = (*texts + other.0, *hits + other.1, *sum + other.2);
        }
    }

    /// A count as a share of all texts.
    pub fn share(&self, count: usize) -> f64 {
        ratio(count, self.texts)
    }

    /// The mean F1 of the labels that occur.
    pub fn macro_f1(&self) -> f64 {
        let labels: Vec<_> = self.topics.values().filter(|[hit, _, missed]| hit + missed > 0).collect();
        let f1 = labels.iter().map(|[hit, foreign, missed]| ratio(2 * hit, 2 * hit + foreign + missed));
        f1.sum::<f64>() / real(labels.len().max(1))
    }

    /// Expected calibration error of the best topic's probability in ten bins (Naeini et al. 2015), over texts that are the desk's business.
    pub fn calibration_error(&self) -> f64 {
        let texts: usize = self.bins.iter().map(|(texts, _, _)| texts).sum();
        let gaps = self.bins.iter().map(|(_, hits, sum)| (real(*hits) - sum).abs());
        gaps.sum::<f64>() / real(texts.max(1))
    }

    /// Wrong answers, the commonest first: label, what it was taken for, how often.
    pub fn confusions(&self) -> Vec<(&TopicId, &TopicId, usize)> {
        let mut all: Vec<_> = self.confused.iter().map(|((label, topic), count)| (label, topic, *count)).collect();
        all.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
        all
    }

    /// Labels by the share understood, the worst first: right, texts.
    pub fn worst(&self) -> Vec<(&TopicId, usize, usize)> {
        let mut all: Vec<_> = self.topics.iter().map(|(topic, [hit, _, missed])| (topic, *hit, hit + missed)).collect();
        all.retain(|(_, _, texts)| *texts > 0);
        all.sort_by(|one, other| ratio(one.1, one.2).total_cmp(&ratio(other.1, other.2)));
        all
    }
}

/// Cross-validation over the examples: every one is read by a reader that has learnt from the other folds.
#[derive(Clone, Debug, Default)]
pub struct Validation {
    /// The desk's own questions.
    pub ours: Tally,
    /// Other offices' business.
    pub near: Tally,
    /// Anything else.
    pub far: Tally,
}

impl Validation {
    /// In `folds` parts; the n-th example of a topic is in part n modulo `folds`.
    pub fn of(words: &Words, examples: &Examples, folds: usize, today: NaiveDate) -> Self {
        let mut found = Self::default();
        let other = TopicId::from(OTHER);
        for fold in 0..folds {
            let split = |said: &[String], held: bool| -> Vec<String> {
                said.iter().enumerate().filter(|(at, _)| (at % folds == fold) == held).map(|(_, text)| text.clone()).collect()
            };
            let part = |held| Examples {
                topics: examples.topics.iter().map(|(topic, said)| (topic.clone(), split(said, held))).collect(),
                near: split(&examples.near, held),
                far: split(&examples.far, held),
            };
            let (reader, held) = (Reader::train(words, &part(false)), part(true));
            let label = |topic: &TopicId, said: Vec<String>| -> Vec<Labelled> {
                said.into_iter().map(|text| Labelled { text, topic: topic.clone(), accept: Vec::new() }).collect()
            };
            let gate = !examples.near.is_empty() || !examples.far.is_empty();
            let (outside, inside): (Vec<_>, Vec<_>) = held.topics.into_iter().partition(|(topic, _)| *topic == other);
            let far = held.far.into_iter().chain(outside.into_iter().flat_map(|(_, said)| said)).collect();
            let ours: Vec<Labelled> = inside.into_iter().flat_map(|(topic, said)| label(&topic, said)).collect();
            for (tally, texts) in
                [(&mut found.ours, ours), (&mut found.near, label(&other, held.near)), (&mut found.far, label(&other, far))]
            {
                tally.merge(&Tally::of(&reader, &texts, gate, today));
            }
        }
        found
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a probability times ten")]
fn bin(p: f32) -> usize {
    ((p * BINS as f32) as usize).min(BINS - 1)
}

fn ratio(part: usize, of: usize) -> f64 {
    real(part) / real(of.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "counts of texts")]
fn real(count: usize) -> f64 {
    count as f64
}
