//! The core system refuses what is not as agreed: so that a count of none refused says something.

use std::{fs, os::unix::fs::PermissionsExt as _, sync::Arc};

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use wenban::{
    gateway::{
        Config, Gateway, GatewayError,
        contract::{self, PATH, REQUEST_ID, REQUEST_TIME, SCHEME},
    },
    store::Registers,
};

use super::{Bureau, TOKEN, asked, bureau, gateway, keys, person};

const ID: &str = "00112233445566778899aabbccddeeff";
const TIME: &str = "2026-11-24T02:30:00Z";

fn body(id: &str) -> Value {
    json!({
        "request_id": id, "purpose": "record.card", "actor": "resident", "level": 2,
        "person": {"id_number": person(0).id_number}, "register": "card",
    })
}

/// A request with one thing about it changed.
struct Call<'a> {
    path: String,
    id: &'a str,
    time: &'a str,
    token: &'a str,
    body: Value,
    header: Option<(&'static str, String)>,
}

impl Default for Call<'_> {
    fn default() -> Self {
        Self { path: PATH.into(), id: ID, time: TIME, token: TOKEN, body: body(ID), header: None }
    }
}

async fn send(bureau: &Bureau, call: Call<'_>) -> StatusCode {
    let body = call.body.to_string();
    let signed = contract::signature(call.token, call.time, call.id, body.as_bytes());
    let mut request = Client::new().post(format!("{}{}", bureau.url, call.path)).header(REQUEST_ID, call.id);
    request = request.header(REQUEST_TIME, call.time).header("authorization", format!("{SCHEME}{signed}")).body(body);
    if let Some((name, value)) = call.header {
        request = request.header(name, value);
    }
    request.send().await.unwrap().status()
}

/// GWY-01, GWY-02
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_not_as_agreed_is_refused() {
    let bureau = bureau().await;
    let number = person(0).id_number.reveal().to_owned();
    let with = |change: fn(&mut Value)| {
        let mut body = body(ID);
        change(&mut body);
        body
    };
    let cases: Vec<(&str, Call<'_>, u16)> = vec![
        ("as agreed", Call::default(), 200),
        ("a second time", Call::default(), 409),
        ("no id", Call { id: "1", ..Call::default() }, 401),
        ("another token", Call { token: "another", ..Call::default() }, 401),
        ("six minutes ago", Call { time: "2026-11-24T02:23:59Z", ..Call::default() }, 401),
        ("six minutes ahead", Call { time: "2026-11-24T02:36:01Z", ..Call::default() }, 401),
        ("no time", Call { time: "now", ..Call::default() }, 401),
        ("two ids", Call { id: "aa112233445566778899aabbccddeeff", ..Call::default() }, 400),
        ("a number in the path", Call { path: format!("{PATH}/{number}"), ..Call::default() }, 400),
        ("a number in the query", Call { path: format!("{PATH}?id={number}"), ..Call::default() }, 400),
        ("a number in a header", Call { header: Some(("x-person", number.clone())), ..Call::default() }, 400),
        ("another path", Call { path: "/v1/people".into(), ..Call::default() }, 404),
        ("no purpose", Call { body: with(|body| drop(body.as_object_mut().unwrap().remove("purpose"))), ..Call::default() }, 400),
        ("no actor", Call { body: with(|body| body["actor"] = json!("thief")), ..Call::default() }, 400),
        ("no level", Call { body: with(|body| body["level"] = Value::Null), ..Call::default() }, 400),
        ("an unknown register", Call { body: with(|body| body["register"] = json!("secrets")), ..Call::default() }, 400),
        ("no person", Call { body: with(|body| body["person"]["id_number"] = json!("441399196501010178")), ..Call::default() }, 400),
    ];
    let refused = u64::try_from(cases.len() - 1).unwrap();
    for (what, call, expected) in cases {
        assert_eq!(send(&bureau, call).await.as_u16(), expected, "{what}");
    }
    assert_eq!(bureau.core.refused(), refused);
}

/// GWY-01: another token signs, and the core system says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_with_another_token_learns_nothing() {
    let bureau = bureau().await;
    let gateway = gateway(&bureau.url, &"f".repeat(32), bureau.dir.path(), &bureau.store, &bureau.clock);
    let reading = Arc::new(gateway).reading(asked());
    let why = reading.person_by_id_number(&person(0).id_number).await.unwrap_err().to_string();
    assert!(why.contains("status 401"), "{why}");
    assert_eq!(bureau.core.refused(), 1);
}

/// GWY-01
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_others_can_read_or_guess_is_refused() {
    let bureau = bureau().await;
    let open = |text: &str, mode: u32| {
        let token = bureau.dir.path().join(format!("{mode:o}-{}", text.len()));
        fs::write(&token, text).unwrap();
        fs::set_permissions(&token, fs::Permissions::from_mode(mode)).unwrap();
        let config = Config { url: "http://127.0.0.1:9".into(), token, ca: None, certificate: None };
        Gateway::new(&config, bureau.store.clone(), keys(), bureau.clock.clone()).map(drop)
    };
    assert!(open(TOKEN, 0o400).is_ok());
    assert!(matches!(open(TOKEN, 0o440), Err(GatewayError::Open(_))));
    assert!(matches!(open("short", 0o400), Err(GatewayError::Token(_))));
    assert!(matches!(open(&format!("{TOKEN} {TOKEN}"), 0o400), Err(GatewayError::Token(_))));
}
