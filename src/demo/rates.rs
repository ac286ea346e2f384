//! Rates and amounts for made-up records. What the desk tells residents comes from `dialogs/rules/`, never from here.

use crate::domain::{entity::Insurance, money::Fen, month::Month, person::Sex};

/// Average wage of the province by year, yuan a month (粤府〔2006〕96号, 粤人社发〔2019〕93号 to 〔2025〕32号).
const WAGES: [(i32, i64); 31] = [
    (1994, 593),
    (1995, 688),
    (1996, 761),
    (1997, 808),
    (1998, 853),
    (1999, 942),
    (2000, 1152),
    (2001, 1307),
    (2002, 1485),
    (2003, 1666),
    (2004, 1843),
    (2005, 1997),
    (2006, 2182),
    (2007, 2454),
    (2008, 2759),
    (2009, 3030),
    (2010, 3363),
    (2011, 3763),
    (2012, 4215),
    (2013, 4421),
    (2014, 4986),
    (2015, 5525),
    (2016, 6071),
    (2017, 6668),
    (2018, 6338),
    (2019, 6756),
    (2020, 7647),
    (2021, 8310),
    (2022, 8807),
    (2023, 9167),
    (2024, 9183),
];

/// Interest of the personal account by year, in ten-thousandths.
const INTEREST: [(i32, i64); 10] =
    [(2016, 831), (2017, 712), (2018, 829), (2019, 761), (2020, 604), (2021, 669), (2022, 612), (2023, 397), (2024, 262), (2025, 150)];
/// Before the common rate of 2016 each place had its own, near that of a one-year deposit.
const EARLY_INTEREST: i64 = 300;

/// Base of a pension granted in a year, yuan.
const GRANTING_BASE: [(i32, i64); 4] = [(2022, 8682), (2023, 9028), (2024, 9307), (2025, 9493)];

/// Divisor of the account at 50 to 63 years (国发〔2005〕38号).
const DIVISORS: [i64; 15] = [195, 190, 185, 180, 175, 170, 164, 158, 152, 145, 139, 132, 125, 117, 109];

/// The latest figure of a year not after `year`; the first when all are later.
fn latest(rows: &[(i32, i64)], year: i32) -> i64 {
    rows.iter().rev().find(|(from, _)| *from <= year).or(rows.first()).map_or(0, |(_, value)| *value)
}

/// The wage by which a month's bounds go: last year's from July on, that of the year before until June.
pub(super) fn reference_wage(month: Month) -> Fen {
    Fen::yuan(latest(&WAGES, if month.month() >= 7 { month.year() - 1 } else { month.year() - 2 }))
}

/// Lowest and highest base: 52 % of the reference wage (4,767 and 4,775 yuan as published) and three times it.
pub(super) fn bounds(month: Month) -> (Fen, Fen) {
    let wage = reference_wage(month);
    (whole(wage.share_half_up(5_200)), Fen(wage.0 * 3))
}

/// Rounded to whole yuan.
pub(super) fn whole(amount: Fen) -> Fen {
    Fen::yuan((amount.0 + 50).div_euclid(100))
}

/// The employer's and the person's share in ten-thousandths.
pub(super) fn shares(insurance: Insurance, month: Month) -> (i64, i64) {
    match insurance {
        Insurance::Pension if month.year() >= 2025 => (1_600, 800),
        Insurance::Pension if month.year() == 2024 => (1_500, 800),
        Insurance::Pension => (1_400, 800),
        // Huizhou's employer rates of medical and maternity insurance are not known here: plausible ones.
        Insurance::Medical => (550, 200),
        Insurance::Maternity => (50, 0),
        Insurance::Unemployment => (80, 20),
        Insurance::Injury => (40, 0),
        Insurance::ResidentPension | Insurance::ResidentMedical => (0, 0),
    }
}

/// What somebody without employer pays alone, in ten-thousandths.
pub(super) fn flexible_share(insurance: Insurance) -> i64 {
    if insurance == Insurance::Pension { 2_000 } else { 750 }
}

/// Interest of a year in ten-thousandths; 0 while it is not published.
pub(super) fn interest(year: i32) -> i64 {
    if year < INTEREST[0].0 { EARLY_INTEREST } else { INTEREST.iter().find(|(of, _)| *of == year).map_or(0, |(_, rate)| *rate) }
}

/// Base of a pension granted in `year`; before 2022 the wage of the year before.
pub(super) fn granting_base(year: i32) -> Fen {
    Fen::yuan(if year < GRANTING_BASE[0].0 { latest(&WAGES, year - 1) } else { latest(&GRANTING_BASE, year) })
}

/// Divisor of the account at an age in months, times 120 (between two years it runs straight).
pub(super) fn divisor_times_120(age: i32) -> i64 {
    let at = |years: i32| DIVISORS[usize::try_from((years - 50).clamp(0, 14)).unwrap_or_default()];
    let (years, months) = (age / 12, i64::from(age % 12));
    at(years) * 120 + (at(years + 1) - at(years)) * months * 10
}

/// 90 % of the minimum wage of the month (《广东省失业保险条例》art. 19).
pub(super) fn unemployment_benefit(month: Month) -> Fen {
    Fen::yuan(match month.number() {
        ..=202_502 => 1_548,
        202_503..=202_608 => 1_665,
        202_609.. => 1_836,
    })
}

/// The three ways to retire at an age set by law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    /// Men.
    Male,
    /// Women in management or technical posts.
    Female55,
    /// Women workers.
    Female50,
}

impl Category {
    pub(super) const ALL: [Self; 3] = [Self::Male, Self::Female55, Self::Female50];

    pub(super) fn sex(self) -> Sex {
        match self {
            Self::Male => Sex::Male,
            Self::Female55 | Self::Female50 => Sex::Female,
        }
    }

    /// Month of retirement (《国务院关于渐进式延迟法定退休年龄的办法》art. 1).
    pub(super) fn retires(self, birth: Month) -> Month {
        let (age, first_year, step, cap) = match self {
            Self::Male => (60, 1965, 4, 36),
            Self::Female55 => (55, 1970, 4, 36),
            Self::Female50 => (50, 1975, 2, 60),
        };
        let n = (birth.year() - first_year) * 12 + i32::try_from(birth.month()).unwrap_or(1) - 1;
        let delay = if n < 0 { 0 } else { (n / step + 1).min(cap) };
        birth.plus(age * 12 + delay)
    }
}
