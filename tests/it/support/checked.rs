//! A conversation of somebody who was checked: for servers whose codes nobody reads.

use chrono::{DateTime, Utc};
use wenban::{
    domain::{
        message::ChannelKind,
        person::Person,
        session::{Consent, Consented, Identity, Session},
    },
    store::{Changes, Save},
};

/// Makes the kiosk's new conversation `id` that of `person`, who was checked at `now` and `agreed` to this.
pub(crate) fn checked(id: &str, person: &Person, agreed: Vec<Consent>, now: DateTime<Utc>) -> Changes {
    let (channel, masked_name, consents) = (ChannelKind::Kiosk, person.name.masked(), agreed.clone());
    let identity = Identity { person: person.key.clone(), masked_name, level: 2, checked_at: now, used_at: now, channel, consents };
    let given = agreed.iter().map(|consent| Consented { person: person.key.clone(), consent: consent.clone(), channel }).collect();
    let session = Session { identity: Some(identity), agreed, ..Session::default() };
    Changes { session: Some(Save { session, expected_version: 0 }), consents: given, ..Changes::new(id, now) }
}
