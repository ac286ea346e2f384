//! BAK-01, REL-14: a backup of a desk at work, put in place elsewhere; doctored ones; old ones.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection, SqliteConnection};
use wenban::{
    demo,
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        reply::{Reply, Status},
        session::Session,
    },
    store::{
        self, Changes, Keyring, Save, Sent, Store, Suite,
        audit::verify::{Fault, verify},
        backup::{BackupKey, Header, back_up, header},
    },
};

use super::Site;
use crate::support::{desk::today, postgres, raw::Raw};

/// Days that a backup is kept.
const KEPT: i64 = 35;

fn keys() -> Keyring {
    Keyring::new(&[1; 32], [2; 32])
}

/// One turn of a conversation of its own: each leaves a conversation, a reply and a row in the trail.
fn turn(n: u32) -> Changes {
    let id = format!("c{n}");
    let entry = Entry::new(Actor::Resident(None), Act::RecordRead, Outcome::Allowed);
    Changes {
        session: Some(Save { session: Session::default(), expected_version: 0 }),
        reply: Some(Sent {
            message: wenban::domain::message::MessageId("m".into()),
            input_hash: String::new(),
            reply: Reply::new(Status::Answered).into(),
        }),
        audit: vec![entry],
        ..Changes::new(id, today().and_hms_opt(2, 30, 0).unwrap().and_utc())
    }
}

impl Site {
    fn backups(&self) -> PathBuf {
        let folder = self.dir.path().join("backups");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn back_up(&self, to: &Path) -> (bool, String) {
        self.wenban(&["backup", &to.display().to_string()])
    }

    /// Another machine with this one's keys.
    fn elsewhere(&self) -> Self {
        let there = Self::new();
        fs::copy(Path::new(&self.keys).join("backup.key"), Path::new(&there.keys).join("backup.key")).unwrap();
        there
    }

    fn restore(&self, from: &Path) -> (bool, String) {
        self.wenban(&["restore", &from.display().to_string()])
    }
}

/// Turns are written all the while, by several at once.
fn at_work(store: &Arc<dyn Store>, stop: &Arc<AtomicBool>) -> Vec<tokio::task::JoinHandle<u32>> {
    let writer = |lane: u32| {
        let (store, stop) = (store.clone(), stop.clone());
        tokio::spawn(async move {
            let mut written = 0;
            while !stop.load(Ordering::Relaxed) {
                store.commit(turn(lane + 8 * written)).await.unwrap();
                written += 1;
            }
            written
        })
    };
    (0..8).map(writer).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rel_14_a_backup_of_a_desk_at_work_is_one_moment_of_it() {
    let site = Site::new();
    let store = store::open(&site.database, keys()).await.unwrap();
    store.put_people((0..20).map(|n| demo::person(7, n, today())).collect()).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writers = at_work(&store, &stop);
    while store.audit_head().await.unwrap().seq < 50 {
        tokio::task::yield_now().await;
    }
    let file = site.backups().join("under-load.backup");
    let (made, said) = tokio::task::block_in_place(|| site.back_up(&file));
    assert!(made, "{said}");
    let before = store.audit_head().await.unwrap().seq;
    while store.audit_head().await.unwrap().seq < before + 50 {
        tokio::task::yield_now().await;
    }
    stop.store(true, Ordering::Relaxed);
    let mut written = 0;
    for writer in writers {
        written += writer.await.unwrap();
    }
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(site.backups()).unwrap().count(), 1, "nothing else is left");
    assert!(!Path::new(site.database.strip_prefix("sqlite://").unwrap()).with_extension("db.backup").exists(), "nor the draft");
    let key = fs::metadata(Path::new(&site.keys).join("backup.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o400);
    let sealed = fs::read(&file).unwrap();
    let holds = |text: &str| sealed.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(!holds("SQLite format") && !holds("conversations\0"), "sealed as a whole");
    let Header { rows, audit, .. } = header(&file).unwrap().unwrap();
    assert!(said.contains(&format!("audit head {}@{}", audit.hash, audit.seq)), "{said}");
    assert_eq!((rows["conversations"], rows["replies"]), (audit.seq - 1, audit.seq - 1), "a turn is there whole or not: {rows:?}");
    assert!(audit.seq > 50 && audit.seq < i64::from(written), "{} of {written}", audit.seq);

    let there = site.elsewhere();
    let (restored, said) = there.restore(&file);
    assert!(restored && said.contains(&format!("@{}", audit.seq)) && !said.contains("hours old"), "{said}");
    let mut raw = Raw::connect(&there.database).await;
    for (table, count) in &rows {
        let told = i64::from(table == "audit");
        assert_eq!(raw.count(table).await, count + told, "{table}: and a row about the restoring itself");
    }
    let again = store::open(&there.database, keys()).await.unwrap();
    let walk = verify(&*again, &keys(), &[]).await.unwrap();
    assert_eq!((walk.fault, walk.rows), (None, audit.seq + 1));
    let person = demo::person(7, 3, today());
    let known = again.person_by_id_number(&person.person.id_number).await.unwrap();
    assert_eq!(known.unwrap(), person.person, "with the keys it is read again");
    assert_eq!(again.contributions(&person.person.key, None, None).await.unwrap(), person.contributions);

    // A store that is there is not lost by mistake.
    let (overwritten, said) = there.restore(&file);
    assert!(!overwritten && said.contains("is there already: --replace"), "{said}");
    again.commit(turn(1_000_000)).await.unwrap();
    drop(again);
    let (replaced, said) = there.wenban(&["restore", &file.display().to_string(), "--replace"]);
    assert!(replaced, "{said}");
    assert_eq!(Raw::connect(&there.database).await.count("conversations").await, rows["conversations"]);
    let (twice, said) = site.back_up(&file);
    assert!(!twice && said.contains("is there already"), "{said}");
}

/// Whatever is done to a backup, it is refused, and nothing is put in place.
#[tokio::test(flavor = "multi_thread")]
async fn rel_14_a_doctored_backup_is_refused() {
    let site = Site::new();
    let store = store::open(&site.database, keys()).await.unwrap();
    for n in 0..5 {
        store.commit(turn(n)).await.unwrap();
    }
    let file = site.backups().join("good.backup");
    let (made, said) = site.back_up(&file);
    assert!(made, "{said}");
    let there = site.elsewhere();
    let good = fs::read(&file).unwrap();
    let bad = site.backups().join("bad.backup");
    let refused = |bytes: &[u8], why: &str| {
        fs::write(&bad, bytes).unwrap();
        let (restored, said) = there.restore(&bad);
        assert!(!restored && said.contains("is refused") && said.contains(why), "{why}: {said}");
        let left: Vec<_> = fs::read_dir(there.dir.path().join("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["wenban.db.lock"], "nothing is left of it");
    };
    let replaced = |from: &str, to: &str| {
        let text = String::from_utf8_lossy(&good[..good.len().min(4_000)]).into_owned();
        let (line, _) = text.split_once("}\n").unwrap();
        let changed = line.replacen(from, to, 1);
        assert_ne!(line, changed, "{from}");
        [changed.as_bytes(), &good[line.len()..]].concat()
    };
    refused(b"wenban backup 2\n{}\n", "it is no backup");
    refused(&good[..good.len() - 1], "the seal does not hold");
    refused(&[&*good, b"x"].concat(), "the seal does not hold");
    for at in [good.len() / 2, good.len() - 1] {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        refused(&bytes, "the seal does not hold");
    }
    refused(&replaced("\"conversations\":5", "\"conversations\":4"), "the seal does not hold");
    refused(&replaced("\"made_at\":\"2", "\"made_at\":\"3"), "the seal does not hold");
    refused(&replaced("\"key\":\"", "\"key\":\"0"), "it is sealed with the backup key");

    // Sealed anew by whoever has the backup key and not the data's: the trail tells.
    let key = BackupKey::load(&Path::new(&site.keys).join("backup.key")).unwrap();
    for (n, attack, why) in [
        (1, "update audit set outcome = 'refused' where seq = 3", "its audit trail does not hold: row 3 is not as the desk wrote it"),
        (2, "delete from audit where seq = 4", "its audit trail does not hold: row 4 is missing"),
    ] {
        let forged = site.dir.path().join(format!("forged-{n}.db"));
        let url = format!("sqlite://{}", forged.display());
        let mut copy = SqliteConnection::connect(&site.database).await.unwrap();
        sqlx::query("vacuum into $1").bind(forged.to_string_lossy()).execute(&mut copy).await.unwrap();
        Raw::connect(&url).await.run(attack).await;
        let to = site.backups().join(format!("forged-{n}.backup"));
        back_up(&url, &key, &to, now()).await.unwrap();
        refused(&fs::read(&to).unwrap(), why);
    }

    fs::write(&bad, &good).unwrap();
    fs::remove_file(Path::new(&there.keys).join("data.key")).unwrap();
    let (restored, said) = there.restore(&bad);
    assert!(!restored && said.contains("data.key is missing"), "{said}");
}

#[expect(clippy::disallowed_methods, reason = "the program beside goes by it")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

/// An old one is put in place and says what is lost; the anchors tell the same.
#[tokio::test(flavor = "multi_thread")]
async fn rel_14_an_old_backup_says_so() {
    let site = Site::new();
    let store = store::open(&site.database, keys()).await.unwrap();
    store.commit(turn(1)).await.unwrap();
    let (key, file) = (Path::new(&site.keys).join("backup.key"), site.backups().join("old.backup"));
    let key = BackupKey::load_or_create(&key, Suite::Gm).unwrap();
    let long_ago = now() - TimeDelta::hours(75);
    back_up(&site.database, &key, &file, long_ago).await.unwrap();
    store.commit(turn(2)).await.unwrap();
    let head = store.audit_head().await.unwrap();
    let there = site.elsewhere();
    let anchor = format!("2026-11-24T10:30:00.000000+08:00 seq={} hash={}\n", head.seq, head.hash);
    fs::write(there.dir.path().join("audit-anchors.log"), anchor).unwrap();
    let (restored, said) = there.restore(&file);
    assert!(restored && said.contains("3 days 3 hours old") && said.contains("row 2 was anchored"), "{said}");
    let (whole, said) = there.wenban(&["audit", "verify"]);
    assert!(!whole && said.contains("row 2 had another hash when it was anchored"), "{said}");
    let again = store::open(&there.database, keys()).await.unwrap();
    let walk = verify(&*again, &keys(), &[]).await.unwrap();
    assert_eq!(walk.fault, None::<Fault>, "in itself it is whole");
}

/// RET-01: of the folder's files only those that this program named and made so long ago.
#[test]
fn ret_01_backups_older_than_35_days_go() {
    let site = Site::new();
    let folder = site.backups();
    let (made, said) = site.back_up(&folder.join("mine.backup"));
    assert!(made, "{said}");
    let named = |days: i64| (now() + TimeDelta::hours(8) - TimeDelta::days(days)).format("wenban-%Y%m%d-%H%M%S.backup").to_string();
    let (old, young) = (named(KEPT + 1), named(KEPT - 1));
    for name in [&old, &young, "other-20200101-000000.backup", "wenban-2020.backup"] {
        fs::copy(folder.join("mine.backup"), folder.join(name)).unwrap();
    }
    fs::write(folder.join("wenban-20200101-000000.backup"), "not a backup").unwrap();
    let (made, said) = site.back_up(&folder);
    assert!(made && said.contains(&old), "{said}");
    let left: Vec<String> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.contains(&old) && left.contains(&young), "{left:?}");
    assert_eq!(left.len(), 6, "one more, one less: {left:?}");
}

/// ENC-06: the key of backups lies neither among the data nor beside a backup.
#[tokio::test]
async fn enc_06_the_backup_key_is_kept_apart() {
    let site = Site::new();
    let inside = site.dir.path().join("data").join("backup.key").display().to_string();
    let file = site.backups().join("b.backup").display().to_string();
    let (made, said) = site.wenban(&["backup", &file, "--backup-key", &inside]);
    assert!(!made && said.contains("lies in the data folder"), "{said}");
    let beside = site.backups().join("backup.key").display().to_string();
    let (made, said) = site.wenban(&["backup", &file, "--backup-key", &beside]);
    assert!(!made && said.contains("lies beside the backup"), "{said}");
    let server = Site { database: postgres::database().await, ..Site::new() };
    let (made, said) = server.back_up(&server.backups().join("b.backup"));
    assert!(!made && said.contains("pg_dump"), "{said}");
}
