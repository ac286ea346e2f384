//! Values that every layer speaks in: no I/O, no clock, no async.

pub mod audit;
pub mod certificate;
pub mod clock;
pub mod disclosure;
pub mod document;
pub mod document_number;
pub mod entity;
pub mod fact;
pub mod guide;
pub mod id_number;
pub mod matter;
pub mod message;
pub mod money;
pub mod month;
pub mod person;
pub mod reply;
pub mod session;
pub mod topic;
pub mod workday;
