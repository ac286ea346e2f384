//! Sign-in with a real OpenID provider (npm `oidc-provider`, `tests/oidc`), and what others try with it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Client, RequestBuilder, Url, header::HeaderMap, redirect::Policy};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use wenban::{
    channels::{
        oidc::{BACK, Config, Provider},
        web::{Settings, serve},
    },
    domain::clock::Clock as _,
};

use super::text;
use crate::support::{
    desk::{Hall, small_hall},
    raw::Raw,
};

/// Such as must be encoded on its way.
const SECRET: &str = "a+secret:of%ours";

/// A desk on a socket whose residents sign in with a provider beside it.
struct Bureau {
    hall: Hall,
    site: String,
    provider: Child,
    dir: tempfile::TempDir,
}

impl Drop for Bureau {
    fn drop(&mut self) {
        // It may have gone already.
        let _ = self.provider.kill();
        let _ = self.provider.wait();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc")
}

/// Starts the provider; gives its issuer too.
fn provider(back: &str, people: &Value, claims: &str) -> (Child, String) {
    assert!(folder().join("node_modules/oidc-provider").is_dir(), "these tests need their provider: npm ci --prefix tests/oidc");
    let mut node = Command::new("node");
    node.arg(folder().join("provider.mjs")).args([back, &people.to_string(), claims]);
    let mut node = node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut issuer = String::new();
    BufReader::new(node.stdout.take().unwrap()).read_line(&mut issuer).unwrap();
    (node, issuer.trim().to_owned())
}

/// Our side of it, for browsers that come to `site`.
fn config(issuer: &str, site: &str, dir: &Path) -> Config {
    let secret = dir.join("oidc.secret");
    if !secret.exists() {
        fs::write(&secret, SECRET).unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o400)).unwrap();
    }
    let claims = ["name".to_owned(), "id_number".to_owned()];
    let (issuer, client) = (issuer.to_owned(), "wenban".to_owned());
    Config { issuer, client, secret, scope: "openid profile".to_owned(), claims, site: site.to_owned() }
}

impl Bureau {
    /// Claims are told at the userinfo endpoint, or `in-token`.
    async fn open(claims: &str) -> Self {
        let (dir, hall) = small_hall().await;
        // The provider's tokens are of today.
        let today = DateTime::<Utc>::from(fs::metadata(dir.path()).unwrap().modified().unwrap());
        hall.clock.pass(today - hall.clock.now());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = format!("http://{}", listener.local_addr().unwrap());
        let person = &hall.person;
        let people = json!({
            "somebody": {"name": person.name.reveal(), "id_number": person.id_number.reveal()},
            "stranger": {"name": "无此人", "id_number": "441399196501010177"},
            "nameless": {"id_number": person.id_number.reveal()},
        });
        let (provider, issuer) = provider(&format!("{site}{BACK}"), &people, claims);
        let ours = Provider::open(config(&issuer, &site, dir.path())).unwrap();
        let settings = Settings { provider: Some(ours), ..Settings::default() };
        tokio::spawn(serve(hall.desk.clone(), listener, settings, CancellationToken::new()));
        Self { hall, site, provider, dir }
    }

    /// A conversation that stands at the question for the name.
    async fn visit(&self) -> Visit<'_> {
        let opened = self.hall.desk.open(wenban::domain::message::ChannelKind::Widget).await.unwrap();
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        let visit = Visit { bureau: self, http, id: opened.id, token: opened.token, cookies: Mutex::default() };
        visit.turn(json!({"message_id": "1", "text": "养老个人账户有多少钱"})).await;
        let asked = visit.turn(json!({"message_id": "2", "text": "同意"})).await.1;
        assert_eq!(asked["expects"]["kind"], "name", "{asked}");
        visit
    }

    async fn counted(&self) -> i64 {
        let url = format!("sqlite://{}", self.dir.path().join("wenban.db").display());
        Raw::connect(&url).await.count("counters").await
    }
}

/// Somebody's browser with a conversation open.
struct Visit<'a> {
    bureau: &'a Bureau,
    http: Client,
    id: String,
    token: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What came back.
struct Seen {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Visit<'_> {
    async fn send(&self, request: RequestBuilder) -> Seen {
        let kept = self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let answer = request.header("cookie", kept).send().await.unwrap();
        for line in answer.headers().get_all("set-cookie") {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        Seen { status: answer.status().as_u16(), headers: answer.headers().clone(), body: answer.text().await.unwrap() }
    }

    /// A turn: the new token, and the reply.
    async fn turn(&self, message: Value) -> (Option<String>, Value) {
        let turns = format!("{}/api/v1/conversations/{}/turns", self.bureau.site, self.id);
        let seen = self.send(self.http.post(turns).bearer_auth(&self.token).json(&message)).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        (seen.headers.get("x-wenban-token").map(|token| token.to_str().unwrap().to_owned()), serde_json::from_str(&seen.body).unwrap())
    }

    async fn claim(&self, id: &str) -> (Option<String>, Value) {
        self.turn(json!({"message_id": id, "proof": {"sign_in": true}})).await
    }

    async fn begin(&self) -> Seen {
        let place = format!("{}/api/v1/conversations/{}/sign-in", self.bureau.site, self.id);
        self.send(self.http.post(place).bearer_auth(&self.token)).await
    }

    /// The provider's address that a sign-in goes on at.
    async fn entrance(&self) -> Url {
        let begun = self.begin().await;
        assert_eq!(begun.status, 200, "{}", begun.body);
        text(&serde_json::from_str::<Value>(&begun.body).unwrap()["url"]).parse().unwrap()
    }

    /// Fills the provider's forms in; gives where it sends the browser, which has not gone there yet.
    async fn log_in(&self, entrance: Url, login: &str) -> Url {
        let mut at = entrance;
        for _ in 0..12 {
            let page = self.send(self.http.get(at.clone())).await;
            let page = if page.status == 200 {
                let prompt = if page.body.contains(r#"name="login""#) { "login" } else { "consent" };
                self.send(self.http.post(at.clone()).form(&[("prompt", prompt), ("login", login), ("password", "-")])).await
            } else {
                page
            };
            let next = page.headers.get("location").unwrap_or_else(|| panic!("{at}: {} {}", page.status, page.body));
            at = at.join(next.to_str().unwrap()).unwrap();
            if at.path() == BACK {
                return at;
            }
        }
        panic!("{at} leads in a circle");
    }

    async fn go(&self, url: &Url) -> Seen {
        self.send(self.http.get(url.clone())).await
    }

    /// All of it, up to the page that says so.
    async fn sign_in(&self, login: &str) -> Seen {
        let back = self.log_in(self.entrance().await, login).await;
        self.go(&back).await
    }
}

fn said(reply: &Value) -> String {
    reply["blocks"].to_string()
}

/// security.md §0.9, CKE-02: from the address to a record, whichever way the provider tells the claims.
#[tokio::test(flavor = "multi_thread")]
async fn cke_02_who_signs_in_with_the_provider_is_checked() {
    for claims in ["userinfo", "in-token"] {
        let bureau = Bureau::open(claims).await;
        let visit = bureau.visit().await;
        let begun = visit.begin().await;
        let cookie = begun.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with("wenban-sign-in=") && cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"), "{cookie}");
        let slip = cookie.split(['=', ';']).nth(1).unwrap();
        assert!(!begun.body.contains(slip), "the page never sees it");
        let entrance: Url = text(&serde_json::from_str::<Value>(&begun.body).unwrap()["url"]).parse().unwrap();
        let asked: BTreeMap<_, _> = entrance.query_pairs().into_owned().collect();
        assert_eq!((asked["code_challenge_method"].as_str(), asked["code_challenge"].len()), ("S256", 43));
        assert_eq!((asked["response_type"].as_str(), asked["state"].len(), asked["nonce"].len()), ("code", 64, 64));
        let back = visit.log_in(entrance, "somebody").await;
        let page = visit.go(&back).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains("已核对，请回到原来的页面"), "{}", page.body);
        let person = &bureau.hall.person;
        assert!(!page.body.contains(person.name.reveal()) && !page.body.contains(person.id_number.reveal()), "{}", page.body);
        assert!(page.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        assert_eq!(
            (page.headers["cache-control"].to_str().unwrap(), page.headers["referrer-policy"].to_str().unwrap()),
            ("no-store", "no-referrer")
        );
        let (token, reply) = visit.claim("3").await;
        assert_eq!(reply["status"], "answered", "{reply}");
        assert!(token.is_some_and(|token| token != visit.token), "SES-01");
    }
}

/// CSF-01: a return without the cookie of the browser that began completes nothing, so that nobody is led to complete another's
/// sign-in; with it, it is good once, for its own state.
#[tokio::test(flavor = "multi_thread")]
async fn csf_01_a_return_counts_in_the_browser_that_began_once() {
    let bureau = Bureau::open("userinfo").await;
    let (attacker, victim) = (bureau.visit().await, bureau.visit().await);
    let lure = attacker.entrance().await;
    let back = victim.log_in(lure, "somebody").await;
    assert_eq!(victim.go(&back).await.status, 400, "the victim's browser began nothing");
    victim.entrance().await;
    assert_eq!(victim.go(&back).await.status, 400, "nor this");
    assert!(said(&attacker.claim("3").await.1).contains("没有收到"));

    let own = bureau.visit().await;
    let back = own.log_in(own.entrance().await, "somebody").await;
    let mut other = back.clone();
    other.query_pairs_mut().clear().append_pair("code", "x").append_pair("state", &"0".repeat(64));
    assert_eq!(own.send(own.http.get(other)).await.status, 400, "another state");
    let fresh = own.entrance().await;
    assert_eq!(own.go(&back).await.status, 400, "the state of a sign-in before the last");
    let again = own.log_in(fresh, "somebody").await;
    let stolen = |code: &Url| code.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let state = again.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let mut mixed = again.clone();
    mixed.query_pairs_mut().clear().append_pair("code", &stolen(&back)).append_pair("state", &state);
    assert_eq!(own.go(&mixed).await.status, 400, "the code of another sign-in: PKCE");
    assert_eq!(own.go(&again).await.status, 400, "which used its state up");

    let kept = own.log_in(own.entrance().await, "somebody").await;
    let slip = own.cookies.lock().unwrap().clone();
    assert_eq!(own.go(&kept).await.status, 200);
    assert_eq!(own.cookies.lock().unwrap()["wenban-sign-in"], "", "it is not kept longer than needed");
    *own.cookies.lock().unwrap() = slip;
    assert_eq!(own.go(&kept).await.status, 400, "the second time");
    let stranger = bureau.visit().await;
    assert!(said(&stranger.claim("3").await.1).contains("没有收到"), "it is another conversation's");
    assert_eq!(own.claim("3").await.1["status"], "answered", "and this one's still");
}

/// CKE-02: ten minutes to sign in, two to claim it, once; what it leads to is told in words, and other ways stay open.
#[tokio::test(flavor = "multi_thread")]
async fn cke_02_a_sign_in_runs_out() {
    let bureau = Bureau::open("userinfo").await;
    for (seconds, status) in [(599, 200), (600, 400)] {
        let visit = bureau.visit().await;
        let back = visit.log_in(visit.entrance().await, "somebody").await;
        bureau.hall.clock.pass(TimeDelta::seconds(seconds));
        assert_eq!(visit.go(&back).await.status, status, "{seconds}");
    }
    for (seconds, taken) in [(119, true), (120, false)] {
        let visit = bureau.visit().await;
        assert_eq!(visit.sign_in("somebody").await.status, 200);
        bureau.hall.clock.pass(TimeDelta::seconds(seconds));
        let (_, reply) = visit.claim("3").await;
        assert_eq!(reply["status"] == "answered", taken, "{seconds}: {reply}");
        if !taken {
            assert!(said(&reply).contains("没有收到") && reply["expects"]["kind"] == "name", "{reply}");
        }
    }
    let counted = bureau.counted().await;
    let visit = bureau.visit().await;
    assert_eq!(visit.sign_in("nameless").await.status, 400, "no name is told");
    let refused: Url = format!("{}{BACK}?error=access_denied&state=x", bureau.site).parse().unwrap();
    let page = visit.go(&refused).await;
    assert!(page.status == 400 && page.body.contains("登录没有完成"), "{}", page.body);
    assert!(said(&visit.claim("3").await.1).contains("没有收到"));
    assert_eq!(bureau.counted().await, counted, "nothing of it is counted");
    // Another browser: this one's is known to the provider by now.
    let visit = bureau.visit().await;
    assert_eq!(visit.sign_in("stranger").await.status, 200);
    let (_, reply) = visit.claim("3").await;
    assert!(reply["status"] == "refused" && said(&reply).contains("没有查到"), "{reply}");
    // An hour is the life of an id token, by our clock.
    let late = bureau.visit().await;
    bureau.hall.clock.pass(TimeDelta::hours(2));
    let later = bureau.visit().await;
    assert_eq!(later.sign_in("somebody").await.status, 400, "its token is out of date");
    assert_eq!(late.begin().await.status, 200);
}

/// The desk goes on without its provider, and says so; what is behind TLS keeps its cookie to this host.
#[tokio::test(flavor = "multi_thread")]
async fn cke_02_without_its_provider_the_desk_goes_on() {
    let mut bureau = Bureau::open("userinfo").await;
    let visit = bureau.visit().await;
    let foreign = visit.http.post(format!("{}/api/v1/conversations/{}/sign-in", bureau.site, visit.id)).bearer_auth("another");
    assert_eq!(visit.send(foreign).await.status, 404);

    let issuer = visit.entrance().await.origin().ascii_serialization();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let secure = Provider::open(config(&issuer, "https://desk.example", bureau.dir.path())).unwrap();
    let settings = Settings { provider: Some(secure), ..Settings::default() };
    tokio::spawn(serve(bureau.hall.desk.clone(), listener, settings, CancellationToken::new()));
    let begun = visit.http.post(format!("http://{address}/api/v1/conversations/{}/sign-in", visit.id)).bearer_auth(&visit.token);
    let cookie = visit.send(begun).await.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("__Host-wenban-sign-in=") && cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );

    let back = visit.log_in(visit.entrance().await, "somebody").await;
    let Visit { id, token, cookies, .. } = visit;
    bureau.provider.kill().unwrap();
    bureau.provider.wait().unwrap();
    let visit = Visit { id, token, cookies, ..bureau.visit().await };
    let counted = bureau.counted().await;
    let down = visit.begin().await;
    assert!(down.status == 503 && down.body.contains("sign-in-down"), "{}", down.body);
    assert_eq!(visit.go(&back).await.status, 400);
    assert_eq!(bureau.counted().await, counted);
    let person = &bureau.hall.person;
    let proof = json!({"name": person.name.reveal(), "id_number": person.id_number.reveal()});
    assert_eq!(visit.turn(json!({"message_id": "9", "proof": proof})).await.1["expects"]["kind"], "otp");
}

/// A desk without a provider says so.
#[tokio::test]
async fn cke_02_a_desk_may_have_no_provider() {
    let browser = super::Browser::new().await;
    let talk = browser.open().await;
    let none = browser.post(&format!("{}/sign-in", talk.path), Some(&talk.token), &json!({})).await;
    assert_eq!((none.status, none.problem().as_str()), (404, "no-sign-in"));
    assert_eq!(browser.ask("GET", "/sign-in/return?code=x&state=y").await.status, 404);
}
