//! The identity check, and the only maker of [`Verified`].

use chrono::{DateTime, Duration, Utc};

use super::{Answer, Call, Message, Refusal, ServiceError, ServiceName, Turn, entry, slot};
use crate::{
    domain::{
        audit::{Act, Entry, Outcome},
        person::PersonKey,
        session::{ChallengeId, Identity, Session},
    },
    store::{ChallengeChange, Keyring, Records, Store},
};

/// What a code is for; part of its MAC (OTP-05).
const PURPOSE: &str = "identity";
/// A code's life (security.md OTP-18).
const CODE_LIFE: Duration = Duration::seconds(300);
/// Wrong tries after which even the right code fails (OTP-10).
const MAX_TRIES: i64 = 5;
/// A check lapses when it is not used for this long, or after [`IN_ALL`] (SES-20, the chat's figures).
const IDLE: Duration = Duration::minutes(15);
/// See [`IDLE`].
const IN_ALL: Duration = Duration::minutes(60);
/// How long a check counts as level 3 (ACR-01).
const FRESH: Duration = Duration::minutes(5);

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

/// The level `session` holds at `now`: 0 nobody, 2 checked, 3 checked within five minutes.
pub fn level(session: &Session, now: DateTime<Utc>) -> u8 {
    session.identity.as_ref().map_or(0, |identity| held(identity, now))
}

fn held(identity: &Identity, now: DateTime<Utc>) -> u8 {
    if now - identity.used_at >= IDLE || now - identity.checked_at >= IN_ALL {
        0
    } else if now - identity.checked_at < FRESH {
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

/// Begins a check: sends a code to the phone on record when name and number fit, and answers alike when
/// they do not (ENU-01 to 04).
pub(super) async fn identify(
    store: &dyn Store,
    records: &dyn Records,
    keys: &Keyring,
    call: &Call,
    turn: &mut Turn<'_>,
) -> Result<Answer, ServiceError> {
    let name = slot!(call, "name", Name).ok_or(ServiceError::Slot(ServiceName::Identify, "name"))?;
    let id_number = slot!(call, "id-number", IdNumber).ok_or(ServiceError::Slot(ServiceName::Identify, "id-number"))?;
    let person = records.person_named(&id_number, &name).await?;
    // Whose number it is may learn that it was tried, with whatever name; the core system tells nothing of a wrong one. Looked for
    // every time: a right name must take no less than a wrong one.
    let known = store.person_by_id_number(&id_number).await?;
    let tried = known.as_ref().or(person.as_ref()).map(|person| person.key.clone());
    let (code, handle) = draw();
    let phone = person.as_ref().and_then(|person| person.phone.clone());
    let outcome = if phone.is_some() { Outcome::Done } else { Outcome::Refused };
    if let Some(phone) = phone {
        turn.messages.push(Message {
            phone, text: format!("【问办】您正在查询本人社保信息，验证码 {code}，5 分钟内有效。请勿告诉他人。")
        });
    }
    turn.changes.challenge = Some(ChallengeChange::Opened {
        id: handle.clone(),
        person: person.as_ref().map(|person| person.key.clone()),
        code_mac: keys.mac(&[PURPOSE, &handle.0, &code]),
        expires_at: turn.now + CODE_LIFE,
    });
    let asked = entry(None, Act::IdentityCode, call, outcome);
    turn.changes.audit.push(Entry { person: tried, object: keys.blind_index(&id_number), ..asked });
    *turn.challenge = Some(handle);
    Ok(Answer::Found { values: serde_json::json!({}), sources: Vec::new() })
}

/// Ends a check: the right code, in time, within five tries.
pub(super) async fn confirm(
    store: &dyn Store,
    records: &dyn Records,
    keys: &Keyring,
    call: &Call,
    turn: &mut Turn<'_>,
) -> Result<Answer, ServiceError> {
    let code = slot!(call, "otp", Text).ok_or(ServiceError::Slot(ServiceName::Confirm, "otp"))?;
    let Some(handle) = turn.challenge.clone() else { return Ok(Refusal::CodeExpired.into()) };
    let Some(challenge) = store.challenge(&handle).await? else { return Ok(Refusal::CodeExpired.into()) };
    if challenge.closed || turn.now >= challenge.expires_at {
        *turn.challenge = None;
        return Ok(Refusal::CodeExpired.into());
    }
    let right = keys.mac_holds(&[PURPOSE, &handle.0, &code], &challenge.code_mac);
    let person = match &challenge.person {
        Some(key) if right && challenge.tries < MAX_TRIES => records.person(key).await?,
        _ => None,
    };
    let outcome = if person.is_some() { Outcome::Allowed } else { Outcome::Refused };
    turn.changes.audit.push(Entry { person: challenge.person, ..entry(None, Act::IdentityCheck, call, outcome) });
    let Some(person) = person else {
        if challenge.tries + 1 >= MAX_TRIES {
            *turn.challenge = None;
            turn.changes.challenge = Some(ChallengeChange::Closed { id: handle });
            return Ok(Refusal::CodeUsedUp.into());
        }
        turn.changes.challenge = Some(ChallengeChange::Tried { id: handle });
        return Ok(Refusal::CodeWrong.into());
    };
    *turn.challenge = None;
    turn.changes.challenge = Some(ChallengeChange::Closed { id: handle });
    let masked_name = person.name.masked();
    Ok(Answer::Identified(Identity { person: person.key, masked_name, level: 2, checked_at: turn.now, used_at: turn.now }))
}

/// Six digits without bias, and a 128-bit handle, from the system's generator.
fn draw() -> (String, ChallengeId) {
    let mut generator = rand::rng();
    let code = rand::Rng::random_range(&mut generator, 0..1_000_000u32);
    let handle: u128 = rand::Rng::random(&mut generator);
    (format!("{code:06}"), ChallengeId(format!("{handle:032x}")))
}
