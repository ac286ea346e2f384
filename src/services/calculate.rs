//! Sums worked out from dated rules and the resident's answers; one file a rule.

mod retirement;

pub(super) use retirement::retirement_age;
pub use retirement::{Retirement, retire};
