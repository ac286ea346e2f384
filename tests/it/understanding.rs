//! What is understood, through the contract's JSON.

use std::{panic, sync::LazyLock};

use chrono::NaiveDate;
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use wenban::{
    dialogue::load,
    understanding::{Decision, Reader, normalise},
};

pub(crate) static READER: LazyLock<Reader> = LazyLock::new(|| {
    let (script, _) = load::load(load::built_in());
    Reader::train(&script.words, &script.examples)
});

pub(crate) fn read(text: &str) -> Value {
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

/// `act`, `ask` or `unknown`, and what for.
fn decided(text: &str) -> (&'static str, String) {
    let meaning = READER.read(text, NaiveDate::from_ymd_opt(2026, 6, 15).unwrap());
    let best = meaning.topics.first().map_or_else(String::new, |best| best.topic.to_string());
    match meaning.decision {
        Decision::Act => ("act", best),
        Decision::Clarify(topics) => ("ask", topics.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
        Decision::Unknown => ("unknown", String::new()),
    }
}

#[test]
fn what_is_none_of_the_desks_business() {
    for text in ["公积金怎么提取", "住房公积金怎么提取出来", "今天天气怎么样", "明天会不会下雨", "车辆违章怎么查", "", "？？？"]
    {
        assert_eq!((decided(text).0, &read(text)["topic"]), ("unknown", &json!("talk.other")), "{text}");
    }
}

#[test]
fn a_bare_word_is_asked_back() {
    for text in ["退休", "社保卡", "医保", "社保", "养老", "养老金", "失业", "工伤", "生育"] {
        let (decision, topics) = decided(text);
        assert!(decision == "ask" && topics.contains(' ') && !topics.contains("talk."), "{text}: {decision} {topics}");
    }
}

#[test]
fn what_is_said_clearly_is_acted_on() {
    for (text, topic) in [
        ("去年养老交了几个月", "record.contributions"),
        ("社保卡丢了怎么办", "guide.card-loss"),
        ("转人工", "service.human"),
        ("再说一遍", "talk.repeat"),
        ("重新开始", "talk.restart"),
        ("取消", "talk.restart"),
        ("谢谢", "talk.thanks"),
        ("你好，社保卡丢了怎么办？谢谢！", "guide.card-loss"),
        // The kiosk's tiles (kiosk/src/app/matters.ts); 社保卡 is asked back.
        ("我的养老保险缴费", "record.contributions"),
        ("医保账户余额", "record.medical-account"),
        ("失业金怎么领", "guide.unemployment"),
        ("我哪年哪月能退休", "calculate.retirement-age"),
        ("我的申请办到哪一步了", "case.status"),
    ] {
        assert_eq!(decided(text), ("act", topic.to_owned()), "{text}");
    }
}

#[test]
fn further_questions_come_along() {
    for (text, topic, further) in [
        (
            "社保卡丢了怎么补？失业金怎么领？",
            "guide.card-loss",
            json!([{"topic": "guide.unemployment", "aspect": null, "entities": {"insurance": "unemployment"}}]),
        ),
        (
            "医保账户余额还有多少，另外退休要带什么材料",
            "record.medical-account",
            json!([{"topic": "guide.retire", "aspect": "materials", "entities": {}}]),
        ),
    ] {
        let meaning = read(text);
        assert_eq!((&meaning["topic"], &meaning["also"]), (&json!(topic), &further), "{text}");
    }
    assert_eq!(read("你好。社保卡丢了怎么办？")["also"], Value::Null);
}

#[test]
fn the_words_of_the_trade_stay_whole() {
    for (text, words) in [
        ("灵活就业断缴三个月", vec!["灵活就业", "断缴", "三", "个", "月"]),
        ("医保码怎么领", vec!["医保码", "怎么", "领"]),
        ("去惠州办电子社保卡", vec!["去", "惠州", "办", "电子社保卡"]),
    ] {
        assert_eq!(READER.segmenter().cut(text), words);
    }
    let (script, _) = load::load(load::built_in());
    for word in &script.words.words {
        let clean = normalise::clean(word);
        assert_eq!(READER.segmenter().cut(&clean), [clean.as_str()]);
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

/// Ten thousand lines a seed, so that whatever fails fails again.
fn never_panics(seed: u64, mut line: impl FnMut(&mut ChaCha8Rng) -> String) {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..10_000 {
        let text = line(&mut chance);
        let read = panic::catch_unwind(|| read(&text));
        assert!(read.is_ok_and(|meaning| meaning["topic"].is_string()), "{text:?}");
    }
}

#[test]
fn no_bytes_make_it_panic() {
    never_panics(1, |chance| {
        let mut bytes = vec![0; chance.random_range(0..200)];
        chance.fill_bytes(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    });
}

/// Characters of all planes, of the first, and those that numbers, times and sums are made of.
#[test]
fn no_characters_make_it_panic() {
    let parts = concat!(
        "0123456789零〇一二三四五六七八九十百千万亿两半几年月日号天个季度初底前后上下去今明到至从起多来块元毛角",
        "¥.,-/~:+xX %第每交满男女先生医保养老惠州?。\n"
    );
    let parts: Vec<char> = parts.chars().collect();
    never_panics(2, |chance| {
        let length = chance.random_range(0..80);
        let mut letter = || match chance.random_range(0..4) {
            0 => chance.random(),
            1 => char::from_u32(chance.random_range(0..0xd800)).unwrap(),
            _ => parts[chance.random_range(0..parts.len())],
        };
        (0..length).map(|_| letter()).collect()
    });
}
