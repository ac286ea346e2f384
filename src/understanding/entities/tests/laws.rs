//! What holds for every text, and for every month, sum and length written out.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{extractor, today};
use crate::{
    domain::{
        entity::Entities,
        money::Fen,
        month::{Month, Period},
    },
    understanding::entities::Extractor,
};

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(extractor);

fn extract(text: &str) -> Entities {
    EXTRACTOR.extract(text, today())
}

/// A number as it is spelled: 12,050 is 一万二千零五十.
fn spelled(number: u64) -> String {
    const UNITS: [&str; 4] = ["", "十", "百", "千"];
    let digit = |digit: u64| "零一二三四五六七八九".chars().nth(usize::try_from(digit).unwrap()).unwrap();
    let section = |section: u64| {
        let mut text = String::new();
        let mut gap = false;
        for place in (0..4_usize).rev() {
            let value = section / 10_u64.pow(u32::try_from(place).unwrap()) % 10;
            if value == 0 {
                gap = !text.is_empty();
                continue;
            }
            if gap {
                text.push('零');
            }
            gap = false;
            text.push(digit(value));
            text.push_str(UNITS[place]);
        }
        text
    };
    let (above, below) = (number / 10_000, number % 10_000);
    let text = match (above, below) {
        (0, below) => section(below),
        (above, 0) => format!("{}万", section(above)),
        (above, below) => format!("{}万{}{}", section(above), if below < 1_000 { "零" } else { "" }, section(below)),
    };
    text.strip_prefix("一十").map_or(text.clone(), |rest| format!("十{rest}"))
}

/// 2023 as 二零二三.
fn in_places(number: i32) -> String {
    number.to_string().chars().map(|c| "零一二三四五六七八九".chars().nth(c.to_digit(10).unwrap() as usize).unwrap()).collect()
}

/// Words that the scanners know, in any order: far likelier to fool them than letters by chance.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "2023",
        "23",
        "3",
        "15",
        "202303",
        "13800135678",
        "441399",
        "年",
        "月",
        "日",
        "号",
        "个月",
        "半",
        "半年",
        "元",
        "块",
        "万",
        "千",
        "百",
        "十",
        "亿",
        "零",
        "一",
        "二",
        "两",
        "三",
        "五",
        "几",
        "多",
        "到",
        "至今",
        "现在",
        "-",
        ".",
        "/",
        " ",
        "去年",
        "上个月",
        "近",
        "最近",
        "这",
        "第",
        "季度",
        "底",
        "初",
        "了",
        "交了",
        "前",
        "以前",
        "男",
        "女",
        "先生",
        "的",
        "x",
        "k",
        "w",
        "+86",
        "¥",
        "毛",
        "分",
        "点",
        "度",
        "上半年",
        "以来",
        ",",
        "工资",
        "每",
        "俩",
        "廿",
        "数",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_it_and_it_says_the_same_twice(text in any::<String>()) {
        prop_assert_eq!(extract(&text), extract(&text));
    }

    #[test]
    fn no_row_of_known_words_breaks_it(text in pieces()) {
        let found = extract(&text);
        for period in &found.period {
            prop_assert!(period.from <= period.to, "{} in {}", period.from, text);
        }
        prop_assert!(found.money.iter().all(|fen| fen.0 > 0), "{}", text);
        prop_assert!(found.years.iter().all(|months| (1..=1_100).contains(months)), "{}", text);
        prop_assert_eq!(&found, &extract(&text));
    }

    #[test]
    fn no_day_breaks_it(text in pieces(), days in -700_000..700_000_i64) {
        let day = today() + chrono::TimeDelta::days(days);
        for period in EXTRACTOR.extract(&text, day).period {
            prop_assert!(period.from <= period.to, "{} on {}", text, day);
        }
    }

    #[test]
    fn every_month_is_found_in_every_form(year in 1930..=2027_i32, month in 1..=12_u32) {
        let expected = vec![Period { from: Month::new(year, month).unwrap(), to: Month::new(year, month).unwrap() }];
        let han = spelled(u64::from(month));
        let mut forms = vec![
            format!("{year}年{month}月"),
            format!("{year}年{month:02}月份的"),
            format!("查{year}-{month:02}"),
            format!("{year}.{month}"),
            format!("{year}/{month:02}吧"),
            format!("{year}{month:02}"),
            format!("{}年{han}月", in_places(year)),
        ];
        if (1930..2000).contains(&year) && year % 100 > 27 || (2000..=2027).contains(&year) {
            forms.push(format!("{:02}年{month}月", year % 100));
            forms.push(format!("{}年{han}月", &in_places(year).chars().skip(2).collect::<String>()));
        }
        for form in forms {
            prop_assert_eq!(&extract(&form).period, &expected, "{}", form);
        }
    }

    #[test]
    fn every_range_is_found(from in 24_000..24_300_i32, length in 0..60_i32) {
        let from = Month::new(from / 12, 1).unwrap().plus(from % 12);
        let to = from.plus(length);
        let text = |month: Month| format!("{}年{}月", month.year(), month.month());
        for form in [format!("{}到{}", text(from), text(to)), format!("从{}至{}的", text(from), text(to)), format!("{from}到{to}"), format!("{}.{}-{}.{}", from.year(), from.month(), to.year(), to.month())] {
            prop_assert_eq!(extract(&form).period, vec![Period { from, to }], "{}", form);
        }
    }

    #[test]
    fn every_sum_is_found_in_digits_and_spelled(yuan in 1..99_999_999_u64) {
        let fen = vec![Fen::yuan(i64::try_from(yuan).unwrap())];
        for form in [format!("{yuan}元"), format!("交了{yuan}块钱"), format!("{yuan}.00元"), format!("¥{yuan}"), format!("{}元", spelled(yuan)), format!("{}块", spelled(yuan))] {
            let found = extract(&form);
            prop_assert_eq!(&found.money, &fen, "{}", form);
            prop_assert!(found.years.is_empty() && found.period.is_empty(), "{}", form);
        }
    }

    #[test]
    fn every_small_sum_is_found_spelled(yuan in 1..9_999_u64) {
        prop_assert_eq!(extract(&format!("{}块钱", spelled(yuan))).money, vec![Fen::yuan(i64::try_from(yuan).unwrap())]);
    }

    #[test]
    fn every_length_is_found(years in 2..50_u32, months in 1..12_u32) {
        let total = i32::try_from(years * 12 + months).unwrap();
        let (han, han_months) = (spelled(u64::from(years)), spelled(u64::from(months)));
        for form in [format!("交了{years}年{months}个月"), format!("{years}年零{months}个月"), format!("{han}年零{han_months}个月"), format!("{han}年{han_months}个月")] {
            prop_assert_eq!(extract(&form).years, vec![total], "{}", form);
        }
        for form in [format!("交了{years}年"), format!("{han}年"), format!("{years}年工龄"), format!("{}个月", years * 12)] {
            prop_assert_eq!(extract(&form).years, vec![total - i32::try_from(months).unwrap()], "{}", form);
        }
    }
}
