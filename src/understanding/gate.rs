//! Whether a text is the desk's business at all, asked before its topic.

use super::{
    features::{Columns, Sparse},
    lbfgs::Effort,
    logistic::{Lesson, Linear, Rows},
};

/// How freely weights may grow.
const PENALTY: f32 = 30.0;
/// Two classes settle quickly.
const EFFORT: Effort = Effort { iterations: 30, tolerance: 1e-3 };
/// Off-topic texts below which nothing can be learnt: such a gate stands open.
const FEWEST: usize = 5;
const INSIDE: usize = 0;
const OUTSIDE: usize = 1;

/// Every so many-th of our own questions is held back to see how many would be refused.
const HELD_BACK: usize = 7;
/// One in so many of those may be refused.
const REFUSED: usize = 50;
/// The boundary is never stricter than the model's own, nor laxer than this logit (12 % inside).
const LAXEST: f32 = -2.0;

/// Our questions against others.
#[derive(Default)]
pub(super) struct Gate {
    /// `None`: open.
    model: Option<Linear>,
    /// Taken off the logit: the boundary lies at one half.
    boundary: f32,
}

impl Gate {
    /// Learns from squashed texts inside and outside, of which near ones (government, but not ours) count as much as far ones together.
    pub(super) fn train<'a>(columns: &Columns, inside: &[&'a str], near: &[&'a str], far: &[&'a str]) -> Self {
        if near.len() + far.len() < FEWEST || inside.is_empty() {
            return Self::default();
        }
        // Each side weighs as much as there are texts inside; where near and far are both given, each has half of the outside.
        let sides = if near.is_empty() || far.is_empty() { 1.0 } else { 2.0 };
        let share = |texts: usize| count(inside.len()) / count(texts.max(1)) / sides;
        let (mut rows, mut lessons) = (Rows::default(), Vec::new());
        let groups = [(inside, INSIDE, 1.0), (near, OUTSIDE, share(near.len())), (far, OUTSIDE, share(far.len()))];
        for (texts, class, importance) in groups {
            for text in texts {
                rows.push(&columns.weigh(text));
                lessons.push(Lesson { row: lessons.len(), class, importance });
            }
        }
        let ours = inside.len();
        let (held, kept): (Vec<Lesson>, Vec<Lesson>) = lessons.iter().partition(|lesson| lesson.row < ours && lesson.row % HELD_BACK == 0);
        let first = Linear::new(columns.len(), 2).train(&rows, &kept, PENALTY, EFFORT);
        let mut logits: Vec<f32> = held.iter().map(|lesson| logit(&first, rows.row(lesson.row))).collect();
        logits.sort_unstable_by(f32::total_cmp);
        let boundary = logits[logits.len() / REFUSED].clamp(LAXEST, 0.0);
        Self { model: Some(first.train(&rows, &lessons, PENALTY, EFFORT)), boundary }
    }

    /// How likely the text is the desk's business; below one half it is to be refused.
    pub(super) fn inside(&self, row: &Sparse) -> f32 {
        self.model.as_ref().map_or(1.0, |model| 1.0 / (1.0 + (self.boundary - logit(model, row)).exp()))
    }
}

fn logit(model: &Linear, row: &[(u32, f32)]) -> f32 {
    let scores = model.scores(row);
    scores[INSIDE] - scores[OUTSIDE]
}

#[expect(clippy::cast_precision_loss, reason = "thousands of texts")]
fn count(number: usize) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use crate::understanding::features::{Columns, Concepts};

    #[test]
    fn off_topic_texts_are_refused_and_without_examples_nothing_is() {
        let inside = ["社保怎么交", "养老金多少", "医保报销", "社保卡丢了", "失业金怎么领", "养老保险", "医保卡余额"];
        let near = ["公积金怎么提", "公积金贷款", "公积金多少"];
        let far = ["今天天气", "讲个笑话", "放首歌", "明天下雨吗"];
        let columns = Columns::new(Concepts::default(), inside.into_iter(), near.into_iter().chain(far));
        let gate = Gate::train(&columns, &inside, &near, &far);
        let inside_of = |gate: &Gate, text: &str| gate.inside(&columns.weigh(text));
        assert!(inside_of(&gate, "社保卡怎么领") > 0.5);
        assert!(inside_of(&gate, "公积金怎么取") < 0.5 && inside_of(&gate, "天气") < 0.5);
        assert!(inside_of(&Gate::train(&columns, &inside, &[], &[]), "天气") > 0.99);
    }
}
