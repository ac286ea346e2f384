//! `wenban doctor`: whether all around the store is as it must be.

use std::{
    fmt::Display,
    fs,
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, Utc};
use clap::Args;

use super::{
    audit::Anchors,
    block_on,
    desk::{Place, SystemClock},
    serve::FONT,
};
use crate::{
    channels::web,
    domain::clock::{Clock, stamp},
    store::{
        Held, Keyring, Lock, files,
        state::{State, examine},
    },
};

/// A clock that is farther from the database's is wrong (security.md §3.2).
const CLOCKS_APART: f64 = 5.0;
/// Free space below which a day's writes and a backup's copy may not fit.
const FREE: u64 = 1 << 30;
/// Connections that a server takes, twice over: each may hold a file.
const FILES: u64 = 2_048;
/// Keys are changed once a year (security.md ENC-04).
const KEYS_LAST: Duration = Duration::from_hours(24 * 366);

/// What to look at.
#[derive(Args, Debug)]
pub(super) struct Doctor {
    /// 打印证明用的字体 · font that certificates are printed with
    #[arg(long, value_name = "FILE", default_value = FONT)]
    font: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// What was found, a line each.
#[derive(Default)]
struct Chart {
    lines: Vec<String>,
    faults: usize,
}

impl Chart {
    fn well(&mut self, what: &str, found: impl Display) {
        self.lines.push(format!("ok     {what}: {found}"));
    }

    /// A fault, and what to do about it.
    fn fault(&mut self, what: &str, found: impl Display, remedy: impl Display) {
        self.faults += 1;
        self.lines.push(format!("FAULT  {what}: {found}\n       → {remedy}"));
    }

    fn judge(&mut self, holds: bool, what: &str, found: impl Display, remedy: impl Display) {
        if holds { self.well(what, found) } else { self.fault(what, found, remedy) }
    }
}

impl Doctor {
    /// Says on stdout what it found. Returns whether there is no fault.
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        let mut chart = Chart::default();
        let server = self.lock(&mut chart);
        match block_on(async { Ok(examine(&self.place.database).await) })? {
            Ok(state) => self.store(&mut chart, &state),
            Err(error) => {
                chart.fault("store", format!("{error:#}"), "`wenban serve`, `demo` or `import` makes a store; --database names another");
            }
        }
        self.keys(&mut chart);
        limits(&mut chart, server);
        let font = web::can_print(&self.font);
        let found = font.as_ref().map_or_else(|error| format!("{}: {error}", self.font.display()), |()| self.font.display().to_string());
        chart.judge(font.is_ok(), "font", found, "apt-get install fonts-noto-cjk, or --font; until then no certificates are printed");
        let mut output = io::stdout().lock();
        for line in &chart.lines {
            writeln!(output, "{line}")?;
        }
        match chart.faults {
            0 => writeln!(output, "一切正常 · all is well")?,
            faults => writeln!(output, "{faults} 处不对 · {faults} faults")?,
        }
        Ok(chart.faults == 0)
    }

    /// Gives the process that serves the file.
    fn lock(&self, chart: &mut Chart) -> Option<u32> {
        match Lock::held(&self.place.database) {
            Ok(None) => chart.well("lock", "none: the nodes share one PostgreSQL"),
            Ok(Some(Held::Free)) => chart.well("lock", "nobody serves this file"),
            Ok(Some(Held::By(process))) => {
                chart.well("lock", format!("process {process} serves this file"));
                return Some(process);
            }
            Err(error) => chart.fault("lock", error, "look at --database"),
        }
        None
    }

    fn store(&self, chart: &mut Chart, state: &State) {
        if let Some(file) = &state.file {
            modes(chart, file);
            space(chart, file);
        }
        for setting in &state.settings {
            let what = format!("setting {}", setting.name);
            let remedy = match &state.file {
                Some(_) => format!("it must be {}; start the desk once", setting.wanted),
                None => format!("it must be {} in postgresql.conf: what was acknowledged could be lost", setting.wanted),
            };
            chart.judge(setting.value == setting.wanted, &what, &setting.value, remedy);
        }
        let (last, whole) = state.migration;
        let found = format!("{last} of {}", state.known);
        let remedy = match last {
            _ if !whole => "a migration did not end well: restore the last backup",
            last if last > state.known => "the tables are of a later version: use that version of this program",
            _ => "the next start brings the tables up to date: back up first",
        };
        chart.judge(whole && last == state.known, "migrations", found, remedy);
        clock(chart, state);
        self.trail(chart, state);
    }

    fn trail(&self, chart: &mut Chart, state: &State) {
        let head = &state.head;
        let found = format!("{}@{}", head.hash, head.seq);
        if head.seq != head.last {
            return chart.fault(
                "audit head",
                found,
                format!("the last row is {}: `wenban audit verify`, and keep a copy of all", head.last),
            );
        }
        let file = Anchors::beside(&self.place.keys);
        match file.read() {
            Err(error) => chart.fault("audit anchors", format!("{error:#}"), "keep the file, and look who changed it"),
            Ok(anchors) => {
                let newest = anchors.iter().max_by_key(|anchor| anchor.seq);
                let holds = newest.is_none_or(|noted| noted.seq < head.seq || noted.seq == head.seq && noted.hash == head.hash);
                let noted = newest.map_or_else(|| "none yet".to_owned(), |noted| noted.seq.to_string());
                let remedy = "the end of the trail was cut off or written anew, or a backup was restored: `wenban audit verify`";
                chart.judge(holds, "audit head", format!("{found}, last anchor {noted}"), remedy);
            }
        }
    }

    fn keys(&self, chart: &mut Chart) {
        let folder = &self.place.keys;
        let apart = self.place.apart_from(folder);
        let found = format!("{}{}", folder.display(), apart.as_ref().err().map_or(String::new(), |_| " lies among the data".to_owned()));
        chart.judge(
            apart.is_ok(),
            "key folder",
            found,
            "move it, and name it with --keys: a copy of the data must not take the keys along",
        );
        mode(chart, folder, 0o077, "chmod 700");
        match Keyring::load(folder) {
            Err(error) => chart.fault("keys", error, "restore the key folder from where keys are kept; the first start makes one"),
            Ok(keys) => {
                let ids: Vec<String> = keys.data_keys().into_iter().map(|(id, suite)| format!("{id} {}", suite.id())).collect();
                let fresh = keys.age().is_none_or(|age| age < KEYS_LAST);
                chart.judge(
                    fresh,
                    "keys",
                    ids.join(", "),
                    "the newest is over a year old: `wenban keys rotate`, then `wenban keys reseal`",
                );
            }
        }
        let mut names: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        names.retain(|path| path.extension().is_some_and(|ending| ending == "key"));
        names.sort();
        for file in &names {
            mode(chart, file, 0o377, "chmod 400");
        }
    }
}

/// Whether a file has none of the rights `never`.
fn mode(chart: &mut Chart, path: &Path, never: u32, remedy: &str) {
    match fs::metadata(path) {
        Ok(known) => {
            let mode = known.permissions().mode() & 0o7777;
            let found = format!("{} {mode:04o}", path.display());
            chart.judge(mode & never == 0, "mode", found, format!("{remedy} {}", path.display()));
        }
        Err(error) => chart.fault("mode", format!("{}: {error}", path.display()), "look whether it is the right place"),
    }
}

/// The database's files are the desk's alone.
fn modes(chart: &mut Chart, file: &Path) {
    for ending in ["", "-wal", "-shm", ".lock"] {
        let path = files::beside(file, ending);
        if ending.is_empty() || path.exists() {
            mode(chart, &path, 0o177, "chmod 600");
        }
    }
}

fn space(chart: &mut Chart, file: &Path) {
    let folder = files::folder(file);
    let needed = FREE + fs::metadata(file).map_or(0, |known| known.len());
    match files::free(folder) {
        Ok(free) => {
            let found = format!("{} MiB free, {} MiB wanted", free >> 20, needed >> 20);
            chart.judge(free >= needed, "disk", found, "make room: a full disk keeps guides going and nothing else, and no backup fits");
        }
        Err(error) => chart.fault("disk", format!("{}: {error}", folder.display()), "look whether the disk is there"),
    }
}

fn clock(chart: &mut Chart, state: &State) {
    let now: DateTime<Utc> = SystemClock { today: None }.now();
    let Some(theirs) = state.clock else { return chart.well("clock", stamp(now)) };
    let ahead = (theirs - now).as_seconds_f64();
    // A file's clock is the last thing that happened: it lags, and is never ahead.
    let holds = if state.file.is_some() { ahead <= CLOCKS_APART } else { ahead.abs() <= CLOCKS_APART };
    let found = format!("{}, the database's {}", stamp(now), stamp(theirs));
    chart.judge(holds, "clock", found, "set the clock (chrony): codes and sessions expire by it");
}

/// Of the process that serves, or of this one.
fn limits(chart: &mut Chart, server: Option<u32>) {
    let whose = server.map_or_else(|| "self".to_owned(), |process| process.to_string());
    let path = format!("/proc/{whose}/limits");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return chart.fault("limits", format!("{path}: {error}"), "run it as the desk's own user"),
    };
    let soft = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
    let core = soft("Max core file size").unwrap_or("?");
    chart.judge(core == "0", "core dumps", format!("{core} bytes"), "LimitCORE=0 in the service: a dump holds keys and records");
    let open = soft("Max open files").unwrap_or("?");
    let enough = open == "unlimited" || open.parse().is_ok_and(|files: u64| files >= FILES);
    chart.judge(enough, "open files", open, format!("LimitNOFILE={} in the service", FILES * 4));
}
