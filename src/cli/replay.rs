//! `wenban replay`

use std::{
    collections::BTreeMap,
    io::{BufRead, Write},
};

use anyhow::Context;
use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Content, block_on,
    desk::{Outward, Place, desk},
};
use crate::{
    channels::terminal,
    desk::{Desk, Turned},
    domain::{
        id_number::IdNumber,
        message::{Incoming, Input, MessageId, Peer},
    },
};

/// Whole conversations through the real desk.
#[derive(Args, Debug)]
pub(super) struct Replay {
    /// 以此人身份开始每段对话（已核对身份） · starts every conversation as this person of the store
    #[arg(long, value_name = "ID-NUMBER")]
    verified_as: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    content: Content,
}

/// One line in: words or the id of a choice.
#[derive(Deserialize)]
struct Line {
    conversation: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    choice: Option<String>,
}

impl Replay {
    /// One JSON line out for every line in, in the same order. A line that cannot be read gets an `error` of its own
    /// and its conversation goes on. The conversations are wiped when the input ends.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        block_on(self.replay())
    }

    async fn replay(&self) -> anyhow::Result<()> {
        let person = self.verified_as.as_deref().map(|number| IdNumber::parse(number, self.content.today()));
        let person = person.transpose().context("--verified-as")?;
        let desk = desk(&self.content, self.place.open().await?, None, Outward::terminal())?;
        let run = format!("replay-{:016x}", rand::random::<u64>());
        let mut peers: BTreeMap<String, (Peer, u64)> = BTreeMap::new();
        let mut output = std::io::BufWriter::new(std::io::stdout().lock());
        for bytes in std::io::stdin().lock().split(b'\n') {
            let answer = match serde_json::from_slice::<Line>(&bytes?).map_err(|error| error.to_string()).and_then(Line::input) {
                Ok((conversation, input)) => {
                    let fresh = !peers.contains_key(&conversation);
                    let (peer, turns) =
                        peers.entry(conversation.clone()).or_insert_with(|| (terminal::peer(format!("{run}-{conversation}")), 0));
                    *turns += 1;
                    if let Some(person) = person.as_ref().filter(|_| fresh) {
                        desk.begin_as(peer, person).await.context(
                            "--verified-as: who is not on file cannot be stood for\nhint: `wenban demo --print-ids 3` names people",
                        )?;
                    }
                    let id = MessageId(turns.to_string());
                    turn(&desk, &conversation, Incoming { from: peer.clone(), id, input, at: desk.now() }).await
                }
                Err(error) => json!({"error": format!("not a line of the form {{\"conversation\", \"text\" or \"choice\"}}: {error}")}),
            };
            writeln!(output, "{answer}")?;
            output.flush()?;
        }
        for (peer, _) in peers.values() {
            desk.end(peer).await?;
        }
        Ok(())
    }
}

impl Line {
    fn input(self) -> Result<(String, Input), String> {
        match (self.text, self.choice) {
            (Some(text), None) => Ok((self.conversation, Input::Text(text))),
            (None, Some(choice)) => Ok((self.conversation, Input::Choice(choice))),
            _ => Err("exactly one of `text` and `choice`".to_owned()),
        }
    }
}

async fn turn(desk: &Desk, conversation: &str, message: Incoming) -> Value {
    match desk.turned(&message).await {
        Ok(Turned { meaning, slots, reply, .. }) => {
            let mut understanding = meaning.contract();
            understanding["slots"] = slots.into_iter().map(|(name, value)| (name, value.plain())).collect::<Map<_, _>>().into();
            json!({"conversation": conversation, "understanding": understanding, "plain": terminal::plain(&reply), "reply": reply})
        }
        Err(error) => json!({"conversation": conversation, "error": error.to_string()}),
    }
}
