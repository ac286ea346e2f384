//! The desk as the command line opens it.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;

use super::{Content, core::CoreSystem};
use crate::{
    desk::{Desk, FLOOR, Message, Messenger, Parts, Unsent},
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        certificate::Papers,
        clock::{Clock, china},
        disclosure::Ceilings,
    },
    store::{self, Changes, Keyring, Lock, Own, Store, Suite, files},
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
    /// 新建密钥用的算法：intl 或 gm（国密 SM4、SM3） · algorithms of keys that are made: intl or gm
    #[arg(long, value_name = "SUITE", value_parser = suite)]
    pub(super) suite: Option<Suite>,
}

fn suite(id: &str) -> Result<Suite, String> {
    Suite::from_id(id).ok_or_else(|| "write `intl` or `gm`".to_owned())
}

impl Place {
    /// The open store and its keys.
    pub(super) async fn open(&self) -> anyhow::Result<(Arc<dyn Store>, Keyring)> {
        self.apart()?;
        let keys = Keyring::load_or_create(&self.keys, self.suite.unwrap_or(Suite::Intl)).context("opening the keys")?;
        let store = store::open(&self.database, keys.clone()).await.context("opening the store")?;
        Ok((store, keys))
    }

    /// The same, kept to this process as long as the lock is: two never serve one file.
    pub(super) async fn open_alone(&self) -> anyhow::Result<(Option<Lock>, Arc<dyn Store>, Keyring)> {
        self.apart()?;
        let lock = Lock::take(&self.database).context("opening the store")?;
        let (store, keys) = self.open().await?;
        Ok((lock, store, keys))
    }

    /// Keys among the data would be copied along with it (security.md ENC-06).
    fn apart(&self) -> anyhow::Result<()> {
        self.apart_from(&self.keys)
    }

    /// Whether a key, or a folder of keys, lies elsewhere than the data.
    pub(super) fn apart_from(&self, keys: &Path) -> anyhow::Result<()> {
        let Some(file) = self.database.strip_prefix("sqlite://") else { return Ok(()) };
        let file = Path::new(file.split('?').next().unwrap_or(file));
        let (data, keys) = (whole(files::folder(file))?, whole(keys)?);
        if keys.starts_with(&data) {
            bail!("{} lies in the data folder {}\nhint: keys belong outside of it", keys.display(), data.display());
        }
        Ok(())
    }
}

/// Where a folder really is, or will be once it is made.
pub(super) fn whole(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    for there in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (there.canonicalize(), path.strip_prefix(there)) {
            return Ok(real.join(rest));
        }
    }
    Ok(path)
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

/// What the audit trail is told of an act of the operator's, done at `at` by the command `named`.
pub(super) fn by_operator(named: &str, act: Act, object: String, at: DateTime<Utc>) -> Changes {
    let entry = Entry { object, ..Entry::new(Actor::Operator, act, Outcome::Done) };
    Changes { audit: vec![entry], ..Changes::new(named, at) }
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

/// How a desk deals with residents.
pub(super) struct Outward {
    /// What sends codes.
    pub(super) messenger: Arc<dyn Messenger>,
    /// What papers are printed with; `None`: none are.
    pub(super) papers: Option<Papers>,
    /// How much of records each channel tells.
    pub(super) ceilings: Ceilings,
}

impl Outward {
    /// At the operator's own terminal.
    pub(super) fn terminal() -> Self {
        Self { messenger: Arc::new(TerminalMessenger), papers: None, ceilings: Ceilings::default() }
    }
}

/// The desk over `content` and an open store, whose records are there unless `core` leads elsewhere.
pub(super) fn desk(
    content: &Content,
    (store, keys): (Arc<dyn Store>, Keyring),
    core: Option<&CoreSystem>,
    Outward { messenger, papers, ceilings }: Outward,
) -> anyhow::Result<Desk> {
    let (script, reader) = content.read()?;
    let (script, reader) = (Arc::new(script), Arc::new(reader));
    let clock = Arc::new(SystemClock { today: content.today });
    let registers = match core {
        Some(core) => core.registers(&store, &keys, clock.clone())?,
        None => Arc::new(Own(store.clone())),
    };
    Ok(Desk::new(Parts { script, reader, store, registers, keys, clock, messenger, papers, ceilings, floor: FLOOR }))
}
