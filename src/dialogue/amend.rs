//! 「改上一项」, 「改一下出生年月」, 「不对，是 1972 年」: answers that are put right without starting again.

use super::{
    engine::{Next, Talk},
    heard,
    script::{Ask, Flow},
};
use crate::{
    domain::{
        reply::ExpectedKind,
        session::{Answered, SlotValue, Slots},
    },
    understanding::Meaning,
};

impl Talk<'_> {
    /// Asks again what was answered last in the innermost flow.
    pub(super) fn back(&mut self) -> Next {
        let Some(slot) = self.session.frames.last().and_then(|frame| frame.path.last().cloned()) else { return self.not_on_offer() };
        self.put_right(&slot, None)
    }

    /// Whether an answer was given in the innermost flow that can be changed.
    pub(super) fn changeable(&self) -> bool {
        self.session.frames.last().is_some_and(|frame| !frame.path.is_empty())
    }

    /// What a text changes of the answers given before the open question: one that it names, or the last one that its words fit.
    pub(super) fn amended(&mut self, meaning: &Meaning) -> Option<Next> {
        let said = heard::letters(&meaning.normal);
        let frame = self.session.frames.last()?;
        let (flow, open) = self.open_ask()?;
        let before = frame.path.iter().rev().filter(|slot| **slot != open.slot);
        let before = before.filter_map(|slot| flow.asks().find(|ask| ask.slot == *slot));
        let value = |ask: &Ask| self.other_value(ask, frame.slots.get(&ask.slot), meaning);
        let (slot, value) = if let Some(ask) = before.clone().find(|ask| self.is_changed(ask, &said)) {
            (ask.slot.clone(), value(ask))
        } else if self.lean(&said).corrected {
            before.filter(|ask| ask.kind != ExpectedKind::Text).find_map(|ask| Some((ask.slot.clone(), Some(value(ask)?))))?
        } else {
            return None;
        };
        Some(self.put_right(&slot, value))
    }

    /// Whether a text wants the answer to `ask` changed: 「改一下出生年月」.
    fn is_changed(&self, ask: &Ask, said: &str) -> bool {
        let changes = || self.engine.script.phrases.cues.change.iter().any(|word| said.contains(word.as_str()));
        said.contains(&heard::letters(&ask.prompt)) && changes()
    }

    /// What is known of the question answered last when a text wants one of its answers changed.
    pub(super) fn changed(&self, last: &Answered, meaning: &Meaning, said: &str) -> Option<Slots> {
        let flow = self.engine.script.flow_of(&last.topic)?;
        let ask = flow.asks().find(|ask| last.slots.contains_key(&ask.slot) && self.is_changed(ask, said))?;
        let mut slots = last.slots.clone();
        let old = forget(&mut slots, flow, &ask.slot);
        if let Some(value) = self.other_value(ask, old.as_ref(), meaning) {
            slots.insert(ask.slot.clone(), value);
        }
        Some(slots)
    }

    /// The value that a text gives for `ask` when it is another than the known one.
    fn other_value(&self, ask: &Ask, known: Option<&SlotValue>, meaning: &Meaning) -> Option<SlotValue> {
        let slots = heard::slots(&meaning.entities);
        let part = || ask.from.as_ref().and_then(|from| slots.get(from)).and_then(|said| heard::merged(known?, said));
        let value = heard::answer(ask, meaning, &self.engine.script.phrases.cues, self.today).or_else(part)?;
        (Some(&value) != known).then_some(value)
    }

    /// Puts another answer in place, or asks for it, and goes the way again from the flow's beginning; what still counts is not
    /// asked again.
    fn put_right(&mut self, slot: &str, value: Option<SlotValue>) -> Next {
        let engine = self.engine;
        if let Some(frame) = self.session.frames.last_mut()
            && let Some(flow) = engine.script.flows.get(&frame.flow)
        {
            frame.former.clone_from(&frame.path);
            forget(&mut frame.slots, flow, slot);
            if let Some(value) = value {
                frame.slots.insert(slot.to_owned(), value);
            }
        }
        self.session.misses = 0;
        self.first_step();
        self.run()
    }

    /// Whether a text gives another value for what was asked before the open question: 「改一下，是 1981 年 6 月」. Of several
    /// questions of one kind it can only mean the one answered last.
    pub(super) fn corrected_beneath(&mut self, meaning: &Meaning) -> bool {
        let new = heard::slots(&meaning.entities);
        let Some((flow, open)) = self.open_ask() else { return false };
        let today = self.today;
        let Some(frame) = self.session.frames.last_mut() else { return false };
        let answered: Vec<&Ask> = flow.asks().filter(|ask| ask.slot != open.slot && frame.slots.contains_key(&ask.slot)).collect();
        let mut corrected = false;
        for (at, ask) in answered.iter().enumerate() {
            if answered[at + 1..].iter().all(|later| later.kind != ask.kind)
                && let Some(value) = ask.from.as_ref().and_then(|from| new.get(from)).and_then(|value| heard::from_slot(ask, value, today))
            {
                corrected |= frame.slots.insert(ask.slot.clone(), value.clone()) != Some(value);
            }
        }
        corrected
    }
}

/// Takes an answer away, and what it was read from.
fn forget(slots: &mut Slots, flow: &Flow, slot: &str) -> Option<SlotValue> {
    for from in flow.asks().filter(|ask| ask.slot == slot).filter_map(|ask| ask.from.as_ref()) {
        slots.remove(from);
    }
    slots.remove(slot)
}
