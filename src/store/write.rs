//! What is written: sealed before it reaches a connection, then applied by one body for both databases.

use std::borrow::Cow;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    ChallengeChange, Changes, Keyring, Limit, NewConversation, PersonFile, RecordCopy, StoreError, TerminalChange,
    audit::Acted,
    certificates::SealedCertificate,
    matters::SealedChange,
    reseal::Recelled,
    retain::{Removal, Removed},
    rows::{copy, copy_row, people, reply, reply_row, seal_json, session, word},
    sign_ins::SealedSignIn,
};
use crate::domain::{
    audit::{Act, Actor, Entry, Outcome},
    session::Consented,
};

/// One thing to write, sealed.
pub(super) enum Write {
    Commit(Box<Commit>),
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
    /// The session and the version it was read at.
    pub(super) session: Option<(String, i64)>,
    /// Message, input hash, reply.
    pub(super) reply: Option<(String, String, String)>,
    pub(super) token_hash: Option<String>,
    pub(super) limits: Vec<Limit>,
    pub(super) challenge: Option<ChallengeChange>,
    pub(super) sign_in: Option<SealedSignIn>,
    /// Person, purpose, notice, channel.
    pub(super) consents: Vec<(String, String, String, &'static str)>,
    pub(super) matters: Vec<SealedChange>,
    pub(super) certificates: Vec<SealedCertificate>,
    pub(super) terminals: Vec<TerminalChange>,
    /// By person and register, so that two turns take their rows in one order; with the content sealed.
    pub(super) copies: Vec<RecordCopy>,
    pub(super) audit: Vec<Acted>,
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

impl Write {
    /// A turn's changes.
    pub(super) fn commit(keys: &Keyring, changes: Changes) -> Result<Self, StoreError> {
        let Changes { conversation, at, session: save, reply: sent, token_hash, limits, challenge, sign_in, .. } = changes;
        let Changes { consents, matters, certificates, terminals, mut copies, audit, .. } = changes;
        let session = save
            .map(|save| Ok::<_, StoreError>((seal_json(keys, &save.session, session(&conversation))?, save.expected_version)))
            .transpose()?;
        let reply = sent
            .map(|sent| {
                let row = reply_row(&conversation, &sent.message.0);
                Ok::<_, StoreError>((sent.message.0, sent.input_hash, seal_json(keys, &sent.reply, reply(&row))?))
            })
            .transpose()?;
        let sign_in = sign_in.map(|change| SealedSignIn::seal(keys, &conversation, change)).transpose()?;
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
        Ok(Self::Commit(Box::new(Commit {
            conversation,
            at,
            session,
            reply,
            token_hash,
            limits,
            challenge,
            sign_in,
            consents,
            matters,
            certificates,
            terminals,
            copies,
            audit,
        })))
    }

    /// The end of a conversation.
    pub(super) fn end(keys: &Keyring, id: &str, at: DateTime<Utc>) -> Self {
        let entry = Entry::new(Actor::Resident(None), Act::ConversationEnded, Outcome::Done);
        Self::End { id: id.to_owned(), at, act: Some(Acted::new(keys, id, at, entry)) }
    }

    /// What it tells the audit trail, as far as that is known before.
    pub(super) fn acts(&self) -> &[Acted] {
        match self {
            Self::Commit(commit) => &commit.audit,
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
                    Write::Commit(commit) => self.apply_commit(commit).await?,
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
                        sqlx::query(sql::WIPE_SIGN_IN).bind(id).execute(&mut *self).await?;
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
                let Commit { conversation, at, session, reply, token_hash, limits, challenge, sign_in, consents, .. } = commit;
                let Commit { matters, certificates, terminals, copies, .. } = commit;
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
                if let Some(change) = sign_in {
                    first(apply_sign_in!(self, conversation, at, change))?;
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
                for change in terminals {
                    first(apply_terminal!(self, at, change))?;
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
