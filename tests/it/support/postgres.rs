//! One Postgres per test process, from the binaries on this machine; one fresh database per test.

use std::{
    fs,
    net::TcpListener,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A shell that makes and starts the server, and waits at its standard input. That ends with this process, however it
/// ends; then the server stops and its folder goes. TERM, since a shell starts what runs beside it with INT ignored.
const KEEPER: &str = r#"
"$1/initdb" -U wenban -A trust -E UTF8 --locale=C --no-sync -D "$2/data" <&- >"$2/log" 2>&1 || exit 1
"$1/postgres" -D "$2/data" -k "$2" -p "$3" -c listen_addresses=127.0.0.1 \
    -c max_connections=200 $4 <&- >>"$2/log" 2>&1 &
server=$!
read -r _
kill -TERM $server
wait $server
rm -rf "$2"
"#;

/// Nothing that a test writes need outlive it.
const FLEETING: &str = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off";

/// A server of its own.
pub(crate) struct Cluster {
    port: u16,
    /// Holds the keeper's standard input open.
    _keeper: Child,
}

/// The URL of a database of its own for the caller.
pub(crate) async fn database() -> String {
    CLUSTER.get_or_init(|| Cluster::start(FLEETING)).await.database().await
}

fn url(port: u16, database: &str) -> String {
    format!("postgres://wenban@127.0.0.1:{port}/{database}")
}

impl Cluster {
    /// Starts one, with more flags for the server.
    pub(crate) async fn start(flags: &str) -> Self {
        let binaries = binaries();
        let dir = tempfile::Builder::new().prefix("wenban-postgres-").tempdir().unwrap().keep();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut keeper = Command::new("/bin/sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(&binaries).arg(&dir).arg(port.to_string()).arg(flags);
        keeper.current_dir(&dir).env("LC_ALL", "C").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((user, group)) = owner(&dir) {
            keeper.uid(user).gid(group);
        }
        let keeper = keeper.spawn().unwrap();
        let cluster = Self { port, _keeper: keeper };
        for _ in 0..300 {
            if let Ok(connection) = PgConnection::connect(&url(port, "postgres")).await {
                connection.close().await.unwrap();
                return cluster;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
        panic!("PostgreSQL did not start within 30 s: {log}");
    }

    /// The URL of a fresh database.
    pub(crate) async fn database(&self) -> String {
        let name = format!("wenban_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&url(self.port, "postgres")).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        url(self.port, &name)
    }
}

/// Where `initdb` and `postgres` are: Debian keeps them out of the path.
fn binaries() -> PathBuf {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let mut debian: Vec<PathBuf> = debian.collect();
    debian.sort_by_key(|dir| std::cmp::Reverse(version(dir)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let complete = |dir: &PathBuf| dir.join("initdb").is_file() && dir.join("postgres").is_file();
    let found = debian.into_iter().chain(std::env::split_paths(&path)).find(complete);
    found.unwrap_or_else(|| panic!("these tests start their own PostgreSQL and found no initdb: apt-get install postgresql"))
}

fn version(dir: &Path) -> u32 {
    let name = dir.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    name.and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// Postgres refuses to run as root: the folder and the server go to the user `postgres` then.
fn owner(dir: &Path) -> Option<(u32, u32)> {
    if fs::metadata(dir).unwrap().uid() != 0 {
        return None;
    }
    let id = |which: &str| {
        let said = Command::new("id").args([which, "postgres"]).output().unwrap();
        let number = String::from_utf8_lossy(&said.stdout).trim().parse::<u32>();
        number.unwrap_or_else(|_| panic!("run as root, these tests need the user postgres: apt-get install postgresql"))
    };
    let (user, group) = (id("-u"), id("-g"));
    chown(dir, Some(user), Some(group)).unwrap();
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).unwrap();
    Some((user, group))
}
