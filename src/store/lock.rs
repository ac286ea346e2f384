//! One process at a time keeps a `SQLite` file to itself: whoever serves it, fills it or puts another in its place. Short writes beside
//! a desk at work (`wenban staff`, `keys`, `retain`) need no more than the database's own locks.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::{StoreError, files, sqlite};

/// Of the lock's file, after the database's name.
const ENDING: &str = ".lock";

/// Filesystems of other machines: the log's index is memory that two machines do not share.
const REMOTE: [&str; 14] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "ceph",
    "lustre",
    "gfs2",
    "ocfs2",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
];

/// A store kept to oneself until this is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// How the lock of a store stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Nobody has it.
    Free,
    /// A process has it; 0 when its number is not known here.
    By(u32),
}

impl Lock {
    /// Keeps the store at `url` to this process. `None` for Postgres, whose nodes share one.
    ///
    /// Refused while another process has it, and for a file on a network disk.
    pub fn take(url: &str) -> Result<Option<Self>, StoreError> {
        let Some(path) = sqlite::path(url)? else { return Ok(None) };
        let beside = files::beside(&path, ENDING);
        let unusable = |error: io::Error| StoreError::Opening(format!("{}: {error}", beside.display()));
        sqlite::make_folder(&path).map_err(unusable)?;
        if let Some(kind) = remote(&path) {
            let what = "SQLite's write-ahead log needs a disk of this machine: use postgres:// with several";
            return Err(StoreError::Opening(format!("{} lies on a network disk ({kind}). {what}", path.display())));
        }
        let open = || File::options().read(true).write(true).create(true).truncate(false).mode(0o600).open(&beside);
        let mut file = open().map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let (path, beside, pid) = (path.display(), beside.display(), pid(&mut file));
                return Err(StoreError::Opening(format!("{path} is in use by process {pid} (lock file {beside})")));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(unusable)?;
        Ok(Some(Self { _file: file }))
    }

    /// Who keeps the store at `url` to themselves, found without touching the lock. `None` for Postgres.
    pub fn held(url: &str) -> Result<Option<Held>, StoreError> {
        let Some(path) = sqlite::path(url)? else { return Ok(None) };
        let Ok(mut file) = File::open(files::beside(&path, ENDING)) else { return Ok(Some(Held::Free)) };
        let inode = file.metadata().map_or(0, |known| known.ino());
        let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
        let held = locks.lines().any(|line| line.contains("FLOCK") && line.contains(&format!(":{inode} ")));
        Ok(Some(if held { Held::By(pid(&mut file)) } else { Held::Free }))
    }
}

/// Who wrote their number into a lock file; 0 when nobody has yet.
fn pid(file: &mut File) -> u32 {
    let mut text = String::new();
    let read = file.read_to_string(&mut text);
    read.ok().and_then(|_| text.trim().parse().ok()).unwrap_or_default()
}

/// The kind of a network disk on which `path` lies.
fn remote(path: &Path) -> Option<String> {
    let folder = files::folder(path).canonicalize().ok()?;
    kind(&fs::read_to_string("/proc/self/mountinfo").ok()?, &folder).filter(|kind| REMOTE.contains(&kind.as_str()))
}

/// The filesystem's name where `folder` lies, by the text of `mountinfo`: of the mounts that hold it the deepest, of those in one
/// place the last.
fn kind(mounts: &str, folder: &Path) -> Option<String> {
    let mount = |line: &str| {
        let (place, source) = line.split_once(" - ")?;
        let place = PathBuf::from(place.split(' ').nth(4)?.replace("\\040", " "));
        folder.starts_with(&place).then(|| (place.components().count(), source.split(' ').next().unwrap_or_default().to_owned()))
    };
    mounts.lines().filter_map(mount).max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Held, Lock, kind};

    #[test]
    fn one_has_it_and_the_next_is_told_who() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("data").join("wenban.db").display());
        assert_eq!(Lock::held(&url).unwrap(), Some(Held::Free));
        let lock = Lock::take(&url).unwrap();
        let me = std::process::id();
        let refused = Lock::take(&url).unwrap_err().to_string();
        assert!(refused.contains("wenban.db is in use by process") && refused.contains(&me.to_string()), "{refused}");
        assert!(refused.contains("wenban.db.lock"), "{refused}");
        assert_eq!(Lock::held(&url).unwrap(), Some(Held::By(me)));
        drop(lock);
        assert_eq!(Lock::held(&url).unwrap(), Some(Held::Free));
        assert!(Lock::take(&url).unwrap().is_some());
        assert!(Lock::take("postgres://somewhere/wenban").unwrap().is_none(), "nodes share a Postgres");
    }

    #[test]
    fn the_deepest_mount_tells_where_a_folder_lies() {
        let mounts = "22 1 254:0 / / rw - ext4 /dev/vda rw\n\
            40 22 0:50 / /srv/social\\040insurance rw,relatime shared:5 - nfs4 files:/export rw\n\
            41 40 0:51 / /srv/social\\040insurance/local rw - xfs /dev/vdb rw\n";
        for (folder, expected) in
            [("/srv", "ext4"), ("/srv/social insurance/data", "nfs4"), ("/srv/social insurance/local/data", "xfs"), ("/srv/social", "ext4")]
        {
            assert_eq!(kind(mounts, Path::new(folder)).as_deref(), Some(expected), "{folder}");
        }
    }
}
