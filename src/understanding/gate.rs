//! Whether a text is the desk's business at all, asked before its topic.

use serde::{Deserialize, Serialize};

use super::{
    features::Sparse,
    linear::{Linear, Rows, calibrate},
    svm::{Learnt, Lesson, train},
};

/// Off-topic texts below which nothing can be learnt: such a gate stands open.
const FEWEST: usize = 5;
const INSIDE: usize = 0;
const OUTSIDE: usize = 1;

/// Every so many-th text is held back to see what would be refused.
const HELD_BACK: usize = 7;
/// One in so many of our own may be refused.
const REFUSED: usize = 20;

/// Our questions against others.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(super) struct Gate {
    /// `None`: open.
    model: Option<Linear>,
    /// Taken off the score: the boundary lies at one half.
    boundary: f32,
    /// The factor on what is left, so that it is a logit.
    scale: f32,
}

impl Gate {
    /// Learns from rows: first `inside` of our own, then `near` ones (government, but not ours), then `far` ones. Near and far
    /// together count as much as our own, and each as much as the other.
    pub(super) fn train(rows: &Rows, columns: usize, inside: usize, near: usize, far: usize) -> Self {
        if near + far < FEWEST || inside == 0 {
            return Self::default();
        }
        let sides = if near == 0 || far == 0 { 1.0 } else { 2.0 };
        let share = |texts: usize| count(inside) / count(texts.max(1)) / sides;
        let groups = [(inside, INSIDE, 1.0), (near, OUTSIDE, share(near)), (far, OUTSIDE, share(far))];
        let group = groups.into_iter().flat_map(|(texts, class, importance)| std::iter::repeat_n((class, importance), texts));
        let lessons: Vec<Lesson> = group.enumerate().map(|(row, (class, importance))| Lesson { row, class, importance }).collect();
        let Learnt { model, held } = train(1, columns, rows, &lessons, |lesson| lesson.row % HELD_BACK == 0);
        let mut ours: Vec<f32> = held.iter().filter(|(_, class)| *class == INSIDE).map(|(scores, _)| scores[INSIDE]).collect();
        ours.sort_unstable_by(f32::total_cmp);
        let lowest = ours[ours.len() / REFUSED];
        // From fewer texts the share cannot be told: then no stricter than the model itself.
        let boundary = if ours.len() < REFUSED { lowest.min(0.0) } else { lowest };
        let answers: Vec<(Vec<f32>, usize)> = held.into_iter().map(|(scores, class)| (vec![scores[INSIDE], 0.0], class)).collect();
        Self { model: Some(model), boundary, scale: calibrate(&answers) }
    }

    /// How likely the text is the desk's business; below one half it is to be refused.
    pub(super) fn inside(&self, row: &Sparse) -> f32 {
        self.model.as_ref().map_or(1.0, |model| 1.0 / (1.0 + ((self.boundary - model.scores(row)[INSIDE]) * self.scale).exp()))
    }
}

#[expect(clippy::cast_precision_loss, reason = "thousands of texts")]
fn count(number: usize) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use crate::understanding::{
        features::{Columns, Concepts},
        linear::Rows,
    };

    #[test]
    fn off_topic_texts_are_refused_and_without_examples_nothing_is() {
        let inside = ["社保怎么交", "养老金多少", "医保报销", "社保卡丢了", "失业金怎么领", "养老保险", "医保卡余额"];
        let near = ["公积金怎么提", "公积金贷款", "公积金多少"];
        let far = ["今天天气", "讲个笑话", "放首歌", "明天下雨吗"];
        let columns = Columns::new(Concepts::default(), inside.into_iter(), near.into_iter().chain(far));
        let mut rows = Rows::default();
        for text in inside.iter().chain(&near).chain(&far) {
            rows.push(&columns.weigh(text));
        }
        let gate = Gate::train(&rows, columns.len(), inside.len(), near.len(), far.len());
        let inside_of = |gate: &Gate, text: &str| gate.inside(&columns.weigh(text));
        assert!(inside_of(&gate, "社保卡怎么领") > 0.5);
        assert!(inside_of(&gate, "公积金怎么取") < 0.5 && inside_of(&gate, "天气") < 0.5);
        assert!(inside_of(&Gate::train(&rows, columns.len(), inside.len(), 0, 0), "天气") > 0.99);
    }
}
