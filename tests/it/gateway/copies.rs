//! What is said when the core system cannot be reached: a copy with its day, for a day; then an apology.

use chrono::TimeDelta;
use wenban::{
    channels::terminal,
    demo::{self, core::Fault},
    desk::DeskError,
    domain::{
        message::{Input, Proof},
        person::FullName,
        reply::{Block, Level, Reply, Status},
    },
};

use super::{Bureau, bureau, person};
use crate::support::desk::{script, today};

const QUESTION: &str = "我参加了哪些保险";

/// The reply is a copy and says of when.
pub(super) fn is_dated(reply: &Reply) -> bool {
    let said = reply.blocks.iter().any(
        |block| matches!(block, Block::Notice { level: Level::Warning, text } if text.contains("截至 2026 年 11 月 23 日") && text.contains("12333")),
    );
    let marked = reply.sources.iter().all(|source| source.copied_at.is_some() && source.as_of == today().pred_opt());
    reply.status == Status::Answered && said && marked && !reply.sources.is_empty()
}

/// The reply says that nothing can be read now, with the hotline and the counter.
pub(super) fn is_apology(reply: &Reply) -> bool {
    let words = script().phrases.unavailable.clone();
    let named = ["暂时无法查询", "12333", "窗口"].iter().all(|word| words.contains(word));
    named && reply.status == Status::Failed && reply.blocks.contains(&Block::Text { text: words }) && reply.sources.is_empty()
}

/// REL-06, security.md §3.2
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_told_with_its_day_for_a_day_and_then_an_apology() {
    let bureau = bureau().await;
    let fresh = bureau.say(&bureau.checked(0, "first").await, QUESTION).await;
    let copied_at = bureau.desk.now();
    bureau.core.fail(Some(Fault::Status500));

    bureau.clock.pass(TimeDelta::hours(23) + TimeDelta::minutes(59));
    let peer = bureau.checked(0, "later").await;
    let copy = bureau.say(&peer, QUESTION).await;
    assert!(is_dated(&copy), "{}", terminal::plain(&copy));
    assert_eq!(copy.sources[0].copied_at, Some(copied_at));
    let blocks: Vec<_> = copy.blocks.iter().filter(|block| !matches!(block, Block::Notice { level: Level::Warning, .. })).collect();
    assert!(blocks.into_iter().all(|block| fresh.blocks.contains(block)), "the same record");
    assert!(terminal::plain(&copy).contains("副本存于 2026-11-24"), "{}", terminal::plain(&copy));
    let other = bureau.say(&peer, "医保账户余额").await;
    assert!(is_apology(&other), "never read, so no copy: {}", terminal::plain(&other));

    bureau.clock.pass(TimeDelta::minutes(1));
    let late = bureau.say(&peer, QUESTION).await;
    assert!(is_apology(&late), "{}", terminal::plain(&late));
    let refused = bureau.desk.begin_as(&terminal::peer("late"), &person(0).id_number).await;
    assert!(matches!(refused, Err(DeskError::Unavailable(_))), "{refused:?}");

    bureau.store.retain(bureau.desk.now()).await.unwrap();
    assert_eq!(bureau.copies().await, 0, "what is too old to be told is gone");
}

/// Nothing on file yesterday may be something today.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_copy_is_no_answer() {
    let bureau = bureau().await;
    let n = (0..30).find(|n| demo::person(1, *n, today()).cases.is_empty()).unwrap();
    let peer = bureau.checked(n, "nothing").await;
    let question = "我的申请办到哪一步了";
    assert!(!is_apology(&bureau.say(&peer, question).await));
    bureau.core.fail(Some(Fault::Status500));
    let reply = bureau.say(&peer, question).await;
    assert!(is_apology(&reply), "{}", terminal::plain(&reply));
}

impl Bureau {
    /// What is said to somebody who gives this name and the demo's `n`th person's number.
    async fn claim(&self, n: u64, name: &FullName) -> Reply {
        let peer = terminal::peer(format!("claim-{:x}", rand::random::<u64>()));
        self.say(&peer, QUESTION).await;
        self.say(&peer, "同意").await;
        let id_number = demo::person(1, n, today()).person.id_number;
        self.try_put(&peer, Input::Proof(Proof::Person { name: name.clone(), id_number })).await.unwrap()
    }
}

/// ENU-01: while the core system is away, nobody learns who is known to it or was here; and trying numbers keeps nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_tells_nobody_who_was_here() {
    let bureau = bureau().await;
    let (here, other) = (person(0).name, FullName::parse("甲乙丙丁").unwrap());
    let wrong = bureau.claim(0, &other).await;
    let unknown = bureau.claim(1_000, &other).await;
    assert_eq!(wrong, unknown);
    assert_eq!((bureau.copies().await, bureau.phone.count()), (0, 0));
    let right = bureau.claim(0, &here).await;
    assert_eq!(right, wrong, "nor does a code on its way show");
    assert_eq!((bureau.copies().await, bureau.phone.count()), (1, 1));

    bureau.core.fail(Some(Fault::Status500));
    let heard = [bureau.claim(0, &other).await, bureau.claim(1, &person(1).name).await, bureau.claim(1_000, &other).await];
    assert!(heard.iter().all(|reply| is_apology(reply) && *reply == heard[0]), "{heard:?}");
    bureau.clock.pass(TimeDelta::seconds(60));
    assert_eq!(bureau.claim(0, &here).await, right, "who was here today can be checked by the copy");
    assert_eq!(bureau.phone.count(), 2);
}
