//! The conversation: checked content, the state machine over it, and the words of replies. No clock, no I/O beyond
//! loading, no async.

mod amend;
mod blocks;
mod engine;
mod follow;
mod heard;
pub mod load;
mod phrases;
mod run;
mod say;
pub mod schema;
pub mod script;
pub mod style;
pub mod template;
#[cfg(test)]
mod tests;
mod turn;

pub use engine::{Engine, Heard, Next, Talk};
