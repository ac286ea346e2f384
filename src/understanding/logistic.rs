//! Multinomial logistic regression over sparse rows.

use std::thread;

use super::lbfgs::{Effort, dot, minimise};

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

/// A row to learn from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lesson {
    /// Which row.
    pub row: usize,
    /// Its class.
    pub class: usize,
    /// How much it counts.
    pub importance: f32,
}

/// A linear model: for each column the weights of all classes side by side.
#[derive(Clone, Debug, Default)]
pub(super) struct Linear {
    classes: usize,
    width: usize,
    weights: Vec<f32>,
}

impl Linear {
    /// A model of zeros.
    pub(super) fn new(columns: usize, classes: usize) -> Self {
        let width = if classes < LANES { classes } else { classes.next_multiple_of(LANES) };
        Self { classes, width, weights: vec![0.0; columns * width] }
    }

    /// The score of every class; columns that the model does not have count nothing.
    pub(super) fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.width];
        accumulate(&self.weights, self.width, row, &mut scores);
        scores.truncate(self.classes);
        scores
    }

    /// What `column` adds to `class` for each unit.
    pub(super) fn weight(&self, column: u32, class: usize) -> f32 {
        self.weights.get(column as usize * self.width + class).copied().unwrap_or_default()
    }

    /// Learns on from here: minimises the loss over the lessons plus the squared weights over twice `penalty`.
    pub(super) fn train(self, rows: &Rows, lessons: &[Lesson], penalty: f32, effort: Effort) -> Self {
        let (classes, width) = (self.classes, self.width);
        let (first, second) = lessons.split_at(lessons.len() / 2);
        let mut slopes = [vec![0.0_f32; self.weights.len()], vec![0.0_f32; self.weights.len()]];
        let weights = minimise(self.weights, effort, |weights, slope| {
            let [one, other] = &mut slopes;
            let part = |shard, slope: &mut [f32]| loss(weights, classes, width, rows, shard, slope);
            // Always two threads: the sum, and so the model, is the same on every machine.
            let lost = thread::scope(|scope| {
                let running = scope.spawn(|| part(first, one));
                part(second, other) + running.join().unwrap_or(f64::INFINITY)
            });
            let decay = 1.0 / penalty;
            for ((to, weight), (one, other)) in slope.iter_mut().zip(weights).zip(slopes[0].iter().zip(&slopes[1])) {
                *to = weight * decay + one + other;
            }
            lost + dot(weights, weights) / f64::from(2.0 * penalty)
        });
        Self { classes, width, weights }
    }
}

fn accumulate(weights: &[f32], width: usize, row: &[(u32, f32)], scores: &mut [f32]) {
    for (column, value) in row {
        let start = *column as usize * width;
        if let Some(weights) = weights.get(start..start + width) {
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += value * weight;
            }
        }
    }
}

/// The loss over a shard and its slope.
fn loss(weights: &[f32], classes: usize, width: usize, rows: &Rows, shard: &[Lesson], slope: &mut [f32]) -> f64 {
    slope.fill(0.0);
    let (mut total, mut scores) = (0.0, vec![0.0_f32; width]);
    for lesson in shard {
        let row = rows.row(lesson.row);
        scores.fill(0.0);
        accumulate(weights, width, row, &mut scores);
        let own = scores[lesson.class];
        let norm = softmax(&mut scores[..classes], 1.0);
        total += f64::from(lesson.importance * (norm - own));
        scores[lesson.class] -= 1.0;
        for (column, value) in row {
            let start = *column as usize * width;
            if let Some(slope) = slope.get_mut(start..start + width) {
                let value = value * lesson.importance;
                for (slope, score) in slope.iter_mut().zip(&scores) {
                    *slope += value * score;
                }
            }
        }
        scores[classes..].fill(0.0);
    }
    total
}

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
/// (Guo et al. 2017) by golden-section search between a fifth and five.
pub(super) fn calibrate(answers: &[(Vec<f32>, usize)]) -> f32 {
    if answers.is_empty() {
        return 1.0;
    }
    let cost = |log_scale: f32| -> f64 {
        let scale = log_scale.exp();
        let one = |(scores, class): &(Vec<f32>, usize)| f64::from(softmax(&mut scores.clone(), scale) - scores[*class] * scale);
        answers.iter().map(one).sum()
    };
    let golden = 0.618_034_f32;
    let (mut low, mut high) = (-1.609_f32, 1.609_f32);
    for _ in 0..24 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if cost(left) < cost(right) { high = right } else { low = left }
    }
    f32::midpoint(low, high).exp()
}

#[cfg(test)]
mod tests {
    use super::{Lesson, Linear, Rows, calibrate, softmax};
    use crate::understanding::lbfgs::Effort;

    #[test]
    fn learns_which_column_belongs_to_which_class_and_always_the_same() {
        let mut rows = Rows::default();
        let lessons: Vec<Lesson> = (0..30)
            .map(|row| {
                let class = row % 3;
                rows.push(&[(u32::try_from(class).unwrap(), 0.8), (3, 0.6)]);
                Lesson { row, class, importance: 1.0 }
            })
            .collect();
        let train = || Linear::new(4, 3).train(&rows, &lessons, 100.0, Effort { iterations: 50, tolerance: 1e-6 });
        let model = train();
        assert_eq!(model.weights, train().weights);
        let mut scores = model.scores(&[(1, 0.8), (3, 0.6), (99, 1.0)]);
        softmax(&mut scores, 1.0);
        assert!(scores[1] > 0.9, "{scores:?}");
    }

    #[test]
    fn doubtful_scores_are_flattened() {
        let answers = |right: usize| (0..100).map(move |n| (vec![3.0, 0.0], usize::from(n >= right))).collect::<Vec<_>>();
        assert!(calibrate(&answers(60)) < 0.3);
        assert!(calibrate(&answers(99)) > 1.0);
    }
}
