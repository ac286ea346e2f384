//! `/api/v1`: what goes well.

use axum::body::Body;
use serde_json::json;
use tower::ServiceExt as _;

use super::{Browser, CONVERSATIONS, request};

#[tokio::test]
async fn a_conversation_is_opened_answered_and_ended() {
    let browser = Browser::new().await;
    let talk = browser.open().await;

    let reply = browser.say(&talk, &json!({"message_id": "m1", "text": "你好"})).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(reply.json()["status"].is_string());

    let ended = browser.end(&talk).await;
    assert_eq!((ended.status, ended.body.as_str()), (204, ""));
    assert!(ended.header("clear-site-data").contains("\"storage\""));
    let again = browser.end(&talk).await;
    assert_eq!(again.status, 204, "{}", again.body);

    let late = browser.say(&talk, &json!({"message_id": "m2", "text": "你好"})).await;
    assert!([404, 410].contains(&late.status), "{}", late.body);
}

#[tokio::test]
async fn a_widget_may_name_its_language() {
    let browser = Browser::new().await;
    let opened = browser.post(CONVERSATIONS, None, &json!({"channel": "widget", "locale": "zh-CN"})).await;
    assert_eq!(opened.status, 201);
}

/// security.md IDM-01 to IDM-03.
#[tokio::test]
async fn the_same_message_gets_the_same_reply_and_other_words_none() {
    let browser = Browser::new().await;
    let talk = browser.open().await;
    let first = browser.say(&talk, &json!({"message_id": "m1", "text": "你好"})).await;
    let second = browser.say(&talk, &json!({"message_id": "m1", "text": "你好"})).await;
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    let other = browser.say(&talk, &json!({"message_id": "m1", "text": "再见"})).await;
    assert_eq!((other.status, other.problem().as_str()), (409, "reused"));
}

#[tokio::test]
async fn every_form_of_input_gets_a_reply() {
    let browser = Browser::new().await;
    let talk = browser.open().await;
    for (message, id) in [
        (json!({"text": "社保卡丢了怎么办"}), "1"),
        (json!({"choice": "1"}), "2"),
        (json!({"proof": {"name": "张小明", "id_number": "11010519491231002X"}}), "3"),
        (json!({"proof": {"name": "张 小明", "id_number": "110105 1949 1231 002x"}}), "4"),
        (json!({"proof": {"otp": "012345"}}), "5"),
    ] {
        let mut message = message;
        message["message_id"] = json!(id);
        let reply = browser.say(&talk, &message).await;
        assert_eq!(reply.status, 200, "{message} {}", reply.body);
        assert!(reply.json()["status"].is_string());
    }
}

#[tokio::test]
async fn an_event_stream_tells_the_end_and_ends() {
    let browser = Browser::new().await;
    let talk = browser.open().await;
    let request = request("GET", &format!("{}/events", talk.path), Some(&talk.token), "");
    let response = browser.0.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");

    browser.end(&talk).await;
    let events = axum::body::to_bytes(Body::new(response.into_body()), 1 << 16).await.unwrap();
    let events = String::from_utf8(events.to_vec()).unwrap();
    assert!(events.ends_with("event: ended\ndata: {}\n\n"), "{events}");
}

#[tokio::test]
async fn guides_are_for_all_to_read() {
    let browser = Browser::new().await;
    let catalogue = browser.ask("GET", "/api/v1/guides").await;
    assert_eq!(catalogue.status, 200);
    let catalogue = catalogue.json();
    let entries = catalogue.as_array().unwrap();
    assert!(!entries.is_empty());
    for entry in entries {
        for key in ["id", "title", "summary", "department"] {
            assert!(entry[key].is_string(), "{entry}");
        }
        let guide = browser.ask("GET", &format!("/api/v1/guides/{}", entry["id"].as_str().unwrap())).await;
        assert_eq!(guide.status, 200);
        assert!(guide.json().is_object());
    }
    assert_eq!(browser.ask("GET", "/api/v1/guides/guide.nothing").await.problem(), "no-guide");
}

#[tokio::test]
async fn health_is_plain() {
    let browser = Browser::new().await;
    for path in ["/health/live", "/health/ready"] {
        let health = browser.ask("GET", path).await;
        assert_eq!((health.status, health.body.as_str()), (200, "ok\n"), "{path}");
    }
}

#[tokio::test]
async fn the_api_is_described() {
    let document = Browser::new().await.ask("GET", "/openapi.json").await;
    assert_eq!((document.status, document.header("content-type")), (200, "application/json"));
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document.json()).unwrap());
}
