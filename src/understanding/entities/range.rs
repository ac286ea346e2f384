//! From one point in time to another: 2023年3月到6月, 从2020年3月到现在.

use chrono::NaiveDate;

use crate::domain::month::{Month, Period};

use super::{Found, Reach, calendar, line::Line, period::Point, relative};

/// The period or day at `at`.
pub(super) fn time(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Reach> {
    let plain = point(line, at, today, false).map(|first| extended(line, first, today));
    let other = match line.at(at) {
        '最' | '过' | '近' | '这' => relative::rolling(line, at, today),
        _ => relative::ago(line, at, today),
    };
    match (plain, other) {
        (Some(plain), Some(other)) => Some(if other.0 > plain.0 { other } else { plain }),
        (plain, other) => plain.or(other),
    }
}

fn point(line: Line<'_>, at: usize, today: NaiveDate, second: bool) -> Option<Point> {
    relative::point(line, at, today).or_else(|| calendar::point(line, at, today, second))
}

/// Takes what ends the range along.
fn extended(line: Line<'_>, first: Point, today: NaiveDate) -> Reach {
    if let Some(day) = first.day {
        return (first.end, Found::Date(day));
    }
    let alone = (!first.dated).then_some((first.end, Found::Bare(first.from)));
    let ranged = to_now(line, first, today).or_else(|| to_another(line, first, today)).map(|(end, period)| (end, Found::Period(period)));
    ranged.or(alone).unwrap_or((first.end, Found::Period(Period { from: first.from, to: first.to })))
}

/// The index after what joins the ends of a range.
fn joint(line: Line<'_>, at: usize) -> Option<usize> {
    let at = line.unblank(at);
    let at = line.after_any(at, &["开始", "起"]).unwrap_or(at);
    let at = line.after_any(at, &[",", "，"]).unwrap_or(at);
    line.after_any(
        line.unblank(at),
        &["一直到", "一直交到", "一直", "直到", "截止到", "交到", "缴到", "到了", "到", "至", "--", "-", "~", "—", "–"],
    )
    .map(|end| line.unblank(line.after(end, "—").unwrap_or(end)))
}

/// 到现在, 至今, 以来.
fn to_now(line: Line<'_>, first: Point, today: NaiveDate) -> Option<(usize, Period)> {
    let now_said = || {
        let end = line.after_any(joint(line, first.end)?, &["现在", "目前", "如今", "今天", "今日", "当前", "今"])?;
        // 至今年: the year, not now.
        (!matches!(line.at(end), '年' | '后')).then_some(end)
    };
    let end = line.after(first.end, "以来").or_else(now_said)?;
    let now = Month::of(today);
    (first.from <= now).then_some((end, Period { from: first.from, to: now }))
}

fn to_another(line: Line<'_>, first: Point, today: NaiveDate) -> Option<(usize, Period)> {
    let next = joint(line, first.end)?;
    let whole_year = first.from.plus(11) == first.to && line.previous(first.end).is_ascii_digit();
    let month = first.from == first.to && line.previous(first.end).is_ascii_digit();
    let second = match () {
        () if whole_year => calendar_year(line, next, today),
        () if month => point(line, next, today, true).or_else(|| calendar::second_month(line, next, first.from.year())),
        () => point(line, next, today, true),
    }?;
    let (from, to) = match (first.dated, second.dated) {
        (true, false) => (first.from, after(first.from, second.to)),
        (false, _) => (not_after(first.from, second.to), second.to),
        (true, true) => (first.from, second.to),
    };
    (from <= to).then_some((second.end, Period { from, to }))
}

fn calendar_year(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    point(line, at, today, true).or_else(|| calendar::second_year(line, at))
}

/// The first month with the number of `month` that is not before `start`.
fn after(start: Month, month: Month) -> Month {
    let same_year = start.plus(i32::try_from(month.month()).unwrap_or_default() - i32::try_from(start.month()).unwrap_or_default());
    if same_year < start { same_year.plus(12) } else { same_year }
}

/// The last month with the number of `month` that is not after `end`.
fn not_after(month: Month, end: Month) -> Month {
    let back = after(month, end);
    month.plus(month.until(end) - month.until(back))
}

/// A month is anchored by one this long ago at most: 1966年3月出生，6月退休 is no June of 1966.
const NEAR: i32 = 120;

/// Which `month` is meant after the `earlier` ones: in 去年10月停了，12月又交 the December of that year.
pub(super) fn near(month: Month, earlier: &[Period], today: NaiveDate) -> Month {
    let now = Month::of(today);
    let Some(anchor) = earlier.last().filter(|period| period.from == period.to).map(|period| period.to) else { return month };
    if anchor.month() == month.month() {
        return anchor;
    }
    let next = after(anchor, month);
    if next <= now && anchor.until(now) <= NEAR { next } else { month }
}
