//! Text messages through a gateway over HTTP. `docs/sms.md` tells its side what is sent and what is understood.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use crate::{
    desk::{Message, Messenger, Unsent},
    outbound::{OutboundError, line, secret},
};

/// A gateway at an address of the operator's.
pub struct Gateway {
    client: Client,
    url: Url,
    key: String,
    /// How many milliseconds the last message took: a probe takes as long, so that its time tells nothing.
    last: AtomicU64,
}

impl Gateway {
    /// The gateway at `url`, spoken to with the bearer key in a file that nobody else may read.
    pub fn open(url: &str, key: &Path) -> Result<Self, OutboundError> {
        let (url, client) = line(url)?;
        Ok(Self { client, url, key: secret(key)?, last: AtomicU64::default() })
    }

    /// The answer's status; nothing else of it is read.
    async fn ask(&self, request: RequestBuilder) -> Result<StatusCode, Unsent> {
        // Without the address, which may hold what the operator would not log.
        let answer = request.bearer_auth(&self.key).send().await.map_err(|error| Unsent(error.without_url().to_string()))?;
        Ok(answer.status())
    }
}

#[async_trait]
impl Messenger for Gateway {
    async fn send(&self, message: &Message) -> Result<(), Unsent> {
        let begun = Instant::now();
        let body = json!({"id": message.id, "phone": message.phone.reveal(), "text": message.text});
        let status = self.ask(self.client.post(self.url.clone()).json(&body)).await?;
        self.last.store(u64::try_from(begun.elapsed().as_millis()).unwrap_or_default(), Ordering::Relaxed);
        match status.as_u16() {
            200..=299 => Ok(()),
            // Of this message alone: its phone, or that it came before.
            400 | 409 | 422 => {
                tracing::warn!(%status, "the gateway refuses a text message");
                Ok(())
            }
            _ => Err(Unsent(format!("the gateway answers {status}"))),
        }
    }

    async fn probe(&self) -> Result<(), Unsent> {
        let until = Instant::now() + Duration::from_millis(self.last.load(Ordering::Relaxed));
        let status = self.ask(self.client.head(self.url.clone())).await?;
        sleep_until(until).await;
        // A gateway that takes POST alone says 404, 405 or 501, and lives.
        let dead = status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED;
        if dead || matches!(status.as_u16(), 401 | 403 | 429) { Err(Unsent(format!("the gateway answers {status}"))) } else { Ok(()) }
    }
}
