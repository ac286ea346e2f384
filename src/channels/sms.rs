//! Text messages through a gateway over HTTP. `docs/sms.md` tells its side what is sent and what is understood.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use reqwest::{Client, RequestBuilder, StatusCode, Url, redirect};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use crate::desk::{Message, Messenger, Unsent};

/// security.md GWY-03.
const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// A turn waits for it.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// Why the gateway cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// No address, or one that would send codes in clear.
    #[error("--sms-url: {0}")]
    Address(&'static str),
    /// The file of the key cannot be read.
    #[error("--sms-key: {path}: {cause}")]
    Key {
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file of the key is no key for us alone.
    #[error("--sms-key: {0}: {1}")]
    Unfit(PathBuf, &'static str),
    /// The client cannot be made.
    #[error("the HTTP client: {0}")]
    Client(String),
}

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
    pub fn open(url: &str, key: &Path) -> Result<Self, SmsError> {
        let url = address(url)?;
        let client = Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .https_only(url.scheme() == "https")
            .build()
            .map_err(|error| SmsError::Client(error.to_string()))?;
        Ok(Self { client, url, key: read_key(key)?, last: AtomicU64::default() })
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

/// Under TLS, but to this machine.
fn address(text: &str) -> Result<Url, SmsError> {
    let url: Url = text.parse().map_err(|_| SmsError::Address("it is no URL"))?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => Err(SmsError::Address("it must begin with https://, or lead to this machine")),
    }
}

fn read_key(path: &Path) -> Result<String, SmsError> {
    let failed = |cause| SmsError::Key { path: path.to_owned(), cause };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
    let key = fs::read_to_string(path).map_err(failed)?.trim().to_owned();
    if mode & 0o077 != 0 {
        return Err(SmsError::Unfit(path.to_owned(), "others may read it; chmod 400"));
    }
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(SmsError::Unfit(path.to_owned(), "it holds no key of printable letters"));
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::{Gateway, address};

    #[test]
    fn codes_go_out_under_tls_or_stay_on_this_machine() {
        for (url, good) in [
            ("https://sms.example/send", true),
            ("http://127.0.0.1:9000/send", true),
            ("http://[::1]:9000/send", true),
            ("http://sms.example/send", false),
            ("http://127.0.0.1.example/send", false),
            ("ftp://127.0.0.1/", false),
            ("sms.example", false),
        ] {
            assert_eq!(address(url).is_ok(), good, "{url}");
        }
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join("sms.key");
        for (text, mode, refused) in [("secret\n", 0o400, None), ("secret\n", 0o440, Some("chmod 400")), (" \n", 0o400, Some("no key"))] {
            let _ = fs::remove_file(&key);
            fs::write(&key, text).unwrap();
            fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
            let said = Gateway::open("https://sms.example/", &key).err().map(|error| error.to_string());
            assert_eq!(said.is_some(), refused.is_some(), "{said:?}");
            assert!(refused.is_none_or(|part| said.as_ref().is_some_and(|said| said.contains(part))), "{said:?}");
        }
        assert!(Gateway::open("https://sms.example/", &dir.path().join("none")).is_err());
    }
}
