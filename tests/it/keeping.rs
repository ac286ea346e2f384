//! The commands around the store, as an operator runs them.

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
    let (served, said) = site.wenban(&["serve", "--listen", "127.0.0.1:0"]);
    let by = format!("wenban.db is in use by process {} (lock file ", server.id());
    assert!(!served && said.contains(&by) && said.contains("wenban.db.lock"), "{said}");
    for beside in [["audit", "verify"], ["keys", "list"], ["staff", "list"]] {
        let (done, said) = site.wenban(&beside);
        assert!(done, "{beside:?}: {said}");
    }
    server.kill();
    let next = Server::start(&site.place());
    assert_ne!(next.address, "", "it serves");
    assert!(site.dir.path().join("data").join("wenban.db.lock").exists());
}
