//! Checked content and the words of replies. No clock, no I/O beyond loading, no async.

pub mod load;
pub mod script;
pub mod template;
