//! The gateway for text messages over HTTP: what it is sent, and what becomes of a turn when it hangs, breaks or is not there.

use std::{
    os::unix::fs::PermissionsExt as _,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    routing::any,
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};
use wenban::{channels::sms::Gateway, desk::Messenger as _, domain::person::Phone};

use super::*;
use crate::support::desk::sending;

/// How the stand-in behaves.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Takes,
    Hangs,
    Says(u16),
    Slow(u64),
}

/// A gateway that keeps what it is sent.
#[derive(Clone)]
struct StandIn {
    mood: Arc<Mutex<Mood>>,
    seen: Arc<Mutex<Vec<(String, Value)>>>,
}

async fn answer(State(stand_in): State<StandIn>, method: Method, headers: HeaderMap, body: String) -> StatusCode {
    let mood = *stand_in.mood.lock().unwrap();
    match mood {
        Mood::Hangs => sleep(Duration::from_mins(1)).await,
        Mood::Slow(ms) if method == Method::POST => sleep(Duration::from_millis(ms)).await,
        _ => {}
    }
    if method == Method::POST && !matches!(mood, Mood::Says(_)) {
        let bearer = headers["authorization"].to_str().unwrap().to_owned();
        stand_in.seen.lock().unwrap().push((bearer, serde_json::from_str(&body).unwrap()));
    }
    match mood {
        Mood::Says(status) => StatusCode::from_u16(status).unwrap(),
        _ if method == Method::HEAD => StatusCode::METHOD_NOT_ALLOWED,
        _ => StatusCode::ACCEPTED,
    }
}

impl StandIn {
    /// A gateway that listens, and the desk's side of it.
    async fn listen(dir: &std::path::Path) -> (Self, Arc<Gateway>) {
        let stand_in = Self { mood: Arc::new(Mutex::new(Mood::Takes)), seen: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send", listener.local_addr().unwrap());
        let router = Router::new().route("/send", any(answer)).with_state(stand_in.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (stand_in, Arc::new(Gateway::open(&url, &key(dir)).unwrap()))
    }

    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

fn key(dir: &std::path::Path) -> std::path::PathBuf {
    let key = dir.join("sms.key");
    std::fs::write(&key, "a-bearer-key\n").unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o400)).unwrap();
    key
}

async fn scene_behind(gateway: Arc<Gateway>, dir: tempfile::TempDir) -> Scene {
    let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
    let hall = sending(&url, 1, Duration::ZERO, gateway, Arc::default()).await;
    Scene { hall, url, _dir: dir }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_handed_over_with_its_id_and_the_key() {
    let dir = tempfile::tempdir().unwrap();
    let (stand_in, gateway) = StandIn::listen(dir.path()).await;
    let scene = scene_behind(gateway, dir).await;
    let peer = account("reader");
    scene.claim(&peer, &scene.person()).await;
    scene.claim(&account("nobody"), &nobody()).await;
    let seen = stand_in.seen.lock().unwrap().clone();
    let [(bearer, body)] = seen.as_slice() else { panic!("{}", seen.len()) };
    assert_eq!(bearer, "Bearer a-bearer-key");
    assert_eq!(body["phone"], scene.hall.person.phone.as_ref().unwrap().reveal());
    assert_eq!((body["id"].as_str().unwrap().len(), body.as_object().unwrap().len()), (32, 3));
    let text = body["text"].as_str().unwrap();
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).unwrap();
    assert_eq!(scene.code(&peer, code).await.status, Status::Answered);
}

/// REL-22: hanging, refusing or gone, it is said within the bound, for somebody and nobody alike, and nothing is counted; then it works.
#[tokio::test(flavor = "multi_thread")]
async fn rel_22_whatever_ails_the_gateway_is_said_and_not_counted() {
    let dir = tempfile::tempdir().unwrap();
    let (stand_in, gateway) = StandIn::listen(dir.path()).await;
    let scene = scene_behind(gateway, dir).await;
    for mood in [Mood::Says(500), Mood::Says(503), Mood::Says(401), Mood::Says(429), Mood::Hangs] {
        stand_in.set(mood);
        for (name, who) in [("somebody", scene.person()), ("nobody", nobody())] {
            let begun = Instant::now();
            let reply = timeout(Duration::from_secs(5), scene.claim(&account(name), &who)).await.unwrap();
            assert!(texts(&reply).contains("暂时无法发送") && texts(&reply).contains("窗口"), "{}", texts(&reply));
            assert!(mood != Mood::Hangs || begun.elapsed() > Duration::from_secs(3));
        }
    }
    assert_eq!(scene.count("select coalesce(sum(count), 0) from counters").await, 0);
    stand_in.set(Mood::Takes);
    let reply = scene.claim(&account("somebody"), &scene.person()).await;
    assert_eq!(expects(&reply), Some(ExpectedKind::Otp), "{}", texts(&reply));
}

/// ENU-01: a message of which the gateway wants nothing looks as if it were sent, as one to nobody does.
#[tokio::test(flavor = "multi_thread")]
async fn enu_01_a_phone_that_the_gateway_refuses_tells_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (stand_in, gateway) = StandIn::listen(dir.path()).await;
    let scene = scene_behind(gateway, dir).await;
    stand_in.set(Mood::Says(422));
    let somebody = scene.claim(&account("somebody"), &scene.person()).await;
    let nobody = scene.claim(&account("nobody"), &nobody()).await;
    assert_eq!(expects(&somebody), Some(ExpectedKind::Otp));
    assert_eq!(somebody, nobody);
}

/// ENU-06: asking without a message takes as long as the last message took.
#[tokio::test(flavor = "multi_thread")]
async fn enu_06_a_slow_gateway_tells_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (stand_in, gateway) = StandIn::listen(dir.path()).await;
    stand_in.set(Mood::Slow(700));
    let message = wenban::desk::Message { id: "1".into(), phone: Phone::parse("13800135678").unwrap(), text: json!("文字").to_string() };
    gateway.send(&message).await.unwrap();
    let begun = Instant::now();
    gateway.probe().await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(700), "{:?}", begun.elapsed());
}

/// REL-22: nobody listens at all.
#[tokio::test(flavor = "multi_thread")]
async fn rel_22_a_gateway_that_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/send", listener.local_addr().unwrap());
    drop(listener);
    let gateway = Arc::new(Gateway::open(&url, &key(dir.path())).unwrap());
    let scene = scene_behind(gateway, dir).await;
    let somebody = scene.claim(&account("somebody"), &scene.person()).await;
    let nobody = scene.claim(&account("nobody"), &nobody()).await;
    assert!(texts(&somebody).contains("暂时无法发送"), "{}", texts(&somebody));
    assert_eq!(somebody, nobody);
}
