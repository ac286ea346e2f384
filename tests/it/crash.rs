//! A server that ends in the middle of its work: what it acknowledged is kept, and nothing is done twice.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::Utc;
use serde_json::{Value, json};
use tokio::sync::watch;
use wenban::domain::message::{ChannelKind, MessageId};

use crate::support::{
    checked::checked,
    desk::{Hall, hall, script},
    postgres,
    program::{Server, key_folder, wenban},
    raw::Raw,
};

/// Conversations under way at once; half of them are of somebody who was checked.
const TALKS: usize = 16;
/// What is said, over and over: a guide, and a complaint that is left at the last.
const AT_LARGE: [&str; 5] = ["失业金怎么领", "昨天下午三点江北窗口的人一直看手机不理人，我要投诉", "1", "不留", "提交"];
/// The same for whoever was checked: guides between looks at records.
const CHECKED: [&str; 3] = ["去年养老交了几个月", "失业金怎么领", "医保账户余额"];

/// How a server ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// `kill -9`.
    Killed,
    /// SIGTERM: it finishes what it has begun.
    Told,
}

/// One conversation, from the outside.
struct Talk {
    path: String,
    id: String,
    token: String,
    checked: bool,
    /// Replies in the order of their messages, which are numbered from 0.
    acknowledged: Vec<Value>,
}

/// What all conversations share.
struct Site {
    client: reqwest::Client,
    /// Where the server is; empty: nowhere.
    address: watch::Receiver<String>,
    wanted: usize,
    done: AtomicUsize,
    /// Conversations that wait for a server, and the message whose answer each did not get.
    waiting: Mutex<Vec<(String, MessageId)>>,
    /// Conversations that have said all.
    over: AtomicUsize,
}

impl Site {
    /// Talks until enough turns are acknowledged. A message without an answer is sent again to the next server, under its id.
    async fn talk(&self, mut talk: Talk) -> Talk {
        let texts: &[&str] = if talk.checked { &CHECKED } else { &AT_LARGE };
        let mut address = self.address.clone();
        while self.done.load(Ordering::Relaxed) < self.wanted {
            let n = talk.acknowledged.len();
            let message = json!({"message_id": n.to_string(), "text": texts[n % texts.len()]});
            let at = address.borrow_and_update().clone();
            let request = self.client.post(format!("http://{at}{}", talk.path)).bearer_auth(&talk.token).json(&message);
            match request.send().await {
                Ok(answer) if answer.status() == 200 => match answer.json().await {
                    Ok(reply) => {
                        talk.acknowledged.push(reply);
                        self.done.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    Err(error) => assert!(!at.is_empty(), "{error}"),
                },
                Ok(answer) => assert_eq!(answer.status(), 503, "{}", answer.text().await.unwrap()),
                Err(_) => {}
            }
            self.waiting.lock().unwrap().push((talk.id.clone(), MessageId(n.to_string())));
            address.wait_for(|now| !now.is_empty() && *now != at).await.unwrap();
        }
        self.over.fetch_add(1, Ordering::Relaxed);
        talk
    }
}

/// Conversations, and the people of half of them checked.
async fn talks(hall: &Hall) -> Vec<Talk> {
    #[expect(clippy::disallowed_methods, reason = "the program goes by it: it ends conversations that its retention finds old")]
    let now = Utc::now();
    hall.clock.pass(now - hall.desk.now());
    let mut talks = Vec::new();
    for n in 0..TALKS {
        let opened = hall.desk.open(ChannelKind::Kiosk).await.unwrap();
        let is_checked = n % 2 == 1;
        if is_checked {
            hall.store.commit(checked(&opened.id, &hall.person, script().agreed(), now)).await.unwrap();
        }
        let path = format!("/api/v1/conversations/{}/turns", opened.id);
        talks.push(Talk { path, id: opened.id, token: opened.token, checked: is_checked, acknowledged: Vec::new() });
    }
    talks
}

/// `turns` turns over `ends` servers, each of which ends in the middle of its work; then what the store holds of them.
async fn ordeal(database: &str, turns: usize, ends: usize, end: End) {
    let dir = tempfile::tempdir().unwrap();
    let keys = key_folder(dir.path());
    let hall = hall(database).await;
    let talks = talks(&hall).await;
    let arguments = ["--database", database, "--keys", &keys];
    let mut server = Server::start(&arguments);
    let (tell, address) = watch::channel(server.address.clone());
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).timeout(Duration::from_secs(20)).build().unwrap();
    let (waiting, over) = (Mutex::default(), AtomicUsize::new(0));
    let site = std::sync::Arc::new(Site { client, address, wanted: turns, done: AtomicUsize::new(0), waiting, over });
    let under_way: Vec<_> = talks
        .into_iter()
        .map(|talk| {
            tokio::spawn({
                let site = site.clone();
                async move { site.talk(talk).await }
            })
        })
        .collect();
    for n in 1..=ends {
        while site.done.load(Ordering::Relaxed) < n * turns / (ends + 1) {
            assert!(under_way.iter().all(|talk| !talk.is_finished()), "a conversation broke off");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tell.send(String::new()).unwrap();
        let begun = Instant::now();
        if end == End::Killed {
            server.kill();
        } else {
            server.stop();
            assert!(begun.elapsed() < Duration::from_secs(30), "REL-08: it took {:?} to stop", begun.elapsed());
            while site.waiting.lock().unwrap().len() + site.over.load(Ordering::Relaxed) < TALKS {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let waiting = site.waiting.lock().unwrap().clone();
            for (id, message) in waiting {
                let cut = hall.store.recall(&id, &message).await.unwrap().earlier.is_some();
                assert!(!cut, "REL-08: {id} {message:?} was done and not answered");
            }
        }
        site.waiting.lock().unwrap().clear();
        let begun = Instant::now();
        server = Server::start(&arguments);
        assert!(begun.elapsed() < Duration::from_secs(10), "REL-01: back after {:?}", begun.elapsed());
        tell.send(server.address.clone()).unwrap();
    }
    let (mut looks, mut left) = (0, 0);
    for talk in under_way {
        let talk = talk.await.unwrap();
        let recalled = hall.store.recall(&talk.id, &MessageId(String::new())).await.unwrap();
        let before = i64::from(talk.checked);
        assert_eq!(recalled.session.unwrap().version, i64::try_from(talk.acknowledged.len()).unwrap() + before, "each turn was done once");
        for (n, reply) in talk.acknowledged.iter().enumerate() {
            let kept = hall.store.recall(&talk.id, &MessageId(n.to_string())).await.unwrap().earlier.unwrap();
            assert_eq!(serde_json::to_value(&kept.reply).unwrap(), *reply, "{n}");
            assert!(!talk.checked || reply["status"] == "answered", "{reply}");
            looks += i64::from(talk.checked && n % CHECKED.len() != 1);
            left += i64::from(!talk.checked && n % AT_LARGE.len() == AT_LARGE.len() - 1);
        }
    }
    let mut raw = Raw::connect(database).await;
    assert_eq!(raw.number("select count(*) from audit where action = 'record.read' and outcome = 'allowed'").await, looks);
    assert_eq!(raw.count("matters").await, left);
    assert!(looks > 0 && left > 0);
    drop(server);
    let (whole, said) = wenban(&["audit", "--database", database, "--keys", &keys, "verify"], "");
    assert!(whole, "{said}");
}

fn sqlite(dir: &tempfile::TempDir) -> String {
    format!("sqlite://{}", dir.path().join("wenban.db").display())
}

/// REL-01 on SQLite.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute"]
async fn rel_01_ten_kills_in_ten_thousand_turns_lose_and_double_nothing() {
    let dir = tempfile::tempdir().unwrap();
    ordeal(&sqlite(&dir), 10_000, 10, End::Killed).await;
}

/// REL-01 on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute"]
async fn rel_01_nor_do_they_on_postgres() {
    ordeal(&postgres::database().await, 10_000, 10, End::Killed).await;
}

/// REL-08: of twenty servers that are told to stop under load, none cuts off a turn that it did.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes half a minute"]
async fn rel_08_a_server_that_is_told_to_stop_answers_what_it_did() {
    let dir = tempfile::tempdir().unwrap();
    ordeal(&sqlite(&dir), 4_000, 20, End::Told).await;
}
