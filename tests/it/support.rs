//! What tests need beside the program.

pub(crate) mod postgres;
