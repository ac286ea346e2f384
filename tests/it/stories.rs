//! Conversations as files, through the real desk on both databases, compared with what was read and approved.
//!
//! A line of a `.story` is what somebody does: `> words`, `* choice`, `@ person` (name and number of the person on
//! file), `@ code` (the code that was sent), `@ wrong-code`, `+ minutes` that pass; `as somebody` begins with the
//! identity checked, `as 7` does so as another of the people on file; `#` is a remark, and an empty `>` is an empty message.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use wenban::{
    channels::terminal,
    demo,
    domain::{
        message::{Incoming, Input, MessageId, Peer, Proof},
        reply::{Block, Reply},
    },
};

use crate::support::{
    desk::{Hall, hall, today},
    postgres,
};

fn spelled(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

/// Every story's name and text, in the order in which they are told.
pub(crate) fn stories() -> Vec<(String, String)> {
    let mut paths: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "story"));
    paths.sort();
    assert!(!paths.is_empty());
    let read = |path: &PathBuf| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap());
    paths.iter().map(read).collect()
}

/// What a line of a story says to the desk, `Some(None)` when it says nothing; what it does besides is done. `None`: it is no
/// line of a story.
pub(crate) async fn heard(hall: &Hall, peer: &Peer, line: &str) -> Option<Option<Input>> {
    let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
    Some(Some(match (sign, rest) {
        (">", text) => Input::Text(text.to_owned()),
        ("*", id) => Input::Choice(id.to_owned()),
        ("@", "person") => Input::Proof(Proof::Person { name: hall.person.name.clone(), id_number: hall.person.id_number.clone() }),
        ("@", "code") => Input::Proof(Proof::Code(hall.phone.code().unwrap())),
        ("@", "wrong-code") => {
            let right: u32 = hall.phone.code().unwrap().parse().unwrap();
            Input::Proof(Proof::Code(format!("{:06}", (right + 1) % 1_000_000)))
        }
        ("+", minutes) => {
            hall.clock.pass(TimeDelta::minutes(minutes.parse().unwrap()));
            return Some(None);
        }
        ("as", who) => {
            let number = match who {
                "somebody" => hall.person.id_number.clone(),
                _ => demo::person(1, who.parse().unwrap(), today()).person.id_number,
            };
            hall.desk.begin_as(peer, &number).await.unwrap();
            return Some(None);
        }
        ("#" | "", _) => return Some(None),
        _ => return None,
    }))
}

/// A check code is another each time.
fn without_codes(reply: &Reply, told: String) -> String {
    reply.blocks.iter().fold(told, |told, block| match block {
        Block::Document { code, .. } => told.replace(code, "〔查验码〕"),
        _ => told,
    })
}

/// Tells one story; gives the transcript and the replies.
pub(crate) async fn tell(hall: &Hall, name: &str, story: &str) -> (String, Vec<Reply>) {
    let peer = terminal::peer(name);
    // The pause between two codes for the person whom the stories are about.
    hall.clock.pass(TimeDelta::minutes(2));
    let (mut transcript, mut replies) = (String::new(), Vec::new());
    for (line, number) in story.lines().zip(1..) {
        let Some(input) =
            heard(hall, &peer, line).await.unwrap_or_else(|| panic!("{name}.story:{number}: `{line}` is nothing that anybody does"))
        else {
            if let Some(minutes) = line.strip_prefix("+ ") {
                writeln!(transcript, "——{minutes} 分钟后\n").unwrap();
            }
            continue;
        };
        let message = Incoming { from: peer.clone(), id: MessageId(number.to_string()), input, at: hall.desk.now() };
        let reply = hall.desk.turn(&message).await.unwrap();
        let expects = reply.expects.as_ref().map(|expects| format!(" · 等待 {}", spelled(&expects.kind))).unwrap_or_default();
        let told = without_codes(&reply, terminal::plain(&reply));
        writeln!(transcript, "{line}\n[{}{expects}]\n{told}\n", spelled(&reply.status)).unwrap();
        replies.push(reply);
    }
    (transcript, replies)
}

#[tokio::test(flavor = "multi_thread")]
async fn stories_are_told_as_approved_on_both_databases() {
    let dir = tempfile::tempdir().unwrap();
    let sqlite = hall(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    let postgres = hall(&postgres::database().await).await;
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder().join("approved"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _bound = settings.bind_to_scope();
    for (name, story) in stories() {
        let (told, _) = tell(&sqlite, &name, &story).await;
        assert_eq!(told, tell(&postgres, &name, &story).await.0, "{name} goes otherwise on PostgreSQL");
        insta::assert_snapshot!(name.as_str(), told);
    }
}
