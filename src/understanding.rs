//! Text to meaning. It never fails: what it cannot read, it leaves out. No I/O, no clock.

pub mod entities;
mod lexicon;
mod model;
pub mod normalise;
mod reader;
mod words;

pub use lexicon::Lexicon;
pub use reader::{Also, Decision, Explanation, Meaning, Ranked, Reader};
pub use words::{Examples, PlaceName, Words};
