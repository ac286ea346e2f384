//! `wenban keys`: which keys there are, new ones, and sealing anew what older ones sealed.

use std::{io::Write, time::Duration};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use indicatif::ProgressBar;

use super::{
    block_on,
    desk::{Place, SystemClock, by_operator},
};
use crate::{
    domain::{audit, clock::Clock},
    store::{Keyring, Store},
};

/// How soon a desk at work takes new keys up.
pub(super) const TAKEN_UP: Duration = Duration::from_secs(5);

/// What is to be done with the keys.
#[derive(Args, Debug)]
pub(super) struct Keys {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    act: Act,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Act {
    /// 有哪些密钥，各封存了多少 · which keys there are, and how much is under each
    List,
    /// 换新密钥：新数据用新的，旧的仍可读 · makes a new pair, which writes from now on; --suite changes the suite
    Rotate,
    /// 把旧密钥封存的数据换成新密钥，服务不用停 · seals anew what older keys sealed, while the desk is at work
    Reseal,
}

impl Keys {
    /// Acts, and says on stdout what came of it.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        block_on(async {
            let (store, keys) = self.place.open().await?;
            let said = match self.act {
                Act::List => list(&*store, &keys).await?,
                Act::Rotate => self.rotate(&*store, &keys).await?,
                Act::Reseal => reseal(&*store, &keys).await?,
            };
            Ok(writeln!(std::io::stdout().lock(), "{said}")?)
        })
    }

    async fn rotate(&self, store: &dyn Store, keys: &Keyring) -> anyhow::Result<String> {
        let old = older(store, keys).await?;
        if old > 0 {
            bail!(
                "{old} cells are under older keys still\nhint: `wenban keys reseal` first: of the index keys only the one before is read"
            );
        }
        let id = keys.rotate(self.place.suite).context("making new keys")?;
        store.commit(by_operator("keys", audit::Act::KeysRotated, id.clone(), SystemClock { today: None }.now())).await?;
        Ok(format!("新密钥 {id}，运行中的服务 {} 秒内启用；接着运行 `wenban keys reseal`", TAKEN_UP.as_secs()))
    }
}

async fn list(store: &dyn Store, keys: &Keyring) -> anyhow::Result<String> {
    let suites = keys.data_keys();
    let line = |known: crate::store::KeyUse| {
        let suite = suites.iter().find(|(id, _)| *id == known.id).map_or("missing", |(_, suite)| suite.id());
        format!("{} {suite} cells {} audit {}", known.id, known.cells, known.links)
    };
    Ok(store.key_use().await?.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

async fn reseal(store: &dyn Store, keys: &Keyring) -> anyhow::Result<String> {
    // Until every desk at work has taken the new key up, some still seal with the one before.
    let wait = keys.age().map_or(Duration::ZERO, |age| (TAKEN_UP * 2).saturating_sub(age));
    tokio::time::sleep(wait).await;
    let bar = ProgressBar::no_length();
    let cells = store.reseal(&|count| bar.inc(count)).await.context("sealing anew")?;
    bar.finish();
    store.commit(by_operator("keys", audit::Act::KeysResealed, format!("cells {cells}"), SystemClock { today: None }.now())).await?;
    Ok(format!("已换封 {cells} 格"))
}

/// Cells under other keys than the newest.
async fn older(store: &dyn Store, keys: &Keyring) -> anyhow::Result<i64> {
    let newest = keys.data_keys().into_iter().next().map(|(id, _)| id);
    Ok(store.key_use().await?.iter().filter(|known| Some(&known.id) != newest.as_ref()).map(|known| known.cells).sum())
}
