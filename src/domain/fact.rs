//! What the registers hold about a person, as the store and the core system hand it over.

use std::{borrow::Cow, fmt};

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{entity::Insurance, money::Fen, month::Month};

/// The number on an acceptance receipt: 8 digits of date, 6 of order, 1 Luhn check digit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct CaseNumber(String);

impl TryFrom<String> for CaseNumber {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not the number of a receipt")
    }
}

impl CaseNumber {
    /// `None` unless 15 digits, an existing date and the check digit hold. Blanks and hyphens are ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let shape = digits.len() == 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let dated = shape && NaiveDate::parse_from_str(&digits[..8], "%Y%m%d").is_ok();
        (dated && luhn(digits.as_bytes()).is_multiple_of(10)).then_some(Self(digits))
    }

    /// The number of the `order`th case accepted on `date`; `order` is taken modulo a million.
    pub fn new(date: NaiveDate, order: u32) -> Self {
        let body = format!("{}{:06}", date.format("%Y%m%d"), order % 1_000_000);
        let check = (10 - luhn(format!("{body}0").as_bytes()) % 10) % 10;
        Self(format!("{body}{check}"))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl JsonSchema for CaseNumber {
    fn schema_name() -> Cow<'static, str> {
        "CaseNumber".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The number on an acceptance receipt: 8 digits of date, 6 of order, 1 Luhn check digit.",
            "type": "string",
            "pattern": "^[0-9]{15}$",
        })
    }
}

/// The Luhn sum: every second digit from the right doubled.
fn luhn(digits: &[u8]) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| (place, u32::from(byte - b'0')))
        .map(|(place, digit)| if place % 2 == 1 { doubled(digit) } else { digit })
        .sum()
}

/// Whether somebody is paying in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EnrollmentState {
    /// 正常参保
    Active,
    /// 暂停缴费
    Suspended,
    /// 已退休领取
    Retired,
    /// 已终止
    Ended,
}

/// One insurance a person is or was in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Enrollment {
    /// Which.
    pub insurance: Insurance,
    /// How it stands.
    pub state: EnrollmentState,
    /// First month.
    pub since: Month,
    /// Last month when no longer active.
    pub until: Option<Month>,
    /// Employer, or how the person is insured without one.
    #[schemars(length(max = 200))]
    pub employer: String,
    /// Where: the district's name.
    #[schemars(length(max = 200))]
    pub place: String,
}

/// One month paid in one insurance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contribution {
    /// Which insurance.
    pub insurance: Insurance,
    /// The month it counts for.
    pub month: Month,
    /// Base.
    pub base: Fen,
    /// The employer's part.
    pub unit: Fen,
    /// The person's part.
    pub personal: Fen,
    /// The day it was paid; `None`: billed and not yet paid (欠费), which does not count.
    pub paid_on: Option<NaiveDate>,
    /// Who paid.
    #[schemars(length(max = 200))]
    pub employer: String,
}

/// One year of the personal pension account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PensionAccountYear {
    /// The year.
    pub year: i32,
    /// Paid into the account in the year.
    pub paid_in: Fen,
    /// Interest credited for the year.
    pub interest: Fen,
    /// Balance at the year's end (for the running year: at the last posting).
    pub balance: Fen,
}

/// One entry of the personal medical account; `amount` is negative when spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MedicalAccountEntry {
    /// Day.
    pub on: NaiveDate,
    /// What for: 划入, 药店购药 ….
    #[schemars(length(max = 200))]
    pub what: String,
    /// Change.
    pub amount: Fen,
    /// Balance after it.
    pub balance: Fen,
}

/// One settled medical claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MedicalClaim {
    /// Day of settlement.
    pub on: NaiveDate,
    /// 门诊, 住院, 零星报销 ….
    #[schemars(length(max = 200))]
    pub what: String,
    /// Hospital.
    #[schemars(length(max = 200))]
    pub hospital: String,
    /// All that it cost.
    pub total: Fen,
    /// Paid by the fund.
    pub fund: Fen,
    /// Paid by the person.
    pub personal: Fen,
    /// The day a reimbursement reached the bank; `None`: settled at the counter, or not yet paid.
    pub paid_on: Option<NaiveDate>,
}

/// What a payment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentKind {
    /// 养老金
    Pension,
    /// 失业保险金
    Unemployment,
    /// 生育津贴
    Maternity,
    /// 工伤待遇
    Injury,
    /// 丧葬补助金和抚恤金
    Survivor,
}

/// How a payment went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PaymentState {
    /// 已发放
    Paid,
    /// 发放中
    Pending,
    /// 银行退回
    Returned,
    /// 已停发
    Stopped,
}

/// One benefit paid, or to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Payment {
    /// Which benefit.
    pub kind: PaymentKind,
    /// The month it is for.
    pub month: Month,
    /// How much.
    pub amount: Fen,
    /// Day of payment; `None` while pending.
    pub paid_on: Option<NaiveDate>,
    /// How it went.
    pub state: PaymentState,
    /// Last four digits of the bank card it goes to.
    #[schemars(length(max = 4))]
    pub card_tail: String,
}

/// Whether a pensioner's yearly certification is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Certification {
    /// Last time it was done; `None`: never.
    pub done_on: Option<NaiveDate>,
    /// The day by which the next is due.
    pub due_on: NaiveDate,
    /// How it was done: 人脸识别, 窗口 ….
    #[schemars(length(max = 200))]
    pub how: Option<String>,
}

/// How a social security card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CardState {
    /// 正常
    Normal,
    /// 未激活
    Inactive,
    /// 已挂失
    Lost,
    /// 制卡中
    Making,
}

/// A social security card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Card {
    /// How it stands.
    pub state: CardState,
    /// Last four characters of its number.
    #[schemars(length(max = 4))]
    pub tail: String,
    /// The bank that serves it.
    #[schemars(length(max = 200))]
    pub bank: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Whether the bank account on it is activated.
    pub bank_active: bool,
}

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// 办理中
    Running,
    /// 待补材料
    Waiting,
    /// 已办结
    Done,
    /// 未通过
    Refused,
}

/// One step of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseStep {
    /// The day; `None`: still to come.
    pub on: Option<NaiveDate>,
    /// What: 受理, 审核 ….
    #[schemars(length(max = 200))]
    pub what: String,
    /// Who holds it.
    #[schemars(length(max = 200))]
    pub holder: String,
}

/// An application and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// Its number.
    pub number: CaseNumber,
    /// What was applied for, in residents' words.
    #[schemars(length(max = 200))]
    pub matter: String,
    /// How it stands.
    pub state: CaseState,
    /// Day of acceptance.
    pub accepted_on: NaiveDate,
    /// The last day the office has; `None`: no limit on file.
    pub due_on: Option<NaiveDate>,
    /// What is still missing, or the result.
    #[schemars(length(max = 200))]
    pub note: Option<String>,
    /// The steps in order.
    pub steps: Vec<CaseStep>,
}

#[cfg(test)]
mod tests {
    use super::CaseNumber;
    use chrono::NaiveDate;

    #[test]
    fn a_case_number_survives_parsing_and_no_digit_may_change() {
        let number = CaseNumber::new(NaiveDate::from_ymd_opt(2026, 6, 15).unwrap(), 42);
        assert_eq!(CaseNumber::parse(number.as_str()), Some(number.clone()));
        let wrong = format!("{}{}", &number.as_str()[..14], (number.as_str().as_bytes()[14] - b'0' + 1) % 10);
        assert_eq!(CaseNumber::parse(&wrong), None);
    }
}
