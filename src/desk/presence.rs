//! Whether anybody is there: a terminal that goes silent is wiped.

use chrono::TimeDelta;

use super::{Desk, DeskError, conversation};
use crate::domain::message::{ChannelKind, Peer};

/// After so long without a sign of its page a terminal's conversation is wiped.
const SILENCE: TimeDelta = TimeDelta::seconds(120);

impl Desk {
    /// Notes that a conversation's page is there.
    pub async fn see(&self, peer: &Peer) -> Result<(), DeskError> {
        Ok(self.means.store.see(&conversation(peer), self.now()).await?)
    }

    /// Ends the conversations of terminals that were there and went silent (security.md KSK-02).
    pub async fn wipe_silent(&self) -> Result<(), DeskError> {
        for id in self.means.store.silent(ChannelKind::Kiosk, self.now() - SILENCE).await? {
            self.end(&Peer { channel: ChannelKind::Kiosk, address: id, caller: None }).await?;
        }
        Ok(())
    }
}
