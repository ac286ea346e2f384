//! Calendar months and ranges of them.

use std::{borrow::Cow, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A month of a year, counted from January of year 0. Written `2025-03`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

/// The text is not a month of the form `2025-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month of the form YYYY-MM")]
pub struct NotAMonth;

impl Month {
    /// `None` unless `month` is 1 to 12.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        let month = i32::try_from(month).ok()?;
        (1..=12).contains(&month).then(|| Self(year * 12 + month - 1))
    }

    /// The month `date` lies in.
    pub fn of(date: NaiveDate) -> Self {
        Self(date.year() * 12 + i32::try_from(date.month0()).unwrap_or_default())
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, 1 to 12.
    pub fn month(self) -> u32 {
        self.0.rem_euclid(12).unsigned_abs() + 1
    }

    /// `months` later; earlier when negative.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Months from `self` to `later`; negative when `later` is earlier.
    pub fn until(self, later: Self) -> i32 {
        later.0 - self.0
    }

    /// The first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.month(), 1).unwrap_or_default()
    }

    /// `202503`: how the store writes a month.
    pub fn number(self) -> i64 {
        i64::from(self.year()) * 100 + i64::from(self.month())
    }

    /// The inverse of [`Month::number`].
    pub fn from_number(number: i64) -> Option<Self> {
        Self::new(i32::try_from(number / 100).ok()?, u32::try_from(number % 100).ok()?)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl FromStr for Month {
    type Err = NotAMonth;
    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let (year, month) = (year.parse().map_err(|_| NotAMonth)?, month.parse().map_err(|_| NotAMonth)?);
        Self::new(year, month).ok_or(NotAMonth)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Month {
    fn schema_name() -> Cow<'static, str> {
        "Month".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "A month of a year.", "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"})
    }
}

/// Months `from` to `to`, both included; `from` is not after `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
}

impl Period {
    /// The range between two months, whichever comes first.
    pub fn between(one: Month, other: Month) -> Self {
        Self { from: one.min(other), to: one.max(other) }
    }

    /// A whole calendar year.
    pub fn year(year: i32) -> Self {
        let from = Month(year * 12);
        Self { from, to: from.plus(11) }
    }

    /// Number of months.
    pub fn months(self) -> i32 {
        self.from.until(self.to) + 1
    }

    /// Whether `month` lies in it.
    pub fn contains(self, month: Month) -> bool {
        (self.from..=self.to).contains(&month)
    }

    /// Every month in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Month> {
        (self.from.0..=self.to.0).map(Month)
    }
}

#[cfg(test)]
mod tests {
    use super::{Month, Period};

    #[test]
    fn arithmetic_crosses_the_year() {
        let month: Month = "2025-11".parse().unwrap();
        assert_eq!(month.plus(3).to_string(), "2026-02");
        assert_eq!(month.plus(-11).to_string(), "2024-12");
        assert_eq!(Month::from_number(month.number()), Some(month));
        assert_eq!(Period::year(2025).months(), 12);
    }

    #[test]
    fn refuses_month_thirteen() {
        assert!("2025-13".parse::<Month>().is_err());
        assert!(Month::new(2025, 0).is_none());
    }
}
