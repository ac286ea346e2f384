//! Guides and policies as values for the reply's templates.

use serde_json::{Value, json};

use super::Told;
use crate::domain::{
    document::{Document, State},
    guide::{Basis, Confidence, Guide, Marked, PolicyRule, Sentence},
    reply::Source,
    topic::Aspect,
};

/// Sides by how often they are asked for.
const OFFERED: [Aspect; 10] = [
    Aspect::Materials,
    Aspect::Steps,
    Aspect::Conditions,
    Aspect::Deadline,
    Aspect::Amount,
    Aspect::Place,
    Aspect::TimeLimit,
    Aspect::Fee,
    Aspect::Online,
    Aspect::Basis,
];

/// What is said of a guide: the same every time.
pub(super) fn told(guide: &Guide) -> Told {
    Told { values: values(guide), sources: guide.basis.iter().map(Source::from).collect() }
}

/// What there is to say of a guide, marks of doubt included.
pub fn values(guide: &Guide) -> Value {
    let marked = |fact: &Option<Marked>| fact.as_ref().map(Marked::said);
    let said = |sentences: &[Sentence]| sentences.iter().map(Sentence::said).collect::<Vec<_>>();
    json!({
        "summary": guide.summary,
        "for_whom": guide.for_whom,
        "department": guide.department,
        "hotline": hotline(&guide.department),
        "conditions": said(&guide.conditions),
        "materials": said(&guide.materials),
        "chart": guide.steps,
        "rules": guide.rules.iter().map(PolicyRule::said).collect::<Vec<_>>(),
        "example": guide.example,
        "deadline": marked(&guide.deadline),
        "time_limit": marked(&guide.time_limit),
        "fee": marked(&guide.fee),
        "amount": marked(&guide.amount),
        "place": marked(&guide.place),
        "online": guide.online,
        "basis": guide.basis.iter().map(cited).collect::<Vec<_>>(),
        "warnings": said(&guide.warnings),
        "notes": guide.notes,
        "related": guide.related,
        "sides": sides(guide),
        "unsure": guide.confidence != Confidence::High,
        "reviewed": guide.reviewed,
    })
}

/// Who knows more, by department.
fn hotline(department: &str) -> &'static str {
    match department {
        "医保" => "12393",
        "税务" => "12366",
        _ => "12333",
    }
}

/// 「《社会保险经办条例》（国务院令第765号，2023-12-01 起施行）第十八条」. What only describes a document whose title is
/// unknown stands without 《》.
fn cited(basis: &Basis) -> String {
    let entry = basis.entry.as_deref();
    let described = entry.is_some_and(|entry| entry.title.is_none()) || basis.title.starts_with('《');
    let title = if described { basis.title.clone() } else { format!("《{}》", basis.title) };
    let over = entry.filter(|entry| entry.state == State::Repealed).map(|_| "已不再执行".to_owned());
    let known: Vec<String> = [basis.number.clone(), entry.and_then(Document::dated), over].into_iter().flatten().collect();
    let known = if known.is_empty() { String::new() } else { format!("（{}）", known.join("，")) };
    format!("{title}{known}{}", basis.article.as_deref().unwrap_or_default())
}

/// Sides that the guide has something to say of, in the order in which they are offered.
fn sides(guide: &Guide) -> Vec<Aspect> {
    let told = |aspect: &Aspect| match aspect {
        Aspect::Conditions => !guide.conditions.is_empty(),
        Aspect::Materials => !guide.materials.is_empty(),
        Aspect::Steps => guide.steps.is_some(),
        Aspect::TimeLimit => guide.time_limit.is_some(),
        Aspect::Deadline => guide.deadline.is_some(),
        Aspect::Fee => guide.fee.is_some(),
        Aspect::Amount => guide.amount.is_some(),
        Aspect::Place => guide.place.is_some(),
        Aspect::Online => !guide.online.is_empty(),
        Aspect::Basis => !guide.basis.is_empty(),
    };
    OFFERED.into_iter().filter(told).collect()
}
