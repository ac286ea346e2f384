//! `wenban terminal`: the terminals of halls whose word on a card is taken.

use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use clap::{Args, Subcommand};

use super::{
    block_on,
    desk::{Place, SystemClock, by_operator},
};
use crate::{
    domain::{
        audit,
        clock::{Clock, stamp},
    },
    store::{Changes, Store, StoreError, Terminal, TerminalChange},
};

/// What is to be done with the terminals.
#[derive(Args, Debug)]
pub(super) struct Terminals {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 登记一台终端，生成它的密钥 · adds a terminal and makes its key
    Add {
        /// 放在哪里，例如「江北大厅 1 号机」 · the place it stands at
        name: String,
        /// 私钥写到这个文件（0400），交给终端后删掉 · where its private key is written, PKCS#8 in PEM
        #[arg(long, value_name = "FILE")]
        key_out: PathBuf,
    },
    /// 有哪些终端 · which there are
    List,
    /// 停用一台终端，马上生效 · takes its word no more, at once
    Revoke {
        /// 编号 · its id
        id: String,
    },
}

impl Terminals {
    /// Acts, and says on stdout what came of it.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        block_on(async {
            let (store, _) = self.place.open().await?;
            let said = match &self.act {
                Act::Add { name, key_out } => add(&*store, name.trim(), key_out).await?,
                Act::List => list(&*store).await?,
                Act::Revoke { id } => revoke(&*store, id).await?,
            };
            Ok(writeln!(std::io::stdout().lock(), "{said}")?)
        })
    }
}

async fn add(store: &dyn Store, name: &str, key_out: &Path) -> anyhow::Result<String> {
    if name.is_empty() || name.chars().any(char::is_control) {
        bail!("a terminal without a name\nhint: the place it stands at");
    }
    let pair = Ed25519KeyPair::generate().map_err(|_| anyhow!("the system made no key"))?;
    let private = pair.to_pkcs8v1().map_err(|_| anyhow!("the key cannot be written out"))?;
    let id = format!("{:016x}", rand::random::<u64>());
    let public_key = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key());
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(key_out);
    let file = file.as_mut().map_err(|error| anyhow!("{}: {error}", key_out.display()))?;
    let terminal =
        Terminal { id: id.clone(), name: name.to_owned(), public_key, added_at: SystemClock { today: None }.now(), revoked_at: None };
    let written = writeln!(file, "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", BASE64_STANDARD.encode(&private));
    let added = match written.and_then(|()| file.sync_all()) {
        Ok(()) => keep(store, audit::Act::TerminalAdded, id.clone(), Some(TerminalChange::Added(terminal))).await.context("adding it"),
        Err(error) => Err(error).with_context(|| format!("writing {}", key_out.display())),
    };
    // A key of no terminal opens nothing, and is not left about.
    added.inspect_err(|_| drop(fs::remove_file(key_out)))?;
    Ok(format!("已登记 {id}（{name}），私钥在 {}", key_out.display()))
}

async fn list(store: &dyn Store) -> anyhow::Result<String> {
    let terminals = store.terminals().await?;
    keep(store, audit::Act::TerminalsListed, terminals.len().to_string(), None).await?;
    let line = |terminal: &Terminal| {
        let revoked = terminal.revoked_at.map(|at| format!("  停用 {}", stamp(at))).unwrap_or_default();
        format!("{}  {}  登记 {}{revoked}", terminal.id, terminal.name, stamp(terminal.added_at))
    };
    Ok(if terminals.is_empty() { "没有登记过终端。".to_owned() } else { terminals.iter().map(line).collect::<Vec<_>>().join("\n") })
}

async fn revoke(store: &dyn Store, id: &str) -> anyhow::Result<String> {
    match keep(store, audit::Act::TerminalRevoked, id.to_owned(), Some(TerminalChange::Revoked(id.to_owned()))).await {
        Err(StoreError::Stale) => bail!("`{id}` is no terminal whose word is taken\nhint: `wenban terminal list`"),
        other => Ok(other.map(|()| format!("{id} 已停用"))?),
    }
}

/// Commits a change together with its audit entry.
async fn keep(store: &dyn Store, act: audit::Act, object: String, change: Option<TerminalChange>) -> Result<(), StoreError> {
    let terminals = change.into_iter().collect();
    store.commit(Changes { terminals, ..by_operator("terminals", act, object, SystemClock { today: None }.now()) }).await
}
