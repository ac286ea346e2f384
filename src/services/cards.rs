//! Cards that a hall's terminal reads: what it says counts under its own signature, for a minute, once (security.md KSK-05).

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

use super::{Means, ServiceError, Services, Turn, identity::Shown, limits};
use crate::{
    domain::{id_number::IdNumber, message::ChannelKind, person::FullName},
    store::Terminal,
};

/// How long ago a card may have been read, and how far a terminal's clock may be ahead.
const SINCE: TimeDelta = TimeDelta::seconds(60);
const AHEAD: TimeDelta = TimeDelta::seconds(5);
/// 128 random bits in base64url; in hex they are longer.
const JTI: std::ops::RangeInclusive<usize> = 22..=64;

/// What a terminal signs.
#[derive(Deserialize)]
struct Reading {
    /// The id of the conversation that the card was read in.
    conversation: String,
    name: String,
    id_number: String,
    /// Milliseconds since 1970.
    read_at: i64,
    /// Never the same twice.
    jti: String,
}

/// Whose card it is, once it is known that a terminal of ours read it here and just now.
pub(super) async fn read(services: &Services, card: &str, turn: &Turn<'_>) -> Result<Shown, ServiceError> {
    let Means { store, keys, .. } = &services.means;
    let Some((terminal, reading)) = signed(services, card).await? else { return Ok(Shown { by: "card".to_owned(), who: None }) };
    let by = format!("card {}", terminal.id);
    let here = turn.channel == ChannelKind::Kiosk && reading.conversation == turn.conversation;
    let read_at = DateTime::<Utc>::from_timestamp_millis(reading.read_at);
    let now = read_at.is_some_and(|at| turn.now - at <= SINCE && at - turn.now <= AHEAD);
    let who = FullName::parse(&reading.name).zip(IdNumber::parse(&reading.id_number, turn.today).ok());
    if who.is_none() || !here || !now || !JTI.contains(&reading.jti.len()) {
        return Ok(Shown { by, who: None });
    }
    // At once, so that of two nodes one takes it, whatever becomes of the turn.
    let once = limits::card(keys, &terminal.id, &reading.jti);
    let used = limits::count(&**store, turn, [once]).await?.is_some();
    Ok(Shown { by, who: who.filter(|_| !used) })
}

/// The terminal that signed a card, and what it says. `None`: none of ours did, or none whose word still counts.
async fn signed(services: &Services, card: &str) -> Result<Option<(Terminal, Reading)>, ServiceError> {
    let Some(kid) = decode_header(card).ok().and_then(|header| header.kid) else { return Ok(None) };
    let terminal = services.means.store.terminal(&kid).await?.filter(|terminal| terminal.revoked_at.is_none());
    let Some(terminal) = terminal else { return Ok(None) };
    // Its time is `read_at`, judged by the desk's clock.
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    let key = DecodingKey::from_ed_components(&terminal.public_key);
    let read = key.and_then(|key| decode::<Reading>(card, &key, &rules));
    Ok(read.ok().map(|read| (terminal, read.claims)))
}
