//! One-time codes: drawn, opened, sent, and a guess judged.

use chrono::Duration;
use rand::{TryRngCore as _, rngs::OsRng};
use serde_json::json;

use super::{Answer, Call, Means, Message, Refusal, ServiceError, Services, Turn, entry, limits};
use crate::{
    domain::{
        audit::{Act, Entry, Outcome},
        person::Person,
        session::ChallengeId,
    },
    store::{ChallengeChange, Changes, Limit, Records, StoreError},
};

/// What a code is for; part of its MAC (security.md OTP-05).
const PURPOSE: &str = "identity";
/// A code's life (OTP-18).
const LIFE: Duration = Duration::seconds(300);
/// Guesses that are judged (OTP-10).
const TRIES: i64 = 5;
/// Codes there are: six digits.
const CODES: u32 = 1_000_000;

/// Sends a code to whoever `person` is, as the act `asked` tells, and gives its handle; without one, all goes as if there were: the same counts, the same work.
///
/// Counts and the code's MAC are committed first, then the message is handed over, and the turn is answered when it was taken. The code
/// itself is nowhere at rest: what was not taken is taken back, said to be so, and counts for nothing (REL-22).
pub(super) async fn send(
    services: &Services,
    subject: &str,
    person: Option<&Person>,
    asked: Entry,
    turn: &mut Turn<'_>,
) -> Result<Result<ChallengeId, Answer>, ServiceError> {
    let Means { store, keys, messenger, .. } = &services.means;
    let (code, id) = draw()?;
    let phone = person.and_then(|person| person.phone.clone());
    let visible = [
        limits::messages(keys, subject),
        Limit { takes: 0, ..limits::wrong(keys, subject) },
        limits::gap(keys, subject),
        limits::asked(keys, turn),
        limits::in_all(keys, turn.now),
    ];
    let opened = Changes {
        limits: visible.to_vec(),
        challenge: Some(ChallengeChange::Opened {
            id: id.clone(),
            person: person.map(|person| person.key.clone()),
            subject: subject.to_owned(),
            code_mac: keys.mac(&[PURPOSE, &id.0, &code]),
            expires_at: turn.now + LIFE,
        }),
        audit: vec![Entry { outcome: if phone.is_some() { Outcome::Done } else { Outcome::Refused }, ..asked.clone() }],
        ..Changes::new(turn.conversation, turn.now)
    };
    if let Some((name, until)) = limits::take(&**store, opened).await? {
        turn.changes.audit.push(asked);
        let mut values = limits::wait(until, turn.now);
        let why = match visible.iter().position(|limit| limit.name == name) {
            Some(0 | 1) => Refusal::CodeShut,
            Some(2) => {
                values["live"] = json!(live(services, subject, turn).await?);
                Refusal::CodeTooSoon
            }
            Some(3) => Refusal::TooManyChecks,
            _ => Refusal::ChecksPaused,
        };
        return Ok(Err(Answer::Refused(why, values)));
    }
    // One phone may be several people's. Its limit is not said, for that would tell whose it is.
    let of_phone = limits::phone(keys, phone.as_ref().map_or(subject, |phone| phone.reveal()));
    let room = limits::count(&**store, turn, [of_phone.clone()]).await?;
    let handed = match phone.filter(|_| room.is_none()) {
        Some(phone) => {
            let minutes = LIFE.num_minutes().to_string();
            let text = services.content.code_message.replace("{{ code }}", &code).replace("{{ minutes }}", &minutes);
            messenger.send(&Message { id: id.0.clone(), phone, text }).await
        }
        None => messenger.probe().await,
    };
    if let Err(error) = handed {
        tracing::error!(%error, "a one-time code could not be sent");
        let mut back: Vec<Limit> = visible.into_iter().filter(|limit| limit.takes > 0).collect();
        back.push(limits::numbers(keys, turn));
        back.extend(room.is_none().then_some(of_phone));
        let withdrawn = Changes {
            limits: back.into_iter().map(limits::given_back).collect(),
            challenge: Some(ChallengeChange::Withdrawn { id }),
            audit: vec![Entry { outcome: Outcome::Failed, ..asked }],
            ..Changes::new(turn.conversation, turn.now)
        };
        store.commit(withdrawn).await?;
        return Ok(Err(Refusal::CodeNotSent.into()));
    }
    Ok(Ok(id))
}

/// Whether the conversation's own code for `subject` can still be given.
async fn live(services: &Services, subject: &str, turn: &Turn<'_>) -> Result<bool, ServiceError> {
    let Some(id) = turn.challenge.as_ref() else { return Ok(false) };
    let known = services.means.store.challenge(id).await?;
    Ok(known.is_some_and(|known| known.subject == subject && !known.closed && turn.now < known.expires_at && known.tries < TRIES))
}

/// Judges a guess: whose code it is, or why it is refused. The try is taken before the guess is looked at, in one statement of the
/// database, so that of many at once no more are judged than there are tries (OTP-12).
pub(super) async fn judge(
    services: &Services,
    records: &dyn Records,
    guess: &str,
    call: &Call,
    turn: &mut Turn<'_>,
) -> Result<Result<Person, Answer>, ServiceError> {
    let Means { store, keys, .. } = &services.means;
    let Some(id) = turn.challenge.clone() else { return Ok(Err(Refusal::CodeExpired.into())) };
    let known = store.challenge(&id).await?.filter(|known| !known.closed && turn.now < known.expires_at);
    let Some(known) = known else {
        *turn.challenge = None;
        return Ok(Err(Refusal::CodeExpired.into()));
    };
    let checked = Entry { person: known.person.clone(), ..entry(None, Act::IdentityCheck, call, Outcome::Refused) };
    let wrong = limits::wrong(keys, &known.subject);
    let taken = Changes {
        limits: vec![wrong.clone()],
        challenge: Some(ChallengeChange::Tried { id: id.clone(), most: TRIES }),
        ..Changes::new(turn.conversation, turn.now)
    };
    match store.commit(taken).await {
        Ok(()) => {}
        Err(StoreError::Full { until, .. }) => {
            *turn.challenge = None;
            turn.changes.audit.push(checked);
            turn.changes.challenge = Some(ChallengeChange::Closed { id });
            return Ok(Err(Answer::Refused(Refusal::CodeShut, limits::wait(until, turn.now))));
        }
        // Other guesses took the tries that were left.
        Err(StoreError::Stale) => {
            *turn.challenge = None;
            turn.changes.audit.push(checked);
            return Ok(Err(Refusal::CodeUsedUp.into()));
        }
        Err(error) => return Err(error.into()),
    }
    let right = keys.mac_holds(&[PURPOSE, &id.0, guess], &known.code_mac);
    let person = match known.person {
        Some(key) if right => records.person(&key).await?,
        _ => None,
    };
    let Some(person) = person else {
        turn.changes.audit.push(checked);
        if known.tries + 1 < TRIES {
            return Ok(Err(Refusal::CodeWrong.into()));
        }
        *turn.challenge = None;
        turn.changes.challenge = Some(ChallengeChange::Closed { id });
        return Ok(Err(Refusal::CodeUsedUp.into()));
    };
    *turn.challenge = None;
    turn.changes.challenge = Some(ChallengeChange::Closed { id });
    turn.changes.limits.push(limits::given_back(wrong));
    turn.changes.audit.push(Entry { outcome: Outcome::Allowed, ..checked });
    Ok(Ok(person))
}

/// Six digits without bias, and a 128-bit handle, from the system's generator.
fn draw() -> Result<(String, ChallengeId), ServiceError> {
    /// The largest multiple of [`CODES`] that a word holds: what lies beyond would make small codes likelier.
    const EVEN: u32 = u32::MAX - u32::MAX % CODES;
    let mut word = u32::MAX;
    while word >= EVEN {
        word = OsRng.try_next_u32().map_err(|_| ServiceError::NoChance)?;
    }
    let mut handle = [0; 16];
    OsRng.try_fill_bytes(&mut handle).map_err(|_| ServiceError::NoChance)?;
    Ok((format!("{:06}", word % CODES), ChallengeId(crate::store::hex(&handle))))
}

#[cfg(test)]
mod tests {
    use super::{CODES, draw};

    /// OTP-04: over a million draws every thousandth of the codes comes equally often, and so does each digit at each place.
    #[test]
    fn otp_04_codes_have_no_bias() {
        let mut bins = vec![0_u32; 1_000];
        let mut digits = vec![[0_u32; 10]; 6];
        for _ in 0..1_000_000 {
            let (code, handle) = draw().unwrap();
            assert_eq!((code.len(), handle.0.len()), (6, 32));
            bins[code.parse::<usize>().unwrap() / (CODES as usize / 1_000)] += 1;
            for (place, digit) in code.bytes().enumerate() {
                digits[place][usize::from(digit - b'0')] += 1;
            }
        }
        let chi = |counts: &[u32]| {
            let expected = 1_000_000. / f64::from(u32::try_from(counts.len()).unwrap());
            counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum::<f64>()
        };
        // 999 and 9 degrees of freedom: chance exceeds these once in a million runs.
        assert!(chi(&bins) < 1_230., "{}", chi(&bins));
        for place in &digits {
            assert!(chi(place) < 45., "{place:?}");
        }
    }
}
