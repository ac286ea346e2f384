//! REL-02, REL-10, REL-11: a log that is cut anywhere, a disk that is full, a database that another holds.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use chrono::DateTime;
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use wenban::{
    channels::terminal,
    desk::DeskError,
    domain::{
        audit::Act,
        message::{ChannelKind, Incoming, Input, MessageId},
        reply::{Reply, Status},
    },
    store::{self, Changes, Keyring, NewConversation, Sent, audit::verify::verify, state::examine},
};

use super::Site;
use crate::support::{
    desk::{hall, today},
    program::Server,
};

/// Places at which the log is cut.
const CUTS: usize = 200;
/// Megabytes of the disk that fills up.
const DISK: u64 = 24;
/// From the moment there is room again (security.md REL-10).
const HEALED: Duration = Duration::from_secs(5);

fn keys() -> Keyring {
    Keyring::new(&[1; 32], [2; 32])
}

/// A request on a connection of its own; gives status and body.
fn request(address: &str, head: &str, token: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let headers = "Host: desk\r\nConnection: close\r\nContent-Type: application/json";
    let length = body.len();
    write!(stream, "{head} HTTP/1.1\r\n{headers}\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    let status = said.get(9..12).unwrap().parse().unwrap();
    let body = said.split_once("\r\n\r\n").unwrap().1;
    (status, serde_json::from_str(body).unwrap_or_default())
}

/// A conversation over HTTP.
struct Talk<'a> {
    address: &'a str,
    path: String,
    token: String,
}

impl<'a> Talk<'a> {
    fn open(address: &'a str) -> Self {
        let (status, opened) = request(address, "POST /api/v1/conversations", "", r#"{"channel":"widget"}"#);
        assert_eq!(status, 201, "{opened}");
        let of = |name: &str| opened[name].as_str().unwrap().to_owned();
        Self { address, path: format!("/api/v1/conversations/{}/turns", of("id")), token: of("token") }
    }

    fn send(&self, id: &str, body: &Value) -> (u16, Value) {
        let mut body = body.clone();
        body["message_id"] = json!(id);
        request(self.address, &format!("POST {}", self.path), &self.token, &body.to_string())
    }

    fn say(&self, id: &str, text: &str) -> (u16, Value) {
        self.send(id, &json!({ "text": text }))
    }
}

/// REL-02: what was committed is synced, and a log cut at any byte opens clean with whole commits alone.
#[tokio::test(flavor = "multi_thread")]
async fn rel_02_commits_are_synced_and_a_torn_log_opens_clean() {
    let site = Site::new();
    let store = store::open(&site.database, keys()).await.unwrap();
    let state = examine(&site.database).await.unwrap();
    let synchronous = state.settings.iter().find(|setting| setting.name == "synchronous").unwrap();
    assert_eq!(synchronous.value, "2");
    for n in 0..40 {
        let id = format!("c{n}");
        let at = today().and_hms_opt(2, 30, 0).unwrap().and_utc();
        store.open_conversation(NewConversation { id: id.clone(), token_hash: None, channel: ChannelKind::Kiosk, at }).await.unwrap();
        let message = MessageId("m".into());
        let reply = Some(Sent { message, input_hash: "x".repeat(1_000), reply: Reply::new(Status::Answered).into() });
        store.commit(Changes { reply, ..Changes::new(&id, at) }).await.unwrap();
    }
    // As the disk has them at the loss of power: copied while the desk is at work.
    let file = PathBuf::from(site.database.strip_prefix("sqlite://").unwrap());
    let log = fs::read(file.with_extension("db-wal")).unwrap();
    let database = fs::read(&file).unwrap();
    let torn = site.dir.path().join("torn.db");
    let mut last = (0, 0);
    for cut in 0..=CUTS {
        for beside in ["db-wal", "db-shm"] {
            let _ = fs::remove_file(torn.with_extension(beside));
        }
        fs::write(&torn, &database).unwrap();
        let length = log.len() * cut / CUTS;
        fs::write(torn.with_extension("db-wal"), &log[..length]).unwrap();
        let mut raw = SqliteConnection::connect(&format!("sqlite://{}", torn.display())).await.unwrap();
        let whole: String = sqlx::query_scalar("pragma integrity_check").fetch_one(&mut raw).await.unwrap();
        assert_eq!(whole, "ok", "cut at {length} of {}", log.len());
        let tables: i64 =
            sqlx::query_scalar("select count(*) from sqlite_master where name = 'replies'").fetch_one(&mut raw).await.unwrap();
        let counts = if tables == 0 {
            (0, 0)
        } else {
            sqlx::query_as("select (select count(*) from conversations), (select count(*) from replies)").fetch_one(&mut raw).await.unwrap()
        };
        assert!(counts >= last, "cut later, less is there: {counts:?} after {last:?}");
        last = counts;
        raw.close().await.unwrap();
    }
    assert_eq!(last, (40, 40), "all of it, uncut");
}

/// REL-11: for 10 s another process holds the database. A turn waits 5 s and is refused; a guide is answered; nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn rel_11_a_held_database_costs_five_seconds_and_nothing_else() {
    let site = Site::new();
    let server = Server::start(&[site.place().as_slice(), &["--demo", "1"]].concat());
    let talk = Talk::open(&server.address);
    assert_eq!(talk.say("1", "失业金怎么领").0, 200);
    let mut other = SqliteConnection::connect(&site.database).await.unwrap();
    let held = other.begin_with("begin immediate").await.unwrap();
    let begun = Instant::now();
    let (status, refused) = tokio::task::block_in_place(|| talk.say("2", "去年养老交了几个月"));
    assert_eq!((status, refused["type"].as_str()), (503, Some("urn:wenban:problem:unavailable")), "{refused}");
    assert!((4..8).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    let (status, guide) = tokio::task::block_in_place(|| talk.say("3", "社保卡丢了怎么办"));
    assert!(status == 200 && guide.to_string().contains("没有记下来"), "{guide}");
    held.rollback().await.unwrap();
    let (status, asked) = talk.say("2", "去年养老交了几个月");
    assert_eq!(status, 200, "{asked}");
    let (status, again) = talk.say("3", "社保卡丢了怎么办");
    assert!(status == 200 && !again.to_string().contains("没有记下来"), "{again}");
    let replies: i64 = sqlx::query_scalar("select count(*) from replies").fetch_one(&mut other).await.unwrap();
    assert_eq!(replies, 3, "each message once");
}

/// A small disk of memory, gone at the end.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path) -> Self {
        fs::create_dir_all(at).unwrap();
        let size = format!("size={DISK}m,mode=0700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).output().unwrap();
        let said = String::from_utf8_lossy(&mounted.stderr);
        assert!(mounted.status.success(), "this test mounts a disk, for which it must run as root: {said}");
        Self(at.to_owned())
    }

    /// Leaves not a byte; gives the file that takes the room.
    fn fill(&self) -> PathBuf {
        let path = self.0.join("ballast");
        let mut file = fs::File::create(&path).unwrap();
        for size in [1 << 20, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l"]).arg(&self.0).status();
    }
}

/// REL-10: with the disk full what must be kept is refused and guides go on; with room again all goes on by itself.
#[tokio::test(flavor = "multi_thread")]
async fn rel_10_a_full_disk_refuses_writes_answers_guides_and_heals() {
    let site = Site::new();
    let disk = Disk::mount(&site.dir.path().join("data"));
    let server = Server::start(&[site.place().as_slice(), &["--demo", "1"]].concat());
    let talk = Talk::open(&server.address);
    assert_eq!(talk.say("before", "失业金怎么领").0, 200);
    let (mut kept, mut refused, mut unkept) = (1, 0, 0);

    let ballast = disk.fill();
    // Some turns fit into pages that are there.
    for n in 0..3_000 {
        let (status, said) = talk.say(&format!("r{n}"), "去年养老交了几个月");
        match status {
            200 => kept += 1,
            503 => refused += 1,
            _ => panic!("{said}"),
        }
        let (status, guide) = talk.say(&format!("g{n}"), "社保卡丢了怎么办");
        assert!(status == 200 && guide["status"] == "answered", "{guide}");
        if guide.to_string().contains("没有记下来") {
            assert_eq!(guide["choices"], json!([]), "nobody would know what was chosen");
            unkept += 1;
        } else {
            kept += 1;
        }
        if refused >= 20 && unkept >= 20 {
            break;
        }
    }
    assert!(refused >= 20 && unkept >= 20, "the disk is not full");
    assert_eq!(request(&server.address, "GET /api/v1/guides", "", "").0, 200);
    assert_eq!(request(&server.address, "POST /api/v1/conversations", "", r#"{"channel":"widget"}"#).0, 503);

    fs::remove_file(ballast).unwrap();
    let room = Instant::now();
    while talk.say("after", "去年养老交了几个月").0 != 200 {
        assert!(room.elapsed() < HEALED, "it does not heal by itself");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(Talk::open(&server.address).say("1", "社保卡丢了怎么办").0, 200);
    kept += 2;
    let mut raw = SqliteConnection::connect(&site.database).await.unwrap();
    let replies: i64 = sqlx::query_scalar("select count(*) from replies").fetch_one(&mut raw).await.unwrap();
    assert_eq!(replies, kept, "what was answered as kept is, and nothing else");
    let whole: String = sqlx::query_scalar("pragma integrity_check").fetch_one(&mut raw).await.unwrap();
    assert_eq!(whole, "ok");
    raw.close().await.unwrap();
    server.kill();
    let (whole, said) = site.wenban(&["audit", "verify"]);
    assert!(whole, "{said}");
}

/// REL-10, AUD-04: somebody who was checked sees no record of which the trail cannot be told.
#[tokio::test(flavor = "multi_thread")]
async fn rel_10_no_record_is_read_while_the_disk_is_full() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::mount(&dir.path().join("data"));
    let hall = hall(&format!("sqlite://{}", disk.0.join("wenban.db").display())).await;
    let peer = terminal::peer("somebody");
    hall.desk.begin_as(&peer, &hall.person.id_number).await.unwrap();
    let ask = async |id: &str, text: &str| {
        let message = Incoming { from: peer.clone(), id: MessageId(id.into()), input: Input::Text(text.into()), at: hall.desk.now() };
        hall.desk.turn(&message).await
    };
    let question = "去年养老交了几个月";
    let told = terminal::plain(&ask("before", question).await.unwrap());
    let mut looks = 1;

    let ballast = disk.fill();
    let mut refused = 0;
    for n in 0..3_000 {
        match ask(&format!("r{n}"), question).await {
            Ok(reply) if reply.status == Status::Answered => looks += 1,
            // Only the trail could not be told.
            Ok(reply) => assert_eq!(reply.status, Status::Failed),
            Err(error) => assert!(matches!(error, DeskError::Unavailable(_)), "{error}"),
        }
        let guide = ask(&format!("g{n}"), "社保卡丢了怎么办").await.unwrap();
        refused += u32::from(terminal::plain(&guide).contains("没有记下来"));
        if refused == 20 {
            break;
        }
    }
    assert_eq!(refused, 20, "the disk is not full");
    assert!(ask("full", question).await.is_err());

    fs::remove_file(ballast).unwrap();
    let room = Instant::now();
    let again = loop {
        match ask("after", question).await {
            Ok(reply) => break reply,
            Err(error) => assert!(room.elapsed() < HEALED, "it does not heal by itself: {error}"),
        }
    };
    assert_eq!(terminal::plain(&again), told);
    let rows = hall.store.audit_of(&hall.person.key, DateTime::UNIX_EPOCH, 10_000).await.unwrap();
    let read = rows.iter().filter(|row| row.action == Act::RecordRead.id()).count();
    assert_eq!(read, looks + 1, "as many rows as answers");
    assert_eq!(verify(&*hall.store, &hall.keys, &[]).await.unwrap().fault, None);
}
