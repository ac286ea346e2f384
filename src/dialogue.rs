//! Checked flows and the state machine that walks them. No clock, no I/O, no async.

pub mod check;
pub mod engine;
mod intent;
pub mod load;
pub mod script;
mod slots;
pub mod template;
