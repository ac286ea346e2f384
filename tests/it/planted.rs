//! Faults planted one at a time in the built-in content: each is named with its file, its line, what it is and how to
//! mend it.

use std::thread;

use wenban::dialogue::load::{Problem, built_in, load};

/// `tests/planted.yaml`, which says what its fields mean.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Planted {
    file: String,
    from: Option<String>,
    to: String,
    at: Option<String>,
    what: String,
    hint: String,
}

/// The faults that one change leads to, and the changed file.
fn faults(planted: &Planted) -> (Vec<Problem>, String) {
    let mut files = built_in();
    let (_, text) = files.iter_mut().find(|(path, _)| *path == planted.file).unwrap();
    match &planted.from {
        None => text.push_str(&planted.to),
        Some(from) => {
            assert!(text.contains(from.as_str()), "{} has no `{from}`", planted.file);
            *text = text.replacen(from, &planted.to, 1);
        }
    }
    let changed = text.clone();
    (load(files).1, changed)
}

#[test]
fn every_planted_fault_is_named_with_file_line_and_hint() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/planted.yaml");
    let all: Vec<Planted> = serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(all.len() >= 25, "{} faults are planted", all.len());
    let parts: Vec<&[Planted]> = all.chunks(all.len().div_ceil(4)).collect();
    let missed: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || missed(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
}

/// Those of the faults that are not named, or not where they are.
fn missed(part: &[Planted]) -> Vec<String> {
    let mut missed = Vec::new();
    for planted in part {
        let (found, changed) = faults(planted);
        let lines = planted.at.as_ref().map(|at| -> Vec<u64> {
            (1..).zip(changed.lines()).filter(|(_, line)| line.contains(at.as_str())).map(|(line, _)| line).collect()
        });
        let named = |problem: &Problem| {
            let here = lines.as_ref().is_none_or(|lines| problem.file == planted.file && lines.contains(&problem.line));
            here && !problem.file.is_empty() && problem.what.contains(&planted.what) && problem.hint.contains(&planted.hint)
        };
        if !found.iter().any(named) {
            missed.push(format!("{}: `{}` at {lines:?}, found {found:#?}", planted.file, planted.what));
        }
    }
    missed
}

#[test]
fn a_file_out_of_place_and_a_file_that_is_missing_are_named() {
    let mut files = built_in();
    files.push(("guide/guide.card-loss.yaml".into(), "topic: guide.card-loss\n".into()));
    files.retain(|(path, _)| path != "style.yaml" && path != "guides/guide.e-card.yaml");
    let found: Vec<String> = load(files).1.iter().map(ToString::to_string).collect();
    for expected in [
        "guide/guide.card-loss.yaml:0: no kind of content lives here · hint: use topics/",
        "style.yaml:0: the file is missing · hint: copy the built-in one",
        "`guide.e-card` has no guide · hint: write guides/guide.e-card.yaml",
    ] {
        assert!(found.iter().any(|fault| fault.contains(expected)), "{expected}\nfound {found:#?}");
    }
}
