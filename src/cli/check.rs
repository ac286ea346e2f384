//! `wenban check`

use std::io::Write;

use super::Content;
use crate::{dialogue::load, understanding::measure::Validation};

/// Parts of the cross-validation that finds topics which crowd each other.
const FOLDS: usize = 3;
/// One in so many examples of a topic taken for one and the same other topic is worth a warning.
const CROWDED: usize = 12;

/// One line for every fault; without faults, one for every pair of topics that crowd each other, which is no fault. Returns
/// whether there is no fault.
pub(super) fn run(content: &Content) -> anyhow::Result<bool> {
    let (script, problems) = load::load(content.files()?);
    let mut output = std::io::stdout().lock();
    for problem in &problems {
        writeln!(output, "{problem}")?;
    }
    if problems.is_empty() {
        let found = Validation::of(&script.words, &script.examples, FOLDS, content.today());
        for (topic, other, count) in found.ours.confusions() {
            let examples = script.topics.get(topic).map_or(0, |topic| topic.examples.len());
            if count * CROWDED >= examples {
                let what = format!("{count} of {examples} examples are taken for `{other}` when they are not learnt");
                writeln!(output, "topics/{topic}.yaml:0: warning: {what} · hint: say in the examples what sets the two apart")?;
            }
        }
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
