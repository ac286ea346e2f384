//! One person's year of contributions among 10⁴, 10⁵, … people: `cargo bench --bench lookups`. Without `--database` it fills a store of
//! its own; a large one is filled by `wenban demo` before. What counts is how the medians grow from one size to the next.

use std::{
    io::{self, Write as _},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use shared::SystemClock;
use wenban::{
    channels::terminal,
    demo,
    domain::{
        clock::Clock as _,
        entity::Insurance,
        message::{Incoming, Input, MessageId},
        month::Period,
    },
    store::{self, Keyring, Store, Suite},
};

#[path = "shared/desk.rs"]
mod shared;

/// People looked up, each once: what was read of one does not help the next.
const ASKED: u64 = 500;
/// Before that, so that statements are prepared and the tree's upper pages read.
const WARM: u64 = 100;
/// A prime that walks through everybody without order.
const STRIDE: u64 = 7_368_787;
const QUESTION: &str = "去年养老交了几个月";

fn main() -> anyhow::Result<()> {
    let (mut database, mut keys, mut people, mut seed, mut today) = (None, "keys".to_owned(), 10_000, 1, SystemClock.today());
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{argument} needs a value"))?;
        match argument.as_str() {
            "--database" => database = Some(value),
            "--keys" => keys = value,
            "--people" => people = value.parse()?,
            "--seed" => seed = value.parse()?,
            "--today" => today = value.parse::<NaiveDate>()?,
            _ => bail!("{argument} is none of --database URL, --keys DIR, --people N, --seed S, --today YYYY-MM-DD"),
        }
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let dir = tempfile::tempdir()?;
        let own = database.is_none();
        let keys = if own { Keyring::new(&[1; 32], [2; 32]) } else { Keyring::load_or_create(keys.as_ref(), Suite::Intl)? };
        let url = database.unwrap_or_else(|| format!("sqlite://{}", dir.path().join("wenban.db").display()));
        let store = store::open(&url, keys.clone()).await?;
        if own {
            shared::fill(&*store, people, seed, today).await?;
        }
        let on_file = store.people_count().await?;
        let reads = reads(&*store, people, seed, today).await?;
        let turns = turns(store, keys, people, seed, today).await?;
        let mut out = io::stdout().lock();
        for (what, times) in [("number → person → year, two reads", reads), ("a whole turn", turns)] {
            let at = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1e6;
            writeln!(out, "{on_file:>9} people  {what:<34} p50 {:>8.1} µs  p99 {:>8.1} µs", at(50), at(99))?;
        }
        Ok(())
    })
}

/// Those who are asked about, without order.
fn asked(people: u64) -> impl Iterator<Item = u64> {
    (0..(WARM + ASKED).min(people)).map(move |n| n * STRIDE % people)
}

/// What the store takes, sorted.
async fn reads(store: &dyn Store, people: u64, seed: u64, today: NaiveDate) -> anyhow::Result<Vec<Duration>> {
    let year = Period::year(chrono::Datelike::year(&today) - 1);
    let mut times = Vec::new();
    for n in asked(people) {
        let number = demo::person(seed, n, today).person.id_number;
        let begun = Instant::now();
        let person =
            store.person_by_id_number(&number).await?.context("somebody of the population is not on file: another --seed or --today?")?;
        store.contributions(&person.key, Some(Insurance::Pension), Some(year)).await?;
        times.push(begun.elapsed());
    }
    Ok(sorted(times))
}

/// What the desk takes, from the words to the committed reply, sorted.
async fn turns(store: Arc<dyn Store>, keys: Keyring, people: u64, seed: u64, today: NaiveDate) -> anyhow::Result<Vec<Duration>> {
    let desk = shared::desk(store, keys);
    let mut times = Vec::new();
    for n in asked(people) {
        let peer = terminal::peer(format!("lookup-{n}"));
        desk.begin_as(&peer, &demo::person(seed, n, today).person.id_number).await?;
        let input = Input::Text(QUESTION.to_owned());
        let message = Incoming { from: peer, id: MessageId("1".to_owned()), input, at: desk.now() };
        let begun = Instant::now();
        desk.turn(&message).await?;
        times.push(begun.elapsed());
    }
    Ok(sorted(times))
}

fn sorted(times: Vec<Duration>) -> Vec<Duration> {
    let mut times: Vec<Duration> = times.into_iter().skip(usize::try_from(WARM).unwrap_or_default()).collect();
    times.sort();
    times
}
