//! The key folder, outside the database and its backups: `data.key` and `index.key`, made on first use, then `data-2.key` and
//! `index-2.key`, … one pair a rotation. The newest pair writes. Older data keys still open; of the index keys, the one before.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rand::{TryRngCore, rngs::OsRng};
use zeroize::Zeroizing;

use super::{
    StoreError,
    seal::{DataKey, IndexKey, Keyring, Ring, hex},
    suite::{Secret, Suite},
};

impl Keyring {
    /// Reads the keys of the folder, or makes the folder (0700) and a first pair (0400, of `suite`) when there is none.
    ///
    /// A key file that others can read is refused, and so is one kind of key without the other: a new one in its place
    /// would make what is stored unreadable.
    pub fn load_or_create(dir: &Path, suite: Suite) -> Result<Self, StoreError> {
        if files(dir, "data")?.is_empty() && files(dir, "index")?.is_empty() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| unusable(dir, &error))?;
            create(&path(dir, "data", 1), suite)?;
            create(&path(dir, "index", 1), suite)?;
        }
        Self::load(dir)
    }

    /// Reads the keys of a folder that has some.
    pub fn load(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self::of(read_all(dir)?, Some(dir)))
    }

    /// Reads keys that were made since. Returns whether there were any.
    pub fn refresh(&self) -> Result<bool, StoreError> {
        let Some(dir) = self.folder() else { return Ok(false) };
        if files(dir, "data")?.len() + files(dir, "index")?.len() == self.ring().files {
            return Ok(false);
        }
        self.replace(read_all(dir)?);
        Ok(true)
    }

    /// How long ago the newest data key was made; `None`: not from a folder, or not known.
    pub fn age(&self) -> Option<Duration> {
        let (_, newest) = files(self.folder()?, "data").ok()?.pop()?;
        fs::metadata(newest).ok()?.modified().ok()?.elapsed().ok()
    }

    /// Makes a new pair, of the newest data key's suite unless another is wished, and uses it from now on. Gives the data key's id.
    pub fn rotate(&self, suite: Option<Suite>) -> Result<String, StoreError> {
        let Some(dir) = self.folder() else { return Err(StoreError::Keys("these keys lie in no folder".into())) };
        let suite = suite.unwrap_or(self.ring().data.suite);
        let last = |kind| Ok::<_, StoreError>(files(dir, kind)?.last().map_or(0, |(number, _)| *number));
        let next = last("data")?.max(last("index")?) + 1;
        // The index first: a ring of a new data key is one of a new index key too.
        create(&path(dir, "index", next), suite)?;
        create(&path(dir, "data", next), suite)?;
        self.replace(read_all(dir)?);
        Ok(self.ring().data.id.clone())
    }
}

fn path(dir: &Path, kind: &str, number: u32) -> PathBuf {
    dir.join(if number == 1 { format!("{kind}.key") } else { format!("{kind}-{number}.key") })
}

/// Key files of a kind with their numbers, the oldest first. A folder that is not there has none.
fn files(dir: &Path, kind: &str) -> Result<Vec<(u32, PathBuf)>, StoreError> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| unusable(dir, &error))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| unusable(dir, &error))?.file_name();
        let middle = name.to_str().and_then(|name| name.strip_prefix(kind)?.strip_suffix(".key"));
        let number = middle.and_then(|middle| if middle.is_empty() { Some(1) } else { middle.strip_prefix('-')?.parse().ok() });
        if let Some(number) = number {
            found.push((number, dir.join(name)));
        }
    }
    found.sort();
    Ok(found)
}

fn read_all(dir: &Path) -> Result<Ring, StoreError> {
    let (data, index) = (files(dir, "data")?, files(dir, "index")?);
    let files = data.len() + index.len();
    let read = |(_, path): &(u32, PathBuf)| read(path);
    let mut data = data.iter().rev().map(|file| read(file).map(|(suite, key)| DataKey::new(suite, &key)));
    let mut index = index.iter().rev().map(|file| read(file).map(|(suite, key)| IndexKey { suite, key }));
    Ok(Ring {
        data: data.next().ok_or_else(|| missing(&path(dir, "data", 1)))??,
        older: data.collect::<Result<_, _>>()?,
        index: index.next().ok_or_else(|| missing(&path(dir, "index", 1)))??,
        former: index.next().transpose()?,
        files,
    })
}

fn missing(path: &Path) -> StoreError {
    StoreError::Keys(format!("{} is missing beside the other key: restore it from where keys are kept", path.display()))
}

fn unusable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Keys(format!("{}: {error}", path.display()))
}

/// Written under another name first: a second process never sees half a key.
pub(super) fn create(path: &Path, suite: Suite) -> Result<(), StoreError> {
    let mut key: Secret = Zeroizing::new([0; 32]);
    OsRng.try_fill_bytes(&mut *key).map_err(|error| StoreError::Keys(format!("no randomness: {error}")))?;
    let text = Zeroizing::new(format!("{} {}\n", suite.id(), hex(&*key)));
    let draft: PathBuf = path.with_extension(format!("{}.draft", std::process::id()));
    let written = || -> io::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        match fs::hard_link(&draft, path) {
            // Another process was first: its key holds.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    };
    let outcome = written();
    let _ = fs::remove_file(&draft);
    outcome.map_err(|error| unusable(path, &error))
}

pub(super) fn read(path: &Path) -> Result<(Suite, Secret), StoreError> {
    let mode = fs::metadata(path).map_err(|error| unusable(path, &error))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(StoreError::Keys(format!("{0} is open to others (mode {1:04o}): chmod 400 {0}", path.display(), mode & 0o7777)));
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| unusable(path, &error))?);
    parse(text.trim()).ok_or_else(|| StoreError::Keys(format!("{} does not hold `intl` or `gm` and 64 hex digits", path.display())))
}

/// A suite's name and the key; keys of before there were suites are without a name.
fn parse(text: &str) -> Option<(Suite, Secret)> {
    let (suite, digits) = match text.split_once(' ') {
        None => (Suite::Intl, text.as_bytes()),
        Some((name, digits)) => (Suite::from_id(name)?, digits.as_bytes()),
    };
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut key = Zeroizing::new([0; 32]);
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some((suite, key))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::Path};

    use super::{Keyring, Suite};
    use crate::store::{Place, StoreError};

    const PLACE: Place<'_> = Place { table: "people", column: "name", row: "p" };

    fn load(dir: &Path) -> Result<Keyring, StoreError> {
        Keyring::load_or_create(dir, Suite::Intl)
    }

    #[test]
    fn made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let keys = dir.path().join("keys");
        let sealed = load(&keys).unwrap().seal("x", PLACE).unwrap();
        assert_eq!(load(&keys).unwrap().open(&sealed, PLACE).unwrap(), "x");
        let mode = |name: &str| fs::metadata(keys.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("."), mode("data.key"), mode("index.key")), (0o700, 0o400, 0o400));
        assert_eq!(fs::read_dir(&keys).unwrap().count(), 2, "no drafts left");
    }

    /// ENC-06.
    #[test]
    fn refuses_a_key_that_others_can_read() {
        let dir = tempfile::tempdir().unwrap();
        load(dir.path()).unwrap();
        fs::set_permissions(dir.path().join("data.key"), fs::Permissions::from_mode(0o440)).unwrap();
        let refused = load(dir.path()).unwrap_err().to_string();
        assert!(refused.contains("data.key is open to others (mode 0440)"), "{refused}");
    }

    #[test]
    fn refuses_one_key_without_the_other_and_a_key_that_is_none() {
        let dir = tempfile::tempdir().unwrap();
        load(dir.path()).unwrap();
        fs::remove_file(dir.path().join("index.key")).unwrap();
        assert!(load(dir.path()).unwrap_err().to_string().contains("index.key is missing"));
        for text in ["abc".to_owned(), format!("rot13 {}", "0".repeat(64))] {
            fs::write(dir.path().join("index.key"), text).unwrap();
            fs::set_permissions(dir.path().join("index.key"), fs::Permissions::from_mode(0o400)).unwrap();
            assert!(load(dir.path()).unwrap_err().to_string().contains("64 hex digits"));
            fs::remove_file(dir.path().join("index.key")).unwrap();
        }
    }

    /// ENC-04: the new key writes, the old one opens; whoever has the folder takes a new key up by itself.
    #[test]
    fn a_rotation_changes_what_writes_and_keeps_what_reads() {
        let dir = tempfile::tempdir().unwrap();
        // As keys were written before there were suites.
        for (name, byte) in [("data.key", "01"), ("index.key", "02")] {
            fs::write(dir.path().join(name), byte.repeat(32)).unwrap();
            fs::set_permissions(dir.path().join(name), fs::Permissions::from_mode(0o400)).unwrap();
        }
        let (keys, elsewhere) = (load(dir.path()).unwrap(), load(dir.path()).unwrap());
        let number = "441399196501010177".parse().unwrap();
        let (first, index, mac) = (keys.seal("x", PLACE).unwrap(), keys.blind_index(&number), keys.mac(&["code", "1"]));
        assert_eq!(keys.data_keys(), [("d233b880".to_owned(), Suite::Intl)]);

        let second = keys.rotate(Some(Suite::Gm)).unwrap();
        assert_eq!(keys.data_keys(), [(second.clone(), Suite::Gm), ("d233b880".to_owned(), Suite::Intl)]);
        let sealed = keys.seal("y", PLACE).unwrap();
        assert!(sealed.starts_with(&format!("{second}.")));
        assert_eq!(keys.open(&first, PLACE).unwrap(), "x");
        assert_eq!(keys.blind_indices(&number)[1], index);
        assert!(keys.mac_holds(&["code", "1"], &mac) && keys.mac(&["code", "1"]) != mac);
        assert_eq!(elsewhere.open(&sealed, PLACE).unwrap(), "y", "an unknown key is looked for");
        assert_eq!(elsewhere.data_keys(), keys.data_keys());

        keys.rotate(None).unwrap();
        assert_eq!(keys.data_keys()[0].1, Suite::Gm, "a suite stays until another is wished");
        assert!(!keys.mac_holds(&["code", "1"], &mac), "of the index keys, only the one before is kept");
        assert!(elsewhere.refresh().unwrap() && !elsewhere.refresh().unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 6);
    }
}
