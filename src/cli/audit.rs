//! `wenban audit`, and the anchors: places of the audit trail's chain noted outside the database, where a cut end shows.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};

use super::{block_on, desk::Place};
use crate::{
    domain::clock::stamp,
    store::{
        Store,
        audit::verify::{Anchor, verify},
    },
};

/// Lies beside the key folder.
const ANCHORS: &str = "audit-anchors.log";

/// What is to be done with the trail.
#[derive(Args, Debug)]
pub(super) struct Audit {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 逐行核对，指出第一处被改、被删或被截断的地方 · walks the chain and names the first row that was changed, removed or cut off
    Verify {
        /// 另外记下的链头，可重复 · a head noted elsewhere, may be repeated
        #[arg(long, value_name = "HASH@SEQ", value_parser = head)]
        head: Vec<Anchor>,
        /// 链头记录，默认是密钥目录旁的 audit-anchors.log · file of anchors; by default audit-anchors.log beside the keys
        #[arg(long, value_name = "FILE")]
        anchors: Option<PathBuf>,
    },
}

fn head(text: &str) -> Result<Anchor, String> {
    let anchor = || {
        let (hash, seq) = text.rsplit_once('@')?;
        Some(Anchor { seq: seq.parse().ok()?, hash: hash.to_owned() })
    };
    anchor().ok_or_else(|| "write HASH@SEQ, as `audit head` in the log names them".to_owned())
}

impl Audit {
    /// Says on stdout what the walk found. Returns whether the chain is whole.
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        let Act::Verify { head, anchors } = &self.act;
        let file = anchors.as_ref().map_or_else(|| Anchors::beside(&self.place.keys), |path| Anchors(path.clone()));
        let mut anchors = file.read()?;
        anchors.extend_from_slice(head);
        let walk = block_on(async {
            let (store, keys) = self.place.open().await?;
            verify(&*store, &keys, &anchors).await.context("reading the audit trail")
        })?;
        let mut output = io::stdout().lock();
        writeln!(output, "rows {} from {}, anchors {}, head {}@{}", walk.rows, walk.first, anchors.len(), walk.head.hash, walk.head.seq)?;
        match walk.fault {
            None => writeln!(output, "审计链完整 · the chain is whole")?,
            Some(fault) => writeln!(output, "审计链断裂 · the chain is broken: {fault}")?,
        }
        Ok(walk.fault.is_none())
    }
}

/// The file of anchors: a line for each, `TIME seq=N hash=HASH`.
pub(super) struct Anchors(PathBuf);

impl Anchors {
    /// The one beside a key folder: outside the data and its backups.
    pub(super) fn beside(keys: &Path) -> Self {
        Self(keys.with_file_name(ANCHORS))
    }

    /// Notes where the chain ends, in the log and in the file. A file that cannot be written is said in the log.
    pub(super) async fn note(&self, store: &dyn Store, at: DateTime<Utc>) {
        let head = match store.audit_head().await {
            Ok(head) => head,
            Err(error) => return tracing::error!(%error, "the audit head cannot be read"),
        };
        tracing::info!("audit head seq={} hash={}", head.seq, head.hash);
        if let Err(error) = self.append(&format!("{} seq={} hash={}\n", stamp(at), head.seq, head.hash)) {
            tracing::error!(%error, path = %self.0.display(), "the audit head is not anchored in the file");
        }
    }

    fn append(&self, line: &str) -> io::Result<()> {
        let mut file = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(&self.0)?;
        file.write_all(line.as_bytes())?;
        file.sync_all()
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What is noted; nothing when there is no file.
    pub(super) fn read(&self) -> anyhow::Result<Vec<Anchor>> {
        let text = match fs::read_to_string(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.with_context(|| format!("reading {}", self.0.display()))?,
        };
        let anchor = |line: &str| {
            let (_, place) = line.split_once(" seq=")?;
            let (seq, hash) = place.split_once(" hash=")?;
            Some(Anchor { seq: seq.parse().ok()?, hash: hash.to_owned() })
        };
        let read = |(number, line)| anchor(line).with_context(|| format!("{}:{number}: no anchor", self.0.display()));
        (1..).zip(text.lines()).map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Anchor, Anchors, head};

    #[test]
    fn what_is_noted_is_read_again_and_a_spoilt_line_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let anchors = Anchors::beside(&dir.path().join("keys"));
        assert_eq!(anchors.read().unwrap(), []);
        anchors.append("2026-11-24T10:30:00.000000+08:00 seq=0 hash=\n").unwrap();
        anchors.append("2026-11-24T11:30:00.000000+08:00 seq=12 hash=aa.bb\n").unwrap();
        let noted = |seq, hash: &str| Anchor { seq, hash: hash.into() };
        assert_eq!(anchors.read().unwrap(), [noted(0, ""), noted(12, "aa.bb")]);
        assert_eq!(head("aa.bb@12").unwrap(), noted(12, "aa.bb"));
        anchors.append("seq=13\n").unwrap();
        assert!(anchors.read().unwrap_err().to_string().ends_with("audit-anchors.log:3: no anchor"));
    }
}
