//! Minimising a smooth function of many variables: limited-memory BFGS (Nocedal & Wright, Numerical Optimization, algorithm 7.5).

/// Steps remembered. Four brought no more on our data, and each costs a pass over memory in every iteration.
const MEMORY: usize = 3;
/// Halvings tried before a step counts as hopeless.
const HALVINGS: usize = 12;
/// The share of the expected decrease that a step must bring (Armijo).
const SUFFICIENT: f64 = 1e-4;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// Most iterations.
    pub iterations: usize,
    /// Stop when an iteration lowers the value by less than this share.
    pub tolerance: f64,
}

/// A step taken and the change of the gradient along it.
struct Step {
    moved: Vec<f32>,
    turned: Vec<f32>,
    /// 1 / (moved · turned)
    weight: f64,
}

/// Lowers `objective` from `point`. The objective returns its value and writes the gradient. Deterministic.
pub(super) fn minimise(mut point: Vec<f32>, effort: Effort, mut objective: impl FnMut(&[f32], &mut [f32]) -> f64) -> Vec<f32> {
    let mut slope = vec![0.0; point.len()];
    let mut value = objective(&point, &mut slope);
    let mut steps: Vec<Step> = Vec::new();
    let (mut next, mut next_slope) = (point.clone(), slope.clone());
    for _ in 0..effort.iterations {
        let mut direction = downhill(&slope, &steps);
        let mut descent = dot(&direction, &slope);
        if descent >= 0.0 {
            steps.clear();
            direction = slope.iter().map(|part| -part).collect();
            descent = dot(&direction, &slope);
        }
        if descent == 0.0 {
            break;
        }
        let mut length = if steps.is_empty() { 1.0 / dot(&slope, &slope).sqrt().max(1.0) } else { 1.0 };
        let mut reached = None;
        for _ in 0..HALVINGS {
            follow(&point, &direction, length, &mut next);
            let lower = objective(&next, &mut next_slope);
            if lower <= value + SUFFICIENT * length * descent {
                reached = Some(lower);
                break;
            }
            length /= 2.0;
        }
        let Some(lower) = reached else { break };
        remember(&mut steps, &point, &next, &slope, &next_slope);
        let gained = value - lower;
        std::mem::swap(&mut point, &mut next);
        std::mem::swap(&mut slope, &mut next_slope);
        value = lower;
        if gained <= effort.tolerance * value.abs() {
            break;
        }
    }
    point
}

#[expect(clippy::cast_possible_truncation, reason = "the step is taken in single precision")]
fn follow(point: &[f32], direction: &[f32], length: f64, next: &mut [f32]) {
    let length = length as f32;
    for ((to, from), along) in next.iter_mut().zip(point).zip(direction) {
        *to = from + length * along;
    }
}

fn remember(steps: &mut Vec<Step>, point: &[f32], next: &[f32], slope: &[f32], next_slope: &[f32]) {
    let difference = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| a - b).collect::<Vec<f32>>();
    let (moved, turned) = (difference(next, point), difference(next_slope, slope));
    let curvature = dot(&moved, &turned);
    if curvature > 1e-10 {
        if steps.len() == MEMORY {
            steps.remove(0);
        }
        steps.push(Step { moved, turned, weight: 1.0 / curvature });
    }
}

/// The two loops: minus the slope times the estimated inverse curvature.
fn downhill(slope: &[f32], steps: &[Step]) -> Vec<f32> {
    let mut direction: Vec<f32> = slope.iter().map(|part| -part).collect();
    let mut shares = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let share = step.weight * dot(&step.moved, &direction);
        add(&mut direction, -share, &step.turned);
        shares.push(share);
    }
    if let Some(last) = steps.last() {
        scale(&mut direction, 1.0 / (last.weight * dot(&last.turned, &last.turned)));
    }
    for (step, share) in steps.iter().zip(shares.into_iter().rev()) {
        let back = step.weight * dot(&step.turned, &direction);
        add(&mut direction, share - back, &step.moved);
    }
    direction
}

#[expect(clippy::cast_possible_truncation, reason = "vectors are single precision")]
fn add(to: &mut [f32], times: f64, what: &[f32]) {
    let times = times as f32;
    for (to, what) in to.iter_mut().zip(what) {
        *to += times * what;
    }
}

#[expect(clippy::cast_possible_truncation, reason = "vectors are single precision")]
fn scale(what: &mut [f32], times: f64) {
    let times = times as f32;
    for part in what {
        *part *= times;
    }
}

/// The inner product: eight lanes in single precision, blocks summed in double.
pub(super) fn dot(one: &[f32], other: &[f32]) -> f64 {
    one.chunks(1024).zip(other.chunks(1024)).map(|(one, other)| f64::from(lanes(one, other))).sum()
}

fn lanes(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest: f32 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (one, other) in ones.zip(others) {
        for ((sum, a), b) in sums.iter_mut().zip(one).zip(other) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::{Effort, minimise};

    #[test]
    fn finds_the_bottom_of_a_narrow_valley() {
        // Rosenbrock's function: its bottom is at (1, 1).
        let found = minimise(vec![-1.2, 1.0], Effort { iterations: 200, tolerance: 0.0 }, |at, slope| {
            let (x, y) = (at[0], at[1]);
            slope[0] = -400.0 * x * (y - x * x) - 2.0 * (1.0 - x);
            slope[1] = 200.0 * (y - x * x);
            f64::from(100.0 * (y - x * x).powi(2) + (1.0 - x).powi(2))
        });
        assert!((found[0] - 1.0).abs() < 0.02 && (found[1] - 1.0).abs() < 0.04, "{found:?}");
    }
}
