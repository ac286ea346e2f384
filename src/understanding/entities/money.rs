//! Sums of money, in fen: 8500元, 八千五, 1.2万, 三百来块.

use chrono::{Datelike, NaiveDate};

use crate::domain::money::Fen;

use super::{
    Found, Reach,
    line::{END, Line},
    numbers::{self, Number, ONE, Shape},
};

/// A sum with a greater one is no resident's, in ten-thousandths of a yuan.
const GREATEST: u64 = 1_000_000_000_000 * ONE;

/// The sum at `at`.
pub(super) fn sum(line: Line<'_>, at: usize, today: NaiveDate) -> Option<Reach> {
    if matches!(line.at(at), '¥' | '￥') {
        let number = numbers::read(line, line.unblank(at + 1))?;
        let (scale, end) = scaled(line, number.end);
        let end = currency(line, end).unwrap_or(end);
        return found(end, number.value.saturating_mul(scale), 0);
    }
    if let Some((value, end)) = nameless(line, at) {
        return found(end, value.saturating_mul(ONE), 0);
    }
    if matches!(line.previous(at), '第' | '.' | '-' | '/') && !ranged(line, at) {
        return None;
    }
    let number = numbers::read(line, at)?;
    if matches!(number.shape, Shape::Places(_)) {
        return None;
    }
    with_unit(line, number).or_else(|| small_coin(line, number)).or_else(|| without_unit(line, at, number, today))
}

fn found(end: usize, value: u64, coins: u64) -> Option<Reach> {
    let fen = value.checked_add(coins)?.div_ceil(100);
    (value <= GREATEST && fen > 0).then(|| i64::try_from(fen).ok()).flatten().map(|fen| (end, Found::Money(Fen(fen))))
}

/// 万把块, 千多块, 百来块: about so much.
fn nameless(line: Line<'_>, at: usize) -> Option<(u64, usize)> {
    let unit = numbers::unit(line.at(at)).filter(|unit| (100..=10_000).contains(unit))?;
    let end = line.after_any(at + 1, &["把", "多", "来"])?;
    Some((unit, currency(line, end)?))
}

/// Whether the number at `at` ends a range: 3000-5000元.
fn ranged(line: Line<'_>, at: usize) -> bool {
    line.previous(at) == '-' && at > 1 && line.at(at - 2).is_ascii_digit()
}

/// 多万, 来千 and the like after a number.
fn scaled(line: Line<'_>, at: usize) -> (u64, usize) {
    let end = line.after_any(at, &["多", "来", "余", "把"]).unwrap_or(at);
    match numbers::unit(line.at(end)) {
        Some(unit) if unit >= 100 => (unit, end + 1),
        _ => (1, end),
    }
}

/// The index after a currency at `at`.
fn currency(line: Line<'_>, at: usize) -> Option<usize> {
    let at = line.unblank(at);
    let end = line.after_any(at, &["元钱", "块钱", "元整", "元", "块", "圆", "蚊", "人民币", "rmb"])?;
    (line.at(end) != '旦').then_some(end)
}

/// A number, perhaps 多 or 来, and a currency; 三块五 and 3元5角 are read to their end.
fn with_unit(line: Line<'_>, number: Number) -> Option<Reach> {
    let (scale, end) = scaled(line, number.end);
    let end = currency(line, line.after_any(end, &["多", "来", "余"]).unwrap_or(end))?;
    if number.shape == Shape::Vague {
        return Some((end, Found::Vague));
    }
    let (coins, end) = change(line, end);
    found(end, number.value.saturating_mul(scale), coins)
}

/// What is left over after 块: 五, 五毛, 五毛二, 5角3分.
fn change(line: Line<'_>, at: usize) -> (u64, usize) {
    let Some((tenths, next)) = single(line, at) else { return (0, at) };
    let Some(end) = line.after_any(next, &["毛", "角"]) else {
        let alone = !matches!(line.at(next), '年' | '个' | '月' | '人' | '号' | '天' | '.' | '险')
            && numbers::read(line, next).is_none()
            && numbers::unit(line.at(next)).is_none();
        return if alone { (tenths * ONE / 10, next) } else { (0, at) };
    };
    let coins = tenths * ONE / 10;
    match single(line, end) {
        Some((hundredths, next)) if line.at(next) == '分' => (coins + hundredths * ONE / 100, next + 1),
        _ => (coins, end),
    }
}

/// One digit, Arabic or Chinese, with no other after it.
fn single(line: Line<'_>, at: usize) -> Option<(u64, usize)> {
    let letter = line.at(at);
    let value = letter.to_digit(10).map(u64::from).or_else(|| numbers::digit(letter))?;
    (!line.at(at + 1).is_ascii_digit()).then_some((value, at + 1))
}

/// 5毛, 3角.
fn small_coin(line: Line<'_>, number: Number) -> Option<Reach> {
    let end = line.after_any(number.end, &["毛钱", "毛", "角钱", "角"])?;
    let small = matches!(number.whole(), Some(1..=9));
    if small { found(end, number.value / 10, 0) } else { None }
}

/// A sum that names no currency: 八千五, 1.2万, 工资8500.
fn without_unit(line: Line<'_>, at: usize, number: Number, today: NaiveDate) -> Option<Reach> {
    let (scale, mut end) = scaled(line, number.end);
    if scale == 1 {
        end = number.end;
    }
    let value = number.value.saturating_mul(scale);
    if number.shape == Shape::Vague {
        return (scale > 1 || value >= 100 * ONE).then_some((end, Found::Vague));
    }
    if counts_things(line, end) {
        return None;
    }
    if range_to_sum(line, end) && value >= 100 * ONE {
        return found(end, value, 0);
    }
    let sum = match number.shape {
        Shape::Large | Shape::Hundreds { tail: true } => value >= 100 * ONE,
        Shape::Hundreds { tail: false } | Shape::Small => {
            scale > 1 || (value >= 100 * ONE && (named(line, at) || paid(line, at) || per(line, end)))
        }
        Shape::Digits(_) | Shape::Decimal => scale > 1 || plain(line, at, number, end, today),
        Shape::Places(_) | Shape::Vague => false,
    };
    if sum { found(end, value, 0) } else { None }
}

/// Whether what follows counts other things than money.
fn counts_things(line: Line<'_>, at: usize) -> bool {
    let after = line.unblank(at);
    let after = line.after_any(after, &["多", "来", "余"]).unwrap_or(after);
    let letter = line.at(after);
    matches!(
        letter,
        '年' | '月'
            | '日'
            | '天'
            | '号'
            | '人'
            | '岁'
            | '个'
            | '名'
            | '位'
            | '家'
            | '户'
            | '次'
            | '倍'
            | '分'
            | '%'
            | '级'
            | '条'
            | '度'
            | '期'
    ) || matches!(
        letter,
        '届' | '章'
            | '页'
            | '米'
            | '里'
            | '平'
            | '公'
            | '斤'
            | '克'
            | '吨'
            | '股'
            | '辆'
            | '台'
            | '间'
            | '栋'
            | '种'
            | '所'
            | '张'
            | '字'
            | '步'
    ) || matches!(letter, '小' | '周' | '星' | '礼' | '秒' | '点' | ':' | '.' | '热' | '电' | '夜' | '美' | '港' | '多' | '后')
        || (letter.is_ascii_alphanumeric() || matches!(letter, '-' | '/') && line.at(after + 1).is_ascii_digit()) && !range_to_sum(line, at)
}

/// 3000-5000元, 三千到五千: the first of two sums.
fn range_to_sum(line: Line<'_>, at: usize) -> bool {
    line.after_any(at, &["-", "~", "到", "至", "涨到", "调到", "降到"])
        .and_then(|next| numbers::read(line, next))
        .is_some_and(|last| currency(line, last.end).is_some() || (last.shape == Shape::Large && !counts_things(line, last.end)))
}

/// /人, 每月, 的工资 and the like after a number.
fn per(line: Line<'_>, at: usize) -> bool {
    line.follows(line.after(at, "的").unwrap_or(at), &["工资", "基数", "月薪", "底薪", "退休金", "养老金"])
        || line.follows(at, &["/人", "/年", "/月", "每人", "每月", "一个月", "一月", "一年", "一档", "每年"])
}

/// Arabic digits without a unit are a sum when something before or after says so, or when nothing else is said.
fn plain(line: Line<'_>, at: usize, number: Number, end: usize, today: NaiveDate) -> bool {
    if number.value < 100 * ONE || matches!(number.shape, Shape::Digits(length) if length > 7) || line.at(at) == '0' {
        return false;
    }
    let yearlike =
        matches!(number.shape, Shape::Digits(4)) && number.whole().is_some_and(|year| (1940..=today.year() + 15).contains(&year));
    let hotline = matches!(number.whole(), Some(12_333 | 12_345 | 12_366));
    !hotline && (named(line, at) || (!yearlike && (paid(line, at) || per(line, end) || alone(line, at, end, number))))
}

/// Whether a kind of money stands before `at`: 工资8500, 基数是4775.
fn named(line: Line<'_>, at: usize) -> bool {
    let at = line.back_blank(at);
    let bridges =
        ["大概是", "大约是", "现在是", "差不多", "现在", "大概", "大约", "左右", "是", "为", "有", "才", "只", "就", "约", ":", "："];
    let mut start = at;
    for bridge in bridges {
        if line.precedes(start, &[bridge]) {
            start -= bridge.chars().count();
            break;
        }
    }
    let start = line.back_blank(if line.precedes(start, &["只", "才", "就", "大概", "每月", "都"]) { start - 1 } else { start });
    line.precedes(
        start,
        &[
            "工资",
            "基数",
            "社平",
            "税前",
            "税后",
            "月薪",
            "底薪",
            "年薪",
            "薪",
            "收入",
            "费用",
            "费",
            "金额",
            "余额",
            "养老金",
            "退休金",
            "失业金",
            "津贴",
            "补贴",
            "补助",
            "补助金",
            "抚恤金",
            "总额",
            "个人部分",
            "单位部分",
            "钱",
        ],
    )
}

/// Whether a payment or a month stands before `at`: 每月交800, 扣了430.
fn paid(line: Line<'_>, at: usize) -> bool {
    let at = line.back_blank(at);
    let start = if matches!(line.previous(at), '了' | '到' | '过' | '个' | '满' | '出') && at > 0 { at - 1 } else { at };
    matches!(
        line.previous(start),
        '交' | '缴' | '领' | '扣' | '拿' | '花' | '付' | '赔' | '涨' | '返' | '退' | '挣' | '赚' | '发' | '报' | '纳' | '补' | '给'
    ) || line.precedes(at, &["每月", "个月", "月入", "月发", "每年", "每人", "一年", "才", "只有", "一月", "档"])
}

/// Whether the number is all that is said.
fn alone(line: Line<'_>, at: usize, end: usize, number: Number) -> bool {
    let after = line.unblank(line.after_any(end, &["左右", "吧", "多", "呢", "的样子"]).unwrap_or(end));
    let closed = line.at(after) == END || (matches!(line.at(after), '。' | '.' | '!' | '！' | ',') && after + 1 >= line.len());
    let short = !matches!(number.shape, Shape::Digits(6..));
    let before = line.back_blank(at);
    short && closed && (before == 0 || (line.precedes(before, &["大概", "大约", "是", "约", "差不多"]) && before <= 4))
}
