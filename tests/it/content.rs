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
            "topics/guide.card-loss.yaml:2: the file of topic `guide.card-lost` has another name",
        ),
        (topic, "title:", "name:", "topics/guide.card-loss.yaml:3:"),
        ("topics/record.card.yaml", "level: 2\n", "", "topics/record.card.yaml:2: `record.card` discloses a record and names no level"),
        (guide, "kind: start", "kind: step", "0 starts in the flow chart"),
        (guide, "confidence: high", "confidence: sure", "guides/guide.card-loss.yaml:"),
    ] {
        let faults = faults_after(file, from, to);
        assert!(faults.iter().any(|fault| fault.contains(expected) && fault.contains("hint: ")), "{expected}\nfound {faults:#?}");
    }
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

/// A built-in file's text.
fn dialogs(file: &str) -> String {
    built_in().into_iter().find(|(path, _)| path == file).unwrap().1
}

#[test]
fn a_planted_fault_of_a_flow_is_named_with_file_and_line() {
    let (card, age, guide) = ("flows/record.card.yaml", "flows/calculate.retirement-age.yaml", "flows/guide.yaml");
    let (identity, thanks, topic) = ("flows/identity.yaml", "flows/talk.thanks.yaml", "topics/record.card.yaml");
    let mut missed = Vec::new();
    for (file, from, to, expected) in [
        (card, "flow: record.card", "flow: record.cart", "flows/record.card.yaml:2: the file of flow `record.cart` has another name"),
        (card, "flow: record.card", "flow: record.cart", "flows/record.card.yaml:2: `record.cart` is neither a topic nor a kind of topics"),
        (thanks, "flow: talk.thanks", "flow: talk.help", "topics/talk.thanks.yaml:2: no flow answers `talk.thanks`"),
        (card, "nothing: nothing", "nothing: nowhere", "flows/record.card.yaml:7: `nowhere` is no step of this flow"),
        (card, "next: end", "next: fin", "flows/record.card.yaml:35: `fin` is no step of this flow"),
        (identity, "code-wrong: otp", "code-wrong: opt", "flows/identity.yaml:35: `opt` is no step of this flow"),
        (identity, "code-wrong: otp", "birth-out-of-range: otp", "flows/identity.yaml:35: the service of `confirm` never refuses"),
        (guide, "else: whole", "else: hole", "flows/guide.yaml:20: `hole` is no step of this flow"),
        (card, "nothing: nothing", "nothing: show", "flows/record.card.yaml:36: nothing leads to the step `nothing`"),
        (card, "{{ it.tail }}", "{{ it.tail }", "flows/record.card.yaml:11: no template: "),
        (card, "{{ it.tail }}", "{{ card.tail }}", "flows/record.card.yaml:11: nothing is called `card` here"),
        (card, "{{ it.tail }}", "{{ row.tail }}", "flows/record.card.yaml:11: nothing is called `row` here"),
        (card, "it.state == '制卡中'\n", "it.state = '制卡中'\n", "flows/record.card.yaml:18: no template: "),
        (card, "when: it.state", "when: its.state", "flows/record.card.yaml:18: nothing is called `its` here"),
        (age, "on: category", "on: kategory", "flows/calculate.retirement-age.yaml:29: nothing is called `kategory` here"),
        (topic, "level: 2", "level: 0", "flows/record.card.yaml:6: `read` reads a record and `record.card` names no level"),
        ("flows/calculate.pension.yaml", "      level: 2\n", "", "`record` reads a record and `calculate.pension` names no level"),
        (card, "offer: [guide.card-activate", "offer: [guide.card-wake", "flows/record.card.yaml:34: `guide.card-wake` is no topic"),
        (age, "label: 男,", "label: 男职工，不管以前在哪个岗位上班都选这个,", "flows/calculate.retirement-age.yaml:22: the label"),
        (age, "kind: choice", "kind: text", "flows/calculate.retirement-age.yaml:21: `category` is no choice and has options"),
        (age, "kind: month", "kind: choice", "flows/calculate.retirement-age.yaml:5: the choice `birth` has no options"),
        (
            thanks,
            "- text: ",
            "- when: title\n          notice: {level: info, text: 好}\n          text: ",
            "flows/talk.thanks.yaml:7: a block of `show` has 2 kinds",
        ),
        (thanks, "- text: 不用谢。还有别的事，接着说就行。", "- when: title", "flows/talk.thanks.yaml:7: a block of `show` has 0 kinds"),
        ("phrases.yaml", "whole: 看完整办法", "whole: ''", "phrases.yaml:25: `whole` says nothing"),
        ("phrases.yaml", "whole: 看完整办法\n", "", "phrases.yaml:"),
        ("phrases.yaml", "whole: 看完整办法", "whole: 看这件事从头到尾的完整办法和材料", "phrases.yaml:25: the label"),
        ("phrases.yaml", "  - case.status", "  - case.state", "phrases.yaml:8: `case.state` is no topic"),
        ("phrases.yaml", "  code-used-up:", "  # code-used-up:", "phrases.yaml:33: no words for the refusal CodeUsedUp"),
        (
            topic,
            "level: 2\n",
            "level: 2\ncounterparts: {medical: record.cart}\n",
            "topics/record.card.yaml:2: the counterpart `record.cart` is no topic",
        ),
    ] {
        let faults = faults_after(file, from, to);
        if !faults.iter().any(|fault| fault.contains(expected) && fault.contains("hint: ")) {
            missed.push((expected, faults));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn the_schemas_are_those_of_the_types() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    for (name, text) in wenban::dialogue::schema::all() {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap();
        assert!(kept == text, "schema/{name} is out of date: run `wenban schema`");
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
