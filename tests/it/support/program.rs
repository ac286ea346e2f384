//! The program itself, as an operator runs it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Keys of a test as the files that the program reads; gives their folder.
pub(crate) fn key_folder(dir: &Path) -> String {
    let folder = dir.join("keys");
    fs::create_dir(&folder).unwrap();
    for (name, byte) in [("data.key", "01"), ("index.key", "02")] {
        fs::write(folder.join(name), byte.repeat(32)).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o400)).unwrap();
    }
    folder.display().to_string()
}

/// Runs the program; gives whether it was content, and what it said.
pub(crate) fn wenban(arguments: &[&str], input: &str) -> (bool, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_wenban"));
    program.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = program.spawn().unwrap();
    // One that reads nothing may be gone already.
    let _ = program.stdin.take().unwrap().write_all(input.as_bytes());
    let output = program.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

/// `wenban serve`, killed at the end if not before.
pub(crate) struct Server {
    program: Child,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
}

impl Server {
    /// Starts one on a free port and waits until it is ready.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_wenban"));
        program.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut program = program.spawn().unwrap();
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        let said = |line: std::io::Result<String>| {
            let line = line.unwrap();
            Some(line.split_once("问办已就绪：http://")?.1.trim_end_matches('/').to_owned())
        };
        let address = lines.by_ref().find_map(said).unwrap();
        // What it goes on to say is thrown away: a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { program, address }
    }

    pub(crate) fn id(&self) -> u32 {
        self.program.id()
    }

    /// Ends it at once, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.program.kill().unwrap();
        self.program.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
