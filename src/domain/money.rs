//! Money in fen.

use std::{
    iter::Sum,
    ops::{Add, Sub},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An amount in fen (one hundredth of a yuan).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// Whole yuan as fen.
    pub const fn yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    /// This amount times `per_myriad` ten-thousandths, half a fen rounded away from zero (四舍五入).
    #[must_use]
    pub const fn share_half_up(self, per_myriad: i64) -> Self {
        let product = self.0 * per_myriad;
        Self((product + 5_000 * product.signum()) / 10_000)
    }

    /// A fraction of fen, half a fen rounded up (四舍五入); `None` unless `numerator` is not negative, `denominator` is
    /// positive and the amount fits.
    pub fn half_up(numerator: i128, denominator: i128) -> Option<Self> {
        if numerator < 0 || denominator <= 0 {
            return None;
        }
        let doubled = numerator.checked_mul(2)?.checked_add(denominator)?;
        i64::try_from(doubled / denominator.checked_mul(2)?).ok().map(Self)
    }

    /// `1,234.50`: yuan with two decimals and groups of three.
    pub fn grouped(self) -> String {
        let (sign, fen) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let whole = (fen / 100).to_string();
        let mut text = String::with_capacity(whole.len() + 8);
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        format!("{sign}{text}.{:02}", fen % 100)
    }
}

impl Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Fen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|amount| amount.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::Fen;

    #[test]
    fn groups_and_two_decimals() {
        for (fen, text) in [(0, "0.00"), (5, "0.05"), (123_450, "1,234.50"), (-2_754_900, "-27,549.00")] {
            assert_eq!(Fen(fen).grouped(), text);
        }
    }

    #[test]
    fn eight_percent_of_the_base_rounds_half_up() {
        assert_eq!(Fen::yuan(4775).share_half_up(800), Fen(38_200));
        assert_eq!(Fen(1).share_half_up(5_000), Fen(1));
    }
}
