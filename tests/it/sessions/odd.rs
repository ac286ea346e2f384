//! Sessions that no program of today would save: older, of content that is gone, broken. Each goes on politely.

use serde_json::{Value, json};
use wenban::{
    channels::terminal,
    domain::{
        reply::{ExpectedKind, Reply, Status},
        session::{Session, SlotValue},
    },
};

use super::{Fresh, recorded};
use crate::support::desk::script;

/// A form in its second question, with the birth that answered the first.
fn form() -> Value {
    recorded().remove("ask-calculate.retirement-age-category").unwrap().session
}

/// What comes of a line said to what was saved.
async fn said(fresh: &Fresh, saved: &Value, line: &str) -> (Session, Reply) {
    let session = Session::revive(saved);
    let (session, reply) = fresh.turn(session, line, fresh.hall.desk.now()).await;
    assert!(!terminal::plain(&reply).trim().is_empty() && reply.status != Status::Failed, "{line}: {}", terminal::plain(&reply));
    (session, reply)
}

/// Whether a reply says that the content has changed.
fn says_changed(reply: &Reply) -> bool {
    terminal::plain(reply).contains(&script().phrases.changed)
}

fn expected(reply: &Reply) -> Option<ExpectedKind> {
    reply.expects.as_ref().map(|expects| expects.kind)
}

fn answered(session: &Session) -> &str {
    session.last.as_ref().map_or("", |last| last.topic.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_shape_goes_on_where_it_was() {
    let fresh = Fresh::new().await;
    let mut saved = form();
    saved["schema"] = json!(0);
    for newer in ["kept", "misses", "challenge", "last_reply"] {
        saved.as_object_mut().unwrap().remove(newer).unwrap();
    }
    for newer in ["asked", "path", "former"] {
        saved["frames"][0].as_object_mut().unwrap().remove(newer).unwrap();
    }
    let (session, reply) = said(&fresh, &saved, "> 男").await;
    assert_eq!((answered(&session), reply.status, says_changed(&reply)), ("calculate.retirement-age", Status::Answered, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_unknown_is_passed_over() {
    let fresh = Fresh::new().await;
    let mut saved = form();
    saved["mood"] = json!("sunny");
    saved["frames"][0]["colour"] = json!({"of": ["rain"]});
    let (session, reply) = said(&fresh, &saved, "> 男").await;
    assert_eq!((answered(&session), reply.status, says_changed(&reply)), ("calculate.retirement-age", Status::Answered, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_is_gone_begins_its_flow_again_and_keeps_its_answers() {
    let fresh = Fresh::new().await;
    let mut saved = form();
    saved["frames"][0]["step"] = json!("gone");
    // Its answer, its button, nothing, too much, or what is no answer: the question after the kept one is asked.
    for line in ["> 男", "* 1", "> ", "* 9", "> 第一个", "> 不记得了", "@ code"] {
        let (session, reply) = said(&fresh, &saved, line).await;
        assert!(says_changed(&reply), "{line}: {}", terminal::plain(&reply));
        assert_eq!((expected(&reply), reply.status), (Some(ExpectedKind::Choice), Status::Ask), "{line}");
        assert!(matches!(session.frames[0].slots.get("birth"), Some(SlotValue::Month(_))), "{line}");
    }
    let (session, reply) = said(&fresh, &saved, "> 社保卡丢了怎么办").await;
    assert_eq!((answered(&session), expected(&reply)), ("guide.card-loss", Some(ExpectedKind::Choice)), "and another is answered first");
    assert!(says_changed(&reply));
    let (session, reply) = said(&fresh, &saved, "> 重新开始").await;
    assert!(session.frames.is_empty() && !says_changed(&reply));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_that_is_gone_is_dropped_with_a_word() {
    let fresh = Fresh::new().await;
    let mut saved = form();
    saved["frames"][0]["flow"] = json!("calculate.gone");
    saved["frames"][0]["topic"] = json!("calculate.gone");
    for line in ["> 男", "* 1", "> 第一个", "> "] {
        let (session, reply) = said(&fresh, &saved, line).await;
        assert!(says_changed(&reply) && session.frames.is_empty(), "{line}: {}", terminal::plain(&reply));
        assert_eq!((expected(&reply), reply.status), (None, Status::Ask), "{line}");
    }
    let (session, reply) = said(&fresh, &saved, "> 社保卡丢了怎么办").await;
    assert_eq!((answered(&session), session.frames.len(), reply.status), ("guide.card-loss", 0, Status::Answered));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_takes_nothing_else_along() {
    let fresh = Fresh::new().await;
    let mut saved = recorded().remove("last-record").unwrap().session;
    let mut identity = saved["identity"].clone();
    // What a former version did not know.
    (identity["channel"], identity["consents"]) = (json!("kiosk"), json!([]));
    saved["frames"] = json!([form()["frames"][0], {"topic": 7}, "frame", {"topic": "guide.retire", "flow": "guide", "step": "read", "slots": {"x": {"planet": 3}}, "aspect": null}]);
    saved["offers"] = json!("none");
    let revived = Session::revive(&saved);
    assert!(revived.incomplete);
    assert_eq!(serde_json::to_value(&revived.identity).unwrap(), identity);
    assert_eq!((revived.frames.len(), revived.last.is_some()), (1, true));
    let (session, reply) = said(&fresh, &saved, "> 男").await;
    assert!(says_changed(&reply), "{}", terminal::plain(&reply));
    assert_eq!(answered(&session), "calculate.retirement-age", "the form that could be read goes on");
    for garbage in [json!(null), json!("session"), json!(17), json!([1, 2, 3]), json!({"frames": 3}), json!({"identity": {"person": 1}})] {
        for line in ["> 社保卡丢了怎么办", "* 1", "> 你好", "> "] {
            let (session, _) = said(&fresh, &garbage, line).await;
            assert!(session.frames.is_empty() && session.identity.is_none(), "{garbage} {line}");
        }
    }
}
