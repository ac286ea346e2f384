//! Connections: how many, for how long, and how they end. `axum::serve` would hold a slow sender for ever.

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, http::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    select,
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tracing::{debug, info, warn};

use super::address::Connected;

// security.md INP.
const CONNECTIONS: u32 = 1024;
const OF_ONE_ADDRESS: u32 = 64;
const HEAD_WITHIN: Duration = Duration::from_secs(10);
const LARGEST_HEAD: usize = 16 * 1024;
const LINGER: Duration = Duration::from_secs(2);

/// security.md 3.2: how long turns under way may take when the server stops.
const FINISH_WITHIN: Duration = Duration::from_secs(25);

/// When no connection can be accepted, mostly for want of file descriptors.
const BREATHER: Duration = Duration::from_millis(50);

/// Serves until `stop`, then waits for what is under way.
pub(super) async fn serve(router: Router, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS as usize));
    let callers = Callers::default();
    loop {
        let accepted = select! {
            () = stop.cancelled() => break,
            accepted = async {
                let place = Arc::clone(&places).acquire_owned().await.map_err(io::Error::other)?;
                Ok::<_, io::Error>((place, listener.accept().await?))
            } => accepted,
        };
        let (place, (stream, from)) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "a connection could not be accepted: {error}");
                sleep(BREATHER).await;
                continue;
            }
        };
        let Some(caller) = callers.admit(from.ip()) else { continue };
        let (router, stop) = (router.clone(), stop.clone());
        tokio::spawn(async move {
            connection(stream, from.ip(), router, stop).await;
            drop((place, caller));
        });
    }
    drop(listener);
    let left = CONNECTIONS as usize - places.available_permits();
    info!(connections = left, "stopping, {left} connections are open");
    if timeout(FINISH_WITHIN, places.acquire_many(CONNECTIONS)).await.is_err() {
        warn!("stopped before every connection was done");
    }
    Ok(())
}

async fn connection(mut stream: TcpStream, address: IpAddr, router: Router, stop: CancellationToken) {
    // A reply is one small write: it does not wait for the next.
    let _ = stream.set_nodelay(true);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).max_header_size(LARGEST_HEAD);
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Connected(address));
        request
    });
    let done = {
        let mut connection = pin!(http.serve_connection(TokioIo::new(&mut stream), TowerToHyperService::new(service)));
        select! {
            done = connection.as_mut() => done,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    if let Err(error) = done {
        debug!(%error, "a connection broke: {error}");
    }
    let _ = timeout(LINGER, linger(stream)).await;
}

/// Closes our side and reads on until the other is closed too: a socket closed over unread bytes resets the
/// connection, and who still sends a body would never see the refusal of it.
async fn linger(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// Open connections by address.
#[derive(Clone, Default)]
struct Callers(Arc<Mutex<HashMap<IpAddr, u32>>>);

/// One connection's place in the count; gives it back when dropped.
struct Caller {
    callers: Callers,
    address: IpAddr,
}

impl Callers {
    /// `None` when the address has as many as it may. This machine's own reverse proxy is no caller.
    fn admit(&self, address: IpAddr) -> Option<Caller> {
        let address = address.to_canonical();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= OF_ONE_ADDRESS && !address.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Caller { callers: self.clone(), address })
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        let mut counts = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Callers, OF_ONE_ADDRESS};

    #[test]
    fn an_address_has_its_share_and_gives_it_back() {
        let callers = Callers::default();
        let address = "203.0.113.7".parse().unwrap();
        let mut open: Vec<_> = (0..OF_ONE_ADDRESS).map(|_| callers.admit(address).unwrap()).collect();
        assert!(callers.admit(address).is_none());
        assert!(callers.admit("203.0.113.8".parse().unwrap()).is_some());
        open.pop();
        assert!(callers.admit(address).is_some());
        open.clear();
        assert!(callers.0.lock().unwrap().is_empty());
    }
}
