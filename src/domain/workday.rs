//! Working days in China: holidays and make-up workdays as the State Council announces them, year by year.

use chinese_holiday::{DayKind, Ymd, chinese_holiday};
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The days whose arrangement is announced and known to the calendar, first and last. The last is before the year's end:
/// the next year's announcement may still move the days after it.
const ANNOUNCED: [(i32, u32, u32); 2] = [(2004, 1, 1), (2026, 12, 25)];

/// A day reckoned in working days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// It.
    pub on: NaiveDate,
    /// Whether every day on the way is in the calendar; otherwise the rest was counted from Monday to Friday.
    pub announced: bool,
}

/// The `days`th working day after `from`, which itself does not count; `from` when `days` is 0.
pub fn working_days_after(from: NaiveDate, days: u32) -> Reckoned {
    let mut reckoned = Reckoned { on: from, announced: true };
    let mut left = days;
    while left > 0 {
        let Some(next) = reckoned.on.checked_add_days(Days::new(1)) else { break };
        let announced = working(next);
        reckoned = Reckoned { on: next, announced: reckoned.announced && announced.is_some() };
        left -= u32::from(announced.unwrap_or(!matches!(next.weekday(), Weekday::Sat | Weekday::Sun)));
    }
    reckoned
}

/// Whether people work on a day; `None` outside the calendar.
fn working(day: NaiveDate) -> Option<bool> {
    let [first, last] = ANNOUNCED;
    let place = (day.year(), day.month(), day.day());
    if place < first || place > last {
        return None;
    }
    let kind: DayKind = chinese_holiday(Ymd::new(u16::try_from(place.0).ok()?, u8::try_from(place.1).ok()?, u8::try_from(place.2).ok()?));
    Some(kind.is_workday())
}

#[cfg(test)]
mod tests {
    use super::{Reckoned, working, working_days_after};
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn holidays_rest_and_make_up_days_work() {
        for (on, works) in [
            ("2025-01-26", true),
            ("2025-01-28", false),
            ("2025-09-28", true),
            ("2025-10-08", false),
            ("2026-01-04", true),
            ("2026-02-14", true),
            ("2026-02-23", false),
            ("2026-02-28", true),
            ("2026-05-09", true),
            ("2026-10-07", false),
            ("2026-10-10", true),
            ("2026-11-21", false),
            ("2026-11-24", true),
        ] {
            assert_eq!(working(day(on)), Some(works), "{on}");
        }
    }

    #[test]
    fn twenty_working_days_pass_over_the_national_day() {
        let plain = working_days_after(day("2026-11-24"), 20);
        assert_eq!(plain, Reckoned { on: day("2026-12-22"), announced: true });
        // 21, 22, 23, 24, 28, 29, 30 September and 8, 9, 10 October, a Saturday that is made up.
        assert_eq!(working_days_after(day("2026-09-20"), 10).on, day("2026-10-10"));
        assert_eq!(working_days_after(day("2026-09-20"), 0).on, day("2026-09-20"));
    }

    #[test]
    fn what_is_not_announced_is_counted_by_weeks_and_said_to_be_so() {
        assert_eq!(working_days_after(day("2026-12-24"), 2), Reckoned { on: day("2026-12-28"), announced: false });
        assert_eq!(working(day("2026-12-25")), Some(true));
        assert_eq!(working(day("2026-12-26")), None);
        assert_eq!(working(day("2003-12-31")), None);
    }
}
