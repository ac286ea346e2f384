//! Numbers as people write them: 8500, 1,234.5, 一万二, 1万2, 二零二三, 十五.

use super::line::Line;

/// Values are kept in ten-thousandths, so that 1.2万 stays exact.
pub(super) const ONE: u64 = 10_000;

/// A number and how it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// Index after its last character.
    pub(super) end: usize,
    /// In ten-thousandths.
    pub(super) value: u64,
    /// How it is written.
    pub(super) shape: Shape,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// So many Arabic digits: 15, 2023.
    Digits(usize),
    /// Arabic with a fraction or groups of three.
    Decimal,
    /// So many Chinese digits one after the other: 二三, 二零二三.
    Places(usize),
    /// Below a hundred: 五, 十五, 三十.
    Small,
    /// Hundreds; `tail`: 两百五.
    Hundreds { tail: bool },
    /// With 千, 万 or 亿.
    Large,
    /// No single value: 三四千, 十五六, 几十.
    Vague,
}

impl Number {
    /// The value when it is whole and small enough to be a day, month, year or length.
    pub(super) fn whole(self) -> Option<i32> {
        (self.value.is_multiple_of(ONE) && self.shape != Shape::Vague).then(|| i32::try_from(self.value / ONE).ok()).flatten()
    }
}

/// The value of a Chinese digit.
pub(super) fn digit(letter: char) -> Option<u64> {
    Some(match letter {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// The value of a Chinese unit.
pub(super) fn unit(letter: char) -> Option<u64> {
    Some(match letter {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        '万' => 10_000,
        '亿' => 100_000_000,
        _ => return None,
    })
}

/// Arabic digits at `at`: how many, their value, the index after them.
pub(super) fn arabic(line: Line<'_>, at: usize) -> Option<(usize, u64, usize)> {
    let (mut end, mut value) = (at, 0_u64);
    while let Some(digit) = line.at(end).to_digit(10) {
        value = value.saturating_mul(10).saturating_add(u64::from(digit));
        end += 1;
    }
    (end > at).then_some((end - at, value, end))
}

/// Passes over the number at `at`, so that no scanner starts in its middle.
pub(super) fn skip(line: Line<'_>, at: usize) -> usize {
    read(line, at).map_or(at, |number| number.end)
}

/// The number at `at`.
pub(super) fn read(line: Line<'_>, at: usize) -> Option<Number> {
    let first = group(line, at)?;
    let next = first.end;
    if matches!(first.shape, Shape::Places(_)) && unit(line.at(next)).is_none() {
        return Some(first);
    }
    let spoken = if first.shape == Shape::Small && line.at(next) == '点' { spoken_fraction(line, first) } else { None };
    Some(spoken.unwrap_or_else(|| Sum::default().read(line, at, first)))
}

/// One run of digits: Arabic with its fraction, or Chinese ones. 十 alone counts as an empty run worth one.
fn group(line: Line<'_>, at: usize) -> Option<Number> {
    if let Some(end) = either(line, at) {
        return Some(Number { end, value: 0, shape: Shape::Vague });
    }
    if let Some((length, value, end)) = arabic(line, at) {
        return Some(fraction(line, length, value, end));
    }
    let mut end = at;
    let mut value = 0_u64;
    while let Some(digit) = digit(line.at(end)) {
        value = value.saturating_mul(10).saturating_add(digit);
        end += 1;
    }
    match end - at {
        0 if matches!(line.at(at), '十' | '拾') => Some(Number { end, value: ONE, shape: Shape::Small }),
        0 if matches!(line.at(at), '几' | '数') => Some(Number { end: at + 1, value: 0, shape: Shape::Vague }),
        0 if line.at(at) == '廿' => Some(Number { end: at + 1, value: 20 * ONE, shape: Shape::Small }),
        0 => None,
        1 => Some(Number { end, value: value * ONE, shape: Shape::Small }),
        length => Some(Number { end, value: value.saturating_mul(ONE), shape: Shape::Places(length) }),
    }
}

/// The index after 8,9 before a unit, a year or a count, which is one or the other: 交了8、9年, 三、四千.
fn either(line: Line<'_>, at: usize) -> Option<usize> {
    let one = |at: usize| line.at(at).to_digit(10).map(u64::from).or_else(|| digit(line.at(at)));
    let next = one(at)? + 1 == one(at + 2).filter(|_| line.at(at + 1) == ',')?;
    (next && (unit(line.at(at + 3)).is_some() || matches!(line.at(at + 3), '年' | '个' | '块'))).then_some(at + 3)
}

/// Takes groups of three (1,234) and up to four decimals along.
fn fraction(line: Line<'_>, length: usize, value: u64, end: usize) -> Number {
    let (mut value, mut end, mut grouped) = (value, end, false);
    while length <= 3 && line.at(end) == ',' {
        match arabic(line, end + 1) {
            Some((3, three, next)) => (value, end, grouped) = (value.saturating_mul(1_000).saturating_add(three), next, true),
            _ => break,
        }
    }
    let whole = value.saturating_mul(ONE);
    match (line.at(end), arabic(line, end + 1)) {
        ('.', Some((decimals @ 1..=4, part, next))) if line.at(next) != '.' => {
            let scale = [ONE, 1_000, 100, 10, 1][decimals];
            Number { end: next, value: whole.saturating_add(part * scale), shape: Shape::Decimal }
        }
        _ if grouped => Number { end, value: whole, shape: Shape::Decimal },
        _ => Number { end, value: whole, shape: Shape::Digits(length) },
    }
}

/// 一点二万, 三点五元: only before a unit, for 三点二十分 is a time of day.
fn spoken_fraction(line: Line<'_>, whole: Number) -> Option<Number> {
    let point = whole.end + 1;
    let (mut end, mut value, mut scale) = (point, whole.value, ONE / 10);
    while let (Some(digit), 1..) = (digit(line.at(end)), scale) {
        value += digit * scale;
        scale /= 10;
        end += 1;
    }
    let scaled = match line.at(end) {
        letter @ ('百' | '千' | '万' | '亿') => unit(letter),
        _ => None,
    };
    match scaled {
        _ if end == point => None,
        Some(unit) => Some(Number { end: end + 1, value: value.saturating_mul(unit), shape: Shape::Large }),
        None if matches!(line.at(end), '元' | '块' | '年') => Some(Number { end, value, shape: Shape::Decimal }),
        None => None,
    }
}

/// What has been read of a number with units.
#[derive(Default)]
struct Sum {
    /// All above the current 万 or 亿.
    total: u64,
    /// Since the last 万 or 亿.
    section: u64,
    /// The last unit read; 0: none yet.
    last: u64,
    /// The greatest unit read.
    greatest: u64,
    tail: bool,
    vague: bool,
}

impl Sum {
    fn read(mut self, line: Line<'_>, start: usize, first: Number) -> Number {
        let (mut group_at, mut current) = (start, first);
        let end = loop {
            let Some((unit, after_unit)) = unit_at(line, current) else {
                break if self.last_group(line, current, group_at) { current.end } else { group_at };
            };
            if !self.scale(unit, current) {
                break group_at;
            }
            let zero = usize::from(matches!(line.at(after_unit), '零' | '〇'));
            match group(line, after_unit + zero) {
                Some(next) if line.at(after_unit + zero) != '数' => (group_at, current) = (after_unit, next),
                // 九十万: 万 multiplies all that stands before it.
                None if matches!(line.at(after_unit), '万' | '亿') && unit < 10_000 => {
                    (group_at, current) = (after_unit, Number { end: after_unit, value: 0, shape: Shape::Small });
                }
                _ => break after_unit,
            }
        };
        let value = self.total.saturating_add(self.section);
        let shape = match (self.vague, self.greatest) {
            (true, _) => Shape::Vague,
            (false, 0) => first.shape,
            (false, 1..100) => Shape::Small,
            (false, 100..1_000) => Shape::Hundreds { tail: self.tail },
            (false, _) => Shape::Large,
        };
        Number { end, value, shape }
    }

    /// Adds `group` times `unit`; `false` when the unit cannot follow what stands before.
    fn scale(&mut self, unit: u64, group: Number) -> bool {
        if unit < 10_000 && self.last != 0 && unit >= self.last && self.last < 10_000 {
            return false;
        }
        if unit >= 10_000 && self.total != 0 && self.greatest <= unit {
            return false;
        }
        self.vague |= matches!(group.shape, Shape::Vague | Shape::Places(_));
        if unit < 10_000 {
            self.section = self.section.saturating_add(group.value.saturating_mul(unit));
        } else {
            let below = self.section.saturating_add(group.value);
            self.total = self.total.saturating_add(below.saturating_mul(unit));
            self.section = 0;
        }
        (self.last, self.greatest) = (unit, self.greatest.max(unit));
        true
    }

    /// Adds the group that no unit follows; `false` when it is not part of the number.
    fn last_group(&mut self, line: Line<'_>, group: Number, at: usize) -> bool {
        if self.last == 0 {
            self.section = group.value;
            self.vague |= group.shape == Shape::Vague;
            return true;
        }
        if counted(line, group.end) && self.last > 10 && !matches!(line.at(at), '零' | '〇') {
            return false;
        }
        match group.shape {
            Shape::Vague => self.vague = true,
            // 十五六: fifteen or sixteen.
            Shape::Places(_) if self.last == 10 => self.vague = true,
            Shape::Places(_) | Shape::Decimal => return false,
            Shape::Digits(length) if length > 1 => {
                if group.value >= self.last.saturating_mul(ONE) {
                    return false;
                }
                self.section = self.section.saturating_add(group.value);
            }
            _ if self.last == 10 || matches!(line.at(at), '零' | '〇') => self.section = self.section.saturating_add(group.value),
            _ => {
                self.tail = true;
                self.section = self.section.saturating_add((self.last / 10).saturating_mul(group.value));
            }
        }
        true
    }
}

/// The unit after a group, and the index after it; `k` and `w` count after Arabic digits.
fn unit_at(line: Line<'_>, group: Number) -> Option<(u64, usize)> {
    let arabic = matches!(group.shape, Shape::Digits(_) | Shape::Decimal);
    let letter = line.at(group.end);
    let bare = !line.at(group.end + 1).is_ascii_alphabetic();
    match letter {
        'w' if arabic && bare => Some((10_000, group.end + 1)),
        'k' if arabic && bare => Some((1_000, group.end + 1)),
        '十' | '拾' if arabic => None,
        // 万一 is "in case" and 千万 "by all means", never after a digit: a unit here belongs to the number.
        letter => unit(letter).map(|unit| (unit, group.end + 1)),
    }
}

/// Whether what follows counts things or time, so that a digit before it starts anew: 一万二年 is 10,000 and 2 years.
fn counted(line: Line<'_>, at: usize) -> bool {
    matches!(line.at(at), '年' | '月' | '个' | '人' | '岁' | '天' | '日' | '号' | '次' | '名' | '位' | '家' | '户' | '级')
}
