//! The kiosk page, and the headers that every response carries.

use axum::http::header;
use wenban_kiosk::Assets;

use super::{Browser, CONVERSATIONS, request};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; \
    worker-src 'self'; media-src 'self' blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types kiosk";

#[tokio::test]
async fn every_response_carries_the_headers() {
    let browser = Browser::new().await;
    let talk = browser.open().await;
    let turns = format!("{}/turns", talk.path);
    for (method, path, page) in [
        ("GET", "/", true),
        ("GET", "/nothing", true),
        ("POST", "/", false),
        ("GET", "/health/live", false),
        ("GET", "/openapi.json", false),
        ("GET", "/api/v1/guides", false),
        ("GET", "/api/v1/nothing", false),
        ("GET", CONVERSATIONS, false),
        ("POST", turns.as_str(), false),
        ("DELETE", talk.path.as_str(), false),
    ] {
        let seen = browser.send(request(method, path, Some(&talk.token), "")).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=(self)"),
            ("content-security-policy", if page { CSP } else { "default-src 'none'; frame-ancestors 'none'" }),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(seen.header(name), value, "{method} {path}");
            assert_eq!(seen.headers.get_all(name).iter().count(), 1, "{name} of {method} {path}");
        }
    }
}

#[tokio::test]
async fn the_page_is_at_the_root_whatever_the_query() {
    let browser = Browser::new().await;
    for path in ["/", "/?terminal=3", "/index.html"] {
        let page = browser.ask("GET", path).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert!(page.body.contains("<html lang=\"zh-CN\""), "{path}");
    }
    assert_eq!(browser.ask("HEAD", "/").await.status, 200);
}

#[tokio::test]
async fn every_file_is_sent_once_and_then_known_by_its_tag() {
    let browser = Browser::new().await;
    for name in Assets::iter() {
        let path = format!("/{name}");
        let file = browser.ask("GET", &path).await;
        assert_eq!(file.status, 200, "{path}");
        let tag = file.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        let keep = match name.split_once('/') {
            Some(("assets", _)) => "public, max-age=31536000, immutable",
            _ if file.header("content-type").starts_with("text/html") => "no-store",
            _ => "no-cache",
        };
        assert_eq!(file.header("cache-control"), keep, "{path}");

        for (known, status) in [(tag.clone(), 304), (format!("W/{tag}"), 304), (format!("\"x\", {tag}"), 304), ("\"x\"".to_owned(), 200)] {
            let mut request = request("GET", &path, None, "");
            request.headers_mut().insert(header::IF_NONE_MATCH, known.parse().unwrap());
            let again = browser.send(request).await;
            assert_eq!((again.status, again.header("etag")), (status, tag.as_str()), "{path} {known}");
            assert_eq!(again.body.is_empty(), status == 304);
            assert_eq!(again.header("cache-control"), keep);
        }
    }
}

#[tokio::test]
async fn nothing_else_is_a_file() {
    let browser = Browser::new().await;
    for path in
        ["/nothing", "/assets", "/assets/", "/../Cargo.toml", "/assets/../../Cargo.toml", "/%2e%2e/Cargo.toml", "//etc/passwd", "/apix"]
    {
        let seen = browser.ask("GET", path).await;
        assert_eq!((seen.status, seen.header("content-type")), (404, "text/plain; charset=utf-8"), "{path}");
        assert_eq!(seen.body, "没有这个页面。\n");
    }
}
