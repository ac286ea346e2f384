//! Linear support vector machines, one class against the rest, by dual coordinate descent (Hsieh et al. 2008, squared hinge
//! loss). Multinomial logistic regression was as right in cross-validation and took four times as long to train.

use std::thread;

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::linear::{Linear, Rows};

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

/// How much a lesson on the wrong side costs against the size of the weights. Cross-validation is flat from 1 to 10.
const COST: f32 = 2.0;
/// Passes over the lessons at most: with four no figure moved by three in a thousand, and training took a fifth longer.
const PASSES: usize = 3;

/// What was learnt: a model, and the scores, with the right class, of lessons that had been held back from it.
pub(super) struct Learnt {
    pub model: Linear,
    pub held: Vec<(Vec<f32>, usize)>,
}

/// Learns from `lessons` for the first `classes` classes (to tell two apart, one is enough): without those that `takes` picks, which
/// are scored then, and afterwards from all. Their rows have no column beyond `columns`.
pub(super) fn train(classes: usize, columns: usize, rows: &Rows, lessons: &[Lesson], takes: impl FnMut(&&Lesson) -> bool) -> Learnt {
    let (held, kept): (Vec<Lesson>, Vec<Lesson>) = lessons.iter().partition(takes);
    let mut machines = Machines::new(classes, columns, lessons.len());
    machines.train(rows, &kept);
    let held = held.iter().map(|lesson| (machines.scores(rows.row(lesson.row)), lesson.class)).collect();
    machines.train(rows, lessons);
    Learnt { model: machines.model(), held }
}

/// Machines in training: each class against the rest.
struct Machines {
    classes: usize,
    blocks: Vec<Block>,
}

/// Machines of neighbouring classes, taught by one reading of each lesson.
#[derive(Clone)]
struct Block {
    weights: Vec<Lanes>,
    /// By row.
    duals: Vec<Lanes>,
}

/// One number a class.
type Lanes = [f32; SIDE_BY_SIDE];
/// As many as a vector register holds on every machine.
const SIDE_BY_SIDE: usize = 4;

impl Machines {
    /// Untaught ones.
    fn new(classes: usize, columns: usize, rows: usize) -> Self {
        let block = Block { weights: vec![Lanes::default(); columns], duals: vec![Lanes::default(); rows] };
        Self { classes, blocks: vec![block; classes.div_ceil(SIDE_BY_SIDE)] }
    }

    /// Learns on from here. The same lessons give the same machines: no thread sees another's work.
    fn train(&mut self, rows: &Rows, lessons: &[Lesson]) {
        let mut lessons = lessons.to_vec();
        lessons.shuffle(&mut ChaCha8Rng::seed_from_u64(0));
        let square = |lesson: &Lesson| rows.row(lesson.row).iter().map(|(_, value)| value * value).sum();
        let squares: Vec<f32> = lessons.iter().map(square).collect();
        let half = self.blocks.len().div_ceil(2);
        let (first, second) = self.blocks.split_at_mut(half);
        let work = |blocks: &mut [Block], from: usize| {
            for (number, block) in (from..).zip(blocks) {
                block.descend(number * SIDE_BY_SIDE, rows, &lessons, &squares);
            }
        };
        thread::scope(|scope| {
            scope.spawn(|| work(first, 0));
            work(second, half);
        });
    }

    fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        self.blocks.iter().flat_map(|block| dot(&block.weights, row)).take(self.classes).collect()
    }

    /// What was learnt, as one model.
    fn model(self) -> Linear {
        Linear::new(self.classes, self.blocks.into_iter().map(|block| block.weights).collect())
    }
}

impl Block {
    /// `first`: the class of the first lane.
    fn descend(&mut self, first: usize, rows: &Rows, lessons: &[Lesson], squares: &[f32]) {
        let Self { weights, duals } = self;
        let mut resting = vec![[false; SIDE_BY_SIDE]; lessons.len()];
        let mut limits = [f32::INFINITY; SIDE_BY_SIDE];
        for _ in 0..PASSES {
            let mut highest = [f32::NEG_INFINITY; SIDE_BY_SIDE];
            for (place, lesson) in lessons.iter().enumerate() {
                let resting = &mut resting[place];
                if resting.iter().all(|rests| *rests) {
                    continue;
                }
                let row = rows.row(lesson.row);
                let ridge = 0.5 / (COST * lesson.importance);
                let scores = dot(weights, row);
                let duals = &mut duals[lesson.row];
                let mut steps = Lanes::default();
                for lane in 0..SIDE_BY_SIDE {
                    if resting[lane] {
                        continue;
                    }
                    let side = if lesson.class == first + lane { 1.0 } else { -1.0 };
                    let dual = duals[lane];
                    let slope = side * scores[lane] - 1.0 + ridge * dual;
                    if dual == 0.0 && slope > limits[lane] {
                        resting[lane] = true;
                        continue;
                    }
                    let projected = if dual == 0.0 { slope.min(0.0) } else { slope };
                    highest[lane] = highest[lane].max(projected);
                    if projected != 0.0 {
                        duals[lane] = (dual - slope / (squares[place] + ridge)).max(0.0);
                        steps[lane] = (duals[lane] - dual) * side;
                    }
                }
                if steps.iter().any(|step| *step != 0.0) {
                    for (column, value) in row {
                        for (weight, step) in weights[*column as usize].iter_mut().zip(steps) {
                            *weight += step * value;
                        }
                    }
                }
            }
            limits = highest.map(|highest| if highest > 0.0 { highest } else { f32::INFINITY });
        }
    }
}

/// The score of every lane; columns without a weight count nothing.
fn dot(weights: &[Lanes], row: &[(u32, f32)]) -> Lanes {
    let mut sums = Lanes::default();
    for (column, value) in row {
        if let Some(weights) = weights.get(*column as usize) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight * value;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::{Lesson, train};
    use crate::understanding::linear::Rows;

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
        let learn = || train(3, 4, &rows, &lessons, |lesson| lesson.row < 3);
        assert_eq!(learn().held.iter().map(|(_, class)| *class).collect::<Vec<_>>(), [0, 1, 2]);
        let again = || learn().model.scores(&[(1, 0.8), (3, 0.6), (99, 1.0)]);
        let scores = again();
        assert!(scores[1] > 0.5 && scores[0] < 0.0 && scores[2] < 0.0, "{scores:?}");
        assert_eq!(scores, again());
    }
}
