//! Applications and how they stand.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::life::{Class, Life};
use crate::domain::{
    fact::{Case, CaseNumber, CaseState, CaseStep},
    person::Sex,
};

/// What can be applied for.
struct Matter {
    name: &'static str,
    /// Working days the office has.
    days: u32,
    /// Steps between acceptance and the end, with their holders.
    between: &'static [(&'static str, &'static str)],
    missing: &'static str,
    done: &'static str,
    refused: &'static str,
}

const AT_COUNTER: &str = "社保服务窗口";

const MATTERS: [Matter; 7] = [
    Matter {
        name: "基本养老保险关系转移接续",
        days: 15,
        between: &[("审核", "关系转移岗"), ("发出联系函", "关系转移岗"), ("资金到账", "基金财务岗")],
        missing: "请补充：原参保地参保缴费凭证",
        done: "转移的年限和账户已记入",
        refused: "原参保地未停保，请先在原参保地办理停保",
    },
    Matter {
        name: "企业职工养老保险待遇核定",
        days: 20,
        between: &[("审核档案", "待遇核定岗"), ("核定待遇", "待遇核定岗"), ("复核", "待遇复核岗")],
        missing: "请补充：档案中缺少的招工登记表复印件",
        done: "待遇已核定，次月起发放",
        refused: "累计缴费年限不足",
    },
    Matter {
        name: "失业保险金申领",
        days: 10,
        between: &[("审核", "失业保险岗")],
        missing: "请补充：解除劳动关系证明",
        done: "已核定，按月发放至社保卡账户",
        refused: "非因本人意愿中断就业的条件不符",
    },
    Matter {
        name: "工伤认定申请",
        days: 43,
        between: &[("调查核实", "工伤认定岗"), ("作出决定", "工伤认定岗")],
        missing: "请补充：首诊病历",
        done: "已认定为工伤，决定书已送达",
        refused: "不属于工伤认定范围，决定书已送达",
    },
    Matter {
        name: "社会保障卡补卡",
        days: 10,
        between: &[("制卡", "合作银行")],
        missing: "请补充：近期白底证件照",
        done: "新卡可到受理网点领取",
        refused: "身份信息与公安登记不一致，请先更正",
    },
    Matter {
        name: "生育津贴申领",
        days: 20,
        between: &[("审核", "医保经办窗口"), ("核定待遇", "医保经办窗口")],
        missing: "请补充：出生医学证明",
        done: "津贴已拨付",
        refused: "申领时的缴费条件不符",
    },
    Matter {
        name: "医疗费用零星报销",
        days: 30,
        between: &[("初审", "医保经办窗口"), ("复核", "医保经办窗口"), ("拨付", "基金财务岗")],
        missing: "请补充：费用明细清单",
        done: "报销款已拨付至银行账户",
        refused: "费用不在报销范围",
    },
];

/// Cases, latest first: a full person has one running and one done.
pub(super) fn cases(life: &mut Life) -> Vec<Case> {
    let states: &[CaseState] = match (life.class, life.chance.between(1, 100)) {
        (Class::Full, _) => &[CaseState::Running, CaseState::Done],
        (_, 1..=6) => &[CaseState::Running],
        (_, 7..=12) => &[CaseState::Waiting],
        (_, 13..=20) => &[CaseState::Done],
        (_, 21..=24) => &[CaseState::Refused],
        _ => &[],
    };
    let mut cases = Vec::new();
    for (place, state) in (0_u32..).zip(states) {
        let matters = matters(life, *state);
        let matter = &MATTERS[life.chance.pick(matters)];
        cases.push(case(life, matter, place, *state));
    }
    cases.sort_by(|one, other| (other.accepted_on, other.number.as_str()).cmp(&(one.accepted_on, one.number.as_str())));
    cases
}

/// What somebody like this applies for, by place in [`MATTERS`].
fn matters(life: &Life, state: CaseState) -> &'static [usize] {
    match (life.class, life.sex()) {
        // What is running is not the pension, which is paid already: that is what was done.
        (Class::Full, _) => {
            if state == CaseState::Done {
                &[1]
            } else {
                &[4, 6]
            }
        }
        (Class::Retired | Class::Resident, _) => &[4, 6],
        (Class::Flexible, _) => &[0, 4, 6],
        (Class::Employee, Sex::Male) => &[0, 2, 3, 4, 6],
        (Class::Employee, Sex::Female) => &[0, 2, 3, 4, 5, 6],
    }
}

fn case(life: &mut Life, matter: &Matter, place: u32, state: CaseState) -> Case {
    let (from, to) = match state {
        CaseState::Running | CaseState::Waiting => (3, 9),
        CaseState::Done | CaseState::Refused => (95, 150),
    };
    let accepted_on = accepted(life, from, to);
    let order = u32::try_from(life.n % 500_000).unwrap_or_default() * 2 + place;
    let closed = matches!(state, CaseState::Done | CaseState::Refused);
    let due_on = working_days_after(accepted_on, matter.days);
    let mut names = vec![("受理", AT_COUNTER)];
    if state == CaseState::Waiting {
        names.extend([("通知补正材料", AT_COUNTER), ("收到补正材料", AT_COUNTER)]);
    }
    names.extend(matter.between);
    if names.len() > 4 {
        names.truncate(4);
    }
    names.push((if state == CaseState::Refused { "不予办理，送达告知书" } else { "办结" }, AT_COUNTER));
    let reached = match state {
        CaseState::Running | CaseState::Waiting => 2,
        CaseState::Done | CaseState::Refused => names.len(),
    };
    let last = names.len() - 1;
    let step = |(at, (what, holder)): (usize, (&str, &str))| {
        // Up to the due day when it is over; a day or two each while it runs.
        let days = if closed { at * matter.days as usize / (last + 1) } else { at };
        let on = (at < reached).then(|| working_days_after(accepted_on, u32::try_from(days).unwrap_or_default()).min(life.today));
        CaseStep { on, what: what.to_owned(), holder: holder.to_owned() }
    };
    let note = match state {
        CaseState::Running => None,
        CaseState::Waiting => Some(matter.missing),
        CaseState::Done => Some(matter.done),
        CaseState::Refused => Some(matter.refused),
    };
    Case {
        number: CaseNumber::new(accepted_on, order),
        matter: matter.name.to_owned(),
        state,
        accepted_on,
        due_on: Some(due_on),
        note: note.map(str::to_owned),
        steps: names.into_iter().enumerate().map(step).collect(),
    }
}

/// A day `from` to `to` days ago, whose place in four says which half million the person belongs to: the six digits
/// of order alone would give two of a population over half a million one number.
fn accepted(life: &mut Life, from: i32, to: i32) -> NaiveDate {
    let day = life.today - Days::new(u64::try_from(life.chance.between(from, to)).unwrap_or_default());
    let is = u64::try_from(day.num_days_from_ce()).unwrap_or_default();
    let wanted = life.n / 500_000;
    day - Days::new((is % 4 + 4 - wanted % 4) % 4)
}

fn working_days_after(day: NaiveDate, days: u32) -> NaiveDate {
    let mut at = day;
    for _ in 0..days {
        at = at + Days::new(1);
        while matches!(at.weekday(), Weekday::Sat | Weekday::Sun) {
            at = at + Days::new(1);
        }
    }
    at
}
