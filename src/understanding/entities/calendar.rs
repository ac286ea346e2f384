//! Times named by number: 2023年3月, 二三年, 2023.3, 202303, 3月.

use chrono::{Datelike, NaiveDate};

use crate::domain::month::{Month, Period};

use super::{
    Found, Reach,
    cues::{self, Reading},
    line::Line,
    numbers::{self, Number, Shape},
    period::{self, Point},
};

/// The point named by number at `at`. `second`: it ends a range, so that 23年 is a year whatever stands around it.
pub(super) fn point(line: Line<'_>, at: usize, today: NaiveDate, second: bool) -> Option<Point> {
    let before = line.previous(at);
    if before.is_ascii_alphanumeric()
        || matches!(before, '.' | '第')
        || (before == '-' && !second && line.previous(at - 1).is_ascii_digit())
    {
        return None;
    }
    if matches!(line.at(at), '第' | '首') {
        return bare_quarter(line, at, today);
    }
    let number = numbers::read(line, at)?;
    year(line, at, number, today, second)
        .or_else(|| numeric(line, at, number))
        .or_else(|| year_of_range(line, number))
        .or_else(|| two_years(line, number))
        .or_else(|| two_bare_months(line, at, today))
        .or_else(|| bare_month(line, at, today))
        .or_else(|| bare_quarter(line, at, today))
}

/// A number and 年 that read as a calendar year, and what is said of it.
fn year(line: Line<'_>, at: usize, number: Number, today: NaiveDate, second: bool) -> Option<Point> {
    let end = line.after(line.unblank(number.end), "年")?;
    let short = matches!(number.shape, Shape::Digits(2) | Shape::Places(2));
    let reading = if second && short { Reading::Year } else { cues::reading(line, at, number, end) };
    if reading != Reading::Year {
        return None;
    }
    let said = number.whole()?;
    let point = period::of_year(line, end, if short { full_year(said, today) } else { said })?;
    // 23年3个月 is a length: the month's number was not followed by 月 and is left.
    (point.end > end || !short || second || !months_follow(line, end)).then_some(point)
}

fn months_follow(line: Line<'_>, at: usize) -> bool {
    numbers::read(line, line.unblank(at)).is_some_and(|number| line.follows(line.unblank(number.end), &["个月", "个 月"]))
}

/// Two digits: this century up to next year, the last one beyond.
fn full_year(two: i32, today: NaiveDate) -> i32 {
    let century = today.year() - today.year().rem_euclid(100);
    if two <= today.year() - century + 1 { century + two } else { century - 100 + two }
}

/// 2023-03, 2023.3, 2023/3/5, 202303, 20230305.
fn numeric(line: Line<'_>, at: usize, number: Number) -> Option<Point> {
    let (length, digits, end) = numbers::arabic(line, at)?;
    match length {
        4 => separated(line, digits, end),
        6 | 8 if number.end == end && !line.at(end).is_ascii_alphanumeric() => compact(length, digits, end),
        _ => None,
    }
}

fn separated(line: Line<'_>, year: u64, at: usize) -> Option<Point> {
    let year = i32::try_from(year).ok()?;
    let mark = line.at(at);
    if !matches!(mark, '-' | '.' | '/') {
        return None;
    }
    let (month, end) = two(line, at + 1)?;
    if let Some((day, last)) = two(line, end + 1).filter(|_| line.at(end) == mark) {
        let day = NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1900..=2100).contains(&year))?;
        return Some(Point::day(line.after_any(last, &["日", "号"]).unwrap_or(last), day));
    }
    Point::in_year(line.after_any(end, &["月份", "月"]).unwrap_or(end), year, month, month)
}

/// One or two digits that no third follows.
fn two(line: Line<'_>, at: usize) -> Option<(u32, usize)> {
    let (1..=2, value, end) = numbers::arabic(line, at)? else { return None };
    u32::try_from(value).ok().map(|value| (value, end))
}

fn compact(length: usize, digits: u64, end: usize) -> Option<Point> {
    let digits = u32::try_from(digits).ok()?;
    let month = if length == 8 { digits / 100 } else { digits };
    let year = i32::try_from(month / 100).ok().filter(|year| (1930..=2100).contains(year))?;
    if length == 6 {
        return Point::in_year(end, year, month % 100, month % 100);
    }
    NaiveDate::from_ymd_opt(year, month % 100, digits % 100).map(|day| Point::day(end, day))
}

/// 2020 before -2023年: 年 is said once.
fn year_of_range(line: Line<'_>, number: Number) -> Option<Point> {
    let year = number.whole().filter(|year| number.shape == Shape::Digits(4) && (1950..=2100).contains(year))?;
    let next = line.after_any(line.unblank(number.end), &["到", "至", "-", "~", "—"]).map(|next| line.unblank(next))?;
    let last = numbers::read(line, next).filter(|last| last.shape == Shape::Digits(4))?;
    let later = last.whole().is_some_and(|last| (year..=2100).contains(&last));
    let closed =
        line.at(last.end) == '年' || !(line.at(last.end).is_ascii_alphanumeric() || matches!(line.at(last.end), '元' | '块' | '-' | '/'));
    (later && closed).then(|| Point::in_year(number.end, year, 1, 12)).flatten()
}

/// 2022、3年, 2022、2023年: a year and the next, 年 said once.
fn two_years(line: Line<'_>, number: Number) -> Option<Point> {
    let year = number.whole().filter(|_| number.shape == Shape::Digits(4))?;
    let next = numbers::read(line, line.after_any(number.end, &["、", ","])?)?;
    let Shape::Digits(said @ (1 | 2 | 4)) = next.shape else { return None };
    let follows = next.whole()? == (year + 1).rem_euclid(10_i32.pow(u32::try_from(said).ok()?));
    let end = line.after(next.end, "年").filter(|_| follows)?;
    Some(Point { to: Month::new(year + 1, 12)?, ..Point::in_year(end, year, 1, 12)? })
}

/// Two months whose year is left to today.
fn two_bare_months(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    let (end, _, last) = period::two_months(line, at)?;
    let to = period::latest(last, today)?;
    Some(Point { from: to.plus(-1), ..Point::month(end, to) })
}

/// The year at `at` without 年, when a year without 年 began the range.
pub(super) fn second_year(line: Line<'_>, at: usize) -> Option<Point> {
    let number = numbers::read(line, at).filter(|number| number.shape == Shape::Digits(4))?;
    Point::in_year(number.end, number.whole()?, 1, 12)
}

/// The month of 2023.3-6 that ends the range.
pub(super) fn second_month(line: Line<'_>, at: usize, year: i32) -> Option<Point> {
    let (month, end) = two(line, at)?;
    let closed = !(line.at(end).is_alphanumeric() || matches!(line.at(end), '.' | '-' | '/'));
    closed.then(|| Point::in_year(end, year, month, month)).flatten()
}

/// A month, or a day, whose year is left to today: the last one that has begun.
fn bare_month(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    let (number, end) = period::month_number(line, at)?;
    if line.precedes(line.back_blank(at), &["每年", "每年的", "年年", "每"]) || per_month(line, at, end) {
        return None;
    }
    let point = period::with_day(line, end, period::latest(number, today)?);
    let point = match point.day {
        Some(day) if day > today => period::with_day(line, end, Month::new(today.year() - 1, number)?),
        _ => point,
    };
    Some(Point { dated: false, ..point })
}

/// 一月 before 交多少 is per month.
fn per_month(line: Line<'_>, at: usize, end: usize) -> bool {
    line.at(at) == '一'
        && line.at(at + 1) == '月'
        && line.follows(end, &["交", "缴", "要", "多少", "领", "发", "扣", "能", "拿", "几", "可以", "工资"])
}

/// A quarter whose year is left to today.
fn bare_quarter(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    // 前三季度 are three.
    let (end, from, _) = period::quarter(line, at).filter(|_| line.previous(at) != '前')?;
    let from = period::latest(from, today)?;
    Some(Point { end, from, to: from.plus(2), day: None, dated: true })
}

/// Four digits that nothing else explains and that are a year of this age: 工伤赔偿标准2020.
pub(super) fn lone_year(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Reach> {
    let (4, digits, end) = numbers::arabic(line, at)? else { return None };
    let year = i32::try_from(digits).ok().filter(|year| (1990..=today.year() + 1).contains(year))?;
    let (before, after) = (line.previous(at), line.at(end));
    let inside = before.is_ascii_alphanumeric() || matches!(before, '.' | '-' | '/' | '第' | '〔' | '[' | '(' | '号' | ':');
    let counted = after.is_ascii_alphanumeric()
        || matches!(
            after,
            '.' | '-'
                | '/'
                | '元'
                | '块'
                | '人'
                | '个'
                | '号'
                | '名'
                | '万'
                | '千'
                | '多'
                | '来'
                | '%'
                | ':'
                | '〕'
                | ']'
                | '家'
                | '户'
                | '次'
                | '年'
                | '级'
                | '届'
        );
    (!inside && !counted).then_some((end, Found::Period(Period::year(year))))
}
