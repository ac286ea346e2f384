//! The commands around the store, as an operator runs them.

mod backup;
mod faults;
mod import;

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use sqlx::{Connection, SqliteConnection};

use crate::support::program::{Server, key_folder, wenban};

/// A desk with one made-up person and nobody at work.
struct Site {
    dir: tempfile::TempDir,
    database: String,
    keys: String,
}

impl Site {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", dir.path().join("data").join("wenban.db").display());
        let keys = key_folder(dir.path());
        Self { dir, database, keys }
    }

    fn place(&self) -> [&str; 4] {
        ["--database", &self.database, "--keys", &self.keys]
    }

    /// Runs a command on this store.
    fn wenban(&self, arguments: &[&str]) -> (bool, String) {
        // A command with commands of its own takes the place before them.
        let (first, rest) = arguments.split_first().unwrap();
        wenban(&[&[*first], self.place().as_slice(), rest].concat(), "")
    }
}

/// Two processes never serve one file; what reads, and what writes shortly, works beside.
#[test]
fn one_process_serves_a_file_and_a_killed_one_frees_it() {
    let site = Site::new();
    let server = Server::start(&[site.place().as_slice(), &["--demo", "1"]].concat());
    let (again, said) = site.wenban(&["serve", "--listen", "127.0.0.1:0"]);
    let by = format!("wenban.db is in use by process {} (lock file ", server.id());
    assert!(!again && said.contains(&by) && said.contains("wenban.db.lock"), "{said}");
    for beside in [["audit", "verify"], ["keys", "list"], ["staff", "list"]] {
        let (done, said) = site.wenban(&beside);
        assert!(done, "{beside:?}: {said}");
    }
    server.kill();
    let next = Server::start(&site.place());
    assert_ne!(next.address, "", "it serves");
    assert!(site.dir.path().join("data").join("wenban.db.lock").exists());
}

/// What `wenban doctor` finds wrong, by its first words.
fn faults(said: &str) -> Vec<&str> {
    said.lines().filter_map(|line| line.strip_prefix("FAULT  ")?.split_once(':').map(|(what, _)| what)).collect()
}

/// It reads beside a desk at work, changes nothing, and says of each fault what to do.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_what_is_wrong() {
    let site = Site::new();
    let (well, said) = site.wenban(&["doctor"]);
    assert!(!well && faults(&said).contains(&"store") && said.contains("wenban.db is not there"), "{said}");
    assert!(!site.dir.path().join("data").exists(), "it makes nothing");

    fs::set_permissions(&site.keys, fs::Permissions::from_mode(0o700)).unwrap();
    let server = Server::start(&[site.place().as_slice(), &["--demo", "1"]].concat());
    let (well, said) = site.wenban(&["doctor"]);
    assert!(well, "{said}");
    for found in [
        format!("lock: process {} serves this file", server.id()),
        "setting synchronous: 2".to_owned(),
        "setting journal_mode: wal".to_owned(),
        "setting busy_timeout: 5000".to_owned(),
        "core dumps: 0 bytes".to_owned(),
        "data.key 0400".to_owned(),
        "last anchor".to_owned(),
        "d233b880 intl".to_owned(),
    ] {
        assert!(said.contains(&found), "{found}: {said}");
    }
    server.kill();

    let file = site.database.strip_prefix("sqlite://").unwrap();
    let mut raw = SqliteConnection::connect(&site.database).await.unwrap();
    sqlx::raw_sql("pragma journal_mode = delete; delete from _sqlx_migrations where version = 7; update audit_head set seq = seq + 1")
        .execute(&mut raw)
        .await
        .unwrap();
    raw.close().await.unwrap();
    for (path, mode) in [(file, 0o644), (&*site.keys, 0o755)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    fs::set_permissions(Path::new(&site.keys).join("index.key"), fs::Permissions::from_mode(0o440)).unwrap();
    let (well, said) = site.wenban(&["doctor", "--font", "nowhere.ttc"]);
    assert!(!well && said.contains("8 faults"), "{said}");
    assert_eq!(faults(&said), ["mode", "setting journal_mode", "migrations", "audit head", "mode", "keys", "mode", "font"], "{said}");
    assert!(said.contains(&format!("chmod 600 {file}")) && said.contains("index.key is open to others"), "{said}");
    let mut raw = SqliteConnection::connect(&site.database).await.unwrap();
    let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut raw).await.unwrap();
    assert_eq!(mode, "delete", "it looks and changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_looks_at_a_server_too() {
    let site = Site { database: crate::support::postgres::database().await, ..Site::new() };
    fs::set_permissions(&site.keys, fs::Permissions::from_mode(0o700)).unwrap();
    let (opened, said) = site.wenban(&["retain"]);
    assert!(opened, "{said}");
    let (well, said) = site.wenban(&["doctor"]);
    assert!(!well && said.contains("ok     clock: ") && said.contains("lock: none"), "{said}");
    // The tests' own server is not a careful one.
    assert_eq!(faults(&said), ["setting synchronous_commit", "setting fsync", "setting full_page_writes"], "{said}");
}
