//! The date and time in China: UTC+8 all year, whatever the machine's zone.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Offset, SecondsFormat, TimeDelta, Utc};

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
    there(instant).date_naive()
}

/// `2026-11-24T10:30:00.000000+08:00`: the time in China to the microsecond. Texts of it sort as the instants do.
pub fn stamp(instant: DateTime<Utc>) -> String {
    there(instant).to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// The first instant of a day in China.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) - TimeDelta::hours(8)).and_utc()
}

fn there(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    instant.with_timezone(&FixedOffset::east_opt(8 * 3600).unwrap_or(Utc.fix()))
}
