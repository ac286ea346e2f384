//! Personal accounts and medical claims.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::{
    life::{Class, Life},
    names, rates,
    work::Work,
};
use crate::domain::{
    entity::Insurance,
    fact::{MedicalAccountEntry, MedicalClaim, PensionAccountYear},
    money::Fen,
    month::Month,
};

/// Of the base goes into the personal account, in ten-thousandths, whoever pays it.
const INTO_ACCOUNT: i64 = 800;
/// Residents' account interest of Guangdong for 2025, taken for every year.
const RESIDENT_INTEREST: i64 = 249;

/// Year by year from what was paid; it ends with the year of retirement.
pub(super) fn pension(life: &Life, work: &Work) -> Vec<PensionAccountYear> {
    let resident = life.class == Class::Resident;
    let insurance = if resident { Insurance::ResidentPension } else { Insurance::Pension };
    let mut paid: BTreeMap<i32, Vec<(Month, Fen)>> = BTreeMap::new();
    for row in &work.contributions {
        if row.insurance == insurance && row.paid_on.is_some() {
            let amount = if resident { row.personal } else { row.base.share_half_up(INTO_ACCOUNT) };
            paid.entry(row.month.year()).or_default().push((row.month, amount));
        }
    }
    let Some(first) = paid.keys().next().copied() else { return Vec::new() };
    let last = life.retired.map_or(life.today.year(), Month::year);
    let mut balance = Fen(0);
    let year = |year: i32| {
        let rows = paid.get(&year).map_or(&[][..], Vec::as_slice);
        let rate = match () {
            // Interest is credited when the year is over.
            () if year >= life.today.year() => 0,
            () if resident => RESIDENT_INTEREST,
            () => rates::interest(year),
        };
        let until = life.retired.filter(|month| month.year() == year).map_or(12, |month| i64::from(month.month()));
        let paid_in: Fen = rows.iter().map(|(_, amount)| *amount).sum();
        // Fen times months: what lay in the account, and for how long.
        let weighted =
            balance.0 * until + rows.iter().map(|(month, amount)| amount.0 * (until - i64::from(month.month())).max(0)).sum::<i64>();
        let interest = Fen((weighted * rate + 60_000) / 120_000);
        balance = balance + paid_in + interest;
        PensionAccountYear { year, paid_in, interest, balance }
    };
    (first..=last).map(year).collect()
}

/// Fourteen months of credits and purchases, latest first.
pub(super) fn medical(life: &mut Life, work: &Work) -> Vec<MedicalAccountEntry> {
    let begin = life.this_month().plus(-14);
    let mut credits: Vec<(NaiveDate, Fen, &str)> = work
        .contributions
        .iter()
        .filter(|row| row.insurance == Insurance::Medical && row.month >= begin)
        .filter_map(|row| Some((row.paid_on?, row.base.share_half_up(200), "个人缴费划入")))
        .collect();
    if let Some(retired) = life.retired {
        let months = (1..=14).map(|later| retired.max(begin).plus(later)).filter(|month| *month <= life.this_month());
        let days = months.map(|month| month.first_day() + Days::new(5)).filter(|day| *day <= life.today);
        credits.extend(days.map(|day| (day, Fen(9_820), "退休人员定额划入")));
    }
    credits.sort_by_key(|(day, ..)| *day);
    let Some((first, ..)) = credits.first() else { return Vec::new() };
    let mut balance = Fen(i64::from(life.chance.between(5_000, 300_000)));
    let opened = *first - Days::new(3);
    let mut entries = vec![MedicalAccountEntry { on: opened, what: "上期结转".to_owned(), amount: balance, balance }];
    for (on, amount, what) in credits {
        balance = balance + amount;
        entries.push(MedicalAccountEntry { on, what: what.to_owned(), amount, balance });
        let bought = on + Days::new(u64::try_from(life.chance.between(2, 6)).unwrap_or(2));
        let price = Fen(i64::from(life.chance.between(1_200, 26_000)));
        if bought < life.today && price <= balance && life.chance.percent(45) {
            balance = balance - price;
            let what = life.chance.pick(&["药店购药", "门诊自付", "体检项目自付"]).to_owned();
            entries.push(MedicalAccountEntry { on: bought, what, amount: Fen(-price.0), balance });
        }
    }
    // Two employers in one month pay on two days: put in order, then add up again.
    entries.sort_by_key(|entry| entry.on);
    let mut balance = Fen(0);
    for entry in &mut entries {
        balance = balance + entry.amount;
        entry.balance = balance;
    }
    entries.reverse();
    entries
}

/// Claims of the last two years, latest first.
pub(super) fn claims(life: &mut Life) -> Vec<MedicalClaim> {
    let count = if life.class == Class::Full { life.chance.between(1, 4) } else { life.chance.between(-1, 3) };
    let mut day = life.today;
    (0..count.max(0))
        .map(|_| {
            day = day - Days::new(u64::try_from(life.chance.between(5, 150)).unwrap_or(5));
            claim(life, day)
        })
        .collect()
}

fn claim(life: &mut Life, on: NaiveDate) -> MedicalClaim {
    let chance = &mut life.chance;
    let (what, total, share) = match chance.between(1, 10) {
        1..=6 => ("普通门诊", chance.between(6_000, 60_000), chance.between(5_500, 8_500)),
        7..=8 => ("住院", chance.between(300_000, 3_500_000), chance.between(7_000, 9_300)),
        _ => ("零星报销", chance.between(100_000, 900_000), chance.between(5_000, 8_000)),
    };
    let total = Fen(i64::from(total));
    let fund = total.share_half_up(i64::from(share));
    let paid = on + Days::new(u64::try_from(chance.between(5, 25)).unwrap_or(5));
    MedicalClaim {
        on,
        what: what.to_owned(),
        hospital: chance.pick(&names::HOSPITALS).to_owned(),
        total,
        fund,
        personal: total - fund,
        paid_on: (what == "零星报销" && paid <= life.today).then_some(paid),
    }
}
