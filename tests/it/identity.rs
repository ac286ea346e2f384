//! The identity check as a guesser, an enumerator and a resident find it.

mod codes;
mod consent;
mod enumeration;
mod gateway;
mod sessions;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection, SqliteConnection};
use wenban::{
    channels::terminal,
    domain::{
        clock::Clock,
        id_number::IdNumber,
        message::{Incoming, Input, MessageId, Peer, Proof},
        person::{FullName, Person},
        reply::{Block, ExpectedKind, Reply, Status},
    },
};

use crate::support::desk::{Hall, hall};

/// A hall over SQLite, with what holds its file.
struct Scene {
    hall: Hall,
    url: String,
    _dir: tempfile::TempDir,
}

/// A name and number that are not on file.
fn nobody() -> (FullName, IdNumber) {
    (FullName::parse("无此人").unwrap(), "441399196501010177".parse().unwrap())
}

fn who(person: &Person) -> (FullName, IdNumber) {
    (person.name.clone(), person.id_number.clone())
}

async fn scene() -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
    Scene { hall: hall(&url).await, url, _dir: dir }
}

/// A chat account of this name, or somebody at a kiosk.
fn account(name: &str) -> Peer {
    terminal::peer(name)
}

fn texts(reply: &Reply) -> String {
    let text = |block: &Block| match block {
        Block::Text { text } | Block::Notice { text, .. } => text.clone(),
        _ => String::new(),
    };
    reply.blocks.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn expects(reply: &Reply) -> Option<ExpectedKind> {
    reply.expects.as_ref().map(|expects| expects.kind)
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

impl Scene {
    async fn say(&self, peer: &Peer, input: Input) -> Reply {
        let id = MessageId(format!("{:032x}", rand::random::<u128>()));
        let message = Incoming { from: peer.clone(), id, input, at: self.hall.desk.now() };
        self.hall.desk.turn(&message).await.unwrap()
    }

    async fn text(&self, peer: &Peer, text: &str) -> Reply {
        self.say(peer, Input::Text(text.into())).await
    }

    /// Asks for a record, reads the notice and stands at the question for the name.
    async fn ask(&self, peer: &Peer) -> Reply {
        let reply = self.text(peer, "去年养老交了几个月").await;
        if expects(&reply) == Some(ExpectedKind::Choice) { self.text(peer, "同意").await } else { reply }
    }

    /// Asks for a record and says who it is.
    async fn claim(&self, peer: &Peer, (name, id_number): &(FullName, IdNumber)) -> Reply {
        self.ask(peer).await;
        self.say(peer, Input::Proof(Proof::Person { name: name.clone(), id_number: id_number.clone() })).await
    }

    async fn code(&self, peer: &Peer, code: &str) -> Reply {
        self.say(peer, Input::Proof(Proof::Code(code.into()))).await
    }

    fn now(&self) -> DateTime<Utc> {
        self.hall.clock.now()
    }

    fn pass(&self, seconds: i64) {
        self.hall.clock.pass(TimeDelta::seconds(seconds));
    }

    fn person(&self) -> (FullName, IdNumber) {
        who(&self.hall.person)
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let mut raw = SqliteConnection::connect(&self.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut raw).await.unwrap()
    }
}
