//! Dated rules: each value dated, sourced and in order, no table with a hole, and none missing that a calculation needs.

use super::{
    super::script::{Script, Step},
    Faults, File, Problem,
};
use crate::services::rules::{Rule, Rules, Table};

/// One file; `before` is what the files before it gave.
pub(super) fn file(path: &str, text: &str, rules: &Rules, before: &Rules, problems: &mut Vec<Problem>) {
    let mut faults = Faults { path, text, problems };
    for (name, rule) in &rules.values {
        dated(name, rule, before, &mut faults);
    }
    for (name, rule) in &rules.tables {
        dated(name, rule, before, &mut faults);
        whole(name, rule, &mut faults);
    }
}

fn dated<T>(name: &str, rule: &Rule<T>, before: &Rules, faults: &mut Faults) {
    let line = faults.step(name);
    if before.knows(name) {
        faults.add(line, format!("another file has a rule `{name}`"), "a rule's values stand together in one file");
    }
    if rule.values.is_empty() {
        faults.add(line, format!("the rule `{name}` has no values"), "write a row for each day it changes");
    }
    for pair in rule.values.windows(2) {
        let (earlier, later) = (pair[0].from.value, pair[1].from.value);
        let line = pair[1].from.referenced.line();
        if earlier == later {
            faults.add(line, format!("two values of `{name}` hold from {later}"), "keep the one that the document says");
        } else if earlier > later {
            faults.add(line, format!("the values of `{name}` are out of order at {later}"), "write the earliest day first");
        }
    }
    for (at, row) in rule.values.iter().enumerate() {
        let (line, from) = (row.from.referenced.line(), row.from.value);
        if row.basis.trim().is_empty() {
            faults.add(line, format!("the value of `{name}` from {from} names no document"), "write document and article as its `basis`");
        }
        if row.provisional && row.value.is_some() {
            faults.add(
                line,
                format!("`{name}` has a value from {from} and calls it provisional"),
                "`provisional` belongs to a `value: null`",
            );
        }
        if row.provisional && rule.values[..at].iter().all(|earlier| earlier.value.is_none()) {
            faults.add(
                line,
                format!("`{name}` has no value before {from} that could be applied"),
                "delete `provisional`, or write that value",
            );
        }
    }
}

/// Whether a table has a value for every number from its first to its last.
fn whole(name: &str, rule: &Rule<Table>, faults: &mut Faults) {
    for row in &rule.values {
        let Some(table) = &row.value else { continue };
        let (Some((first, _)), Some((last, _))) = (table.first_key_value(), table.last_key_value()) else {
            faults.add(row.from.referenced.line(), format!("the table `{name}` is empty"), "write its values");
            continue;
        };
        for missing in (*first..=*last).filter(|key| !table.contains_key(key)) {
            let what = format!("the table `{name}` has a gap: nothing for {missing}");
            faults.add(row.from.referenced.line(), what, "write every number from the first to the last");
        }
    }
}

/// Whether every rule that a called service takes its figures from is there.
pub(super) fn needed(script: &Script, files: &[File], problems: &mut Vec<Problem>) {
    for flow in script.flows.values() {
        let mut faults = Faults::of(super::flow_path(&flow.flow.value, files), files, problems);
        for (step, of) in &flow.steps {
            let Step::Call(call) = of else { continue };
            for name in call.service.rules().iter().filter(|name| !script.content.rules.knows(name)) {
                let line = faults.line(faults.step(step), "service:");
                faults.add(line, format!("`{step}` works with the rule `{name}`, which rules/ lacks"), "write its values into rules/");
            }
        }
    }
}
