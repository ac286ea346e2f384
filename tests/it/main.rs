//! The desk from outside, in one binary.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod content;
mod identity_numbers;
mod retirement;
mod store;
mod support;
mod tidy;
mod understanding;
