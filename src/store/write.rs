//! What is written: sealed before it reaches a connection, then applied by one body for both databases.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    AuditEntry, ChallengeChange, Changes, Keyring, Limit, NewConversation, PersonFile, RecordCopy, StoreError,
    matters::SealedChange,
    rows::{copy, copy_row, people, reply, reply_row, seal_json, session, word},
};
use crate::domain::session::Consented;

/// One thing to write, sealed.
pub(super) enum Write {
    Commit(Box<Commit>),
    Open(NewConversation),
    End { id: String, at: DateTime<Utc> },
    ForgetCopies { until: DateTime<Utc> },
    People(Vec<SealedFile>),
    AsOf { register: String, day: NaiveDate },
    Forget { before: DateTime<Utc> },
    See { id: String, at: DateTime<Utc> },
}

/// A turn's changes, sealed.
pub(super) struct Commit {
    pub(super) conversation: String,
    pub(super) at: DateTime<Utc>,
    /// The session and the version it was read at.
    pub(super) session: Option<(String, i64)>,
    /// Message, input hash, reply.
    pub(super) reply: Option<(String, String, String)>,
    pub(super) token_hash: Option<String>,
    pub(super) limits: Vec<Limit>,
    pub(super) challenge: Option<ChallengeChange>,
    /// Person, purpose, notice, channel.
    pub(super) consents: Vec<(String, String, String, &'static str)>,
    pub(super) matters: Vec<SealedChange>,
    /// By person and register, so that two turns take their rows in one order; with the content sealed.
    pub(super) copies: Vec<RecordCopy>,
    pub(super) audit: Vec<AuditEntry>,
}

/// A person's file with the person sealed.
pub(super) struct SealedFile {
    pub(super) id_index: String,
    pub(super) name: String,
    pub(super) id_number: String,
    pub(super) phone: Option<String>,
    pub(super) file: PersonFile,
}

impl Write {
    /// A turn's changes.
    pub(super) fn commit(keys: &Keyring, changes: Changes) -> Result<Self, StoreError> {
        let Changes { conversation, at, session: save, reply: sent, token_hash, limits, challenge, consents, matters, mut copies, audit } =
            changes;
        let session = save
            .map(|save| Ok::<_, StoreError>((seal_json(keys, &save.session, session(&conversation))?, save.expected_version)))
            .transpose()?;
        let reply = sent
            .map(|sent| {
                let row = reply_row(&conversation, &sent.message.0);
                Ok::<_, StoreError>((sent.message.0, sent.input_hash, seal_json(keys, &sent.reply, reply(&row))?))
            })
            .transpose()?;
        let matters = matters.into_iter().map(|change| SealedChange::seal(keys, change)).collect::<Result<_, _>>()?;
        let consents = consents.into_iter().map(|Consented { person, consent, channel }| {
            Ok::<_, StoreError>((person.0, word(&consent.purpose)?, consent.notice, channel.id()))
        });
        let consents = consents.collect::<Result<_, _>>()?;
        for copied in &mut copies {
            copied.content = keys.seal(&copied.content, copy(&copy_row(&copied.person.0, &copied.register)))?;
        }
        copies.sort_by(|one, other| (&one.person.0, &one.register).cmp(&(&other.person.0, &other.register)));
        let commit = Commit { conversation, at, session, reply, token_hash, limits, challenge, consents, matters, copies, audit };
        Ok(Self::Commit(Box::new(commit)))
    }

    /// People, in the order of their keys, so that rows fall where their neighbours lie.
    pub(super) fn people(keys: &Keyring, files: Vec<PersonFile>) -> Result<Self, StoreError> {
        let seal = |file: PersonFile| {
            let (person, row) = (&file.person, &file.person.key.0);
            Ok(SealedFile {
                id_index: keys.blind_index(&person.id_number),
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

/// A connection that makes what is written so. The caller's transaction makes it whole or nothing.
#[async_trait]
pub(super) trait Apply: Send {
    async fn apply(&mut self, write: &Write) -> Result<(), StoreError>;
    async fn apply_commit(&mut self, commit: &Commit) -> Result<(), StoreError>;
}

/// `impl Apply` for a connection; it needs `Load`.
macro_rules! apply {
    ($connection:ty) => {
        #[async_trait::async_trait]
        impl Apply for $connection {
            async fn apply(&mut self, write: &Write) -> Result<(), StoreError> {
                match write {
                    Write::Commit(commit) => self.apply_commit(commit).await,
                    Write::Open(new) => {
                        sqlx::query(sql::OPEN_CONVERSATION)
                            .bind(&new.id)
                            .bind(&new.token_hash)
                            .bind(new.channel.id())
                            .bind(new.at)
                            .execute(&mut *self)
                            .await?;
                        Ok(())
                    }
                    Write::End { id, at } => {
                        sqlx::query(sql::END_CONVERSATION).bind(id).bind(at).execute(&mut *self).await?;
                        sqlx::query(sql::WIPE_REPLIES).bind(id).execute(&mut *self).await?;
                        sqlx::query(sql::WIPE_CHALLENGES).bind(id).execute(&mut *self).await?;
                        Ok(())
                    }
                    Write::ForgetCopies { until } => {
                        sqlx::query(sql::FORGET_COPIES).bind(until).execute(&mut *self).await?;
                        Ok(())
                    }
                    Write::People(files) => self.put_people(files).await,
                    Write::AsOf { register, day } => {
                        sqlx::query(sql::SET_AS_OF).bind(register).bind(day).execute(&mut *self).await?;
                        Ok(())
                    }
                    Write::See { id, at } => {
                        sqlx::query(sql::SEE).bind(id).bind(at).execute(&mut *self).await?;
                        Ok(())
                    }
                    Write::Forget { before } => {
                        sqlx::query(sql::FORGET_CHALLENGES).bind(before).execute(&mut *self).await?;
                        sqlx::query(sql::FORGET_COUNTS).bind(before).execute(&mut *self).await?;
                        Ok(())
                    }
                }
            }

            async fn apply_commit(&mut self, commit: &Commit) -> Result<(), StoreError> {
                let first = |changed: u64| if changed == 0 { Err(StoreError::Stale) } else { Ok(()) };
                let Commit { conversation, at, session, reply, token_hash, limits, challenge, consents, matters, copies, audit } = commit;
                take_limits!(self, *at, limits);
                if let Some((session, version)) = session {
                    let saved =
                        sqlx::query(sql::SAVE_SESSION).bind(conversation).bind(session).bind(at).bind(version).execute(&mut *self).await?;
                    if saved.rows_affected() == 0 {
                        if *version != 0 {
                            return Err(StoreError::Stale);
                        }
                        let channel = ChannelKind::Terminal.id();
                        let made = sqlx::query(sql::FIRST_SESSION)
                            .bind(conversation)
                            .bind(session)
                            .bind(at)
                            .bind(channel)
                            .execute(&mut *self)
                            .await?;
                        first(made.rows_affected())?;
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
                for RecordCopy { person, register, copied_at, content } in copies {
                    sqlx::query(sql::KEEP_COPY).bind(&person.0).bind(register).bind(copied_at).bind(content).execute(&mut *self).await?;
                }
                for entry in audit {
                    sqlx::query(sql::AUDIT)
                        .bind(at)
                        .bind(&entry.actor)
                        .bind(&entry.action)
                        .bind(&entry.object)
                        .bind(&entry.outcome)
                        .execute(&mut *self)
                        .await?;
                }
                Ok(())
            }
        }
    };
}

pub(super) use apply;
