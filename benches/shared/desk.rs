//! What a desk under load needs and its figures do not depend on.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use wenban::{
    desk::{Message, Messenger, Unsent},
    domain::clock::Clock,
};

pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "a clock")]
        Utc::now()
    }
}

/// Takes every code and sends none.
pub(crate) struct NoMessenger;

#[async_trait]
impl Messenger for NoMessenger {
    async fn send(&self, _: &Message) -> Result<(), Unsent> {
        Ok(())
    }

    async fn probe(&self) -> Result<(), Unsent> {
        Ok(())
    }
}
