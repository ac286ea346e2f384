//! What a desk under load needs and its figures do not depend on.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use wenban::{
    demo,
    desk::{Desk, FLOOR, Message, Messenger, Parts, Unsent},
    dialogue::load::{built_in, load},
    domain::{clock::Clock, disclosure::Ceilings},
    store::{Keyring, Own, REGISTERS, Store},
    understanding::Reader,
};

/// People put on file at once.
const BATCH: usize = 250;

pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "a clock")]
        Utc::now()
    }
}

/// Takes every code and sends none.
struct NoMessenger;

#[async_trait]
impl Messenger for NoMessenger {
    async fn send(&self, _: &Message) -> Result<(), Unsent> {
        Ok(())
    }

    async fn probe(&self) -> Result<(), Unsent> {
        Ok(())
    }
}

/// Puts a made-up population on file.
pub(crate) async fn fill(store: &dyn Store, people: u64, seed: u64, today: NaiveDate) -> anyhow::Result<()> {
    for first in (0..people).step_by(BATCH) {
        store.put_people((first..people.min(first + BATCH as u64)).map(|n| demo::person(seed, n, today)).collect()).await?;
    }
    for register in REGISTERS {
        store.set_as_of(register, today).await?;
    }
    Ok(())
}

/// A desk of the built-in content over `store`.
pub(crate) fn desk(store: Arc<dyn Store>, keys: Keyring) -> Desk {
    let (script, _) = load(built_in());
    let reader = Arc::new(Reader::train(&script.words, &script.examples));
    let registers = Arc::new(Own(store.clone()));
    let (script, clock, messenger) = (Arc::new(script), Arc::new(SystemClock), Arc::new(NoMessenger));
    let ceilings = Ceilings::default();
    Desk::new(Parts { script, reader, store, registers, keys, clock, messenger, papers: None, ceilings, floor: FLOOR })
}
