//! Bodies that come in, and what the desk gets of them. None has a `Debug`: they hold words, codes and numbers in clear.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    extract::Body,
    problem::{Kind, Problem},
    words,
};
use crate::domain::{
    id_number::IdNumber,
    message::{ChannelKind, Input, MessageId, Proof},
    person::FullName,
};

/// A new conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenRequest {
    /// Where the resident is.
    pub(super) channel: WebChannel,
    /// The page's language (BCP 47).
    #[schema(example = "zh-CN")]
    #[expect(dead_code, reason = "in the contract; the desk speaks Chinese alone so far")]
    locale: Option<String>,
}

impl Body for OpenRequest {
    const WRONG: &'static Kind = &words::CHANNEL;
}

/// The channels that come over HTTP.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WebChannel {
    /// A touch terminal in a hall.
    Kiosk,
    /// The city portal's widget.
    Widget,
}

impl From<WebChannel> for ChannelKind {
    fn from(channel: WebChannel) -> Self {
        match channel {
            WebChannel::Kiosk => Self::Kiosk,
            WebChannel::Widget => Self::Widget,
        }
    }
}

/// One message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TurnRequest {
    /// The page's own id of the message: the same one again gets the same reply and does nothing twice.
    // Optional for serde alone: without one the refusal is a 400, not the 422 of a wrong input.
    #[schema(
        required = true,
        nullable = false,
        min_length = 1,
        max_length = 128,
        pattern = "^[!-~]+$",
        example = "7d0c1f6e-41f7-4a53-9f1c-2b8e0c6d9a10"
    )]
    message_id: Option<String>,
    #[serde(flatten)]
    said: Said,
}

impl Body for TurnRequest {
    const WRONG: &'static Kind = &words::INPUT;
}

/// Characters of a message at most; fewer that are still too many are answered by the desk in its own words.
const LONGEST_TEXT: usize = 10_000;

/// Characters of a card's JWS at most.
const LONGEST_CARD: usize = 4_096;

/// Exactly one of the three.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Said {
    /// Words, 10,000 characters at most.
    Text(String),
    /// The id of one of the last reply's choices.
    Choice(String),
    /// A step of the identity check.
    Proof(ProofRequest),
}

/// A step of the identity check.
#[derive(Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
enum ProofRequest {
    /// As on the identity card.
    Person {
        /// The full name.
        #[schema(example = "张小明")]
        name: String,
        /// The citizen identity number.
        #[schema(example = "441399199001010019")]
        id_number: String,
    },
    /// The code that was sent.
    Code {
        /// Six digits.
        #[schema(pattern = "^[0-9]{6}$")]
        otp: String,
    },
    /// What a hall's terminal read off a card: a compact JWS of its own (EdDSA).
    Card {
        /// 4,096 characters at most; docs/sign-in.md says what it holds.
        #[schema(max_length = 4096, pattern = "^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+$")]
        card: String,
    },
    /// Somebody signed in with the identity provider for this conversation.
    SignIn {
        /// True.
        sign_in: bool,
    },
}

impl TurnRequest {
    /// The id and the input, checked. `today` bounds the birth date in an identity number.
    pub(super) fn parse(self, today: NaiveDate) -> Result<(MessageId, Input), Problem> {
        let id = self.message_id.filter(|id| (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()));
        let id = id.ok_or(&words::NO_MESSAGE_ID)?;
        let input = match self.said {
            Said::Text(text) if text.chars().count() > LONGEST_TEXT => return Err(Problem::from(&words::TOO_LONG)),
            Said::Text(text) => Input::Text(text),
            Said::Choice(choice) => Input::Choice(choice),
            Said::Proof(proof) => Input::Proof(proof.parse(today)?),
        };
        Ok((MessageId(id), input))
    }
}

impl ProofRequest {
    fn parse(self, today: NaiveDate) -> Result<Proof, Problem> {
        match self {
            Self::Person { name, id_number } => {
                let name = FullName::parse(&name).ok_or(&words::NAME)?;
                Ok(Proof::Person { name, id_number: IdNumber::parse(&id_number, today)? })
            }
            Self::Code { otp } if otp.len() == 6 && otp.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Proof::Code(otp)),
            Self::Code { .. } => Err(Problem::from(&words::OTP)),
            Self::Card { card } if is_jws(&card) => Ok(Proof::Card(card)),
            Self::Card { .. } => Err(Problem::from(&words::CARD)),
            Self::SignIn { sign_in: true } => Ok(Proof::SignIn),
            Self::SignIn { .. } => Err(Problem::from(&words::INPUT)),
        }
    }
}

/// Three parts in base64url.
fn is_jws(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    text.len() <= LONGEST_CARD && text.split('.').count() == 3 && text.split('.').all(part)
}
