//! Why a service refuses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Answer;

/// Why a service refuses; the words for it are content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// A birth that cannot be a living person's.
    BirthOutOfRange,
    /// Retired before the first year whose figures are on file.
    RetiredBefore,
    /// More months of contributions than anybody can have.
    YearsOutOfRange,
    /// More months of unemployment benefit left over than one can draw.
    LeftoverOutOfRange,
    /// A base below or above its bounds, `lower` and `upper` (fen).
    BaseOutOfRange,
    /// A wage that nobody has.
    WageOutOfRange,
    /// An index of contributions that is no number, or none that anybody has.
    IndexOutOfRange,
    /// An account that nobody has.
    BalanceOutOfRange,
    /// More years before the accounts began than years in all.
    DeemedOutOfRange,
    /// Too young to ask for records alone (个人信息保护法 art. 31).
    UnderAge,
    /// The last one-time code was sent just now: `seconds` until the next; `live`, whether it can be given here.
    CodeTooSoon,
    /// The one-time code is out of date.
    CodeExpired,
    /// The one-time code is another.
    CodeWrong,
    /// Too many wrong codes.
    CodeUsedUp,
    /// Too many wrong codes or messages today: `hours` until there are more.
    CodeShut,
    /// The sender of text messages cannot be reached.
    CodeNotSent,
    /// Too many checks from one address or account: `minutes` until there are more.
    TooManyChecks,
    /// The whole desk checks nobody by code now.
    ChecksPaused,
    /// What a record needs was not agreed to, or not any more. It has no words: it is asked for.
    NoConsent,
    /// Too many numbers were looked up: `minutes` until there are more.
    TooManyNumbers,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 19] = [
        Self::BirthOutOfRange,
        Self::RetiredBefore,
        Self::YearsOutOfRange,
        Self::LeftoverOutOfRange,
        Self::BaseOutOfRange,
        Self::WageOutOfRange,
        Self::IndexOutOfRange,
        Self::BalanceOutOfRange,
        Self::DeemedOutOfRange,
        Self::UnderAge,
        Self::CodeTooSoon,
        Self::CodeExpired,
        Self::CodeWrong,
        Self::CodeUsedUp,
        Self::CodeShut,
        Self::CodeNotSent,
        Self::TooManyChecks,
        Self::ChecksPaused,
        Self::TooManyNumbers,
    ];
}

impl From<Refusal> for Answer {
    fn from(why: Refusal) -> Self {
        Self::Refused(why, Value::Null)
    }
}
