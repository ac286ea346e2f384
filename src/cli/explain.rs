//! `wenban explain`

use std::io::Write;

use super::Content;

/// Prints why `text` was understood so, as JSON.
pub(super) fn run(text: &str, content: &Content) -> anyhow::Result<()> {
    let explanation = content.read()?.1.explain(text, content.today());
    let mut output = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut output, &explanation)?;
    Ok(writeln!(output)?)
}
