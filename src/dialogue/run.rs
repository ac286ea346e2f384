//! Running a flow's steps until it waits, calls or ends.

use std::collections::BTreeMap;

use minijinja::Value;

use super::{
    engine::{Next, Talk, named},
    heard,
    script::{Ask, END, Flow, IDENTITY, Say, Step},
    template::value,
};
use crate::{
    domain::{
        reply::{Block, Expectation, Source, Status},
        session::{Act, Answered, Frame, SlotValue, Slots},
        topic::{Aspect, TopicId, TopicKind},
    },
    services::{Answer, Call, ServiceName, identity},
};

/// Steps without a wait or a call after which a flow goes round in a circle.
const MAX_STEPS: usize = 64;
/// Sides of a guide that are offered at once.
const MAX_SIDES: usize = 4;
/// Set when all of a guide is asked for, rather than what matters of it.
const WHOLE: &str = "whole";
/// Slots that a text can fill by itself.
pub(super) const ENTITIES: [&str; 9] = ["insurance", "period", "date", "money", "years", "sex", "city", "case-number", "phone"];

impl Talk<'_> {
    /// Runs until the conversation waits or a service is needed.
    pub(super) fn run(&mut self) -> Next {
        for _ in 0..MAX_STEPS {
            let engine = self.engine;
            let Some(frame) = self.session.frames.last() else { return Next::Done };
            let open = frame.step == END || engine.script.flows.get(&frame.flow).is_some_and(|flow| flow.is_open(&frame.step));
            if frame.flow != IDENTITY && !open && self.level() < engine.script.needs(frame) {
                let topic = frame.topic.clone();
                self.check_identity(topic);
                continue;
            }
            let Some(flow) = engine.script.flows.get(&frame.flow) else {
                self.session.frames.pop();
                self.phrase(|phrases| &phrases.changed);
                continue;
            };
            if frame.step == END {
                self.end();
                continue;
            }
            let Some(step) = flow.steps.get(&frame.step) else {
                self.phrase(|phrases| &phrases.changed);
                self.first_step();
                continue;
            };
            tracing::trace!(flow = frame.flow, step = frame.step);
            let below = flow.below(&frame.step);
            match step {
                Step::Ask(ask) => {
                    if self.known(ask) {
                        self.pass(&ask.slot);
                        self.go(ask.next.as_ref().map_or(below, |next| &next.value));
                    } else {
                        return self.pose();
                    }
                }
                Step::Call(call) => {
                    self.forget_bypassed();
                    let frame = self.session.frames.last().cloned();
                    let Some(Frame { topic, slots, aspect, .. }) = frame else { return Next::Done };
                    return Next::Call(Call { service: call.service, topic, aspect, slots });
                }
                Step::Choose(choose) => match self.engine.templates.evaluate(&choose.on.value, &self.context()) {
                    Ok(value) => {
                        let value = if value.is_none() { String::new() } else { value.to_string() };
                        self.go(&choose.cases.get(&value).unwrap_or(&choose.otherwise).value);
                    }
                    Err(error) => self.broken(&error),
                },
                Step::Say(say) => {
                    self.say(say);
                    self.go(say.next.as_ref().map_or(below, |next| &next.value));
                }
            }
        }
        tracing::error!(frames = self.session.frames.len(), "a flow goes round in a circle");
        self.session.frames.clear();
        self.fail();
        Next::Done
    }

    /// Goes on with what a service said.
    pub fn answer(&mut self, answer: Answer) -> Next {
        let engine = self.engine;
        let Some(frame) = self.session.frames.last() else { return Next::Done };
        let Some(flow) = engine.script.flows.get(&frame.flow) else { return self.run() };
        let Some(Step::Call(call)) = flow.steps.get(&frame.step) else { return self.run() };
        let on = call.next.as_ref().map_or(flow.below(&frame.step), |next| &next.value);
        match answer {
            Answer::Found { values, sources } => {
                self.it = value(values);
                for source in sources {
                    self.source(source);
                }
                self.personal |= call.service.personal() || call.service == ServiceName::Matter;
                if call.service == ServiceName::Leave
                    && let Some(frame) = self.session.frames.last_mut()
                {
                    frame.slots.clear();
                }
                if call.service.personal()
                    && let Some(identity) = &mut self.session.identity
                {
                    identity.used_at = self.now;
                }
                self.go(on);
            }
            Answer::Identified(identity) => {
                self.session.identity = Some(identity);
                self.go(on);
            }
            Answer::Nothing => {
                self.it = Value::from(());
                self.personal |= call.service.personal();
                if call.nothing.is_none() {
                    self.phrase(|phrases| &phrases.nothing_on_file);
                    self.given();
                }
                self.go(call.nothing.as_ref().map_or(END, |step| &step.value));
            }
            Answer::Refused(refusal, values) => {
                self.it = value(values);
                self.personal |= call.service.personal();
                let phrases = &engine.script.phrases;
                self.say_text(phrases.refusals.get(&refusal).unwrap_or(&phrases.failed));
                self.reply.status = Status::Refused;
                match call.refused.get(&refusal) {
                    Some(step) => {
                        // A question there is put anew; from a call on, everything.
                        let from = flow.steps.get_index_of(&step.value).unwrap_or(flow.steps.len());
                        let asked = if matches!(flow.steps.get(&step.value), Some(Step::Ask(_))) { 1 } else { usize::MAX };
                        for step in flow.steps.values().skip(from).take(asked) {
                            if let (Step::Ask(ask), Some(frame)) = (step, self.session.frames.last_mut()) {
                                frame.slots.retain(|slot, _| *slot != ask.slot && Some(slot) != ask.from.as_ref());
                            }
                        }
                        self.refused = matches!(flow.steps.get(&step.value), Some(Step::Ask(_)));
                        self.go(&step.value);
                    }
                    None => self.drop_frame(),
                }
            }
            Answer::Unavailable => {
                self.phrase(|phrases| &phrases.unavailable);
                self.reply.status = Status::Failed;
                self.drop_frame();
            }
        }
        self.run()
    }

    /// Puts the open question: its words, what may be tapped, what is expected.
    pub(super) fn pose(&mut self) -> Next {
        let Some((_, ask)) = self.open_ask() else { return Next::Done };
        let led_back = self.session.frames.last().is_some_and(|frame| frame.asked) && !self.reply.completeness.given.is_empty();
        if led_back {
            self.phrase(|phrases| &phrases.back_to);
        }
        self.say_text(if self.refused { &ask.again.value } else { &ask.text.value });
        self.put()
    }

    /// Puts the open question whose words were said already.
    pub(super) fn put(&mut self) -> Next {
        let Some((_, ask)) = self.open_ask() else { return Next::Done };
        if let Some(frame) = self.session.frames.last_mut() {
            frame.asked = true;
        }
        self.offers.clear();
        for option in &ask.options {
            self.offer(option.label.clone(), Act::Option(option.id.clone()));
        }
        if self.changeable() {
            self.offer(self.engine.script.phrases.back.clone(), Act::Back);
        }
        self.reply.expects = Some(Expectation { kind: ask.kind, prompt: ask.prompt.clone() });
        self.reply.status = ask.status.unwrap_or(Status::Ask);
        Next::Done
    }

    pub(super) fn say_text(&mut self, template: &str) {
        match self.engine.templates.render(template, &self.context()) {
            Ok(text) => self.reply.blocks.push(Block::Text { text }),
            Err(error) => self.broken(&error),
        }
    }

    pub(super) fn first_step(&mut self) {
        let engine = self.engine;
        if let Some(frame) = self.session.frames.last_mut()
            && let Some(flow) = engine.script.flows.get(&frame.flow)
        {
            flow.first().clone_into(&mut frame.step);
            frame.asked = false;
            frame.path.clear();
        }
    }

    fn level(&self) -> u8 {
        identity::level(&self.session, self.now)
    }

    /// Puts the identity check on top of the question that needs it.
    fn check_identity(&mut self, topic: TopicId) {
        self.session.identity = None;
        self.session.frames.push(Frame {
            topic,
            flow: IDENTITY.to_owned(),
            step: String::new(),
            slots: Slots::new(),
            aspect: None,
            asked: false,
            path: Vec::new(),
        });
        self.first_step();
    }

    /// Whether a question's slot is filled, if need be from another of the frame's slots.
    fn known(&mut self, ask: &Ask) -> bool {
        let today = self.today;
        let Some(frame) = self.session.frames.last_mut() else { return false };
        if !frame.slots.contains_key(&ask.slot) {
            let found = ask.from.as_ref().and_then(|from| frame.slots.get(from)).and_then(|value| heard::from_slot(ask, value, today));
            match found {
                Some(value) => frame.slots.insert(ask.slot.clone(), value),
                None => return false,
            };
        }
        true
    }

    /// Notes that a question was passed, answered.
    fn pass(&mut self, slot: &str) {
        if let Some(frame) = self.session.frames.last_mut()
            && !frame.path.iter().any(|passed| passed == slot)
        {
            frame.path.push(slot.to_owned());
        }
    }

    /// Drops answers to questions that the way here did not lead past: they hung on an answer that was changed since.
    fn forget_bypassed(&mut self) {
        let engine = self.engine;
        let Some(frame) = self.session.frames.last_mut() else { return };
        let asks = engine.script.flows.get(&frame.flow).into_iter().flat_map(Flow::asks);
        for ask in asks.filter(|ask| !ENTITIES.contains(&ask.slot.as_str())) {
            if !frame.path.contains(&ask.slot) {
                frame.slots.remove(&ask.slot);
            }
        }
    }

    fn go(&mut self, step: &str) {
        if let Some(frame) = self.session.frames.last_mut() {
            step.clone_into(&mut frame.step);
            frame.asked = false;
        }
    }

    /// Ends the innermost flow. A check of identity that failed takes the question that needed it along.
    fn end(&mut self) {
        let Some(frame) = self.session.frames.pop() else { return };
        if frame.flow == IDENTITY {
            self.drop_unreached();
        } else if !matches!(frame.topic.kind(), Some(TopicKind::Talk)) {
            self.session.last = Some(Answered { topic: frame.topic, slots: frame.slots, aspect: frame.aspect });
        }
    }

    /// Gives up the innermost flow, and the question that an identity check was for.
    fn drop_frame(&mut self) {
        if self.session.frames.pop().is_some_and(|frame| frame.flow == IDENTITY) {
            self.drop_unreached();
        }
    }

    /// Drops the questions whose level was not reached: the check is not begun again by itself.
    fn drop_unreached(&mut self) {
        let level = self.level();
        let script = &self.engine.script;
        self.session.frames.retain(|frame| script.needs(frame) <= level);
    }

    fn say(&mut self, say: &Say) {
        let context = self.context();
        match self.engine.templates.blocks(say, &context) {
            Ok(blocks) => self.reply.blocks.extend(blocks),
            Err(error) => return self.broken(&error),
        }
        for source in say.sources.iter().map(Source::from) {
            self.source(source);
        }
        let status = say.status.unwrap_or(Status::Answered);
        if status == Status::Answered {
            self.given();
        }
        // What was answered stays so when a second question cannot be.
        if status != Status::Unknown || self.reply.completeness.given.is_empty() {
            self.reply.status = status;
        }
        if let Some(expression) = &say.offer_sides {
            match self.engine.templates.evaluate(&expression.value, &context) {
                Ok(sides) => self.offer_sides(&sides),
                Err(error) => self.broken(&error),
            }
        }
        if say.offer_whole
            && let Some(mut frame) = self.session.frames.last().cloned()
        {
            frame.slots.insert(WHOLE.to_owned(), SlotValue::Option(WHOLE.to_owned()));
            let whole = self.engine.script.phrases.whole.clone();
            self.offer(whole, Act::Ask { topic: frame.topic, aspect: None, slots: frame.slots, more: Vec::new() });
        }
        for with in &say.offer_with {
            let own = self.session.frames.last().filter(|frame| frame.topic == with.topic);
            let mut slots = own.map(|frame| frame.slots.clone()).unwrap_or_default();
            slots.extend(with.slots.iter().map(|(slot, id)| (slot.clone(), SlotValue::Option(id.clone()))));
            self.offer(with.label.clone(), Act::Ask { topic: with.topic.clone(), aspect: None, slots, more: Vec::new() });
        }
        for topic in &say.offer {
            self.offer_topic(topic);
        }
        if let Some(expression) = &say.offer_from {
            match self.engine.templates.evaluate(&expression.value, &context) {
                Ok(topics) => {
                    for topic in topics.try_iter().into_iter().flatten() {
                        self.offer_topic(&TopicId::from(topic.to_string().as_str()));
                    }
                }
                Err(error) => self.broken(&error),
            }
        }
    }

    /// Offers sides of the guide at hand, but the one that was answered.
    fn offer_sides(&mut self, sides: &Value) {
        let engine = self.engine;
        let Some(mut frame) = self.session.frames.last().cloned() else { return };
        frame.slots.remove(WHOLE);
        let named = sides.try_iter().into_iter().flatten().filter_map(|side| Aspect::from_name(side.as_str()?));
        for aspect in named.filter(|aspect| Some(*aspect) != frame.aspect).take(MAX_SIDES) {
            if let Some(label) = engine.script.phrases.sides.get(&aspect) {
                let act = Act::Ask { topic: frame.topic.clone(), aspect: Some(aspect), slots: frame.slots.clone(), more: Vec::new() };
                self.offer(label.clone(), act);
            }
        }
    }

    fn source(&mut self, source: Source) {
        if !self.reply.sources.contains(&source) {
            self.reply.sources.push(source);
        }
    }

    /// Notes that the innermost question was answered.
    fn given(&mut self) {
        if let Some(frame) = self.session.frames.last() {
            let given = named(&frame.topic, frame.aspect);
            // Asked in an earlier turn, before the check.
            if !self.reply.completeness.asked.contains(&given) {
                self.reply.completeness.asked.push(given.clone());
            }
            if !self.reply.completeness.given.contains(&given) {
                self.reply.completeness.given.push(given);
            }
        }
    }

    fn broken(&mut self, error: &minijinja::Error) {
        let here = self.session.frames.last().map(|frame| format!("{}/{}", frame.flow, frame.step)).unwrap_or_default();
        tracing::error!(%error, here, "a template of dialogs/ failed");
        self.session.frames.clear();
        self.fail();
    }

    fn fail(&mut self) {
        self.phrase(|phrases| &phrases.failed);
        self.reply.status = Status::Failed;
    }

    /// What templates and expressions see.
    fn context(&self) -> Value {
        let mut names = BTreeMap::new();
        let mut put = |name: &str, value: Value| names.insert(name.replace('-', "_"), value);
        for slot in ENTITIES {
            put(slot, Value::from(()));
        }
        if let Some(frame) = self.session.frames.last() {
            let flow = self.script().flows.get(&frame.flow);
            for slot in flow.into_iter().flat_map(Flow::slots) {
                put(slot, Value::from(()));
            }
            for (slot, known) in &frame.slots {
                put(slot, value(known.plain()));
            }
            put("topic", value(&frame.topic));
            put("title", Value::from(self.script().title(&frame.topic)));
            put("aspect", value(frame.aspect));
        }
        let whole = self.session.frames.last().is_some_and(|frame| frame.slots.contains_key(WHOLE));
        put(WHOLE, Value::from(whole));
        put("today", value(self.today));
        put("name", value(self.session.identity.as_ref().map(|identity| &identity.masked_name)));
        put("it", self.it.clone());
        Value::from(names)
    }
}
