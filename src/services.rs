//! The closed list of what a flow may ask for, and the proof of identity that records need.

pub mod calculate;
mod cases;
mod certificates;
mod codes;
mod content;
pub mod documents;
mod error;
mod guides;
pub mod identity;
mod limits;
pub mod matters;
mod messages;
pub mod offices;
pub mod queue;
mod records;
mod refusal;
pub mod rules;
mod trail;
mod watch;

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    domain::{
        audit::Outcome,
        certificate::Papers,
        message::{ChannelKind, MessageId},
        reply::Source,
        session::{Consent, Identity, Kept, Slots},
        topic::{Aspect, TopicId},
    },
    store::{Asked, Asker, Changes, Keyring, REGISTERS, Registers, Store},
};
pub use content::Content;
use documents::{Cut, Library};
pub use error::ServiceError;
pub use guides::values as guide_values;
use identity::Verified;
pub use messages::{Message, Messenger, Unsent};
use queue::{HallQueue, LocalQueue};
pub use refusal::Refusal;
use trail::entry;

/// Everything a flow can call, by the name it is called in `dialogs/flows/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceName {
    /// Which insurances the person is in.
    Enrollment,
    /// Months paid within `period` in `insurance`.
    Contributions,
    /// Months paid in all, counted once each.
    ContributionYears,
    /// The personal pension account.
    PensionAccount,
    /// The personal medical account.
    MedicalAccount,
    /// Settled medical claims.
    MedicalClaims,
    /// Pensions paid.
    PensionPayments,
    /// Other benefits paid.
    BenefitPayments,
    /// The yearly certification of a pensioner.
    Certification,
    /// The social security card.
    Card,
    /// The person's cases, or the one of `case-number`.
    Cases,
    /// Whether a paper can be had in this conversation.
    Printing,
    /// A certificate of the months paid in `insurance` or `which`, within `period` or `span`.
    Certificate,
    /// Who looked at what the desk has of the person.
    Trail,
    /// The topic's guide or policy.
    Guide,
    /// Laws and notices that `query`, or else the message in `words`, looks for.
    Documents,
    /// Age and month of retirement for `category` and `birth`.
    RetirementAge,
    /// The pension that the resident's own figures give.
    Pension,
    /// The pension that the person's record gives so far.
    OwnPension,
    /// How long and how much unemployment insurance pays for `paid` months.
    Unemployment,
    /// What people without an employer pay on `base`, or on the base of `level`.
    Flexible,
    /// Offices by district, and hot lines.
    Offices,
    /// Leaves the flow's answers with the desk: an opinion, a disclosure request or a wish to be called, by its topic.
    Leave,
    /// How what was left under `case-number` stands.
    Matter,
    /// Takes a place in the queue of the hall of `office`, or of where `city` lies.
    Queue,
    /// Begins the identity check with `name` and `id-number`: sends a one-time code.
    Identify,
    /// Ends the identity check with `otp`.
    Confirm,
}

impl ServiceName {
    /// The slots that change its answer.
    pub fn takes(self) -> &'static [&'static str] {
        match self {
            Self::Contributions | Self::BenefitPayments => &["insurance", "period"],
            Self::ContributionYears => &["insurance"],
            Self::MedicalAccount | Self::MedicalClaims | Self::PensionPayments => &["period"],
            Self::Cases | Self::Matter => &["case-number"],
            Self::RetirementAge => &["birth", "category"],
            Self::Pension => &["birth", "category", "paid", "level", "wage", "index", "account", "deemed", "deemed-years", "deemed-place"],
            Self::OwnPension => &["category"],
            Self::Unemployment => &["paid", "leftover"],
            Self::Flexible => &["base", "level"],
            Self::Offices | Self::Queue => &["city"],
            Self::Leave => &["phone"],
            Self::Documents => &["query", "words"],
            Self::Identify => &["name", "id-number"],
            Self::Confirm => &["otp"],
            // A certificate is summed up and confirmed: what else is named in its message makes no second one.
            Self::Enrollment
            | Self::PensionAccount
            | Self::Certification
            | Self::Card
            | Self::Trail
            | Self::Guide
            | Self::Printing
            | Self::Certificate => &[],
        }
    }

    /// Whether the service reads one person's records.
    pub fn personal(self) -> bool {
        match self {
            Self::Enrollment
            | Self::Contributions
            | Self::ContributionYears
            | Self::PensionAccount
            | Self::MedicalAccount
            | Self::MedicalClaims
            | Self::PensionPayments
            | Self::BenefitPayments
            | Self::Certification
            | Self::Card
            | Self::Cases
            | Self::Certificate
            | Self::Trail
            | Self::OwnPension => true,
            Self::Guide
            | Self::Printing
            | Self::Documents
            | Self::Leave
            | Self::Matter
            | Self::Queue
            | Self::RetirementAge
            | Self::Pension
            | Self::Unemployment
            | Self::Flexible
            | Self::Offices
            | Self::Identify
            | Self::Confirm => false,
        }
    }

    /// The dated rules without which it cannot answer.
    pub fn rules(self) -> &'static [&'static str] {
        match self {
            Self::RetirementAge => calculate::RETIREMENT_RULES,
            Self::Pension | Self::OwnPension => calculate::PENSION_RULES,
            Self::Unemployment => calculate::UNEMPLOYMENT_RULES,
            Self::Flexible => calculate::FLEXIBLE_RULES,
            _ => &[],
        }
    }

    /// What it may refuse with.
    pub fn refusals(self) -> &'static [Refusal] {
        match self {
            Self::RetirementAge => &[Refusal::BirthOutOfRange],
            Self::Pension => &[
                Refusal::BirthOutOfRange,
                Refusal::RetiredBefore,
                Refusal::YearsOutOfRange,
                Refusal::WageOutOfRange,
                Refusal::IndexOutOfRange,
                Refusal::BalanceOutOfRange,
                Refusal::DeemedOutOfRange,
            ],
            Self::OwnPension => &[Refusal::RetiredBefore],
            Self::Unemployment => &[Refusal::YearsOutOfRange, Refusal::LeftoverOutOfRange],
            Self::Flexible => &[Refusal::BaseOutOfRange],
            Self::Identify => &[
                Refusal::UnderAge,
                Refusal::CodeTooSoon,
                Refusal::CodeShut,
                Refusal::CodeNotSent,
                Refusal::TooManyChecks,
                Refusal::ChecksPaused,
            ],
            Self::Matter => &[Refusal::TooManyNumbers],
            Self::Confirm => &[Refusal::CodeExpired, Refusal::CodeWrong, Refusal::CodeUsedUp, Refusal::CodeShut],
            _ => &[],
        }
    }
}

/// One call of a flow.
#[derive(Clone, Debug)]
pub struct Call {
    /// What.
    pub service: ServiceName,
    /// On behalf of which question.
    pub topic: TopicId,
    /// Which side of it.
    pub aspect: Option<Aspect>,
    /// What is known.
    pub slots: Slots,
    /// What must have been agreed to before a record is read.
    pub consents: Vec<Consent>,
}

/// What a service says. "Nothing on file" and "not allowed" have words of their own; they are no errors.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Values for the reply's templates, and where they come from.
    Found {
        /// An object.
        values: Value,
        /// Registers, laws.
        sources: Vec<Source>,
    },
    /// The same for values that never change.
    Told(Arc<Told>),
    /// Nothing on file.
    Nothing,
    /// Not allowed, or not possible; with values for the words that say so.
    Refused(Refusal, Value),
    /// The person is who they say.
    Identified(Identity),
    /// The register behind it cannot be reached now.
    Unavailable,
}

/// What is said of a guide or policy.
#[derive(Debug)]
pub struct Told {
    /// An object.
    pub values: Value,
    /// What it rests on.
    pub sources: Vec<Source>,
}

/// What a service knows of the turn it works in.
pub struct Turn<'a> {
    /// The conversation's address.
    pub conversation: &'a str,
    /// Where it takes place.
    pub channel: ChannelKind,
    /// What papers are printed with; `None`: none are here.
    pub papers: Option<&'a Papers>,
    /// The network address or the account that speaks, for limits: a keyed MAC, or an account's conversation.
    pub caller: &'a str,
    /// The message that is answered.
    pub message: &'a MessageId,
    /// This instant.
    pub now: DateTime<Utc>,
    /// The date in China.
    pub today: NaiveDate,
    /// When it goes on without records that have not come.
    pub by: Instant,
    /// The code under way, if any.
    pub challenge: &'a mut Option<crate::domain::session::ChallengeId>,
    /// What this conversation left with the desk and took from it.
    pub kept: &'a mut Kept,
    /// Where effects go.
    pub changes: &'a mut Changes,
}

/// What services work with.
#[derive(Clone)]
pub struct Means {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Where records are read.
    pub registers: Arc<dyn Registers>,
    /// The keys of codes and counts.
    pub keys: Keyring,
    /// What sends codes.
    pub messenger: Arc<dyn Messenger>,
}

/// All services.
pub struct Services {
    means: Means,
    content: Arc<Content>,
    queue: Box<dyn HallQueue>,
    library: Library,
    guides: HashMap<TopicId, Arc<Told>>,
}

impl Services {
    /// Services with these means over content; `cut` gives the words of a text.
    pub fn new(means: Means, content: Arc<Content>, cut: Cut) -> Self {
        let queue = Box::new(LocalQueue(means.store.clone()));
        let library = Library::new(content.documents.clone(), cut);
        let guides = content.guides.iter().map(|(topic, guide)| (topic.clone(), Arc::new(guides::told(guide)))).collect();
        Self { means, content, queue, library, guides }
    }

    /// Answers one call. A register that cannot be read gives [`Answer::Unavailable`]: the desk goes on.
    pub async fn run(&self, call: &Call, who: Option<&Verified<'_>>, turn: &mut Turn<'_>) -> Result<Answer, ServiceError> {
        if call.service.personal() {
            let who = who.ok_or(ServiceError::Unchecked(call.service))?;
            let consented = match self.consented(call, who, turn).await {
                Ok(true) => None,
                Ok(false) => Some((Outcome::Refused, Refusal::NoConsent.into())),
                Err(error) => {
                    tracing::error!(service = ?call.service, %error, "what a person agreed to could not be read");
                    Some((Outcome::Failed, Answer::Unavailable))
                }
            };
            if let Some((outcome, answer)) = consented {
                turn.changes.audit.push(trail::read(who, call, outcome));
                return Ok(answer);
            }
        }
        let level = who.map_or(0, |who| who.level(turn.now));
        let asked = Asked { purpose: call.topic.to_string(), actor: Asker::Resident, level, by: turn.by };
        let Means { store, registers, keys, .. } = &self.means;
        let records = registers.clone().reading(asked);
        let answer = match call.service {
            ServiceName::Guide => Ok(self.guides.get(&call.topic).cloned().map_or(Answer::Nothing, Answer::Told)),
            ServiceName::Documents => Ok(documents::documents(&self.library, call)),
            ServiceName::Printing => Ok(certificates::printing(turn)),
            ServiceName::Offices => Ok(offices::offices(&self.content, call)),
            ServiceName::RetirementAge => calculate::retirement_age(&self.content.rules, call, turn.today),
            ServiceName::Leave => matters::leave(&**store, &*records, keys, &self.content, call, who, turn).await,
            ServiceName::Matter => matters::matter(&**store, keys, call, who, turn).await,
            ServiceName::Queue => queue::queue(&*self.queue, &self.content, call, turn).await,
            ServiceName::Pension => calculate::pension(&self.content.rules, call, turn.today),
            ServiceName::Unemployment => calculate::unemployment(&self.content.rules, call, turn.today),
            ServiceName::Flexible => calculate::flexible(&self.content.rules, call, turn.today),
            ServiceName::Identify => identity::identify(self, &*records, call, turn).await,
            ServiceName::Confirm => identity::confirm(self, &*records, call, turn).await,
            service => {
                let who = who.ok_or(ServiceError::Unchecked(service))?;
                let answer = match service {
                    ServiceName::OwnPension => calculate::own_pension(&*records, &self.content.rules, call, who, turn.today).await,
                    ServiceName::Certificate => certificates::certificate((&**store, &*records, keys), call, who, turn).await,
                    ServiceName::Cases => cases::cases(self, &*records, call, who, turn).await,
                    ServiceName::Trail => trail::trail(&**store, who, turn).await,
                    record => records::record(&*records, record, call, who, turn.today).await,
                };
                turn.changes.audit.push(trail::read(who, call, trail::outcome(&answer)));
                answer
            }
        };
        turn.changes.copies.extend(records.fresh());
        match answer {
            // Since the copy was made, something may have come.
            Ok(Answer::Nothing) if REGISTERS.iter().any(|register| records.copied(register).is_some()) => Ok(Answer::Unavailable),
            Err(ServiceError::Store(error)) => {
                tracing::error!(service = ?call.service, %error, "a register could not be read");
                Ok(Answer::Unavailable)
            }
            other => other,
        }
    }

    /// Whether the person agreed to all that a call needs, in rows: those of the store, and those that this turn commits.
    async fn consented(&self, call: &Call, who: &Verified<'_>, turn: &Turn<'_>) -> Result<bool, crate::store::StoreError> {
        let given = self.means.store.consents(who.person()).await?;
        let now = |consent: &Consent| turn.changes.consents.iter().any(|row| row.person == *who.person() && row.consent == *consent);
        Ok(call.consents.iter().all(|consent| given.contains(consent) || now(consent)))
    }
}

/// Finds a slot of one kind by name: `slot!(call, "period", Period)` is an `Option`.
macro_rules! slot {
    ($call:expr, $name:literal, $kind:ident) => {
        match $call.slots.get($name) {
            Some(crate::domain::session::SlotValue::$kind(value)) => Some(value.clone()),
            _ => None,
        }
    };
}
use slot;
