//! Places in a hall's queue: the desk's own numbers, or those of a hall's machine that is linked.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use serde_json::json;

use super::{Answer, Call, Content, ServiceError, Turn, entry, slot};
use crate::{
    domain::{
        audit::{Act, Entry, Outcome},
        matter::Ticket,
        message::MessageId,
        session::SlotValue,
    },
    store::{Changes, MatterChange, Store, StoreError},
};

/// What gives out numbers.
#[async_trait]
pub trait HallQueue: Send + Sync {
    /// Whether the hall calls these very numbers.
    fn linked(&self) -> bool;
    /// A number for `office` on `day`. The same message gets the same: what is to be kept goes into `changes`.
    async fn take(&self, office: &str, day: NaiveDate, message: &MessageId, changes: &mut Changes) -> Result<Ticket, StoreError>;
    /// How many wait before it.
    async fn ahead(&self, ticket: &Ticket) -> Result<i64, StoreError>;
}

/// Numbers from 1 each day in each hall, kept in the store; staff call them with `wenban staff next`.
pub(super) struct LocalQueue(pub(super) Arc<dyn Store>);

#[async_trait]
impl HallQueue for LocalQueue {
    fn linked(&self) -> bool {
        false
    }

    async fn take(&self, office: &str, day: NaiveDate, message: &MessageId, changes: &mut Changes) -> Result<Ticket, StoreError> {
        let line = self.0.line(day, office).await?;
        let ticket = Ticket { day, office: office.to_owned(), number: line.last + 1 };
        changes.matters.push(MatterChange::Queued { message: message.clone(), ticket: ticket.clone() });
        Ok(ticket)
    }

    async fn ahead(&self, ticket: &Ticket) -> Result<i64, StoreError> {
        self.0.ahead(ticket).await
    }
}

/// A place in the queue of the hall of the slot `office`, or of the district in which `city` lies. Whoever has one there today
/// keeps it. Nothing when there is no hall.
pub(super) async fn queue(queue: &dyn HallQueue, content: &Content, call: &Call, turn: &mut Turn<'_>) -> Result<Answer, ServiceError> {
    let chosen = match call.slots.get("office") {
        Some(SlotValue::Option(office)) => Some(office.clone()),
        _ => slot!(call, "city", City).map(|place| content.districts.get(&place).cloned().unwrap_or(place)),
    };
    let has_hall = |place: &String| content.offices.offices.iter().any(|office| office.district == *place);
    let Some(office) = chosen.filter(has_hall) else { return Ok(Answer::Nothing) };
    let kept = turn.kept.tickets.iter().find(|ticket| ticket.day == turn.today && ticket.office == office).cloned();
    let again = kept.is_some();
    let ticket = if let Some(ticket) = kept {
        ticket
    } else {
        let ticket = queue.take(&office, turn.today, turn.message, turn.changes).await?;
        turn.kept.tickets.retain(|ticket| ticket.day == turn.today);
        turn.kept.tickets.push(ticket.clone());
        let object = format!("{office} {}", ticket.number);
        turn.changes.audit.push(Entry { object, ..entry(None, Act::QueueTaken, call, Outcome::Done) });
        ticket
    };
    let ahead = queue.ahead(&ticket).await?;
    let values = json!({
        "number": ticket.number, "office": ticket.office, "day": ticket.day, "ahead": ahead, "again": again, "linked": queue.linked(),
    });
    Ok(Answer::Found { values, sources: Vec::new() })
}
