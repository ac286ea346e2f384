//! What a reader of a few sentences makes of others.

use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::Reader;
use crate::{
    domain::topic::Aspect,
    understanding::{Decision, Examples, Words},
};

const QUESTIONS: [(&str, [&str; 6]); 5] = [
    ("guide.card-loss", ["社保卡丢了怎么补", "卡不见了要挂失", "社保卡掉了去哪补卡", "卡丢了", "怎么补办社保卡", "社保卡挂失"]),
    (
        "record.medical-account",
        ["医保卡余额", "医保账户还有多少钱", "查医保卡里的钱", "我医保还剩多少", "医保个人账户余额多少", "卡里有多少钱"],
    ),
    ("guide.retire", ["怎么办退休", "退休要什么材料", "到龄了申请退休", "退休手续怎么办", "退休去哪办", "申请领养老金"]),
    ("calculate.pension", ["退休后能领多少", "我退休金大概多少", "算算养老金", "退休能拿几多", "养老金怎么算", "退休工资多少"]),
    ("talk.greet", ["你好", "您好", "在吗", "早上好", "有人吗", "hello"]),
];

static READER: LazyLock<Reader> = LazyLock::new(|| {
    let (words, examples) = content();
    Reader::train(&words, &examples)
});

fn content() -> (Words, Examples) {
    let mut words = Words::default();
    words.concepts.insert("lost".into(), ["丢", "不见", "掉了", "遗失"].map(str::to_owned).to_vec());
    words.aspects.insert(Aspect::Materials, vec!["什么材料".into()]);
    words.variants.insert("唔见咗".into(), "丢了".into());
    words.further = vec!["还有".into()];
    words.words = vec!["遗失".into()];
    let owned = |texts: &[&str]| texts.iter().copied().map(str::to_owned).collect::<Vec<String>>();
    let topics = QUESTIONS.iter().map(|(topic, texts)| ((*topic).into(), owned(texts)));
    let other = ("talk.other".into(), owned(&["公积金怎么提取", "公积金贷款", "户口怎么迁", "落户要什么", "身份证丢了"]));
    let far = owned(&["今天天气怎么样", "讲个笑话", "放首歌听听", "明天下雨吗", "附近有什么好吃的", "几点的火车"]);
    (words, Examples { topics: topics.chain([other]).collect(), near: Vec::new(), far })
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap()
}

#[test]
fn questions_find_their_topics() {
    for (text, topic) in [
        ("社保卡遗失了，怎么补？", "guide.card-loss"),
        ("張社保卡唔見咗", "guide.card-loss"),
        ("请问医保账户余额还有多少", "record.medical-account"),
        ("你好！社保卡丢了怎么补办？", "guide.card-loss"),
        ("公积金怎么提", "talk.other"),
        ("今天天气", "talk.other"),
        ("", "talk.other"),
        ("？", "talk.other"),
    ] {
        assert_eq!(READER.read(text, today()).contract()["topic"], topic, "{text}");
    }
}

#[test]
fn an_example_word_for_word_is_certain() {
    for (topic, texts) in &QUESTIONS {
        for text in texts {
            let meaning = READER.read(text, today());
            assert_eq!((meaning.topics[0].topic.as_str(), meaning.decision), (*topic, Decision::Act), "{text}");
        }
    }
}

#[test]
fn nothing_said_is_unknown_without_topics() {
    for text in ["", "。", "\u{200b}", "?!"] {
        let meaning = READER.read(text, today());
        assert!(meaning.topics.is_empty() && meaning.decision == Decision::Unknown, "{text:?}");
    }
}

#[test]
fn a_second_question_comes_along_with_its_aspect() {
    let meaning = READER.read("医保卡余额?还有退休要什么材料", today());
    assert_eq!(meaning.topics[0].topic.as_str(), "record.medical-account");
    assert_eq!(meaning.also.len(), 1, "{meaning:?}");
    assert_eq!((meaning.also[0].topic.as_str(), meaning.also[0].aspect), ("guide.retire", Some(Aspect::Materials)));
    assert_eq!(meaning.aspect, None);
}

#[test]
fn a_bare_word_is_asked_back() {
    let meaning = READER.read("退休", today());
    assert_eq!(meaning.decision, Decision::Clarify(vec!["guide.retire".into(), "calculate.pension".into()]));
}

#[test]
fn an_explanation_names_what_decided() {
    let explanation = READER.explain("卡遗失了", today());
    assert_eq!(explanation.concepts, ["lost"]);
    assert!(explanation.evidence.iter().any(|one| one.feature == "[lost]" && one.weight > 0.0), "{explanation:?}");
    assert_eq!(explanation.words, ["卡", "遗失", "了"]);
    assert_eq!(explanation.understanding["topic"], "guide.card-loss");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_is_too_strange(text in "(\\PC|[社保卡丢了退休医保0-9?。还有]){0,60}") {
        let meaning = READER.read(&text, today());
        prop_assert!(meaning.topics.iter().all(|ranked| (0.0..=1.0).contains(&ranked.p)));
        prop_assert!(meaning.topics.is_sorted_by(|one, other| one.p >= other.p));
        prop_assert!(meaning.contract().is_object());
    }
}

#[test]
fn what_was_learnt_is_recalled_and_nothing_else_is() {
    let (words, examples) = content();
    let mut kept = Vec::new();
    READER.keep(&mut kept).unwrap();
    let recalled = Reader::recall(&words, &examples, &kept).unwrap();
    for text in ["卡遗失了", "退休", "公积金怎么提", "医保卡余额?还有退休要什么材料"] {
        assert_eq!(recalled.read(text, today()), READER.read(text, today()));
    }
    assert!(Reader::recall(&words, &examples, &kept[..kept.len() - 1]).is_none());
}
