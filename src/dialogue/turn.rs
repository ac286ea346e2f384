//! What a message is to the conversation: an answer, a command, a follow-up or a new question.

use super::{
    engine::{Next, Talk},
    heard::{self, WrongNumber},
    script::{Ask, Flow, IDENTITY, Step, has_sides},
};
use crate::{
    domain::{
        id_number::IdFault,
        message::Proof,
        reply::{Block, ExpectedKind, Level, Status},
        session::{Act, Answered, SlotValue, Slots},
        topic::{TopicId, TopicKind},
    },
    understanding::{Decision, Meaning},
};

/// A text with more characters than this is a question of its own, not a follow-up.
const FOLLOW_UP: usize = 12;
/// A text with fewer letters is no question by itself while another is open.
const OWN_QUESTION: usize = 4;
/// From this probability on a text is a question of its own even where a follow-up could be meant.
const SURE: f32 = 0.9;

impl<'a> Talk<'a> {
    pub(super) fn proof(&mut self, proof: &Proof) -> Next {
        let Some(frame) = self.session.frames.last_mut().filter(|frame| frame.flow == IDENTITY) else {
            self.phrase(|phrases| &phrases.not_asked_who);
            self.reply.status = Status::Ask;
            return self.ask_again();
        };
        match proof {
            Proof::Person { name, id_number } => {
                frame.slots.clear();
                frame.slots.insert("name".to_owned(), SlotValue::Name(name.clone()));
                frame.slots.insert("id-number".to_owned(), SlotValue::IdNumber(id_number.clone()));
                self.first_step();
            }
            Proof::Code(code) => {
                frame.slots.insert("otp".to_owned(), SlotValue::Text(code.clone()));
            }
        }
        self.run()
    }

    pub(super) fn text(&mut self, meaning: &Meaning) -> Next {
        let said = heard::letters(&meaning.normal);
        if said.is_empty() {
            self.phrase(|phrases| &phrases.nothing_said);
            self.reply.status = Status::Ask;
            return self.ask_again();
        }
        let cues = &self.engine.script.phrases.cues;
        // An open question of another kind leaves nothing on offer, unless its last answer was asked back.
        if let Some(offer) = heard::taken(&self.session.offers, &meaning.normal, cues).cloned() {
            return self.take(offer.act);
        }
        if let Some(next) = self.command(meaning) {
            return next;
        }
        if self.open_ask().is_some() {
            return self.reply_to_ask(meaning);
        }
        if let Some(offer) = self.meant(meaning) {
            return self.take(offer);
        }
        if let Some((last, slots, meaning)) = self.followed(meaning, &said) {
            let aspect = if has_sides(&last) { meaning.aspect } else { None };
            self.session.misses = 0;
            return self.ask_for(last, aspect, slots);
        }
        self.question(meaning)
    }

    /// The open question, when the innermost flow waits at one.
    pub(super) fn open_ask(&self) -> Option<(&'a Flow, &'a Ask)> {
        let frame = self.session.frames.last()?;
        let flow = self.engine.script.flows.get(&frame.flow)?;
        match flow.steps.get(&frame.step) {
            Some(Step::Ask(ask)) => Some((flow, ask)),
            _ => None,
        }
    }

    /// Words that are obeyed wherever they are said: a person, again, from the start, what can you do.
    fn command(&mut self, meaning: &Meaning) -> Option<Next> {
        let topic = acted(meaning)?;
        match topic.as_str() {
            "talk.repeat" => Some(self.repeat()),
            "talk.restart" => Some(self.restart()),
            "service.human" => {
                self.session.frames.clear();
                Some(self.ask_for(topic.clone(), None, Slots::new()))
            }
            "talk.help" => Some(self.ask_for(topic.clone(), None, Slots::new())),
            _ => None,
        }
    }

    /// A text while a question is open: its answer, a question of its own, or neither.
    fn reply_to_ask(&mut self, meaning: &Meaning) -> Next {
        let engine = self.engine;
        let cues = &engine.script.phrases.cues;
        let Some((flow, ask)) = self.open_ask() else { return self.question(meaning) };
        let (identity, kind) = (flow.flow.value == IDENTITY, ask.kind);
        let answer = heard::answer(ask, meaning, cues, self.today);
        let number = meaning.entities.id_number.first().filter(|_| identity && kind != ExpectedKind::IdNumber);
        if let (Some(number), Some(frame)) = (number, self.session.frames.last_mut()) {
            // 「张三 4413…」, or another number once the code is awaited: the check begins again with it.
            frame.slots.insert("id-number".to_owned(), SlotValue::IdNumber(number.clone()));
            if kind != ExpectedKind::Name {
                self.first_step();
                return self.run();
            }
        }
        // A word that asks for something is no name.
        let own = self.own_question(meaning) || kind == ExpectedKind::Name && matches!(meaning.decision, Decision::Clarify(_));
        let secret = matches!(kind, ExpectedKind::IdNumber | ExpectedKind::Otp | ExpectedKind::CaseNumber | ExpectedKind::Choice);
        match answer {
            Some(value) if secret || !own => self.fill(value),
            _ if own => self.question(meaning),
            _ => self.not_an_answer(meaning),
        }
    }

    /// Whether a text is a question by itself, other than the one that is open.
    fn own_question(&self, meaning: &Meaning) -> bool {
        let open = self.session.frames.last().map(|frame| &frame.topic);
        let other = acted(meaning).filter(|topic| Some(*topic) != open && topic.kind() != Some(TopicKind::Talk));
        other.is_some() && !heard::is_bare(&meaning.normal) && heard::letters(&meaning.normal).chars().count() >= OWN_QUESTION
    }

    fn not_an_answer(&mut self, meaning: &Meaning) -> Next {
        let Some((_, ask)) = self.open_ask() else { return Next::Done };
        let number = ask.kind == ExpectedKind::IdNumber;
        let again = &ask.again.value;
        let digits = meaning.normal.chars().filter(char::is_ascii_digit).count();
        match heard::wrong_number(&meaning.normal, &meaning.entities, self.today) {
            Some(WrongNumber::Id(fault)) if number => self.id_fault(fault),
            _ if number && digits > 3 => self.id_fault(IdFault::Shape),
            _ => self.say_text(again),
        }
        self.session.misses = self.session.misses.saturating_add(1);
        self.put()
    }

    fn id_fault(&mut self, fault: IdFault) {
        match fault {
            IdFault::Shape => self.phrase(|phrases| &phrases.id_shape),
            IdFault::Date => self.phrase(|phrases| &phrases.id_date),
            IdFault::Check => self.phrase(|phrases| &phrases.id_check),
        }
    }

    /// Fills the open question's slot and goes on.
    pub(super) fn fill(&mut self, value: SlotValue) -> Next {
        let Some(slot) = self.open_ask().map(|(_, ask)| ask.slot.clone()) else { return self.ask_again() };
        if let Some(frame) = self.session.frames.last_mut() {
            frame.slots.insert(slot, value);
        }
        self.session.misses = 0;
        self.run()
    }

    /// The one offer that a text is about: the topic it is understood as, or a yes to the only one.
    fn meant(&self, meaning: &Meaning) -> Option<Act> {
        let topics = self.session.offers.iter().filter(|offer| matches!(offer.act, Act::Ask { .. }));
        let denied = self.session.offers.iter().find(|offer| offer.act == Act::NoneOfThese);
        match acted(meaning)?.as_str() {
            "talk.affirm" => {
                let mut topics = topics;
                let only = topics.next()?;
                topics.next().is_none().then(|| only.act.clone())
            }
            "talk.deny" => denied.map(|offer| offer.act.clone()),
            _ => None,
        }
    }

    /// 「那医保呢」, 「不对，是去年」, 「要带什么」: the question answered last, with what is new put in.
    fn followed<'m>(&self, meaning: &'m Meaning, said: &str) -> Option<(TopicId, Slots, &'m Meaning)> {
        let Answered { topic, slots, .. } = self.session.last.as_ref()?;
        let cues = &self.engine.script.phrases.cues;
        let starts = |words: &[String]| words.iter().map(|word| heard::letters(word)).any(|word| said.starts_with(&word));
        let ends = |words: &[String]| words.iter().map(|word| heard::letters(word)).any(|word| said.ends_with(&word));
        let short = said.chars().count() <= FOLLOW_UP;
        let corrected = starts(&cues.correct);
        let led = short && (starts(&cues.follow) || ends(&cues.trail) || corrected);
        let best = meaning.topics.first();
        let sure = meaning.decision == Decision::Act && best.is_some_and(|best| best.p >= SURE);
        let talk = !corrected && acted(meaning).is_some_and(|topic| topic.kind() == Some(TopicKind::Talk));
        let new = heard::slots(&meaning.entities);
        let side = has_sides(topic) && meaning.aspect.is_some() && meaning.entities.insurance.is_empty();
        if side && (led || short && !sure) {
            return Some((topic.clone(), slots.clone(), meaning));
        }
        if new.is_empty() || !(led || heard::is_bare(&meaning.normal) || new_only(meaning)) || talk {
            return None;
        }
        let topic = match new.get("insurance") {
            Some(SlotValue::Insurance(insurance)) => {
                self.script().topics.get(topic).and_then(|known| known.counterparts.get(insurance)).unwrap_or(topic)
            }
            _ => topic,
        };
        // A guide does not change with a month or a scheme: such a text is a question of its own.
        if has_sides(topic) || matches!(topic.kind(), Some(TopicKind::Talk | TopicKind::Service)) {
            return None;
        }
        let mut slots = slots.clone();
        slots.extend(new);
        Some((topic.clone(), slots, meaning))
    }

    /// A question of its own.
    fn question(&mut self, meaning: &Meaning) -> Next {
        let wrong = heard::wrong_number(&meaning.normal, &meaning.entities, self.today);
        if let Some(wrong) = wrong {
            let phrases = &self.engine.script.phrases;
            let text = match wrong {
                WrongNumber::Id(IdFault::Shape) => &phrases.id_shape,
                WrongNumber::Id(IdFault::Date) => &phrases.id_date,
                WrongNumber::Id(IdFault::Check) => &phrases.id_check,
                WrongNumber::Case => &phrases.case_number_wrong,
            };
            self.reply.blocks.push(Block::Notice { level: Level::Warning, text: text.trim().to_owned() });
            // The number comes first; only a question about cases is worth answering without it.
            if acted(meaning).is_none_or(|topic| topic.kind() != Some(TopicKind::Case)) {
                self.reply.status = Status::Ask;
                return self.ask_again();
            }
        }
        let acted = acted(meaning);
        if acted.is_none() && !meaning.entities.case_number.is_empty() {
            // A number off a receipt says by itself what is asked.
            let case = self.engine.script.topics.keys().find(|topic| topic.kind() == Some(TopicKind::Case));
            if let Some(topic) = case {
                return self.ask_for(topic.clone(), None, heard::slots(&meaning.entities));
            }
        }
        match &meaning.decision {
            Decision::Act if acted.is_some() => self.act(meaning),
            Decision::Clarify(topics) => {
                self.session.misses = 0;
                let slots = heard::slots(&meaning.entities);
                self.phrase(|phrases| &phrases.clarify);
                for topic in topics {
                    let label = self.script().title(topic).to_owned();
                    let aspect = meaning.aspect.filter(|_| has_sides(topic));
                    self.offer(label, Act::Ask { topic: topic.clone(), aspect, slots: slots.clone() });
                    self.reply.completeness.asked.push(topic.to_string());
                }
                let none = self.engine.script.phrases.none_of_these.clone();
                self.offer(none, Act::NoneOfThese);
                self.reply.status = Status::Clarify;
                Next::Done
            }
            Decision::Act | Decision::Unknown => self.not_understood(meaning),
        }
    }

    fn act(&mut self, meaning: &Meaning) -> Next {
        self.session.misses = 0;
        let Some(topic) = acted(meaning).cloned() else { return self.not_understood(meaning) };
        if matches!(topic.as_str(), "talk.affirm" | "talk.deny") {
            self.phrase(|phrases| &phrases.nothing_asked);
            self.offer_menu();
            return Next::Done;
        }
        for also in meaning.also.iter().rev() {
            let aspect = also.aspect.filter(|_| has_sides(&also.topic));
            self.begin(also.topic.clone(), aspect, heard::slots(&also.entities));
        }
        let aspect = meaning.aspect.filter(|_| has_sides(&topic));
        self.ask_for(topic, aspect, heard::slots(&meaning.entities))
    }

    /// Other people's business is said to be so; what is merely not understood is asked for in other words.
    fn not_understood(&mut self, meaning: &Meaning) -> Next {
        let other = TopicId::from("talk.other");
        let words = meaning.normal.chars().any(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
        if meaning.is_outside() && words && self.script().flow_of(&other).is_some() {
            return self.ask_for(other, None, Slots::new());
        }
        self.session.misses = self.session.misses.saturating_add(1);
        self.reply.status = Status::Unknown;
        if self.session.misses > 1 {
            self.phrase(|phrases| &phrases.not_understood_again);
            self.offer_menu();
        } else {
            self.phrase(|phrases| &phrases.not_understood);
        }
        self.ask_again()
    }

    /// Puts the open question again, when there is one.
    pub(super) fn ask_again(&mut self) -> Next {
        if self.open_ask().is_some() { self.pose() } else { Next::Done }
    }
}

/// The topic that the desk would act on. Digits alone ask for nothing.
fn acted(meaning: &Meaning) -> Option<&TopicId> {
    let words = meaning.normal.chars().any(char::is_alphabetic);
    (words && meaning.decision == Decision::Act).then(|| meaning.topics.first().map(|best| &best.topic)).flatten()
}

/// A text of one or two words that names something and asks nothing: 「医保」, 「去年」.
fn new_only(meaning: &Meaning) -> bool {
    heard::letters(&meaning.normal).chars().count() <= 4 && meaning.decision != Decision::Act
}
