//! Running a flow's steps until it waits, calls or ends.

use minijinja::Value;

use super::{
    engine::{Next, Talk},
    heard,
    script::{AGREE, Ask, CONSENT, CONSENTS, END, IDENTITY, Step, is_question, purpose},
    template::value,
};
use crate::{
    domain::{
        disclosure::Told,
        reply::Status,
        session::{Answered, Frame, Identity, Purpose, Session, SlotValue, Slots},
        topic::{TopicId, TopicKind},
    },
    services::{Answer, Call, Refusal, ServiceName, identity},
};

/// Steps without a wait or a call after which a flow goes round in a circle.
const MAX_STEPS: usize = 64;
/// Slots that a text can fill by itself.
pub(super) const ENTITIES: [&str; 9] = ["insurance", "period", "date", "money", "years", "sex", "city", "case-number", "phone"];

impl Talk<'_> {
    /// Runs until the conversation waits or a service is needed.
    pub(super) fn run(&mut self) -> Next {
        for _ in 0..MAX_STEPS {
            let engine = self.engine;
            let Some(frame) = self.session.frames.last() else { return Next::Done };
            let open = frame.step == END || engine.script.flows.get(&frame.flow).is_some_and(|flow| flow.is_open(&frame.step));
            let asked = purpose(&frame.flow).and_then(|purpose| engine.script.consent(purpose));
            if asked.is_some_and(|asked| self.session.agreed.contains(&asked)) {
                self.session.frames.pop();
                continue;
            }
            if is_question(&frame.flow) && !open {
                if engine.script.needs(frame) > 0 && self.records == Told::Elsewhere {
                    self.session.frames.pop();
                    self.refuse(Refusal::NotHere);
                    continue;
                }
                let topic = frame.topic.clone();
                let missing = engine.script.consents(frame).find(|consent| !self.session.agreed.contains(consent));
                if let Some(missing) = missing {
                    self.put_before(topic, format!("{CONSENTS}{}", missing.purpose.id()));
                    continue;
                }
                if self.level() < engine.script.needs(frame) {
                    self.put_before(topic, IDENTITY.to_owned());
                    continue;
                }
            }
            let Some(flow) = engine.script.flows.get(&frame.flow) else {
                self.session.frames.pop();
                self.say_changed();
                continue;
            };
            if frame.step == END {
                self.end();
                continue;
            }
            let Some(step) = flow.steps.get(&frame.step) else {
                self.say_changed();
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
                    let Some(frame) = self.session.frames.last().cloned() else { return Next::Done };
                    let consents = engine.script.consents(&frame).collect();
                    // It holds for once: whatever comes of it, the check goes on without.
                    if call.service == ServiceName::Prove
                        && let Some(here) = self.session.frames.last_mut()
                    {
                        here.slots.clear();
                    }
                    let Frame { topic, slots, aspect, .. } = frame;
                    return Next::Call(Call { service: call.service, topic, aspect, slots, consents });
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
                let copies = sources.iter().filter(|source| source.copied_at.is_some());
                if let Some(oldest) = copies.min_by_key(|source| source.as_of) {
                    self.it = value(oldest);
                    self.warn(&engine.script.phrases.copied);
                }
                self.it = value(values);
                for source in sources {
                    self.source(source);
                }
                self.personal |= call.service.personal() || call.service == ServiceName::Matter;
                // Done once: what follows on it begins anew.
                if matches!(call.service, ServiceName::Leave | ServiceName::Certificate)
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
                self.identified(identity);
                self.go(on);
            }
            // It was taken back elsewhere: it is asked for again.
            Answer::Refused(Refusal::NoConsent, _) => {
                self.session.agreed.clear();
                if let Some(identity) = &mut self.session.identity {
                    identity.consents.clear();
                }
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
                self.refuse(refusal);
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

    /// Says that `dialogs/` has changed under what waits.
    fn say_changed(&mut self) {
        self.phrase(|phrases| &phrases.changed);
        if self.reply.completeness.given.is_empty() {
            self.reply.status = Status::Ask;
        }
    }

    fn level(&self) -> u8 {
        identity::level(&self.session, self.now)
    }

    /// Puts the identity check, or the question for consent, on top of the question that needs it: the one under way, or another.
    fn put_before(&mut self, topic: TopicId, flow: String) {
        if let Some(under_way) = self.take_frame(&flow) {
            self.session.frames.push(Frame { topic, ..under_way });
            return;
        }
        self.session.frames.push(Frame {
            topic,
            flow,
            step: String::new(),
            slots: Slots::new(),
            aspect: None,
            asked: false,
            path: Vec::new(),
            former: Vec::new(),
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

    /// Drops answers to questions that the way here did not lead past again after an answer was put right.
    fn forget_bypassed(&mut self) {
        let Some(frame) = self.session.frames.last_mut() else { return };
        for slot in std::mem::take(&mut frame.former) {
            if !frame.path.contains(&slot) {
                frame.slots.remove(&slot);
            }
        }
    }

    fn go(&mut self, step: &str) {
        if let Some(frame) = self.session.frames.last_mut() {
            step.clone_into(&mut frame.step);
            frame.asked = false;
        }
    }

    /// Says why something is refused.
    fn refuse(&mut self, why: Refusal) {
        let phrases = &self.engine.script.phrases;
        self.say_text(phrases.refusals.get(&why).unwrap_or(&phrases.failed));
        self.reply.status = Status::Refused;
    }

    /// Notes who was checked. Another person than before finds nothing of theirs (security.md ACR-03): the question at hand stays.
    fn identified(&mut self, identity: Identity) {
        let other = self.session.identity.as_ref().is_some_and(|before| before.person != identity.person);
        if other {
            let check = self.session.frames.pop();
            let question = self.session.frames.pop();
            let Session { turn, .. } = self.session;
            self.session = Session { turn, frames: question.into_iter().chain(check).collect(), ..Session::default() };
        }
        self.session.identity = Some(identity);
    }

    /// Ends the innermost flow. A check of identity that failed, and a consent that was not given, take the question that needed it along.
    fn end(&mut self) {
        let Some(frame) = self.session.frames.pop() else { return };
        if frame.flow == IDENTITY {
            self.drop_unreached();
        } else if let Some(purpose) = purpose(&frame.flow) {
            let agreed = matches!(frame.slots.get(CONSENT), Some(SlotValue::Option(id)) if id == AGREE);
            match self.engine.script.consent(purpose).filter(|_| agreed) {
                Some(consent) => self.session.agreed.push(consent),
                None => self.drop_refused(purpose),
            }
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

    /// Drops the questions that need a consent which was not given.
    fn drop_refused(&mut self, purpose: Purpose) {
        let script = &self.engine.script;
        self.session.frames.retain(|frame| script.consents(frame).all(|consent| consent.purpose != purpose));
    }

    /// Drops the questions whose level was not reached: the check is not begun again by itself.
    fn drop_unreached(&mut self) {
        let level = self.level();
        let script = &self.engine.script;
        self.session.frames.retain(|frame| script.needs(frame) <= level);
    }
}
