//! The stories lead past everything in `dialogs/`: each topic is answered, each step taken, each block said and each rule
//! read, but what is listed here with a reason.

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

/// Steps that no story takes, as `flow/step`, and why.
const UNVISITED: [(&str, &str); 0] = [];
/// Blocks that no story hears, as `flow/step/number`, and why.
const UNSAID: [(&str, &str); 0] = [];
/// Rules that no story reads, and why.
const UNREAD: [(&str, &str); 0] = [];

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

/// What of `all` was not met, listed or not; prints how much was.
fn missed(what: &str, all: &BTreeSet<String>, met: &BTreeSet<String>, excused: &[(&str, &str)]) -> Vec<String> {
    println!("{what}: {} of {}", all.intersection(met).count(), all.len());
    let listed: BTreeSet<_> = excused.iter().map(|(name, _)| (*name).to_owned()).collect();
    let idle = listed.iter().filter(|name| met.contains(*name) || !all.contains(*name));
    let idle = idle.map(|name| format!("{what}: {name} is excused without need"));
    let bare = all.difference(met).filter(|name| !listed.contains(*name)).map(|name| format!("{what}: no story for {name}"));
    idle.chain(bare).collect()
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
    let faults = [
        missed("topics answered", &script.topics.keys().map(ToString::to_string).collect(), &answered, &[]),
        missed("steps visited", &steps().map(|(name, _)| name).collect(), &trail.steps, &UNVISITED),
        missed("blocks said", &blocks, &trail.blocks, &UNSAID),
        missed("rules read", &rules.values.keys().chain(rules.tables.keys()).cloned().collect(), &trail.rules, &UNREAD),
    ]
    .concat();
    assert!(faults.is_empty(), "{faults:#?}");
}
