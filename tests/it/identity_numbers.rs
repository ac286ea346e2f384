//! Identity numbers of the area 441399, which was never assigned: 28 that hold, 14 that do not.

use chrono::NaiveDate;
use wenban::domain::{id_number::IdNumber, person::Sex};

const TODAY: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 11, 24);

#[test]
fn numbers_that_hold_give_birth_and_sex_and_hide_themselves() {
    let vectors = [
        ("441399194909102797", "1949-09-10", Sex::Male),
        ("441399195512160870", "1955-12-16", Sex::Male),
        ("441399195806011010", "1958-06-01", Sex::Male),
        ("441399196412310055", "1964-12-31", Sex::Male),
        ("441399196501010177", "1965-01-01", Sex::Male),
        ("441399196504300188", "1965-04-30", Sex::Female),
        ("441399196512313333", "1965-12-31", Sex::Male),
        ("441399196802290117", "1968-02-29", Sex::Male),
        ("441399197001010247", "1970-01-01", Sex::Female),
        ("441399197006157133", "1970-06-15", Sex::Male),
        ("441399197104154024", "1971-04-15", Sex::Female),
        ("441399197312010869", "1973-12-01", Sex::Female),
        ("441399197501010681", "1975-01-01", Sex::Female),
        ("441399197502289012", "1975-02-28", Sex::Male),
        ("441399197608310553", "1976-08-31", Sex::Male),
        ("441399197609050079", "1976-09-05", Sex::Male),
        ("441399198109011203", "1981-09-01", Sex::Female),
        ("441399198411016400", "1984-11-01", Sex::Female),
        ("441399198411309991", "1984-11-30", Sex::Male),
        ("441399199003205194", "1990-03-20", Sex::Male),
        ("441399199512310128", "1995-12-31", Sex::Female),
        ("44139920000229002X", "2000-02-29", Sex::Female),
        ("441399200410191944", "2004-10-19", Sex::Female),
        ("441399201003251676", "2010-03-25", Sex::Male),
        ("441399201605205001", "2016-05-20", Sex::Female),
        ("441399202103243782", "2021-03-24", Sex::Female),
        ("441399202402290204", "2024-02-29", Sex::Female),
        ("441399202611010010", "2026-11-01", Sex::Male),
    ];
    assert_eq!(vectors.len(), 28);
    for (text, birth, sex) in vectors {
        let number = IdNumber::parse(text, TODAY.unwrap()).unwrap();
        assert_eq!((number.birth().to_string().as_str(), number.sex()), (birth, sex));
        assert!(!format!("{number} {number:?}").contains(text));
    }
}

#[test]
fn numbers_that_do_not_hold_are_refused() {
    let vectors = [
        "441399196501010170",
        "441399196501010187",
        "441399196051010177",
        "441399199902300013",
        "441399199913010011",
        "441399199900010012",
        "441399190102290012",
        "441399209912310019",
        "44139919650101017",
        "4413991965010101771",
        "44139X196501010177",
        "44139919650101017Y",
        "000000000000000000",
        "123456789012345678",
    ];
    assert_eq!(vectors.len(), 14);
    for text in vectors {
        assert!(IdNumber::parse(text, TODAY.unwrap()).is_err(), "{text}");
    }
}

#[test]
fn blanks_hyphens_full_width_and_small_x_are_read() {
    for text in ["441399 19650101 0177", "441399-19650101-0177", "４４１３９９１９６５０１０１０１７７", "44139920000229002x"]
    {
        assert!(IdNumber::parse(text, TODAY.unwrap()).is_ok(), "{text}");
    }
}
