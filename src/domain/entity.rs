//! What a text says of insurances, times, sums, people and places.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    fact::CaseNumber,
    id_number::IdNumber,
    money::Fen,
    month::Period,
    person::{Phone, Sex},
};

/// A branch of social insurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Insurance {
    /// 职工基本养老保险
    Pension,
    /// 职工基本医疗保险
    Medical,
    /// 失业保险
    Unemployment,
    /// 工伤保险
    Injury,
    /// 生育保险
    Maternity,
    /// 城乡居民基本养老保险
    ResidentPension,
    /// 城乡居民基本医疗保险
    ResidentMedical,
}

impl Insurance {
    /// Every insurance, in the order of `topics.yaml`.
    pub const ALL: [Self; 7] =
        [Self::Pension, Self::Medical, Self::Unemployment, Self::Injury, Self::Maternity, Self::ResidentPension, Self::ResidentMedical];

    /// The contract's id: `resident-pension`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Pension => "pension",
            Self::Medical => "medical",
            Self::Unemployment => "unemployment",
            Self::Injury => "injury",
            Self::Maternity => "maternity",
            Self::ResidentPension => "resident-pension",
            Self::ResidentMedical => "resident-medical",
        }
    }

    /// The insurance with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|insurance| insurance.id() == id)
    }
}

/// All that a text names, in order of appearance within each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entities {
    /// Insurances.
    pub insurance: Vec<Insurance>,
    /// Ranges of months.
    pub period: Vec<Period>,
    /// Days.
    pub date: Vec<NaiveDate>,
    /// Identity numbers whose check digit holds.
    pub id_number: Vec<IdNumber>,
    /// Case numbers whose check digit holds.
    pub case_number: Vec<CaseNumber>,
    /// Mobile numbers.
    pub phone: Vec<Phone>,
    /// Sums.
    pub money: Vec<Fen>,
    /// Lengths of time in months.
    pub years: Vec<i32>,
    /// Sexes.
    pub sex: Vec<Sex>,
    /// Places by their full name.
    pub city: Vec<String>,
}

impl Entities {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
