//! The desk as the command line opens it.

use std::{io::Write, path::PathBuf, sync::Arc};

use anyhow::Context;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;

use super::{Content, core::CoreSystem};
use crate::{
    desk::{Desk, FLOOR, Message, Messenger, Parts, Unsent},
    domain::clock::{Clock, china},
    store::{self, Keyring, Own, Store},
};

/// Where the store and its keys are.
#[derive(Args, Clone, Debug)]
pub(super) struct Place {
    /// 数据库 · sqlite://… or postgres://…
    #[arg(long, value_name = "URL", default_value = "sqlite://data/wenban.db")]
    pub(super) database: String,
    /// 密钥目录，不能放在数据目录里 · folder of the keys, apart from the data
    #[arg(long, value_name = "DIR", default_value = "keys")]
    pub(super) keys: PathBuf,
}

impl Place {
    /// The open store and its keys.
    pub(super) async fn open(&self) -> anyhow::Result<(Arc<dyn Store>, Keyring)> {
        let keys = Keyring::load_or_create(&self.keys).context("opening the keys")?;
        let store = store::open(&self.database, keys.clone()).await.context("opening the store")?;
        Ok((store, keys))
    }
}

/// The system's clock, with the date held still when the operator says so.
pub(super) struct SystemClock {
    pub(super) today: Option<NaiveDate>,
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "the program's one clock")]
        Utc::now()
    }

    fn today(&self) -> NaiveDate {
        self.today.unwrap_or_else(|| china(self.now()))
    }
}

/// Shows one-time codes on the terminal that runs the desk, and nowhere else: for trying it out.
pub(super) struct TerminalMessenger;

#[async_trait]
impl Messenger for TerminalMessenger {
    async fn send(&self, message: &Message) -> Result<(), Unsent> {
        let _ = writeln!(std::io::stderr(), "短信 → {}：{}", message.phone.masked(), message.text);
        Ok(())
    }

    async fn probe(&self) -> Result<(), Unsent> {
        Ok(())
    }
}

/// The desk over `content` and an open store, whose records are there unless `core` leads elsewhere; `messenger` sends its codes.
pub(super) fn desk(
    content: &Content,
    (store, keys): (Arc<dyn Store>, Keyring),
    core: Option<&CoreSystem>,
    messenger: Arc<dyn Messenger>,
) -> anyhow::Result<Desk> {
    let (script, reader) = content.read()?;
    let (script, reader) = (Arc::new(script), Arc::new(reader));
    let clock = Arc::new(SystemClock { today: content.today });
    let registers = match core {
        Some(core) => core.registers(&store, &keys, clock.clone())?,
        None => Arc::new(Own(store.clone())),
    };
    Ok(Desk::new(Parts { script, reader, store, registers, keys, clock, messenger, floor: FLOOR }))
}
