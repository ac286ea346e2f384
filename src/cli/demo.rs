//! `wenban demo`

use std::io::Write;

use anyhow::Context;
use chrono::{Duration, NaiveDate};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Content, block_on, desk::Place};
use crate::{
    demo,
    domain::person::Person,
    store::{REGISTERS, Store},
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
    #[command(flatten)]
    place: Place,
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
        let today = self.content.today();
        block_on(async {
            let (store, _) = self.place.open().await?;
            fill(&*store, self.people, self.seed, today).await
        })?;
        let mut output = std::io::stdout().lock();
        for person in full_people(self.people, self.seed, today).take(self.print_ids) {
            writeln!(output, "{}", person.id_number.reveal())?;
        }
        Ok(())
    }
}

/// Puts a made-up population on file, with a progress bar on stderr.
pub(super) async fn fill(store: &dyn Store, people: u64, seed: u64, today: NaiveDate) -> anyhow::Result<()> {
    let bar = ProgressBar::new(people).with_style(ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} {per_sec} {eta}")?);
    for first in (0..people).step_by(usize::try_from(BATCH)?) {
        let last = people.min(first + BATCH);
        let files = (first..last).map(|n| demo::person(seed, n, today)).collect();
        store.put_people(files).await.context("putting people on file")?;
        bar.set_position(last);
    }
    for register in REGISTERS {
        store.set_as_of(register, today - Duration::days(1)).await.context("dating the registers")?;
    }
    bar.finish();
    Ok(())
}

/// Those of a population who have something in every register.
pub(super) fn full_people(people: u64, seed: u64, today: NaiveDate) -> impl Iterator<Item = Person> {
    (0..people).filter(|n| demo::is_full(*n)).map(move |n| demo::person(seed, n, today).person)
}
