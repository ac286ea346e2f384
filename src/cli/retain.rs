//! `wenban retain`: what the desk at work does every hour, by hand.

use std::io::Write;

use chrono::NaiveDate;
use clap::Args;

use super::{
    block_on,
    desk::{Place, SystemClock},
};
use crate::domain::clock::{Clock, start_of};

/// Removes what has been kept long enough.
#[derive(Args, Debug)]
pub(super) struct Retain {
    /// 按这一天零点算，默认按现在 · as at the beginning of this day; by default now
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
    #[command(flatten)]
    place: Place,
}

impl Retain {
    /// Says on stdout how many rows went.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let removed = block_on(async {
            let (store, _) = self.place.open().await?;
            let now = self.today.map_or_else(|| SystemClock { today: None }.now(), start_of);
            anyhow::Ok(store.retain(now).await?)
        })?;
        Ok(writeln!(std::io::stdout().lock(), "{removed}")?)
    }
}
