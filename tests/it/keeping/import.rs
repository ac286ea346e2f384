//! The office's exports put on file.

use std::{fmt::Write as _, fs, path::PathBuf, sync::Arc};

use chrono::NaiveDate;
use wenban::{
    demo,
    domain::{money::Fen, person::Phone},
    store::{self, Keyring, PersonFile, Store, audit::verify::verify},
};

use super::Site;
use crate::support::{desk::today, postgres, raw::Raw};

/// People of the exports, and the tables that they fill.
const PEOPLE: u64 = 40;
const TABLES: [&str; 4] = ["people", "contributions", "payments", "cases"];

fn keys() -> Keyring {
    Keyring::new(&[1; 32], [2; 32])
}

fn yuan(amount: Fen) -> String {
    format!("{}.{:02}", amount.0 / 100, amount.0 % 100)
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// An enum's word in the export.
fn word<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

/// The exports of everybody's files, by kind.
fn exports(files: &[PersonFile]) -> [(&'static str, String); 4] {
    let mut people = "身份证号,姓名,手机号\n".to_owned();
    let mut contributions = "id_number,insurance,month,base,unit,personal,paid_on,employer\n".to_owned();
    let mut payments = "card_tail,state,paid_on,amount,month,kind,id_number\n".to_owned();
    let mut cases = "身份证号,受理编号,事项,状态,受理日期,办结期限,说明,环节\n".to_owned();
    for PersonFile { person, contributions: paid, payments: drawn, cases: filed, .. } in files {
        let number = person.id_number.reveal();
        writeln!(people, "{number},{},{}", person.name.reveal(), person.phone.as_ref().map_or("", Phone::reveal)).unwrap();
        for row in paid {
            let (base, unit, personal, on) = (yuan(row.base), yuan(row.unit), yuan(row.personal), day(row.paid_on));
            let insurance = row.insurance.id();
            writeln!(contributions, "{number},{insurance},{},{base},{unit},{personal},{on},{}", row.month, row.employer).unwrap();
        }
        for row in drawn {
            let (state, on, amount, kind) = (word(row.state), day(row.paid_on), yuan(row.amount), word(row.kind));
            writeln!(payments, "{},{state},{on},{amount},{},{kind},{number}", row.card_tail, row.month).unwrap();
        }
        for row in filed {
            let steps: Vec<String> = row.steps.iter().map(|step| format!("{}/{}/{}", day(step.on), step.what, step.holder)).collect();
            let (on, due, note, state) = (row.accepted_on, day(row.due_on), row.note.as_deref().unwrap_or_default(), word(row.state));
            writeln!(cases, "{number},{},{},{state},{on},{due},{note},{}", row.number, row.matter, steps.join("|")).unwrap();
        }
    }
    [("people", people), ("contributions", contributions), ("payments", payments), ("cases", cases)]
}

impl Site {
    fn export(&self, text: &str) -> PathBuf {
        let path = self.dir.path().join("export.csv");
        fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, kind: &str, text: &str) -> (bool, String) {
        let path = self.export(text);
        self.wenban(&["import", kind, &path.display().to_string(), "--today", "2026-11-24", "--as-of", "2026-11-20"])
    }
}

async fn same(store: &dyn Store, file: &PersonFile) {
    let person = store.person_by_id_number(&file.person.id_number).await.unwrap().unwrap();
    assert_eq!((&person.name, &person.phone), (&file.person.name, &file.person.phone));
    assert_eq!(store.contributions(&person.key, None, None).await.unwrap(), file.contributions);
    let mut payments = file.payments.clone();
    payments.sort_by_key(|row| (std::cmp::Reverse(row.month), row.kind as u8));
    assert_eq!(store.payments(&person.key, None).await.unwrap(), payments);
    assert_eq!(store.cases(&person.key).await.unwrap(), file.cases);
}

async fn imported(site: &Site) {
    let files: Vec<PersonFile> = (0..PEOPLE).map(|n| demo::person(7, n, today())).collect();
    let exports = exports(&files);
    // Without people nothing else has an owner, and no line of it stays.
    let (done, said) = site.import("cases", &exports[3].1);
    assert!(!done && said.contains("export.csv:2: nobody with this identity number is on file"), "{said}");
    for (kind, text) in &exports {
        let lines = text.lines().count() - 1;
        let (done, said) = site.import(kind, text);
        assert!(done && said.contains(&format!("{lines} lines, {lines} new or changed")), "{kind}: {said}");
        let (again, said) = site.import(kind, text);
        assert!(again && said.contains(&format!("{lines} lines, 0 new or changed")), "{kind} again: {said}");
    }
    let store = store::open(&site.database, keys()).await.unwrap();
    for file in &files {
        same(&*store, file).await;
    }
    assert_eq!(store.as_of("contributions").await.unwrap(), NaiveDate::from_ymd_opt(2026, 11, 20));

    // One of many lines is bad: all are named, and nothing of the file is there.
    let mut raw = Raw::connect(&site.database).await;
    let counted = async |raw: &mut Raw| {
        let mut counts = Vec::new();
        for table in TABLES {
            counts.push(raw.count(table).await);
        }
        counts
    };
    let before = counted(&mut raw).await;
    let head = store.audit_head().await.unwrap();
    let mut text = exports[1].1.clone();
    let (number, other) = (files[0].person.id_number.reveal(), files[1].person.id_number.reveal());
    let first = text.lines().count() + 1;
    for line in [
        format!("{number},pension,2030-01,1,1,1,,新单位"),
        format!("{number},pension,2030-01,2,1,1,,新单位"),
        format!("{number},养老,2030-02,1,1,1,,新单位"),
        "441399196501010177,pension,2030-01,1,1,1,,新单位".to_owned(),
        format!("{number},pension,2030-03"),
    ] {
        writeln!(text, "{line}").unwrap();
    }
    let (done, said) = site.import("contributions", &text);
    let faults: Vec<&str> = said.lines().filter_map(|line| line.split_once("export.csv:").map(|(_, fault)| fault)).collect();
    let expected = [
        "an earlier line of this file is about the same",
        "insurance (险种): none of 职工基本养老保险、职工基本医疗保险、失业保险、工伤保险、生育保险、城乡居民基本养老保险、城乡居民基本医疗保险",
        "nobody with this identity number is on file: import people first",
        "base (缴费基数): the line is too short",
    ];
    let expected: Vec<String> = (first + 1..).zip(expected).map(|(at, fault)| format!("{at}: {fault}")).collect();
    assert!(!done && said.contains("4 of") && faults == expected, "{said}");
    let case = exports[3].1.lines().nth(1).unwrap();
    let stolen = format!("{}\n{}\n", exports[3].1.lines().next().unwrap(), case.replace(&case[..18], other));
    let (done, said) = site.import("cases", &stolen);
    assert!(!done && said.contains("export.csv:2: the number belongs to another person's case"), "{said}");
    assert_eq!((counted(&mut raw).await, store.audit_head().await.unwrap()), (before.clone(), head), "nothing half-loaded");

    // What changed is changed, and nothing else.
    let (done, said) = site.import("people", &format!("身份证号,姓名,手机号\n{number},改名,13900001111\n{other},,\n"));
    assert!(!done && said.contains("export.csv:3: name (姓名): empty"), "{said}");
    let (done, said) = site.import("people", &format!("身份证号,姓名,手机号\n{number},改名,13900001111\n"));
    assert!(done && said.contains("1 lines, 1 new or changed"), "{said}");
    let renamed = store.person_by_id_number(&files[0].person.id_number).await.unwrap().unwrap();
    assert_eq!((renamed.name.reveal(), renamed.phone.as_ref().map(Phone::reveal)), ("改名", Some("13900001111")));
    assert_eq!(store.contributions(&renamed.key, None, None).await.unwrap(), files[0].contributions, "registers stay");
    assert_eq!(counted(&mut raw).await, before);
    assert_eq!(verify(&*store, &keys(), &[]).await.unwrap().fault, None);
    over_what_was_there(site, &store, &mut raw).await;
}

/// Payments that were put on file with everything else give way to the export's.
async fn over_what_was_there(site: &Site, store: &Arc<dyn Store>, raw: &mut Raw) {
    let file = (1_000..9_000).map(|n| demo::person(7, n, today())).find(|file| file.payments.len() > 2).unwrap();
    store.put_people(vec![file.clone()]).await.unwrap();
    let before = raw.count("payments").await;
    let (done, said) = site.import("payments", &exports(std::slice::from_ref(&file))[2].1);
    assert!(done, "{said}");
    assert_eq!(raw.count("payments").await, before);
    same(&**store, &file).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_are_put_on_file_whole_or_not_at_all_on_sqlite() {
    let site = Site::new();
    imported(&site).await;
    let number = demo::person(7, 0, today()).person.id_number;
    for entry in fs::read_dir(site.dir.path().join("data")).unwrap() {
        // The log goes when the last who had it open is gone.
        let bytes = fs::read(entry.unwrap().path()).unwrap_or_default();
        let clear = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!clear(number.reveal()) && !clear("13900001111") && !clear("改名"), "personal columns are sealed");
    }
    let server = crate::support::program::Server::start(&site.place());
    let (done, said) = site.import("people", "身份证号,姓名,手机号\n");
    assert!(!done && said.contains(&format!("is in use by process {}", server.id())), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_are_put_on_file_whole_or_not_at_all_on_postgres() {
    let site = Site { database: postgres::database().await, ..Site::new() };
    imported(&site).await;
}

/// The examples of `docs/import.md`, and files that are none.
#[test]
fn the_guide_to_imports_says_what_is_so() {
    let site = Site::new();
    let guide = include_str!("../../../docs/import.md");
    let examples: Vec<&str> = guide.split("```csv\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    for (kind, example) in TABLES.into_iter().zip(&examples) {
        let (done, said) = site.import(kind, &format!("\u{feff}{example}"));
        assert!(done, "{kind}: {said}");
    }
    assert_eq!(examples.len(), TABLES.len());
    let (done, said) = site.import("people", "姓名,手机号\n");
    assert!(!done && said.contains("export.csv:1: there is no column id_number (身份证号)"), "{said}");
    let path = site.export("");
    fs::write(&path, [0xd0, 0xd5, 0xc3, 0xfb, b'\n']).unwrap();
    let (done, said) = site.wenban(&["import", "people", &path.display().to_string()]);
    assert!(!done && said.contains("is not in UTF-8"), "{said}");
    let (done, said) = site.wenban(&["import", "people", "nowhere.csv"]);
    assert!(!done && said.contains("nowhere.csv"), "{said}");
}
