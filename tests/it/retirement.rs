//! Retirement age against every row of the decision's tables.

use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use wenban::{
    dialogue::load,
    domain::month::Month,
    services::{
        Content,
        calculate::{Retirement, retire},
    },
};

#[derive(Deserialize)]
struct Rules {
    rows: Vec<Row>,
    groups: Vec<Group>,
}

/// One month of birth; `earliest` and `latest` are missing where elastic retirement does not apply.
#[derive(Deserialize)]
struct Row {
    category: String,
    birth: Month,
    delay: i32,
    age: [i32; 2],
    retire: Month,
    minimum: i64,
    earliest: Option<Month>,
    latest: Option<Month>,
}

/// Months of birth that share a delay; without `last` all later ones.
#[derive(Deserialize)]
struct Group {
    category: String,
    first: Month,
    last: Option<Month>,
    delay: i32,
    age: [i32; 2],
    from: Month,
    to: Option<Month>,
}

fn cases() -> Rules {
    serde_saphyr::from_str(include_str!("../rules/retirement.yaml")).unwrap()
}

fn worked_out(category: &str, birth: Month) -> Retirement {
    static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| load::load(load::built_in()).0.content);
    retire(&CONTENT.rules, category, birth).unwrap()
}

#[test]
fn every_row() {
    let rows = cases().rows;
    assert_eq!(rows.len(), 85);
    for row in rows {
        let months = row.age[0] * 12 + row.age[1];
        let expected = Retirement {
            delay: row.delay,
            age: months,
            month: row.retire,
            minimum: Some(row.minimum),
            earliest: row.earliest,
            latest: row.latest,
        };
        assert_eq!(worked_out(&row.category, row.birth), expected, "{} born {}", row.category, row.birth);
    }
}

#[test]
fn every_group_at_both_ends() {
    let groups = cases().groups;
    assert_eq!(groups.len(), GROUPS);
    for group in groups {
        let ends = [(group.first, Some(group.from)), (group.last.unwrap_or(group.first.plus(500)), group.to)];
        for (birth, month) in ends {
            let result = worked_out(&group.category, birth);
            assert_eq!((result.delay, result.age), (group.delay, group.age[0] * 12 + group.age[1]), "{} born {birth}", group.category);
            assert!(month.is_none_or(|month| month == result.month), "{} born {birth}", group.category);
        }
    }
}

/// 36 groups of men, 36 and 60 of women.
const GROUPS: usize = 132;
