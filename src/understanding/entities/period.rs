//! Parts of a year, and the point in time that they and others make.

use chrono::{Datelike, NaiveDate};

use crate::domain::month::Month;

use super::{
    line::Line,
    numbers::{self, Shape},
};

/// A month, some months or a day that a text names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// Index after its last character.
    pub(super) end: usize,
    /// First month.
    pub(super) from: Month,
    /// Last month.
    pub(super) to: Month,
    /// The day, when it is one.
    pub(super) day: Option<NaiveDate>,
    /// Whether the text names the year or leaves it to today.
    pub(super) dated: bool,
}

impl Point {
    /// From one month to another of a year that the text names; `None` outside 1900 to 2100.
    pub(super) fn in_year(end: usize, year: i32, from: u32, to: u32) -> Option<Self> {
        (1900..=2100).contains(&year).then_some(())?;
        Some(Self { end, from: Month::new(year, from)?, to: Month::new(year, to)?, day: None, dated: true })
    }

    /// One month.
    pub(super) fn month(end: usize, month: Month) -> Self {
        Self { end, from: month, to: month, day: None, dated: true }
    }

    /// One day.
    pub(super) fn day(end: usize, day: NaiveDate) -> Self {
        Self { day: Some(day), ..Self::month(end, Month::of(day)) }
    }
}

/// What is said of `year`, whose name ended before `at`: a month, a day, a quarter, a half, its start or end, or all of it.
pub(super) fn of_year(line: Line<'_>, at: usize, year: i32) -> Option<Point> {
    let whole = line.after_any(at, &["度", "份"]).unwrap_or(at);
    let mut next = line.unblank(whole);
    next = line.after(next, "的").unwrap_or(next);
    next = line.unblank(next);
    half(line, next)
        .or_else(|| quarter(line, next))
        .or_else(|| edge(line, next))
        .or_else(|| two_months(line, next))
        .and_then(|(end, from, to)| Point::in_year(end, year, from, to))
        .or_else(|| month_and_day(line, next, year))
        .or_else(|| Point::in_year(whole, year, 1, 12))
}

/// 上半年, 下半年.
pub(super) fn half(line: Line<'_>, at: usize) -> Option<(usize, u32, u32)> {
    match line.after(at, "上半年") {
        Some(end) => Some((end, 1, 6)),
        None => line.after(at, "下半年").map(|end| (end, 7, 12)),
    }
}

/// 一季度, 第三季度, 4季度.
pub(super) fn quarter(line: Line<'_>, at: usize) -> Option<(usize, u32, u32)> {
    if let Some(end) = line.after_any(at, &["首季度", "头季度"]) {
        return Some((end, 1, 3));
    }
    let start = line.after(at, "第").unwrap_or(at);
    let number = numbers::read(line, start)?;
    let end = line.after_any(number.end, &["个季度", "季度"]).filter(|end| start > at || line.at(end - 3) != '个')?;
    let which = number.whole().and_then(|which| u32::try_from(which).ok()).filter(|which| (1..=4).contains(which))?;
    Some((end, which * 3 - 2, which * 3))
}

/// 年初 and 年头: January and February; 年底 and 年尾: November and December.
fn edge(line: Line<'_>, at: usize) -> Option<(usize, u32, u32)> {
    year_edge(line, at).or_else(|| match (line.at(at), line.at(at + 1)) {
        ('初', next) if !matches!(next, '中' | '级' | '次') => Some((at + 1, 1, 2)),
        ('底' | '末' | '尾', next) if next != '薪' => Some((at + 1, 11, 12)),
        _ => None,
    })
}

/// The same with 年 said.
pub(super) fn year_edge(line: Line<'_>, at: usize) -> Option<(usize, u32, u32)> {
    match line.after_any(at, &["年初", "年头"]) {
        Some(end) => Some((end, 1, 2)),
        None => line.after_any(at, &["年底", "年尾", "年末"]).map(|end| (end, 11, 12)),
    }
}

/// A month of `year`, perhaps with its day.
fn month_and_day(line: Line<'_>, at: usize, year: i32) -> Option<Point> {
    let (number, end) = month_number(line, at)?;
    let month = Month::new(year, number).filter(|_| (1900..=2100).contains(&year))?;
    let point = with_day(line, end, month);
    // 2017年12月25: 日 forgotten.
    let short = numbers::arabic(line, end).filter(|(length, _, last)| *length <= 2 && point.day.is_none() && !counts(line.at(*last)));
    let day = short.and_then(|(_, day, last)| Some((NaiveDate::from_ymd_opt(year, number, u32::try_from(day).ok()?)?, last)));
    Some(day.map_or(point, |(day, last)| Point::day(last, day)))
}

/// Whether a number before this is no day: 3月15个人.
fn counts(next: char) -> bool {
    next.is_ascii_alphanumeric()
        || matches!(
            next,
            '个' | '人' | '元' | '块' | '年' | '月' | '天' | '万' | '千' | '百' | '多' | '岁' | '点' | '.' | '%' | '次' | '-' | ':'
        )
}

/// The day of `month` that is said next, or the month.
pub(super) fn with_day(line: Line<'_>, at: usize, month: Month) -> Point {
    match day_number(line, at) {
        Some((day, end)) => match NaiveDate::from_ymd_opt(month.year(), month.month(), day) {
            Some(day) => Point::day(end, day),
            None => Point::month(end, month),
        },
        None => Point::month(at, month),
    }
}

/// The number of a month and the index after 月. 月 may be missing before 到6月.
pub(super) fn month_number(line: Line<'_>, at: usize) -> Option<(u32, usize)> {
    let number = numbers::read(line, at).filter(|number| matches!(number.shape, Shape::Small | Shape::Digits(1 | 2)))?;
    let month = number.whole().and_then(|month| u32::try_from(month).ok()).filter(|month| (1..=12).contains(month))?;
    if matches!(line.at(at), '两' | '数') {
        return None;
    }
    let next = line.unblank(number.end);
    if let Some(end) = line.after_any(next, &["月份", "月"]) {
        let end = line.after_any(end, &["初", "底", "上旬", "中旬", "下旬"]).unwrap_or(end);
        return (!matches!(line.at(end), '内' | '薪')).then_some((month, end));
    }
    let joined = line.after_any(next, &["到", "至", "-", "~"]).map(|end| line.unblank(end))?;
    let last = numbers::read(line, joined)?;
    let in_year = matches!(last.whole(), Some(1..=12)) && line.at(line.unblank(last.end)) == '月';
    in_year.then_some((month, number.end))
}

/// 3、4月: a month and the next, 月 said once.
pub(super) fn two_months(line: Line<'_>, at: usize) -> Option<(usize, u32, u32)> {
    let first = numbers::read(line, at).filter(|number| matches!(number.shape, Shape::Small | Shape::Digits(1 | 2)))?;
    let (last, end) = month_number(line, line.after_any(first.end, &["、", ","])?)?;
    (first.whole()? + 1 == i32::try_from(last).ok()?).then_some((end, last - 1, last))
}

/// The number of a day and the index after 日 or 号.
pub(super) fn day_number(line: Line<'_>, at: usize) -> Option<(u32, usize)> {
    let at = line.unblank(at);
    let number = numbers::read(line, at).filter(|number| matches!(number.shape, Shape::Small | Shape::Digits(1 | 2)))?;
    let next = line.unblank(number.end);
    let end = line.after_any(next, &["日", "号"]).filter(|end| !matches!(line.at(*end), '线' | '窗' | '楼'))?;
    number.whole().and_then(|day| u32::try_from(day).ok()).filter(|day| (1..=31).contains(day)).map(|day| (day, end))
}

/// The last month of this number that is not after today's.
pub(super) fn latest(number: u32, today: NaiveDate) -> Option<Month> {
    Month::new(if number > today.month() { today.year() - 1 } else { today.year() }, number)
}
