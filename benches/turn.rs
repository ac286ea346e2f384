//! Whole turns over HTTP, and a bare echo beside them: `make bench`. The client is wrk, on the same cores; rounds alternate, and
//! what counts are the ratios within one run.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use axum::{Json, Router, routing::post};
use checked::checked;
use serde_json::{Value, json};
use shared::SystemClock;
use tokio::{net::TcpListener, runtime::Runtime};
use tokio_util::sync::CancellationToken;
use wenban::{
    channels::web,
    demo,
    desk::Desk,
    dialogue::load::{built_in, load},
    domain::{clock::Clock as _, message::ChannelKind, session::Consent},
    store::{self, Keyring, Store},
};

#[path = "shared/desk.rs"]
mod shared;

#[path = "../tests/it/support/checked.rs"]
mod checked;

#[path = "../tests/it/support/postgres.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "made for tests")]
mod postgres;

/// People on file, and conversations of each kind that the load is spread over.
const PEOPLE: u64 = 2_000;
const TALKS: u64 = 2_000;
/// Connections of the load.
const MANY: u32 = 64;

const GUIDES: [&str; 4] = ["失业金怎么领", "社保卡丢了怎么办", "生育津贴要什么材料", "灵活就业怎么参保"];
const RECORDS: [&str; 1] = ["去年养老交了几个月"];

/// Sends turns and says at last on a line of JSON how it went: turns a second, and µs.
const SCRIPT: &str = r#"
local run, texts, heads = "{run}", {{texts}}, {}
for line in io.lines("{talks}") do
    local path, token = line:match("(%S+) (%S+)")
    heads[#heads + 1] = "POST " .. path .. " HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer " .. token
        .. "\r\nContent-Type: application/json\r\nContent-Length: "
end
local n = 0
request = function()
    n = n + 1
    local body = '{"message_id":"' .. run .. n .. '","text":"' .. texts[n % #texts + 1] .. '"}'
    return heads[n % #heads + 1] .. #body .. "\r\n\r\n" .. body
end
done = function(summary, latency)
    local errors = summary.errors
    local bad = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    io.write(string.format('{"rate":%f,"p50":%f,"p99":%f,"bad":%d}\n', summary.requests / summary.duration * 1e6,
        latency:percentile(50), latency:percentile(99), bad))
end
"#;

/// One kind of load.
struct Load {
    name: String,
    address: SocketAddr,
    texts: &'static [&'static str],
    /// Path and token, one conversation a line.
    talks: PathBuf,
}

/// What wrk measured.
struct Measured {
    rate: f64,
    p50: f64,
    p99: f64,
}

fn main() -> anyhow::Result<()> {
    let mut seconds = 5;
    let mut rounds = 3;
    let mut databases = vec!["sqlite".to_owned(), "postgres".to_owned()];
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{argument} needs a value"))?;
        match argument.as_str() {
            "--seconds" => seconds = value.parse()?,
            "--rounds" => rounds = value.parse()?,
            "--database" => databases = value.split(',').map(str::to_owned).collect(),
            _ => bail!("{argument} is none of --seconds N, --rounds N, --database sqlite,postgres"),
        }
    }
    // The log is written as in service, and thrown away.
    tracing_subscriber::fmt().with_env_filter("info,sqlx=warn").with_writer(fs::File::create("/dev/null")?).init();
    let runtime = Runtime::new()?;
    let dir = tempfile::tempdir()?;
    let mut loads = vec![echo(&runtime, dir.path())?];
    let mut cluster = None;
    for database in &databases {
        let url = match database.as_str() {
            "sqlite" => format!("sqlite://{}", dir.path().join("wenban.db").display()),
            "postgres" => runtime.block_on(async { cluster.insert(postgres::Cluster::start("").await).database().await }),
            other => bail!("{other} is no database"),
        };
        loads.extend(runtime.block_on(desk(database, &url, dir.path()))?);
    }
    let mut results: BTreeMap<(usize, u32), Vec<Measured>> = BTreeMap::new();
    for round in 0..rounds {
        for (place, load) in loads.iter().enumerate() {
            for connections in [MANY, 1] {
                let measured = wrk(load, dir.path(), connections, seconds, &format!("{round}-{connections}-"))?;
                results.entry((place, connections)).or_default().push(measured);
            }
        }
    }
    report(&loads, &results)
}

/// A server that does nothing but read and write JSON.
fn echo(runtime: &Runtime, dir: &Path) -> anyhow::Result<Load> {
    let router = Router::new().route("/", post(async |Json(body): Json<Value>| Json(body)));
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let (address, talks) = (listener.local_addr()?, dir.join("echo"));
    runtime.spawn(async move { axum::serve(listener, router).await });
    fs::write(&talks, "/ none\n")?;
    Ok(Load { name: "bare echo".into(), address, texts: &GUIDES, talks })
}

/// A desk over a fresh database, and its two loads.
async fn desk(database: &str, url: &str, dir: &Path) -> anyhow::Result<Vec<Load>> {
    let keys = Keyring::new(&[1; 32], [2; 32]);
    let store = store::open(url, keys.clone()).await?;
    shared::fill(&*store, PEOPLE, 1, SystemClock.today()).await?;
    let desk = Arc::new(shared::desk(store.clone(), keys));
    let agreed = load(built_in()).0.agreed();
    let (guides, records) = (dir.join(format!("{database}-guides")), dir.join(format!("{database}-records")));
    fs::write(&guides, talks(&desk, &store, None).await?)?;
    fs::write(&records, talks(&desk, &store, Some(&agreed)).await?)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(web::serve(desk, listener, web::Settings::default(), CancellationToken::new()));
    Ok(vec![
        Load { name: format!("{database}: guide turn"), address, texts: &GUIDES, talks: guides },
        Load { name: format!("{database}: record turn"), address, texts: &RECORDS, talks: records },
    ])
}

/// Opens conversations; with people in them who passed the check and agreed to these notices, one each, when there are any.
async fn talks(desk: &Arc<Desk>, store: &Arc<dyn Store>, agreed: Option<&[Consent]>) -> anyhow::Result<String> {
    let opened: Vec<_> = (0..TALKS)
        .map(|n| {
            let (desk, store, agreed) = (desk.clone(), store.clone(), agreed.map(<[_]>::to_vec));
            tokio::spawn(async move {
                let opened = desk.open(ChannelKind::Kiosk).await?;
                if let Some(agreed) = agreed {
                    let person = demo::person(1, n % PEOPLE, SystemClock.today()).person;
                    store.commit(checked(&opened.id, &person, agreed, SystemClock.now())).await?;
                }
                anyhow::Ok(opened)
            })
        })
        .collect();
    let mut lines = String::new();
    for opened in opened {
        let opened = opened.await??;
        writeln!(lines, "/api/v1/conversations/{}/turns {}", opened.id, opened.token)?;
    }
    Ok(lines)
}

fn wrk(load: &Load, dir: &Path, connections: u32, seconds: u32, run: &str) -> anyhow::Result<Measured> {
    let texts = load.texts.iter().map(|text| json!(text).to_string()).collect::<Vec<_>>().join(",");
    let text = SCRIPT.replace("{run}", run).replace("{texts}", &texts).replace("{talks}", &load.talks.display().to_string());
    let script = dir.join("load.lua");
    fs::write(&script, text)?;
    let mut command = Command::new("wrk");
    command.args(["-t1", "--timeout", "10s", "-c", &connections.to_string(), "-d", &format!("{seconds}s"), "-s"]);
    let said = command.arg(&script).arg(format!("http://{}", load.address)).output().context("running wrk: apt-get install wrk")?;
    let said = String::from_utf8_lossy(&said.stdout);
    let last: Value = serde_json::from_str(said.lines().last().unwrap_or_default()).with_context(|| format!("wrk said: {said}"))?;
    let figure = |name: &str| last[name].as_f64().with_context(|| format!("wrk said: {said}"));
    if figure("bad")? > 0.0 {
        bail!("{}: not every turn was answered: {said}", load.name);
    }
    Ok(Measured { rate: figure("rate")?, p50: figure("p50")?, p99: figure("p99")? })
}

/// Medians, and how they compare with the echo.
fn report(loads: &[Load], results: &BTreeMap<(usize, u32), Vec<Measured>>) -> anyhow::Result<()> {
    let median = |place: usize, connections: u32, figure: fn(&Measured) -> f64| {
        let mut figures: Vec<f64> = results[&(place, connections)].iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:<22} {:>9} {:>7} {:>9} {:>9} {:>9}   one connection: p50, p99",
        "64 connections", "a second", "÷ echo", "p50 ms", "p99 ms", "p99 ÷"
    )?;
    for (place, load) in loads.iter().enumerate() {
        let of = |figure| median(place, MANY, figure);
        let (rate, p50, p99) = (of(|m| m.rate), of(|m| m.p50), of(|m| m.p99));
        let (echo, echo_p99) = (median(0, MANY, |m| m.rate), median(0, MANY, |m| m.p99));
        let (one_p50, one_p99) = (median(place, 1, |m| m.p50), median(place, 1, |m| m.p99));
        writeln!(
            out,
            "{:<22} {rate:>9.0} {:>7.3} {:>9.2} {:>9.2} {:>9.2}   {:.2} ms, {:.2} ms",
            load.name,
            rate / echo,
            p50 / 1e3,
            p99 / 1e3,
            p99 / echo_p99,
            one_p50 / 1e3,
            one_p99 / 1e3
        )?;
    }
    Ok(())
}
