//! Records from the core system: a desk whose own store is empty, over a core system that is played.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{net::TcpListener, time::Instant};
use wenban::{
    channels::terminal,
    demo::{self, core::Core},
    desk::{Desk, DeskError, Parts},
    domain::{
        entity::Insurance,
        fact::PaymentKind,
        message::{Incoming, Input, MessageId, Peer, Proof},
        month::Period,
        person::{Person, PersonKey},
        reply::{Reply, Status},
    },
    gateway::{Config, Gateway},
    store::{self, Asked, Asker, Keyring, PersonFile, REGISTERS, Records, Registers, Store},
};

use crate::support::desk::{Phone, StoryClock, fill, reader, script, today};

mod contract;
mod copies;
mod faults;
mod hostile;
mod tls;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// People on file in the core system.
const PEOPLE: u64 = 30;

/// A desk and its core system.
struct Bureau {
    core: Arc<Core>,
    url: String,
    /// The core system's store.
    kept: Arc<dyn Store>,
    gateway: Arc<Gateway>,
    /// The desk's.
    store: Arc<dyn Store>,
    desk: Arc<Desk>,
    clock: Arc<StoryClock>,
    phone: Arc<Phone>,
    dir: TempDir,
}

async fn bureau() -> Bureau {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite://{}", dir.path().join(name).display());
    let clock = Arc::new(StoryClock::default());
    let kept = store::open(&at("core.db"), Keyring::new(&[8; 32], [9; 32])).await.unwrap();
    fill(&*kept, PEOPLE).await;
    let core = Arc::new(Core::new(kept.clone(), TOKEN, clock.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(core.clone().serve(listener));
    let store = store::open(&at("desk.db"), keys()).await.unwrap();
    let gateway = Arc::new(gateway(&url, TOKEN, dir.path(), &store, &clock));
    let phone = Arc::new(Phone::default());
    let parts = Parts {
        script: script(),
        reader: reader(),
        store: store.clone(),
        registers: gateway.clone(),
        keys: keys(),
        clock: clock.clone(),
        messenger: phone.clone(),
        papers: None,
        floor: Duration::ZERO,
    };
    Bureau { core, url, kept, gateway, store, desk: Arc::new(Desk::new(parts)), clock, phone, dir }
}

/// A secret as an operator keeps it.
fn secret(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    path
}

/// A gateway to `url` that signs with `token`, over the desk's store.
fn gateway(url: &str, token: &str, dir: &Path, store: &Arc<dyn Store>, clock: &Arc<StoryClock>) -> Gateway {
    let token = secret(dir, &format!("token-{:x}", rand::random::<u64>()), &format!("{token}\n"));
    let config = Config { url: url.into(), token, ca: None, certificate: None };
    Gateway::new(&config, store.clone(), keys(), clock.clone()).unwrap()
}

/// The desk's.
fn keys() -> Keyring {
    Keyring::new(&[1; 32], [2; 32])
}

fn asked() -> Asked {
    let by = Instant::now() + Duration::from_secs(3);
    Asked { purpose: "record.contributions".into(), actor: Asker::Resident, level: 2, by }
}

fn person(n: u64) -> Person {
    demo::person(1, n, today()).person
}

impl Bureau {
    /// What one call of a flow reads through.
    fn reading(&self) -> Arc<dyn Records> {
        self.gateway.clone().reading(asked())
    }

    /// A conversation of the demo's `n`th person, checked.
    async fn checked(&self, n: u64, name: &str) -> Peer {
        let peer = terminal::peer(format!("{name}-{n}"));
        self.desk.begin_as(&peer, &person(n).id_number).await.unwrap();
        peer
    }

    async fn try_put(&self, peer: &Peer, input: Input) -> Result<Reply, DeskError> {
        let id = MessageId(format!("{:032x}", rand::random::<u128>()));
        self.desk.turn(&Incoming { from: peer.clone(), id, input, at: self.desk.now() }).await
    }

    async fn say(&self, peer: &Peer, text: &str) -> Reply {
        self.try_put(peer, Input::Text(text.into())).await.unwrap()
    }

    /// How many copies the desk keeps.
    async fn copies(&self) -> i64 {
        use sqlx::Connection as _;
        let url = format!("sqlite://{}", self.dir.path().join("desk.db").display());
        let mut raw = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::query_scalar("select count(*) from copies").fetch_one(&mut raw).await.unwrap()
    }
}

/// All that `records` gives of a person, under a key that is nobody's.
async fn file(records: &dyn Records, person: &Person) -> PersonFile {
    let key = &person.key;
    PersonFile {
        person: Person { key: PersonKey(String::new()), ..person.clone() },
        enrollments: records.enrollments(key).await.unwrap(),
        contributions: records.contributions(key, None, None).await.unwrap(),
        pension_account: records.pension_account(key).await.unwrap(),
        medical_account: records.medical_account(key, u32::MAX).await.unwrap(),
        medical_claims: records.medical_claims(key).await.unwrap(),
        payments: records.payments(key, None).await.unwrap(),
        certification: records.certification(key).await.unwrap(),
        card: records.card(key).await.unwrap(),
        cases: records.cases(key).await.unwrap(),
    }
}

/// GWY-01, GWY-02: the core system checks signature, time, id, body and path of every request.
#[tokio::test(flavor = "multi_thread")]
async fn each_register_through_the_gateway_equals_the_direct_read() {
    let bureau = bureau().await;
    let mut asked_before = 0;
    for n in 0..PEOPLE {
        let number = person(n).id_number;
        let direct = bureau.kept.person_by_id_number(&number).await.unwrap().unwrap();
        let reading = bureau.reading();
        let through = reading.person_by_id_number(&number).await.unwrap().unwrap();
        assert_eq!(file(&*reading, &through).await, file(&*bureau.kept, &direct).await, "person {n}");
        assert_eq!(bureau.core.calls() - asked_before, 10, "each register is asked for once");
        let (insurance, year) = (Some(Insurance::Pension), Some(Period::year(2025)));
        assert_eq!(
            reading.contributions(&through.key, insurance, year).await.unwrap(),
            bureau.kept.contributions(&direct.key, insurance, year).await.unwrap()
        );
        let pension = Some(PaymentKind::Pension);
        assert_eq!(reading.payments(&through.key, pension).await.unwrap(), bureau.kept.payments(&direct.key, pension).await.unwrap());
        assert_eq!(reading.medical_account(&through.key, 3).await.unwrap(), bureau.kept.medical_account(&direct.key, 3).await.unwrap());
        assert_eq!(bureau.core.calls() - asked_before, 10, "and then known");
        asked_before = bureau.core.calls();
        for register in REGISTERS {
            assert_eq!(reading.as_of(register).await.unwrap(), today().pred_opt());
            assert_eq!(reading.copied(register), None);
        }
    }
    let nobody = demo::person(9, 99, today()).person;
    assert_eq!(bureau.reading().person_by_id_number(&nobody.id_number).await.unwrap(), None);
    assert_eq!(bureau.core.refused(), 0);
}

/// From an empty store: name, number, code, record, all through the core system.
#[tokio::test(flavor = "multi_thread")]
async fn a_resident_is_checked_and_answered_out_of_the_core_system() {
    let bureau = bureau().await;
    let (peer, person) = (terminal::peer("resident"), person(0));
    assert_eq!(bureau.say(&peer, "医保账户余额").await.status, Status::Verify);
    bureau.say(&peer, "同意").await;
    let proof = Proof::Person { name: person.name.clone(), id_number: person.id_number.clone() };
    bureau.try_put(&peer, Input::Proof(proof)).await.unwrap();
    let code = bureau.phone.code().unwrap();
    let reply = bureau.try_put(&peer, Input::Proof(Proof::Code(code))).await.unwrap();
    assert_eq!(reply.status, Status::Answered);
    let key = bureau.kept.person_by_id_number(&person.id_number).await.unwrap().unwrap().key;
    let balance = bureau.kept.medical_account(&key, 1).await.unwrap()[0].balance;
    assert!(terminal::plain(&reply).contains(&balance.grouped()), "{}", terminal::plain(&reply));
    assert_eq!((reply.sources[0].as_of, reply.sources[0].copied_at), (today().pred_opt(), None));
    assert_eq!(bureau.core.calls(), 2, "one for the person, one for the register: the code asks nobody");
    assert_eq!(bureau.core.refused(), 0);
    assert_eq!(bureau.store.people_count().await.unwrap(), 0);
}

/// GWY-03: 16 at once, 64 wait, and who comes after is told at once; nobody waits for more than 3 s.
#[tokio::test(flavor = "multi_thread")]
async fn sixteen_ask_and_sixty_four_wait() {
    let bureau = bureau().await;
    bureau.core.fail(Some(demo::core::Fault::Hang));
    let started = Instant::now();
    let number = person(0).id_number;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (reading, number) = (bureau.reading(), number.clone());
            tokio::spawn(async move { (reading.person_by_id_number(&number).await.unwrap_err().to_string(), started.elapsed()) })
        })
        .collect();
    let (mut full, mut late) = (0, 0);
    for call in calls {
        let (why, took) = call.await.unwrap();
        if why.contains("too many wait") {
            assert!(took < Duration::from_secs(2), "{took:?}");
            full += 1;
        } else {
            assert!(why.contains("in time") && took < Duration::from_secs(5), "{why} {took:?}");
            late += 1;
        }
    }
    assert_eq!((full, late), (20, 80));
    assert_eq!((bureau.core.calls(), bureau.core.most_at_once()), (16, 16));
}
