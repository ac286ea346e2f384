//! What the desk speaks to outside, over HTTP: under TLS but to this machine, with secrets that nobody else may read, and an end to every
//! wait.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{Client, ClientBuilder, Url, redirect};

/// security.md GWY-03.
pub(crate) const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// A resident waits for it.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// Why it cannot be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
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

/// Under TLS, but to this machine. The error says what is wrong with it.
pub(crate) fn address(text: &str) -> Result<Url, &'static str> {
    let url: Url = text.parse().map_err(|_| "it is no URL")?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => Err("it must begin with https://, or lead to this machine"),
    }
}

/// A client that goes nowhere else than it is told; to `url` under TLS, nowhere without.
pub(crate) fn client(url: &Url) -> ClientBuilder {
    Client::builder()
        .connect_timeout(CONNECT_WITHIN)
        .timeout(ANSWER_WITHIN)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .https_only(url.scheme() == "https")
}

/// The address that an operator named, and a client for it.
pub(crate) fn line(text: &str) -> Result<(Url, Client), OutboundError> {
    let url = address(text).map_err(OutboundError::Address)?;
    let client = client(&url).build().map_err(|error| OutboundError::Client(error.to_string()))?;
    Ok((url, client))
}

/// Whether nobody else may read a file.
pub(crate) fn is_private(path: &Path) -> io::Result<bool> {
    let others = fs::metadata(path)?.permissions().mode() & 0o077;
    Ok(others == 0)
}

/// The one line of a file that nobody else may read.
pub(crate) fn secret(path: &Path) -> Result<String, OutboundError> {
    let failed = |cause| OutboundError::Secret { path: path.to_owned(), cause };
    let private = is_private(path).map_err(failed)?;
    let secret = fs::read_to_string(path).map_err(failed)?.trim().to_owned();
    if !private {
        return Err(OutboundError::Unfit(path.to_owned(), "others may read it; chmod 400"));
    }
    if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(OutboundError::Unfit(path.to_owned(), "it holds no key of printable letters"));
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
