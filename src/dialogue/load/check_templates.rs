//! Templates and expressions of flows: that they compile, and use names that exist.

use std::collections::HashSet;

use minijinja::Error;

use super::{
    super::{
        run::ENTITIES,
        script::{BlockTemplate, Flow, Placed, Script, Step},
        template::Templates,
    },
    Faults, File, Problem, flow_path,
};

/// Names that every template may use, beside the slots.
const NAMES: [&str; 7] = ["topic", "title", "aspect", "whole", "today", "name", "it"];
/// The item at hand, in cells and entries.
const ROW: &str = "row";

/// Every template of every flow.
pub(super) fn templates(script: &Script, files: &[File], problems: &mut Vec<Problem>) {
    let templates = Templates::default();
    for flow in script.flows.values() {
        let path = flow_path(&flow.flow.value, files);
        let mut check = Check { templates: &templates, names: names(flow), faults: Faults::of(path, files, problems) };
        for step in flow.steps.values() {
            check.step(step);
        }
    }
}

/// What the templates of a flow may use.
fn names(flow: &Flow) -> HashSet<String> {
    NAMES.into_iter().chain(ENTITIES).chain(flow.slots()).map(|name| name.replace('-', "_")).collect()
}

struct Check<'a> {
    templates: &'a Templates,
    names: HashSet<String>,
    faults: Faults<'a>,
}

impl Check<'_> {
    fn step(&mut self, step: &Step) {
        match step {
            Step::Ask(ask) => {
                self.text(&ask.text, false);
                self.text(&ask.again, false);
            }
            Step::Call(_) => {}
            Step::Choose(choose) => self.expression(&choose.on, false),
            Step::Say(say) => {
                for block in &say.blocks {
                    self.block(block);
                }
                self.expressions(say.offer_from.as_ref());
                self.expressions(say.offer_sides.as_ref());
            }
        }
    }

    fn block(&mut self, block: &BlockTemplate) {
        let BlockTemplate { when, text, facts, table, list, steps, timeline, series, sum, document, notice } = block;
        for expression in [when, steps, sum] {
            self.expressions(expression.as_ref());
        }
        for text in text.iter().chain(facts.iter().flat_map(|facts| facts.values())).chain(notice.iter().map(|notice| &notice.text)) {
            self.text(text, false);
        }
        for text in document.iter().flat_map(|document| [&document.title, &document.code, &document.url, &document.check]) {
            self.text(text, false);
        }
        if let Some(table) = table {
            self.expression(&table.rows, false);
            self.title(table.title.as_deref(), &table.rows);
            for cell in table.columns.values() {
                self.text(cell, true);
            }
        }
        if let Some(list) = list {
            self.expression(&list.items, false);
            self.title(list.title.as_deref(), &list.items);
        }
        if let Some(timeline) = timeline {
            self.expression(&timeline.rows, false);
            for text in [&timeline.date, &timeline.title].into_iter().chain(&timeline.note) {
                self.text(text, true);
            }
        }
        if let Some(series) = series {
            self.expression(&series.rows, false);
            self.title(series.title.as_deref(), &series.rows);
            self.text(&series.label, true);
            self.expression(&series.value, true);
        }
    }

    /// A heading has no place of its own: it stands beside `near`.
    fn title(&mut self, title: Option<&str>, near: &Placed) {
        let found = title.map(|title| self.templates.names(title));
        self.found(found, near, false);
    }

    fn text(&mut self, text: &Placed, row: bool) {
        self.found(Some(self.templates.names(&text.value)), text, row);
    }

    fn expression(&mut self, expression: &Placed, row: bool) {
        self.found(Some(self.templates.names_of_expression(&expression.value)), expression, row);
    }

    fn expressions(&mut self, expression: Option<&Placed>) {
        if let Some(expression) = expression {
            self.expression(expression, false);
        }
    }

    fn found(&mut self, found: Option<Result<HashSet<String>, Error>>, near: &Placed, row: bool) {
        let line = near.referenced.line();
        match found {
            None => {}
            Some(Err(error)) => self.faults.add(line, format!("no template: {error}"), "see the other flows for how it is written"),
            Some(Ok(used)) => {
                let mut unknown: Vec<_> = used.into_iter().filter(|name| !(self.names.contains(name) || row && name == ROW)).collect();
                unknown.sort();
                for name in unknown {
                    let hint = "use a slot, `it`, `topic`, `title`, `aspect`, `whole`, `today`, `name`, or `row` inside rows";
                    self.faults.add(line, format!("nothing is called `{name}` here"), hint);
                }
            }
        }
    }
}
