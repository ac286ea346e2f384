//! A backup of a `SQLite` store: one consistent moment of it, sealed under a key of its own.
//!
//! The file is two lines, [`FIRST`] and a [`Header`] in JSON, and then the database sealed in chunks. The chunks' key is derived from
//! the backup key and both lines, so that a header that was touched opens nothing. A copy that was taken apart shows by the seal of
//! a chunk; one that was sealed anew by whoever has the backup key alone, by the audit trail's chain.

mod copy;
mod sealed;

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use rand::{TryRngCore, rngs::OsRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Keyring, Lock, StoreError,
    audit::verify::{Anchor, verify},
    files, keys,
    seal::hex,
    sqlite,
    suite::{Cipher, ID, Secret, Suite},
};
use copy::Copied;

/// The first line of every backup of this form.
const FIRST: &[u8] = b"wenban backup 1\n";
/// Bytes of the second line, at most.
const MAX_HEADER: u64 = 64 * 1024;

/// The key that seals backups: in a file of its own, neither among the data nor beside the backups.
pub struct BackupKey {
    suite: Suite,
    secret: Secret,
}

impl BackupKey {
    /// Reads the key file (0400), which is made, of `suite`, when there is none.
    pub fn load_or_create(path: &Path, suite: Suite) -> Result<Self, StoreError> {
        if !path.exists() {
            keys::create(path, suite)?;
        }
        Self::load(path)
    }

    /// Reads the key file, which must not be open to others.
    pub fn load(path: &Path) -> Result<Self, StoreError> {
        let (suite, secret) = keys::read(path)?;
        Ok(Self { suite, secret })
    }

    /// Names the key in a backup.
    fn id(&self) -> String {
        let mut id = hex(&self.suite.keyed(&self.secret, &[b"wenban backup key id"]));
        id.truncate(ID);
        id
    }

    fn cipher(&self, header: &[u8]) -> Cipher {
        self.suite.cipher(&self.suite.keyed(&self.secret, &[b"wenban backup", FIRST, header]))
    }
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Which backup key opens it.
    pub key: String,
    /// Of the database, lower-case hex.
    pub sha256: String,
    /// Of the database.
    pub bytes: u64,
    /// The last migration of its tables.
    pub migration: i64,
    /// Rows by table.
    pub rows: BTreeMap<String, i64>,
    /// The last row of the audit trail.
    pub audit: Anchor,
    /// So that no two backups are sealed under one key.
    salt: String,
}

/// Backs the store at `url` up to the file `to`, which must not be there yet (0600). The store may be at work.
pub async fn back_up(url: &str, key: &BackupKey, to: &Path, at: DateTime<Utc>) -> Result<Header, StoreError> {
    let path = file(url)?;
    if to.exists() {
        return Err(StoreError::Opening(format!("{} is there already", to.display())));
    }
    // Among the data, since it is not sealed yet.
    let draft = Draft::beside(&path, ".backup")?;
    copy::copy(url, &path, &draft.0).await?;
    let copied = Copied::open(&draft.0).await?;
    let mut salt = [0; 16];
    OsRng.try_fill_bytes(&mut salt).map_err(|error| StoreError::Keys(format!("no randomness: {error}")))?;
    let (sha256, bytes) = hashed(&draft.0).map_err(|error| unusable(&draft.0, &error))?;
    let header = Header {
        made_at: at,
        key: key.id(),
        sha256,
        bytes,
        migration: copied.migration().await?,
        rows: copied.rows().await?,
        audit: copied.head().await?,
        salt: hex(&salt),
    };
    let part = Draft(files::beside(to, ".part"));
    write(&part.0, &draft.0, key, &header).map_err(|error| unusable(to, &error))?;
    fs::rename(&part.0, to).and_then(|()| sync_folder(to)).map_err(|error| unusable(to, &error))?;
    Ok(header)
}

/// What is needed to put a backup in place.
#[derive(Clone, Copy)]
pub struct Restoring<'a> {
    /// The backup.
    pub from: &'a Path,
    /// Its key.
    pub key: &'a BackupKey,
    /// The keys of the store that was backed up.
    pub keys: &'a Keyring,
    /// Places of its audit trail noted outside; later ones than the backup's end are no fault.
    pub anchors: &'a [Anchor],
    /// Whether it may take the place of a store that is there.
    pub replace: bool,
}

/// Puts a backup in place at `url` after every check that can be made. The store is kept to the caller by the lock.
pub async fn restore(url: &str, restoring: Restoring<'_>, _alone: &Lock) -> Result<Header, StoreError> {
    let Restoring { from, key, keys, anchors, replace } = restoring;
    let path = file(url)?;
    if path.exists() && !replace {
        return Err(StoreError::Opening(format!("{} is there already: --replace puts the backup in its place", path.display())));
    }
    let draft = Draft::beside(&path, ".restore")?;
    let header = unseal(from, key, &draft.0)?;
    let copied = Copied::open(&draft.0).await?;
    copied.sound(from).await?;
    if copied.rows().await? != header.rows || copied.head().await? != header.audit {
        return Err(refused(from, "it does not hold what its header says"));
    }
    if header.migration > sqlite::migration() {
        return Err(refused(from, "it was made by a later version of this program"));
    }
    let mut known: Vec<Anchor> = anchors.iter().filter(|anchor| anchor.seq <= header.audit.seq).cloned().collect();
    known.push(header.audit.clone());
    if let Some(fault) = verify(&copied, keys, &known).await?.fault {
        return Err(refused(from, &format!("its audit trail does not hold: {fault}")));
    }
    copied.close().await?;
    put_in_place(&draft.0, &path).map_err(|error| unusable(&path, &error))?;
    Ok(header)
}

fn file(url: &str) -> Result<PathBuf, StoreError> {
    let dump = "PostgreSQL is backed up with pg_dump and restored with pg_restore; the key folder is backed up apart from both";
    sqlite::path(url)?.ok_or_else(|| StoreError::Opening(dump.to_owned()))
}

fn refused(backup: &Path, why: &str) -> StoreError {
    StoreError::Opening(format!("{} is refused: {why}", backup.display()))
}

fn unusable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Opening(format!("{}: {error}", path.display()))
}

/// A file on its way to another name, removed if it does not get there.
struct Draft(PathBuf);

impl Draft {
    /// An empty one (0600), in place of what a killed process may have left.
    fn beside(path: &Path, ending: &str) -> Result<Self, StoreError> {
        let draft = Self(files::beside(path, ending));
        let made = match fs::remove_file(&draft.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => create(&draft.0).map(drop),
        };
        made.map_err(|error| unusable(&draft.0, &error))?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // One that was renamed is not there any more.
        let _ = fs::remove_file(&self.0);
    }
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn hashed(path: &Path) -> io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let bytes = io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok((hex(&hasher.finalize()), bytes))
}

fn write(to: &Path, database: &Path, key: &BackupKey, header: &Header) -> io::Result<()> {
    let mut line = serde_json::to_vec(header)?;
    line.push(b'\n');
    let _ = fs::remove_file(to);
    let mut out = create(to)?;
    out.write_all(FIRST)?;
    out.write_all(&line)?;
    sealed::seal(&key.cipher(&line), &mut File::open(database)?, &mut out)?;
    out.sync_all()
}

/// Opens a backup into `database`, as far as seal and hash can tell.
fn unseal(from: &Path, key: &BackupKey, database: &Path) -> Result<Header, StoreError> {
    let mut input = BufReader::new(File::open(from).map_err(|error| unusable(from, &error))?);
    let (header, line) =
        read_header(&mut input).map_err(|error| unusable(from, &error))?.ok_or_else(|| refused(from, "it is no backup"))?;
    if header.key != key.id() {
        return Err(refused(from, &format!("it is sealed with the backup key {}, and this is {}", header.key, key.id())));
    }
    let mut out = OpenOptions::new().write(true).truncate(true).open(database).map_err(|error| unusable(database, &error))?;
    if !sealed::open(&key.cipher(&line), &mut input, &mut out).map_err(|error| unusable(from, &error))? {
        return Err(refused(from, "the seal does not hold: it was changed or cut off"));
    }
    out.sync_all().map_err(|error| unusable(database, &error))?;
    if hashed(database).map_err(|error| unusable(database, &error))? != (header.sha256.clone(), header.bytes) {
        return Err(refused(from, "its hash is another"));
    }
    Ok(header)
}

/// What the backup at `path` says of itself, unproven; `None` when it is none.
pub fn header(path: &Path) -> io::Result<Option<Header>> {
    Ok(read_header(&mut BufReader::new(File::open(path)?))?.map(|(header, _)| header))
}

fn read_header(input: &mut impl BufRead) -> io::Result<Option<(Header, Vec<u8>)>> {
    let mut first = Vec::new();
    input.take(FIRST.len() as u64).read_to_end(&mut first)?;
    let mut line = Vec::new();
    input.take(MAX_HEADER).read_until(b'\n', &mut line)?;
    let header = (first == FIRST).then(|| serde_json::from_slice(&line).ok()).flatten();
    Ok(header.map(|header| (header, line)))
}

/// The old database goes with its log, which would be taken for the new one's.
fn put_in_place(draft: &Path, path: &Path) -> io::Result<()> {
    for ending in ["-wal", "-shm"] {
        match fs::remove_file(files::beside(path, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(draft, path)?;
    sync_folder(path)
}

/// A name lasts once its folder does.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(files::folder(path))?.sync_all()
}
