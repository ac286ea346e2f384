//! Lengths of time, in months: 十二年半, 差8个月, 15年6个月.

use super::{
    Found, Reach,
    cues::{self, Reading},
    line::Line,
    numbers::{self, Number, ONE, Shape},
};

/// Nobody pays in for longer, in months.
const LONGEST: i32 = 80 * 12;

/// The length at `at`.
pub(super) fn length(line: Line<'_>, at: usize) -> Option<Reach> {
    match line.at(at) {
        '半' => half(line, at),
        '俩' => line.after_any(at, &["俩月", "俩个月"]).map(|end| (end, Found::Months(2))),
        '仨' => line.after_any(at, &["仨月", "仨个月"]).map(|end| (end, Found::Months(3))),
        _ => counted(line, at),
    }
}

/// 半年; 上半年 and the like are periods.
fn half(line: Line<'_>, at: usize) -> Option<Reach> {
    let end = line.after_any(at, &["半年多", "半年"])?;
    let part = matches!(line.previous(at), '上' | '下' | '前' | '后' | '每' | '这' | '头');
    Some((end, if part { Found::Vague } else { Found::Months(6) }))
}

fn counted(line: Line<'_>, at: usize) -> Option<Reach> {
    if numbers::unit(line.at(at)).is_some_and(|unit| unit != 10) || matches!(line.previous(at), '.' | '-' | '/') {
        return None;
    }
    let number = numbers::read(line, at)?;
    let next = line.unblank(number.end);
    let rough = line.after_any(next, &["多", "来", "余"]);
    let years = line.after_any(rough.unwrap_or(next), &["周年", "年"]);
    let found = match years {
        Some(end) => years_and_months(line, at, number, end, rough.is_some()),
        None => months(line, number.end).map(|end| (end, exactly(line, at, number, 1, end))),
    }?;
    // 前两年: the years before, however many; 提前两年 is a length.
    let before = line.previous(at) == '前' && !matches!(line.previous(at - 1), '提' | '之' | '以' | '目');
    Some(if before || cues::ordinal(line, at) { (found.0, Found::Vague) } else { found })
}

/// The index after 个月 at `at`.
fn months(line: Line<'_>, at: usize) -> Option<usize> {
    let at = line.unblank(at);
    let end = line.after_any(at, &["个半月", "个多月", "多个月", "来个月", "余个月", "个 月", "个月"])?;
    Some(line.after(end, "多").unwrap_or(end)).filter(|end| line.at(*end) != '大')
}

fn years_and_months(line: Line<'_>, at: usize, number: Number, end: usize, rough: bool) -> Option<Reach> {
    if matches!(line.at(end), '级' | '纪' | '龄') {
        return None;
    }
    match cues::reading(line, at, number, end) {
        _ if rough => {}
        Reading::Year => match month_part(line, end) {
            // 23年3个月 is a length whatever the number: a month of a year has no 个.
            Some((_, after)) if matches!(number.shape, Shape::Digits(2) | Shape::Places(2)) && line.precedes(after, &["个月"]) => {}
            _ => return None,
        },
        Reading::Vague => return Some((end, Found::Vague)),
        Reading::Length => {}
    }
    if let Some(after) = line.after_any(end, &["半多", "半"]) {
        let half = exactly(line, at, number, 12, after);
        return Some((after, if let Found::Months(months) = half { Found::Months(months + 6) } else { half }));
    }
    if let Some((extra, after)) = month_part(line, end)
        && let Found::Months(months) = exactly(line, at, number, 12, after)
    {
        return Some((after, Found::Months(months + extra)));
    }
    let after = line.after(end, "多").filter(|after| line.at(*after) != '少').unwrap_or(end);
    Some((after, exactly(line, at, number, 12, after)))
}

/// 零三个月, 6个月, 又8个月, 零6月 after years.
fn month_part(line: Line<'_>, at: usize) -> Option<(i32, usize)> {
    let at = line.unblank(at);
    let joined = line.after_any(at, &["零", "〇", "又", "加", "多", "外加"]).map(|end| line.unblank(end));
    let number = numbers::read(line, joined.unwrap_or(at)).filter(|_| line.at(joined.unwrap_or(at)) != '零')?;
    let end = line
        .after_any(line.unblank(number.end), &["个月", "个 月"])
        .or_else(|| line.after(number.end, "月").filter(|_| joined.is_some()))?;
    number.whole().filter(|months| (1..100).contains(months)).map(|months| (months, end))
}

/// `number` times `unit` months; vague when it is no such length: 几年, or one month or year that only says per month.
fn exactly(line: Line<'_>, at: usize, number: Number, unit: i32, end: usize) -> Found {
    let single = number.value == ONE && !line.follows(end.saturating_sub(1), &["半", "多"]) && !one_counts(line, at, end);
    if single || matches!(number.shape, Shape::Vague | Shape::Places(_)) {
        return Found::Vague;
    }
    let months = number.value.saturating_mul(u64::from(unit.unsigned_abs()));
    match i32::try_from(months / ONE) {
        Ok(whole @ 1..=LONGEST) => Found::Months(whole),
        _ => Found::Vague,
    }
}

/// Whether 一年 or 一个月 is a length, not a rate: 断了一个月 against 一个月交多少.
fn one_counts(line: Line<'_>, at: usize, end: usize) -> bool {
    let at = line.back_blank(at);
    let before =
        matches!(line.previous(at), '了' | '满' | '差' | '够' | '断' | '停' | '欠' | '缺' | '快' | '足' | '才' | '只' | '近' | '过');
    let after = ["了", "以上", "以内", "之内", "内", "没交", "没缴", "以后", "之后", "左右", "零", "又"];
    let next = line.unblank(end);
    let more = line.at(next) == '多' && line.at(next + 1) != '少';
    let enough = matches!(line.previous(at), '交' | '缴') && line.follows(next, &["够", "行", "可以"]);
    before
        || more
        || enough
        || line.precedes(at, &["不到", "还有", "工龄", "漏缴", "断缴", "少交", "漏交", "已经"])
        || line.follows(next, &after)
}
