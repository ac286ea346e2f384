//! The columns of each kind of export, and what their cells mean (`docs/import.md`).

use chrono::NaiveDate;
use clap::ValueEnum;
use csv::StringRecord;

use crate::{
    domain::{
        entity::Insurance,
        fact::{Case, CaseNumber, CaseState, CaseStep, Contribution, Payment, PaymentKind, PaymentState},
        id_number::IdNumber,
        money::Fen,
        month::Month,
        person::{FullName, Phone},
    },
    gateway::Row,
    store::import::Line,
};

/// A column under its two names.
type Column = (&'static str, &'static str);
/// A word of a closed list, and its id.
type Word<T> = (&'static str, &'static str, T);

const ID_NUMBER: Column = ("id_number", "身份证号");
const PEOPLE: [Column; 3] = [ID_NUMBER, ("name", "姓名"), ("phone", "手机号")];
const CONTRIBUTIONS: [Column; 8] = [
    ID_NUMBER,
    ("insurance", "险种"),
    ("month", "费款所属期"),
    ("base", "缴费基数"),
    ("unit", "单位缴费"),
    ("personal", "个人缴费"),
    ("paid_on", "到账日期"),
    ("employer", "缴费单位"),
];
const PAYMENTS: [Column; 7] = [
    ID_NUMBER,
    ("kind", "待遇"),
    ("month", "所属月份"),
    ("amount", "金额"),
    ("paid_on", "发放日期"),
    ("state", "状态"),
    ("card_tail", "卡号后四位"),
];
const CASES: [Column; 8] = [
    ID_NUMBER,
    ("number", "受理编号"),
    ("matter", "事项"),
    ("state", "状态"),
    ("accepted_on", "受理日期"),
    ("due_on", "办结期限"),
    ("note", "说明"),
    ("steps", "环节"),
];

const INSURANCES: [Word<Insurance>; 7] = [
    ("pension", "职工基本养老保险", Insurance::Pension),
    ("medical", "职工基本医疗保险", Insurance::Medical),
    ("unemployment", "失业保险", Insurance::Unemployment),
    ("injury", "工伤保险", Insurance::Injury),
    ("maternity", "生育保险", Insurance::Maternity),
    ("resident-pension", "城乡居民基本养老保险", Insurance::ResidentPension),
    ("resident-medical", "城乡居民基本医疗保险", Insurance::ResidentMedical),
];
const BENEFITS: [Word<PaymentKind>; 5] = [
    ("pension", "养老金", PaymentKind::Pension),
    ("unemployment", "失业保险金", PaymentKind::Unemployment),
    ("maternity", "生育津贴", PaymentKind::Maternity),
    ("injury", "工伤待遇", PaymentKind::Injury),
    ("survivor", "丧葬补助金和抚恤金", PaymentKind::Survivor),
];
const PAYMENT_STATES: [Word<PaymentState>; 4] = [
    ("paid", "已发放", PaymentState::Paid),
    ("pending", "发放中", PaymentState::Pending),
    ("returned", "银行退回", PaymentState::Returned),
    ("stopped", "已停发", PaymentState::Stopped),
];
const CASE_STATES: [Word<CaseState>; 4] = [
    ("running", "办理中", CaseState::Running),
    ("waiting", "待补材料", CaseState::Waiting),
    ("done", "已办结", CaseState::Done),
    ("refused", "未通过", CaseState::Refused),
];

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// 人员：姓名、身份证号、登记的手机号 · who people are
    People,
    /// 缴费记录 · months paid
    Contributions,
    /// 待遇发放记录 · benefits paid
    Payments,
    /// 办件 · applications and how they stand
    Cases,
}

impl Kind {
    /// Its name, which is also the register's.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Contributions => "contributions",
            Self::Payments => "payments",
            Self::Cases => "cases",
        }
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::People => &PEOPLE,
            Self::Contributions => &CONTRIBUTIONS,
            Self::Payments => &PAYMENTS,
            Self::Cases => &CASES,
        }
    }
}

/// Where a file has its columns.
pub(super) struct Columns {
    kind: Kind,
    places: Vec<usize>,
    /// The last day on which anybody can have been born.
    today: NaiveDate,
}

impl Columns {
    /// By the file's first line. An error that names the columns that are missing, or there twice.
    pub(super) fn of(kind: Kind, header: &StringRecord, today: NaiveDate) -> Result<Self, String> {
        let place = |(id, said): &Column| {
            let mut found = header.iter().enumerate().filter(|(_, name)| [*id, *said].contains(&name.trim())).map(|(place, _)| place);
            match (found.next(), found.next()) {
                (Some(place), None) => Ok(place),
                (None, _) => Err(format!("there is no column {id} ({said})")),
                (Some(_), Some(_)) => Err(format!("there are two columns {id} ({said})")),
            }
        };
        let places: Vec<Result<usize, String>> = kind.columns().iter().map(place).collect();
        let faults: Vec<String> = places.iter().filter_map(|place| place.clone().err()).collect();
        if faults.is_empty() { Ok(Self { kind, places: places.into_iter().flatten().collect(), today }) } else { Err(faults.join("; ")) }
    }

    /// What a line says, or what is wrong with it: nothing personal is in that.
    pub(super) fn read(&self, record: &StringRecord) -> Result<Line, String> {
        let cells = Cells { columns: self.kind.columns(), places: &self.places, record };
        let id_number = cells.with(0, |text| IdNumber::parse(text, self.today).map_err(|fault| fault.to_string()))?;
        let line = match self.kind {
            Kind::People => {
                let name = cells.with(1, |text| FullName::parse(text).ok_or_else(|| "no name of 2 to 20 letters".to_owned()))?;
                let phone = cells.option(2, |text| Phone::parse(text).ok_or_else(|| "no mobile number of 11 digits".to_owned()))?;
                return Ok(Line::Person { name, id_number, phone });
            }
            Kind::Contributions => {
                let row = Contribution {
                    insurance: cells.with(1, |text| word(text, &INSURANCES))?,
                    month: cells.with(2, month)?,
                    base: cells.with(3, yuan)?,
                    unit: cells.with(4, yuan)?,
                    personal: cells.with(5, yuan)?,
                    paid_on: cells.option(6, day)?,
                    employer: cells.with(7, |text| Ok(text.to_owned()))?,
                };
                row.is_sound().then_some(Line::Contribution(id_number, row))
            }
            Kind::Payments => {
                let row = Payment {
                    kind: cells.with(1, |text| word(text, &BENEFITS))?,
                    month: cells.with(2, month)?,
                    amount: cells.with(3, yuan)?,
                    paid_on: cells.option(4, day)?,
                    state: cells.with(5, |text| word(text, &PAYMENT_STATES))?,
                    card_tail: cells.with(6, tail)?,
                };
                row.is_sound().then_some(Line::Payment(id_number, row))
            }
            Kind::Cases => {
                let number =
                    |text: &str| CaseNumber::parse(text).ok_or_else(|| "no number of 15 digits whose check digit holds".to_owned());
                let row = Case {
                    number: cells.with(1, number)?,
                    matter: cells.with(2, |text| Ok(text.to_owned()))?,
                    state: cells.with(3, |text| word(text, &CASE_STATES))?,
                    accepted_on: cells.with(4, day)?,
                    due_on: cells.option(5, day)?,
                    note: cells.option(6, |text| Ok(text.to_owned()))?,
                    steps: cells.option(7, steps)?.unwrap_or_default(),
                };
                row.is_sound().then_some(Line::Case(id_number, row))
            }
        };
        line.ok_or_else(|| {
            "a value that does not occur: years 1949 to 2100, amounts to ten billion, texts of at most 200 characters".to_owned()
        })
    }
}

/// The cells of a line, by the order of its kind's columns.
struct Cells<'a> {
    columns: &'static [Column],
    places: &'a [usize],
    record: &'a StringRecord,
}

impl Cells<'_> {
    /// The value of a cell that may be empty.
    fn option<T>(&self, column: usize, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
        let (id, said) = self.columns[column];
        let text = self.record.get(self.places[column]).ok_or_else(|| format!("{id} ({said}): the line is too short"))?.trim();
        if text.is_empty() {
            return Ok(None);
        }
        read(text).map(Some).map_err(|fault| format!("{id} ({said}): {fault}"))
    }

    fn with<T>(&self, column: usize, read: impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
        let (id, said) = self.columns[column];
        self.option(column, read)?.ok_or_else(|| format!("{id} ({said}): empty"))
    }
}

fn word<T: Copy>(text: &str, words: &[Word<T>]) -> Result<T, String> {
    let known = words.iter().find(|(id, said, _)| [*id, *said].contains(&text));
    known.map(|(_, _, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(_, said, _)| *said).collect();
        format!("none of {}", words.join("、"))
    })
}

/// `2025-01`, `2025/1` or `202501`.
fn month(text: &str) -> Result<Month, String> {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let month = match parts.as_slice() {
        [year, month] => year.parse().ok().zip(month.parse().ok()),
        [whole] if whole.len() == 6 && whole.is_ascii() => whole[..4].parse().ok().zip(whole[4..].parse().ok()),
        _ => None,
    };
    month.and_then(|(year, month)| Month::new(year, month)).ok_or_else(|| "no month such as 2025-01".to_owned())
}

/// `2025-01-09`, `2025/1/9` or `20250109`.
fn day(text: &str) -> Result<NaiveDate, String> {
    let form = match text {
        _ if text.contains('-') => "%Y-%m-%d",
        _ if text.contains('/') => "%Y/%m/%d",
        _ => "%Y%m%d",
    };
    NaiveDate::parse_from_str(text, form).map_err(|_| "no day such as 2025-01-09".to_owned())
}

/// Yuan with at most two decimals: `1234.5`, `1,234.50`.
fn yuan(text: &str) -> Result<Fen, String> {
    let amount = || {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (yuan, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let yuan = yuan.replace(',', "");
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if yuan.is_empty() || decimals.len() > 2 || !plain(&yuan) || !plain(decimals) {
            return None;
        }
        let fen: i64 = format!("{yuan}{decimals:0<2}").parse().ok()?;
        Some(Fen(if negative { -fen } else { fen }))
    };
    amount().ok_or_else(|| "no amount in yuan such as 1234.50".to_owned())
}

fn tail(text: &str) -> Result<String, String> {
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(text.to_owned());
    }
    Err("not four digits".to_owned())
}

/// `2026-10-09/受理/窗口|/审核/核定岗`: day (empty: still to come), what and holder of one step after another.
fn steps(text: &str) -> Result<Vec<CaseStep>, String> {
    let step = |text: &str| match text.split('/').map(str::trim).collect::<Vec<_>>().as_slice() {
        [on, what, holder] if !what.is_empty() => {
            let on = if on.is_empty() { None } else { Some(day(on)?) };
            Ok(CaseStep { on, what: (*what).to_owned(), holder: (*holder).to_owned() })
        }
        _ => Err("not steps such as 2026-10-09/受理/窗口|/审核/核定岗".to_owned()),
    };
    text.split('|').map(step).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use clap::ValueEnum;
    use csv::StringRecord;
    use proptest::prelude::*;

    use super::{Columns, Kind, day, month, steps, yuan};
    use crate::domain::money::Fen;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
    }

    fn read(kind: Kind, header: &[&str], line: &[&str]) -> Result<String, String> {
        let columns = Columns::of(kind, &StringRecord::from(header), today())?;
        columns.read(&StringRecord::from(line)).map(|line| format!("{line:?}"))
    }

    #[test]
    fn columns_go_by_either_name_in_any_order() {
        for header in [["姓名", "备注", "身份证号", "手机号"], ["name", "x", " id_number ", "phone"]] {
            let read = |name, number, phone| read(Kind::People, &header, &[name, "", number, phone]);
            let line = read("张小明", "441399196501010177", "138 0000 5678").unwrap();
            assert!(line.contains("张*明") && line.contains("138****5678") && !line.contains("小明"), "{line}");
            assert!(read("张小明", "\t44139919650101 0177", "").is_ok(), "blanks do not matter");
            assert_eq!(read("张小明", "441399196501010178", "").unwrap_err(), "id_number (身份证号): the check digit does not match");
            assert_eq!(read("张", "441399196501010177", "").unwrap_err(), "name (姓名): no name of 2 to 20 letters");
            assert_eq!(read("", "441399196501010177", "").unwrap_err(), "name (姓名): empty");
        }
        assert_eq!(
            read(Kind::People, &["姓名", "name", "phone"], &[]).unwrap_err(),
            "there is no column id_number (身份证号); there are two columns name (姓名)"
        );
        assert_eq!(
            read(Kind::People, &["name", "phone", "id_number"], &["张三", ""]).unwrap_err(),
            "id_number (身份证号): the line is too short"
        );
    }

    #[test]
    fn words_and_values_that_do_not_occur_are_refused() {
        let header = ["id_number", "kind", "month", "amount", "paid_on", "state", "card_tail"];
        let read = |cells: [&str; 6]| read(Kind::Payments, &header, &[&["441399196501010177"], cells.as_slice()].concat());
        assert!(read(["养老金", "2025-01", "3,210.5", "2025/1/12", "已发放", "0123"]).unwrap().contains("Fen(321050)"));
        assert!(read(["pension", "202501", "3210.50", "", "pending", "0123"]).is_ok());
        for (cells, fault) in [
            (
                ["退休金", "2025-01", "1", "", "paid", "0123"],
                "kind (待遇): none of 养老金、失业保险金、生育津贴、工伤待遇、丧葬补助金和抚恤金",
            ),
            (["pension", "2025-13", "1", "", "paid", "0123"], "month (所属月份): no month such as 2025-01"),
            (["pension", "2025-01", "1.234", "", "paid", "0123"], "amount (金额): no amount in yuan such as 1234.50"),
            (["pension", "2025-01", "1", "2025-02-30", "paid", "0123"], "paid_on (发放日期): no day such as 2025-01-09"),
            (["pension", "2025-01", "1", "", "paid", "62170123"], "card_tail (卡号后四位): not four digits"),
            (
                ["pension", "1900-01", "1", "", "paid", "0123"],
                "a value that does not occur: years 1949 to 2100, amounts to ten billion, texts of at most 200 characters",
            ),
        ] {
            assert_eq!(read(cells).unwrap_err(), fault);
        }
    }

    #[test]
    fn amounts_days_and_steps_as_they_are_written() {
        for (text, fen) in [("0", 0), ("-12.5", -1_250), ("1,234,567.89", 123_456_789), ("7.", 700)] {
            assert_eq!(yuan(text), Ok(Fen(fen)), "{text}");
        }
        for text in ["", "-", ".5", "1e5", "４", "1 2", "99999999999999999999"] {
            assert!(yuan(text).is_err(), "{text}");
        }
        assert_eq!(month("2025/1"), month("2025-01"));
        assert_eq!(day("20250109"), day("2025/1/9"));
        let steps = steps("2026-10-09/受理/窗口|/审核/核定岗").unwrap();
        assert_eq!((steps.len(), steps[1].on, steps[1].holder.as_str()), (2, None, "核定岗"));
    }

    proptest! {
        /// Whatever a file holds, a line is read or refused.
        #[test]
        fn no_line_breaks_the_reading(mut cells: Vec<String>, kind in prop::sample::select(Kind::value_variants())) {
            let header: Vec<&str> = kind.columns().iter().map(|(id, _)| *id).collect();
            let columns = Columns::of(kind, &StringRecord::from(header), today()).unwrap();
            let _ = columns.read(&StringRecord::from(cells.clone()));
            // With a number that holds, the other cells are looked at too.
            cells.insert(0, "441399196501010177".to_owned());
            let _ = columns.read(&StringRecord::from(cells));
        }
    }
}
