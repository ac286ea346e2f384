//! What whoever finds the desk's files reads of its people: nothing (security.md ENC-01, ENC-03, LOG-01 to LOG-05).

use std::{
    fs,
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex},
};

use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use tracing_subscriber::fmt::MakeWriter;
use wenban::{
    demo,
    domain::clock::Clock as _,
    store::{
        Suite,
        backup::{BackupKey, back_up},
    },
};

use crate::{
    stories::{stories, tell},
    support::{
        desk::{PEOPLE, hall, today},
        search::found,
    },
};

/// The log of this thread, at its most talkative.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// What must be nowhere: identity numbers, phones and names of everybody on file, and hashes of the numbers that need no key.
fn wanted() -> Vec<Vec<u8>> {
    let mut wanted = Vec::new();
    for n in 0..PEOPLE {
        let person = demo::person(1, n, today()).person;
        let number = person.id_number.reveal();
        for hash in [Sha256::digest(number).to_vec(), Sm3::digest(number).to_vec()] {
            let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap();
            let hex: String = hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
            wanted.extend([hash, hex.to_uppercase().into_bytes(), hex.into_bytes()]);
        }
        wanted.extend([number, person.name.reveal()].map(|text| text.as_bytes().to_vec()));
        wanted.extend(person.phone.map(|phone| phone.reveal().as_bytes().to_vec()));
    }
    wanted
}

fn read(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect()
}

/// After all stories: database, its log of writes, a backup, and the log at `trace`.
#[tokio::test]
async fn enc_01_log_01_no_file_holds_anything_of_anybody_after_all_stories() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
    let hall = hall(&url).await;
    for (name, story) in stories() {
        tell(&hall, &name, &story).await;
    }
    let key = tempfile::tempdir().unwrap();
    let key = BackupKey::load_or_create(&key.path().join("backup.key"), Suite::Intl).unwrap();
    back_up(&url, &key, &dir.path().join("a.backup"), hall.clock.now()).await.unwrap();
    let mut files = read(dir.path());
    files.push(("the log".to_owned(), log.0.lock().unwrap().clone()));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for file in ["wenban.db", "wenban.db-wal", "a.backup", "the log"] {
        assert!(names.contains(&file), "{file} is not among {names:?}");
    }
    let wanted = wanted();
    for (name, bytes) in &files {
        assert!(name.ends_with("-shm") || bytes.len() > 10_000, "{name} holds {} bytes", bytes.len());
        assert_eq!(found(bytes, &wanted).map(String::from_utf8_lossy), None, "in clear in {name}");
    }
    // The search itself finds what is there.
    let planted = [b"before ".as_slice(), hall.person.id_number.reveal().as_bytes(), b" after"].concat();
    assert!(found(&planted, &wanted).is_some());
}
