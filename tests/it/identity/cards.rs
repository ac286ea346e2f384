//! Cards that a hall's terminal reads, and what somebody without such a terminal tries.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use wenban::{
    domain::message::ChannelKind,
    store::{Changes, Terminal, TerminalChange},
};

use super::*;

/// The agent of a terminal.
struct Agent {
    id: &'static str,
    pair: Ed25519KeyPair,
}

impl Agent {
    fn new(id: &'static str) -> Self {
        Self { id, pair: Ed25519KeyPair::generate().unwrap() }
    }

    /// The same on file.
    async fn on_file(scene: &Scene, id: &'static str) -> Self {
        let agent = Self::new(id);
        let public_key = BASE64_URL_SAFE_NO_PAD.encode(agent.pair.public_key());
        let terminal =
            Terminal { id: id.into(), name: "江北大厅 1 号机".into(), public_key, added_at: scene.now(), revoked_at: None };
        scene.commit(TerminalChange::Added(terminal)).await;
        agent
    }

    fn sign(&self, reading: &Value) -> Proof {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(Algorithm::EdDSA) };
        let key = EncodingKey::from_ed_der(self.pair.to_pkcs8v1().unwrap().as_ref());
        Proof::Card(encode(&header, reading, &key).unwrap())
    }
}

impl Scene {
    async fn commit(&self, change: TerminalChange) {
        self.hall.store.commit(Changes { terminals: vec![change], ..Changes::new("terminals", self.now()) }).await.unwrap();
    }

    /// Somebody at a hall's terminal who asked for a record and read the notice.
    async fn visitor(&self, channel: ChannelKind) -> Peer {
        let opened = self.hall.desk.open(channel).await.unwrap();
        let peer = self.hall.desk.admit(&opened.id, &opened.token).await.unwrap();
        assert_eq!(expects(&self.ask(&peer).await), Some(ExpectedKind::Name));
        peer
    }

    /// What a terminal reads off the person's card at this moment.
    fn reading(&self, peer: &Peer, jti: u32) -> Value {
        let (name, id_number) = self.person();
        json!({
            "conversation": peer.address, "name": name.reveal(), "id_number": id_number.reveal(),
            "read_at": self.now().timestamp_millis(), "jti": format!("{jti:032x}"),
        })
    }

    async fn card(&self, peer: &Peer, card: Proof) -> Reply {
        self.say(peer, Input::Proof(card)).await
    }
}

fn with(mut reading: Value, name: &str, value: Value) -> Value {
    reading[name] = value;
    reading
}

/// Refused in words, and the other way stays open.
fn refused(reply: &Reply) -> bool {
    texts(reply).contains("读卡没有通过核对") && expects(reply) == Some(ExpectedKind::Name)
}

/// KSK-05, ACR-01: a card answers name, number and code at once, at level 3, under a new token; the trail names the terminal.
#[tokio::test(flavor = "multi_thread")]
async fn ksk_05_a_card_is_a_whole_check() {
    let scene = scene().await;
    let agent = Agent::on_file(&scene, "a1").await;
    let peer = scene.visitor(ChannelKind::Kiosk).await;
    let card = agent.sign(&scene.reading(&peer, 1));
    let message = Incoming { from: peer.clone(), id: MessageId("card".into()), input: Input::Proof(card.clone()), at: scene.now() };
    let turned = scene.hall.desk.turned(&message).await.unwrap();
    assert_eq!(turned.reply.status, Status::Answered, "{}", texts(&turned.reply));
    assert_eq!(turned.token.map(|token| token.len()), Some(43));
    assert_eq!(scene.hall.phone.count(), 0);
    let claims = scene.text(&peer, "我的医保报销记录").await;
    assert_eq!(expects(&claims), Some(ExpectedKind::Choice), "fresh: only the notice about treatments stands before them");
    assert_eq!(scene.text(&peer, "同意").await.status, Status::Answered);
    let told = "select count(*) from audit where action = 'identity.check' and outcome = 'allowed' and object = 'card a1' and person <> ''";
    assert_eq!(scene.count(told).await, 1);
    let unasked = scene.card(&peer, card).await;
    assert!(texts(&unasked).contains("不需要核对身份"), "{}", texts(&unasked));
}

/// PRV-01: the notice comes before the card.
#[tokio::test(flavor = "multi_thread")]
async fn prv_01_a_card_does_not_stand_for_consent() {
    let scene = scene().await;
    let agent = Agent::on_file(&scene, "a1").await;
    let opened = scene.hall.desk.open(ChannelKind::Kiosk).await.unwrap();
    let peer = scene.hall.desk.admit(&opened.id, &opened.token).await.unwrap();
    scene.text(&peer, "去年养老交了几个月").await;
    let early = scene.card(&peer, agent.sign(&scene.reading(&peer, 1))).await;
    assert_eq!(expects(&early), Some(ExpectedKind::Choice));
    scene.text(&peer, "同意").await;
    let again = scene.card(&peer, agent.sign(&scene.reading(&peer, 1))).await;
    assert_eq!(again.status, Status::Answered, "what was not looked at is not used up");
}

/// KSK-05: another terminal's word, another conversation's, another minute's, and a word twice are refused alike, and each refusal is
/// in the trail.
#[tokio::test(flavor = "multi_thread")]
async fn ksk_05_only_a_terminals_own_fresh_word_counts() {
    let scene = scene().await;
    let (agent, stranger) = (Agent::on_file(&scene, "a1").await, Agent::new("a1"));
    let revoked = Agent::on_file(&scene, "b2").await;
    scene.commit(TerminalChange::Revoked("b2".into())).await;
    let peer = scene.visitor(ChannelKind::Kiosk).await;
    let reading = |jti| scene.reading(&peer, jti);
    let ago = |jti, ms: i64| with(reading(jti), "read_at", json!(scene.now().timestamp_millis() - ms));
    let hmac = || {
        let header = Header { kid: Some("a1".into()), ..Header::new(Algorithm::HS256) };
        let public = BASE64_URL_SAFE_NO_PAD.encode(agent.pair.public_key());
        Proof::Card(encode(&header, &reading(20), &EncodingKey::from_secret(public.as_bytes())).unwrap())
    };
    let Proof::Card(good) = agent.sign(&reading(21)) else { unreachable!() };
    let part = |at: usize| good.split('.').nth(at).unwrap().to_owned();
    let other = BASE64_URL_SAFE_NO_PAD.encode(with(reading(22), "name", json!("张三")).to_string());
    let bare = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"a1"}"#);
    let cards = [
        ("another's key", stranger.sign(&reading(1))),
        ("no terminal", Agent::new("c3").sign(&reading(2))),
        ("a revoked terminal", revoked.sign(&reading(3))),
        ("another conversation", agent.sign(&with(reading(4), "conversation", json!("0".repeat(32))))),
        ("61 seconds ago", agent.sign(&ago(5, 60_001))),
        ("6 seconds ahead", agent.sign(&ago(6, -5_001))),
        ("a short jti", agent.sign(&with(reading(7), "jti", json!("1")))),
        ("no jti", agent.sign(&with(reading(8), "jti", Value::Null))),
        ("no time that is", agent.sign(&with(reading(9), "read_at", json!(i64::MAX)))),
        ("no number", agent.sign(&with(reading(10), "id_number", json!("441399199001010010")))),
        ("an HMAC under the public key", hmac()),
        ("another's name in it", Proof::Card(format!("{}.{other}.{}", part(0), part(2)))),
        ("no signature", Proof::Card(format!("{bare}.{}.AA", part(1)))),
    ];
    let count = u32::try_from(cards.len()).unwrap();
    for (what, card) in cards {
        let reply = scene.card(&peer, card).await;
        assert!(refused(&reply), "{what}: {}", texts(&reply));
    }
    let told = "select count(*) from audit where action = 'identity.check' and outcome = 'refused' and person = ''";
    assert_eq!(scene.count(told).await, i64::from(count));
    // On either edge it counts; and once.
    let late = agent.sign(&ago(30, 60_000));
    assert_eq!(scene.card(&peer, late.clone()).await.status, Status::Answered);
    let elsewhere = scene.visitor(ChannelKind::Kiosk).await;
    assert!(refused(&scene.card(&elsewhere, late).await));
    let widget = scene.visitor(ChannelKind::Widget).await;
    assert!(refused(&scene.card(&widget, agent.sign(&scene.reading(&widget, 31))).await), "no page but a terminal's");
    let early = with(scene.reading(&elsewhere, 32), "read_at", json!(scene.now().timestamp_millis() + 5_000));
    assert_eq!(scene.card(&elsewhere, agent.sign(&early)).await.status, Status::Answered);
    let used = scene.visitor(ChannelKind::Kiosk).await;
    let again = with(early, "conversation", json!(used.address));
    assert!(refused(&scene.card(&used, agent.sign(&again)).await), "the jti was used");
    assert_eq!(expects(&scene.claim(&used, &scene.person()).await), Some(ExpectedKind::Otp), "a code is sent all the same");
}

/// ENU-01 to 03, PRV-03: who is not on file and whose name is another are told the same; nobody under 14 is checked.
#[tokio::test(flavor = "multi_thread")]
async fn enu_01_a_card_that_is_not_on_file_is_told_so_in_one_way() {
    let scene = scene().await;
    let agent = Agent::on_file(&scene, "a1").await;
    let (_, unknown) = nobody();
    let child = "44139920200101001";
    let child = format!("{child}{}", char::from(wenban::domain::id_number::check_digit(child.as_bytes())));
    let mut told = Vec::new();
    for (jti, name, value) in [(1, "id_number", unknown.reveal()), (2, "name", "另有其人"), (3, "id_number", &child)] {
        let peer = scene.visitor(ChannelKind::Kiosk).await;
        let reply = scene.card(&peer, agent.sign(&with(scene.reading(&peer, jti), name, json!(value)))).await;
        assert_eq!((reply.status, expects(&reply)), (Status::Refused, None), "{}", texts(&reply));
        told.push(texts(&reply));
    }
    assert!(told[0].contains("没有查到") && told[0] == told[1], "{told:?}");
    assert!(told[2].contains("14 周岁"), "{}", told[2]);
    assert_eq!(
        scene.count("select count(*) from audit where action = 'identity.check' and person <> ''").await,
        1,
        "its owner may learn of it"
    );
}

/// ENU-07: cards are counted like numbers that are typed, 60 an hour at a hall's terminal.
#[tokio::test(flavor = "multi_thread")]
async fn enu_07_cards_count_as_numbers() {
    let scene = scene().await;
    let agent = Agent::on_file(&scene, "a1").await;
    let peer = scene.visitor(ChannelKind::Kiosk).await;
    for jti in 0..61 {
        if jti > 0 {
            scene.ask(&peer).await;
        }
        let reply = scene.card(&peer, agent.sign(&with(scene.reading(&peer, jti), "name", json!("另有其人")))).await;
        assert_eq!(texts(&reply).contains("次数太多"), jti == 60, "{jti}: {}", texts(&reply));
    }
}

/// KSK-05: two desks that have one database take a card once between them.
#[tokio::test(flavor = "multi_thread")]
async fn ksk_05_of_two_desks_one_takes_a_card() {
    for url in [None, Some(crate::support::postgres::database().await)] {
        let dir = tempfile::tempdir().unwrap();
        let url = url.unwrap_or_else(|| format!("sqlite://{}", dir.path().join("wenban.db").display()));
        let (one, other) = (hall(&url).await, hall(&url).await);
        let one = Scene { hall: one, url: url.clone(), _dir: dir };
        let agent = Agent::on_file(&one, "a1").await;
        for jti in 0..8 {
            let peer = one.visitor(ChannelKind::Kiosk).await;
            let input = Input::Proof(agent.sign(&one.reading(&peer, jti)));
            let message = |id: &str| Incoming { from: peer.clone(), id: MessageId(id.into()), input: input.clone(), at: one.now() };
            let (first, second) = (message("1"), message("2"));
            let (first, second) = tokio::join!(one.hall.desk.turn(&first), other.desk.turn(&second));
            let answered = [first, second].into_iter().flatten().filter(|reply| reply.status == Status::Answered).count();
            assert!(answered <= 1, "{answered}");
        }
    }
}
