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
/// A pass whose steepest slopes lie this close together ends the training.
const CLOSE: f32 = 0.1;

/// What was learnt: a model, and the scores, with the right class, of lessons that had been held back from it.
pub(super) struct Learnt {
    pub model: Linear,
    pub held: Vec<(Vec<f32>, usize)>,
}

/// Learns from `lessons` for the first `classes` classes (to tell two apart, one is enough): without those that `takes` picks, which
/// are scored then, and afterwards from all. Columns beyond `columns` are left out.
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
    classes: Vec<Machine>,
}

#[derive(Clone)]
struct Machine {
    weights: Vec<f32>,
    /// By row.
    duals: Vec<f32>,
}

impl Machines {
    /// Untaught ones.
    fn new(classes: usize, columns: usize, rows: usize) -> Self {
        Self { classes: vec![Machine { weights: vec![0.0; columns], duals: vec![0.0; rows] }; classes] }
    }

    /// Learns on from here. The same lessons give the same machines: no thread sees another's work.
    fn train(&mut self, rows: &Rows, lessons: &[Lesson]) {
        let known = self.classes.first().map_or(0, |machine| machine.weights.len());
        let square =
            |lesson: &Lesson| rows.row(lesson.row).iter().filter(|part| (part.0 as usize) < known).map(|(_, value)| value * value).sum();
        let mut lessons = lessons.to_vec();
        lessons.shuffle(&mut ChaCha8Rng::seed_from_u64(0));
        // Laid out as they are visited: each machine reads them all, pass after pass.
        let mut ordered = Rows::default();
        for lesson in &lessons {
            ordered.push(rows.row(lesson.row));
        }
        let squares: Vec<f32> = lessons.iter().map(square).collect();
        let (rows, lessons) = (&ordered, &lessons);
        let half = self.classes.len().div_ceil(2);
        let (first, second) = self.classes.split_at_mut(half);
        let work = |machines: &mut [Machine], from: usize| {
            for (class, machine) in (from..).zip(machines) {
                machine.descend(class, rows, lessons, &squares);
            }
        };
        thread::scope(|scope| {
            scope.spawn(|| work(first, 0));
            work(second, half);
        });
    }

    fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        self.classes.iter().map(|machine| dot(&machine.weights, row)).collect()
    }

    /// What was learnt, as one model.
    fn model(&self) -> Linear {
        Linear::new(self.classes.iter().map(|machine| machine.weights.as_slice()))
    }
}

impl Machine {
    fn descend(&mut self, class: usize, rows: &Rows, lessons: &[Lesson], squares: &[f32]) {
        let Self { weights, duals } = self;
        let mut resting = vec![false; lessons.len()];
        let mut limit = f32::INFINITY;
        for _ in 0..PASSES {
            let (mut highest, mut lowest) = (f32::NEG_INFINITY, f32::INFINITY);
            for (place, lesson) in lessons.iter().enumerate() {
                if resting[place] {
                    continue;
                }
                let row = rows.row(place);
                let side = if lesson.class == class { 1.0 } else { -1.0 };
                let ridge = 0.5 / (COST * lesson.importance);
                let dual = duals[lesson.row];
                let score = dot(weights, row);
                let slope = side * score - 1.0 + ridge * dual;
                if dual == 0.0 && slope > limit {
                    resting[place] = true;
                    continue;
                }
                let projected = if dual == 0.0 { slope.min(0.0) } else { slope };
                highest = highest.max(projected);
                lowest = lowest.min(projected);
                if projected != 0.0 {
                    let next = (dual - slope / (squares[place] + ridge)).max(0.0);
                    let step = (next - dual) * side;
                    duals[lesson.row] = next;
                    for (column, value) in row {
                        if let Some(weight) = weights.get_mut(*column as usize) {
                            *weight += step * value;
                        }
                    }
                }
            }
            limit = if highest > 0.0 { highest } else { f32::INFINITY };
            if highest - lowest < CLOSE {
                break;
            }
        }
    }
}

/// In four sums, because an addition waits for the one before; columns without a weight count nothing.
fn dot(weights: &[f32], row: &[(u32, f32)]) -> f32 {
    let part = |(column, value): &(u32, f32)| weights.get(*column as usize).map_or(0.0, |weight| weight * value);
    let fours = row.chunks_exact(4);
    let rest: f32 = fours.remainder().iter().map(part).sum();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, one) in sums.iter_mut().zip(four) {
            *sum += part(one);
        }
    }
    sums.iter().sum::<f32>() + rest
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
