//! Topics: their files, titles and examples.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_saphyr::Spanned;

use super::{super::script::Topic, Problem, too_long};
use crate::{
    domain::{
        guide::Guide,
        topic::{TopicId, TopicKind},
    },
    understanding::normalise,
};

/// How to mend an id that no topic has.
pub(super) const USE_AN_ID: &str = "use an id of topics/";

/// One topic by itself.
pub(super) fn topic(path: &str, text: &str, topic: &Topic, problems: &mut Vec<Problem>) {
    let mut fault = |line, what: String, hint: &str| problems.push(Problem { file: path.to_owned(), line, what, hint: hint.to_owned() });
    let id = &topic.topic;
    let line = id.referenced.line();
    if path != format!("topics/{}.yaml", id.value) {
        fault(line, format!("the file of topic `{}` has another name", id.value), "name the file after the topic");
    }
    match TopicId::from(id.value.as_str()).kind() {
        None => fault(line, format!("`{}` is of no known kind", id.value), "begin with record., guide., policy. … as in the topic list"),
        Some(TopicKind::Record | TopicKind::Case | TopicKind::Certificate) if topic.level.is_none() => {
            fault(line, format!("`{}` discloses a record and names no level", id.value), "add `level: 2` (identity checked)");
        }
        Some(_) => {}
    }
    if too_long(&topic.title) {
        let at = (1..).zip(text.lines()).find(|(_, line)| line.starts_with("title:")).map_or(line, |(at, _)| at);
        fault(at, format!("the title 「{}」 does not fit a button", topic.title), "15 characters at most");
    }
    if topic.examples.len() < 12 {
        fault(line, format!("{} examples", topic.examples.len()), "write at least 12 ways people say it");
    }
}

/// Topics beside each other, and beside the guides.
pub(super) fn across(topics: &IndexMap<TopicId, Topic>, guides: &IndexMap<TopicId, Guide>, problems: &mut Vec<Problem>) {
    let mut said: HashMap<String, &TopicId> = HashMap::new();
    for (id, topic) in topics {
        let file = format!("topics/{id}.yaml");
        for Spanned { value, referenced, .. } in &topic.examples {
            let form = normalise::squash(&normalise::clean(value));
            if let Some(other) = said.insert(form, id) {
                let what = format!("「{value}」 is an example of `{other}` too");
                problems.push(Problem { file: file.clone(), line: referenced.line(), what, hint: "keep it where it fits best".to_owned() });
            }
        }
        let explained = matches!(id.kind(), Some(TopicKind::Guide | TopicKind::Policy));
        if explained && !guides.contains_key(id) {
            let hint = format!("write guides/{id}.yaml");
            problems.push(Problem { file, line: topic.topic.referenced.line(), what: format!("`{id}` has no guide"), hint });
        }
    }
    for (id, topic) in topics {
        for other in topic.counterparts.values().filter(|other| !topics.contains_key(*other)) {
            let file = format!("topics/{id}.yaml");
            let line = topic.topic.referenced.line();
            problems.push(Problem { file, line, what: format!("the counterpart `{other}` is no topic"), hint: USE_AN_ID.to_owned() });
        }
    }
}
