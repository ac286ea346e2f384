//! What a text means, and the contract's form of it.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::decide::INSIDE;
use crate::domain::{
    entity::Entities,
    person::Hidden,
    topic::{Aspect, TopicId},
};

/// What a text means. `Debug` does not show the text.
#[derive(Clone, Default, PartialEq)]
pub struct Meaning {
    /// The text as [`clean`](super::normalise::clean) leaves it.
    pub normal: String,
    /// The likeliest topics, best first, at most five.
    pub topics: Vec<Ranked>,
    /// Probability that the text is any of the desk's business.
    pub inside: f32,
    /// Which side of a guide is asked for.
    pub aspect: Option<Aspect>,
    /// What the text names.
    pub entities: Entities,
    /// Further questions in the same text.
    pub also: Vec<Also>,
    /// What to do with it.
    pub decision: Decision,
}

impl fmt::Debug for Meaning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut meaning = out.debug_struct("Meaning");
        meaning.field("normal", &Hidden(&self.normal)).field("topics", &self.topics).field("inside", &self.inside);
        meaning.field("aspect", &self.aspect).field("entities", &self.entities).field("also", &self.also);
        meaning.field("decision", &self.decision).finish()
    }
}

/// A topic with its probability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// The topic.
    pub topic: TopicId,
    /// Calibrated probability.
    pub p: f32,
}

/// A further question in the same text.
#[derive(Clone, Debug, PartialEq)]
pub struct Also {
    /// The topic.
    pub topic: TopicId,
    /// Which side of a guide is asked for.
    pub aspect: Option<Aspect>,
    /// What this part of the text names.
    pub entities: Entities,
}

/// Whether a text was understood well enough to act on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Decision {
    /// Act on the first topic.
    Act,
    /// Offer these topics, best first.
    Clarify(Vec<TopicId>),
    /// Say that it was not understood, or is not the desk's business.
    #[default]
    Unknown,
}

/// The topic of whatever is not the desk's business.
pub const OTHER: &str = "talk.other";

impl Meaning {
    /// The topic that the desk takes this for: the best one, or [`OTHER`].
    pub fn topic(&self) -> TopicId {
        let best = self.topics.first().filter(|_| self.decision != Decision::Unknown);
        best.map_or_else(|| OTHER.into(), |best| best.topic.clone())
    }

    /// Whether the text is none of the desk's business, rather than not understood.
    pub fn is_outside(&self) -> bool {
        self.inside < INSIDE
    }

    /// The line that `wenban understand` writes.
    pub fn contract(&self) -> Value {
        let best = self.topics.first().map_or(0.0, |best| best.p);
        let score = if self.decision == Decision::Unknown { (1.0 - self.inside).max(1.0 - best) } else { best };
        let clarify = match &self.decision {
            Decision::Clarify(topics) => json!(topics),
            Decision::Act | Decision::Unknown => Value::Null,
        };
        let mut line = Map::new();
        line.insert("topic".into(), json!(self.topic()));
        line.insert("score".into(), json!((f64::from(score) * 1e4).round() / 1e4));
        line.insert("aspect".into(), json!(self.aspect.map(Aspect::id)));
        line.insert("entities".into(), entities(&self.entities));
        line.insert("clarify".into(), clarify);
        if !self.also.is_empty() {
            let also = self
                .also
                .iter()
                .map(|also| json!({"topic": also.topic, "aspect": also.aspect.map(Aspect::id), "entities": entities(&also.entities)}));
            line.insert("also".into(), also.collect());
        }
        Value::Object(line)
    }
}

/// Entities as the contract writes them: one value plain, several as a list, nothing where there is none. Numbers of people and
/// cases come out in clear.
fn entities(found: &Entities) -> Value {
    // Every field by name: a new kind of entity does not compile until it is written here.
    let Entities { insurance, period, date, id_number, case_number, phone, money, years, sex, city } = found;
    let mut all = Map::new();
    let mut put = |kind: &str, mut values: Vec<Value>| {
        if values.len() > 1 {
            all.insert(kind.into(), Value::Array(values));
        } else if let Some(value) = values.pop() {
            all.insert(kind.into(), value);
        }
    };
    put("insurance", list(insurance));
    put("period", list(period));
    put("date", list(date));
    put("id-number", list(id_number));
    put("case-number", list(case_number));
    put("phone", list(phone));
    put("money", list(money));
    put("years", list(years));
    put("sex", list(sex));
    put("city", list(city));
    Value::Object(all)
}

fn list<T: Serialize>(values: &[T]) -> Vec<Value> {
    values.iter().map(|value| json!(value)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Also, Decision, Meaning, Ranked};
    use crate::domain::{
        entity::{Entities, Insurance},
        money::Fen,
        month::Period,
        topic::Aspect,
    };

    fn meaning(decision: Decision) -> Meaning {
        let topics = [("record.contributions", 0.97), ("guide.stop", 0.02)].map(|(topic, p)| Ranked { topic: topic.into(), p });
        Meaning { topics: topics.to_vec(), inside: 0.9, decision, ..Meaning::default() }
    }

    #[test]
    fn the_contracts_own_example() {
        let mut said = meaning(Decision::Act);
        said.entities = Entities { insurance: vec![Insurance::Pension], period: vec![Period::year(2025)], ..Entities::default() };
        let expected = r#"{"topic":"record.contributions","score":0.97,"aspect":null,"entities":{"insurance":"pension","period":{"from":"2025-01","to":"2025-12"}},"clarify":null}"#;
        assert_eq!(said.contract().to_string(), expected);
    }

    #[test]
    fn several_values_are_a_list_and_further_questions_follow() {
        let mut said = meaning(Decision::Clarify(vec!["guide.stop".into(), "guide.retire".into()]));
        said.entities.money = vec![Fen::yuan(1), Fen(250)];
        said.also = vec![Also { topic: "guide.stop".into(), aspect: Some(Aspect::TimeLimit), entities: Entities::default() }];
        let line = said.contract();
        assert_eq!(line["entities"], json!({"money": [100, 250]}));
        assert_eq!(line["clarify"], json!(["guide.stop", "guide.retire"]));
        assert_eq!(line["also"], json!([{"topic": "guide.stop", "aspect": "time-limit", "entities": {}}]));
    }

    #[test]
    fn what_is_not_understood_is_talk_other() {
        assert_eq!(meaning(Decision::Unknown).contract()["topic"], "talk.other");
        assert_eq!(Meaning::default().contract()["entities"], json!({}));
    }
}
