//! AUD-03: who does what, and the row that it leaves. AUD-04: without the trail nothing personal is read.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use wenban::{
    channels::terminal,
    demo,
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        fact::CaseNumber,
        message::{Incoming, Input, MessageId, Peer, Proof},
        person::FullName,
        reply::{Block, Reply, Status},
    },
    store::{self, AuditRow, Changes, Keyring, StoreError, audit::verify::verify},
};

use super::keys;
use crate::support::{
    desk::{Hall, hall, today},
    postgres,
    program::{key_folder, wenban},
    raw::Raw,
};

async fn act(hall: &Hall, peer: &Peer, id: &str, input: Input) -> Reply {
    let message = Incoming { from: peer.clone(), id: MessageId(id.into()), input, at: hall.desk.now() };
    hall.desk.turn(&message).await.unwrap()
}

async fn say(hall: &Hall, peer: &Peer, id: &str, text: &str) -> Reply {
    act(hall, peer, id, Input::Text(text.into())).await
}

async fn claim(hall: &Hall, peer: &Peer, id: &str, name: &str) {
    let proof = Proof::Person { name: FullName::parse(name).unwrap(), id_number: hall.person.id_number.clone() };
    act(hall, peer, id, Input::Proof(proof)).await;
}

async fn code(hall: &Hall, peer: &Peer, id: &str, code: String) {
    act(hall, peer, id, Input::Proof(Proof::Code(code))).await;
}

/// What the acts of [`everything`] leave: actor, act, whose, what, on behalf of which topic, and how it went.
const ROWS: [&str; 31] = [
    "resident record.read - [] record.contributions refused",
    "resident identity.code own [index] record.contributions refused",
    "resident identity.code own [index] record.contributions done",
    "resident identity.check own [] record.contributions refused",
    "resident identity.check own [] record.contributions allowed",
    "resident:own record.read own [contributions] record.contributions allowed",
    "resident:own record.read own [payments] record.benefit-payments allowed",
    "resident:own record.read other [case] case.status refused",
    "resident:own record.read own [cases] case.status nothing",
    "resident:own matter.received own [matter] service.feedback done",
    "resident matter.read own [matter] case.status partly",
    "resident queue.taken - [惠阳区 1] service.queue done",
    "staff:wang matter.listed - [1] - done",
    "staff:wang matter.shown own [matter] - done",
    "staff:wang matter.revealed own [matter] - done",
    "staff:wang matter.started own [matter] - done",
    "staff:wang matter.answered own [matter] - done",
    "staff:wang queue.called - [惠阳区 1] - done",
    "resident:own certificate.issued own [index] certificate.contribution done",
    "resident:own record.read own [contributions] certificate.contribution allowed",
    "staff:wang certificate.revoked - [index] - done",
    "resident:own record.read own [audit] service.trail allowed",
    "resident conversation.ended - [] - done",
    "operator identity.assumed own [] - allowed",
    "staff:wang person.erased own [codes 0, idle 0, conversations 1, replies 0, tickets 1, matters 1, audit 0] - done",
    "desk retention.run - [codes 0, idle 1, conversations 0, replies 1, tickets 0, matters 0, audit 0] - done",
    "operator keys.rotated - [key] - done",
    "operator keys.resealed - [cells] - done",
    "operator records.imported - [people lines 0, changed 0] - done",
    "operator store.backed-up - [acts.backup] - done",
    "operator store.restored - [30] - done",
];

/// The store is backed up and the backup put in its place. Of Postgres, whose own tools do that, only the rows are made.
async fn moved(dir: &Path, url: &str, key_folder: &str) {
    if url.starts_with("postgres") {
        let store = store::open(url, Keyring::load(Path::new(key_folder)).unwrap()).await.unwrap();
        for (act, object) in [(Act::BackedUp, "acts.backup"), (Act::Restored, "30@")] {
            let entry = Entry { object: object.into(), ..Entry::new(Actor::Operator, act, Outcome::Done) };
            store
                .commit(Changes { audit: vec![entry], ..Changes::new("backup", today().and_hms_opt(2, 30, 0).unwrap().and_utc()) })
                .await
                .unwrap();
        }
        return;
    }
    let backup = dir.join("acts.backup").display().to_string();
    let place = ["--database", url, "--keys", key_folder];
    for command in [["backup", &backup].as_slice(), &["restore", &backup, "--replace"]] {
        let (done, said) = wenban(&[command, place.as_slice()].concat(), "");
        assert!(done, "{command:?}: {said}");
    }
}

/// A new pair of keys is made, and what older ones sealed is sealed anew.
fn rekeyed(dir: &Path, url: &str, key_folder: &str) {
    let keyed = |act: &str| {
        let (done, said) = wenban(&["keys", "--database", url, "--keys", key_folder, "--suite", "gm", act], "");
        assert!(done, "{act}: {said}");
        said
    };
    assert_eq!(keyed("list").lines().count(), 1);
    keyed("rotate");
    let (again, said) = wenban(&["keys", "--database", url, "--keys", key_folder, "rotate"], "");
    assert!(!again && said.contains("cells are under older keys still"), "{said}");
    // As if the desks at work had had the time to take it up.
    let hour_ago = fs::metadata(dir).unwrap().modified().unwrap() - Duration::from_hours(1);
    fs::File::open(Path::new(key_folder).join("data-2.key")).unwrap().set_modified(hour_ago).unwrap();
    keyed("reseal");
    let listed = keyed("list");
    let uses: Vec<&str> = listed.lines().collect();
    assert!(uses[0].contains(" gm cells ") && uses[1].contains(" intl cells 0 audit "), "{listed}");
}

async fn everything(url: &str) {
    let dir = tempfile::tempdir().unwrap();
    let hall = hall(url).await;
    let peer = terminal::peer("somebody");
    for (id, text) in [("1", "查我爸的养老缴费记录"), ("2", "去年养老交了几个月"), ("agreed", "同意")] {
        say(&hall, &peer, id, text).await;
    }
    claim(&hall, &peer, "3", "另有其人").await;
    claim(&hall, &peer, "4", hall.person.name.reveal()).await;
    let right = hall.phone.code().unwrap();
    code(&hall, &peer, "5", format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000)).await;
    code(&hall, &peer, "6", right).await;
    let foreign = (1..20).find_map(|n| Some(demo::person(1, n, today()).cases.first()?.number.clone())).unwrap();
    let (case, complaint) = (format!("查办件进度 {foreign}"), "昨天下午三点江北窗口的人一直看手机不理人，我要投诉");
    for (id, text) in [("7", "失业金发了没有"), ("8", case.as_str()), ("9", complaint), ("10", "1"), ("11", "不留")] {
        say(&hall, &peer, id, text).await;
    }
    let receipt = terminal::plain(&say(&hall, &peer, "12", "提交").await);
    let number = receipt.split(|c: char| !c.is_ascii_digit()).find_map(CaseNumber::parse).unwrap();
    say(&hall, &terminal::peer("stranger"), "1", number.as_str()).await;
    for (id, text) in [("13", "我要取号"), ("14", "1"), ("15", "惠阳")] {
        say(&hall, &peer, id, text).await;
    }

    let key_folder = key_folder(dir.path());
    let by = ["staff", "--by", "wang", "--today", "2026-11-24", "--database", url, "--keys", &key_folder];
    let number = number.as_str();
    let shift: [&[&str]; 6] = [
        &["list"],
        &["show", number],
        &["show", number, "--clear"],
        &["start", number],
        &["answer", number, "--text", "已经批评教育"],
        &["next", "惠阳区"],
    ];
    for act in shift {
        let (done, said) = wenban(&[&by, act].concat(), "");
        assert!(done, "{act:?}: {said}");
    }
    for (id, text) in [("17", "我要打印参保证明"), ("18", "1"), ("19", "全部"), ("20", "全部")] {
        say(&hall, &peer, id, text).await;
    }
    let issued = say(&hall, &peer, "21", "对").await;
    let code = issued.blocks.iter().find_map(|block| if let Block::Document { code, .. } = block { Some(code.clone()) } else { None });
    let (revoked, said) = wenban(&[&by, ["revoke", &code.unwrap()].as_slice()].concat(), "");
    assert!(revoked, "{said}");
    let told = terminal::plain(&say(&hall, &peer, "16", "谁查过我的信息").await);
    assert!(told.contains("一共 9 次") && told.contains("工作人员") && told.contains("没让查"), "{told}");
    hall.desk.end(&peer).await.unwrap();
    hall.desk.end(&peer).await.unwrap();
    hall.desk.begin_as(&peer, &hall.person.id_number).await.unwrap();
    let (erased, said) = wenban(&[&by, ["erase"].as_slice()].concat(), hall.person.id_number.reveal());
    assert!(erased, "{said}");
    let (retained, said) = wenban(&["retain", "--today", "2026-12-02", "--database", url, "--keys", &key_folder], "");
    assert!(retained, "{said}");

    rekeyed(dir.path(), url, &key_folder);
    let export = dir.path().join("people.csv");
    fs::write(&export, "id_number,name,phone\n").unwrap();
    let (imported, said) = wenban(&["import", "--database", url, "--keys", &key_folder, "people", &export.display().to_string()], "");
    assert!(imported, "{said}");

    moved(dir.path(), url, &key_folder).await;
    let store = store::open(url, keys()).await.unwrap();

    let own = &hall.person.key.0;
    let told = |row: &AuditRow| {
        let whose = if row.person == *own { "own" } else { "other" };
        let object = match row.object.as_str() {
            object if object == number => "matter",
            object if object == foreign.as_str() => "case",
            object if object.len() == 64 => "index",
            object if object.starts_with("cells ") => "cells",
            object if row.action == "store.restored" => object.split('@').next().unwrap(),
            object if row.action == "keys.rotated" && object.len() == 8 => "key",
            object => object,
        };
        let or_none = |text| if row.person.is_empty() { "-" } else { text };
        let purpose = if row.purpose.is_empty() { "-" } else { &row.purpose };
        let actor = row.actor.replace(own, "own");
        format!("{actor} {} {} [{object}] {purpose} {}", row.action, or_none(whose), row.outcome)
    };
    let rows = store.audit_rows(0, 100).await.unwrap();
    assert_eq!(rows.iter().map(told).collect::<Vec<_>>(), ROWS);
    let done: BTreeSet<&str> = rows.iter().map(|row| row.action.as_str()).collect();
    let missing: Vec<Act> = Act::ALL.into_iter().filter(|act| !done.contains(act.id())).collect();
    assert_eq!(missing, [], "acts that this test does not do");

    let walk = |more: &[&str]| wenban(&[&["audit", "--database", url, "--keys", &key_folder, "verify"], more].concat(), "");
    let (whole, said) = walk(&[]);
    assert!(whole && said.contains(&format!("rows {} from 1", ROWS.len())), "{said}");
    let (whole, said) = walk(&["--head", "00000000.00@99"]);
    assert!(!whole && said.contains("row 99 was there when it was anchored"), "{said}");
    fs::write(dir.path().join("audit-anchors.log"), "2026-11-24T10:30:00.000000+08:00 seq=20 hash=00\n").unwrap();
    let (whole, said) = walk(&[]);
    assert!(!whole && said.contains("row 20 had another hash"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn aud_03_every_act_leaves_its_row_and_the_person_sees_who_looked() {
    let dir = tempfile::tempdir().unwrap();
    everything(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    everything(&postgres::database().await).await;
}

/// AUD-02: the head is noted when the desk opens and when it stops, in its log and outside the data.
#[test]
fn aud_02_the_head_is_noted_outside_when_the_desk_opens_and_stops() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Command::new(env!("CARGO_BIN_EXE_wenban"));
    desk.args(["serve", "--listen", "127.0.0.1:0", "--database"]).arg(format!("sqlite://{}", dir.path().join("data/wenban.db").display()));
    desk.arg("--keys").arg(dir.path().join("keys")).env("XDG_CACHE_HOME", dir.path().join("cache")).stderr(Stdio::piped());
    let mut desk = desk.spawn().unwrap();
    let mut log = BufReader::new(desk.stderr.take().unwrap()).lines().map(Result::unwrap);
    let before: Vec<String> = log.by_ref().take_while(|line| !line.contains("audit head seq=0 hash=")).collect();
    let stopped = Command::new("kill").arg(desk.id().to_string()).status().unwrap().success();
    let after: Vec<String> = log.collect();
    assert!(stopped && desk.wait().unwrap().success(), "{before:?} {after:?}");
    assert_eq!(after.iter().filter(|line| line.contains("audit head seq=0 hash=")).count(), 1, "{after:?}");
    let anchors = fs::read_to_string(dir.path().join("audit-anchors.log")).unwrap();
    assert_eq!(anchors.lines().filter(|line| line.ends_with("+08:00 seq=0 hash=")).count(), 2, "{anchors}");
}

/// ENC-06: keys among the data would be copied along with it.
#[test]
fn enc_06_keys_in_the_data_folder_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let url = format!("sqlite://{}", data.join("wenban.db").display());
    let refused = |keys: &Path| {
        let (opened, said) = wenban(&["keys", "--database", &url, "--keys", keys.to_str().unwrap(), "list"], "");
        assert!(!opened && said.contains("lies in the data folder"), "{said}");
    };
    refused(&data.join("keys"));
    refused(&data);
    assert!(!data.exists(), "nothing is made before");
    fs::create_dir(&data).unwrap();
    std::os::unix::fs::symlink(&data, dir.path().join("elsewhere")).unwrap();
    refused(&dir.path().join("elsewhere/keys"));
}

async fn without(url: &str) {
    let hall = hall(url).await;
    let store = store::open(url, keys()).await.unwrap();
    let (one, other, third) = (terminal::peer("one"), terminal::peer("other"), terminal::peer("third"));
    hall.desk.begin_as(&one, &hall.person.id_number).await.unwrap();
    let mut raw = Raw::connect(url).await;
    raw.run("alter table audit rename to away").await;

    // At once, so that SQLite takes both in one transaction.
    let (record, guide) = tokio::join!(say(&hall, &one, "1", "养老个人账户有多少钱"), say(&hall, &other, "1", "社保卡丢了怎么办"));
    assert_eq!(record.status, Status::Failed);
    assert!(record.sources.is_empty() && !terminal::plain(&record).contains('元'), "{record:?}");
    assert_eq!(guide.status, Status::Answered, "guides go on");
    // So many that SQLite takes some of each kind in one transaction.
    let commits = (0..100).map(|n| {
        let audit = if n % 2 == 0 { vec![Entry::new(Actor::Desk, Act::RecordRead, Outcome::Allowed)] } else { Vec::new() };
        let (store, changes) = (store.clone(), Changes { audit, ..Changes::new(format!("c{n}"), hall.desk.now()) });
        tokio::spawn(async move { (n, store.commit(changes).await) })
    });
    for commit in commits.collect::<Vec<_>>() {
        let (n, outcome) = commit.await.unwrap();
        assert!(if n % 2 == 0 { matches!(outcome, Err(StoreError::Audit(_))) } else { outcome.is_ok() }, "{n}: {outcome:?}");
    }
    say(&hall, &third, "1", "查医保余额").await;
    claim(&hall, &third, "2", hall.person.name.reveal()).await;
    assert_eq!(hall.phone.count(), 0, "no code without a row");
    hall.desk.end(&one).await.unwrap();
    let wiped = store.recall("terminal:one", &MessageId("1".into())).await.unwrap();
    assert!(wiped.session.is_none(), "a conversation is wiped all the same");

    raw.run("alter table away rename to audit").await;
    hall.desk.begin_as(&one, &hall.person.id_number).await.unwrap();
    assert_eq!(say(&hall, &one, "2", "养老个人账户有多少钱").await.status, Status::Answered);
    assert_eq!(verify(&*store, &keys(), &[]).await.unwrap().fault, None, "what was refused left no hole");
}

#[tokio::test(flavor = "multi_thread")]
async fn aud_04_without_the_trail_no_record_is_read_and_guides_go_on() {
    let dir = tempfile::tempdir().unwrap();
    without(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    without(&postgres::database().await).await;
}
