//! Where a request comes from: what limits count by, so that nobody may write it themselves.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};
use ipnet::IpNet;

use super::App;
use crate::domain::message::Caller;

const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connected(pub(super) IpAddr);

/// Who calls; `None` where there is no connection.
pub(super) struct Calling(pub(super) Option<Caller>);

impl FromRequestParts<App> for Calling {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Connected>();
        Ok(Self(peer.map(|peer| app.desk.caller(client(peer.0, &parts.headers, &app.proxies)))))
    }
}

/// The peer's address; behind a proxy that is known, the last address before it that is none. Entries further to the left are the
/// client's own words (security.md §0.7).
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|proxies| proxies.contains(&address));
    let mut client = peer.to_canonical();
    let lines: Vec<&str> = headers.get_all(FORWARDED).iter().map(|line| line.to_str().unwrap_or_default()).collect();
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = entry.trim().parse::<IpAddr>() else { break };
        if !is_proxy(client) {
            break;
        }
        client = address.to_canonical();
    }
    client
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};
    use ipnet::IpNet;

    use super::{FORWARDED, client};

    /// ENU-09: no header buys another address; a proxy's word is taken, and no more than its own.
    #[test]
    fn enu_09_the_address_is_the_right_most_that_no_proxy_has() {
        let proxies: [IpNet; 2] = ["10.0.0.0/8".parse().unwrap(), "127.0.0.1/32".parse().unwrap()];
        for (peer, lines, expected) in [
            ("203.0.113.7", &[][..], "203.0.113.7"),
            ("203.0.113.7", &["198.51.100.1"][..], "203.0.113.7"),
            ("203.0.113.7", &["10.0.0.1"][..], "203.0.113.7"),
            ("10.0.0.1", &[][..], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"][..], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1"][..], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1", "2.2.2.2,198.51.100.1"][..], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.2.3.4"][..], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, nonsense"][..], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, nonsense, 10.2.3.4"][..], "10.2.3.4"),
            ("::ffff:10.0.0.1", &["2001:db8::7"][..], "2001:db8::7"),
        ] {
            let values = lines.iter().map(|line| (FORWARDED, HeaderValue::from_static(line)));
            let mut headers = HeaderMap::new();
            values.for_each(|(name, value)| {
                headers.append(name, value);
            });
            headers.insert("x-real-ip", HeaderValue::from_static("9.9.9.9"));
            headers.insert("forwarded", HeaderValue::from_static("for=9.9.9.9"));
            assert_eq!(client(peer.parse().unwrap(), &headers, &proxies).to_string(), expected, "{peer} {lines:?}");
        }
    }
}
