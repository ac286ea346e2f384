//! What is understood, through the contract's JSON.

use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};
use wenban::{dialogue::load, understanding::Reader};

static READER: LazyLock<Reader> = LazyLock::new(|| {
    let (script, _) = load::load(load::built_in());
    Reader::train(&script.words, &script.examples)
});

fn read(text: &str) -> Value {
    READER.read(text, NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()).contract()
}

#[test]
fn a_topic_and_what_the_text_names() {
    let card = read("我的社保卡丢了要带什么去补");
    assert_eq!((&card["topic"], &card["aspect"], &card["clarify"]), (&json!("guide.card-loss"), &json!("materials"), &Value::Null));
    let paid = read("去年的养老保险每个月交了多少钱，帮我查一下缴费明细");
    assert_eq!(paid["topic"], "record.contributions");
    assert_eq!(paid["entities"], json!({"insurance": "pension", "period": {"from": "2025-01", "to": "2025-12"}}));
}

#[test]
fn slips_dialect_and_traditional_characters() {
    for (text, topic) in
        [("設保卡唔見咗點辦", "guide.card-loss"), ("shebaoka丢了怎么补", "guide.card-loss"), ("几时退休得", "calculate.retirement-age")]
    {
        assert_eq!(read(text)["topic"], topic, "{text}");
    }
}

#[test]
fn what_is_none_of_the_desks_business() {
    for text in ["住房公积金怎么提取出来", "明天会不会下雨", "", "？？？"] {
        assert_eq!(read(text)["topic"], "talk.other", "{text}");
    }
}

#[test]
fn the_same_content_gives_the_same_model() {
    let (script, _) = load::load(load::built_in());
    let again = Reader::train(&script.words, &script.examples);
    let today = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
    for text in ["退休", "失业金能领多久", "我想查医保余额"] {
        assert_eq!(again.read(text, today).contract(), read(text));
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        read(&text);
    }
}
