//! Who sees what of a matter, that nothing is left twice, and that staff's answer arrives.

use wenban::{
    channels::terminal,
    domain::{
        fact::CaseNumber,
        message::{ChannelKind, Incoming, Input, MessageId, Peer},
        reply::{ExpectedKind, Reply},
    },
    store::{self, Changes, Keyring, MatterChange},
};

use crate::support::{
    desk::{Hall, hall},
    postgres,
};

const TEXT: &str = "昨天下午三点江北窗口的人一直看手机不理人，我要投诉";

async fn say(hall: &Hall, peer: &Peer, id: &str, text: &str) -> Reply {
    let message = Incoming { from: peer.clone(), id: MessageId(id.into()), input: Input::Text(text.into()), at: hall.desk.now() };
    hall.desk.turn(&message).await.unwrap()
}

/// Leaves a complaint, and gives its number.
async fn complain(hall: &Hall, peer: &Peer, id: &str) -> (CaseNumber, Reply) {
    say(hall, peer, &format!("{id}-1"), TEXT).await;
    say(hall, peer, &format!("{id}-2"), "1").await;
    say(hall, peer, &format!("{id}-3"), "不留").await;
    let receipt = say(hall, peer, &format!("{id}-4"), "提交").await;
    let plain = terminal::plain(&receipt);
    let number = plain.split(|c: char| !c.is_ascii_digit()).find_map(CaseNumber::parse);
    (number.unwrap_or_else(|| panic!("no receipt in {plain}")), receipt)
}

async fn told(url: &str) {
    let hall = hall(url).await;
    let store = store::open(url, Keyring::new(&[1; 32], [2; 32])).await.unwrap();
    let kiosk = Peer { channel: ChannelKind::Kiosk, address: hall.desk.open(ChannelKind::Kiosk).await.unwrap().id, caller: None, token_hash: None };
    let (number, receipt) = complain(&hall, &kiosk, "k").await;
    assert_eq!(say(&hall, &kiosk, "k-4", "提交").await, receipt, "the same message again has the same receipt");
    assert_eq!(store.open_matters(9).await.unwrap().len(), 1);

    let own = terminal::plain(&say(&hall, &kiosk, "k-5", number.as_str()).await);
    assert!(own.contains(TEXT) && own.contains("已收到") && !own.contains("姓名"), "{own}");
    let stranger = terminal::peer("stranger");
    let foreign = terminal::plain(&say(&hall, &stranger, "s-1", number.as_str()).await);
    assert!(foreign.contains("已收到") && !foreign.contains("手机"), "{foreign}");

    let answer = MatterChange::Answered { number: number.clone(), answer: "已经批评教育，给您道歉".into() };
    store.commit(Changes { matters: vec![answer], ..Changes::new("staff desk", hall.desk.now()) }).await.unwrap();
    let answered = terminal::plain(&say(&hall, &kiosk, "k-6", number.as_str()).await);
    assert!(answered.contains("已答复") && answered.contains("给您道歉"), "{answered}");
    let foreign = terminal::plain(&say(&hall, &stranger, "s-2", number.as_str()).await);
    assert!(foreign.contains("已答复") && !foreign.contains("道歉"), "{foreign}");

    say(&hall, &kiosk, "k-7", "再见").await;
    let next = terminal::plain(&say(&hall, &kiosk, "k-8", number.as_str()).await);
    assert!(!next.contains("手机") && !next.contains("道歉"), "whoever comes next at the terminal is somebody else: {next}");

    let account = Peer { channel: ChannelKind::Telegram, address: "7".into(), caller: None, token_hash: None };
    let (number, _) = complain(&hall, &account, "t").await;
    say(&hall, &account, "t-5", "再见").await;
    let mine = terminal::plain(&say(&hall, &account, "t-6", number.as_str()).await);
    assert!(mine.contains(TEXT), "an account stays one person's: {mine}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_is_shown_to_its_own_conversation_and_its_state_to_whoever_has_the_number() {
    let dir = tempfile::tempdir().unwrap();
    told(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    told(&postgres::database().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_sees_it_again_once_checked() {
    let dir = tempfile::tempdir().unwrap();
    let hall = hall(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    let (one, other) = (terminal::peer("one"), terminal::peer("other"));
    hall.desk.begin_as(&one, &hall.person.id_number).await.unwrap();
    let (number, _) = complain(&hall, &one, "o").await;
    hall.desk.begin_as(&other, &hall.person.id_number).await.unwrap();
    let seen = terminal::plain(&say(&hall, &other, "p-1", number.as_str()).await);
    assert!(seen.contains(TEXT), "{seen}");

    let stranger = terminal::peer("stranger");
    say(&hall, &stranger, "x-1", number.as_str()).await;
    say(&hall, &stranger, "x-2", "1").await;
    let asked = say(&hall, &stranger, "x-3", "同意").await;
    assert_eq!(asked.expects.unwrap().kind, ExpectedKind::Name, "the rest is for whoever shows to be its owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn four_at_once_get_four_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let hall = hall(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    for n in 0..4 {
        say(&hall, &terminal::peer(format!("q{n}")), "1", "我要取号").await;
        let asked = say(&hall, &terminal::peer(format!("q{n}")), "2", "1").await;
        assert_eq!(asked.expects.unwrap().kind, ExpectedKind::Choice);
    }
    let peers: Vec<_> = (0..4).map(|n| terminal::peer(format!("q{n}"))).collect();
    let take = |n: usize| say(&hall, &peers[n], "3", "惠阳");
    let taken: [Reply; 4] = tokio::join!(take(0), take(1), take(2), take(3)).into();
    let mut numbers: Vec<_> =
        taken.iter().map(|reply| terminal::plain(reply).split("惠阳区 ").nth(1).unwrap().split(' ').next().unwrap().to_owned()).collect();
    numbers.sort();
    assert_eq!(numbers, ["1", "2", "3", "4"]);
}
