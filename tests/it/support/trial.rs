//! The engine and its services without a desk: what would be said to a session. Nothing is kept of it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::time::Instant;
use wenban::{
    dialogue::{Engine, Heard, Next},
    domain::{
        message::{ChannelKind, Input, MessageId},
        reply::Reply,
        session::Session,
    },
    services::{Means, Services, Turn, identity},
    store::{Changes, Own},
    understanding::Meaning,
};

use super::desk::{Hall, reader, script, today};

/// Calls of one turn after which it goes round in a circle.
const MAX_CALLS: usize = 16;

/// The conversation that each trial is of.
pub(crate) const TRIAL: &str = "trial";

pub(crate) struct Trial {
    engine: Engine,
    services: Services,
}

impl Trial {
    /// Over the store of `hall`.
    pub(crate) fn new(hall: &Hall) -> Self {
        let (script, reader) = (script(), reader());
        let cut = Box::new(move |text: &str| reader.cut(text));
        let (store, keys, messenger) = (hall.store.clone(), hall.keys.clone(), hall.phone.clone());
        let means = Means { registers: Arc::new(Own(store.clone())), store, keys, messenger };
        let services = Services::new(means, Arc::clone(&script.content), cut);
        Self { engine: Engine::new(script), services }
    }

    /// What `input`, which means `meaning`, would make of `session` at `now`.
    pub(crate) async fn turn(
        &self,
        session: Session,
        input: &Input,
        meaning: &Meaning,
        now: DateTime<Utc>,
    ) -> Result<(Session, Reply), String> {
        let (mut talk, mut next) = self.engine.hear(session, &Heard { input, meaning, now, today: today(), too_long: false });
        let mut changes = Changes::new(TRIAL, now);
        let message = MessageId(TRIAL.into());
        for _ in 0..MAX_CALLS {
            let Next::Call(call) = next else {
                let (session, reply) = talk.finish();
                return Ok((session, Arc::unwrap_or_clone(reply)));
            };
            let (mut challenge, mut kept) = (talk.session().challenge.clone(), talk.session().kept.clone());
            let mut turn = Turn {
                conversation: TRIAL,
                channel: ChannelKind::Terminal,
                papers: None,
                caller: TRIAL,
                message: &message,
                now,
                today: today(),
                by: Instant::now() + Duration::from_secs(3),
                challenge: &mut challenge,
                kept: &mut kept,
                changes: &mut changes,
            };
            let who = identity::verified(talk.session(), now);
            let answer = self.services.run(&call, who.as_ref(), &mut turn).await.map_err(|error| error.to_string())?;
            talk.set_challenge(challenge);
            talk.set_kept(kept);
            next = talk.answer(answer);
        }
        Err(format!("{next:?} in a circle"))
    }
}
