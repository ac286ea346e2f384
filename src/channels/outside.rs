//! What the channels speak to outside: under TLS, with a secret of our own, and an end to every wait.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{Client, Url, redirect};

/// security.md GWY-03.
const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// A resident waits for it.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// Why it cannot be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    /// No address, or one that would send secrets in clear.
    #[error("the address: {0}")]
    Address(&'static str),
    /// The file of the secret cannot be read.
    #[error("{path}: {cause}")]
    Secret {
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The file of the secret is none for us alone.
    #[error("{0}: {1}")]
    Unfit(PathBuf, &'static str),
    /// The client cannot be made.
    #[error("the HTTP client: {0}")]
    Client(String),
}

/// Under TLS, but to this machine.
pub(super) fn address(text: &str) -> Result<Url, OutsideError> {
    let url: Url = text.parse().map_err(|_| OutsideError::Address("it is no URL"))?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => Err(OutsideError::Address("it must begin with https://, or lead to this machine")),
    }
}

/// A client that goes nowhere else than it is told; to `url` under TLS, nowhere without.
pub(super) fn client(url: &Url) -> Result<Client, OutsideError> {
    Client::builder()
        .connect_timeout(CONNECT_WITHIN)
        .timeout(ANSWER_WITHIN)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .https_only(url.scheme() == "https")
        .build()
        .map_err(|error| OutsideError::Client(error.to_string()))
}

/// The one line of a file that nobody else may read.
pub(super) fn secret(path: &Path) -> Result<String, OutsideError> {
    let failed = |cause| OutsideError::Secret { path: path.to_owned(), cause };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
    let secret = fs::read_to_string(path).map_err(failed)?.trim().to_owned();
    if mode & 0o077 != 0 {
        return Err(OutsideError::Unfit(path.to_owned(), "others may read it; chmod 400"));
    }
    if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(OutsideError::Unfit(path.to_owned(), "it holds no key of printable letters"));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::{address, secret};

    #[test]
    fn secrets_go_out_under_tls_or_stay_on_this_machine() {
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
    fn a_secret_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("sms.key");
        for (text, mode, refused) in [("secret\n", 0o400, None), ("secret\n", 0o440, Some("chmod 400")), (" \n", 0o400, Some("no key"))] {
            let _ = fs::remove_file(&file);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let said = secret(&file).err().map(|error| error.to_string());
            assert_eq!(said.is_some(), refused.is_some(), "{said:?}");
            assert!(refused.is_none_or(|part| said.as_ref().is_some_and(|said| said.contains(part))), "{said:?}");
        }
        assert!(secret(&dir.path().join("none")).is_err());
    }
}
