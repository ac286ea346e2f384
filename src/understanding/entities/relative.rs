//! Times named from today: 上个月, 去年, 近半年, 昨天, 三年前.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::month::{Month, Period};

use super::{
    Found, Reach,
    cues::{self, Reading},
    line::Line,
    numbers::{self, Shape},
    period::{self, Point},
};

const YEARS: [(&str, i32); 15] = [
    ("大前年", -3),
    ("大后年", 3),
    ("上一年度", -1),
    ("上年度", -1),
    ("本年度", 0),
    ("今年度", 0),
    ("前年", -2),
    ("去年", -1),
    ("旧年", -1),
    ("上年", -1),
    ("今年", 0),
    ("本年", 0),
    ("明年", 1),
    ("下一年度", 1),
    ("后年", 2),
];

const MONTHS: [(&str, i32); 14] = [
    ("上上个月", -2),
    ("上上月", -2),
    ("大上个月", -2),
    ("下下个月", 2),
    ("上个月", -1),
    ("上月", -1),
    ("这个月", 0),
    ("今个月", 0),
    ("呢个月", 0),
    ("这月", 0),
    ("本月", 0),
    ("下个月", 1),
    ("下月", 1),
    ("上一个月", -1),
];

const DAYS: [(&str, i64); 17] = [
    ("大前天", -3),
    ("大后天", 3),
    ("前天", -2),
    ("昨天", -1),
    ("昨日", -1),
    ("昨晚", -1),
    ("琴日", -1),
    ("寻日", -1),
    ("今天", 0),
    ("今日", 0),
    ("今早", 0),
    ("今晚", 0),
    ("明天", 1),
    ("明日", 1),
    ("明早", 1),
    ("听日", 1),
    ("后天", 2),
];

/// The point named from today at `at`.
pub(super) fn point(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    match line.at(at) {
        '上' | '下' | '本' | '这' | '今' | '呢' | '大' | '去' | '前' | '旧' | '明' | '后' | '昨' | '琴' | '寻' | '听' => {
            year(line, at, today).or_else(|| month(line, at, today)).or_else(|| day(line, at, today)).or_else(|| part(line, at, today))
        }
        '年' => edge(line, at, today),
        _ => None,
    }
}

fn year(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    let (end, away) = YEARS.iter().find_map(|(word, away)| Some((line.after(at, word)?, *away)))?;
    let before = line.previous(at);
    // 以前年度, 目前年龄, 证明年限, 退休后年审, 以上年龄: two words that only meet here.
    let met = match line.at(at) {
        '前' => matches!(before, '以' | '之' | '目' | '当' | '提' | '生' | '此' | '年' | '月' | '休' | '个'),
        '明' => matches!(before, '证' | '说' | '声' | '注' | '表'),
        '后' => matches!(before, '以' | '之' | '休' | '最' | '然' | '产' | '今' | '往' | '年'),
        '上' | '本' => matches!(before, '以' | '成' | '资' | '基' | '加' | '早'),
        '去' => before == '过' && line.at(end) == '份',
        _ => false,
    };
    if met || matches!(line.at(end), '龄' | '限' | '纪' | '检' | '审' | '轻') {
        return None;
    }
    period::of_year(line, end, today.year() + away)
}

fn month(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    let (end, away) = MONTHS.iter().find_map(|(word, away)| Some((line.after(at, word)?, *away)))?;
    let above = line.previous(at) == '以' && matches!(line.previous(at - 1), '年' | '岁' | '元' | '月' | '天');
    if above || line.follows(end, &["老", "票", "子"]) {
        return None;
    }
    let end = line.after(end, "份").unwrap_or(end);
    let end = line.after_any(end, &["初", "底", "中旬", "上旬", "下旬"]).unwrap_or(end);
    let end = line.after(end, "的").filter(|next| period::day_number(line, *next).is_some()).unwrap_or(end);
    Some(period::with_day(line, end, Month::of(today).plus(away)))
}

fn day(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    let (end, away) = DAYS.iter().find_map(|(word, away)| Some((line.after(at, word)?, *away)))?;
    let met =
        matches!(line.at(at), '前' | '后' | '明') && matches!(line.previous(at), '以' | '之' | '目' | '先' | '证' | '提' | '说' | '休');
    if met || line.at(end) == '天' || (line.at(at) == '今' && line.previous(at) == '至') {
        return None;
    }
    Some(Point::day(end, shift(today, away)?))
}

fn shift(today: NaiveDate, days: i64) -> Option<NaiveDate> {
    let by = Days::new(days.unsigned_abs());
    if days < 0 { today.checked_sub_days(by) } else { today.checked_add_days(by) }
}

/// A half year or quarter of this year: 上半年, 上个季度, 本季度.
fn part(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    if let Some((end, from, to)) = period::half(line, at) {
        return Point::in_year(end, today.year(), from, to);
    }
    let quarter = Month::of(today).plus(-i32::try_from(today.month0() % 3).unwrap_or_default());
    let at_quarter = |words: &[&str], away: i32| {
        let end = line.after_any(at, words)?;
        let from = quarter.plus(away * 3);
        Some(Point { end, from, to: from.plus(2), day: None, dated: true })
    };
    at_quarter(&["上个季度", "上一季度", "上季度"], -1).or_else(|| at_quarter(&["这个季度", "本季度", "这季度"], 0))
}

/// 年初, 年底 of this year.
fn edge(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Point> {
    let (end, from, to) = period::year_edge(line, at)?;
    let before = line.previous(at);
    let other = numbers::digit(before).is_some()
        || before.is_ascii_digit()
        || matches!(before, '十' | '几' | '每' | '当' | '半' | '多' | '同' | '历' | '各' | '往' | '个' | '少' | '这' | '那' | '百')
        || line.precedes(at, &["每年", "当年", "那年"])
        // 到年底了 says that it is late.
        || (before == '到' && line.at(end) == '了');
    if other { None } else { Point::in_year(end, today.year(), from, to) }
}

/// 近半年, 最近三个月, 过去一年: back from the current month, that included. 近几年: nothing exact.
pub(super) fn rolling(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Reach> {
    let start = line.after_any(at, &["最近的", "最近这", "最近", "过去的", "过去", "近", "这"])?;
    let close = line.at(at) == '近';
    if close && (matches!(line.previous(at), '附' | '将' | '接' | '快' | '靠' | '就' | '亲' | '远') || cues::length_before(line, at))
    {
        return None;
    }
    let start = line.unblank(start);
    let (end, months) = match line.after(start, "半年") {
        Some(end) => (end, Some(6)),
        None => span(line, start)?,
    };
    if close && line.follows(end, &["工龄", "的工龄", "了"]) {
        return None;
    }
    let end = line.after_any(end, &["以来", "来"]).unwrap_or(end);
    let now = Month::of(today);
    match months {
        None => Some((end, Found::Vague)),
        Some(months @ 1..=120) => Some((end, Found::Period(Period::between(now.plus(1 - months), now)))),
        Some(_) => None,
    }
}

/// So many years or months, in months; `None` inside for 几年.
fn span(line: Line<'_>, at: usize) -> Option<(usize, Option<i32>)> {
    let number = numbers::read(line, at)?;
    let next = line.unblank(number.end);
    let (end, unit) = match line.after(next, "个月") {
        Some(end) => (end, 1),
        None => (line.after(next, "年")?, 12),
    };
    let exact = matches!(number.shape, Shape::Small | Shape::Digits(1..=3));
    Some((end, number.whole().filter(|_| exact).and_then(|count| count.checked_mul(unit))))
}

/// 三年前, 5个月以前, 两天前: the year, month or day so long ago.
pub(super) fn ago(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Reach> {
    if matches!(line.previous(at), '.' | '-' | '/' | '第' | '每') || line.previous(at).is_ascii_alphanumeric() {
        return None;
    }
    let back = |end: usize| line.after_any(end, &["之前", "以前", "前"]).filter(|end| !matches!(line.at(*end), '后' | '年' | '提'));
    let now = Month::of(today);
    if line.at(at) == '半' {
        let end = back(line.after(at, "半年")?)?;
        let month = now.plus(-6);
        return Some((end, Found::Period(Period::between(month, month))));
    }
    let number = numbers::read(line, at).filter(|_| !cues::length_before(line, at))?;
    let next = line.unblank(number.end);
    let unit = line.after_any(next, &["个多月", "个月", "多年", "年", "天"])?;
    let end = back(unit)?;
    if number.shape == Shape::Vague {
        return Some((end, Found::Vague));
    }
    let count = number.whole().filter(|count| (1..=90).contains(count) && matches!(number.shape, Shape::Small | Shape::Digits(1 | 2)))?;
    let found = match line.previous(unit) {
        '月' => Found::Period(Period::between(now.plus(-count), now.plus(-count))),
        '天' => Found::Date(shift(today, -i64::from(count))?),
        // 18年以前 is before 2018, 18年前 eighteen years ago.
        _ if end > unit + 1 && cues::reading(line, at, number, unit) == Reading::Year => return None,
        _ => Found::Period(Period::year(today.year() - count)),
    };
    Some((end, found))
}
