//! Certificates: issued to a checked person, printed for the holder of the token, checked by anybody.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use axum::{
    body::to_bytes,
    http::{HeaderMap, header},
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use wenban::{
    domain::{entity::Insurance, fact::Contribution, money::Fen, month::Month},
    store::{CertificateChange, Changes},
};

use super::{Browser, Seen, Talk, request, text};
use crate::support::desk::{Hall, hall, somebody, today, without_papers};

/// A browser at a desk whose clock, phone and store are at hand.
struct Visit {
    browser: Browser,
    talk: Talk,
}

impl Visit {
    fn hall(&self) -> &Hall {
        &self.browser.1
    }

    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let hall = hall(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
        let browser = Browser::at(hall, dir);
        let talk = browser.open().await;
        Self { browser, talk }
    }

    async fn say(&mut self, id: &str, said: Value) -> Value {
        let mut message = said;
        message["message_id"] = json!(id);
        let seen = self.browser.say(&self.talk, &message).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        if let Some(token) = seen.headers.get("X-Wenban-Token") {
            token.to_str().unwrap().clone_into(&mut self.talk.token);
        }
        seen.json()
    }

    /// Asks for a certificate of all there is, and shows who it is for.
    async fn issue(&mut self) -> Value {
        let mut reply = self.say("1", json!({"text": "我要打印参保证明"})).await;
        for (id, label) in [("2", "在这里开我的证明"), ("3", "全部险种"), ("4", "全部"), ("5", "对，开证明")] {
            reply = self.say(id, json!({"choice": choice(&reply, label)})).await;
        }
        assert_eq!(reply["status"], "verify", "ACR-01: a certificate needs a checked person: {reply}");
        self.say("agreed", json!({"choice": choice(&reply, "同意并继续")})).await;
        let person = &self.hall().person;
        let proof = json!({"proof": {"name": person.name.reveal(), "id_number": person.id_number.reveal()}});
        self.say("6", proof).await;
        let code = self.hall().phone.code().unwrap();
        self.say("7", json!({"proof": {"otp": code}})).await
    }

    async fn get(&self, path: &str, token: Option<&str>, accept: &str) -> Seen {
        let mut request = request("GET", path, token, "");
        request.headers_mut().insert(header::ACCEPT, accept.parse().unwrap());
        self.browser.send(request).await
    }

    async fn own(&self, path: &str, accept: &str) -> Seen {
        self.get(path, Some(&self.talk.token), accept).await
    }

    async fn pdf(&self, path: &str) -> (HeaderMap, Vec<u8>) {
        let response = self.browser.0.clone().oneshot(request("GET", path, Some(&self.talk.token), "")).await.unwrap();
        assert_eq!(response.status(), 200);
        let (head, body) = response.into_parts();
        (head.headers, to_bytes(body, 1 << 22).await.unwrap().to_vec())
    }

    async fn check(&self, code: &str) -> Value {
        let seen = self.get(&format!("/verify/{code}"), None, "application/json").await;
        assert_eq!((seen.status, seen.header("content-type")), (200, "application/json"));
        seen.json()
    }
}

fn choice(reply: &Value, label: &str) -> Value {
    let choices = reply["choices"].as_array().unwrap();
    let found = choices.iter().find(|choice| choice["label"] == label);
    found.unwrap_or_else(|| panic!("no {label} in {reply}"))["id"].clone()
}

/// The block of the paper in a reply.
fn paper(reply: &Value) -> &Value {
    let blocks = reply["blocks"].as_array().unwrap();
    blocks.iter().find(|block| block["kind"] == "document").unwrap_or_else(|| panic!("no paper in {reply}"))
}

/// What poppler reads, page by page. The file stays for whoever wants to look at it.
fn pages(pdf: &[u8], name: &str) -> Vec<String> {
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), pdf).unwrap();
    let mut reader = Command::new("pdftotext").args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = String::from_utf8(reader.wait_with_output().unwrap().stdout).unwrap();
    let pages: Vec<String> = text.split_terminator('\u{c}').map(ToOwned::to_owned).collect();
    assert_eq!(pages.len(), text.matches('\u{c}').count());
    pages
}

/// CER-01, ENU-11: the paper is had by the token alone, shows name and number masked, and its code shows less.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_issued_printed_and_checked() {
    let mut visit = Visit::new().await;
    let reply = visit.issue().await;
    let (code, url, check) = (text(&paper(&reply)["code"]), text(&paper(&reply)["url"]), text(&paper(&reply)["check"]));
    assert_eq!(url, format!("{}/documents/1", visit.talk.path), "the URL names a random conversation and a count");
    assert_eq!(check, format!("https://desk.example/verify/{code}"));
    assert_eq!(code.len(), 19);

    let person = &visit.hall().person;
    let (name, number) = (person.name.reveal(), person.id_number.reveal());
    let (headers, pdf) = visit.pdf(&url).await;
    assert!(headers[header::CONTENT_TYPE] == "application/pdf" && headers[header::CACHE_CONTROL] == "no-store");
    let printed = pages(&pdf, "certificate-short.pdf").concat();
    let page = visit.own(&url, "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("cache-control"), "no-store");
    let months = |insurance: Insurance| {
        let paid = somebody().contributions.into_iter().filter(|row| row.insurance == insurance && row.paid_on.is_some());
        paid.map(|row| row.month).collect::<std::collections::BTreeSet<_>>().len()
    };
    for shown in [&printed, &page.body] {
        for wanted in [
            code.as_str(),
            person.name.masked().as_str(),
            person.id_number.masked().as_str(),
            "企业职工基本养老保险",
            &format!("共缴 {} 个月", months(Insurance::Pension)),
            &format!("共缴 {} 个月", months(Insurance::Medical)),
            "没有公章",
        ] {
            assert!(shown.contains(wanted), "no {wanted} in\n{shown}");
        }
        assert!(!shown.contains(name) && !shown.contains(number));
    }
    for leaked in [name, number] {
        assert!(!url.contains(leaked) && !check.contains(leaked));
    }

    let issued = today().to_string();
    let known = json!({"genuine": true, "kind": "社会保险参保缴费证明", "name": person.name.masked(), "issued_on": issued});
    for spelled in [code.clone(), code.replace('-', ""), code.to_lowercase()] {
        assert_eq!(visit.check(&spelled).await, known, "and nothing else");
    }
}

/// CER-01: who tries codes learns nothing but no, in an answer of the same length.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_looks_like_a_right_one_but_for_the_answer() {
    let mut visit = Visit::new().await;
    let code = text(&paper(&visit.issue().await)["code"]);
    let last = if code.ends_with('0') { "1" } else { "0" };
    let near = format!("{}{last}", &code[..18]);
    let right = visit.get(&format!("/verify/{code}"), None, "text/html").await;
    assert!(right.body.contains("这份证明是真的") && right.body.contains(&visit.hall().person.name.masked()));
    for wrong in [near.as_str(), "0000-0000-0000-0000", "x", "%E5%BC%A0", "%00", "%FF"] {
        assert_eq!(visit.check(wrong).await, json!({"genuine": false}), "{wrong}");
        let page = visit.get(&format!("/verify/{wrong}"), None, "*/*").await;
        assert!(page.body.contains("查不到这份证明"), "{}", page.body);
        assert_eq!((page.status, page.body.len()), (right.status, right.body.len()), "{wrong}");
        for name in ["content-type", "content-security-policy", "cache-control", "referrer-policy"] {
            assert!(!page.header(name).is_empty());
            assert_eq!(page.header(name), right.header(name));
        }
    }
    visit.hall().clock.pass(TimeDelta::days(90));
    assert_eq!(visit.check(&code).await["genuine"], true, "on its last day");
    visit.hall().clock.pass(TimeDelta::days(1));
    assert_eq!(visit.check(&code).await, json!({"genuine": false}), "and no longer");
}

/// ENU-11, SES-20: another conversation, another number, a check that lapsed or was given up open nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_paper_is_for_its_holder_alone() {
    let mut visit = Visit::new().await;
    let url = text(&paper(&visit.issue().await)["url"]);
    let other = visit.browser.open().await;
    assert_eq!(visit.get(&url, None, "*/*").await.problem(), "no-token");
    assert_eq!(visit.get(&url, Some(&other.token), "*/*").await.problem(), "no-conversation");
    assert_eq!(visit.get(&format!("{}/documents/1", other.path), Some(&other.token), "*/*").await.problem(), "no-document");
    for number in ["2", "0", "-1", "x", "99999999999999999999"] {
        let path = format!("{}/documents/{number}", visit.talk.path);
        assert_eq!(visit.own(&path, "text/html").await.problem(), "no-document", "{number}");
    }
    visit.hall().clock.pass(TimeDelta::minutes(4));
    assert_eq!(visit.own(&url, "text/html").await.status, 200);
    visit.hall().clock.pass(TimeDelta::minutes(2));
    assert_eq!(visit.own(&url, "text/html").await.problem(), "no-document");

    let mut visit = Visit::new().await;
    let url = text(&paper(&visit.issue().await)["url"]);
    visit.say("8", json!({"text": "再见"})).await;
    assert_eq!(visit.own(&url, "text/html").await.problem(), "no-document", "whoever comes next is somebody else");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_makes_one_certificate_and_one_taken_back_is_gone() {
    let mut visit = Visit::new().await;
    let reply = visit.issue().await;
    let again = visit.say("7", json!({"proof": {"otp": visit.hall().phone.code().unwrap()}})).await;
    assert_eq!(paper(&again), paper(&reply), "the same message again has the same paper");
    let store = &visit.hall().store;
    let id = visit.talk.path.rsplit('/').next().unwrap();
    let issued = store.certificates(id).await.unwrap();
    assert_eq!(issued.len(), 1);
    let code = text(&paper(&reply)["code"]);
    let taken_back = CertificateChange::Revoked(issued[0].content.code.clone());
    store.commit(Changes { certificates: vec![taken_back], ..Changes::new("staff desk", visit.hall().desk.now()) }).await.unwrap();
    assert_eq!(visit.check(&code).await, json!({"genuine": false}));
    assert_eq!(visit.own(&text(&paper(&reply)["url"]), "text/html").await.problem(), "no-document");
}

/// Thirty years of two insurances, and never two months alike.
fn thirty_years() -> Vec<Contribution> {
    let last = Month::of(today()).plus(-1);
    let row = |(insurance, month): (Insurance, i32)| {
        let base = Fen::yuan(4_000 + i64::from(month) * 61);
        Contribution {
            insurance,
            month: last.plus(month - 359),
            base,
            unit: base.share_half_up(1_600),
            personal: base.share_half_up(800),
            paid_on: Some(last.plus(month - 359).first_day()),
            employer: format!("惠州虚构{}号电子有限公司", month / 90 + 1),
        }
    };
    let months = |insurance| (0..360).filter(|month| month % 17 != 5).map(move |month| (insurance, month));
    months(Insurance::Pension).chain(months(Insurance::Medical)).map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_years_fill_several_pages_each_with_its_code_and_the_same_whenever_printed() {
    let mut visit = Visit::new().await;
    let mut file = somebody();
    file.contributions = thirty_years();
    let store = &visit.hall().store;
    store.put_people(vec![file.clone()]).await.unwrap();
    let reply = visit.issue().await;
    let (code, url) = (text(&paper(&reply)["code"]), text(&paper(&reply)["url"]));
    let (_, pdf) = visit.pdf(&url).await;
    assert_eq!(pdf, visit.pdf(&url).await.1, "byte for byte");
    let pages = pages(&pdf, "certificate-long.pdf");
    assert!((3..=5).contains(&pages.len()), "{} pages", pages.len());
    for (page, number) in pages.iter().zip(1..) {
        assert!(page.contains(&code) && page.contains(&format!("第 {number} 页，共 {} 页", pages.len())), "{page}");
    }
    for insurance in [Insurance::Pension, Insurance::Medical] {
        for year in 1996..=2026 {
            let of = |row: &&Contribution| row.insurance == insurance && row.month.year() == year;
            let rows: Vec<&Contribution> = file.contributions.iter().filter(of).collect();
            let sum = |part: fn(&Contribution) -> Fen| rows.iter().map(|row| part(row)).sum::<Fen>().grouped();
            let (unit, personal) = (sum(|row| row.unit), sum(|row| row.personal));
            let told = pages.iter().flat_map(|page| page.lines()).filter(|line| {
                let cells: Vec<&str> = line.split_whitespace().collect();
                cells.first() == Some(&year.to_string().as_str())
                    && cells.get(2) == Some(&rows.len().to_string().as_str())
                    && cells.ends_with(&[unit.as_str(), personal.as_str()])
            });
            assert_eq!(told.count(), 2, "{year} in both tables, which are alike");
        }
    }
    let continued = pages[1..].iter().filter(|page| page.contains("（续）")).count();
    assert_eq!(continued, pages.len() - 1, "a loose page says whose it is and of what");
    assert!(pages.iter().all(|page| page.contains(&visit.hall().person.name.masked())));
    assert!(pdf.len() < 200_000, "{} bytes: the font is cut down to what is used", pdf.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_font_the_desk_names_the_other_ways() {
    let dir = tempfile::tempdir().unwrap();
    let hall = without_papers(&format!("sqlite://{}", dir.path().join("wenban.db").display())).await;
    let browser = Browser::at(hall, dir);
    let talk = browser.open().await;
    let reply = browser.say(&talk, &json!({"message_id": "1", "text": "我要打印参保证明"})).await;
    assert!(reply.body.contains("这里不能打印证明") && reply.body.contains("粤省事"), "{}", reply.body);
    assert!(!reply.body.contains("在这里开我的证明"));
    let none = browser.send(request("GET", &format!("{}/documents/1", talk.path), Some(&talk.token), "")).await;
    assert_eq!(none.problem(), "no-document");
    let missing = wenban::channels::web::can_print(Path::new("/nowhere.ttc")).unwrap_err();
    assert!(missing.contains("/nowhere.ttc"), "{missing}");
    let latin = Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
    assert!(!latin.exists() || wenban::channels::web::can_print(latin).unwrap_err().contains("has no"));
}
