//! One turn; the only place where all layers meet, and the one door to a conversation.

mod error;
mod guides;
pub mod papers;
mod presence;
mod queue;
pub mod sign_in;
mod trail;
mod unkept;

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use tokio::{
    sync::broadcast,
    time::{Instant, sleep_until},
};

pub use crate::services::{Message, Messenger, Unsent};
use crate::{
    dialogue::{Engine, Heard, Next, script::Script},
    domain::{
        audit::{Act, Actor, Entry, Outcome},
        certificate::Papers,
        clock::Clock,
        disclosure::{Ceiling, Ceilings, Told},
        id_number::IdNumber,
        message::{Caller, ChannelKind, Incoming, Input, Peer, Proof},
        reply::Reply,
        session::{Consented, Identity, Session, Slots},
    },
    services::{Answer, Means, ServiceName, Services, Turn, identity},
    store::{Asked, Asker, Changes, Keyring, NewConversation, REGISTERS, Registers, Save, Sent, Store, StoreError, hex},
    understanding::{Meaning, Reader, normalise::MAX_CHARACTERS},
};
pub use error::DeskError;
pub use guides::GuideEntry;
use queue::Queue;

/// A flow that calls this often in one turn is going round in a circle.
const MAX_CALLS: usize = 16;
/// How often a turn is tried when another took its version, its receipt number or its place in a queue.
const ATTEMPTS: usize = 4;
/// How long a step of the identity check takes at least (security.md ENU-06).
pub const FLOOR: Duration = Duration::from_millis(400);
/// A turn's records come within this, or a copy does, or an apology (security.md §3.2).
const RECORDS_WITHIN: Duration = Duration::from_secs(3);
/// Notices that a slow listener may fall behind.
const NOTICES: usize = 16;

/// What a desk is made of.
pub struct Parts {
    /// Checked content.
    pub script: Arc<Script>,
    /// Reads texts.
    pub reader: Arc<Reader>,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Where records are read: there, or in the core system.
    pub registers: Arc<dyn Registers>,
    /// The keys of tokens, codes and hashes.
    pub keys: Keyring,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// What sends one-time codes.
    pub messenger: Arc<dyn Messenger>,
    /// What papers are printed with; `None`: none are.
    pub papers: Option<Papers>,
    /// How much of records each channel tells.
    pub ceilings: Ceilings,
    /// How long a step of the identity check takes at least, so that its time tells nothing: [`FLOOR`].
    pub floor: Duration,
}

/// Checked content and what was learnt from it. A turn keeps to the one that it began with.
struct Mind {
    reader: Arc<Reader>,
    engine: Engine,
    services: Services,
    script: Arc<Script>,
}

impl Mind {
    fn new(script: Arc<Script>, reader: Arc<Reader>, means: Means) -> Arc<Self> {
        let words = reader.clone();
        let cut = Box::new(move |text: &str| words.cut(text));
        let services = Services::new(means, script.content.clone(), cut);
        Arc::new(Self { reader, engine: Engine::new(script.clone()), services, script })
    }
}

/// The desk.
pub struct Desk {
    mind: RwLock<Arc<Mind>>,
    means: Means,
    clock: Arc<dyn Clock>,
    papers: Option<Papers>,
    ceilings: Ceilings,
    floor: Duration,
    queue: Queue,
    watchers: Mutex<HashMap<String, broadcast::Sender<Notice>>>,
}

/// A new conversation. Without `Debug`: it holds a token.
pub struct Opened {
    /// Its id.
    pub id: String,
    /// The bearer token of all that follows. Only its hash is kept.
    pub token: String,
}

/// What happens to a conversation without its asking.
#[derive(Clone, Debug)]
pub enum Notice {
    /// Something is said.
    Reply(Reply),
    /// It is over.
    Ended,
}

/// One turn, with what it rests on and leads to. Without `Debug`: it may hold a token.
pub struct Turned {
    /// What was understood.
    pub meaning: Meaning,
    /// What the desk now holds of the question at hand.
    pub slots: Slots,
    /// What was said.
    pub reply: Reply,
    /// The bearer token of all that follows, when this turn found out who somebody is: the one before opens nothing any more.
    pub token: Option<String>,
}

impl Desk {
    /// A desk of these parts.
    pub fn new(parts: Parts) -> Self {
        let Parts { script, reader, store, registers, keys, clock, messenger, papers, ceilings, floor } = parts;
        let means = Means { store, registers, keys, messenger };
        Self {
            mind: RwLock::new(Mind::new(script, reader, means.clone())),
            means,
            clock,
            papers,
            ceilings,
            floor,
            queue: Queue::default(),
            watchers: Mutex::default(),
        }
    }

    fn mind(&self) -> Arc<Mind> {
        self.mind.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes on with other content. Turns under way end with the content that they began with; a conversation whose flow is
    /// gone says so and asks anew.
    pub fn renew(&self, script: Arc<Script>, reader: Arc<Reader>) {
        let mind = Mind::new(script, reader, self.means.clone());
        *self.mind.write().unwrap_or_else(PoisonError::into_inner) = mind;
    }

    /// This instant, by the desk's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Opens a conversation for a channel that carries a token.
    pub async fn open(&self, channel: ChannelKind) -> Result<Opened, DeskError> {
        let id = format!("{:032x}", rand::random::<u128>());
        let token = draw();
        let token_hash = Some(hash(&token));
        self.means.store.open_conversation(NewConversation { id: id.clone(), token_hash, channel, at: self.now() }).await?;
        Ok(Opened { id, token })
    }

    /// The conversation that a token speaks for.
    pub async fn admit(&self, id: &str, token: &str) -> Result<Peer, DeskError> {
        let head = self.means.store.conversation(id).await?.ok_or(DeskError::Unknown)?;
        let right = head
            .token_hash
            .as_ref()
            .is_some_and(|known| bool::from(subtle::ConstantTimeEq::ct_eq(known.as_bytes(), hash(token).as_bytes())));
        match (right, head.ended) {
            (false, _) => Err(DeskError::Unknown),
            (true, true) => Err(DeskError::Ended),
            (true, false) => Ok(Peer { channel: head.channel, address: id.to_owned(), caller: None }),
        }
    }

    /// Who calls from a network address, for limits. Of IPv6 a caller has a whole /64.
    pub fn caller(&self, address: IpAddr) -> Caller {
        let network = match address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => (u128::from(address) >> 64).to_string(),
        };
        Caller(self.means.keys.mac(&["caller", &network]))
    }

    /// Begins a conversation as a person of the store, identity check passed and all notices agreed to: for the operator's own terminal.
    pub async fn begin_as(&self, peer: &Peer, number: &IdNumber) -> Result<(), DeskError> {
        let by = Instant::now() + RECORDS_WITHIN;
        let records = self.means.registers.clone().reading(Asked {
            purpose: Act::IdentityAssumed.id().to_owned(),
            actor: Asker::Operator,
            level: 0,
            by,
        });
        let person = records.person_by_id_number(number).await?.ok_or(DeskError::Unknown)?;
        let (id, now) = (conversation(peer), self.now());
        self.means.store.end_conversation(&id, now).await?;
        self.means.store.open_conversation(NewConversation { id: id.clone(), token_hash: None, channel: peer.channel, at: now }).await?;
        let mut changes = Changes { copies: records.fresh(), ..Changes::new(&id, now) };
        let assumed = Entry::new(Actor::Operator, Act::IdentityAssumed, Outcome::Allowed);
        changes.audit.push(Entry { person: Some(person.key.clone()), ..assumed });
        let agreed = self.mind().script.agreed();
        for consent in agreed.clone() {
            changes.consents.push(Consented { person: person.key.clone(), consent, channel: peer.channel });
        }
        let (masked_name, consents) = (person.name.masked(), agreed.clone());
        let identity =
            Identity { masked_name, person: person.key, level: 3, checked_at: now, used_at: now, channel: peer.channel, consents };
        changes.session = Some(Save { session: Session { identity: Some(identity), agreed, ..Session::default() }, expected_version: 0 });
        Ok(self.means.store.commit(changes).await?)
    }

    /// Answers one message. Nothing but the commit changes the world, and nothing leaves the process before it.
    pub async fn turn(&self, message: &Incoming) -> Result<Reply, DeskError> {
        Ok(self.turned(message).await?.reply)
    }

    /// [`Desk::turn`], with what the reply rests on, and the new token: channels that carry one call this.
    pub async fn turned(&self, message: &Incoming) -> Result<Turned, DeskError> {
        let id = conversation(&message.from);
        let _turn = self.queue.enter(&id).await;
        let by = Instant::now() + RECORDS_WITHIN;
        for _ in 1..ATTEMPTS {
            match self.attempt(&id, message, by).await {
                Err(DeskError::Busy) => {}
                other => return other,
            }
        }
        self.attempt(&id, message, by).await
    }

    async fn attempt(&self, id: &str, message: &Incoming, by: Instant) -> Result<Turned, DeskError> {
        let begun = Instant::now();
        let (now, today) = (message.at, self.clock.today());
        let mind = self.mind();
        let recalled = self.means.store.recall(id, &message.id).await?;
        let spelled = spelled(&message.input);
        let input = ["input", id, &spelled];
        let said = message.input.text();
        let too_long = said.chars().count() > MAX_CHARACTERS;
        let meaning = mind.reader.read(if too_long { "" } else { said }, today);
        if let Some(earlier) = recalled.earlier {
            if !self.means.keys.mac_holds(&input, &earlier.input_hash) {
                return Err(DeskError::Reused);
            }
            return Ok(Turned { meaning, slots: Slots::new(), reply: earlier.reply, token: None });
        }
        let (session, version) = recalled.session.map_or_else(|| (Session::default(), 0), |found| (found.value, found.version));
        let has_token = matches!(message.from.channel, ChannelKind::Kiosk | ChannelKind::Widget);
        if version == 0 && !has_token {
            let new = NewConversation { id: id.to_owned(), token_hash: None, channel: message.from.channel, at: now };
            self.means.store.open_conversation(new).await?;
        }
        let mut changes = Changes::new(id, now);
        let ceiling = self.ceilings.of(message.from.channel);
        // In a chat nobody shows who they are by words (security.md CHN-03, §6).
        let known = !message.from.channel.is_chat() || identity::level(&session, now) > 0;
        let records = if ceiling >= Ceiling::Facts && known { Told::Here } else { Told::Elsewhere };
        let heard = Heard { input: &message.input, meaning: &meaning, now, today, too_long, records };
        let (mut talk, mut next) = mind.engine.hear(session, &heard);
        let (mut calls, mut checked, mut risen) = (0, false, false);
        while let Next::Call(call) = next {
            calls += 1;
            if calls > MAX_CALLS {
                return Err(DeskError::Broken(format!("{:?} for {} is called in a circle", call.service, call.topic)));
            }
            checked |= call.service == ServiceName::Identify;
            changes.consents.extend(talk.consented(message.from.channel));
            let mut challenge = talk.session().challenge.clone();
            let mut kept = talk.session().kept.clone();
            let mut turn = Turn {
                conversation: id,
                channel: message.from.channel,
                ceiling,
                papers: self.papers.as_ref(),
                caller: message.from.caller.as_ref().map_or(id, |caller| &caller.0),
                message: &message.id,
                now,
                today,
                by,
                challenge: &mut challenge,
                kept: &mut kept,
                changes: &mut changes,
            };
            let who = identity::verified(talk.session(), now);
            let answer = mind.services.run(&call, who.as_ref(), &mut turn).await?;
            risen |= matches!(answer, Answer::Identified(_));
            talk.set_challenge(challenge);
            talk.set_kept(kept);
            next = talk.answer(answer);
        }
        changes.consents.extend(talk.consented(message.from.channel));
        let slots = talk.slots();
        let (session, reply) = talk.finish();
        let slots = slots.or_else(|| session.last.as_ref().map(|last| last.slots.clone())).unwrap_or_default();
        changes.audit.extend(trail::refused(&mind.script, &session, &reply, &changes.audit));
        let token = (risen && has_token).then(draw);
        changes.token_hash = token.as_deref().map(hash);
        changes.session = Some(Save { session, expected_version: version });
        changes.reply = Some(Sent { message: message.id.clone(), input_hash: self.means.keys.mac(&input), reply: reply.clone() });
        let talk = unkept::is_talk(&changes);
        match self.means.store.commit(changes).await {
            Err(StoreError::Audit(_)) => return Ok(Turned { meaning, slots, reply: trail::withheld(&mind.script, &reply), token: None }),
            Err(error @ (StoreError::Unavailable(_) | StoreError::Database(_))) if talk => {
                return unkept::turned(&mind.script, meaning, slots, reply).ok_or(error.into());
            }
            other => other?,
        }
        if token.is_some() {
            // Who listened with the former token hears no more.
            self.watchers.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        }
        if checked {
            sleep_until(begun + self.floor).await;
        }
        Ok(Turned { meaning, slots, reply, token })
    }

    /// Ends a conversation and wipes what it held.
    pub async fn end(&self, peer: &Peer) -> Result<(), DeskError> {
        let id = conversation(peer);
        let _turn = self.queue.enter(&id).await;
        self.means.store.end_conversation(&id, self.now()).await?;
        let watcher = self.watchers.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        if let Some(watcher) = watcher {
            // Nobody listening is fine.
            let _ = watcher.send(Notice::Ended);
        }
        Ok(())
    }

    /// What happens to a conversation from now on.
    pub fn watch(&self, peer: &Peer) -> broadcast::Receiver<Notice> {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.retain(|_, watcher| watcher.receiver_count() > 0);
        watchers.entry(conversation(peer)).or_insert_with(|| broadcast::channel(NOTICES).0).subscribe()
    }

    /// Whether turns can be taken.
    pub async fn ready(&self) -> Result<(), DeskError> {
        self.means.store.as_of(REGISTERS[0]).await?;
        Ok(())
    }
}

/// The store's key of a conversation. An address is unique within its channel; the web's are random ids of their own.
fn conversation(peer: &Peer) -> String {
    match peer.channel {
        ChannelKind::Kiosk | ChannelKind::Widget => peer.address.clone(),
        ChannelKind::Terminal | ChannelKind::Telegram | ChannelKind::Wechat => format!("{}:{}", peer.channel.id(), peer.address),
    }
}

/// The input as one text, for telling whether a repeated message id holds the same message.
fn spelled(input: &Input) -> String {
    match input {
        Input::Start => "start".to_owned(),
        Input::Text(text) => format!("text {text}"),
        Input::Choice(id) => format!("choice {id}"),
        Input::Proof(Proof::Person { name, id_number }) => format!("person {} {}", name.reveal(), id_number.reveal()),
        Input::Proof(Proof::Code(code)) => format!("code {code}"),
        Input::Proof(Proof::Card(card)) => format!("card {card}"),
        Input::Proof(Proof::SignIn) => "sign-in".to_owned(),
    }
}

/// A token of 256 bits.
fn draw() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

fn hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}
