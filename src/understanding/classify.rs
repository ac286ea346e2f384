//! Which class a text belongs to, with a probability that can be believed.

use serde::{Deserialize, Serialize};

use super::{
    features::Sparse,
    linear::{Linear, Rows, calibrate, softmax},
    svm::{Learnt, Lesson, train},
};

/// One of so many examples of a class is held back to fit the temperature: the last ones, because examples stand in the order of
/// the passes they were written in, and the desk will hear people whom it has no example of. Taking every seventh made it too
/// sure of itself on wording from elsewhere.
const HELD_BACK: usize = 7;

/// A trained classifier over numbered classes.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(super) struct Classifier {
    model: Linear,
    scale: f32,
}

impl Classifier {
    /// Learns that the n-th row is of the n-th of `labels`. Features beyond `columns` are left out.
    pub(super) fn train(rows: &Rows, labels: &[usize], classes: usize, columns: usize) -> Self {
        let mut totals = vec![0_usize; classes];
        for class in labels {
            totals[*class] += 1;
        }
        let mut seen = vec![0_usize; classes];
        let lessons: Vec<Lesson> = labels.iter().enumerate().map(|(row, class)| Lesson { row, class: *class, importance: 1.0 }).collect();
        let Learnt { model, held } = train(classes, columns, rows, &lessons, |lesson| {
            seen[lesson.class] += 1;
            seen[lesson.class] > totals[lesson.class] - totals[lesson.class] / HELD_BACK
        });
        Self { model, scale: calibrate(&held) }
    }

    /// The probability of every class.
    pub(super) fn probabilities(&self, row: &Sparse) -> Vec<f32> {
        let mut scores = self.model.scores(row);
        softmax(&mut scores, self.scale);
        scores
    }

    /// What a column speaks for `class`, compared with the other classes on average.
    pub(super) fn evidence(&self, column: (u32, f32), class: usize) -> f32 {
        self.model.weight(column.0, class) * column.1
    }
}
