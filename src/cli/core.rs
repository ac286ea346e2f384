//! Where the core system is, and `wenban demo-core`.

use std::{io::Write, net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;

use super::desk::{Place, SystemClock};
use crate::{
    demo::core::{Core, FAULT, Fault},
    domain::clock::Clock,
    gateway::{Config, Gateway},
    store::{Keyring, Own, Registers, Store},
};

/// Where records are read when not in the store.
#[derive(Args, Debug)]
pub(super) struct CoreSystem {
    /// 核心系统的地址，记录从那里查 · address of the core system that records are read from (docs/gateway.md)
    #[arg(long = "core", value_name = "URL", requires = "core_token", conflicts_with = "demo")]
    url: Option<String>,
    /// 给请求签名的口令文件，权限 0400 · file of the token that signs requests
    #[arg(long = "core-token", id = "core_token", value_name = "FILE", requires = "url")]
    token: Option<PathBuf>,
    /// 核心系统证书的签发机构，PEM · the one authority of its certificate
    #[arg(long = "core-ca", value_name = "FILE", requires = "url")]
    ca: Option<PathBuf>,
    /// 本机的证书和私钥，PEM，双向认证用 · our own certificate and key, for mutual TLS
    #[arg(long = "core-certificate", value_name = "FILE", requires = "url")]
    certificate: Option<PathBuf>,
}

impl CoreSystem {
    /// The core system's registers, or the store's own.
    pub(super) fn registers(&self, store: &Arc<dyn Store>, keys: &Keyring, clock: Arc<dyn Clock>) -> anyhow::Result<Arc<dyn Registers>> {
        let (Some(url), Some(token)) = (&self.url, &self.token) else { return Ok(Arc::new(Own(store.clone()))) };
        let config = Config { url: url.clone(), token: token.clone(), ca: self.ca.clone(), certificate: self.certificate.clone() };
        Ok(Arc::new(Gateway::new(&config, store.clone(), keys.clone(), clock).context("opening the line to the core system")?))
    }
}

/// Whose records it answers with, and how it fails.
#[derive(Args, Debug)]
pub(super) struct DemoCore {
    /// 监听地址 · address to listen on
    #[arg(long, default_value = "127.0.0.1:9090")]
    listen: SocketAddr,
    /// 请求签名用的口令文件 · file of the token that requests are signed with
    #[arg(long = "core-token", value_name = "FILE")]
    token: PathBuf,
    /// 怎样出错；运行中用 PUT /demo/fault 改 · how it fails; changed by PUT /demo/fault while it runs
    #[arg(long)]
    fault: Option<Fault>,
    #[command(flatten)]
    place: Place,
}

impl DemoCore {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
            let token = std::fs::read_to_string(&self.token).with_context(|| format!("reading {}", self.token.display()))?;
            let (store, _) = self.place.open().await?;
            let core = Arc::new(Core::new(store, token.trim(), Arc::new(SystemClock { today: None })));
            core.fail(self.fault);
            let listener = TcpListener::bind(self.listen).await.with_context(|| format!("listening on {}", self.listen))?;
            let address = listener.local_addr()?;
            writeln!(std::io::stderr().lock(), "核心系统（演示）已就绪：http://{address}，出错开关 PUT {FAULT}")?;
            core.serve(listener).await.context("serving the demo core system")
        })
    }
}
