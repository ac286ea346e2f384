//! Names of insurances and places by their lists, and the words that say a sex.

use std::ops::Range;

use super::{Found, Reach, line::Line, numbers};
use crate::{domain::person::Sex, understanding::lexicon::Lexicon};

/// Hands every place found to `take`, the most specific of a row: of 广东省惠州市惠阳区 only the last is meant, and 医保定点
/// holds no 保定 when 医保 is `spent`.
pub(super) fn most_specific(places: &Lexicon<String>, text: &str, spent: &[Range<usize>], mut take: impl FnMut(String)) {
    let mut held: Option<(usize, &String)> = None;
    for (start, end, place) in places.find(text) {
        if spent.iter().any(|name| start < name.end && name.end < end) {
            continue;
        }
        if let Some((before, wider)) = held.replace((end, place)) {
            let suffix = text.get(before..start).unwrap_or("-");
            if !(matches!(suffix, "" | "省" | "市" | " ") && rank(wider) < rank(place)) {
                take(wider.clone());
            }
        }
    }
    if let Some((_, place)) = held {
        take(place.clone());
    }
}

/// 0 for provinces and the cities that are ones, 1 for cities, 2 for what lies in a city.
fn rank(place: &str) -> u8 {
    let province =
        ["北京", "上海", "天津", "重庆", "广东", "浙江", "江苏", "湖南", "湖北", "河南", "河北", "山东", "山西", "江西", "福建", "广西"];
    if place.ends_with('省') || place.ends_with("自治区") || province.iter().any(|name| place.strip_suffix('市').unwrap_or(place) == *name)
    {
        0
    } else if place.ends_with(['区', '县', '镇', '乡']) {
        2
    } else {
        1
    }
}

/// The sex said at `at`: 男, 女职工, 女士. Kin and children say nothing: 女儿, 子女, 老公.
pub(super) fn sex(line: Line<'_>, at: usize) -> Option<Reach> {
    if let Some(end) = line.after(at, "先生") {
        let husband = matches!(line.previous(at), '我' | '你' | '她' | '的')
            || matches!(line.at(end), '育' | '孩' | '了' | '小' | '完' | '娃' | '二' | '病');
        return (!husband).then_some((end, Found::Sex(Sex::Male)));
    }
    let sex = match line.at(at) {
        '男' => Sex::Male,
        '女' => Sex::Female,
        _ => return None,
    };
    let (before, after) = (line.previous(at), line.at(at + 1));
    let kin = matches!(
        before,
        '儿' | '子'
            | '父'
            | '母'
            | '孙'
            | '侄'
            | '甥'
            | '少'
            | '美'
            | '处'
            | '仙'
            | '男'
            | '女'
            | '生'
            | '养'
            | '长'
            | '幼'
            | '孝'
            | '独'
    ) || matches!(before, '闺' | '继' | '外' | '小' | '大' | '婚' | '有' | '胎' | '和' | '及' | '与')
        && !matches!(after, '职' | '性' | '工' | '的' | '士' | '同' | '干' | '员')
        || before.is_ascii_digit()
        || numbers::digit(before).is_some()
        || matches!(before, '个' | '几') && !matches!(after, '的' | '职' | '性' | '工' | '同');
    let other = matches!(
        after,
        '儿' | '婿'
            | '友'
            | '朋'
            | '孩'
            | '娃'
            | '仔'
            | '女'
            | '男'
            | '装'
            | '厕'
            | '皇'
            | '主'
            | '神'
            | '生'
            | '宝'
            | '婴'
            | '双'
            | '票'
    );
    let kin = kin && !line.precedes(at, &["出生"]);
    if kin || other {
        // 男女 and 儿女 name both: the second half is no sex either.
        return (matches!(after, '女' | '男')).then_some((at + 2, Found::Vague));
    }
    let end = line.after_any(at + 1, &["职工", "性", "工人", "工", "士", "的", "同志", "干部", "员工", "方", "人"]).unwrap_or(at + 1);
    Some((end, Found::Sex(sex)))
}
