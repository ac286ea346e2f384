//! What is said: questions, blocks, offers and sources.

use std::collections::BTreeMap;

use minijinja::Value;

use super::{
    engine::{Next, Talk, named},
    run::ENTITIES,
    script::{Flow, Say},
    template::value,
};
use crate::domain::{
    reply::{Block, Expectation, ExpectedKind, Level, Source, Status},
    session::{Act, Offer, SlotValue},
    topic::{Aspect, TopicId},
};

/// Sides of a guide that are offered at once.
const MAX_SIDES: usize = 4;
/// Choices of an answer that stay beside the question which it leads back to.
const MAX_MEANT: usize = 2;
/// Set when all of a guide is asked for, rather than what matters of it.
const WHOLE: &str = "whole";

impl Talk<'_> {
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
        let answered = std::mem::take(&mut self.offers);
        for option in &ask.options {
            self.offer(option.label.clone(), Act::Option(option.id.clone()));
        }
        if ask.kind == ExpectedKind::Otp {
            self.offer(self.engine.script.phrases.resend.clone(), Act::Resend);
        }
        if self.changeable() {
            self.offer(self.engine.script.phrases.back.clone(), Act::Back);
        }
        // Of what was answered in between, only what it asked to be tapped for.
        let meant = answered.into_iter().filter(|offer| matches!(&offer.act, Act::Ask { slots, .. } if !slots.is_empty()));
        for Offer { label, act, .. } in meant.take(MAX_MEANT) {
            self.offer(label, act);
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

    pub(super) fn warn(&mut self, template: &str) {
        match self.engine.templates.render(template, &self.context()) {
            Ok(text) => self.reply.blocks.push(Block::Notice { level: Level::Warning, text }),
            Err(error) => self.broken(&error),
        }
    }

    pub(super) fn say(&mut self, say: &Say) {
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

    pub(super) fn source(&mut self, source: Source) {
        if !self.reply.sources.contains(&source) {
            self.reply.sources.push(source);
        }
    }

    /// Notes that the innermost question was answered.
    pub(super) fn given(&mut self) {
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

    pub(super) fn broken(&mut self, error: &minijinja::Error) {
        let here = self.session.frames.last().map(|frame| format!("{}/{}", frame.flow, frame.step)).unwrap_or_default();
        tracing::error!(%error, here, "a template of dialogs/ failed");
        self.session.frames.clear();
        self.fail();
    }

    pub(super) fn fail(&mut self) {
        self.phrase(|phrases| &phrases.failed);
        self.reply.status = Status::Failed;
    }

    /// What templates and expressions see.
    pub(super) fn context(&self) -> Value {
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
