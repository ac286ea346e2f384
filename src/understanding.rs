//! Text to meaning. It never fails: what it cannot read, it leaves out. No I/O, no clock.

mod aspects;
mod classify;
mod decide;
pub mod entities;
mod features;
mod gate;
mod lexicon;
mod linear;
mod meaning;
pub mod measure;
pub mod normalise;
mod reader;
mod segment;
mod sound;
mod spread;
mod svm;
mod words;

pub use meaning::{Also, Decision, Meaning, OTHER, Ranked};
pub use reader::{Evidence, Explanation, Reader};
pub use segment::Segmenter;
pub use words::{Examples, PlaceName, Words};
