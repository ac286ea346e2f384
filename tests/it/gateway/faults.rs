//! REL-06: the core system hangs, resets, is slow, babbles, fails, breaks off, sends elsewhere and never ends.

use std::{
    io::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::ValueEnum as _;
use futures_util::future::join_all;
use tokio::{task::JoinSet, time::sleep};
use wenban::{
    channels::terminal,
    demo::core::Fault,
    domain::{message::Peer, reply::Status},
};

use super::{
    Bureau, bureau,
    copies::{is_apology, is_dated},
};

const QUESTION: &str = "我参加了哪些保险";
const GUIDES: [&str; 4] = ["社保卡丢了怎么办", "失业金怎么领", "生育津贴怎么申请", "社保断缴有什么影响"];
/// How long each fault lasts.
const LASTS: Duration = Duration::from_secs(20);
/// Residents with a copy on file, and as many without.
const RESIDENTS: u64 = 3;

/// What one fault did.
struct Seen {
    fault: Fault,
    guides: Vec<Duration>,
    records: Vec<Duration>,
    copies: usize,
    calls: u64,
    back: Duration,
}

async fn timed(bureau: &Bureau, peer: &Peer, text: &str) -> (wenban::domain::reply::Reply, Duration) {
    let started = Instant::now();
    let reply = bureau.say(peer, text).await;
    (reply, started.elapsed())
}

/// Guides asked all along.
async fn guides(bureau: Arc<Bureau>, until: Instant) -> Vec<Duration> {
    let mut took = Vec::new();
    for n in 0.. {
        if Instant::now() >= until {
            break;
        }
        let peer = terminal::peer(format!("guide-{n}"));
        let (reply, time) = timed(&bureau, &peer, GUIDES[n % GUIDES.len()]).await;
        assert_eq!(reply.status, Status::Answered, "{}", terminal::plain(&reply));
        took.push(time);
        sleep(Duration::from_millis(450)).await;
    }
    took
}

/// One resident's record asked again and again; every answer is a copy, or every one an apology.
async fn records(bureau: Arc<Bureau>, peer: Peer, has_copy: bool, until: Instant) -> Vec<Duration> {
    let mut took = Vec::new();
    while Instant::now() < until {
        let (reply, time) = timed(&bureau, &peer, QUESTION).await;
        assert!(if has_copy { is_dated(&reply) } else { is_apology(&reply) }, "{}", terminal::plain(&reply));
        took.push(time);
        sleep(Duration::from_millis(700)).await;
    }
    took
}

async fn suffer(fault: Fault) -> Seen {
    let bureau = Arc::new(bureau().await);
    let mut residents = Vec::new();
    for n in 0..RESIDENTS * 2 {
        let peer = bureau.checked(n, "resident").await;
        if n < RESIDENTS {
            assert_eq!(bureau.say(&peer, QUESTION).await.status, Status::Answered);
        }
        residents.push((peer, n < RESIDENTS));
    }
    let before = bureau.core.calls();
    bureau.core.fail(Some(fault));
    let until = Instant::now() + LASTS;
    let asked = tokio::spawn(guides(bureau.clone(), until));
    let mut asking = JoinSet::new();
    for (peer, has_copy) in residents.clone() {
        let bureau = bureau.clone();
        asking.spawn(async move { (has_copy, records(bureau, peer, has_copy, until).await) });
    }
    let (mut told, mut copies) = (Vec::new(), 0);
    while let Some(resident) = asking.join_next().await {
        let (has_copy, took) = resident.unwrap();
        copies += if has_copy { took.len() } else { 0 };
        told.extend(took);
    }
    let calls = bureau.core.calls() - before;
    bureau.core.fail(None);
    let ended = Instant::now();
    let (peer, _) = &residents[0];
    while bureau.say(peer, QUESTION).await.sources.iter().any(|source| source.copied_at.is_some()) {
        sleep(Duration::from_millis(250)).await;
        assert!(ended.elapsed() < Duration::from_secs(40), "{fault:?}: not back");
    }
    Seen { fault, guides: asked.await.unwrap(), records: told, copies, calls, back: ended.elapsed() }
}

/// The share of `times`, sorted, that is no longer.
fn percentile(times: &[Duration], percent: usize) -> Duration {
    times[(times.len() * percent).div_ceil(100).saturating_sub(1)]
}

/// REL-06
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes half a minute"]
async fn every_fault_leaves_guides_alone_and_records_dated_or_regretted() {
    let seen = join_all(Fault::value_variants().iter().map(|fault| suffer(*fault))).await;
    let mut guides = Vec::new();
    let mut faults = Vec::new();
    let mut told = std::io::stdout().lock();
    for Seen { fault, guides: mut asked, records, copies, calls, back } in seen {
        asked.sort();
        let slowest = records.iter().max().copied().unwrap_or_default();
        writeln!(
            told,
            "{fault:?}: {} guides p50 {:?} p99 {:?}; {} records ({copies} copies) max {slowest:?}; {calls} calls; back after {back:?}",
            asked.len(),
            percentile(&asked, 50),
            percentile(&asked, 99),
            records.len(),
        )
        .unwrap();
        if slowest >= Duration::from_secs(5) {
            faults.push(format!("{fault:?}: a record took {slowest:?}"));
        }
        if calls * 2 >= u64::try_from(records.len()).unwrap() {
            faults.push(format!("{fault:?}: {calls} calls for {} questions", records.len()));
        }
        if copies == 0 || copies == records.len() {
            faults.push(format!("{fault:?}: {copies} copies of {}", records.len()));
        }
        guides.extend(asked);
    }
    guides.sort();
    let p99 = percentile(&guides, 99);
    writeln!(told, "{} guides p50 {:?} p99 {p99:?}", guides.len(), percentile(&guides, 50)).unwrap();
    assert!(p99 < Duration::from_secs(1), "guides p99 {p99:?}");
    assert_eq!(faults, Vec::<String>::new());
}
