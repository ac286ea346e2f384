//! One contract for both databases: every statement runs on each.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, sync::Arc};

use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::{Connection, PgConnection, SqliteConnection};
use wenban::{
    demo,
    domain::{
        entity::Insurance,
        fact::{CaseNumber, PaymentKind},
        message::MessageId,
        month::Period,
        person::PersonKey,
        reply::{Block, Reply, Status},
        session::Session,
    },
    store::{Changes, Keyring, PersonFile, REGISTERS, Save, Sent, Store, StoreError, Suite, audit::verify::verify, open},
};

use crate::support::{postgres, search::found};

mod certificates;
mod codes;
mod conversations;
mod copies;
mod matters;
mod retain;
mod rotation;
mod sign_ins;

/// Rows that the whole contract leaves in the audit trail: one turn's, three conversations' ends, a removal, 100 turns' that told
/// two acts.
const AUDITED: i64 = 1 + 3 + 1 + 200;

fn keys() -> Keyring {
    Keyring::new(&[1; 32], [2; 32])
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

fn now() -> DateTime<Utc> {
    today().and_hms_opt(2, 30, 0).unwrap().and_utc()
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_keeps_the_contract_and_its_files_hold_nothing_personal() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data").join("wenban.db");
    let url = format!("sqlite://{}", path.display());
    let store = open(&url, keys()).await.unwrap();
    contract(Arc::clone(&store)).await;

    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    let audited: i64 = sqlx::query_scalar("select count(*) from audit").fetch_one(&mut raw).await.unwrap();
    assert_eq!(audited, AUDITED);
    chain_holds(&*store).await;
    files_hold_nothing_personal(path.parent().unwrap());
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", entry.path().display());
    }

    drop(store);
    let again = open(&url, keys()).await.unwrap();
    assert_eq!(again.people_count().await.unwrap(), 60, "a second start finds what the first left");
    let other = open(&url, Keyring::new(&[3; 32], [2; 32])).await.unwrap();
    let person = demo::person(7, 0, today()).person;
    assert!(matches!(other.person(&person.key).await, Err(StoreError::Sealed)));
}

/// ENC-05: the same contract with 国密.
#[tokio::test(flavor = "multi_thread")]
async fn enc_05_the_contract_holds_under_sm4_and_sm3() {
    let gm = || Keyring::of_suite(Suite::Gm, &[1; 32], [2; 32]);
    let dir = tempfile::tempdir().unwrap();
    for url in [format!("sqlite://{}", dir.path().join("wenban.db").display()), postgres::database().await] {
        let store = open(&url, gm()).await.unwrap();
        contract(Arc::clone(&store)).await;
        let walk = verify(&*store, &gm(), &[]).await.unwrap();
        assert_eq!((walk.fault, walk.rows), (None, AUDITED));
        let person = demo::person(7, 0, today()).person;
        let other = open(&url, keys()).await.unwrap();
        assert!(matches!(other.person(&person.key).await, Err(StoreError::Sealed)));
    }
    files_hold_nothing_personal(dir.path());
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_takes_writes_again_after_another_process_held_it_too_long() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
    let store = open(&url, keys()).await.unwrap();
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    let held = other.begin_with("begin immediate").await.unwrap();
    assert!(matches!(store.commit(turn("t1", "m1", 0, 1)).await, Err(StoreError::Unavailable(_))));
    held.rollback().await.unwrap();
    store.commit(turn("t1", "m1", 0, 1)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_keeps_the_contract() {
    let url = postgres::database().await;
    let store = open(&url, keys()).await.unwrap();
    contract(Arc::clone(&store)).await;

    let mut raw = PgConnection::connect(&url).await.unwrap();
    let audited: i64 = sqlx::query_scalar("select count(*) from audit").fetch_one(&mut raw).await.unwrap();
    assert_eq!(audited, AUDITED);
    chain_holds(&*store).await;
    open(&url, keys()).await.unwrap();
}

#[tokio::test]
async fn another_kind_of_url_is_refused_without_showing_it() {
    for url in ["mysql://u:secret@h/d", "sqlite://", "wenban.db"] {
        let Err(refused) = open(url, keys()).await else { panic!("{url} was opened") };
        assert!(!refused.to_string().contains("secret"));
    }
}

/// Both folders have the same tables with the same columns in the same order.
#[test]
fn migrations_come_in_pairs() {
    let list = |folder: &str| {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(list("migrations/sqlite"), list("migrations/postgres"));
    for name in list("migrations/sqlite") {
        let columns = |folder: &str| {
            let text = fs::read_to_string(Path::new(folder).join(&name)).unwrap();
            let lines = text.lines().filter(|line| line.starts_with("create") || line.starts_with("    "));
            lines
                .map(|line| {
                    line.split(['(', ' '])
                        .filter(|word| !word.is_empty())
                        .take(if line.starts_with(' ') { 1 } else { 3 })
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(columns("migrations/sqlite"), columns("migrations/postgres"), "{}", name.display());
    }
}

/// Many at once made one chain.
async fn chain_holds(store: &dyn Store) {
    let walk = verify(store, &keys(), &[]).await.unwrap();
    assert_eq!((walk.fault, walk.rows, walk.head.seq), (None, AUDITED, AUDITED));
}

async fn contract(store: Arc<dyn Store>) {
    people(&*store).await;
    registers(&*store).await;
    conversations::sessions(&*store).await;
    conversations::ending(&*store).await;
    conversations::silence(&*store).await;
    codes::challenges(&*store).await;
    codes::limits(&store).await;
    codes::tries(&store).await;
    codes::consents(&*store).await;
    codes::forgotten(&*store).await;
    copies::copies(&*store).await;
    matters::matters(&*store).await;
    matters::queues(&*store).await;
    certificates::certificates(&*store).await;
    sign_ins::terminals(&*store).await;
    sign_ins::sign_ins(&*store).await;
    conversations::many_at_once(store).await;
}

async fn people(store: &dyn Store) {
    let files: Vec<PersonFile> = (0..60).map(|n| demo::person(7, n, today())).collect();
    assert_eq!(store.people_count().await.unwrap(), 0);
    store.put_people(files.clone()).await.unwrap();
    store.put_people(files[..20].to_vec()).await.unwrap();
    assert_eq!(store.people_count().await.unwrap(), 60, "the same people again replace themselves");
    for file in &files {
        same(store, file).await;
    }

    let mut renewed = files[10].clone();
    renewed.person.key = PersonKey("another-key".into());
    renewed.payments.clear();
    store.put_people(vec![renewed.clone()]).await.unwrap();
    assert_eq!(store.people_count().await.unwrap(), 60, "a number belongs to one person");
    assert_eq!(store.person(&files[10].person.key).await.unwrap(), None);
    assert_eq!(store.enrollments(&files[10].person.key).await.unwrap(), []);
    same(store, &renewed).await;

    let twice = vec![demo::person(7, 61, today()), demo::person(7, 61, today())];
    assert!(store.put_people(twice).await.is_err(), "one number twice in one batch");
    assert_eq!(store.people_count().await.unwrap(), 60, "all or none");
    store.put_people(vec![files[10].clone()]).await.unwrap();
    store.put_people(Vec::new()).await.unwrap();

    let nobody = demo::person(7, 99, today()).person;
    assert_eq!(store.person_by_id_number(&nobody.id_number).await.unwrap(), None);
    assert_eq!(store.person(&nobody.key).await.unwrap(), None);
    assert_eq!(store.certification(&nobody.key).await.unwrap(), None);
    assert_eq!(store.card(&nobody.key).await.unwrap(), None);
    assert_eq!(store.case(&CaseNumber::new(today(), 999_999)).await.unwrap(), None);
}

async fn same(store: &dyn Store, file: &PersonFile) {
    let key = &file.person.key;
    let stored = PersonFile {
        person: store.person_by_id_number(&file.person.id_number).await.unwrap().unwrap(),
        enrollments: store.enrollments(key).await.unwrap(),
        contributions: store.contributions(key, None, None).await.unwrap(),
        pension_account: store.pension_account(key).await.unwrap(),
        medical_account: store.medical_account(key, 1_000).await.unwrap(),
        medical_claims: store.medical_claims(key).await.unwrap(),
        payments: store.payments(key, None).await.unwrap(),
        certification: store.certification(key).await.unwrap(),
        card: store.card(key).await.unwrap(),
        cases: store.cases(key).await.unwrap(),
    };
    assert_eq!(&stored, file);
    assert_eq!(store.person(key).await.unwrap().as_ref(), Some(&file.person));

    let year = Period::year(2025);
    let within = |month| (year.from..=year.to).contains(&month);
    let some: Vec<_> = file.contributions.iter().filter(|row| row.insurance == Insurance::Pension && within(row.month)).cloned().collect();
    assert_eq!(store.contributions(key, Some(Insurance::Pension), Some(year)).await.unwrap(), some);
    let all: Vec<_> = file.contributions.iter().filter(|row| within(row.month)).cloned().collect();
    assert_eq!(store.contributions(key, None, Some(year)).await.unwrap(), all);
    let pensions: Vec<_> = file.payments.iter().filter(|row| row.kind == PaymentKind::Pension).cloned().collect();
    assert_eq!(store.payments(key, Some(PaymentKind::Pension)).await.unwrap(), pensions);
    let latest: Vec<_> = file.medical_account.iter().take(3).cloned().collect();
    assert_eq!(store.medical_account(key, 3).await.unwrap(), latest);
    for case in &file.cases {
        assert_eq!(store.case(&case.number).await.unwrap(), Some((key.clone(), case.clone())));
    }
}

async fn registers(store: &dyn Store) {
    for register in REGISTERS {
        assert_eq!(store.as_of(register).await.unwrap(), None);
        store.set_as_of(register, today() - Days::new(2)).await.unwrap();
        store.set_as_of(register, today() - Days::new(1)).await.unwrap();
        assert_eq!(store.as_of(register).await.unwrap(), Some(today() - Days::new(1)));
    }
}

fn reply(text: &str) -> Reply {
    Reply { blocks: vec![Block::Text { text: text.into() }], ..Reply::new(Status::Answered) }
}

fn message(id: &str) -> MessageId {
    MessageId(id.into())
}

/// A turn that saves a session which missed `misses` times, and replies.
fn turn(conversation: &str, id: &str, expected_version: i64, misses: u8) -> Changes {
    let session = Session { misses, last_reply: Some(Box::new(reply("上次"))), ..Session::default() };
    Changes {
        session: Some(Save { session, expected_version }),
        reply: Some(Sent { message: message(id), input_hash: format!("hash of {id}"), reply: reply("您好") }),
        ..Changes::new(conversation, now())
    }
}

fn files_hold_nothing_personal(dir: &Path) {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        bytes.extend(fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(bytes.len() > 100_000);
    let wanted: Vec<Vec<u8>> = (0..60)
        .flat_map(|n| {
            let person = demo::person(7, n, today()).person;
            let phone = person.phone.map(|phone| phone.reveal().to_owned());
            [Some(person.id_number.reveal().to_owned()), Some(person.name.reveal().to_owned()), phone].into_iter().flatten()
        })
        .chain([copies::CONTENT, matters::TEXT, matters::PHONE, matters::ANSWER, certificates::NAME].map(ToOwned::to_owned))
        .chain(["上次", "您好", certificates::ID_NUMBER].map(ToOwned::to_owned))
        .chain(certificates::codes())
        .map(String::into_bytes)
        .collect();
    assert_eq!(found(&bytes, &wanted).map(String::from_utf8_lossy), None, "in clear in {}", dir.display());
}
