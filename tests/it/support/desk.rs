//! The real desk over a fresh store with a few made-up people, a clock that stands still, and a phone that keeps what
//! it is sent.

use std::{
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use wenban::{
    demo,
    desk::{Desk, Message, Messenger, Parts, Unsent},
    dialogue::{
        load::{built_in, load},
        script::Script,
    },
    domain::{certificate::Papers, clock::Clock, message::MessageId, person::Person, session::Session},
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

/// Keeps text messages: to which phone, and the words.
#[derive(Default)]
pub(crate) struct Phone {
    messages: Mutex<Vec<(String, String)>>,
    down: AtomicBool,
}

impl Phone {
    /// The one-time code that came last.
    pub(crate) fn code(&self) -> Option<String> {
        let messages = self.messages.lock().unwrap();
        let (_, text) = messages.last()?;
        text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).map(str::to_owned)
    }

    /// All messages so far: to which phone, and the words.
    pub(crate) fn messages(&self) -> Vec<(String, String)> {
        self.messages.lock().unwrap().clone()
    }

    /// Messages so far.
    pub(crate) fn count(&self) -> usize {
        self.messages.lock().unwrap().len()
    }

    /// Whether from now on nothing is taken.
    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }
}

#[async_trait::async_trait]
impl Messenger for Phone {
    async fn send(&self, message: &Message) -> Result<(), Unsent> {
        self.probe().await?;
        self.messages.lock().unwrap().push((message.phone.reveal().to_owned(), message.text.clone()));
        Ok(())
    }

    async fn probe(&self) -> Result<(), Unsent> {
        if self.down.load(Ordering::Relaxed) { Err(Unsent("the gateway is down".to_owned())) } else { Ok(()) }
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

/// A desk over the store at `url`, whose identity check takes no longer than it takes.
pub(crate) async fn hall(url: &str) -> Hall {
    open(url, PEOPLE, Duration::ZERO).await
}

/// A desk over the store at `url`, with people on file; a step of its identity check takes `floor` at least.
pub(crate) async fn open(url: &str, people: u64, floor: Duration) -> Hall {
    let phone = Arc::new(Phone::default());
    sending(url, people, floor, phone.clone(), phone).await
}

/// The same, whose codes go through `messenger`.
pub(crate) async fn sending(url: &str, people: u64, floor: Duration, messenger: Arc<dyn Messenger>, phone: Arc<Phone>) -> Hall {
    equipped(url, people, floor, (messenger, phone), Some(papers())).await
}

async fn equipped(
    url: &str,
    people: u64,
    floor: Duration,
    (messenger, phone): (Arc<dyn Messenger>, Arc<Phone>),
    papers: Option<Papers>,
) -> Hall {
    let keys = Keyring::new(&[1; 32], [2; 32]);
    let store: Arc<dyn Store> = store::open(url, keys.clone()).await.unwrap();
    fill(&*store, people).await;
    let (script, reader) = CONTENT.clone();
    let clock = Arc::new(StoryClock::default());
    let parts = Parts {
        script,
        reader,
        registers: Arc::new(Own(store.clone())),
        store: store.clone(),
        keys: keys.clone(),
        clock: clock.clone(),
        messenger,
        papers,
        floor,
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
pub(crate) async fn without_papers(url: &str) -> Hall {
    let phone = Arc::new(Phone::default());
    equipped(url, 1, Duration::ZERO, (phone.clone(), phone), None).await
}

/// A hall with one person on file, and the folder of its store.
pub(crate) async fn small_hall() -> (tempfile::TempDir, Hall) {
    let dir = tempfile::tempdir().unwrap();
    let hall = open(&format!("sqlite://{}", dir.path().join("wenban.db").display()), 1, Duration::ZERO).await;
    (dir, hall)
}

/// Its desk alone.
pub(crate) async fn small_desk() -> (tempfile::TempDir, Arc<Desk>) {
    let (dir, hall) = small_hall().await;
    (dir, hall.desk)
}
