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

const NO_POLICY: &str = "no policy of today treats this side: `side` leads to the whole";
const HAVE_IT: &str = "whoever the stories ask for has it";
const EVERY_GUIDE: &str = "every guide of today tells it";
const NONE_SO: &str = "nobody whom the stories ask for has it so";
const NO_FLOW: &str = "kept for a calculator that has no flow yet; guides tell the figure in reviewed words";
const NEXT_YEAR: &str = "the days off of the year in which it falls due are announced";

/// Topics that answer nothing by themselves.
const UNANSWERED: [(&str, &str); 4] = [
    ("talk.affirm", "the engine takes it as an answer to what was asked"),
    ("talk.deny", "the engine takes it as an answer to what was asked"),
    ("talk.repeat", "the engine says the last reply again"),
    ("talk.restart", "the engine drops what is under way"),
];
/// Steps that no story takes, as `flow/step`, and why.
const UNVISITED: [(&str, &str); 11] = [
    ("calculate.flexible/unknown", "every figure has a value on the day of the stories"),
    ("calculate.pension/cannot", "every figure has a value on the day of the stories"),
    ("certificate.contribution/elsewhere", "the desk of the stories has its font; a test of the HTTP channel goes without"),
    ("policy/amount", NO_POLICY),
    ("policy/conditions", NO_POLICY),
    ("policy/steps", NO_POLICY),
    ("policy/time-limit", NO_POLICY),
    ("record.card/nothing", HAVE_IT),
    ("record.contribution-years/nothing", HAVE_IT),
    ("record.enrollment/nothing", HAVE_IT),
    ("record.pension-account/nothing", HAVE_IT),
];
/// Blocks of the other steps that no story hears, as `flow/step/number`, and why.
const UNSAID: [(&str, &str); 26] = [
    ("case.status/show/6", NONE_SO),
    ("case.status/told/4", NEXT_YEAR),
    ("case.status/told/5", "nothing is overdue: all stories take place on one day"),
    ("guide/basis/2", EVERY_GUIDE),
    ("guide/conditions/2", EVERY_GUIDE),
    ("guide/materials/2", EVERY_GUIDE),
    ("guide/online/2", EVERY_GUIDE),
    ("guide/steps/2", EVERY_GUIDE),
    ("policy/basis/4", EVERY_GUIDE),
    ("policy/materials/0", NO_POLICY),
    ("policy/materials/1", NO_POLICY),
    ("policy/whole/5", NO_POLICY),
    ("record.benefit-payments/show/3", NONE_SO),
    ("record.benefit-payments/show/4", NONE_SO),
    ("record.benefit-payments/show/5", NONE_SO),
    ("record.card/show/2", NONE_SO),
    ("record.certification/show/2", NONE_SO),
    ("record.certification/show/3", NONE_SO),
    ("record.contributions/monthly/4", NONE_SO),
    ("record.contributions/yearly/4", NONE_SO),
    ("record.medical-claims/show/3", NONE_SO),
    ("record.medical-claims/show/5", NONE_SO),
    ("record.pension-payments/advice/0", NONE_SO),
    ("record.pension-payments/advice/1", NONE_SO),
    ("record.pension-payments/within/3", NONE_SO),
    ("service.disclosure/receipt/2", NEXT_YEAR),
];
/// Rules that no story reads, and why.
const UNREAD: [(&str, &str); 13] = [
    ("injury-allowance-ratio", NO_FLOW),
    ("injury-death-lump", NO_FLOW),
    ("injury-employment-months", NO_FLOW),
    ("injury-lump-months", NO_FLOW),
    ("injury-medical-months", NO_FLOW),
    ("maternity-days", NO_FLOW),
    ("maternity-dystocia-days", NO_FLOW),
    ("maternity-further-child-days", NO_FLOW),
    ("medical-rate-employee", NO_FLOW),
    ("pension-rate-employee", NO_FLOW),
    ("pension-rate-employer", NO_FLOW),
    ("unemployment-rate-employee", NO_FLOW),
    ("unemployment-rate-employer", NO_FLOW),
];

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
#[expect(clippy::print_stdout, reason = "the coverage is what the test reports")]
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
    let excused = |name: &str| UNVISITED.iter().any(|(step, _)| *step == name);
    let blocks = steps()
        .filter(|(name, _)| !excused(name))
        .filter_map(|(name, step)| if let Step::Say(say) = step { Some((name, say.blocks.len())) } else { None });
    let blocks = blocks.flat_map(|(name, count)| (0..count).map(move |at| format!("{name}/{at}"))).collect();
    let rules = &script.content.rules;
    let trail = follower.0.lock().unwrap();
    let faults = [
        missed("topics answered", &script.topics.keys().map(ToString::to_string).collect(), &answered, &UNANSWERED),
        missed("steps visited", &steps().map(|(name, _)| name).collect(), &trail.steps, &UNVISITED),
        missed("blocks said", &blocks, &trail.blocks, &UNSAID),
        missed("rules read", &rules.values.keys().chain(rules.tables.keys()).cloned().collect(), &trail.rules, &UNREAD),
    ]
    .concat();
    assert!(faults.is_empty(), "{faults:#?}");
}
