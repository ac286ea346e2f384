//! Answers of a core system that is broken, or is not the core system.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::Response,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wenban::{
    demo,
    domain::person::Person,
    store::{self, Records, Registers, Store, StoreError},
};

use super::{TOKEN, asked, gateway, keys, person};
use crate::support::desk::{StoryClock, today};

type Answer = Arc<dyn Fn(&Value) -> Response + Send + Sync>;

/// A server that answers the register `person` well and all else by `answer`. Its address.
async fn stub(answer: Answer) -> String {
    let hear = async move |request: Request| {
        let body = axum::body::to_bytes(request.into_body(), 1 << 16).await.unwrap();
        let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
        if asked["register"] == "person" {
            said(&well(&asked, &json!([{"name": person(0).name.reveal(), "phone": null}])))
        } else {
            answer(&asked)
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(hear)).await });
    url
}

fn well(asked: &Value, rows: &Value) -> Value {
    json!({"request_id": asked["request_id"], "person": asked["person"], "register": asked["register"], "as_of": "2026-11-23", "rows": rows})
}

fn said(body: &Value) -> Response {
    Response::new(Body::from(body.to_string()))
}

/// A month paid, as agreed.
fn row() -> Value {
    json!({
        "insurance": "pension", "month": "2025-01", "base": 600_000, "unit": 96_000, "personal": 48_000, "paid_on": "2025-01-15",
        "employer": "惠州某某有限公司",
    })
}

struct Victim {
    reading: Arc<dyn Records>,
    person: Person,
    _dir: tempfile::TempDir,
}

/// Somebody whose contributions are answered by `answer`.
async fn victim(answer: Answer) -> Victim {
    let dir = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = store::open(&format!("sqlite://{}", dir.path().join("desk.db").display()), keys()).await.unwrap();
    let gateway = gateway(&stub(answer).await, TOKEN, dir.path(), &store, &Arc::new(StoryClock::default()));
    let reading = Arc::new(gateway).reading(asked());
    let person = reading.person_by_id_number(&person(0).id_number).await.unwrap().unwrap();
    Victim { reading, person, _dir: dir }
}

/// Why the answer is refused; a panic when it is not.
async fn refused(answer: impl Fn(&Value) -> Response + Send + Sync + 'static) -> String {
    let victim = victim(Arc::new(answer)).await;
    let Err(StoreError::Unreachable(why)) = victim.reading.contributions(&victim.person.key, None, None).await else {
        panic!("it was taken");
    };
    assert!(victim.reading.fresh().iter().all(|copy| copy.register == "person"), "and kept");
    why
}

/// GWY-04: one field changed, and the whole answer is refused.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_as_agreed_is_refused() {
    let other = demo::person(1, 1, today()).person.id_number;
    let whole: Vec<(&str, Value, &str)> = vec![
        ("person", json!({"id_number": other}), "another person"),
        ("person", json!({"id_number": "441399196501010178"}), "form"),
        ("person", json!({}), "form"),
        ("request_id", json!("00112233445566778899aabbccddeeff"), "another request"),
        ("register", json!("payments"), "another register"),
        ("register", json!("secrets"), "form"),
        ("as_of", json!("2026-11-26"), "day"),
        ("as_of", json!("1900-01-01"), "day"),
        ("as_of", json!("yesterday"), "form"),
        ("as_of", Value::Null, "form"),
        ("rows", json!({}), "form"),
        ("rows", Value::Null, "form"),
        ("rows", json!(vec![row(); 9_000]), "too long"),
    ];
    for (field, value, expected) in whole {
        let shown = value.to_string().chars().take(60).collect::<String>();
        let why = refused(move |asked| {
            let mut answer = well(asked, &json!([row()]));
            answer[field] = value.clone();
            said(&answer)
        });
        let why = why.await;
        assert!(why.contains(expected), "{field} {shown}: {why}");
    }
    let values: Vec<(&str, Value, &str)> = vec![
        ("base", json!("600000"), "form"),
        ("base", json!(6000.5), "form"),
        ("base", json!(i64::MAX), "does not occur"),
        ("unit", json!(i64::MIN), "does not occur"),
        ("personal", json!(1_000_000_000_001_i64), "does not occur"),
        ("base", json!(1e300), "form"),
        ("month", json!("2025-13"), "form"),
        ("month", json!("9999999-01"), "does not occur"),
        ("month", json!("0001-01"), "does not occur"),
        ("month", json!(202_501), "form"),
        ("paid_on", json!("2025-02-30"), "form"),
        ("paid_on", json!("+20250-02-01"), "does not occur"),
        ("insurance", json!("fire"), "form"),
        ("employer", json!("惠".repeat(201)), "does not occur"),
        ("employer", json!("a\u{0}b"), "does not occur"),
        ("employer", json!(["a"]), "form"),
        ("employer", Value::Null, "form"),
    ];
    for (field, value, expected) in values {
        let shown = value.to_string();
        let why = refused(move |asked| {
            let mut bad = row();
            bad[field] = value.clone();
            said(&well(asked, &json!([row(), bad])))
        });
        let why = why.await;
        assert!(why.contains(expected), "{field} {shown}: {why}");
    }
}

/// GWY-04: unknown fields are dropped and never kept, in the answer and in its rows.
#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_dropped() {
    let answer = |asked: &Value| {
        let mut more = row();
        more["secret"] = json!("不该留下的");
        let mut answer = well(asked, &json!([more]));
        answer["note"] = json!({"secret": ["不该留下的"]});
        said(&answer)
    };
    let victim = victim(Arc::new(answer)).await;
    let rows = victim.reading.contributions(&victim.person.key, None, None).await.unwrap();
    assert_eq!(serde_json::to_value(&rows).unwrap(), json!([row()]));
    let kept = victim.reading.fresh();
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|copy| !copy.content.contains("secret") && !copy.content.contains("不该")));
}

/// GWY-03, GWY-04: bodies that are no answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_end_or_ground_is_refused() {
    let ten_megabytes = refused(|asked| {
        let mut answer = well(asked, &json!([row()]));
        answer["padding"] = json!("a".repeat(10 << 20));
        said(&answer)
    });
    assert!(ten_megabytes.await.contains("too long"));
    let unannounced = refused(|_| {
        let pieces = futures_util::stream::iter((0..2_560).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 4096]))));
        Response::new(Body::from_stream(pieces))
    });
    assert!(unannounced.await.contains("too long"));
    let nest = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for field in ["rows", "person", "as_of"] {
        let deep = refused(move |asked| {
            let answer = well(asked, &json!([row()])).to_string();
            let known = format!("\"{field}\":");
            assert!(answer.contains(&known));
            Response::new(Body::from(answer.replace(&known, &format!("\"{field}\":{},\"{field}\":", nest(200_000)))))
        });
        assert!(deep.await.contains("form"), "{field}");
    }
    // What is not known is dropped, however deep.
    let victim = victim(Arc::new(move |asked| {
        let answer = well(asked, &json!([row()])).to_string();
        Response::new(Body::from(format!("{},\"deep\":{}}}", answer.trim_end_matches('}'), nest(200_000))))
    }));
    let victim = victim.await;
    assert_eq!(victim.reading.contributions(&victim.person.key, None, None).await.unwrap().len(), 1);
    for body in ["", "null", "[]", "{", "\u{feff}{}", "<html></html>"] {
        assert!(refused(move |_| Response::new(Body::from(body))).await.contains("form"), "{body}");
    }
    assert!(refused(|asked| Response::new(Body::from(format!("{0}{0}", well(asked, &json!([row()])))))).await.contains("form"));
    for status in [201, 204, 302, 400, 404, 429, 500, 503] {
        let why = refused(move |asked| {
            let mut response = said(&well(asked, &json!([row()])));
            *response.status_mut() = status.try_into().unwrap();
            response
        });
        assert!(why.await.contains(&format!("status {status}")), "{status}");
    }
}

/// GWY-04: of what there is one, no two are taken.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_two_cards() {
    let card = json!({"state": "normal", "tail": "1234", "bank": "某某银行", "issued_on": "2020-01-01", "bank_active": true});
    for (rows, taken) in [(json!([]), true), (json!([card]), true), (json!([card, card]), false)] {
        let victim = victim(Arc::new(move |asked| said(&well(asked, &rows)))).await;
        assert_eq!(victim.reading.card(&victim.person.key).await.is_ok(), taken);
    }
}

/// GWY-03, GWY-05: whatever the core system says, no other host is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_leads_nowhere() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let elsewhere = stub(Arc::new(|asked: &Value| {
        ASKED.fetch_add(1, Ordering::Relaxed);
        said(&well(asked, &json!([row()])))
    }));
    let elsewhere = elsewhere.await;
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = elsewhere.clone();
        let why = refused(move |_| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = status.try_into().unwrap();
            response.headers_mut().insert("location", format!("{elsewhere}/v1/records").parse().unwrap());
            response.headers_mut().insert("refresh", format!("0; url={elsewhere}").parse().unwrap());
            response
        });
        assert!(why.await.contains(&format!("status {status}")), "{status}");
    }
    assert_eq!(ASKED.load(Ordering::Relaxed), 0);
}
