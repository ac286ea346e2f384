//! Over a socket: what only a connection shows.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;
use wenban::{channels::web::serve, domain::message::ChannelKind};

use crate::support::desk::small_desk;

#[tokio::test]
async fn a_stop_ends_event_streams_and_takes_no_more() {
    let (_dir, desk) = small_desk().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = tokio::spawn(serve(desk.clone(), listener, Vec::new(), stop.clone()));

    let opened = desk.open(ChannelKind::Kiosk).await.unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (id, token) = (opened.id, opened.token);
    let head = format!("GET /api/v1/conversations/{id}/events HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");

    stop.cancel();
    let mut rest = String::new();
    timeout(Duration::from_secs(5), stream.read_to_string(&mut rest)).await.unwrap().unwrap();
    assert!(rest.contains("text/event-stream") && rest.ends_with("0\r\n\r\n"), "{rest}");
    timeout(Duration::from_secs(5), server).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn who_sends_too_much_is_told_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let (_dir, desk) = small_desk().await;
    tokio::spawn(serve(desk, listener, Vec::new(), stop.clone()));
    let megabyte = vec![b'a'; 1 << 20];
    for (length, piece) in [("Content-Length: 8388608", ""), ("Transfer-Encoding: chunked", "100000\r\n")] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("POST /api/v1/conversations HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n{length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..8 {
            stream.write_all(piece.as_bytes()).await.unwrap();
            stream.write_all(&megabyte).await.unwrap();
            stream.write_all(if piece.is_empty() { b"" } else { b"\r\n" }).await.unwrap();
        }
        let mut said = String::new();
        stream.read_to_string(&mut said).await.unwrap();
        assert!(said.starts_with("HTTP/1.1 413") && said.contains("too-long"), "{length}: {said}");
    }
    stop.cancel();
}

/// What the server says to `sent` when nothing follows, and after how many seconds it hangs up.
async fn hung_up(address: SocketAddr, sent: &str) -> (String, u64) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let started = Instant::now();
    let mut said = String::new();
    timeout(Duration::from_secs(20), stream.read_to_string(&mut said)).await.unwrap().unwrap();
    (said, started.elapsed().as_secs())
}

#[tokio::test]
#[ignore = "takes twelve seconds"]
async fn who_dawdles_is_cut_off() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_dir, desk) = small_desk().await;
    tokio::spawn(serve(desk, listener, Vec::new(), CancellationToken::new()));
    let half_a_body = "POST /api/v1/conversations HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    for (sent, hung_up) in [
        ("nothing", hung_up(address, "")),
        ("half a head", hung_up(address, "GET / HTTP/1.1\r\nHost: d")),
        ("half a body", hung_up(address, half_a_body)),
        ("one request", hung_up(address, "GET /health/live HTTP/1.1\r\nHost: desk\r\n\r\n")),
    ]
    .map(|(sent, hung_up)| (sent, tokio::spawn(hung_up)))
    {
        let (said, seconds) = hung_up.await.unwrap();
        assert!((9..=12).contains(&seconds), "{sent}: {seconds} s\n{said}");
        let first = said.lines().next().unwrap_or_default();
        let expected = match sent {
            "half a body" => "HTTP/1.1 408 Request Timeout",
            "one request" => "HTTP/1.1 200 OK",
            _ => "",
        };
        assert_eq!(first, expected, "{sent}");
    }
}
