//! Every refusal, as a resident's page sees it.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use super::{Browser, CONVERSATIONS, request};

#[tokio::test]
async fn a_wrong_message_is_told_what_is_wrong_with_it() {
    let browser = Browser::new().await;
    let talk = browser.open().await;
    let person = |name: &str, id_number: &str| json!({"message_id": "m", "proof": {"name": name, "id_number": id_number}});
    for (message, status, problem) in [
        (json!({"text": "你好"}), 400, "no-message-id"),
        (json!({"message_id": null, "text": "你好"}), 400, "no-message-id"),
        (json!({"message_id": "", "text": "你好"}), 400, "no-message-id"),
        (json!({"message_id": "a\nb", "text": "你好"}), 400, "no-message-id"),
        (json!({"message_id": "m".repeat(129), "text": "你好"}), 400, "no-message-id"),
        (json!({"message_id": 1, "text": "你好"}), 422, "input"),
        (json!({"message_id": "m"}), 422, "input"),
        (json!({"message_id": "m", "text": null}), 422, "input"),
        (json!({"message_id": "m", "text": 1}), 422, "input"),
        (json!({"message_id": "m", "text": "你好", "choice": "1"}), 422, "input"),
        (json!({"message_id": "m", "text": "你好", "colour": "red"}), 422, "input"),
        (json!({"message_id": "m", "proof": {}}), 422, "input"),
        (json!({"message_id": "m", "proof": {"name": "张小明"}}), 422, "input"),
        (json!({"message_id": "m", "proof": {"otp": "123456", "name": "张小明"}}), 422, "input"),
        (json!([1]), 422, "input"),
        (json!({"message_id": "m", "proof": {"card": "00"}}), 422, "card"),
        (json!({"message_id": "m", "proof": {"card": "e30.e30."}}), 422, "card"),
        (json!({"message_id": "m", "proof": {"card": format!("e30.e30.{}", "A".repeat(4_090))}}), 422, "card"),
        (json!({"message_id": "m", "proof": {"sign_in": false}}), 422, "input"),
        (json!({"message_id": "m", "proof": {"card": {"name": "张小明"}}}), 422, "input"),
        (json!({"message_id": "m", "proof": {"otp": "12345"}}), 422, "otp"),
        (json!({"message_id": "m", "proof": {"otp": "１２３４５６"}}), 422, "otp"),
        (person("张", "11010519491231002X"), 422, "name"),
        (person("张小明", "11010519491231002"), 422, "id-number-shape"),
        (person("张小明", "11010519491331002X"), 422, "id-number-date"),
        (person("张小明", "110105299912310020"), 422, "id-number-date"),
        (person("张小明", "110105194912310021"), 422, "id-number-check"),
        (json!({"message_id": "m", "text": "社".repeat(10_001)}), 413, "too-long"),
        (json!({"message_id": "m", "text": "a".repeat(70_000)}), 413, "too-long"),
    ] {
        let seen = browser.say(&talk, &message).await;
        assert_eq!((seen.status, seen.problem().as_str()), (status, problem), "{:.80}", message.to_string());
    }
}

#[tokio::test]
async fn a_wrong_body_is_refused_in_chinese() {
    let browser = Browser::new().await;
    let typed = |kind: &'static str, body: &'static str| {
        let request = Request::post(CONVERSATIONS).header(header::CONTENT_TYPE, kind);
        request.body(Body::from(body)).unwrap()
    };
    for (request, status, problem) in [
        (typed("application/json", "{\"channel\""), 400, "unreadable"),
        (typed("application/json", ""), 400, "unreadable"),
        (typed("application/json", "{\"channel\": \"kiosk\"} {}"), 400, "unreadable"),
        (typed("text/plain", "{\"channel\": \"kiosk\"}"), 415, "not-json"),
        (typed("application/json; charset=gbk", "{\"channel\": \"kiosk\"}"), 415, "not-json"),
        (Request::post(CONVERSATIONS).body(Body::empty()).unwrap(), 415, "not-json"),
        (typed("application/json", "{\"channel\": \"telegram\"}"), 422, "channel"),
        (typed("application/json", "{\"channel\": \"kiosk\", \"admin\": true}"), 422, "channel"),
        (typed("application/json", "{}"), 422, "channel"),
    ] {
        let seen = browser.send(request).await;
        assert_eq!((seen.status, seen.problem().as_str()), (status, problem));
    }
}

/// security.md SES-10 to SES-15, CKE-01 to CKE-03: a planted or unknown token opens nothing, and what is somebody else's looks absent.
#[tokio::test]
async fn a_conversation_opens_to_its_own_token_alone() {
    let browser = Browser::new().await;
    let (mine, other) = (browser.open().await, browser.open().await);
    for (method, path) in
        [("POST", format!("{}/turns", mine.path)), ("GET", format!("{}/events", mine.path)), ("DELETE", mine.path.clone())]
    {
        for (path, token, status, problem) in [
            (&path, None, 401, "no-token"),
            (&path, Some(other.token.as_str()), 404, "no-conversation"),
            (&path, Some("planted"), 404, "no-conversation"),
            (&path.replace(&mine.path, &format!("{CONVERSATIONS}/nobody")), Some(mine.token.as_str()), 404, "no-conversation"),
            (&path.replace(&mine.path, &format!("{CONVERSATIONS}/%ff")), Some(mine.token.as_str()), 404, "no-conversation"),
        ] {
            let seen = browser.send(request(method, path, token, "{\"message_id\": \"m\", \"text\": \"你好\"}")).await;
            assert_eq!((seen.status, seen.problem().as_str()), (status, problem), "{method} {path}");
            assert_eq!(seen.header("www-authenticate"), if status == 401 { "Bearer" } else { "" });
        }
    }
    let in_the_address = format!("{}/events?token={}", mine.path, mine.token);
    assert_eq!(browser.ask("GET", &in_the_address).await.status, 401);
}

#[tokio::test]
async fn what_is_not_there_or_not_possible_is_a_problem() {
    let browser = Browser::new().await;
    for (method, path, status, problem) in [
        ("GET", "/api", 404, "no-path"),
        ("GET", "/api/v1/nothing", 404, "no-path"),
        ("POST", "/api/v2/conversations", 404, "no-path"),
        ("GET", "/api/v1/guides/%ff", 404, "no-guide"),
        ("GET", CONVERSATIONS, 405, "method"),
        ("TRACE", CONVERSATIONS, 405, "method"),
        ("DELETE", "/api/v1/guides", 405, "method"),
        ("POST", "/health/live", 405, "method"),
        ("POST", "/openapi.json", 405, "method"),
        ("POST", "/", 405, "method"),
        ("TRACE", "/", 405, "method"),
    ] {
        let seen = browser.ask(method, path).await;
        assert_eq!((seen.status, seen.problem().as_str()), (status, problem), "{method} {path}");
        assert_eq!(!seen.header("allow").is_empty(), status == 405, "{method} {path}");
    }
}

/// security.md CSF-01.
#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let browser = Browser::new().await;
    for (name, value, status) in [
        ("origin", "https://desk.example", 201),
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "same-origin", 201),
        ("sec-fetch-site", "cross-site", 403),
    ] {
        let mut request = request("POST", CONVERSATIONS, None, "{\"channel\": \"kiosk\"}");
        request.headers_mut().insert(name, value.parse().unwrap());
        let seen = browser.send(request).await;
        assert_eq!(seen.status, status, "{name}: {value}");
        if status == 403 {
            assert_eq!(seen.problem(), "other-site");
        }
    }
}

/// security.md LOG-01 to LOG-05.
#[tokio::test]
async fn the_log_names_routes_and_nobody() {
    let log = Log::default();
    let (writer, here) = (log.clone(), std::thread::current().id());
    // For all threads, since a subscriber of one thread can miss lines while others log; only this one's are kept.
    let writer = move || if std::thread::current().id() == here { writer.clone() } else { Log::default() };
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(writer).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let browser = Browser::new().await;
    let talk = browser.open().await;
    let proof: Value = json!({"message_id": "message-7", "proof": {"name": "张小明", "id_number": "110105194912310021"}});
    browser.say(&talk, &proof).await;
    browser.say(&talk, &json!({"message_id": "message-8", "text": "我的工资是多少"})).await;
    browser.ask("张三".len().to_string().as_str(), "/secret-path?secret-query").await;
    browser.end(&talk).await;

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("/api/v1/conversations/{id}/turns"), "{text}");
    assert!(text.contains("id-number-check"), "{text}");
    let id = talk.path.rsplit('/').next().unwrap();
    for secret in [id, talk.token.as_str(), "张小明", "1949", "工资", "message-", "secret"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
