//! Guides: flow charts and what they rest on.

use super::Problem;
use crate::domain::{guide::Guide, reply::NodeKind};

/// One guide or policy.
pub(super) fn guide(path: &str, text: &str, guide: &Guide, problems: &mut Vec<Problem>) {
    let place = |needle: &str| text.lines().position(|line| line.contains(needle)).map_or(0, |at| at as u64 + 1);
    let mut fault = |line, what: String, hint: &str| problems.push(Problem { file: path.to_owned(), line, what, hint: hint.to_owned() });
    if path != format!("guides/{}.yaml", guide.topic) {
        fault(place("topic:"), format!("the file of `{}` has another name", guide.topic), "name the file after its topic");
    }
    if guide.basis.is_empty() {
        fault(place("basis:"), "no basis".to_owned(), "name the law or notice it rests on");
    }
    let Some(chart) = &guide.steps else { return };
    let starts = chart.nodes.iter().filter(|node| node.kind == NodeKind::Start).count();
    if starts != 1 {
        fault(place("steps:"), format!("{starts} starts in the flow chart"), "exactly one node is of kind start");
    }
    for edge in &chart.edges {
        for end in [&edge.from, &edge.to] {
            if !chart.nodes.iter().any(|node| node.id == *end) {
                fault(
                    place(&format!("from: {}", edge.from)),
                    format!("an edge names `{end}`, which is no node"),
                    "use the id of a node above",
                );
            }
        }
    }
    for node in &chart.nodes {
        let line = place(&format!("id: {},", node.id));
        let mut out = chart.edges.iter().filter(|edge| edge.from == node.id).peekable();
        match node.kind {
            NodeKind::End if out.peek().is_some() => fault(line, format!("`{}` ends and goes on", node.id), "an end has no edge out of it"),
            NodeKind::Start | NodeKind::Step | NodeKind::Decision if out.peek().is_none() => {
                fault(line, format!("`{}` leads nowhere", node.id), "add an edge from it, or make it an end");
            }
            NodeKind::Decision if out.any(|edge| edge.label.is_none()) => {
                fault(line, format!("an answer of the question `{}` has no label", node.id), "label every edge out of a decision");
            }
            NodeKind::Start | NodeKind::Step | NodeKind::Decision | NodeKind::End => {}
        }
        if node.kind != NodeKind::Start && !chart.edges.iter().any(|edge| edge.to == node.id) {
            fault(line, format!("nothing leads to `{}`", node.id), "add an edge to it, or delete it");
        }
    }
}
