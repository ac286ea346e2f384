//! A certificate as it is read: the same words for its page and its PDF.

pub(super) mod page;
pub(super) mod pdf;

use chrono::NaiveDate;

use super::words::paper as words;
use crate::domain::{
    certificate::{Certificate, CertifiedInsurance, CertifiedYear, Papers},
    entity::Insurance,
    money::Fen,
    month::{Month, Period},
};

/// What stands on it, from the top.
pub(super) struct Sheet {
    pub(super) title: &'static str,
    /// Label and value.
    pub(super) facts: [(&'static str, String); 6],
    pub(super) sections: Vec<Section>,
    pub(super) notes: Vec<String>,
    /// The check code, in groups.
    pub(super) code: String,
    /// Where it is checked.
    pub(super) check: String,
}

/// One insurance.
pub(super) struct Section {
    pub(super) heading: &'static str,
    /// What was paid in all, and by whom.
    pub(super) lines: Vec<String>,
    /// A year each, under [`words::COLUMNS`].
    pub(super) rows: Vec<[String; 6]>,
}

/// A certificate in words.
pub(super) fn sheet(certificate: &Certificate, papers: &Papers) -> Sheet {
    let content = &certificate.content;
    let as_of = content.as_of.map_or_else(|| words::UNKNOWN_DAY.to_owned(), day);
    let within = content.period.map_or_else(|| words::ALL_MONTHS.to_owned(), period);
    let [name, id_number, months, register, issued, code] = words::FACTS;
    let mut notes = vec![words::made(&as_of)];
    notes.extend(words::DISCLAIMERS.map(ToOwned::to_owned));
    notes.push(words::until(&day(content.expires_on)));
    Sheet {
        title: words::title(certificate.kind),
        facts: [
            (name, content.name.clone()),
            (id_number, content.id_number.clone()),
            (months, within),
            (register, as_of),
            (issued, day(content.issued_on)),
            (code, content.code.grouped()),
        ],
        sections: content.insurances.iter().map(section).collect(),
        notes,
        code: content.code.grouped(),
        check: papers.check(&content.code),
    }
}

fn section(paid: &CertifiedInsurance) -> Section {
    let yuan = |fen: Fen| format!("{} 元", fen.grouped());
    let (first, last) = (month(paid.first), month(paid.last));
    let mut lines = vec![match paid.insurance {
        Insurance::ResidentPension | Insurance::ResidentMedical => words::by_year(paid.months, &first, &last, &yuan(paid.personal)),
        _ => words::by_month(paid.months, &first, &last, &yuan(paid.unit), &yuan(paid.personal)),
    }];
    if !paid.employers.is_empty() {
        lines.push(format!("{}{}", words::EMPLOYERS, paid.employers.join(words::AND)));
    }
    Section { heading: words::insurance(paid.insurance), lines, rows: paid.years.iter().map(row).collect() }
}

fn row(year: &CertifiedYear) -> [String; 6] {
    let base = if year.highest == Fen(0) {
        words::NONE.to_owned()
    } else if year.lowest == year.highest {
        whole(year.lowest)
    } else {
        format!("{}-{}", whole(year.lowest), whole(year.highest))
    };
    let (months, count) = (runs(&year.months), year.months.len().to_string());
    [year.year.to_string(), months, count, base, year.unit.grouped(), year.personal.grouped()]
}

/// Without decimals where there are none.
fn whole(fen: Fen) -> String {
    let text = fen.grouped();
    text.strip_suffix(".00").map_or_else(|| text.clone(), ToOwned::to_owned)
}

/// 「1-3、5、7-12」
fn runs(months: &[u32]) -> String {
    let runs = months.chunk_by(|one, next| one + 1 == *next);
    let spelled = runs.map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        _ => run.iter().map(ToString::to_string).collect(),
    });
    spelled.collect::<Vec<_>>().join(words::AND)
}

fn day(day: NaiveDate) -> String {
    day.format("%Y 年 %-m 月 %-d 日").to_string()
}

fn month(month: Month) -> String {
    format!("{} 年 {} 月", month.year(), month.month())
}

fn period(Period { from, to }: Period) -> String {
    if from == to { month(from) } else { format!("{}至 {}", month(from), month(to)) }
}

#[cfg(test)]
mod tests {
    use super::{Fen, runs, whole};

    #[test]
    fn months_in_a_row_are_a_run() {
        for (months, spelled) in [(vec![], ""), (vec![4], "4"), (vec![1, 2, 3, 5, 7, 8], "1-3、5、7-8"), ((1..=12).collect(), "1-12")] {
            assert_eq!(runs(&months), spelled);
        }
        assert_eq!((whole(Fen(458_800)), whole(Fen(458_850))), ("4,588".to_owned(), "4,588.50".to_owned()));
    }
}
