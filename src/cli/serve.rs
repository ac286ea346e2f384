//! `wenban serve`

use std::{io::Write, net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use chrono::{Duration, NaiveDate};
use clap::Args;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::{
    Content,
    audit::Anchors,
    core::CoreSystem,
    demo,
    desk::{Place, SystemClock, TerminalMessenger, desk},
    keys::TAKEN_UP,
    reload,
};
use crate::{
    channels::{sms::Gateway, web},
    desk::{Desk, Messenger},
    domain::{certificate::Papers, clock::Clock, person::Person},
    store::{Keyring, Store},
};

/// The seed of the population that `--demo` puts on file.
const SEED: u64 = 1;
/// Between two anchors of the audit trail (security.md AUD-02), and two removals of old data.
const HOUR: std::time::Duration = std::time::Duration::from_hours(1);
/// How often silent terminals are looked for.
const WIPE_EVERY: std::time::Duration = std::time::Duration::from_secs(10);
/// People named on the terminal for trying the desk out.
const SHOWN: usize = 3;

/// Debian's Noto Sans CJK.
pub(super) const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// HTTP and every configured channel.
#[derive(Args, Debug)]
pub(super) struct Serve {
    /// 监听地址 · address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// 短信网关的地址；不写时验证码只显示在终端 · address of the SMS gateway; without one codes appear on the terminal alone
    #[arg(long, value_name = "URL", requires = "sms_key")]
    sms_url: Option<String>,
    /// 短信网关密钥的文件，只有自己能读 · file of the gateway's bearer key, for nobody else to read
    #[arg(long, value_name = "FILE", requires = "sms_url")]
    sms_key: Option<PathBuf>,
    /// 反向代理的地址段，可以写多个；只信这些地址写的 X-Forwarded-For · CIDR ranges of proxies whose X-Forwarded-For is believed
    #[arg(long, value_name = "CIDR", num_args = 1..)]
    trusted_proxy: Vec<IpNet>,
    /// 试用：空库时先生成 N 个虚构的人，并在终端显示三人供试 · fills an empty store with N made-up people and names three
    #[arg(long, value_name = "N")]
    demo: Option<u64>,
    /// 打印证明用的字体（Noto Sans CJK） · font that certificates are printed with
    #[arg(long, value_name = "FILE", default_value = FONT)]
    font: PathBuf,
    /// 对外的网址，印在证明的二维码里；默认用监听地址 · the site that certificates name for their check; by default the address
    #[arg(long, value_name = "URL")]
    site: Option<String>,
    #[command(flatten)]
    core: CoreSystem,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    content: Content,
}

impl Serve {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(self.serve())
    }

    /// What sends codes.
    fn messenger(&self) -> anyhow::Result<Arc<dyn Messenger>> {
        let (Some(url), Some(key)) = (&self.sms_url, &self.sms_key) else { return Ok(Arc::new(TerminalMessenger)) };
        Ok(Arc::new(Gateway::open(url, key).context("the SMS gateway")?))
    }

    async fn serve(&self) -> anyhow::Result<()> {
        let (_alone, store, keys) = self.place.open_alone().await?;
        let people = match self.demo {
            Some(people) => demo_people(&*store, people, self.content.today()).await?,
            None => Vec::new(),
        };
        let listener = TcpListener::bind(self.listen).await.with_context(|| format!("listening on {}", self.listen))?;
        let papers = self.papers(listener.local_addr()?);
        let open = (store.clone(), keys.clone());
        let desk = Arc::new(desk(&self.content, open, Some(&self.core), self.messenger()?, papers)?);
        // Watches as long as the desk is open.
        let _watcher =
            self.content.dialogs.as_deref().map(|folder| reload::watch(folder, self.content.clone(), desk.clone())).transpose()?;
        let mut terminal = std::io::stderr().lock();
        writeln!(terminal, "问办已就绪：http://{}/", listener.local_addr()?)?;
        for person in &people {
            writeln!(terminal, "可试用的虚构身份：{} {}", person.name.reveal(), person.id_number.reveal())?;
        }
        drop(terminal);
        let stop = CancellationToken::new();
        tokio::spawn(stop_on_signal(stop.clone()));
        tokio::spawn(take_up(keys, stop.clone()));
        let anchors = Arc::new(Anchors::beside(&self.place.keys));
        let keeper = tokio::spawn(keep(store.clone(), anchors.clone(), stop.clone()));
        tokio::spawn(wipe_silent(desk.clone(), stop.clone()));
        let served = web::serve(desk, listener, self.trusted_proxy.clone(), stop.clone()).await.context("serving HTTP");
        stop.cancel();
        keeper.await?;
        // The turns under way when it was told to stop are over now.
        anchors.note(&*store, SystemClock { today: None }.now()).await;
        served
    }

    /// What papers are printed with. Without its font the desk prints none, and does all else.
    fn papers(&self, listening: SocketAddr) -> Option<Papers> {
        let site = self.site.as_deref().map_or_else(|| format!("http://{listening}"), |site| site.trim_end_matches('/').to_owned());
        match web::can_print(&self.font) {
            Ok(()) => Some(Papers { font: self.font.clone(), site }),
            Err(error) => {
                tracing::warn!(error, "certificates cannot be printed; Debian's package fonts-noto-cjk has the font");
                None
            }
        }
    }
}

/// New keys are looked for as long as the desk is open.
async fn take_up(keys: Keyring, stop: CancellationToken) {
    while tokio::time::timeout(TAKEN_UP, stop.cancelled()).await.is_err() {
        match keys.refresh() {
            Ok(false) => {}
            Ok(true) => tracing::info!(keys = ?keys.data_keys(), "new keys are taken up"),
            Err(error) => tracing::error!(%error, "the keys cannot be read"),
        }
    }
}

/// What is done every hour: old data goes, and the audit trail is anchored.
async fn keep(store: Arc<dyn Store>, anchors: Arc<Anchors>, stop: CancellationToken) {
    let clock = SystemClock { today: None };
    while !stop.is_cancelled() {
        match store.retain(clock.now()).await {
            Ok(removed) if removed.is_nothing() => {}
            Ok(removed) => tracing::info!(%removed, "what was kept long enough is removed"),
            Err(error) => tracing::error!(%error, "what was kept long enough is not removed"),
        }
        anchors.note(&*store, clock.now()).await;
        // Which of the two it was is looked at next.
        let _ = tokio::time::timeout(HOUR, stop.cancelled()).await;
    }
}

/// Some of the population on file, which is made first when the store is empty. It is told again by the day on which
/// it was made.
async fn demo_people(store: &dyn Store, people: u64, today: NaiveDate) -> anyhow::Result<Vec<Person>> {
    if store.people_count().await? == 0 {
        demo::fill(store, people, SEED, today).await?;
    }
    let made = store.as_of("cases").await?.map_or(today, |day| day + Duration::days(1));
    let mut known = Vec::new();
    for person in demo::full_people(people, SEED, made) {
        if store.person(&person.key).await?.is_some() {
            known.push(person);
        }
        if known.len() == SHOWN {
            break;
        }
    }
    Ok(known)
}

/// Wipes what silent terminals left, as long as the desk is open.
async fn wipe_silent(desk: Arc<Desk>, stop: CancellationToken) {
    while tokio::time::timeout(WIPE_EVERY, stop.cancelled()).await.is_err() {
        if let Err(error) = desk.wipe_silent().await {
            tracing::error!(%error, "what silent terminals left could not be wiped");
        }
    }
}

async fn stop_on_signal(stop: CancellationToken) {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => return tracing::error!(%error, "signals cannot be heard"),
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    stop.cancel();
}
