//! What the benches read: the built-in content, and questions of about 25 characters that are no examples of it.

use chrono::NaiveDate;
use wenban::{
    dialogue::load::{built_in, load},
    understanding::Reader,
};

/// Records, sums, a case, guides, dialect and what is not the desk's business.
pub(crate) const QUESTIONS: [&str; 10] = [
    "麻烦帮我看看去年3月到8月单位有没有给我交养老",
    "我1969年8月出生的女职工，想知道哪年可以退休啊",
    "社保卡昨天在菜市场弄丢了，补一张新的要带什么材料",
    "工资八千五，自己交了12年半，以后每月能领多少退休金",
    "上个月在深圳住院花了3万多块，回惠州还能不能报销呢",
    "公司把我辞退了，失业金要在多少天以内去申请才算数",
    "受理号202605200001370那件事现在办到哪一步了",
    "我喺惠阳返工，医保断咗两个月，而家睇病仲报唔报得",
    "孩子今年九月上小学，居民医保一年要交几多钱去哪交",
    "请问明天从惠州去广州的高铁最早一班是几点钟发车的",
];

/// A reader of the built-in content.
pub(crate) fn reader() -> Reader {
    let (script, _) = load(built_in());
    Reader::train(&script.words, &script.examples)
}

/// The day on which they are asked.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 15).unwrap_or_default()
}
