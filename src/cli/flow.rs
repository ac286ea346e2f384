//! `wenban flow`

use std::{fmt::Write as _, io::Write as _};

use clap::Args;
use serde::Serialize;

use super::Content;
use crate::{
    dialogue::script::{END, Flow, Script, Step},
    domain::{guide::Chart, reply::NodeKind, topic::TopicId},
};

/// Topics named beside one that does not exist.
const NEAREST: usize = 3;
/// Words of a step that fit into its box.
const SHOWN: usize = 30;
/// The box where a flow ends: Mermaid chokes on one that is called `end`.
const OVER: &str = "e";

/// Which topic.
#[derive(Args, Debug)]
pub(super) struct Drawn {
    /// 主题，例如 guide.card-loss · a topic's id
    topic: TopicId,
    #[command(flatten)]
    content: Content,
}

impl Drawn {
    /// Prints the conversation of the topic as Mermaid; for a guide, its chart below that.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let script = self.content.script()?;
        let charts = charts(&script, &self.topic)?;
        Ok(std::io::stdout().lock().write_all(charts.as_bytes())?)
    }
}

/// The charts of a topic; an error that names the nearest ids when there is no such topic.
fn charts(script: &Script, topic: &TopicId) -> anyhow::Result<String> {
    if !script.topics.contains_key(topic) {
        let near = nearest(topic.as_str(), script.topics.keys().map(TopicId::as_str));
        anyhow::bail!("`{topic}` is no topic\nhint: did you mean {}?", near.join(", "));
    }
    let title = script.title(topic);
    let Some(flow) = script.flow_of(topic) else {
        anyhow::bail!("`{topic}` has no flow: the desk answers it by itself");
    };
    let mut text = format!("%% {topic} {title}: the conversation, flows/{}.yaml\n{}", flow.flow.value, conversation(flow));
    if let Some(chart) = script.content.guides.get(topic).and_then(|guide| guide.steps.as_ref()) {
        let _ = write!(text, "\n%% {topic} {title}: how it is done, guides/{topic}.yaml\n{}", steps(chart));
    }
    Ok(text)
}

/// A flow's steps: questions lean, calls stand double, forks are diamonds, what is said is round.
fn conversation(flow: &Flow) -> String {
    let mut text = "flowchart TD\n".to_owned();
    let number = |step: &str| flow.steps.get_index_of(step).map_or_else(|| OVER.to_owned(), |at| format!("s{at}"));
    for (name, step) in &flow.steps {
        let called = if let Step::Call(call) = step { spelled(call.service) } else { String::new() };
        let (open, words, close) = match step {
            Step::Ask(ask) => ("[/", ask.text.value.as_str(), "/]"),
            Step::Call(_) => ("[[", called.as_str(), "]]"),
            Step::Choose(choose) => ("{", choose.on.value.as_str(), "}"),
            Step::Say(say) => ("(", say.blocks.iter().find_map(|block| block.text.as_ref()).map_or("", |words| words.value.as_str()), ")"),
        };
        let _ = writeln!(text, "  {}{open}\"{}\"{close}", number(name), boxed(name, words));
    }
    let _ = writeln!(text, "  {OVER}([\"{END}\"])");
    for (name, step) in &flow.steps {
        let (from, below) = (number(name), flow.below(name));
        let mut edge = |label: &str, to: &str| {
            let arrow = if label.is_empty() { "-->".to_owned() } else { format!("-->|\"{}\"|", escaped(label)) };
            let _ = writeln!(text, "  {from} {arrow} {}", number(to));
        };
        match step {
            Step::Ask(ask) => edge("", ask.next.as_ref().map_or(below, |to| &to.value)),
            Step::Say(say) => edge("", say.next.as_ref().map_or(below, |to| &to.value)),
            Step::Call(call) => {
                edge("", call.next.as_ref().map_or(below, |to| &to.value));
                if let Some(to) = &call.nothing {
                    edge("nothing", &to.value);
                }
                for (refusal, to) in &call.refused {
                    edge(&spelled(refusal), &to.value);
                }
            }
            Step::Choose(choose) => {
                for (value, to) in &choose.cases {
                    edge(value, &to.value);
                }
                edge("else", &choose.otherwise.value);
            }
        }
    }
    text
}

/// A name as `dialogs/` writes it.
fn spelled(name: impl Serialize) -> String {
    serde_json::to_value(name).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A guide's chart, with the decisions as diamonds.
fn steps(chart: &Chart) -> String {
    let mut text = "flowchart TD\n".to_owned();
    let number = |id: &str| chart.nodes.iter().position(|node| node.id == id).map_or_else(|| OVER.to_owned(), |at| format!("n{at}"));
    for node in &chart.nodes {
        let (open, close) = match node.kind {
            NodeKind::Start | NodeKind::End => ("([", "])"),
            NodeKind::Decision => ("{", "}"),
            NodeKind::Step => ("[", "]"),
        };
        let _ = writeln!(text, "  {}{open}\"{}\"{close}", number(&node.id), escaped(&node.text));
    }
    for edge in &chart.edges {
        let arrow = edge.label.as_ref().map_or_else(|| "-->".to_owned(), |label| format!("-->|\"{}\"|", escaped(label)));
        let _ = writeln!(text, "  {} {arrow} {}", number(&edge.from), number(&edge.to));
    }
    text
}

/// A step's name above the beginning of its words.
fn boxed(name: &str, words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let more = if line.chars().nth(SHOWN).is_some() { "…" } else { "" };
    let short: String = line.chars().take(SHOWN).collect();
    if short.is_empty() { escaped(name) } else { format!("{}<br/>{}{more}", escaped(name), escaped(&short)) }
}

/// Text that means nothing to Mermaid within quotes.
fn escaped(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;").replace('{', "#123;").replace('}', "#125;")
}

/// The ids that share most pairs of letters with `wanted`, best first.
fn nearest<'a>(wanted: &str, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let pairs = |text: &str| text.as_bytes().windows(2).map(<[u8]>::to_vec).collect::<std::collections::HashSet<_>>();
    let asked = pairs(wanted);
    let mut ranked: Vec<(usize, &str)> = ids.map(|id| (pairs(id).symmetric_difference(&asked).count(), id)).collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, id)| id).take(NEAREST).collect()
}

#[cfg(test)]
mod tests {
    use super::{charts, nearest};
    use crate::dialogue::load::{built_in, load};

    fn drawn(topic: &str) -> String {
        charts(&load(built_in()).0, &topic.into()).unwrap()
    }

    #[test]
    fn a_conversation_has_its_forks_and_their_labels() {
        let text = drawn("service.documents");
        for line in [
            "flowchart TD",
            "s0[[\"search<br/>documents\"]]",
            "s1{\"outcome<br/>it.outcome\"}",
            "s1 -->|\"vague\"| s2",
            "s2 --> s0",
            "s3 --> e",
        ] {
            assert!(text.lines().any(|found| found.trim() == line), "{line}\n{text}");
        }
        assert_eq!(text.matches("flowchart").count(), 1);
    }

    #[test]
    fn every_topic_with_a_flow_is_drawn_and_every_edge_joins_two_boxes() {
        let script = load(built_in()).0;
        let mut edges = 0;
        for topic in script.topics.keys().filter(|topic| script.flow_of(topic).is_some()) {
            for chart in charts(&script, topic).unwrap().split("flowchart TD\n").skip(1) {
                let boxes: Vec<&str> = chart
                    .lines()
                    .filter(|line| !line.contains("-->"))
                    .filter_map(|line| line.trim().split(['[', '(', '{']).next())
                    .collect();
                for line in chart.lines().filter(|line| line.contains("-->")) {
                    let (from, to) = (line.split_whitespace().next().unwrap(), line.split_whitespace().next_back().unwrap());
                    assert!(boxes.contains(&from) && boxes.contains(&to), "{topic}: {line}");
                    edges += 1;
                }
            }
        }
        assert!(edges > 300, "{edges}");
    }

    #[test]
    fn a_guide_has_its_chart_too() {
        let text = drawn("guide.card-loss");
        assert_eq!(text.matches("flowchart TD").count(), 2);
        assert!(text.contains("n0([\""), "{text}");
    }

    #[test]
    fn an_unknown_topic_names_its_neighbours() {
        let script = load(built_in()).0;
        let error = charts(&script, &"guide.cardloss".into()).unwrap_err().to_string();
        assert!(error.contains("`guide.cardloss` is no topic") && error.contains("guide.card-loss"), "{error}");
        assert_eq!(
            nearest("record.contribution", script.topics.keys().map(crate::domain::topic::TopicId::as_str))[0],
            "record.contributions"
        );
        assert!(charts(&script, &"talk.repeat".into()).is_err());
    }
}
