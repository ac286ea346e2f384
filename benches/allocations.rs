//! How often one reading of a question allocates, and how much: `cargo bench --bench allocations`. Apart from the times,
//! since counting takes time.

use std::io::{self, Write};

use allocation_counter::measure;
use wenban::understanding::normalise::clean;

mod questions;

fn main() -> io::Result<()> {
    let (reader, texts) = (questions::reader(), questions::QUESTIONS);
    let today = questions::today();
    let cleaned = texts.map(clean);
    // What is laid out on first use is no query's.
    for text in texts {
        drop(reader.read(text, today));
    }
    let parts: [(&str, &dyn Fn(usize)); 5] = [
        ("normalise", &|n| drop(clean(texts[n]))),
        ("segment", &|n| drop(reader.segmenter().cut(&cleaned[n]))),
        ("classify", &|n| drop(reader.topics(texts[n]))),
        ("entities", &|n| drop(reader.entities(texts[n], today))),
        ("whole", &|n| drop(reader.read(texts[n], today))),
    ];
    let mut out = io::stdout().lock();
    writeln!(out, "{:<10} {:>12} {:>8}", "per query", "allocations", "bytes")?;
    for (part, run) in parts {
        let all = measure(|| (0..texts.len()).for_each(run));
        let mean = |sum: u64| sum.div_ceil(texts.len() as u64);
        writeln!(out, "{part:<10} {:>12} {:>8}", mean(all.count_total), mean(all.bytes_total))?;
    }
    Ok(())
}
