//! The parts of reading a question: `cargo bench --bench understanding`. Every iteration reads the next of the
//! questions, so that a time is the mean of theirs.

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use wenban::understanding::normalise::clean;

mod questions;

fn understanding(criterion: &mut Criterion) {
    let (reader, texts, today) = (questions::reader(), questions::QUESTIONS, questions::today());
    let cleaned = texts.map(clean);
    let mut group = criterion.benchmark_group("understanding");
    each(&mut group, "normalise", &texts, clean);
    each(&mut group, "segment", &cleaned.each_ref().map(String::as_str), |text| reader.segmenter().cut(text));
    each(&mut group, "classify", &texts, |text| reader.topics(text));
    each(&mut group, "entities", &texts, |text| reader.entities(text, today));
    each(&mut group, "whole", &texts, |text| reader.read(text, today));
    group.finish();
}

/// Times `read` over `texts` in turn.
fn each<'a, T>(group: &mut BenchmarkGroup<'_, WallTime>, part: &str, texts: &[&'a str], read: impl Fn(&'a str) -> T) {
    let mut turns = texts.iter().cycle();
    group.bench_function(part, |bencher| bencher.iter(|| turns.next().map(|text| read(black_box(text)))));
}

criterion_group!(benches, understanding);
criterion_main!(benches);
