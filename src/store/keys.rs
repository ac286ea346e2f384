//! The key folder: `data.key` and `index.key`, made on first use, outside the database and its backups.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use rand::{TryRngCore, rngs::OsRng};

use super::{
    StoreError,
    seal::{Keyring, hex},
};

impl Keyring {
    /// Reads both keys of the folder, or makes the folder (0700) and the keys (0400) when neither is there.
    ///
    /// A key file that others can read is refused, and so is one key without the other: a new one in its place
    /// would make what is stored unreadable.
    pub fn load_or_create(dir: &Path) -> Result<Self, StoreError> {
        let (data, index) = (dir.join("data.key"), dir.join("index.key"));
        match (data.exists(), index.exists()) {
            (true, true) => {}
            (false, false) => {
                fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| unusable(dir, &error))?;
                create(&data)?;
                create(&index)?;
            }
            (true, false) => return Err(missing(&index)),
            (false, true) => return Err(missing(&data)),
        }
        Ok(Self::new(&read(&data)?, read(&index)?))
    }
}

fn missing(path: &Path) -> StoreError {
    StoreError::Keys(format!("{} is missing beside the other key: restore it from where keys are kept", path.display()))
}

fn unusable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Keys(format!("{}: {error}", path.display()))
}

/// Written under another name first: a second process never sees half a key.
fn create(path: &Path) -> Result<(), StoreError> {
    let mut key = [0; 32];
    OsRng.try_fill_bytes(&mut key).map_err(|error| StoreError::Keys(format!("no randomness: {error}")))?;
    let draft: PathBuf = path.with_extension(format!("{}.draft", std::process::id()));
    let written = || -> io::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(&draft)?;
        file.write_all(hex(&key).as_bytes())?;
        file.write_all(b"\n")?;
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

fn read(path: &Path) -> Result<[u8; 32], StoreError> {
    let mode = fs::metadata(path).map_err(|error| unusable(path, &error))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(StoreError::Keys(format!("{0} is open to others (mode {1:04o}): chmod 400 {0}", path.display(), mode & 0o7777)));
    }
    let text = fs::read_to_string(path).map_err(|error| unusable(path, &error))?;
    parse(text.trim()).ok_or_else(|| StoreError::Keys(format!("{} does not hold 64 hex digits", path.display())))
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::Keyring;
    use crate::store::Place;

    const PLACE: Place<'_> = Place { table: "people", column: "name", row: "p" };

    #[test]
    fn made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let keys = dir.path().join("keys");
        let sealed = Keyring::load_or_create(&keys).unwrap().seal("x", PLACE).unwrap();
        assert_eq!(Keyring::load_or_create(&keys).unwrap().open(&sealed, PLACE).unwrap(), "x");
        let mode = |name: &str| fs::metadata(keys.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("."), mode("data.key"), mode("index.key")), (0o700, 0o400, 0o400));
        assert_eq!(fs::read_dir(&keys).unwrap().count(), 2, "no drafts left");
    }

    #[test]
    fn refuses_a_key_that_others_can_read() {
        let dir = tempfile::tempdir().unwrap();
        Keyring::load_or_create(dir.path()).unwrap();
        fs::set_permissions(dir.path().join("data.key"), fs::Permissions::from_mode(0o440)).unwrap();
        let refused = Keyring::load_or_create(dir.path()).unwrap_err().to_string();
        assert!(refused.contains("data.key is open to others (mode 0440)"), "{refused}");
    }

    #[test]
    fn refuses_one_key_without_the_other_and_a_key_that_is_none() {
        let dir = tempfile::tempdir().unwrap();
        Keyring::load_or_create(dir.path()).unwrap();
        fs::remove_file(dir.path().join("index.key")).unwrap();
        assert!(Keyring::load_or_create(dir.path()).unwrap_err().to_string().contains("index.key is missing"));
        fs::write(dir.path().join("index.key"), "abc").unwrap();
        fs::set_permissions(dir.path().join("index.key"), fs::Permissions::from_mode(0o400)).unwrap();
        assert!(Keyring::load_or_create(dir.path()).unwrap_err().to_string().contains("64 hex digits"));
    }
}
