//! The desk from outside, in one binary.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod calculations;
mod content;
mod coverage;
mod desk;
mod documents;
mod gateway;
mod http;
mod identity;
mod identity_numbers;
mod keeping;
mod long;
mod masking;
mod matters;
mod measure;
mod planted;
mod records;
mod reload;
mod retirement;
mod sessions;
mod store;
mod stories;
mod support;
mod tidy;
mod understanding;
mod walk;
