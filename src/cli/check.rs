//! `wenban check`

use std::io::Write;

use super::Content;
use crate::dialogue::load;

/// One line for every fault. Returns whether there is none.
pub(super) fn run(content: &Content) -> anyhow::Result<bool> {
    let (script, problems) = load::load(content.files()?);
    let mut output = std::io::stdout().lock();
    for problem in &problems {
        writeln!(output, "{problem}")?;
    }
    let sentences: usize = script.examples.topics.iter().map(|(_, said)| said.len()).sum();
    writeln!(
        output,
        "{} topics, {sentences} examples, {} guides: {} faults",
        script.topics.len(),
        script.content.guides.len(),
        problems.len()
    )?;
    Ok(problems.is_empty())
}
