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

/// A linear model: for each column the weights of all classes side by side.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Linear {
    classes: usize,
    width: usize,
    weights: Vec<f32>,
}

impl Linear {
    /// Of the weights of each class by column, all of one length.
    pub(super) fn new<'a>(classes: impl ExactSizeIterator<Item = &'a [f32]>) -> Self {
        let count = classes.len();
        let width = if count < LANES { count } else { count.next_multiple_of(LANES) };
        let mut model = Self { classes: count, width, weights: Vec::new() };
        for (class, own) in classes.enumerate() {
            model.weights.resize(own.len() * width, 0.0);
            for (column, weight) in model.weights.chunks_exact_mut(width).zip(own) {
                column[class] = *weight;
            }
        }
        model
    }

    /// The score of every class; columns that the model does not have count nothing.
    pub(super) fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.width];
        for (column, value) in row {
            let start = *column as usize * self.width;
            if let Some(weights) = self.weights.get(start..start + self.width) {
                for (score, weight) in scores.iter_mut().zip(weights) {
                    *score += value * weight;
                }
            }
        }
        scores.truncate(self.classes);
        scores
    }

    /// What `column` adds to `class` for each unit.
    pub(super) fn weight(&self, column: u32, class: usize) -> f32 {
        self.weights.get(column as usize * self.width + class).copied().unwrap_or_default()
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
