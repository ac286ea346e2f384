//! Numbers with a check, names, sexes, and several kinds in one text.

use serde_json::json;

use super::{check, check_kind};
use crate::domain::fact::CaseNumber;

#[test]
fn identity_numbers() {
    check_kind(
        "id-number",
        &[
            ("441399196501010177", "441399196501010177"),
            ("我的身份证是441399196504300188,查一下", "441399196504300188"),
            ("441399 19650101 0177", "441399196501010177"),
            ("441399-19650101-0177", "441399196501010177"),
            ("44139920000229002x", "44139920000229002X"),
            ("号码44139920000229002x。", "44139920000229002X"),
            ("441399196501010170", ""),
            ("441399 19650101 0170", ""),
            ("441399199902300013", ""),
            ("44139919650101017", ""),
            ("4413991965010101771", ""),
            ("44139x196501010177", ""),
            ("44139919650101017y", ""),
            ("000000000000000000", ""),
            ("123456789012345678", ""),
        ],
    );
}

#[test]
fn case_numbers() {
    let number = CaseNumber::new(super::today(), 42).to_string();
    let spaced = format!("{}-{}-{}", &number[..8], &number[8..14], &number[14..]);
    let wrong = format!("{}{}", &number[..14], (number.as_bytes()[14] - b'0' + 1) % 10);
    check_kind(
        "case-number",
        &[(&number, &number), (&format!("受理号{number}到哪了"), &number), (&spaced, &number), (&wrong, ""), (&format!("{number}1"), "")],
    );
}

#[test]
fn phone_numbers() {
    check_kind(
        "phone",
        &[
            ("13800135678", "13800135678"),
            ("138 0013 5678", "13800135678"),
            ("138-0013-5678", "13800135678"),
            ("+8613800135678", "13800135678"),
            ("+86 138 0013 5678", "13800135678"),
            ("8613800135678", "13800135678"),
            ("手机13800135678换成13900135678", "13800135678 13900135678"),
            ("12800135678", ""),
            ("138001356789", ""),
            ("0752-2123456", ""),
            ("1380013567", ""),
        ],
    );
}

#[test]
fn sexes() {
    check_kind(
        "sex",
        &[
            ("男", "male"),
            ("女,", "female"),
            ("出生女", "female"),
            ("我女的", "female"),
            ("男的六十退", "male"),
            ("女职工", "female"),
            ("男职工", "male"),
            ("女工", "female"),
            ("女性", "female"),
            ("陈女士", "female"),
            ("王先生", "male"),
            ("本人女", "female"),
            ("妇女", "female"),
            ("女,男", "female male"),
            ("男朋友", ""),
            ("女儿", ""),
            ("子女", ""),
            ("儿女", ""),
            ("男女", ""),
            ("生了女孩", ""),
            ("老公", ""),
            ("老婆和妈妈", ""),
            ("我先生的", ""),
            ("孙女", ""),
            ("外甥女", ""),
            ("美女你好", ""),
            ("女婿", ""),
            ("先生孩子", ""),
        ],
    );
}

#[test]
fn insurances_and_places() {
    check_kind(
        "insurance",
        &[
            ("养老保险", "pension"),
            ("居民养老保险", "resident-pension"),
            ("医保和失业金", "medical unemployment"),
            ("医保,医保", "medical"),
            ("新农合就是居民医保", "resident-medical"),
            ("医保定点", "medical"),
        ],
    );
    check_kind(
        "city",
        &[
            ("惠州", "惠州市"),
            ("惠州市", "惠州市"),
            ("广东省惠州市惠阳区", "惠阳区"),
            ("广东惠州", "惠州市"),
            ("淡水社保局", "惠阳区"),
            ("深圳转到惠州", "深圳市 惠州市"),
            ("惠州转惠州", "惠州市"),
            ("深圳惠州", "深圳市 惠州市"),
            ("博罗和惠阳", "博罗县 惠阳区"),
        ],
    );
}

#[test]
fn several_kinds() {
    check(&[
        ("去年养老交了几个月", json!({"insurance": "pension", "period": {"from": "2025-01", "to": "2025-12"}})),
        (
            "女,78年的,养老保险交了12年半",
            json!({"insurance": "pension", "period": {"from": "1978-01", "to": "1978-12"}, "years": 150, "sex": "female"}),
        ),
        ("工资8500交了15年能领多少", json!({"money": 850_000, "years": 180})),
        ("2023年3月在深圳交了430元", json!({"period": {"from": "2023-03", "to": "2023-03"}, "money": 43_000, "city": "深圳市"})),
        ("一个月三千五,交15年", json!({"money": 350_000, "years": 180})),
        ("基数4775元15年", json!({"money": 477_500, "years": 180})),
        ("2023年3月5日到现在欠了2万", json!({"date": "2023-03-05", "money": 2_000_000})),
        ("441399196501010177 13800135678", json!({"id-number": "441399196501010177", "phone": "13800135678"})),
        ("每月8500,2022年3月起交了4年", json!({"money": 850_000, "period": {"from": "2022-03", "to": "2022-03"}, "years": 48})),
        ("", json!({})),
        ("你好", json!({})),
    ]);
}

#[test]
fn doubled_and_empty_names_do_no_harm() {
    let one = ("惠州".to_owned(), "惠州市".to_owned());
    let places = [one.clone(), (String::new(), "无".to_owned()), one];
    let found = super::Extractor::new(&[], &places).extract("惠州医保", super::today());
    assert_eq!(found.city, ["惠州市"]);
    assert!(found.insurance.is_empty());
}
