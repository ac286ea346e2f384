//! 问办 (wenban): a desk that answers residents' questions about social insurance in a conversation.
//!
//! | layer | does |
//! |---|---|
//! | `channels` | the ways in: messages to the desk, replies laid out |
//! | `cli` | the command line |
//! | `desk` | one turn; the only place where all layers meet |
//! | `dialogue` | content of `dialogs/`, typed; the state machine over it; the templates of replies |
//! | `demo` | a made-up population |
//! | `services` | what a flow may ask for: records, cases, guides, sums, identity |
//! | `understanding` | text to meaning |
//! | `gateway` | records of the core system, over HTTPS |
//! | `outbound` | what is needed to speak to others over HTTPS |
//! | `store` | what is kept |
//! | `domain` | values that all layers speak in |

pub mod channels;
pub mod cli;
pub mod demo;
pub mod desk;
pub mod dialogue;
pub mod domain;
pub mod gateway;
pub mod outbound;
pub mod services;
pub mod store;
pub mod understanding;
