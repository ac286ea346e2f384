//! The identity check, and the only maker of [`Verified`].

use chrono::{DateTime, Duration, Utc};

use super::{Answer, Call, Means, Refusal, ServiceError, ServiceName, Services, Turn, cards, codes, entry, limits, slot, watch};
use crate::{
    domain::{
        audit::{Act, Entry, Outcome},
        id_number::IdNumber,
        message::ChannelKind,
        person::{FullName, Person, PersonKey},
        session::{Identity, Session, SlotValue},
    },
    store::{Records, SignInChange},
};

/// How long a check counts as level 3 (ACR-01).
const FRESH: Duration = Duration::minutes(5);
/// The slot of a proof that is a whole check.
const PROOF: &str = "proof";
/// Younger people's records are asked for by their guardians (PRV-03; 个人信息保护法 art. 31).
const OF_AGE: u32 = 14;

/// Proof that this person was checked and the check still holds.
#[derive(Debug)]
pub struct Verified<'a> {
    identity: &'a Identity,
}

impl Verified<'_> {
    /// Whose records may be read.
    pub fn person(&self) -> &PersonKey {
        &self.identity.person
    }

    /// The level it gives at `now`: see [`level`].
    pub fn level(&self, now: DateTime<Utc>) -> u8 {
        held(self.identity, now)
    }
}

/// How long a check holds when it is not used, and in all (SES-20).
fn holds(channel: ChannelKind) -> (Duration, Duration) {
    match channel {
        ChannelKind::Kiosk => (Duration::minutes(5), Duration::minutes(15)),
        ChannelKind::Widget | ChannelKind::Terminal | ChannelKind::Telegram | ChannelKind::Wechat => {
            (Duration::minutes(15), Duration::minutes(60))
        }
    }
}

/// The level `session` holds at `now`: 0 nobody, 2 checked, 3 checked within five minutes.
pub fn level(session: &Session, now: DateTime<Utc>) -> u8 {
    session.identity.as_ref().map_or(0, |identity| held(identity, now))
}

fn held(identity: &Identity, now: DateTime<Utc>) -> u8 {
    let (idle, in_all) = holds(identity.channel);
    let age = now - identity.checked_at;
    if now - identity.used_at >= idle || age >= in_all {
        0
    } else if age < FRESH {
        3
    } else {
        identity.level.min(2)
    }
}

/// The proof, when the session's check still holds.
pub fn verified(session: &Session, now: DateTime<Utc>) -> Option<Verified<'_>> {
    let identity = session.identity.as_ref()?;
    (level(session, now) >= 2).then_some(Verified { identity })
}

/// Begins a check: sends a code to the phone on record when name and number fit, and does, counts and says the same when they do not
/// (ENU-01 to 04, OTP-17).
pub(super) async fn identify(services: &Services, records: &dyn Records, call: &Call, turn: &mut Turn<'_>) -> Result<Answer, ServiceError> {
    let keys = &services.means.keys;
    let name = slot!(call, "name", Name).ok_or(ServiceError::Slot(ServiceName::Identify, "name"))?;
    let id_number = slot!(call, "id-number", IdNumber).ok_or(ServiceError::Slot(ServiceName::Identify, "id-number"))?;
    if under_age(&id_number, turn) {
        return Ok(Refusal::UnderAge.into());
    }
    if watch::paused(services, turn.now).await? {
        return Ok(Refusal::ChecksPaused.into());
    }
    let asked = Entry { object: keys.blind_index(&id_number), ..entry(None, Act::IdentityCode, call, Outcome::Refused) };
    let mut asked = match tried(services, &id_number, asked, turn).await? {
        Ok(asked) => asked,
        Err(refused) => return Ok(refused),
    };
    let person = records.person_named(&id_number, &name).await?;
    asked.person = asked.person.or_else(|| person.as_ref().map(|person| person.key.clone()));
    // With the name: who knows a number alone cannot shut its owner out.
    let subject = keys.mac(&["subject", name.reveal(), id_number.reveal()]);
    let handle = match codes::send(services, &subject, person.as_ref(), asked, turn).await? {
        Ok(handle) => handle,
        Err(refused) => return Ok(refused),
    };
    watch::started(services, person.is_some(), turn).await?;
    *turn.challenge = Some(handle);
    Ok(Answer::Found { values: serde_json::json!({}), sources: Vec::new() })
}

/// Ends a check: the right code, in time, within five tries.
pub(super) async fn confirm(services: &Services, records: &dyn Records, call: &Call, turn: &mut Turn<'_>) -> Result<Answer, ServiceError> {
    let code = slot!(call, "otp", Text).ok_or(ServiceError::Slot(ServiceName::Confirm, "otp"))?;
    let person = match codes::judge(services, records, &code, call, turn).await? {
        Ok(person) => person,
        Err(refused) => return Ok(refused),
    };
    Ok(identified(person, turn))
}

fn under_age(id_number: &IdNumber, turn: &Turn<'_>) -> bool {
    turn.today.years_since(id_number.birth()).is_none_or(|age| age < OF_AGE)
}

/// Counts a number that is tried, and notes in `act` whose it is. `Err`: too many were, as the trail is told.
///
/// Whose number it is may learn that it was tried, with whatever name; the core system tells nothing of a wrong one. Looked for every
/// time: a right name must take no less than a wrong one.
async fn tried(services: &Services, id_number: &IdNumber, act: Entry, turn: &mut Turn<'_>) -> Result<Result<Entry, Answer>, ServiceError> {
    let Means { store, keys, .. } = &services.means;
    let full = limits::count(&**store, turn, [limits::numbers(keys, turn)]).await?;
    let known = store.person_by_id_number(id_number).await?;
    let act = Entry { person: known.map(|known| known.key), ..act };
    let Some((_, until)) = full else { return Ok(Ok(act)) };
    turn.changes.audit.push(act);
    Ok(Err(Answer::Refused(Refusal::TooManyChecks, limits::wait(until, turn.now))))
}

fn identified(person: Person, turn: &Turn<'_>) -> Answer {
    let masked_name = person.name.masked();
    let (checked_at, used_at) = (turn.now, turn.now);
    Answer::Identified(Identity {
        person: person.key,
        masked_name,
        level: 2,
        checked_at,
        used_at,
        channel: turn.channel,
        consents: Vec::new(),
    })
}

/// Who somebody was shown to be by others than the desk.
pub(super) struct Shown {
    /// By whom: the object of the audit trail's row.
    pub(super) by: String,
    /// `None`: it does not count.
    pub(super) who: Option<(FullName, IdNumber)>,
}

/// Who signed in with the identity provider for this conversation: taken with the turn, once.
async fn signed_in(services: &Services, turn: &mut Turn<'_>) -> Result<Shown, ServiceError> {
    let signed_in = services.means.store.signed_in(turn.conversation, turn.now).await?;
    turn.changes.sign_in = signed_in.is_some().then_some(SignInChange::Claimed);
    Ok(Shown { by: "sign-in".to_owned(), who: signed_in.map(|who| (who.name, who.id_number)) })
}

/// A whole check by what was shown: `proof` holds a card that a terminal read, or says that somebody signed in with the provider.
/// Nobody guesses here, so that who is not on file is told.
pub(super) async fn prove(services: &Services, records: &dyn Records, call: &Call, turn: &mut Turn<'_>) -> Result<Answer, ServiceError> {
    let checked = entry(None, Act::IdentityCheck, call, Outcome::Refused);
    let (Shown { by, who }, refusal) = match call.slots.get(PROOF) {
        Some(SlotValue::Text(card)) => (cards::read(services, card, turn).await?, Refusal::CardRefused),
        Some(SlotValue::Option(_)) => (signed_in(services, turn).await?, Refusal::NotSignedIn),
        _ => return Err(ServiceError::Slot(ServiceName::Prove, PROOF)),
    };
    let checked = Entry { object: by, ..checked };
    let Some((name, id_number)) = who else {
        turn.changes.audit.push(checked);
        return Ok(refusal.into());
    };
    if under_age(&id_number, turn) {
        turn.changes.audit.push(checked);
        return Ok(Refusal::UnderAge.into());
    }
    let checked = match tried(services, &id_number, checked, turn).await? {
        Ok(checked) => checked,
        Err(refused) => return Ok(refused),
    };
    let Some(person) = records.person_named(&id_number, &name).await? else {
        turn.changes.audit.push(checked);
        return Ok(Refusal::NotOnFile.into());
    };
    turn.changes.audit.push(Entry { person: Some(person.key.clone()), outcome: Outcome::Allowed, ..checked });
    Ok(identified(person, turn))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Duration, Utc};

    use super::level;
    use crate::domain::{
        message::ChannelKind,
        person::PersonKey,
        session::{Identity, Session},
    };

    /// SES-20, ACR-01: idle and in all, by channel; level 3 for five minutes.
    #[test]
    fn ses_20_a_check_lapses_by_its_channel() {
        let now = DateTime::<Utc>::UNIX_EPOCH + Duration::days(20_000);
        for (channel, checked, used, expected) in [
            (ChannelKind::Kiosk, 299, 0, 3),
            (ChannelKind::Kiosk, 300, 0, 2),
            (ChannelKind::Kiosk, 600, 299, 2),
            (ChannelKind::Kiosk, 600, 300, 0),
            (ChannelKind::Kiosk, 899, 0, 2),
            (ChannelKind::Kiosk, 900, 0, 0),
            (ChannelKind::Widget, 299, 299, 3),
            (ChannelKind::Widget, 899, 899, 2),
            (ChannelKind::Widget, 900, 900, 0),
            (ChannelKind::Telegram, 3_599, 0, 2),
            (ChannelKind::Telegram, 3_600, 0, 0),
        ] {
            let identity = Identity {
                person: PersonKey("p".into()),
                masked_name: "张*".into(),
                level: 2,
                checked_at: now - Duration::seconds(checked),
                used_at: now - Duration::seconds(used),
                channel,
                consents: Vec::new(),
            };
            let session = Session { identity: Some(identity), ..Session::default() };
            assert_eq!(level(&session, now), expected, "{channel:?} {checked} {used}");
        }
        assert_eq!(level(&Session::default(), now), 0);
    }
}
