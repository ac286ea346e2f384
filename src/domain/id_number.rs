//! Citizen identity numbers (GB 11643-1999).

use std::{borrow::Cow, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::person::Sex;

/// An 18-character citizen identity number whose date exists and whose check digit holds.
///
/// `Debug` and `Display` are masked; the clear text comes out through [`IdNumber::reveal`] alone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdNumber(String);

/// What is wrong with a text that should be an identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// Not 18 characters, or other than digits and a last X.
    #[error("an identity number has 17 digits and a last digit or X")]
    Shape,
    /// The birth date in it does not exist or lies in the future.
    #[error("the birth date in the number does not exist")]
    Date,
    /// The check digit does not follow from the others.
    #[error("the check digit does not match")]
    Check,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

impl IdNumber {
    /// Parses and checks, in the order of GB 11643: shape, date (1900 to `today`), check digit.
    /// Blanks and hyphens are ignored, full width and a small x accepted.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, IdFault> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－'))
            .map(|c| match c {
                '０'..='９' => char::from(b'0' + u8::try_from(c as u32 - '０' as u32).unwrap_or_default()),
                'x' | 'ｘ' | 'Ｘ' => 'X',
                other => other,
            })
            .collect();
        let bytes = digits.as_bytes();
        let shape = bytes.len() == 18 && bytes[..17].iter().all(u8::is_ascii_digit) && matches!(bytes[17], b'0'..=b'9' | b'X');
        if !shape {
            return Err(IdFault::Shape);
        }
        let birth = birth_date(&digits).ok_or(IdFault::Date)?;
        if birth.year() < 1900 || birth > today {
            return Err(IdFault::Date);
        }
        if check_digit(&bytes[..17]) == bytes[17] { Ok(Self(digits)) } else { Err(IdFault::Check) }
    }

    /// The clear number. Name every caller in a review.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `441***********0177`: first three, last four.
    pub fn masked(&self) -> String {
        format!("{}***********{}", &self.0[..3], &self.0[14..])
    }

    /// Date of birth.
    pub fn birth(&self) -> NaiveDate {
        birth_date(&self.0).unwrap_or_default()
    }

    /// Odd order number: male; even: female.
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }
}

/// The 18th character for the first 17 digits (ISO 7064 MOD 11-2).
pub fn check_digit(first_17: &[u8]) -> u8 {
    let sum: u32 = first_17.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECK[(sum % 11) as usize]
}

fn birth_date(digits: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(digits.get(6..14)?, "%Y%m%d").ok()
}

impl fmt::Display for IdNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

impl FromStr for IdNumber {
    type Err = IdFault;
    /// Like [`IdNumber::parse`] without the upper bound of the birth date.
    fn from_str(text: &str) -> Result<Self, IdFault> {
        Self::parse(text, NaiveDate::MAX)
    }
}

/// In clear: only sealed columns and the contract's `understand` output hold a serialised number.
impl Serialize for IdNumber {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for IdNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for IdNumber {
    fn schema_name() -> Cow<'static, str> {
        "IdNumber".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A citizen identity number (GB 11643-1999): an existing date of birth and the right check digit.",
            "type": "string",
            "pattern": "^[0-9]{17}[0-9X]$",
        })
    }
}
