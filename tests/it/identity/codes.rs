//! One-time codes: how long, how often, and that a dummy cannot be told from a real one.

use super::*;

/// Gives wrong codes until the challenge is closed.
async fn use_up(scene: &Scene, peer: &Peer) -> Vec<Reply> {
    let mut replies = Vec::new();
    for _ in 0..5 {
        // A dummy's code is anybody's guess: 1 in 1,000,000 would fail this.
        replies.push(scene.code(peer, &wrong(&scene.hall.phone.code().unwrap_or_else(|| "000000".into()))).await);
    }
    replies
}

/// OTP-18: a code holds for 300 s.
#[tokio::test(flavor = "multi_thread")]
async fn otp_18_a_code_holds_for_300_seconds() {
    for (seconds, holds) in [(299, true), (300, false), (301, false)] {
        let scene = scene().await;
        let peer = account("late");
        scene.claim(&peer, &scene.person()).await;
        let code = scene.hall.phone.code().unwrap();
        scene.pass(seconds);
        let reply = scene.code(&peer, &code).await;
        assert_eq!(reply.status == Status::Answered, holds, "{seconds}: {}", texts(&reply));
    }
}

/// OTP-10, OTP-11: after five wrong codes the right one is no use.
#[tokio::test(flavor = "multi_thread")]
async fn otp_10_five_wrong_codes_end_it() {
    let scene = scene().await;
    let peer = account("guesser");
    scene.claim(&peer, &scene.person()).await;
    let code = scene.hall.phone.code().unwrap();
    let replies = use_up(&scene, &peer).await;
    assert!(replies[..4].iter().all(|reply| expects(reply) == Some(ExpectedKind::Otp)));
    assert_eq!(replies[4].status, Status::Refused);
    assert_ne!(scene.code(&peer, &code).await.status, Status::Answered);
    assert_eq!(scene.count("select count(*) from challenges where code_mac <> ''").await, 0, "OTP-20: erased when it is given up");
}

/// OTP-19: three closed challenges shut the code way for a day; other ways are named, and guides go on. A dummy too (OTP-17).
#[tokio::test(flavor = "multi_thread")]
async fn otp_19_three_closed_challenges_shut_the_way_until_next_day() {
    let scene = scene().await;
    let (real, dummy) = (scene.person(), nobody());
    let mut seen = Vec::new();
    for (name, who) in [("real", real.clone()), ("dummy", dummy)] {
        let peer = account(name);
        let mut replies = Vec::new();
        for _ in 0..3 {
            replies.push(scene.claim(&peer, &who).await);
            replies.extend(use_up(&scene, &peer).await);
            scene.pass(61);
        }
        let shut = scene.claim(&peer, &who).await;
        assert_eq!(shut.status, Status::Refused);
        assert!(texts(&shut).contains("24 小时以后") && texts(&shut).contains("窗口"), "{}", texts(&shut));
        assert!(!shut.choices.is_empty(), "other ways are offered");
        assert_eq!(scene.text(&peer, "失业金怎么领").await.status, Status::Answered);
        replies.push(shut);
        seen.push(replies);
        // The clock of the second one begins a day later, as does that of the first.
        scene.pass(24 * 3_600);
    }
    assert_eq!(seen[0], seen[1]);
    let again = scene.claim(&account("real"), &real).await;
    assert_eq!(expects(&again), Some(ExpectedKind::Otp), "{}", texts(&again));
}

/// OTP-19: what is counted is wrong guesses, so that another code in between gives no more of them.
#[tokio::test(flavor = "multi_thread")]
async fn otp_19_a_resent_code_gives_no_more_guesses_a_day() {
    let scene = scene().await;
    let peer = account("patient");
    scene.claim(&peer, &scene.person()).await;
    let mut judged = 0;
    for _ in 0..9 {
        for _ in 0..4 {
            let reply = scene.code(&peer, &wrong(&scene.hall.phone.code().unwrap())).await;
            judged += usize::from(texts(&reply).contains("验证码不对"));
        }
        scene.pass(61);
        scene.text(&peer, "重发验证码").await;
    }
    assert_eq!(judged, 15);
}

/// OTP-19: who knows a number and not the name cannot shut its owner out.
#[tokio::test(flavor = "multi_thread")]
async fn otp_19_a_wrong_name_shuts_out_nobody() {
    let scene = scene().await;
    let (_, number) = scene.person();
    for _ in 0..3 {
        let peer = account("stranger");
        scene.claim(&peer, &(FullName::parse("无此人").unwrap(), number.clone())).await;
        use_up(&scene, &peer).await;
        scene.pass(61);
    }
    let owner = account("owner");
    scene.claim(&owner, &scene.person()).await;
    assert_eq!(scene.code(&owner, &scene.hall.phone.code().unwrap()).await.status, Status::Answered);
}

/// OTP-08, OTP-09: no second message within 60 s; the seconds left are said, and the first code still holds.
#[tokio::test(flavor = "multi_thread")]
async fn otp_08_another_code_comes_after_60_seconds() {
    let scene = scene().await;
    let peer = account("hasty");
    let first = scene.claim(&peer, &scene.person()).await;
    assert_eq!(first.choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["重发验证码", "改上一项"]);
    scene.pass(23);
    let early = scene.say(&peer, Input::Choice("1".into())).await;
    assert!(texts(&early).contains("要等 37 秒"), "{}", texts(&early));
    assert_eq!((expects(&early), scene.hall.phone.count()), (Some(ExpectedKind::Otp), 1));
    scene.pass(36);
    assert!(texts(&scene.text(&peer, "没收到，重发一个").await).contains("要等 1 秒"));
    scene.pass(1);
    let again = scene.say(&peer, Input::Choice("1".into())).await;
    assert_eq!((expects(&again), scene.hall.phone.count()), (Some(ExpectedKind::Otp), 2));
    assert_eq!(scene.code(&peer, &scene.hall.phone.code().unwrap()).await.status, Status::Answered);
}

/// OTP-08: another conversation gets no second message either, and no code to give.
#[tokio::test(flavor = "multi_thread")]
async fn otp_08_the_pause_is_the_persons_and_not_the_conversations() {
    let scene = scene().await;
    scene.claim(&account("one"), &scene.person()).await;
    let other = scene.claim(&account("other"), &scene.person()).await;
    assert_eq!((other.status, expects(&other), scene.hall.phone.count()), (Status::Refused, None, 1));
    assert!(texts(&other).contains("要等 60 秒"), "{}", texts(&other));
}

/// OTP-15: ten messages a day to one person, and the eleventh is refused; likewise without anybody on file (OTP-17).
#[tokio::test(flavor = "multi_thread")]
async fn otp_15_ten_messages_a_day() {
    let scene = scene().await;
    for (name, who, messages) in [("real", scene.person(), 10), ("dummy", nobody(), 0)] {
        let before = scene.hall.phone.count();
        for n in 0..10 {
            let reply = scene.claim(&account(&format!("{name} {n}")), &who).await;
            assert_eq!(expects(&reply), Some(ExpectedKind::Otp), "{n}: {}", texts(&reply));
            scene.pass(61);
        }
        let refused = scene.claim(&account(&format!("{name} more")), &who).await;
        assert!(texts(&refused).contains("今天的验证码用完了"), "{}", texts(&refused));
        assert_eq!(scene.hall.phone.count() - before, messages);
    }
    scene.pass(24 * 3_600);
    assert_eq!(expects(&scene.claim(&account("tomorrow"), &scene.person()).await), Some(ExpectedKind::Otp));
}

/// OTP-15: 20 messages an hour from one account, whoever they are for.
#[tokio::test(flavor = "multi_thread")]
async fn otp_15_twenty_messages_an_hour_from_one_account() {
    let scene = scene().await;
    let peer = account("bomber");
    for n in 0..20 {
        let person = wenban::demo::person(1, n, crate::support::desk::today()).person;
        let reply = scene.claim(&peer, &who(&person)).await;
        assert_eq!(expects(&reply), Some(ExpectedKind::Otp), "{n}: {}", texts(&reply));
        scene.text(&peer, "取消").await;
        scene.pass(61);
    }
    let person = wenban::demo::person(1, 25, crate::support::desk::today()).person;
    let refused = scene.claim(&peer, &who(&person)).await;
    assert!(texts(&refused).contains("次数太多了，40 分钟以后"), "{}", texts(&refused));
    let other = scene.claim(&account("other"), &who(&person)).await;
    assert_eq!(expects(&other), Some(ExpectedKind::Otp));
    scene.pass(3_600);
    let later = scene.claim(&peer, &nobody()).await;
    assert_eq!(expects(&later), Some(ExpectedKind::Otp));
}

/// OTP-17: wrong codes are answered alike for somebody, for nobody, and for a wrong name.
#[tokio::test(flavor = "multi_thread")]
async fn otp_17_a_dummy_cannot_be_told_from_a_real_code() {
    let scene = scene().await;
    let (_, number) = scene.person();
    let mut seen = Vec::new();
    for (name, who) in [("real", scene.person()), ("unknown", nobody()), ("wrong name", (FullName::parse("无此人").unwrap(), number))] {
        let peer = account(name);
        let mut replies = vec![scene.claim(&peer, &who).await];
        replies.push(scene.text(&peer, "重发").await);
        replies.extend(use_up(&scene, &peer).await);
        replies.push(scene.claim(&peer, &who).await);
        seen.push(replies);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    assert_eq!(scene.hall.phone.count(), 1);
    let counters = "select count(distinct n) from (select count(*) as n from challenges group by subject)";
    assert_eq!(scene.count(counters).await, 1, "each has as many challenges");
}

/// OTP-21: the message, word by word.
#[tokio::test(flavor = "multi_thread")]
async fn otp_21_the_message_says_what_it_is_for_and_nobodys_name() {
    let scene = scene().await;
    scene.claim(&account("reader"), &scene.person()).await;
    let (phone, text) = scene.hall.phone.messages().remove(0);
    let code = scene.hall.phone.code().unwrap();
    assert_eq!(
        text,
        format!("【问办】您正在核对身份，查询本人的社保、医保记录。验证码 {code}，5 分钟内有效。不要告诉任何人，工作人员也不会问您要。")
    );
    // OTP-22: it goes to the phone on record.
    assert_eq!(phone, scene.hall.person.phone.as_ref().unwrap().reveal());
    for personal in [scene.hall.person.name.reveal(), scene.hall.person.id_number.reveal(), phone.as_str()] {
        assert!(!text.contains(personal));
    }
}

/// REL-22: when the gateway is down it is said, for somebody and for nobody alike, other ways are offered and nothing is counted.
#[tokio::test(flavor = "multi_thread")]
async fn rel_22_a_gateway_that_is_down_is_said_and_counts_for_nothing() {
    let scene = scene().await;
    scene.hall.phone.set_down(true);
    let mut seen = Vec::new();
    for (name, who) in [("real", scene.person()), ("nobody", nobody())] {
        let peer = account(name);
        for _ in 0..30 {
            let reply = scene.claim(&peer, &who).await;
            assert_eq!(reply.status, Status::Refused);
            assert!(texts(&reply).contains("暂时无法发送") && texts(&reply).contains("窗口"), "{}", texts(&reply));
            assert!(!reply.choices.is_empty());
            // Choices have another id in each turn.
            seen.push((reply.blocks, reply.choices.into_iter().map(|choice| choice.label).collect::<Vec<_>>()));
        }
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(scene.count("select coalesce(sum(count), 0) from counters").await, 0);
    assert_eq!(scene.count("select count(*) from challenges").await, 0);
    scene.hall.phone.set_down(false);
    let peer = account("real");
    assert_eq!(expects(&scene.claim(&peer, &scene.person()).await), Some(ExpectedKind::Otp));
    assert_eq!(scene.code(&peer, &scene.hall.phone.code().unwrap()).await.status, Status::Answered);
}

/// Fail closed: when nothing can be counted, nothing is sent and nobody is checked.
#[tokio::test(flavor = "multi_thread")]
async fn codes_fail_closed_when_nothing_can_be_counted() {
    let scene = scene().await;
    let peer = account("lucky");
    scene.claim(&peer, &scene.person()).await;
    let code = scene.hall.phone.code().unwrap();
    let mut raw = SqliteConnection::connect(&scene.url).await.unwrap();
    sqlx::query("alter table counters rename to gone").execute(&mut raw).await.unwrap();
    assert_eq!(scene.code(&peer, &code).await.status, Status::Failed);
    assert_eq!(scene.claim(&account("other"), &nobody()).await.status, Status::Failed);
    assert_eq!(scene.hall.phone.count(), 1);
}

/// OTP-20: a day after it ran out nothing is left of a code, and nothing of a count.
#[tokio::test(flavor = "multi_thread")]
async fn otp_20_what_ran_out_is_erased_after_a_day() {
    let scene = scene().await;
    scene.claim(&account("gone"), &scene.person()).await;
    let left = "select count(*) from challenges where code_mac <> ''";
    for (seconds, rows) in [(300 + 24 * 3_600 - 1, 1), (1, 0)] {
        scene.pass(seconds);
        scene.hall.store.retain(scene.now()).await.unwrap();
        assert_eq!(scene.count(left).await, rows);
    }
    scene.pass(26 * 3_600);
    scene.hall.store.retain(scene.now()).await.unwrap();
    assert_eq!(scene.count("select count(*) from counters").await, 0);
}
