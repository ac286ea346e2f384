//! 「那医保呢」, 「不对，是去年」, 「要带什么」: texts that lean on the question answered last.

use super::{
    engine::Talk,
    heard,
    script::{Flow, has_sides},
};
use crate::{
    domain::{
        session::{SlotValue, Slots},
        topic::{Aspect, TopicId, TopicKind},
    },
    understanding::{Decision, Meaning},
};

/// A text with more letters than this is a question of its own.
const FOLLOW_UP: usize = 16;
/// A text with so few letters that asks for one side means the guide at hand, whatever else it could mean.
const BARE_SIDE: usize = 5;
/// From this probability on a text is a question of its own even where one side of the last guide could be meant.
const SURE: f32 = 0.9;

/// How a text leans on what was said before.
pub(super) struct Lean {
    /// It begins or ends as a follow-up does: 「那…」, 「…呢」.
    led: bool,
    /// It begins as a correction does: 「不对」.
    pub(super) corrected: bool,
    /// Its letters without those words.
    rest: String,
}

impl Talk<'_> {
    /// The question that a text asks by leaning on the last one: its topic, the side of a guide, and all that is now
    /// known.
    pub(super) fn followed(&self, meaning: &Meaning) -> Option<(TopicId, Option<Aspect>, Slots)> {
        let last = self.session.last.as_ref()?;
        let said = heard::letters(&meaning.normal);
        if let Some(slots) = self.changed(last, meaning, &said) {
            return Some((last.topic.clone(), None, slots));
        }
        let lean = self.lean(&said);
        if has_sides(&last.topic) {
            let side = self.bare_side(&lean.rest).or_else(|| asked_side(&last.topic, meaning, &lean))?;
            return Some((last.topic.clone(), Some(side), last.slots.clone()));
        }
        let new = heard::slots(&meaning.entities);
        let values = || self.script().flow_of(&last.topic).is_some_and(|flow| flow.takes().iter().any(|slot| new.contains_key(*slot)));
        // 「不对，账户是 8 万元」 after a sum puts its figure right, whatever the words could ask by themselves.
        let figure = lean.corrected && last.topic.kind() == Some(TopicKind::Calculate) && values();
        let otherwise = !figure && asks_otherwise(&last.topic, meaning, &lean);
        if matches!(last.topic.kind(), Some(TopicKind::Talk | TopicKind::Service)) || otherwise {
            return None;
        }
        let topic = match new.get("insurance") {
            Some(SlotValue::Insurance(insurance)) => {
                self.script().topics.get(&last.topic).and_then(|known| known.counterparts.get(insurance)).unwrap_or(&last.topic)
            }
            _ => &last.topic,
        };
        let takes = self.script().flow_of(topic)?.takes();
        let fits = *topic != last.topic || new.keys().any(|name| takes.contains(&name.as_str()));
        fits.then(|| (topic.clone(), None, self.replaced(topic, last.slots.clone(), new)))
    }

    /// The side of a guide that a bare word asks for: 「材料」.
    fn bare_side(&self, said: &str) -> Option<Aspect> {
        let sides = &self.engine.script.words.sides;
        sides.iter().find(|(_, words)| words.iter().any(|word| word == said)).map(|(aspect, _)| *aspect)
    }

    /// Puts new values in place of old ones, and drops what was worked out from the old.
    fn replaced(&self, topic: &TopicId, mut slots: Slots, new: Slots) -> Slots {
        for ask in self.script().flow_of(topic).into_iter().flat_map(Flow::asks) {
            let Some(said) = ask.from.as_ref().and_then(|from| new.get(from)) else { continue };
            match slots.get(&ask.slot).and_then(|known| heard::merged(known, said)) {
                Some(value) => slots.insert(ask.slot.clone(), value),
                None => slots.remove(&ask.slot),
            };
        }
        if new.contains_key("period") {
            slots.remove("date");
        }
        slots.extend(new);
        slots
    }

    pub(super) fn lean(&self, said: &str) -> Lean {
        let cues = &self.engine.script.phrases.cues;
        let (mut rest, mut led, mut corrected) = (said, false, false);
        while let Some(shorter) = cues.correct.iter().find_map(|word| rest.strip_prefix(word.as_str())) {
            (rest, corrected) = (shorter, true);
        }
        while let Some(shorter) = cues.follow.iter().find_map(|word| rest.strip_prefix(word.as_str())) {
            (rest, led) = (shorter, true);
        }
        while let Some(shorter) = cues.trail.iter().find_map(|word| rest.strip_suffix(word.as_str())) {
            (rest, led) = (shorter, true);
        }
        Lean { led, corrected, rest: rest.trim_start_matches('是').to_owned() }
    }
}

/// The side of the guide at hand that a text asks for.
fn asked_side(topic: &TopicId, meaning: &Meaning, lean: &Lean) -> Option<Aspect> {
    let letters = lean.rest.chars().count();
    let own = meaning.topics.first().is_some_and(|best| best.p >= SURE && best.topic != *topic && meaning.decision == Decision::Act);
    let leans = meaning.entities.insurance.is_empty() && letters <= FOLLOW_UP && (letters <= BARE_SIDE || lean.led || !own);
    meaning.aspect.filter(|_| leans)
}

/// Whether a text is a question or a word of its own rather than a new value for the last question.
fn asks_otherwise(last: &TopicId, meaning: &Meaning, lean: &Lean) -> bool {
    let letters = lean.rest.chars().count();
    if letters > FOLLOW_UP {
        return true;
    }
    let acted = meaning.topics.first().filter(|_| meaning.decision == Decision::Act).map(|best| &best.topic);
    let bare = letters <= 3 || heard::is_bare(&lean.rest);
    let months = !meaning.entities.period.is_empty() && letters <= 10;
    if lean.led || lean.corrected {
        return acted.is_some_and(|topic| topic != last) && !bare && !months;
    }
    // Without such words only a bare value leans on the last question: 「医保」, 「2023年3月到6月」.
    !(bare || months && acted.is_none()) || acted.is_some_and(|topic| topic.kind() == Some(TopicKind::Talk))
}
