//! What a check is good for, for how long, and for whom.

use wenban::{desk::DeskError, domain::message::ChannelKind};

use super::*;

impl Scene {
    /// Says who it is and gives the code, from the question for the name on.
    async fn sign_in(&self, peer: &Peer, (name, id_number): (FullName, IdNumber)) -> Reply {
        self.say(peer, Input::Proof(Proof::Person { name, id_number })).await;
        self.code(peer, &self.hall.phone.code().unwrap()).await
    }
}

/// ACR-01: level 3 lasts five minutes; treatments then ask anew, other records do not, and who fails the new check keeps the old level.
#[tokio::test(flavor = "multi_thread")]
async fn acr_01_treatments_want_a_fresh_check() {
    let scene = scene().await;
    let peer = account("patient");
    scene.hall.desk.begin_as(&peer, &scene.hall.person.id_number).await.unwrap();
    assert_eq!(scene.text(&peer, "我的医保报销记录").await.status, Status::Answered);
    scene.pass(300);
    let asked = scene.text(&peer, "我的医保报销记录").await;
    assert_eq!((asked.status, expects(&asked)), (Status::Verify, Some(ExpectedKind::Name)));
    scene.text(&peer, "取消").await;
    assert_eq!(scene.text(&peer, "去年养老交了几个月").await.status, Status::Answered);
}

/// ACR-03: when another person is checked in one conversation, nothing of the first is left: not what was agreed to, not what was
/// asked, not what was left here.
#[tokio::test(flavor = "multi_thread")]
async fn acr_03_a_second_person_finds_nothing_of_the_first() {
    let scene = scene().await;
    let peer = account("shared");
    scene.ask(&peer).await;
    assert_eq!(scene.sign_in(&peer, scene.person()).await.status, Status::Answered);
    for words in ["昨天下午三点江北窗口的人一直看手机不理人，我要投诉", "1", "不留"] {
        scene.text(&peer, words).await;
    }
    let receipt = terminal::plain(&scene.text(&peer, "提交").await);
    let number = receipt.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 15).unwrap().to_owned();
    let own = terminal::plain(&scene.text(&peer, &number).await);
    assert!(own.contains("手机不理人"), "{own}");

    scene.pass(16 * 60);
    let other = wenban::demo::person(1, 10, crate::support::desk::today()).person;
    assert_eq!(expects(&scene.text(&peer, "去年养老交了几个月").await), Some(ExpectedKind::Name));
    let asked = scene.sign_in(&peer, who(&other)).await;
    assert_eq!(expects(&asked), Some(ExpectedKind::Choice), "the second person reads the notice too: {}", texts(&asked));
    let told = scene.text(&peer, "同意").await;
    assert_eq!(told.status, Status::Answered, "{}", terminal::plain(&told));
    assert_eq!(scene.count("select count(distinct person) from consents").await, 2);

    let foreign = terminal::plain(&scene.text(&peer, &number).await);
    assert!(!foreign.contains("手机不理人"), "{foreign}");
}

/// KSK-02: a terminal whose page was there and shows nothing for 120 s is wiped; a page that listens is not, nor is a caller that
/// never listened.
#[tokio::test(flavor = "multi_thread")]
async fn ksk_02_a_silent_terminal_is_wiped() {
    let scene = scene().await;
    let desk = &scene.hall.desk;
    let opened = [desk.open(ChannelKind::Kiosk).await.unwrap(), desk.open(ChannelKind::Kiosk).await.unwrap()];
    let [page, script] = [&opened[0], &opened[1]];
    let peer = desk.admit(&page.id, &page.token).await.unwrap();
    scene.text(&peer, "你好").await;
    desk.see(&peer).await.unwrap();
    for (seconds, over) in [(119, false), (1, true)] {
        scene.pass(seconds);
        desk.wipe_silent().await.unwrap();
        let admitted = desk.admit(&page.id, &page.token).await;
        assert_eq!(matches!(admitted, Err(DeskError::Ended)), over, "{seconds}");
        if !over {
            desk.see(&peer).await.unwrap();
            scene.pass(119);
            desk.wipe_silent().await.unwrap();
            assert!(desk.admit(&page.id, &page.token).await.is_ok(), "it was seen");
        }
    }
    assert!(desk.admit(&script.id, &script.token).await.is_ok());
    assert_eq!(scene.count("select count(*) from conversations where session is not null").await, 0);
}

/// SES-02: a check renews the token, and the former opens nothing any more: not for a turn that waited behind the check, nor at
/// another node that still remembers it. What that node remembers keeps nobody out either.
#[tokio::test(flavor = "multi_thread")]
async fn ses_02_a_former_token_takes_no_turn_at_any_node() {
    let scene = scene().await;
    let other = hall(&scene.url).await;
    let opened = scene.hall.desk.open(ChannelKind::Widget).await.unwrap();
    let former = other.desk.admit_to_turn(&opened.id, &opened.token).await.unwrap();
    let message = |from: &Peer, input| {
        let id = MessageId(format!("{:032x}", rand::random::<u128>()));
        Incoming { from: from.clone(), id, input, at: scene.now() }
    };
    for text in ["你好", "去年养老交了几个月", "同意"] {
        other.desk.turn(&message(&former, Input::Text(text.into()))).await.unwrap();
    }
    assert!(other.store.remembered(&opened.id).is_some());

    let (name, id_number) = scene.person();
    let here = scene.hall.desk.admit_to_turn(&opened.id, &opened.token).await.unwrap();
    scene.hall.desk.turn(&message(&here, Input::Proof(Proof::Person { name, id_number }))).await.unwrap();
    let code = scene.hall.phone.code().unwrap();
    let checked = scene.hall.desk.turned(&message(&here, Input::Proof(Proof::Code(code)))).await.unwrap();
    assert_eq!(checked.reply.status, Status::Answered);
    let token = checked.token.unwrap();

    for (hall, from) in [(&scene.hall, &here), (&other, &former)] {
        let refused = hall.desk.turn(&message(from, Input::Text("去年养老交了几个月".into()))).await;
        assert!(matches!(refused, Err(DeskError::Unknown)), "{refused:?}");
        assert!(matches!(hall.desk.admit_to_turn(&opened.id, &opened.token).await, Err(DeskError::Unknown)));
        let now = hall.desk.admit_to_turn(&opened.id, &token).await.unwrap();
        assert_eq!(hall.desk.turn(&message(&now, Input::Text("去年养老交了几个月".into()))).await.unwrap().status, Status::Answered);
    }

    let now = scene.hall.desk.admit_to_turn(&opened.id, &token).await.unwrap();
    other.desk.end(&now).await.unwrap();
    let late = scene.hall.desk.turn(&message(&now, Input::Text("你好".into()))).await;
    assert!(matches!(late, Err(DeskError::Ended)), "{late:?}");
}
