//! The line to the core system: one address, one path, certificates that are ours, and an end to everything (security.md
//! GWY-01, 03, 05, ENC-08).

use std::{fs, path::Path};

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::{Certificate, Client, Identity, Url, header, tls};

use super::{
    Config, Fault, GatewayError,
    contract::{PATH, REQUEST_ID, REQUEST_TIME, SCHEME, signature},
};
use crate::outbound;

const MAX_BODY: usize = 1 << 20;
/// Shorter tokens can be guessed.
const TOKEN: std::ops::RangeInclusive<usize> = 32..=256;

pub(super) struct Line {
    client: Client,
    url: Url,
    token: String,
}

impl Line {
    pub(super) fn open(config: &Config, at_once: usize) -> Result<Self, GatewayError> {
        let url = address(&config.url)?;
        let mut client = outbound::client(&url)
            .http1_only()
            .min_tls_version(tls::Version::TLS_1_2)
            .tls_built_in_root_certs(false)
            .pool_max_idle_per_host(at_once);
        match (&config.ca, url.scheme()) {
            (Some(path), _) => {
                let pinned = Certificate::from_pem(&read(path)?).map_err(|error| unusable(path, &error))?;
                client = client.add_root_certificate(pinned);
            }
            (None, "https") => return Err(GatewayError::Address("the certificate of its authority is missing (--core-ca)")),
            (None, _) => {}
        }
        if let Some(path) = &config.certificate {
            client = client.identity(Identity::from_pem(&secret(path)?).map_err(|error| unusable(path, &error))?);
        }
        let token = String::from_utf8(secret(&config.token)?).unwrap_or_default().trim().to_owned();
        if !TOKEN.contains(&token.len()) || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(GatewayError::Token(config.token.clone()));
        }
        let client = client.build().map_err(|error| GatewayError::Client(without_url(error)))?;
        Ok(Self { client, url, token })
    }

    /// Sends one signed request and reads the answer, at most [`MAX_BODY`] bytes.
    pub(super) async fn call(&self, request_id: &str, body: Vec<u8>, now: DateTime<Utc>) -> Result<Vec<u8>, Fault> {
        let time = now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let signed = format!("{SCHEME}{}", signature(&self.token, &time, request_id, &body));
        let request = self
            .client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(REQUEST_ID, request_id)
            .header(REQUEST_TIME, time)
            .header(header::AUTHORIZATION, signed)
            .body(body);
        let mut response = request.send().await?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(Fault::Status(response.status().as_u16()));
        }
        let mut answer = Vec::new();
        while let Some(piece) = response.chunk().await? {
            if answer.len() + piece.len() > MAX_BODY {
                return Err(Fault::TooLong);
            }
            answer.extend_from_slice(&piece);
        }
        Ok(answer)
    }
}

/// The operator's address with the contract's path. In clear only to this machine.
fn address(text: &str) -> Result<Url, GatewayError> {
    let mut url = outbound::address(text).map_err(GatewayError::Address)?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(GatewayError::Address("it must be host and path alone"));
    }
    let path = format!("{}{PATH}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

fn read(path: &Path) -> Result<Vec<u8>, GatewayError> {
    fs::read(path).map_err(|error| unusable(path, &error))
}

/// A file that nobody else may read.
fn secret(path: &Path) -> Result<Vec<u8>, GatewayError> {
    if !outbound::is_private(path).map_err(|error| unusable(path, &error))? {
        return Err(GatewayError::Open(path.to_owned()));
    }
    read(path)
}

fn unusable(path: &Path, error: &dyn std::error::Error) -> GatewayError {
    GatewayError::File { path: path.to_owned(), cause: error.to_string() }
}

/// The innermost cause: what reqwest wraps around it names the address again and again.
pub(super) fn without_url(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::address;

    /// GWY-05, ENC-08: the operator names the host, and it is spoken to under TLS.
    #[test]
    fn an_address_is_https_or_this_machine_and_nothing_besides() {
        for (text, expected) in [
            ("https://core.example", Some("https://core.example/v1/records")),
            ("https://core.example:8443/wenban/", Some("https://core.example:8443/wenban/v1/records")),
            ("http://127.0.0.1:9090", Some("http://127.0.0.1:9090/v1/records")),
            ("http://core.example", None),
            ("http://127.0.0.1.example", None),
            ("https://user:word@core.example", None),
            ("https://core.example/?a=b", None),
            ("https://core.example/#a", None),
            ("ftp://127.0.0.1", None),
            ("core.example", None),
        ] {
            assert_eq!(address(text).ok().map(String::from).as_deref(), expected, "{text}");
        }
    }
}
