//! What the desk promises whatever is said: nothing twice, nothing to the wrong person, no part takes another along.

use std::sync::Arc;

use sqlx::{Connection, SqliteConnection};
use wenban::{
    channels::terminal,
    desk::DeskError,
    domain::{
        message::{Incoming, Input, MessageId, Peer, Proof},
        person::FullName,
        reply::{ExpectedKind, Reply, Status},
    },
};

use crate::support::desk::{Hall, hall};

/// A hall over SQLite, with what holds its file.
struct Scene {
    hall: Hall,
    url: String,
    _dir: tempfile::TempDir,
}

async fn scene() -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
    Scene { hall: hall(&url).await, url, _dir: dir }
}

impl Scene {
    async fn try_say(&self, peer: &Peer, id: &str, input: Input) -> Result<Reply, DeskError> {
        let message = Incoming { from: peer.clone(), id: MessageId(id.into()), input, at: self.hall.desk.now() };
        self.hall.desk.turn(&message).await
    }

    async fn say(&self, peer: &Peer, id: &str, text: &str) -> Reply {
        self.try_say(peer, id, Input::Text(text.into())).await.unwrap()
    }

    /// Asks for a record and gives name and number; the code is on its way when they fit.
    async fn claim(&self, peer: &Peer, name: &str) -> Reply {
        self.say(peer, "claim-1", "去年养老交了几个月").await;
        self.say(peer, "claim-agree", "同意").await;
        let person = Proof::Person { name: FullName::parse(name).unwrap(), id_number: self.hall.person.id_number.clone() };
        self.try_say(peer, "claim-2", Input::Proof(person)).await.unwrap()
    }

    async fn code(&self, peer: &Peer, id: &str, code: &str) -> Reply {
        self.try_say(peer, id, Input::Proof(Proof::Code(code.into()))).await.unwrap()
    }

    fn name(&self) -> String {
        self.hall.person.name.reveal().to_owned()
    }
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_has_one_reply_and_does_nothing_twice() {
    let scene = scene().await;
    let peer = terminal::peer("twice");
    let first = scene.claim(&peer, &scene.name()).await;
    let again = scene.claim(&peer, &scene.name()).await;
    assert_eq!(first, again);
    assert_eq!(scene.hall.phone.count(), 1);
    let other = scene.try_say(&peer, "claim-1", Input::Text("别的话".into())).await;
    assert!(matches!(other, Err(DeskError::Reused)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_on_file_hears_the_same_and_gets_no_code() {
    let scene = scene().await;
    let (known, unknown) = (terminal::peer("known"), terminal::peer("unknown"));
    let right = scene.claim(&known, &scene.name()).await;
    let other = scene.claim(&unknown, "无此人").await;
    assert_eq!(right, other);
    assert_eq!(scene.hall.phone.count(), 1);
    let (mut right, mut other) = (Vec::new(), Vec::new());
    let code = wrong(&scene.hall.phone.code().unwrap());
    for tries in 0..6 {
        right.push(scene.code(&known, &format!("try-{tries}"), &code).await);
        other.push(scene.code(&unknown, &format!("try-{tries}"), &code).await);
    }
    assert_eq!(right, other, "wrong codes are answered alike too");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_codes_close_the_door_to_the_right_one() {
    let scene = scene().await;
    let peer = terminal::peer("guesser");
    scene.claim(&peer, &scene.name()).await;
    let code = scene.hall.phone.code().unwrap();
    for tries in 0..5 {
        assert_ne!(scene.code(&peer, &format!("try-{tries}"), &wrong(&code)).await.status, Status::Answered);
    }
    let late = scene.code(&peer, "right", &code).await;
    assert_ne!(late.status, Status::Answered);
    assert!(late.blocks.iter().all(|block| !matches!(block, wenban::domain::reply::Block::Facts { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_in_its_own_conversation_and_for_five_minutes() {
    let scene = scene().await;
    let (mine, theirs) = (terminal::peer("mine"), terminal::peer("theirs"));
    scene.claim(&mine, &scene.name()).await;
    let code = scene.hall.phone.code().unwrap();
    scene.claim(&theirs, "无此人").await;
    assert_eq!(scene.code(&theirs, "stolen", &code).await.status, Status::Verify, "a code belongs to its conversation");
    scene.hall.clock.pass(chrono::TimeDelta::minutes(6));
    let late = scene.code(&mine, "late", &code).await;
    assert_eq!(late.status, Status::Verify, "it is out of date and another is on its way");
    assert_eq!(late.expects.unwrap().kind, ExpectedKind::Otp);
    let fresh = scene.hall.phone.code().unwrap();
    assert_eq!(scene.code(&mine, "fresh", &fresh).await.status, Status::Answered);
    let spent = scene.code(&mine, "spent", &fresh).await;
    assert_ne!(spent.status, Status::Answered);
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_of_one_conversation_go_one_after_another() {
    let scene = Arc::new(scene().await);
    let peer = terminal::peer("crowd");
    let turns = (0..24).map(|n| {
        let (scene, peer) = (Arc::clone(&scene), peer.clone());
        tokio::spawn(async move { scene.say(&peer, &format!("m{n}"), "失业金怎么领").await.status })
    });
    for turn in turns.collect::<Vec<_>>() {
        assert_eq!(turn.await.unwrap(), Status::Answered);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_asks_no_more_than_one_turn_answers() {
    let scene = scene().await;
    let peer = terminal::peer("many");
    scene.hall.desk.begin_as(&peer, &scene.hall.person.id_number).await.unwrap();
    let asked = ["养老缴费明细", "医药费报销到账没有", "养老金发放记录", "医保账户余额", "失业金打了没有"];
    let text = asked.map(|asked| format!("查我2021年2022年2023年2024年的{asked}")).join("？");
    let reply = scene.say(&peer, "1", &text).await;
    assert_eq!(reply.status, Status::Answered, "{:?}", reply.completeness);
    assert!(reply.completeness.given.len() < reply.completeness.asked.len(), "what is left out is told by `completeness`");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_out_of_order_takes_nothing_else_along() {
    let scene = scene().await;
    let peer = terminal::peer("broken");
    scene.hall.desk.begin_as(&peer, &scene.hall.person.id_number).await.unwrap();
    let mut raw = SqliteConnection::connect(&scene.url).await.unwrap();
    sqlx::query("alter table contributions rename to gone").execute(&mut raw).await.unwrap();
    assert_eq!(scene.say(&peer, "1", "去年养老交了几个月").await.status, Status::Failed);
    assert_eq!(scene.say(&peer, "2", "失业金怎么领").await.status, Status::Answered);
    assert_eq!(scene.say(&peer, "3", "医保账户余额").await.status, Status::Answered);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_conversation_held_is_gone_when_it_ends() {
    let scene = scene().await;
    let opened = scene.hall.desk.open(wenban::domain::message::ChannelKind::Kiosk).await.unwrap();
    let peer = scene.hall.desk.admit(&opened.id, &opened.token).await.unwrap();
    scene.claim(&peer, &scene.name()).await;
    scene.hall.desk.end(&peer).await.unwrap();
    assert!(matches!(scene.hall.desk.admit(&opened.id, &opened.token).await, Err(DeskError::Ended)));
    assert!(scene.try_say(&peer, "after", Input::Text("你好".into())).await.is_err());
    let mut raw = SqliteConnection::connect(&scene.url).await.unwrap();
    let left: i64 = sqlx::query_scalar(
        "select (select count(*) from replies) + (select count(*) from challenges) \
         + (select count(*) from conversations where session is not null)",
    )
    .fetch_one(&mut raw)
    .await
    .unwrap();
    assert_eq!(left, 0);
}
