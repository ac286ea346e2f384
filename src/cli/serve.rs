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
    core::CoreSystem,
    demo,
    desk::{Place, TerminalMessenger, desk},
    reload,
};
use crate::{
    channels::{sms::Gateway, web},
    desk::{Desk, Messenger},
    domain::person::Person,
    store::Store,
};

/// The seed of the population that `--demo` puts on file.
const SEED: u64 = 1;
/// How often silent terminals are looked for.
const WIPE_EVERY: std::time::Duration = std::time::Duration::from_secs(10);
/// How often codes and counts that ran out are erased.
const FORGET_EVERY: std::time::Duration = std::time::Duration::from_mins(15);
/// People named on the terminal for trying the desk out.
const SHOWN: usize = 3;

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
        let (store, keys) = self.place.open().await?;
        let people = match self.demo {
            Some(people) => demo_people(&*store, people, self.content.today()).await?,
            None => Vec::new(),
        };
        let desk = Arc::new(desk(&self.content, (store, keys), Some(&self.core), self.messenger()?)?);
        // Watches as long as the desk is open.
        let _watcher =
            self.content.dialogs.as_deref().map(|folder| reload::watch(folder, self.content.clone(), desk.clone())).transpose()?;
        let listener = TcpListener::bind(self.listen).await.with_context(|| format!("listening on {}", self.listen))?;
        let mut terminal = std::io::stderr().lock();
        writeln!(terminal, "问办已就绪：http://{}/", listener.local_addr()?)?;
        for person in &people {
            writeln!(terminal, "可试用的虚构身份：{} {}", person.name.reveal(), person.id_number.reveal())?;
        }
        drop(terminal);
        let stop = CancellationToken::new();
        tokio::spawn(stop_on_signal(stop.clone()));
        tokio::spawn(tidy(desk.clone()));
        web::serve(desk, listener, self.trusted_proxy.clone(), stop).await.context("serving HTTP")
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

/// Wipes what silent terminals left, and erases what ran out, as long as the desk is open.
async fn tidy(desk: Arc<Desk>) {
    let (mut often, mut seldom) = (tokio::time::interval(WIPE_EVERY), tokio::time::interval(FORGET_EVERY));
    loop {
        let done = tokio::select! {
            _ = often.tick() => desk.wipe_silent().await,
            _ = seldom.tick() => desk.forget().await,
        };
        if let Err(error) = done {
            tracing::error!(%error, "what ran out could not be erased");
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
