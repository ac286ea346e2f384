//! CHN-01: what each channel tells of somebody's own records, under each ceiling.

use std::collections::BTreeSet;

use wenban::{
    channels::terminal,
    domain::{
        disclosure::{Ceiling, Ceilings},
        message::{ChannelKind, Incoming, Input, MessageId, Peer},
        reply::{Reply, Status},
        topic::{TopicId, TopicKind},
    },
    store::PersonFile,
};

use crate::support::{
    desk::{Hall, script, somebody, telling},
    raw::Raw,
};

const CHANNELS: [ChannelKind; 4] = [ChannelKind::Kiosk, ChannelKind::Widget, ChannelKind::Telegram, ChannelKind::Wechat];

/// Topics that tell of somebody, each with the words of its button; those of one are too few to be told from others.
fn personal() -> Vec<(TopicId, String)> {
    let script = script();
    let is_personal = |id: &&TopicId| matches!(id.kind(), Some(TopicKind::Record | TopicKind::Case));
    let words = |id: &TopicId| if id.as_str() == "record.benefit-payments" { "失业金发了没有" } else { script.title(id) }.to_owned();
    script.topics.keys().filter(is_personal).map(|id| (id.clone(), words(id))).collect()
}

async fn said(hall: &Hall, peer: &Peer, id: &str, text: &str) -> Reply {
    put(hall, peer, id, Input::Text(text.to_owned())).await
}

async fn put(hall: &Hall, peer: &Peer, id: &str, input: Input) -> Reply {
    hall.desk.turn(&Incoming { from: peer.clone(), id: MessageId(id.to_owned()), input, at: hall.desk.now() }).await.unwrap()
}

/// What no reply under `facts` holds of a person: names, numbers, whose wages, where treated.
fn private(file: &PersonFile) -> BTreeSet<String> {
    let PersonFile { person, contributions, enrollments, medical_claims, payments, card, .. } = file;
    let mut private: BTreeSet<String> = [person.name.reveal().to_owned(), person.id_number.reveal().to_owned()].into();
    private.extend(person.phone.iter().map(|phone| phone.reveal().to_owned()));
    private.extend(contributions.iter().map(|row| row.employer.clone()));
    private.extend(enrollments.iter().map(|row| row.employer.clone()));
    private.extend(medical_claims.iter().map(|row| row.hospital.clone()));
    private.extend(payments.iter().map(|row| format!("尾号 {}", row.card_tail)));
    private.extend(card.iter().flat_map(|card| [format!("尾号 {}", card.tail), card.bank.clone()]));
    private.retain(|text| !text.is_empty());
    private
}

#[tokio::test(flavor = "multi_thread")]
async fn chn_01_every_record_in_every_channel_under_every_ceiling() {
    let script = script();
    let withheld = script.phrases.withheld.trim();
    let private = private(&somebody());
    let (mut told, mut cut) = (0, 0);
    for ceiling in [Ceiling::None, Ceiling::Link, Ceiling::Facts, Ceiling::Full] {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("wenban.db").display());
        let all = Ceilings { kiosk: ceiling, web: ceiling, terminal: ceiling, telegram: ceiling, wechat: ceiling };
        let hall = telling(&url, all).await;
        for channel in CHANNELS {
            for (topic, words) in personal() {
                for checked in [false, true] {
                    let peer = Peer { channel, address: format!("{}-{topic}-{checked}", channel.id()), caller: None };
                    if checked {
                        hall.desk.begin_as(&peer, &hall.person.id_number).await.unwrap();
                    }
                    let mut reply = said(&hall, &peer, "1", &words).await;
                    if let Some(choice) = reply.choices.iter().find(|choice| reply.status == Status::Clarify && choice.label == words) {
                        reply = put(&hall, &peer, "2", Input::Choice(choice.id.clone())).await;
                    }
                    let plain = terminal::plain(&reply);
                    let case = format!("{topic} {channel:?} {ceiling:?} checked {checked}: {plain}");
                    let asks = ceiling >= Ceiling::Facts && !checked && !channel.is_chat();
                    let tells = ceiling >= Ceiling::Facts && checked;
                    match reply.status {
                        Status::Verify => assert!(asks, "{case}"),
                        Status::Answered => assert!(tells || topic.as_str() == "case.status", "{case}"),
                        Status::Refused => assert!(!asks && !tells && plain.contains("不在这里查"), "{case}"),
                        _ => panic!("{case}"),
                    }
                    if ceiling < Ceiling::Full {
                        assert!(private.iter().all(|text| !plain.contains(text.as_str())), "{case}");
                    }
                    told += usize::from(tells);
                    cut += usize::from(plain.contains(withheld));
                }
            }
        }
        let reads =
            Raw::connect(&url).await.number("select count(*) from audit where action = 'record.read' and outcome = 'allowed'").await;
        assert_eq!(reads > 0, ceiling >= Ceiling::Facts, "{ceiling:?}: below facts nothing is read");
    }
    assert!(told > 50 && cut > 10, "{told} {cut}");
}

/// As in production: Telegram tells of nobody, and asks nobody who they are.
#[tokio::test(flavor = "multi_thread")]
async fn chn_01_by_default_telegram_tells_of_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let hall = telling(&format!("sqlite://{}", dir.path().join("wenban.db").display()), Ceilings::default()).await;
    for (channel, checked) in [(ChannelKind::Telegram, false), (ChannelKind::Telegram, true), (ChannelKind::Wechat, false)] {
        let peer = Peer { channel, address: format!("{channel:?} {checked}"), caller: None };
        if checked {
            hall.desk.begin_as(&peer, &hall.person.id_number).await.unwrap();
        }
        let reply = said(&hall, &peer, "1", "去年养老交了几个月").await;
        assert_eq!((reply.status, &reply.expects), (Status::Refused, &None), "{}", terminal::plain(&reply));
        assert_eq!(said(&hall, &peer, "2", "失业金怎么领").await.status, Status::Answered, "guides are for everybody");
    }
}
