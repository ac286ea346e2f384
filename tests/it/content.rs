//! The built-in content is without fault, and its schemas are those of the types.

use wenban::dialogue::load::{built_in, load};

#[test]
fn the_built_in_content_has_no_fault() {
    let (script, problems) = load(built_in());
    assert_eq!(problems, []);
    assert_eq!((script.topics.len(), script.content.guides.len()), (67, 36));
}

/// Changes one built-in file and returns the faults then found, as lines.
fn faults_after(file: &str, from: &str, to: &str) -> Vec<String> {
    let mut files = built_in();
    let (_, text) = files.iter_mut().find(|(path, _)| path == file).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    *text = text.replacen(from, to, 1);
    load(files).1.iter().map(ToString::to_string).collect()
}

/// A built-in file's text.
fn dialogs(file: &str) -> String {
    built_in().into_iter().find(|(path, _)| path == file).unwrap().1
}

#[test]
fn a_planted_fault_of_a_dated_rule_is_named_with_file_and_line() {
    let pension = "rules/pension.yaml";
    let lower = "from: 2025-07-01, value: 477500, basis: 粤人社发〔2025〕32号, confidence: high";
    let mut missed = Vec::new();
    for (from, to, expected) in [
        (lower, "from: 2024-07-01, value: 477500, basis: 甲, confidence: high", "two values of `pension-base-lower` hold from 2024-07-01"),
        (lower, "from: 2024-06-01, value: 477500, basis: 甲, confidence: high", "the values of `pension-base-lower` are out of order"),
        (lower, "value: 477500, basis: 甲, confidence: high", "missing field `from`"),
        (lower, "from: 2025-07-01, basis: 甲, confidence: high", "missing field `value`"),
        (lower, "from: 2025-07-01, value: 477500, confidence: high", "missing field `basis`"),
        (lower, "from: 2025-07-01, value: 477500, basis: 甲", "missing field `confidence`"),
        (
            lower,
            "from: 2025-07-01, value: 477500, basis: ' ', confidence: high",
            "the value of `pension-base-lower` from 2025-07-01 names no document",
        ),
        (
            lower,
            "from: 2025-07-01, value: 1, basis: 甲, confidence: high, provisional: true",
            "has a value from 2025-07-01 and calls it provisional",
        ),
        (lower, "from: 2025-07-01, value: 1, basis: 甲, confidence: high, to: 2026-06-30", "unknown field `to`"),
    ] {
        let file = dialogs(pension);
        let line = 1 + file.lines().position(|line| line.contains(lower)).unwrap();
        let faults = faults_after(pension, from, to);
        let named =
            |fault: &String| fault.starts_with(&format!("{pension}:{line}: ")) && fault.contains(expected) && fault.contains("hint: ");
        if !faults.iter().any(named) {
            missed.push((line, expected, faults));
        }
    }
    for (from, to, expected) in [
        ("47: 208, ", "", "the table `payment-months` has a gap: nothing for 47"),
        (
            "value: 868200, basis: 粤人社发〔2022〕33号, confidence: medium",
            "value: null, basis: 甲, confidence: low, provisional: true",
            "no value before 2022-01-01",
        ),
        ("  basic-pension-rate:", "  minimum-months:", "another file has a rule `minimum-months`"),
        ("  basic-pension-rate:", "  basic-rate:", "`work-out` works with the rule `basic-pension-rate`, which rules/ lacks"),
        ("unit: per-myriad", "unit: percent", "unknown variant `percent`"),
    ] {
        let faults = faults_after(pension, from, to);
        if !faults.iter().any(|fault| fault.contains(expected) && !fault.contains(":0: ")) {
            missed.push((0, expected, faults));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn the_schemas_are_those_of_the_types() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    for (name, text) in wenban::dialogue::schema::all().into_iter().chain(wenban::gateway::contract::schemas()) {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(kept == text, "schema/{name} is out of date: run `wenban schema`");
    }
}
