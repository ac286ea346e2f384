//! The desk from outside, in one binary.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calculations;
mod content;
mod desk;
mod http;
mod identity_numbers;
mod measure;
mod records;
mod retirement;
mod store;
mod stories;
mod support;
mod tidy;
mod understanding;
