//! Multinomial logistic regression over characters, character pairs and concepts.
//!
//! Weights are fitted by `AdaGrad` over the examples in a fixed order: the same examples give the same model.

use std::collections::HashMap;

/// Passes over the examples.
const PASSES: usize = 12;
/// First step length.
const RATE: f32 = 0.6;
/// Every how many-th example is held out to find the temperature.
const HELD_OUT: usize = 7;

/// A text as weighted features: index and value, of Euclidean length 1.
pub(super) type Vector = Vec<(u32, f32)>;

/// Names of features, and how telling each is.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    index: HashMap<String, u32>,
    /// Inverse document frequency by index.
    weight: Vec<f32>,
}

/// The features of a squashed text and the concepts in it, by name.
pub(super) fn names(squashed: &str, concepts: &[String]) -> Vec<String> {
    let letters: Vec<char> = squashed.chars().collect();
    let mut names = Vec::with_capacity(letters.len() * 2 + concepts.len() + 1);
    names.extend(letters.iter().map(char::to_string));
    let framed = || std::iter::once('^').chain(letters.iter().copied()).chain(std::iter::once('$'));
    names.extend(framed().zip(framed().skip(1)).map(|(one, next)| format!("{one}{next}")));
    for (at, one) in concepts.iter().enumerate() {
        names.push(format!("<{one}>"));
        for other in &concepts[at + 1..] {
            let (low, high) = if one < other { (one, other) } else { (other, one) };
            names.push(format!("<{low}+{high}>"));
        }
    }
    names
}

impl Vocabulary {
    /// Every feature of the texts, weighted by how few of them have it.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a Vec<String>>) -> Self {
        let (mut index, mut counts, mut total) = (HashMap::new(), Vec::new(), 0usize);
        for names in texts {
            total += 1;
            let mut seen: Vec<&String> = names.iter().collect();
            seen.sort_unstable();
            seen.dedup();
            for name in seen {
                let next = u32::try_from(counts.len()).unwrap_or(u32::MAX);
                let at = *index.entry(name.clone()).or_insert(next);
                if at == next {
                    counts.push(0usize);
                }
                counts[at as usize] += 1;
            }
        }
        let weight = counts.into_iter().map(|count| ((1.0 + ratio(total, count)).ln()) + 1.0).collect();
        Self { index, weight }
    }

    /// The vector of a text: `(1 + ln tf) · idf`, scaled to length 1. Unknown features are left out.
    pub(super) fn vector(&self, names: &[String]) -> Vector {
        let mut counts: Vec<(u32, f32)> = names.iter().filter_map(|name| self.index.get(name)).map(|at| (*at, 1.0)).collect();
        counts.sort_unstable_by_key(|(at, _)| *at);
        counts.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        for (at, value) in &mut counts {
            *value = (1.0 + value.ln()) * self.weight[*at as usize];
        }
        let length = counts.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            for (_, value) in &mut counts {
                *value /= length;
            }
        }
        counts
    }

    /// The names of features by index, for `explain`.
    pub(super) fn name(&self, wanted: u32) -> Option<&str> {
        self.index.iter().find(|(_, at)| **at == wanted).map(|(name, _)| name.as_str())
    }

    fn len(&self) -> usize {
        self.weight.len()
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of examples are far below 2^24")]
fn ratio(total: usize, count: usize) -> f32 {
    total as f32 / count as f32
}

/// Weights of every class for every feature, and the temperature of the probabilities.
#[derive(Debug, Default)]
pub(super) struct Model {
    classes: usize,
    /// `classes` weights a feature, then one bias a class at the end.
    weights: Vec<f32>,
    temperature: f32,
}

impl Model {
    /// Fits the weights; then the temperature, on examples that another fit did not see.
    pub(super) fn train(vocabulary: &Vocabulary, classes: usize, examples: &[(Vector, usize)]) -> Self {
        let (kept, held): (Vec<_>, Vec<_>) = examples.iter().enumerate().partition(|(at, _)| at % HELD_OUT != 0);
        let kept: Vec<&(Vector, usize)> = kept.into_iter().map(|(_, example)| example).collect();
        let trial = Self::fit(vocabulary.len(), classes, &kept);
        let loss = |temperature: f32| -> f32 {
            let one = |(vector, class): &(Vector, usize)| -trial.softened(vector, temperature)[*class].max(1e-9).ln();
            held.iter().map(|(_, example)| one(example)).sum()
        };
        let temperatures = (2..=30u8).map(|tenth| f32::from(tenth) / 10.0);
        let temperature = temperatures.min_by(|one, other| loss(*one).total_cmp(&loss(*other))).unwrap_or(1.0);
        let all: Vec<&(Vector, usize)> = examples.iter().collect();
        Self { temperature, ..Self::fit(vocabulary.len(), classes, &all) }
    }

    fn fit(features: usize, classes: usize, examples: &[&(Vector, usize)]) -> Self {
        let mut model = Self { classes, weights: vec![0.0; (features + 1) * classes], temperature: 1.0 };
        let mut squares = vec![1e-2f32; model.weights.len()];
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        for _ in 0..PASSES {
            for at in (1..order.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                order.swap(at, usize::try_from(state >> 33).unwrap_or_default() % (at + 1));
            }
            for &at in &order {
                let (vector, class) = examples[at];
                let mut errors = model.softened(vector, 1.0);
                errors[*class] -= 1.0;
                let bias = (u32::try_from(features).unwrap_or(u32::MAX), 0.2);
                for (feature, value) in vector.iter().copied().chain(std::iter::once(bias)) {
                    let row = feature as usize * classes;
                    for (class, error) in errors.iter().enumerate() {
                        let gradient = error * value;
                        squares[row + class] += gradient * gradient;
                        model.weights[row + class] -= RATE * gradient / squares[row + class].sqrt();
                    }
                }
            }
        }
        model
    }

    /// The calibrated probability of every class.
    pub(super) fn probabilities(&self, vector: &Vector) -> Vec<f32> {
        self.softened(vector, self.temperature)
    }

    fn softened(&self, vector: &Vector, temperature: f32) -> Vec<f32> {
        let bias = self.weights.len() - self.classes;
        let mut scores: Vec<f32> = self.weights[bias..].iter().map(|weight| weight * 0.2).collect();
        for (feature, value) in vector {
            let row = *feature as usize * self.classes;
            for (score, weight) in scores.iter_mut().zip(&self.weights[row..row + self.classes]) {
                *score += weight * value;
            }
        }
        let top = scores.iter().copied().fold(f32::MIN, f32::max);
        for score in &mut scores {
            *score = ((*score - top) / temperature).exp();
        }
        let sum: f32 = scores.iter().sum();
        for score in &mut scores {
            *score /= sum;
        }
        scores
    }

    /// What a feature adds to a class's score in a text.
    pub(super) fn share(&self, feature: u32, value: f32, class: usize) -> f32 {
        self.weights[feature as usize * self.classes + class] * value
    }
}
