//! What every channel hands in.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    id_number::IdNumber,
    person::{FullName, Hidden},
};

/// The kinds of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// A touch terminal in a hall.
    Kiosk,
    /// The city portal's widget.
    Widget,
    /// `wenban chat` and `wenban replay`.
    Terminal,
    /// Telegram.
    Telegram,
    /// WeChat official account.
    Wechat,
}

impl ChannelKind {
    /// The contract's id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Kiosk => "kiosk",
            Self::Widget => "widget",
            Self::Terminal => "terminal",
            Self::Telegram => "telegram",
            Self::Wechat => "wechat",
        }
    }
}

/// Whoever a network address belongs to, by keyed MAC: what limits count by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller(pub String);

/// Who is at the other end: a channel and an address in it (a conversation id, a chat id).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// The channel.
    pub channel: ChannelKind,
    /// The address within it.
    pub address: String,
    /// Where they call from, when the channel knows; else the account at `address` is what limits count by.
    pub caller: Option<Caller>,
    /// SHA-256 of the token that let them in, in hex; `None` where the channel vouches for them.
    pub token_hash: Option<String>,
}

/// The channel's own id of a message: the same id twice is the same message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageId(pub String);

/// One message.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// From whom.
    pub from: Peer,
    /// Which message.
    pub id: MessageId,
    /// What it holds.
    pub input: Input,
    /// When it reached us.
    pub at: DateTime<Utc>,
}

/// What a message holds. `Debug` does not show words.
#[derive(Clone)]
pub enum Input {
    /// The conversation begins.
    Start,
    /// Words.
    Text(String),
    /// A button, by the id its choice had.
    Choice(String),
    /// A step of the identity check.
    Proof(Proof),
}

impl Input {
    /// The words, empty when there are none.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Start | Self::Choice(_) | Self::Proof(_) => "",
        }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => out.write_str("Start"),
            Self::Text(text) => out.debug_tuple("Text").field(&Hidden(text)).finish(),
            Self::Choice(id) => out.debug_tuple("Choice").field(id).finish(),
            Self::Proof(proof) => proof.fmt(out),
        }
    }
}

/// What somebody gives to show who they are. `Debug` shows that it was given.
#[derive(Clone)]
pub enum Proof {
    /// Name and number.
    Person {
        /// As on the identity card.
        name: FullName,
        /// As on the identity card.
        id_number: IdNumber,
    },
    /// The one-time code sent to the phone on record.
    Code(String),
}

impl fmt::Debug for Proof {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Person { .. } => "Person",
            Self::Code(_) => "Code",
        })
    }
}
