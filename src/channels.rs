//! The ways in: each takes messages in its own form, hands them to the desk, and lays replies out in its medium.

pub mod oidc;
pub mod sms;
pub mod terminal;
pub mod web;
