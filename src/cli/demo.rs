//! `wenban demo`

use std::{io::Write, path::PathBuf};

use anyhow::Context;
use chrono::Duration;
use clap::Args;
use indicatif::ProgressBar;

use super::Content;
use crate::{
    demo,
    store::{self, Keyring, REGISTERS},
};

/// People put on file in one transaction.
const BATCH: u64 = 250;

/// Whom to make up, and where to put them.
#[derive(Args, Debug)]
pub(super) struct Demo {
    /// 人数 · how many people
    #[arg(long, default_value_t = 2_000)]
    people: u64,
    /// 种子，相同则人相同 · the same seed gives the same people
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 打印 K 个各项登记都有记录的人的身份证号 · prints identity numbers of people with something in every register
    #[arg(long, value_name = "K", default_value_t = 0)]
    print_ids: usize,
    /// 数据库 · sqlite://… or postgres://…
    #[arg(long, default_value = "sqlite://data/wenban.db")]
    database: String,
    /// 密钥目录，不能放在数据目录里 · folder of the keys, apart from the data
    #[arg(long, default_value = "keys")]
    keys: PathBuf,
    #[command(flatten)]
    content: Content,
}

impl Demo {
    /// Fills the store, with a progress bar on stderr, and prints the numbers asked for on stdout.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let full = (0..self.people).filter(|n| demo::is_full(*n)).count();
        if self.print_ids > full {
            anyhow::bail!("{full} of {} people have something in every register\nhint: ask for fewer ids or more --people", self.people);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.fill())
    }

    async fn fill(&self) -> anyhow::Result<()> {
        let today = self.content.today();
        let keys = Keyring::load_or_create(&self.keys).context("opening the keys")?;
        let store = store::open(&self.database, keys).await.context("opening the store")?;
        let bar = ProgressBar::new(self.people);
        let mut wanted = self.print_ids;
        let mut output = std::io::stdout().lock();
        for first in (0..self.people).step_by(usize::try_from(BATCH)?) {
            let last = self.people.min(first + BATCH);
            let files: Vec<_> = (first..last).map(|n| demo::person(self.seed, n, today)).collect();
            for (n, file) in (first..last).zip(&files) {
                if wanted > 0 && demo::is_full(n) {
                    writeln!(output, "{}", file.person.id_number.reveal())?;
                    wanted -= 1;
                }
            }
            store.put_people(files).await.context("putting people on file")?;
            bar.set_position(last);
        }
        for register in REGISTERS {
            store.set_as_of(register, today - Duration::days(1)).await.context("dating the registers")?;
        }
        bar.finish();
        Ok(())
    }
}
