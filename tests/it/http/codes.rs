//! One-time codes and limits over HTTP.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;
use wenban::{channels::web::serve, domain::message::ChannelKind};

use super::{Browser, Talk, request, text};
use crate::support::desk::small_hall;

impl Browser {
    /// Asks for a record and says who it is; the code is on its way.
    async fn claim(&self, talk: &Talk) -> String {
        self.say(talk, &json!({"message_id": "ask", "text": "去年养老交了几个月"})).await;
        self.say(talk, &json!({"message_id": "agree", "choice": "1"})).await;
        let person = &self.1.person;
        let proof = json!({"name": person.name.reveal(), "id_number": person.id_number.reveal()});
        let reply = self.say(talk, &json!({"message_id": "person", "proof": proof})).await;
        assert_eq!(reply.json()["expects"]["kind"], "otp", "{}", reply.body);
        self.1.phone.code().unwrap()
    }
}

fn guess(n: usize, code: &str) -> Value {
    json!({"message_id": format!("guess-{n}"), "proof": {"otp": code}})
}

fn other(code: &str, by: usize) -> String {
    format!("{:06}", (code.parse::<usize>().unwrap() + by) % 1_000_000)
}

/// OTP-12: of 40 guesses at once five are judged, and afterwards the right code fails (OTP-11).
#[tokio::test(flavor = "multi_thread")]
async fn otp_12_of_forty_guesses_at_once_five_are_judged() {
    let browser = Browser::new().await;
    let talk = browser.open().await;
    let code = browser.claim(&talk).await;
    let guesses: Vec<Value> = (1..=40).map(|n| guess(n, &other(&code, n))).collect();
    let replies = futures_util::future::join_all(guesses.iter().map(|guess| browser.say(&talk, guess))).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    let said = |words: &str| replies.iter().filter(|reply| reply.body.contains(words)).count();
    assert_eq!((said("验证码不对"), said("错的次数太多")), (4, 1));
    let late = browser.say(&talk, &guess(0, &code)).await.json();
    assert_ne!(late["status"], "answered");
}

/// OTP-02, OTP-03, OTP-13, OTP-14: the code is in no reply and no address; what is no code is refused before it is looked at.
#[tokio::test(flavor = "multi_thread")]
async fn otp_13_what_is_no_code_is_refused_and_takes_no_try() {
    let browser = Browser::new().await;
    let talk = browser.open().await;
    let code = browser.claim(&talk).await;
    for (n, wrong) in ["", "12345", "1234567", "１２３４５６", "12345a", " 12345", "12345\n", "000000'--"].iter().enumerate() {
        let refused = browser.say(&talk, &json!({"message_id": format!("bad-{n}"), "proof": {"otp": wrong}})).await;
        assert_eq!((refused.status, refused.problem().as_str()), (422, "otp"), "{wrong:?}");
    }
    let wrong = browser.say(&talk, &guess(1, &other(&code, 1))).await;
    assert!(!wrong.body.contains(&code) && wrong.headers.iter().all(|(_, value)| !value.to_str().unwrap().contains(&code)));
    let right = browser.say(&talk, &guess(2, &code)).await.json();
    assert_eq!(right["status"], "answered", "OTP-13: none of them took a try");
}

/// OTP-05, OTP-07: a code is good once, and in its own conversation alone.
#[tokio::test(flavor = "multi_thread")]
async fn otp_05_a_code_belongs_to_its_conversation_and_is_good_once() {
    let browser = Browser::new().await;
    let (mine, other) = (browser.open().await, browser.open().await);
    let code = browser.claim(&mine).await;
    browser.say(&other, &json!({"message_id": "ask", "text": "去年养老交了几个月"})).await;
    browser.say(&other, &json!({"message_id": "agree", "choice": "1"})).await;
    assert_ne!(browser.say(&other, &guess(1, &code)).await.json()["status"], "answered");
    let right = browser.say(&mine, &guess(1, &code)).await;
    assert_eq!(right.json()["status"], "answered");
    let mine = Talk { path: mine.path, token: right.header("x-wenban-token").to_owned() };
    assert_ne!(browser.say(&mine, &guess(2, &code)).await.json()["status"], "answered");
}

/// One request over a socket, as a page or a proxy sends it; the JSON that comes back.
async fn post(address: SocketAddr, path: &str, token: &str, forwarded: &str, body: &Value) -> Value {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n\
         X-Forwarded-For: {forwarded}\r\nX-Real-IP: {forwarded}\r\nForwarded: for={forwarded}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{said}");
    serde_json::from_str(body).unwrap()
}

/// ENU-07, ENU-09: whoever tries many numbers is stopped, in whatever conversation, and no header buys more; behind a proxy that is
/// known each client has an allowance of its own.
#[tokio::test(flavor = "multi_thread")]
async fn enu_09_no_header_buys_a_new_allowance() {
    let (_dir, hall) = small_hall().await;
    for (seed, proxies, allowed) in [(5, vec![], 20), (6, vec!["127.0.0.1/32".parse().unwrap()], 25)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(serve(hall.desk.clone(), listener, proxies, stop.clone()));
        let mut sent = 0;
        for n in 0..25 {
            let opened = hall.desk.open(ChannelKind::Widget).await.unwrap();
            let path = format!("/api/v1/conversations/{}/turns", opened.id);
            let forwarded = format!("203.0.113.{n}");
            let turn = async |body: Value| post(address, &path, &opened.token, &forwarded, &body).await;
            turn(json!({"message_id": "1", "text": "去年养老交了几个月"})).await;
            turn(json!({"message_id": "agree", "text": "同意"})).await;
            let id_number = text(&json!(wenban::demo::person(seed, n, crate::support::desk::today()).person.id_number.reveal()));
            let reply = turn(json!({"message_id": "2", "proof": {"name": "无此人", "id_number": id_number}})).await;
            sent += usize::from(reply["expects"]["kind"] == "otp");
        }
        assert_eq!(sent, allowed);
        stop.cancel();
    }
}

/// What may stand in an address.
const TOLD: [&str; 4] =
    ["The conversation.", "The guide's topic.", "Which of its certificates, from 1.", "The check code, with or without hyphens."];

/// ENU-11: no address holds more than random ids and names of guides, so that no number can stand in one.
#[tokio::test]
async fn enu_11_no_route_holds_a_citizens_number() {
    let document = Browser::new().await.ask("GET", "/openapi.json").await.json();
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 7, "{}", paths.len());
    for (path, methods) in paths {
        for part in path.split('/').filter(|part| part.starts_with('{')) {
            assert!(["{id}", "{number}", "{code}"].contains(&part), "{path}");
        }
        for method in methods.as_object().unwrap().values() {
            for parameter in method["parameters"].as_array().into_iter().flatten() {
                assert_eq!(parameter["in"], "path", "{path}");
                let told = parameter["description"].as_str().unwrap();
                assert!(TOLD.contains(&told), "{parameter}");
            }
        }
    }
}

/// SES-01 to SES-03: once it is known who speaks the token is another, and the one before opens nothing, not even the answer again.
#[tokio::test(flavor = "multi_thread")]
async fn ses_01_a_check_brings_a_new_token_and_ends_the_old_one() {
    let browser = Browser::new().await;
    let talk = browser.open().await;
    let code = browser.claim(&talk).await;
    let wrong = browser.say(&talk, &guess(0, &other(&code, 1))).await;
    assert_eq!(wrong.header("x-wenban-token"), "", "nothing has risen");
    let right = browser.say(&talk, &guess(1, &code)).await;
    assert_eq!(right.json()["status"], "answered");
    let new = Talk { path: talk.path.clone(), token: right.header("x-wenban-token").to_owned() };
    assert_eq!((new.token.len(), new.token == talk.token), (43, false));
    for message in [json!({"message_id": "late", "text": "医保账户余额"}), guess(1, &code)] {
        let refused = browser.say(&talk, &message).await;
        assert_eq!((refused.status, refused.problem().as_str()), (404, "no-conversation"), "{}", refused.body);
    }
    assert_eq!(browser.send(request("GET", &format!("{}/events", talk.path), Some(&talk.token), "")).await.status, 404);
    assert_eq!(browser.end(&talk).await.status, 404);
    let next = browser.say(&new, &json!({"message_id": "next", "text": "医保账户余额"})).await;
    assert_eq!(next.json()["status"], "answered");
    assert_eq!(next.header("x-wenban-token"), "");
    assert_eq!(browser.end(&new).await.status, 204);
}
