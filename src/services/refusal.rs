//! Why a service refuses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// The one-time code is out of date.
    CodeExpired,
    /// The one-time code is another.
    CodeWrong,
    /// Too many wrong codes.
    CodeUsedUp,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Self; 12] = [
        Self::BirthOutOfRange,
        Self::RetiredBefore,
        Self::YearsOutOfRange,
        Self::LeftoverOutOfRange,
        Self::BaseOutOfRange,
        Self::WageOutOfRange,
        Self::IndexOutOfRange,
        Self::BalanceOutOfRange,
        Self::DeemedOutOfRange,
        Self::CodeExpired,
        Self::CodeWrong,
        Self::CodeUsedUp,
    ];
}
