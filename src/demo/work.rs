//! Years of work: employers one after another, and what was paid month by month.

use chrono::{Datelike, NaiveDate};

use super::{
    life::{Class, Life},
    names, rates,
};
use crate::domain::{
    entity::Insurance::{self, Injury, Maternity, Medical, Pension, ResidentMedical, ResidentPension, Unemployment},
    fact::{Contribution, Enrollment, EnrollmentState},
    money::Fen,
    month::{Month, Period},
};

/// What is on file of somebody's work.
pub(super) struct Work {
    pub(super) enrollments: Vec<Enrollment>,
    pub(super) contributions: Vec<Contribution>,
    /// Months without insurance between two employers.
    pub(super) gaps: Vec<Period>,
}

/// Months with one employer.
struct Spell {
    months: Period,
    employer: String,
}

/// A career: what is paid, for which months, and how it stands.
struct Career {
    spells: Vec<Spell>,
    gaps: Vec<Period>,
    /// Insurances, the first month each is on file, how each stands.
    insurances: Vec<(Insurance, Month, EnrollmentState)>,
    /// The last month is billed and not paid.
    arrears: bool,
    flexible: bool,
}

/// How many years before retirement the insurances other than pension are on file: a demo need not hold everything.
const OTHERS_YEARS: i32 = 5;

pub(super) fn work(life: &mut Life) -> Work {
    let last = life.this_month().plus(-1);
    match life.class {
        Class::Full => {
            let career = full_career(life, life.retired.unwrap_or(last));
            pay(life, career)
        }
        Class::Retired => {
            let retired = life.retired.unwrap_or(last);
            let begun = retired.plus(-life.chance.between(190, 230));
            let (spells, gaps) = employers(life, begun, retired);
            pay(life, Career { spells, gaps, insurances: after_retirement(begun, retired), arrears: false, flexible: false })
        }
        Class::Employee => {
            let career = employee_career(life, last);
            pay(life, career)
        }
        Class::Flexible => {
            let begun = last.plus(-life.chance.between(8, 72));
            let until = if life.chance.percent(15) { last.plus(-life.chance.between(1, 5)) } else { last };
            let state = if until == last { EnrollmentState::Active } else { EnrollmentState::Suspended };
            let spells = vec![Spell { months: Period::between(begun, until), employer: "灵活就业人员".to_owned() }];
            let insurances = vec![(Pension, begun, state), (Medical, begun, state)];
            let arrears = until == last && life.chance.percent(10);
            pay(life, Career { spells, gaps: Vec::new(), insurances, arrears, flexible: true })
        }
        Class::Resident => resident(life),
    }
}

/// Two employers with one or two months between them last year.
fn full_career(life: &mut Life, retired: Month) -> Career {
    let begun = retired.plus(-life.chance.between(185, 215));
    let length = life.chance.between(1, 2);
    let first = Period::year(life.today.year() - 1).from.plus(life.chance.between(2, 8));
    let gap = Period { from: first, to: first.plus(length - 1) };
    let (mut spells, mut gaps) = employers(life, begun, gap.from.plus(-1));
    spells.push(Spell { months: Period::between(gap.to.plus(1), retired), employer: names::employer(&mut life.chance) });
    gaps.push(gap);
    Career { spells, gaps, insurances: after_retirement(begun, retired), arrears: false, flexible: false }
}

fn employee_career(life: &mut Life, last: Month) -> Career {
    let most = (life.age(last) - 18 * 12).clamp(12, 96);
    let begun = last.plus(1 - life.chance.between(10, most));
    let until = if life.chance.percent(10) { last.plus(-life.chance.between(1, 6)).max(begun) } else { last };
    let state = if until == last { EnrollmentState::Active } else { EnrollmentState::Suspended };
    let (spells, gaps) = employers(life, begun, until);
    let insurances = [Pension, Medical, Unemployment, Injury, Maternity].map(|insurance| (insurance, begun, state)).to_vec();
    let arrears = until == last && life.chance.percent(8);
    Career { spells, gaps, insurances, arrears, flexible: false }
}

fn after_retirement(begun: Month, retired: Month) -> Vec<(Insurance, Month, EnrollmentState)> {
    let others = retired.plus(-OTHERS_YEARS * 12).max(begun);
    vec![
        (Pension, begun, EnrollmentState::Retired),
        (Medical, others, EnrollmentState::Retired),
        (Unemployment, others, EnrollmentState::Ended),
        (Injury, others, EnrollmentState::Ended),
        (Maternity, others, EnrollmentState::Ended),
    ]
}

/// One to three employers from `begun` to `until`; between two there may be a gap, or one month with both.
fn employers(life: &mut Life, begun: Month, until: Month) -> (Vec<Spell>, Vec<Period>) {
    let chance = &mut life.chance;
    let jobs = if begun.until(until) > 30 { chance.between(1, 3) } else { 1 };
    let (mut spells, mut gaps) = (Vec::new(), Vec::new());
    let mut from = begun;
    for left in (1..jobs).rev() {
        let to = from.plus(chance.between(6, (from.until(until) - 12 * left).max(6)));
        if to.plus(8) >= until {
            break;
        }
        spells.push(Spell { months: Period { from, to }, employer: names::employer(chance) });
        from = match chance.between(1, 10) {
            1..=3 => {
                let gap = Period { from: to.plus(1), to: to.plus(chance.between(1, 6)) };
                gaps.push(gap);
                gap.to.plus(1)
            }
            4 => to,
            _ => to.plus(1),
        };
    }
    spells.push(Spell { months: Period::between(from, until), employer: names::employer(chance) });
    (spells, gaps)
}

/// Lays a career out month by month.
fn pay(life: &mut Life, career: Career) -> Work {
    // Wage by the province's average, in ten-thousandths, and what it gains a year.
    let (wage, gain) = (i64::from(life.chance.between(4_200, 17_000)), i64::from(life.chance.between(-50, 300)));
    let end = career.spells.last().map_or(life.this_month(), |spell| spell.months.to);
    let mut contributions = Vec::new();
    for spell in &career.spells {
        for month in spell.months.iter() {
            let base = base(month, wage - gain * i64::from(month.until(end) / 12));
            let paid_on = (!(career.arrears && month == end)).then(|| payday(month, spell.employer.len()));
            for (insurance, since, _) in &career.insurances {
                if month < *since {
                    continue;
                }
                let (unit, personal) =
                    if career.flexible { (0, rates::flexible_share(*insurance)) } else { rates::shares(*insurance, month) };
                contributions.push(Contribution {
                    insurance: *insurance,
                    month,
                    base,
                    unit: base.share_half_up(unit),
                    personal: base.share_half_up(personal),
                    paid_on,
                    employer: spell.employer.clone(),
                });
            }
        }
    }
    let employer = career.spells.last().map(|spell| spell.employer.clone()).unwrap_or_default();
    let enroll = |(insurance, since, state): (Insurance, Month, EnrollmentState)| Enrollment {
        insurance,
        state,
        since,
        until: (state != EnrollmentState::Active).then_some(end),
        employer: employer.clone(),
        place: life.place.to_owned(),
    };
    Work { enrollments: career.insurances.into_iter().map(enroll).collect(), contributions, gaps: career.gaps }
}

/// The year's wage within the bounds, in whole yuan; it changes in July.
fn base(month: Month, wage: i64) -> Fen {
    let (low, high) = rates::bounds(month);
    let july = Month::new(if month.month() >= 7 { month.year() } else { month.year() - 1 }, 7).unwrap_or(month);
    rates::whole(rates::reference_wage(july).share_half_up(wage)).clamp(low, high)
}

/// A working week in the middle of the month.
fn payday(month: Month, employer: usize) -> NaiveDate {
    let day = 8 + u32::try_from(employer % 12).unwrap_or_default();
    month.first_day().with_day(day).unwrap_or_default()
}

/// Paid once a year, pension in spring and medical insurance in the autumn before.
fn resident(life: &mut Life) -> Work {
    const TIERS: [i64; 9] = [180, 240, 360, 600, 900, 1_200, 1_800, 3_600, 4_800];
    let this_year = life.today.year();
    let begun = this_year - life.chance.between(2, 8);
    let mut tier = life.chance.pick(&TIERS);
    let employer = "城乡居民参保".to_owned();
    let mut contributions = Vec::new();
    for year in begun..=this_year {
        if life.chance.percent(15) {
            tier = life.chance.pick(&TIERS);
        }
        let autumn = NaiveDate::from_ymd_opt(year - 1, 10, 1).unwrap_or_default() + chrono::Days::new(12);
        let spring = NaiveDate::from_ymd_opt(year, u32::try_from(life.chance.between(3, 6)).unwrap_or(3), 18).unwrap_or_default();
        let medical = Fen::yuan(match year {
            ..=2022 => 320,
            2023 => 350,
            2024 => 380,
            2025.. => 400,
        });
        let row = |insurance, month, amount, paid_on| Contribution {
            insurance,
            month,
            base: amount,
            unit: Fen(0),
            personal: amount,
            paid_on: Some(paid_on),
            employer: employer.clone(),
        };
        contributions.push(row(ResidentMedical, Period::year(year).from, medical, autumn));
        if spring < life.today {
            contributions.push(row(ResidentPension, Month::of(spring), Fen::yuan(tier), spring));
        }
    }
    let enroll = |insurance| {
        let since = contributions.iter().filter(|row: &&Contribution| row.insurance == insurance).map(|row| row.month).min()?;
        Some(Enrollment {
            insurance,
            state: EnrollmentState::Active,
            since,
            until: None,
            employer: employer.clone(),
            place: life.place.to_owned(),
        })
    };
    let enrollments = [ResidentPension, ResidentMedical].into_iter().filter_map(enroll).collect();
    Work { enrollments, contributions, gaps: Vec::new() }
}
