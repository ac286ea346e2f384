//! 问办 (wenban): a desk that answers residents' questions about social insurance.

pub mod domain;
