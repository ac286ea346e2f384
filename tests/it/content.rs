//! The built-in content is without fault, and a planted fault is found where it is.

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

#[test]
fn a_planted_fault_is_named_with_file_and_line() {
    let topic = "topics/guide.card-loss.yaml";
    let guide = "guides/guide.card-loss.yaml";
    for (file, from, to, expected) in [
        (
            topic,
            "topic: guide.card-loss",
            "topic: guide.card-lost",
            "topics/guide.card-loss.yaml:1: the file of topic `guide.card-lost` has another name",
        ),
        (topic, "title:", "name:", "topics/guide.card-loss.yaml:2:"),
        ("topics/record.card.yaml", "level: 2\n", "", "topics/record.card.yaml:1: `record.card` discloses a record and names no level"),
        (guide, "kind: start", "kind: step", "0 starts in the flow chart"),
        (guide, "confidence: high", "confidence: sure", "guides/guide.card-loss.yaml:"),
        ("rules/retirement.yaml", "{from: 2030-01-01", "{from: 2010-01-01", "the values of `minimum-months` are missing, out of order"),
    ] {
        let faults = faults_after(file, from, to);
        assert!(faults.iter().any(|fault| fault.contains(expected) && fault.contains("hint: ")), "{expected}\nfound {faults:#?}");
    }
}

#[test]
fn one_sentence_under_two_topics_is_a_fault() {
    let mut files = built_in();
    let (_, text) = files.iter_mut().find(|(path, _)| path == "topics/talk.thanks.yaml").unwrap();
    text.push_str("  - 再见\n");
    let problems = load(files).1;
    assert!(problems.iter().any(|problem| problem.what.contains("is an example of") && problem.line > 0), "{problems:?}");
}
