//! What tests need beside the program.

pub(crate) mod checked;
pub(crate) mod desk;
pub(crate) mod postgres;
pub(crate) mod program;
pub(crate) mod raw;
pub(crate) mod search;
pub(crate) mod trial;
