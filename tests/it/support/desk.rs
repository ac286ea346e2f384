//! The real desk over a fresh store with a few made-up people, a clock that stands still, and a phone that keeps what
//! it is sent.

use std::sync::{
    Arc, LazyLock, Mutex,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use wenban::{
    demo,
    desk::{Desk, Messenger, Parts},
    dialogue::{
        load::{built_in, load},
        script::Script,
    },
    domain::{certificate::Papers, clock::Clock, message::MessageId, person::Person, session::Session},
    services::Message,
    store::{self, Keyring, Own, PersonFile, REGISTERS, Store},
    understanding::Reader,
};

/// People on file.
const PEOPLE: u64 = 30;

static CONTENT: LazyLock<(Arc<Script>, Arc<Reader>)> = LazyLock::new(|| {
    let (script, problems) = load(built_in());
    assert_eq!(problems, []);
    let reader = Reader::train(&script.words, &script.examples);
    (Arc::new(script), Arc::new(reader))
});

/// The built-in content.
pub(crate) fn script() -> Arc<Script> {
    CONTENT.0.clone()
}

/// What reads texts by it.
pub(crate) fn reader() -> Arc<Reader> {
    CONTENT.1.clone()
}

/// The day on which every story takes place.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
}

/// The first person with something in every register.
pub(crate) fn somebody() -> PersonFile {
    demo::person(1, 0, today())
}

/// Seconds since the story began.
#[derive(Default)]
pub(crate) struct StoryClock(AtomicI64);

impl StoryClock {
    pub(crate) fn pass(&self, time: TimeDelta) {
        self.0.fetch_add(time.num_seconds(), Ordering::Relaxed);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> DateTime<Utc> {
        today().and_hms_opt(2, 30, 0).unwrap().and_utc() + TimeDelta::seconds(self.0.load(Ordering::Relaxed))
    }
}

/// Keeps text messages.
#[derive(Default)]
pub(crate) struct Phone(Mutex<Vec<String>>);

impl Phone {
    /// The one-time code that came last.
    pub(crate) fn code(&self) -> Option<String> {
        let messages = self.0.lock().unwrap();
        let text = messages.last()?;
        text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).map(str::to_owned)
    }
}

impl Phone {
    /// Messages so far.
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Messenger for Phone {
    fn send(&self, message: &Message) {
        self.0.lock().unwrap().push(message.text.clone());
    }
}

/// A desk and what a test needs to see of it.
pub(crate) struct Hall {
    pub(crate) desk: Arc<Desk>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Keyring,
    pub(crate) clock: Arc<StoryClock>,
    pub(crate) phone: Arc<Phone>,
    pub(crate) person: Person,
}

impl Hall {
    /// What is remembered of the conversation of this name at the terminal.
    pub(crate) async fn session(&self, name: &str) -> Session {
        let recalled = self.store.recall(&format!("terminal:{name}"), &MessageId(String::new())).await.unwrap();
        recalled.session.unwrap().value
    }
}

/// What the desk prints with.
pub(crate) fn papers() -> Papers {
    Papers { font: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc".into(), site: "https://desk.example".into() }
}

/// A desk over the store at `url`.
pub(crate) async fn hall(url: &str) -> Hall {
    open(url, PEOPLE, Some(papers())).await
}

async fn open(url: &str, people: u64, papers: Option<Papers>) -> Hall {
    let keys = Keyring::new(&[1; 32], [2; 32]);
    let store: Arc<dyn Store> = store::open(url, keys.clone()).await.unwrap();
    fill(&*store, people).await;
    let (script, reader) = CONTENT.clone();
    let (clock, phone) = (Arc::new(StoryClock::default()), Arc::new(Phone::default()));
    let parts = Parts {
        script,
        reader,
        registers: Arc::new(Own(store.clone())),
        store: store.clone(),
        keys: keys.clone(),
        clock: clock.clone(),
        messenger: phone.clone(),
        papers,
    };
    Hall { desk: Arc::new(Desk::new(parts)), store, keys, clock, phone, person: somebody().person }
}

/// Puts the first people of the demo on file.
pub(crate) async fn fill(store: &dyn Store, people: u64) {
    store.put_people((0..people).map(|n| demo::person(1, n, today())).collect()).await.unwrap();
    for register in REGISTERS {
        store.set_as_of(register, today().pred_opt().unwrap()).await.unwrap();
    }
}

/// A desk over the store at `url` that has no font.
pub(crate) async fn without_papers(url: &str) -> Arc<Desk> {
    open(url, 1, None).await.desk
}

/// A desk with one person on file, and the folder of its store.
pub(crate) async fn small_desk() -> (tempfile::TempDir, Arc<Desk>) {
    let dir = tempfile::tempdir().unwrap();
    let hall = open(&format!("sqlite://{}", dir.path().join("wenban.db").display()), 1, Some(papers())).await;
    (dir, hall.desk)
}
