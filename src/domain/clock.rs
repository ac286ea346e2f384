//! The date and time in China: UTC+8 all year, whatever the machine's zone.

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, Utc};

/// Where time comes from. Two implementations: the system's and a fixed one.
pub trait Clock: Send + Sync {
    /// This instant.
    fn now(&self) -> DateTime<Utc>;

    /// The date in China.
    fn today(&self) -> NaiveDate {
        china(self.now())
    }
}

/// The date in China at `instant`.
pub fn china(instant: DateTime<Utc>) -> NaiveDate {
    let offset = FixedOffset::east_opt(8 * 3600).unwrap_or(Utc.fix());
    instant.with_timezone(&offset).date_naive()
}
