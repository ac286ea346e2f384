//! `wenban serve --dialogs DIR` takes over changed content without a restart, and only content without faults.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use wenban::dialogue::load::built_in;

/// A desk that runs as a process of its own, and what it logs.
struct Served {
    process: Child,
    log: Receiver<String>,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Served {
    fn start(dialogs: &Path, home: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_wenban"))
            .args(["serve", "--listen", "127.0.0.1:0", "--today", "2026-11-24"])
            .arg("--dialogs")
            .arg(dialogs)
            .arg("--database")
            .arg(format!("sqlite://{}", home.join("data/wenban.db").display()))
            .arg("--keys")
            .arg(home.join("keys"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (sender, log) = channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut served = Self { process, log, address: String::new() };
        let ready = served.logged("http://");
        ready.split("http://").nth(1).unwrap().trim_end_matches('/').clone_into(&mut served.address);
        served
    }

    /// The next line of the log that holds `words`.
    fn logged(&self, words: &str) -> String {
        let mut seen = Vec::new();
        loop {
            match self.log.recv_timeout(Duration::from_mins(1)) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => seen.push(line),
                Err(error) => panic!("`{words}` was not logged, {error}: {seen:#?}"),
            }
        }
    }

    fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        let about = format!("Content-Type: application/json\r\nAuthorization: Bearer {token}\r\nContent-Length: {}", body.len());
        write!(stream, "{head}{about}\r\n\r\n{body}").unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        let (_, body) = said.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    fn summary(&self) -> String {
        self.ask("GET", "/api/v1/guides/guide.card-loss", "", "")["summary"].as_str().unwrap().to_owned()
    }
}

#[test]
fn changed_content_is_taken_over_when_it_has_no_fault() {
    let home = tempfile::tempdir().unwrap();
    let dialogs = home.path().join("dialogs");
    for (path, text) in built_in() {
        let path = dialogs.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let served = Served::start(&dialogs, home.path());
    let opened = served.ask("POST", "/api/v1/conversations", "", &json!({"channel": "widget"}).to_string());
    let (id, token) = (opened["id"].as_str().unwrap(), opened["token"].as_str().unwrap());
    let turn = |number: u32, text: &str| {
        let body = json!({"message_id": number.to_string(), "text": text}).to_string();
        served.ask("POST", &format!("/api/v1/conversations/{id}/turns"), token, &body)
    };
    // A question that stays open while the content changes beneath it.
    assert_eq!(turn(1, "我哪年哪月能退休")["expects"]["kind"], "month");

    let guide = dialogs.join("guides/guide.card-loss.yaml");
    let before = fs::read_to_string(&guide).unwrap();
    let line = before.lines().find(|line| line.starts_with("summary: ")).unwrap();
    fs::write(&guide, before.replace(line, "summary: 卡丢了先挂失，再补卡。")).unwrap();
    served.logged("the content was renewed");
    assert_eq!(served.summary(), "卡丢了先挂失，再补卡。");
    assert_eq!(turn(2, "1975年8月")["expects"]["kind"], "choice");

    fs::write(&guide, before.replace(line, "summary: 请携带身份证。")).unwrap();
    let fault = served.logged("word of the office");
    assert!(fault.contains("guides/guide.card-loss.yaml:4: ") && fault.contains("hint: write: 带"), "{fault}");
    served.logged("the content before stays in use");
    assert_eq!(served.summary(), "卡丢了先挂失，再补卡。");
    assert!(turn(3, "社保卡丢了怎么办")["blocks"][0]["text"].as_str().unwrap().contains("先挂失，再补卡"));
}
