//! When to act, when to ask, when to give up.

use super::meaning::{Decision, Ranked};
use crate::domain::topic::{TopicId, TopicKind};

/// Act from this probability on.
///
/// Chosen in five-fold cross-validation on 16,676 examples of 67 topics: with .55, .65 and a lead of .45 the desk asks about 8 % of the
/// questions and acts wrongly on 4.9 %; with these it asks about 10 % and acts wrongly on 4.4 %. A right topic is among the offers
/// for 85 % of what it asks about.
const ACT: f32 = 0.6;
/// The same where acting discloses a record, opens a case or prints a paper.
const ACT_ON_PERSON: f32 = 0.7;
/// Act below that, too, when the second topic is this much less likely.
const CLEAR_LEAD: f32 = 0.5;
/// Below this the best topic is a guess.
const GUESS: f32 = 0.1;
/// A topic is offered when it is at least this likely …
const OFFER: f32 = 0.05;
/// … and at least this share of the best one: two or three are offered, 2.6 on average, and dropping the rest loses no hit in a hundred.
const OFFER_SHARE: f32 = 0.2;
/// Topics offered.
const OFFERS: usize = 3;
/// Below this likelihood of being the desk's business a text is not; the gate puts its boundary here.
pub(super) const INSIDE: f32 = 0.5;
/// A topic this likely speaks against the gate …
const CERTAIN: f32 = 0.9;
/// … except when the gate is this sure.
const OUTSIDE: f32 = 0.2;

/// What to do, given the topics best first and the gate.
pub(super) fn decide(topics: &[Ranked], inside: f32) -> Decision {
    let Some(best) = topics.first() else { return Decision::Unknown };
    let outside = inside < INSIDE && (best.p < CERTAIN || inside < OUTSIDE);
    if outside || best.p < GUESS {
        return Decision::Unknown;
    }
    let lead = best.p - topics.get(1).map_or(0.0, |second| second.p);
    let acts = best.p >= threshold(&best.topic) || lead >= CLEAR_LEAD;
    let worth = |ranked: &&Ranked| ranked.p >= OFFER.max(best.p * OFFER_SHARE);
    let mut offers: Vec<TopicId> = topics.iter().take(OFFERS).filter(worth).map(|ranked| ranked.topic.clone()).collect();
    if let (1, Some(second)) = (offers.len(), topics.get(1)) {
        offers.push(second.topic.clone());
    }
    if acts || offers.len() < 2 { Decision::Act } else { Decision::Clarify(offers) }
}

fn threshold(topic: &TopicId) -> f32 {
    match topic.kind() {
        Some(TopicKind::Record | TopicKind::Case | TopicKind::Certificate) => ACT_ON_PERSON,
        Some(TopicKind::Calculate | TopicKind::Guide | TopicKind::Policy | TopicKind::Service | TopicKind::Talk) | None => ACT,
    }
}

#[cfg(test)]
mod tests {
    use super::decide;
    use crate::understanding::meaning::{Decision, Ranked};

    fn check(topics: &[(&str, f32)], inside: f32, expected: &str) {
        let topics: Vec<Ranked> = topics.iter().map(|(topic, p)| Ranked { topic: (*topic).into(), p: *p }).collect();
        let decision = match decide(&topics, inside) {
            Decision::Act => "act".to_owned(),
            Decision::Clarify(topics) => topics.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Decision::Unknown => "unknown".to_owned(),
        };
        assert_eq!(decision, expected, "{topics:?}");
    }

    #[test]
    fn a_record_takes_more_certainty_than_a_guide() {
        check(&[("guide.stop", 0.62), ("guide.retire", 0.3)], 1.0, "act");
        check(&[("record.card", 0.62), ("guide.retire", 0.3)], 1.0, "record.card guide.retire");
        check(&[("record.card", 0.62), ("guide.retire", 0.1)], 1.0, "act");
    }

    #[test]
    fn the_middle_band_offers_what_is_worth_offering() {
        check(&[("guide.a", 0.4), ("guide.b", 0.3), ("guide.c", 0.2), ("guide.d", 0.1)], 1.0, "guide.a guide.b guide.c");
        check(&[("guide.a", 0.4), ("guide.b", 0.3), ("guide.c", 0.04)], 1.0, "guide.a guide.b");
        check(&[("guide.a", 0.09)], 1.0, "unknown");
    }

    #[test]
    fn the_gate_refuses_unless_the_topic_is_certain() {
        check(&[("guide.a", 0.7)], 0.4, "unknown");
        check(&[("guide.a", 0.95)], 0.4, "act");
        check(&[("guide.a", 0.99)], 0.1, "unknown");
        check(&[], 1.0, "unknown");
    }
}
