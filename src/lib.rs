//! 问办 (wenban): a desk that answers residents' questions about social insurance in a conversation.
//!
//! | layer | does |
//! |---|---|
//! | `cli` | the command line |
//! | `dialogue` | content of `dialogs/`, typed; the templates of replies |
//! | `demo` | a made-up population |
//! | `services` | what a flow may ask for: records, cases, guides, sums, identity |
//! | `understanding` | text to meaning |
//! | `store` | what is kept |
//! | `domain` | values that all layers speak in |

pub mod cli;
pub mod demo;
pub mod dialogue;
pub mod domain;
pub mod services;
pub mod store;
pub mod understanding;
