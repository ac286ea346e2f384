//! What is written: sealed before it reaches a connection, then applied by one body for both databases.

use std::{borrow::Cow, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    ChallengeChange, Changes, Keyring, Limit, NewConversation, PersonFile, RecordCopy, Save, StoreError, Versioned,
    audit::Acted,
    certificates::SealedCertificate,
    matters::SealedChange,
    reseal::Recelled,
    retain::{Removal, Removed},
    rows::{copy, copy_row, people, reply, reply_row, seal_json, session, word},
};
use crate::domain::{
    audit::{Act, Actor, Entry, Outcome},
    message::MessageId,
    session::{Consented, Session},
};

/// One thing to write, sealed.
pub(super) enum Write {
    Turn(Box<Commit>),
    Open(NewConversation),
    /// Without an act when the audit trail takes none: a conversation is wiped all the same.
    End {
        id: String,
        at: DateTime<Utc>,
        act: Option<Acted>,
    },
    People(Vec<SealedFile>),
    AsOf {
        register: String,
        day: NaiveDate,
    },
    Reseal(Vec<Recelled>),
    See {
        id: String,
        at: DateTime<Utc>,
    },
    Remove {
        at: DateTime<Utc>,
        removal: Removal,
    },
}

/// What a write did.
pub(super) struct Applied<'w> {
    /// What the audit trail is told.
    pub(super) acts: Cow<'w, [Acted]>,
    pub(super) removed: Removed,
}

impl<'w> From<&'w [Acted]> for Applied<'w> {
    fn from(acts: &'w [Acted]) -> Self {
        Self { acts: acts.into(), removed: Removed::default() }
    }
}

/// A turn's changes, sealed.
pub(super) struct Commit {
    pub(super) conversation: String,
    pub(super) at: DateTime<Utc>,
    pub(super) session: Option<SealedSession>,
    /// Message, input hash, reply.
    pub(super) reply: Option<(String, String, String)>,
    pub(super) token_hash: Option<String>,
    pub(super) limits: Vec<Limit>,
    pub(super) challenge: Option<ChallengeChange>,
    /// Person, purpose, notice, channel.
    pub(super) consents: Vec<(String, String, String, &'static str)>,
    pub(super) matters: Vec<SealedChange>,
    pub(super) certificates: Vec<SealedCertificate>,
    /// By person and register, so that two turns take their rows in one order; with the content sealed.
    pub(super) copies: Vec<RecordCopy>,
    pub(super) audit: Vec<Acted>,
}

/// A session to save.
pub(super) struct SealedSession {
    pub(super) sealed: String,
    /// The version it was read at.
    pub(super) version: i64,
    /// The message whose reply, saved beside the session and so not in it, may be said again.
    pub(super) last_message: Option<String>,
}

/// A person's file with the person sealed.
pub(super) struct SealedFile {
    /// Under every index key in use, the newest first.
    pub(super) id_indices: Vec<String>,
    pub(super) name: String,
    pub(super) id_number: String,
    pub(super) phone: Option<String>,
    pub(super) file: PersonFile,
}

/// What is remembered of a turn once it is written.
pub(super) struct Said {
    pub(super) conversation: String,
    pub(super) session: Versioned<Session>,
    pub(super) message: MessageId,
}

impl Commit {
    /// Whether it writes a text that no other can.
    pub(super) fn leaves_a_trace(&self) -> bool {
        self.reply.is_some() || self.session.is_some()
    }
}

impl Write {
    pub(super) fn turn(&self) -> Option<&Commit> {
        if let Self::Turn(commit) = self { Some(commit) } else { None }
    }

    /// A turn that saves its session and its reply, and leaves nothing else but audit entries: most do.
    pub(super) fn plain_turn(&self) -> Option<&Commit> {
        let plain = |commit: &&Commit| {
            let Commit { session, reply, token_hash, limits, challenge, consents, matters, certificates, copies, .. } = commit;
            let identity = token_hash.is_some() || !limits.is_empty() || challenge.is_some() || !consents.is_empty();
            let more = identity || !matters.is_empty() || !certificates.is_empty() || !copies.is_empty();
            session.is_some() && reply.is_some() && !more
        };
        self.turn().filter(plain)
    }

    /// A turn's changes, and what is remembered of it.
    pub(super) fn commit(keys: &Keyring, changes: Changes) -> Result<(Self, Option<Said>), StoreError> {
        let Changes { conversation, at, session: mut save, reply: sent, token_hash, limits, challenge, .. } = changes;
        let Changes { consents, matters, certificates, mut copies, audit, .. } = changes;
        let session = save
            .as_mut()
            .map(|Save { session: memory, expected_version }| {
                let last = memory.last_reply.take_if(|last| sent.as_ref().is_some_and(|sent| Arc::ptr_eq(last, &sent.reply)));
                let sealed = seal_json(keys, memory, session(&conversation))?;
                let last_message = last.as_ref().and(sent.as_ref()).map(|sent| sent.message.0.clone());
                memory.last_reply = last.or_else(|| memory.last_reply.take());
                Ok::<_, StoreError>(SealedSession { sealed, version: *expected_version, last_message })
            })
            .transpose()?;
        // With a new token the head changes too: it is read.
        let said = save.zip(sent.as_ref()).filter(|_| token_hash.is_none()).map(|(save, sent)| Said {
            conversation: conversation.clone(),
            session: Versioned { value: save.session, version: save.expected_version + 1 },
            message: sent.message.clone(),
        });
        let reply = sent
            .map(|sent| {
                let row = reply_row(&conversation, &sent.message.0);
                Ok::<_, StoreError>((sent.message.0, sent.input_hash, seal_json(keys, &sent.reply, reply(&row))?))
            })
            .transpose()?;
        let matters = matters.into_iter().map(|change| SealedChange::seal(keys, change)).collect::<Result<_, _>>()?;
        let certificates = certificates.into_iter().map(|change| SealedCertificate::seal(keys, change)).collect::<Result<_, _>>()?;
        let consents = consents.into_iter().map(|Consented { person, consent, channel }| {
            Ok::<_, StoreError>((person.0, word(&consent.purpose)?, consent.notice, channel.id()))
        });
        let consents = consents.collect::<Result<_, _>>()?;
        for copied in &mut copies {
            copied.content = keys.seal(&copied.content, copy(&copy_row(&copied.person.0, &copied.register)))?;
        }
        copies.sort_by(|one, other| (&one.person.0, &one.register).cmp(&(&other.person.0, &other.register)));
        let audit = audit.into_iter().map(|entry| Acted::new(keys, &conversation, at, entry)).collect();
        let commit =
            Commit { conversation, at, session, reply, token_hash, limits, challenge, consents, matters, certificates, copies, audit };
        Ok((Self::Turn(Box::new(commit)), said))
    }

    /// The end of a conversation.
    pub(super) fn end(keys: &Keyring, id: &str, at: DateTime<Utc>) -> Self {
        let entry = Entry::new(Actor::Resident(None), Act::ConversationEnded, Outcome::Done);
        Self::End { id: id.to_owned(), at, act: Some(Acted::new(keys, id, at, entry)) }
    }

    /// What it tells the audit trail, as far as that is known before.
    pub(super) fn acts(&self) -> &[Acted] {
        match self {
            Self::Turn(commit) => &commit.audit,
            Self::End { act, .. } => act.as_slice(),
            Self::Open(_) | Self::See { .. } | Self::People(_) | Self::AsOf { .. } | Self::Reseal(_) | Self::Remove { .. } => &[],
        }
    }

    /// Whether it must not be done unless the audit trail is told.
    pub(super) fn is_audited(&self) -> bool {
        matches!(self, Self::Remove { .. }) || !self.acts().is_empty()
    }

    /// People, in the order of their keys, so that rows fall where their neighbours lie.
    pub(super) fn people(keys: &Keyring, files: Vec<PersonFile>) -> Result<Self, StoreError> {
        let seal = |file: PersonFile| {
            let (person, row) = (&file.person, &file.person.key.0);
            Ok(SealedFile {
                id_indices: keys.blind_indices(&person.id_number),
                name: keys.seal(person.name.reveal(), people("name", row))?,
                id_number: keys.seal(person.id_number.reveal(), people("id_number", row))?,
                phone: person.phone.as_ref().map(|phone| keys.seal(phone.reveal(), people("phone", row))).transpose()?,
                file,
            })
        };
        let mut sealed = files.into_iter().map(seal).collect::<Result<Vec<_>, StoreError>>()?;
        sealed.sort_by(|one, other| one.file.person.key.0.cmp(&other.file.person.key.0));
        Ok(Self::People(sealed))
    }
}

/// A connection that makes what is written so. The caller's transaction makes it whole or nothing, and tells the audit trail.
#[async_trait]
pub(super) trait Apply: Send {
    async fn apply<'w>(&mut self, keys: &Keyring, write: &'w Write) -> Result<Applied<'w>, StoreError>;
    async fn apply_commit(&mut self, commit: &Commit) -> Result<(), StoreError>;
}

/// `impl Apply` for a connection; it needs `Load` and `Remove`.
macro_rules! apply {
    ($connection:ty) => {
        #[async_trait::async_trait]
        impl Apply for $connection {
            async fn apply<'w>(&mut self, keys: &Keyring, write: &'w Write) -> Result<Applied<'w>, StoreError> {
                match write {
                    Write::Turn(commit) => self.apply_commit(commit).await?,
                    Write::Open(new) => {
                        sqlx::query(sql::OPEN_CONVERSATION)
                            .bind(&new.id)
                            .bind(&new.token_hash)
                            .bind(new.channel.id())
                            .bind(new.at)
                            .execute(&mut *self)
                            .await?;
                    }
                    Write::End { id, at, .. } => {
                        let ended = sqlx::query(sql::END_CONVERSATION).bind(id).bind(at).execute(&mut *self).await?;
                        sqlx::query(sql::WIPE_REPLIES).bind(id).execute(&mut *self).await?;
                        sqlx::query(sql::WIPE_CHALLENGES).bind(id).execute(&mut *self).await?;
                        if ended.rows_affected() == 0 {
                            return Ok(Applied::from([].as_slice()));
                        }
                    }
                    Write::People(files) => self.put_people(files).await?,
                    Write::AsOf { register, day } => {
                        sqlx::query(sql::SET_AS_OF).bind(register).bind(day).execute(&mut *self).await?;
                    }
                    Write::Reseal(cells) => {
                        for Recelled { put, values } in cells {
                            let query = values.iter().fold(sqlx::query(AssertSqlSafe(put.as_str())), |query, value| query.bind(value));
                            query.execute(&mut *self).await?;
                        }
                    }
                    Write::Remove { at, removal } => {
                        let removed = self.remove(keys, *at, removal).await?;
                        let told = matches!(removal, Removal::Person { .. }) || !removed.is_nothing();
                        let acts = told.then(|| removed.acted(keys, *at, removal.entry()));
                        return Ok(Applied { acts: acts.into_iter().collect(), removed });
                    }
                    Write::See { id, at } => {
                        sqlx::query(sql::SEE).bind(id).bind(at).execute(&mut *self).await?;
                    }
                }
                Ok(write.acts().into())
            }

            async fn apply_commit(&mut self, commit: &Commit) -> Result<(), StoreError> {
                let first = |changed: u64| if changed == 0 { Err(StoreError::Stale) } else { Ok(()) };
                let Commit { conversation, at, session, reply, token_hash, limits, challenge, consents, .. } = commit;
                let Commit { matters, certificates, copies, .. } = commit;
                take_limits!(self, *at, limits);
                if let Some(SealedSession { sealed, version, last_message }) = session {
                    let save = sqlx::query(sql::SAVE_SESSION).bind(conversation).bind(sealed).bind(at).bind(version).bind(last_message);
                    if save.execute(&mut *self).await?.rows_affected() == 0 {
                        if *version != 0 {
                            return Err(StoreError::Stale);
                        }
                        let channel = ChannelKind::Terminal.id();
                        let make = sqlx::query(sql::FIRST_SESSION).bind(conversation).bind(sealed).bind(at).bind(channel);
                        first(make.bind(last_message).execute(&mut *self).await?.rows_affected())?;
                    }
                }
                if let Some((message, input_hash, reply)) = reply {
                    let kept = sqlx::query(sql::KEEP_REPLY)
                        .bind(conversation)
                        .bind(message)
                        .bind(input_hash)
                        .bind(reply)
                        .bind(at)
                        .execute(&mut *self)
                        .await?;
                    first(kept.rows_affected())?;
                }
                if let Some(token_hash) = token_hash {
                    let renewed = sqlx::query(sql::RENEW_TOKEN).bind(conversation).bind(token_hash).execute(&mut *self).await?;
                    first(renewed.rows_affected())?;
                }
                if let Some(change) = challenge {
                    first(apply_challenge!(self, conversation, at, change))?;
                }
                for (person, purpose, notice, channel) in consents {
                    sqlx::query(sql::CONSENT).bind(person).bind(purpose).bind(notice).bind(at).bind(channel).execute(&mut *self).await?;
                }
                for change in matters {
                    first(apply_matter!(self, conversation, at, change))?;
                }
                for change in certificates {
                    first(apply_certificate!(self, at, change))?;
                }
                for RecordCopy { person, register, copied_at, content } in copies {
                    sqlx::query(sql::KEEP_COPY).bind(&person.0).bind(register).bind(copied_at).bind(content).execute(&mut *self).await?;
                }
                Ok(())
            }
        }
    };
}

pub(super) use apply;
