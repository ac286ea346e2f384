//! `wenban understand`

use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::json;

use super::Content;

#[derive(Deserialize)]
struct Line {
    text: String,
}

/// One JSON line out for every line in, in the same order. A line that cannot be read gets an `error` of its own and
/// spoils no other.
pub(super) fn run(content: &Content) -> anyhow::Result<()> {
    let ((_, reader), today) = (content.read()?, content.today());
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().split(b'\n') {
        let answer = match serde_json::from_slice::<Line>(&line?) {
            Ok(line) => reader.read(&line.text, today).contract(),
            Err(error) => json!({"error": format!("not a line of the form {{\"text\": …}}: {error}")}),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}
