//! `wenban backup` and `wenban restore`.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use clap::Args;

use super::{
    audit::Anchors,
    block_on,
    desk::{Place, SystemClock, by_operator, whole},
};
use crate::{
    domain::{
        audit::Act,
        clock::{Clock, stamp},
    },
    store::{
        self, Keyring, Lock, Suite,
        backup::{self, BackupKey, Header, Restoring},
        files,
    },
};

/// How long backups are kept (security.md RET-01).
const KEPT: TimeDelta = TimeDelta::days(35);
/// A backup of less age is not called an old one.
const FRESH: TimeDelta = TimeDelta::hours(24);
/// The names that this program gives: `wenban-20261124-103000.backup`.
const NAMES: &str = "wenban-%Y%m%d-%H%M%S.backup";

/// Where the backup key is.
#[derive(Args, Debug)]
struct Key {
    /// 备份密钥文件，默认是密钥目录里的 backup.key · file of the backup key; by default backup.key in the key folder
    #[arg(long, value_name = "FILE")]
    backup_key: Option<PathBuf>,
}

impl Key {
    /// Its place, which is neither among the data nor beside the backup.
    fn path(&self, place: &Place, backup: &Path) -> anyhow::Result<PathBuf> {
        let path = self.backup_key.clone().unwrap_or_else(|| place.keys.join("backup.key"));
        place.apart_from(&path)?;
        if whole(&path)?.parent() == whole(backup)?.parent() {
            bail!("the backup key {} lies beside the backup: who finds one has both\nhint: --backup-key elsewhere", path.display());
        }
        Ok(path)
    }
}

/// What to back up, and where to.
#[derive(Args, Debug)]
pub(super) struct Backup {
    /// 备份写到这个文件；给目录就按时间起名 · the file, which must not be there yet, or a folder for one named by the time
    file: PathBuf,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    place: Place,
}

impl Backup {
    /// Says on stdout what the backup holds, and which old ones went.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let now = SystemClock { today: None }.now();
        let file = if self.file.is_dir() { self.file.join(there(now).format(NAMES).to_string()) } else { self.file.clone() };
        let key = self.key.path(&self.place, &file)?;
        let header = block_on(async {
            let (store, _) = self.place.open().await?;
            let key = BackupKey::load_or_create(&key, self.place.suite.unwrap_or(Suite::Intl)).context("opening the backup key")?;
            // It leaves the desk from here on: without a row in the trail it does not.
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if self.place.database.starts_with("sqlite://") {
                store.commit(by_operator("backup", Act::BackedUp, name.into_owned(), now)).await?;
            }
            backup::back_up(&self.place.database, &key, &file, now).await.context("backing up")
        })?;
        let mut output = io::stdout().lock();
        writeln!(output, "{}", file.display())?;
        writeln!(output, "{}", said(&header))?;
        for old in outdated(files::folder(&file), there(now))? {
            fs::remove_file(&old).with_context(|| format!("removing {}", old.display()))?;
            writeln!(output, "已删除过期备份 · removed, older than {} days: {}", KEPT.num_days(), old.display())?;
        }
        Ok(())
    }
}

/// Which backup to put in place.
#[derive(Args, Debug)]
pub(super) struct Restore {
    /// 备份文件 · the backup
    file: PathBuf,
    /// 替换已有的库 · in place of a store that is there
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    place: Place,
}

impl Restore {
    /// Says on stdout what is there now, and what is not.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let now = SystemClock { today: None }.now();
        let key = self.key.path(&self.place, &self.file)?;
        let anchors = Anchors::beside(&self.place.keys);
        let known = anchors.read()?;
        let header = block_on(async {
            let lock = Lock::take(&self.place.database).context("opening the store")?;
            let Some(alone) = lock else { bail!("PostgreSQL is restored with pg_restore") };
            let keys = Keyring::load(&self.place.keys).context("opening the keys of the store that was backed up")?;
            let key = BackupKey::load(&key).context("opening the backup key")?;
            let restoring = Restoring { from: &self.file, key: &key, keys: &keys, anchors: &known, replace: self.replace };
            let header = backup::restore(&self.place.database, restoring, &alone).await.context("restoring")?;
            let store = store::open(&self.place.database, keys).await.context("opening the restored store")?;
            let from = format!("{}@{}", header.audit.seq, stamp(header.made_at));
            store.commit(by_operator("backup", Act::Restored, from, now)).await?;
            anyhow::Ok(header)
        })?;
        let mut output = io::stdout().lock();
        writeln!(output, "{}", said(&header))?;
        let age = now - header.made_at;
        if age > FRESH {
            let (days, hours) = (age.num_days(), age.num_hours() % 24);
            writeln!(
                output,
                "备份是 {days} 天 {hours} 小时以前的，之后的都没有了 · the backup is {days} days {hours} hours old: what came since is gone"
            )?;
        }
        if let Some(newest) = known.iter().map(|anchor| anchor.seq).max().filter(|seq| *seq > header.audit.seq) {
            let ends = header.audit.seq;
            writeln!(
                output,
                "审计链到第 {ends} 行为止，另外记下的链头到过第 {newest} 行，缺的就是之后的 · the audit trail ends at row {ends}, and row {newest} \
                 was anchored: those between are lost\nhint: `wenban audit verify` will say so until {} is moved aside; keep it",
                anchors.path().display()
            )?;
        }
        Ok(())
    }
}

/// What is in a backup, on a few lines.
fn said(header: &Header) -> String {
    let Header { made_at, key, sha256, bytes, migration, rows, audit, .. } = header;
    let rows: Vec<String> = rows.iter().filter(|(_, count)| **count > 0).map(|(table, count)| format!("{table} {count}")).collect();
    format!(
        "made {} key {key} migration {migration}\nsha256 {sha256} bytes {bytes}\nrows {}\naudit head {}@{}",
        stamp(*made_at),
        rows.join(", "),
        audit.hash,
        audit.seq
    )
}

/// The time in China.
fn there(now: DateTime<Utc>) -> NaiveDateTime {
    now.naive_utc() + TimeDelta::hours(8)
}

/// Backups of a folder that bear a name of ours of so long ago, and are what they are named.
fn outdated(folder: &Path, now: NaiveDateTime) -> anyhow::Result<Vec<PathBuf>> {
    let mut old = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let named = entry.file_name().to_str().and_then(|name| NaiveDateTime::parse_from_str(name, NAMES).ok());
        let aged = named.is_some_and(|made| now - made > KEPT);
        if aged && entry.file_type()?.is_file() && backup::header(&entry.path())?.is_some() {
            old.push(entry.path());
        }
    }
    old.sort();
    Ok(old)
}
