//! One turn of a conversation: a state machine over checked flows. No clock, no I/O, no async.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, NaiveDate, Utc};
use minijinja::Value;

use super::{
    script::{IDENTITY, Script, is_question},
    template::{Templates, lazily},
};
use crate::{
    domain::{
        message::{ChannelKind, Input},
        reply::{Block, Choice, ExpectedKind, Reply, Status},
        session::{Act, Answered, ChallengeId, Consent, Consented, Frame, Kept, Offer, Session, SlotValue, Slots},
        topic::{Aspect, TopicId},
    },
    services::{Call, Told, identity},
    understanding::Meaning,
};

/// Topics that one reply offers at most.
const MAX_OFFERS: usize = 6;
/// Questions that may wait under one another; one message may ask more.
const MAX_FRAMES: usize = 3;
/// Questions that one message asks at most: its calls stay within what the desk lets a turn make.
const MAX_QUESTIONS: usize = 6;
/// The wish for a person, which drops all that waits.
pub(super) const HUMAN: &str = "service.human";

/// Answers turns by `dialogs/`.
#[derive(Debug)]
pub struct Engine {
    pub(super) script: Arc<Script>,
    pub(super) templates: Templates,
    /// Guides as templates see them, once one was told.
    guides: RwLock<HashMap<TopicId, Value>>,
}

/// One message and when it came.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// What was said.
    pub input: &'a Input,
    /// What its words mean; of no account for a choice or a proof.
    pub meaning: &'a Meaning,
    /// This instant.
    pub now: DateTime<Utc>,
    /// The date in China.
    pub today: NaiveDate,
    /// Whether there was more than the desk reads; nothing of it was.
    pub too_long: bool,
}

/// One thing that is asked.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) topic: TopicId,
    pub(super) aspect: Option<Aspect>,
    pub(super) slots: Slots,
}

/// What a turn needs next.
#[derive(Debug)]
pub enum Next {
    /// A service's answer: give it to [`Talk::answer`].
    Call(Call),
    /// Nothing: [`Talk::finish`].
    Done,
}

/// A turn under way. Without `Debug`: it holds what was said.
pub struct Talk<'a> {
    pub(super) engine: &'a Engine,
    pub(super) session: Session,
    pub(super) now: DateTime<Utc>,
    pub(super) today: NaiveDate,
    /// The message's words as they came.
    pub(super) said: String,
    /// The last service's values.
    pub(super) it: Value,
    pub(super) reply: Reply,
    pub(super) offers: Vec<Offer>,
    /// A person's register was read in this turn.
    pub(super) personal: bool,
    /// An answer was refused: its question is put in other words.
    pub(super) refused: bool,
    /// The last reply stands as it was: nothing new is said.
    repeated: bool,
}

impl Engine {
    /// An engine over checked content.
    pub fn new(script: Arc<Script>) -> Self {
        Self { script, templates: Templates::default(), guides: RwLock::default() }
    }

    /// A guide as templates see it.
    pub(super) fn guide(&self, topic: &TopicId, told: &Told) -> Value {
        if let Some(known) = self.guides.read().unwrap_or_else(PoisonError::into_inner).get(topic) {
            return known.clone();
        }
        let guide = lazily(told.values.clone());
        self.guides.write().unwrap_or_else(PoisonError::into_inner).insert(topic.clone(), guide.clone());
        guide
    }

    /// Begins a turn.
    pub fn hear(&self, session: Session, heard: &Heard<'_>) -> (Talk<'_>, Next) {
        let mut talk = Talk {
            engine: self,
            session,
            now: heard.now,
            today: heard.today,
            said: heard.input.text().trim().to_owned(),
            it: Value::from(()),
            reply: Reply::new(Status::Answered),
            offers: Vec::new(),
            personal: false,
            refused: false,
            repeated: false,
        };
        talk.session.turn = talk.session.turn.wrapping_add(1);
        if std::mem::take(&mut talk.session.incomplete) {
            talk.phrase(|phrases| &phrases.changed);
        }
        let next = match heard.input {
            Input::Start => talk.greet(),
            Input::Choice(id) => talk.choice(id),
            Input::Proof(proof) => talk.proof(proof),
            Input::Text(_) if heard.too_long => talk.not_read(),
            Input::Text(_) => talk.text(heard.meaning),
        };
        (talk, next)
    }
}

impl Talk<'_> {
    /// What the conversation now remembers, and what is said.
    pub fn finish(mut self) -> (Session, Arc<Reply>) {
        if self.repeated
            && let Some(reply) = self.session.last_reply.clone()
        {
            return (self.session, reply);
        }
        self.reply.choices = self.offers.iter().map(|offer| Choice { id: offer.id.clone(), label: offer.label.clone() }).collect();
        self.session.offers = self.offers;
        self.session.numbered = self.reply.expects.as_ref().is_none_or(|expected| expected.kind == ExpectedKind::Choice);
        // A record is not kept to be said again: it is read again, after the check that it needs.
        let reply = Arc::new(self.reply);
        self.session.last_reply = (!self.personal).then(|| reply.clone());
        (self.session, reply)
    }

    /// The conversation's memory as it stands.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Notes which one-time code is under way.
    pub fn set_challenge(&mut self, challenge: Option<ChallengeId>) {
        self.session.challenge = challenge;
    }

    /// What was agreed to by whoever is checked and is not kept under their name yet; from now on it counts as kept.
    pub fn consented(&mut self, channel: ChannelKind) -> Vec<Consented> {
        if identity::verified(&self.session, self.now).is_none() {
            return Vec::new();
        }
        let Session { identity: Some(identity), agreed, .. } = &mut self.session else { return Vec::new() };
        let new: Vec<Consent> = agreed.iter().filter(|consent| !identity.consents.contains(consent)).cloned().collect();
        identity.consents.extend(new.iter().cloned());
        new.into_iter().map(|consent| Consented { person: identity.person.clone(), consent, channel }).collect()
    }

    /// Notes what this conversation left with the desk or took from it.
    pub fn set_kept(&mut self, kept: Kept) {
        self.session.kept = kept;
    }

    /// What is known of the question under way.
    pub fn slots(&self) -> Option<Slots> {
        self.session.frames.iter().rev().find(|frame| is_question(&frame.flow)).map(|frame| frame.slots.clone())
    }

    fn not_read(&mut self) -> Next {
        self.phrase(|phrases| &phrases.too_long);
        self.reply.status = Status::Ask;
        self.ask_again()
    }

    pub(super) fn script(&self) -> &Script {
        &self.engine.script
    }

    /// Says one of the desk's own phrases.
    pub(super) fn phrase(&mut self, of: impl Fn(&super::script::Phrases) -> &String) {
        let text = of(&self.engine.script.phrases).trim().to_owned();
        self.reply.blocks.push(Block::Text { text });
    }

    /// Offers something under the next number.
    pub(super) fn offer(&mut self, label: String, act: Act) {
        let full = matches!(act, Act::Ask { .. }) && self.offers.len() >= MAX_OFFERS;
        if !full && self.offers.iter().all(|offer| offer.act != act) {
            let id = format!("{}-{}", self.session.turn, self.offers.len() + 1);
            self.offers.push(Offer { id, label, act });
        }
    }

    pub(super) fn offer_topic(&mut self, topic: &TopicId) {
        let label = self.script().title(topic).to_owned();
        self.offer(label, Act::Ask { topic: topic.clone(), aspect: None, slots: Slots::new(), more: Vec::new() });
    }

    pub(super) fn offer_menu(&mut self) {
        for topic in &self.engine.script.phrases.menu {
            self.offer_topic(topic);
        }
    }

    fn greet(&mut self) -> Next {
        self.session.frames.clear();
        self.phrase(|phrases| &phrases.greeting);
        self.offer_menu();
        Next::Done
    }

    /// Says the last reply again; what was offered stays on offer. A record is read again.
    pub(super) fn repeat(&mut self) -> Next {
        if self.session.last_reply.is_some() {
            self.repeated = true;
            return Next::Done;
        }
        if let Some(Answered { topic, slots, aspect }) = self.session.last.clone() {
            return self.ask_for(topic, aspect, slots);
        }
        self.phrase(|phrases| &phrases.nothing_to_repeat);
        self.offer_menu();
        Next::Done
    }

    /// Drops what is under way.
    pub(super) fn restart(&mut self) -> Next {
        self.session.frames.clear();
        self.phrase(|phrases| &phrases.dropped);
        self.offer_menu();
        Next::Done
    }

    /// By its id, which no other reply's choices have: a button of an earlier reply is known as such. A bare number is the place among
    /// those on offer.
    fn choice(&mut self, id: &str) -> Next {
        let numbered = || id.parse().ok().and_then(|number: usize| self.session.offers.get(number.checked_sub(1)?));
        match self.session.offers.iter().find(|offer| offer.id == id).or_else(numbered) {
            Some(offer) => self.take(offer.act.clone()),
            None => self.not_on_offer(),
        }
    }

    /// Says that a choice is not on offer; what is stays so.
    pub(super) fn not_on_offer(&mut self) -> Next {
        self.phrase(|phrases| &phrases.stale_choice);
        self.reply.status = Status::Unknown;
        let next = self.ask_again();
        if self.offers.is_empty() {
            self.offers = self.session.offers.clone();
        }
        next
    }

    /// Does what a choice stands for.
    pub(super) fn take(&mut self, act: Act) -> Next {
        self.session.misses = 0;
        match act {
            Act::Ask { topic, aspect, slots, more } => {
                let questions = std::iter::once(slots).chain(more).map(|slots| Question { topic: topic.clone(), aspect, slots });
                self.begin(questions.collect());
                self.run()
            }
            Act::Option(id) => self.fill(SlotValue::Option(id)),
            Act::Back => self.back(),
            Act::Resend => {
                self.first_step();
                self.run()
            }
            Act::NoneOfThese if self.open_ask().is_some() => {
                self.phrase(|phrases| &phrases.back_to);
                self.pose()
            }
            Act::NoneOfThese => {
                self.phrase(|phrases| &phrases.say_it_otherwise);
                self.reply.status = Status::Ask;
                Next::Done
            }
        }
    }

    /// Begins to answer a question; one that is open waits beneath.
    pub(super) fn ask_for(&mut self, topic: TopicId, aspect: Option<Aspect>, slots: Slots) -> Next {
        self.begin(vec![Question { topic, aspect, slots }]);
        self.run()
    }

    /// Puts questions on top of those that wait, the first uppermost; those beyond [`MAX_QUESTIONS`] count as asked and are not
    /// answered. The same questions asked before are dropped, and a check of identity under way moves up when one of these needs
    /// it too.
    pub(super) fn begin(&mut self, mut questions: Vec<Question>) {
        for Question { topic, aspect, .. } in &questions {
            let asked = named(topic, *aspect);
            if !self.reply.completeness.asked.contains(&asked) {
                self.reply.completeness.asked.push(asked);
            }
        }
        questions.truncate(MAX_QUESTIONS);
        if questions.iter().any(|question| question.topic.as_str() == HUMAN) {
            self.session.frames.clear();
        }
        let check = questions.iter().any(|question| self.script().level(&question.topic) > 0).then(|| self.take_frame(IDENTITY)).flatten();
        self.session.frames.retain(|frame| questions.iter().all(|question| question.topic != frame.topic));
        // A check goes with the last question beneath it.
        let waiting = || self.session.frames.iter().enumerate().filter(|(_, frame)| is_question(&frame.flow));
        let over = (waiting().count() + questions.len()).saturating_sub(MAX_FRAMES);
        let oldest = waiting().nth(over).map_or(self.session.frames.len(), |(at, _)| at);
        self.session.frames.drain(..oldest);
        for Question { topic, aspect, slots } in questions.into_iter().rev() {
            let Some(flow) = self.script().flow_of(&topic) else {
                self.reply.status = Status::Failed;
                self.phrase(|phrases| &phrases.failed);
                continue;
            };
            let (flow, step) = (flow.flow.value.clone(), flow.first().to_owned());
            self.session.frames.push(Frame { topic, flow, step, slots, aspect, asked: false, path: Vec::new(), former: Vec::new() });
        }
        self.session.frames.extend(check);
    }

    /// The identity check, or the question for a consent, under way; the question it was for stays and waits.
    pub(super) fn take_frame(&mut self, flow: &str) -> Option<Frame> {
        let at = self.session.frames.iter().position(|frame| frame.flow == flow)?;
        let mut frame = self.session.frames.remove(at);
        frame.asked = false;
        Some(frame)
    }
}

/// A topic as `completeness` names it, with the side after a `#`.
pub(super) fn named(topic: &TopicId, aspect: Option<Aspect>) -> String {
    aspect.map_or_else(|| topic.to_string(), |aspect| format!("{topic}#{}", aspect.id()))
}
