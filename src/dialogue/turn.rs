//! What a message is to the conversation: an answer, a command, a follow-up or a new question.

use super::{
    engine::{HUMAN, Next, Question, Talk},
    heard::{self, Taken, WrongNumber},
    script::{Ask, Flow, IDENTITY, Step, has_sides, is_question, purpose},
};
use crate::{
    domain::{
        entity::Entities,
        id_number::IdFault,
        message::Proof,
        reply::{Block, ExpectedKind, Level, Status},
        session::{Act, Session, SlotValue, Slots},
        topic::{Aspect, TopicId, TopicKind},
    },
    understanding::{Decision, Meaning},
};

/// A text with fewer letters is no question by itself while another is open.
const OWN_QUESTION: usize = 4;
/// A text with more letters is what was to be written down, not a command.
const COMMAND: usize = 10;
/// A first message with so many letters may say all there is to write down.
const TOLD: usize = 16;
/// The slot that holds a whole message, for flows that take it.
const WORDS: &str = "words";

impl<'a> Talk<'a> {
    pub(super) fn proof(&mut self, proof: &Proof) -> Next {
        let code_awaited = self.open_ask().is_some_and(|(_, ask)| ask.kind == ExpectedKind::Otp);
        let asked = |proof: &Proof| code_awaited || matches!(proof, Proof::Person { .. });
        let Some(frame) = self.session.frames.last_mut().filter(|frame| frame.flow == IDENTITY && asked(proof)) else {
            if self.session.frames.last().is_none_or(|frame| is_question(&frame.flow)) {
                self.phrase(|phrases| &phrases.not_asked_who);
            }
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
        match heard::taken(&self.session.offers, &meaning.normal, self.session.numbered, cues) {
            Some(Taken::Offer(offer)) => return self.take(offer.act.clone()),
            Some(Taken::Missing) => return self.not_on_offer(),
            None => {}
        }
        if cues.back.contains(&said) && self.changeable() {
            return self.back();
        }
        if let Some(next) = self.command(meaning) {
            return next;
        }
        if self.open_ask().is_some() {
            return self.reply_to_ask(meaning);
        }
        // What waits is gone from `dialogs/`: its flow begins again, unless something else is asked.
        if !self.session.frames.is_empty() && !self.own_question(meaning) {
            return self.run();
        }
        if let Some(offer) = self.meant(meaning) {
            return self.take(offer);
        }
        if let Some((topic, aspect, slots)) = self.followed(meaning) {
            self.session.misses = 0;
            return self.ask_for(topic, aspect, slots);
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
        let said = heard::letters(&meaning.normal);
        let writing = self.open_ask().is_some_and(|(_, ask)| ask.kind == ExpectedKind::Text);
        if writing && said.chars().count() > COMMAND {
            return None;
        }
        let mut commands = self.engine.script.phrases.commands.iter();
        if let Some((topic, _)) = commands.find(|(_, command)| command.words.iter().any(|word| said.contains(word.as_str()))) {
            return Some(self.act(topic, meaning));
        }
        let topic = acted(meaning)?;
        match topic.as_str() {
            "talk.repeat" => Some(self.repeat()),
            "talk.restart" => Some(self.restart()),
            "talk.goodbye" => {
                // Whoever comes next is somebody else.
                self.session = Session::default();
                Some(self.ask_for(topic.clone(), None, Slots::new()))
            }
            "talk.help" | HUMAN => Some(self.ask_for(topic.clone(), None, Slots::new())),
            _ => None,
        }
    }

    /// A text while a question is open: its answer, a question of its own, or neither.
    fn reply_to_ask(&mut self, meaning: &Meaning) -> Next {
        let engine = self.engine;
        let cues = &engine.script.phrases.cues;
        let Some((flow, ask)) = self.open_ask() else { return self.question(meaning) };
        if ask.kind == ExpectedKind::Text {
            return self.fill(SlotValue::Text(self.said.clone()));
        }
        if flow.flow.value == IDENTITY
            && let Some(next) = self.identity_mended(ask.kind, meaning)
        {
            return next;
        }
        if let Some(next) = self.amended(meaning) {
            return next;
        }
        let answer = heard::answer(ask, meaning, cues, self.today);
        if ask.kind == ExpectedKind::Choice && self.corrected_beneath(meaning) {
            return match answer {
                Some(value) => self.fill(value),
                None => self.run(),
            };
        }
        let consent = purpose(&flow.flow.value).is_some();
        let own = match ask.kind {
            // A word that asks for something is no name.
            ExpectedKind::Name => acted(meaning).is_some() && meaning.entities.id_number.is_empty(),
            ExpectedKind::IdNumber | ExpectedKind::Otp | ExpectedKind::CaseNumber | ExpectedKind::Choice if answer.is_some() => false,
            _ => self.own_question(meaning),
        };
        match answer {
            Some(value) if !own => self.fill(value),
            _ if self.own_question(meaning) => self.question(meaning),
            _ if (ask.kind == ExpectedKind::Name || consent) && matches!(meaning.decision, Decision::Clarify(_)) => self.question(meaning),
            _ => self.not_an_answer(meaning),
        }
    }

    /// What mends a check under way: a number beside the name, another number or name once the code is awaited, and
    /// the wish for another code.
    fn identity_mended(&mut self, kind: ExpectedKind, meaning: &Meaning) -> Option<Next> {
        let cues = &self.engine.script.phrases.cues;
        let number = meaning.entities.id_number.first().filter(|_| kind != ExpectedKind::IdNumber);
        let name = heard::renamed(&meaning.normal, cues).filter(|_| kind != ExpectedKind::Name);
        let said = heard::letters(&meaning.normal);
        let resend = kind == ExpectedKind::Otp && cues.resend.iter().any(|word| said.contains(word.as_str()));
        let frame = self.session.frames.last_mut()?;
        if let Some(number) = number {
            frame.slots.insert("id-number".to_owned(), SlotValue::IdNumber(number.clone()));
        }
        if let Some(name) = &name {
            frame.slots.insert("name".to_owned(), SlotValue::Name(name.clone()));
        }
        if kind == ExpectedKind::Name || number.is_none() && name.is_none() && !resend {
            return None;
        }
        self.first_step();
        Some(self.run())
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
            Some(WrongNumber::Id(fault)) if number => self.phrase(|phrases| phrases.id_fault(fault)),
            _ if number && digits > 3 => self.phrase(|phrases| phrases.id_fault(IdFault::Shape)),
            _ => self.say_text(again),
        }
        self.session.misses = self.session.misses.saturating_add(1);
        self.put()
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

    /// What a yes to the only offer, or a no to a list of them, stands for.
    fn meant(&self, meaning: &Meaning) -> Option<Act> {
        let mut acts = self.session.offers.iter().map(|offer| &offer.act);
        match acted(meaning)?.as_str() {
            "talk.affirm" => {
                let mut topics = acts.filter(|act| matches!(act, Act::Ask { .. }));
                let only = topics.next()?;
                topics.next().is_none().then(|| only.clone())
            }
            "talk.deny" => acts.find(|act| **act == Act::NoneOfThese).cloned(),
            _ => None,
        }
    }

    /// A question of its own.
    fn question(&mut self, meaning: &Meaning) -> Next {
        if let Some(wrong) = heard::wrong_number(&meaning.normal, &meaning.entities, self.today) {
            let phrases = &self.engine.script.phrases;
            let text = match wrong {
                WrongNumber::Id(fault) => phrases.id_fault(fault),
                WrongNumber::Case => &phrases.case_number_wrong,
            };
            self.reply.blocks.push(Block::Notice { level: Level::Warning, text: text.trim().to_owned() });
            // The number comes first: an answer without it would look like an answer about it.
            self.reply.status = Status::Ask;
            return self.ask_again();
        }
        if let Some(topic) = acted(meaning) {
            return self.act(topic, meaning);
        }
        // A number off a receipt says by itself what is asked.
        let case = self.engine.script.topics.keys().find(|topic| topic.kind() == Some(TopicKind::Case));
        if let Some(topic) = case.filter(|_| !meaning.entities.case_number.is_empty()) {
            return self.ask_for(topic.clone(), None, heard::slots(&meaning.entities));
        }
        match &meaning.decision {
            Decision::Clarify(topics) if topics.iter().any(offered) => {
                self.session.misses = 0;
                self.phrase(|phrases| &phrases.clarify);
                for topic in topics.iter().filter(|topic| offered(topic)) {
                    let label = self.script().title(topic).to_owned();
                    let mut questions = self.questions(topic, meaning.aspect, &meaning.entities, &meaning.normal).into_iter();
                    if let Some(Question { topic, aspect, slots }) = questions.next() {
                        let more = questions.map(|question| question.slots).collect();
                        self.offer(label, Act::Ask { topic, aspect, slots, more });
                    }
                    self.reply.completeness.asked.push(topic.to_string());
                }
                let none = self.engine.script.phrases.none_of_these.clone();
                self.offer(none, Act::NoneOfThese);
                self.reply.status = Status::Clarify;
                Next::Done
            }
            Decision::Act | Decision::Clarify(_) | Decision::Unknown => self.not_understood(meaning),
        }
    }

    fn act(&mut self, topic: &TopicId, meaning: &Meaning) -> Next {
        self.session.misses = 0;
        if matches!(topic.as_str(), "talk.affirm" | "talk.deny") {
            self.phrase(|phrases| &phrases.nothing_asked);
            self.offer_menu();
            return Next::Done;
        }
        if self.script().level(topic) > 0 && self.of_a_relative(meaning) {
            self.phrase(|phrases| &phrases.own_record_only);
            self.reply.status = Status::Refused;
            self.reply.completeness.asked.push(topic.to_string());
            self.offer_topic(topic);
            return Next::Done;
        }
        let mut questions = self.questions(topic, meaning.aspect, &meaning.entities, &meaning.normal);
        for also in &meaning.also {
            questions.extend(self.questions(&also.topic, also.aspect, &also.entities, ""));
        }
        self.begin(questions);
        self.run()
    }

    /// What a text asks of one topic: once for each insurance and period that it names. A flow that takes `words` has them.
    fn questions(&self, topic: &TopicId, aspect: Option<Aspect>, entities: &Entities, said: &str) -> Vec<Question> {
        let script = &self.engine.script;
        let flow = script.flow_of(topic);
        let takes = flow.map(Flow::takes).unwrap_or_default();
        let aspect = aspect.filter(|_| has_sides(topic));
        let told = takes.contains(&"told") && heard::letters(&self.said).chars().count() >= TOLD;
        let words = takes.contains(&WORDS).then(|| (WORDS.to_owned(), SlotValue::Text(self.said.clone())));
        let mut sets = heard::sets(entities, &takes);
        if let Some(first) = sets.first_mut().filter(|_| told) {
            first.insert("told".to_owned(), SlotValue::Text(self.said.clone()));
        }
        for slots in &mut sets {
            slots.extend(words.clone());
            if let Some(flow) = flow {
                heard::prefill(flow, slots, said, &script.phrases.cues);
            }
        }
        sets.into_iter().map(|slots| Question { topic: topic.clone(), aspect, slots }).collect()
    }

    /// Whether a text is about somebody else's record.
    fn of_a_relative(&self, meaning: &Meaning) -> bool {
        let said = heard::letters(&meaning.normal);
        self.engine.script.phrases.cues.relatives.iter().any(|word| said.contains(word.as_str()))
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

    /// Puts the open question again, when there is one; where it is gone from `dialogs/`, its flow begins again.
    pub(super) fn ask_again(&mut self) -> Next {
        if self.open_ask().is_some() { self.pose() } else { self.run() }
    }
}

/// The topic that the desk would act on. Digits alone ask for nothing.
fn acted(meaning: &Meaning) -> Option<&TopicId> {
    let words = meaning.normal.chars().any(char::is_alphabetic);
    (words && meaning.decision == Decision::Act).then(|| meaning.topics.first().map(|best| &best.topic)).flatten()
}

/// Whether a topic may stand on a button: the conversation's own words do not.
fn offered(topic: &TopicId) -> bool {
    topic.kind() != Some(TopicKind::Talk)
}
