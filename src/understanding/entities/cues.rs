//! What the words around a number make of it: 交了23年 is a length, 23年参加工作 a year.

use super::{
    line::Line,
    numbers::{self, Number, Shape},
};

/// Before the blanks and the colon before a number: 工龄: 22年.
fn said_before(line: Line<'_>, at: usize) -> usize {
    let at = line.back_blank(at);
    if matches!(line.previous(at), ':' | '：') { line.back_blank(at - 1) } else { at }
}

/// Whether the words before a number say that a length of time comes.
pub(super) fn length_before(line: Line<'_>, at: usize) -> bool {
    let at = said_before(line, at);
    if line.precedes(at, &["补交", "补缴", "补", "欠", "欠缴"]) {
        return false;
    }
    matches!(line.previous(at), '交' | '缴' | '满' | '差' | '够' | '干' | '作' | '了' | '有' | '足' | '需' | '要' | '断' | '停' | '过')
        || matches!(
            line.previous(at),
            '已' | '才' | '只' | '快' | '近' | '约' | '龄' | '限' | '计' | '共' | '纳' | '缺' | '概' | '整' | '剩' | '达' | '超'
        )
        || line.precedes(
            at,
            &[
                "不到", "没到", "未到", "还是", "缴费", "交费", "参保", "已经", "至少", "最少", "最低", "最多", "长达", "工种", "岗位",
                "去世", "合共", "打工", "上班", "打了", "攒",
            ],
        )
}

/// Whether the words after 年 say that a length of time ended there.
pub(super) fn length_after(line: Line<'_>, at: usize) -> bool {
    let at = line.unblank(at);
    let at = line.after(at, "的").unwrap_or(at);
    line.follows(
        at,
        &[
            "工龄",
            "教龄",
            "党龄",
            "缴费年限",
            "年限",
            "以上",
            "以下",
            "以内",
            "左右",
            "社保",
            "养老",
            "医保",
            "了",
            "就",
            "才",
            "够",
            "满",
            "多",
            "内",
            "半",
            "可以",
            "能",
            "不够",
            "没满",
            "未满",
            "整",
            "加",
        ],
    )
}

/// Whether the words before a number say that a year comes.
fn year_before(line: Line<'_>, at: usize) -> bool {
    let at = line.back_blank(at);
    matches!(line.previous(at), '从' | '自' | '在' | '于' | '那' | '由')
}

/// Whether the words after 年 say that it was a year.
fn year_after(line: Line<'_>, at: usize) -> bool {
    let at = line.unblank(at);
    let words = [
        "至今",
        "开始",
        "参加",
        "参保",
        "入职",
        "入伍",
        "入厂",
        "进厂",
        "出生",
        "生人",
        "生的",
        "退休",
        "退伍",
        "以来",
        "起",
        "毕业",
        "招工",
        "下岗",
        "那年",
        "那会",
        "的时候",
        "之后",
        "以后",
        "来的",
        "来到",
        "底",
        "初",
        "末",
        "度",
        "上半年",
        "下半年",
        "年底",
        "年初",
        "结婚",
        "离职",
        "调",
        "当兵",
        "属",
        "办",
        "买",
        "转",
        "国家",
        "新",
    ];
    line.follows(at, &words) || born(line, at) || quarter_follows(line, at) || range_follows(line, at)
}

/// 的, 出生, 生 after 年: a year of birth.
fn born(line: Line<'_>, at: usize) -> bool {
    line.after(at, "的").is_some_and(|end| line.follows(end, &["出生", "人", "吧", "呢", "，", ",", "。", "女", "男"]) || end == line.len())
        || line.follows(at, &["生,", "生，", "生。"])
}

fn quarter_follows(line: Line<'_>, at: usize) -> bool {
    let at = line.after(at, "第").unwrap_or(at);
    numbers::read(line, at).is_some_and(|number| line.follows(number.end, &["季度", "季"]))
}

/// 到23年, 到现在 after 年.
fn range_follows(line: Line<'_>, at: usize) -> bool {
    let Some(next) = line.after_any(at, &["一直到", "到", "至", "-", "~"]) else { return false };
    let next = line.unblank(next);
    line.follows(next, &["现在", "今", "目前", "如今", "去年", "前年", "上个月"])
        || numbers::read(line, next).is_some_and(|number| matches!(line.at(number.end), '年' | '月' | '底'))
}

/// Whether a month number and 月 follow, so that what stands before is a year.
pub(super) fn month_follows(line: Line<'_>, at: usize) -> bool {
    let at = line.unblank(at);
    let at = line.after(at, "的").unwrap_or(at);
    numbers::read(line, at).is_some_and(|number| {
        let end = line.unblank(number.end);
        number.whole().is_some_and(|month| (1..=12).contains(&month))
            && (line.at(end) == '月'
                || line
                    .after_any(end, &["月到", "-", "到", "至", "~"])
                    .is_some_and(|next| numbers::read(line, next).is_some_and(|last| line.at(last.end) == '月')))
    })
}

/// How `number` before 年 reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A calendar year: 2023年, 九五年.
    Year,
    /// So many years: 十五年, 交了23年.
    Length,
    /// Neither for sure: 二三年 after 交了.
    Vague,
}

/// How the number at `at`, with 年 ending before `end`, reads.
pub(super) fn reading(line: Line<'_>, at: usize, number: Number, end: usize) -> Reading {
    let Some(value) = number.whole() else { return Reading::Length };
    let length = || length_before(line, at) || length_after(line, end);
    match number.shape {
        Shape::Digits(4) | Shape::Places(4) => Reading::Year,
        Shape::Digits(2) | Shape::Places(2) if value < 10 || month_follows(line, end) => Reading::Year,
        Shape::Digits(2) => two_digits(line, at, value, end, length),
        Shape::Places(2) => {
            let neighbours = value / 10 + 1 == value % 10;
            if neighbours && (matches!(value, 34 | 45) || length()) { Reading::Vague } else { Reading::Year }
        }
        Shape::Places(_) | Shape::Vague => Reading::Vague,
        _ => Reading::Length,
    }
}

/// 15, 20, 25 … are lengths that people ask about; the others below fifty are years when the century has had them.
fn two_digits(line: Line<'_>, at: usize, value: i32, end: usize, length: impl Fn() -> bool) -> Reading {
    let year = year_before(line, at) || born(line, end) || year_after(line, end);
    let plain = value >= 50 || !(value % 5 == 0 || value > line.year() % 100);
    let counted = matches!(line.previous(said_before(line, at)), '满' | '差' | '够' | '足' | '缺' | '龄' | '限');
    if !counted && (year || (plain && !length())) { Reading::Year } else { Reading::Length }
}

/// Whether a number is one of a row (第15年) or a rate (每15年), or stands in a fraction.
pub(super) fn ordinal(line: Line<'_>, at: usize) -> bool {
    matches!(line.previous(line.back_blank(at)), '第' | '每' | '初' | '逢')
}
