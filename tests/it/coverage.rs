//! How far the stories lead through `dialogs/`: each topic is answered; steps taken, blocks said and rules read never grow fewer.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
};
use wenban::{dialogue::script::Step, domain::reply::Status};

use crate::{
    stories::{stories, tell},
    support::desk::{hall, script},
};

/// Steps that no story leads past yet, at most: to be lowered as stories are written.
const UNVISITED: usize = 10;
/// Blocks that no story hears yet, at most.
const UNSAID: usize = 50;
/// Rules that no story reads yet, at most; most are data without a flow.
const UNREAD: usize = 13;

/// Moves of the conversation, made in many stories: they answer no topic of their own.
const MOVES: [&str; 4] = ["talk.affirm", "talk.deny", "talk.repeat", "talk.restart"];

/// What the desk noted of the way it took.
#[derive(Default)]
struct Trail {
    /// The step under way.
    step: String,
    steps: BTreeSet<String>,
    blocks: BTreeSet<String>,
    rules: BTreeSet<String>,
}

#[derive(Clone, Default)]
struct Follower(Arc<Mutex<Trail>>);

impl<S: Subscriber> Layer<S> for Follower {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("wenban::") {
            event.record(&mut *self.0.lock().unwrap());
        }
    }
}

impl Visit for Trail {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "flow" => value.clone_into(&mut self.step),
            "step" => {
                self.step = format!("{}/{value}", self.step);
                self.steps.insert(self.step.clone());
            }
            "rule" => {
                self.rules.insert(value.to_owned());
            }
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "block" {
            self.blocks.insert(format!("{}/{value}", self.step));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// Says what of `all` was not met when it is more than one in `spared`.
fn missed(what: &str, all: &BTreeSet<String>, met: &BTreeSet<String>, spared: usize) -> Option<String> {
    let missed: Vec<_> = all.difference(met).collect();
    let lines = || format!("{what}: {} of {}, no story for {missed:#?}", all.len() - missed.len(), all.len());
    (missed.len() > spared).then(lines)
}

#[tokio::test]
async fn stories_lead_past_every_topic_step_block_and_rule() {
    let follower = Follower::default();
    // Of this thread alone: other tests have desks of their own.
    let _following = tracing::subscriber::set_default(tracing_subscriber::registry().with(follower.clone()));
    let dir = tempfile::tempdir().unwrap();
    let hall = hall(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    let mut answered = BTreeSet::new();
    for (name, story) in stories() {
        let (_, replies) = tell(&hall, &name, &story).await;
        for reply in replies {
            let said = if matches!(reply.status, Status::HandedOver | Status::Unknown) { reply.completeness.asked } else { Vec::new() };
            let topics = reply.completeness.given.into_iter().chain(said);
            answered.extend(topics.map(|topic| topic.split('#').next().unwrap().to_owned()));
        }
    }
    let script = script();
    let steps = || script.flows.iter().flat_map(|(flow, of)| of.steps.iter().map(move |(name, step)| (format!("{flow}/{name}"), step)));
    let blocks = steps().filter_map(|(name, step)| if let Step::Say(say) = step { Some((name, say.blocks.len())) } else { None });
    let blocks = blocks.flat_map(|(name, count)| (0..count).map(move |at| format!("{name}/{at}"))).collect();
    let rules = &script.content.rules;
    let trail = follower.0.lock().unwrap();
    let topics = script.topics.keys().map(ToString::to_string).filter(|topic| !MOVES.contains(&topic.as_str()));
    let rules = rules.values.keys().chain(rules.tables.keys()).cloned().collect();
    let faults = [
        missed("topics answered", &topics.collect(), &answered, 0),
        missed("steps visited", &steps().map(|(name, _)| name).collect(), &trail.steps, UNVISITED),
        missed("blocks said", &blocks, &trail.blocks, UNSAID),
        missed("rules read", &rules, &trail.rules, UNREAD),
    ];
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
