//! Linear models over sparse rows, and probabilities from their scores.

use serde::{Deserialize, Serialize};

/// This many classes or more are padded to a multiple of it, so that a column is whole vector registers.
const LANES: usize = 8;

/// Texts as sparse vectors, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    ends: Vec<usize>,
    parts: Vec<(u32, f32)>,
}

impl Rows {
    /// Adds a row.
    pub(super) fn push(&mut self, row: &[(u32, f32)]) {
        self.parts.extend_from_slice(row);
        self.ends.push(self.parts.len());
    }

    /// The row added as number `place`.
    pub(super) fn row(&self, place: usize) -> &[(u32, f32)] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.parts[start..self.ends[place]]
    }
}

/// A linear model: for each column the weights of all classes side by side, rounded to sixteen bits: half the memory, and no
/// figure moves.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Linear {
    classes: usize,
    width: usize,
    /// What one step of a weight is.
    unit: f32,
    /// As bytes, the lower one first, on every machine.
    #[serde(with = "pieces")]
    weights: Vec<[u8; 2]>,
}

impl Linear {
    /// Of the weights of `classes` classes, some of them to a block, by column.
    pub(super) fn new<const SOME: usize>(classes: usize, blocks: Vec<Vec<[f32; SOME]>>) -> Self {
        let width = if classes < LANES { classes } else { classes.next_multiple_of(LANES) };
        let greatest = blocks.iter().flatten().flatten().fold(f32::MIN_POSITIVE, |most: f32, weight| most.max(weight.abs()));
        let unit = greatest / f32::from(i16::MAX);
        let columns = blocks.first().map_or(0, Vec::len);
        let mut weights = vec![[0; 2]; columns * width];
        // Each block is gone before the next is read: the model never lies in memory twice.
        for (number, block) in blocks.into_iter().enumerate() {
            for (column, block) in weights.chunks_exact_mut(width).zip(block) {
                for (rounded, weight) in column[number * SOME..].iter_mut().zip(block) {
                    *rounded = round(weight / unit).to_le_bytes();
                }
            }
        }
        Self { classes, width, unit, weights }
    }

    /// The score of every class; columns that the model does not have count nothing.
    pub(super) fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.width];
        for (column, value) in row {
            let start = *column as usize * self.width;
            if let Some(weights) = self.weights.get(start..start + self.width) {
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += value * f32::from(i16::from_le_bytes(*weight));
                }
            }
        }
        scores.truncate(self.classes);
        for score in &mut scores {
            *score *= self.unit;
        }
        scores
    }

    /// What `column` adds to `class` for each unit.
    pub(super) fn weight(&self, column: u32, class: usize) -> f32 {
        self.weights.get(column as usize * self.width + class).map_or(0.0, |weight| f32::from(i16::from_le_bytes(*weight)) * self.unit)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "no weight is more units than sixteen bits hold")]
fn round(units: f32) -> i16 {
    units.round() as i16
}

/// Weights are kept in one piece, not number by number.
mod pieces {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(weights: &[[u8; 2]], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(weights.as_flattened())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<[u8; 2]>, D::Error> {
        Ok(<&[u8]>::deserialize(deserializer)?.as_chunks().0.to_vec())
    }
}

/// What fits most sets of questions.
const TYPICAL: f32 = 4.0;

/// Turns scores times `scale` into probabilities; returns the logarithm of what they were divided by.
pub(super) fn softmax(scores: &mut [f32], scale: f32) -> f32 {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = ((*score - most) * scale).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
    most * scale + sum.ln()
}

/// The factor on scores under which the probabilities of `answers` (scores, right class) fit best: temperature scaling
/// (Guo et al. 2017) by golden-section search between a fifth and twenty; [`TYPICAL`] when there are none.
pub(super) fn calibrate(answers: &[(Vec<f32>, usize)]) -> f32 {
    if answers.is_empty() {
        return TYPICAL;
    }
    let cost = |log_scale: f32| -> f64 {
        let scale = log_scale.exp();
        let mut probabilities = Vec::new();
        let mut one = |(scores, class): &(Vec<f32>, usize)| {
            probabilities.clone_from(scores);
            f64::from(softmax(&mut probabilities, scale) - scores[*class] * scale)
        };
        answers.iter().map(&mut one).sum()
    };
    let golden = 0.618_034_f32;
    let (mut low, mut high) = (-1.609_f32, 2.996_f32);
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut left_cost, mut right_cost) = (cost(left), cost(right));
    for _ in 0..14 {
        if left_cost < right_cost {
            (high, right, right_cost) = (right, left, left_cost);
            left = high - golden * (high - low);
            left_cost = cost(left);
        } else {
            (low, left, left_cost) = (left, right, right_cost);
            right = low + golden * (high - low);
            right_cost = cost(right);
        }
    }
    f32::midpoint(low, high).exp()
}

#[cfg(test)]
mod tests {
    use super::calibrate;

    #[test]
    fn doubtful_scores_are_flattened() {
        let answers = |right: usize| (0..100).map(move |n| (vec![3.0, 0.0], usize::from(n >= right))).collect::<Vec<_>>();
        assert!(calibrate(&answers(60)) < 0.3);
        assert!(calibrate(&answers(99)) > 1.0);
    }
}
