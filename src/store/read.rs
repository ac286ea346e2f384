//! What is read, written once for both databases: the macros take the store's type, a [`Base`](super::driver::Base).

/// How often a read is tried whose connection turns out to be dead.
pub(super) const TRIES: usize = 3;

/// One statement on a connection that reads, within bounded time; made anew when its connection is dead.
macro_rules! read {
    ($store:expr, $fetch:ident, $query:expr) => {{
        let mut tries = 0;
        loop {
            tries += 1;
            let mut reading = $store.readers.take().await?;
            match tokio::time::timeout(WITHIN, $query.$fetch(&mut *reading)).await {
                Ok(Ok(found)) => {
                    reading.done();
                    break found;
                }
                Ok(Err(error)) if tries < TRIES && passing(&error) => $store.readers.forget(),
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => return Err(StoreError::Unavailable("a read took too long".into())),
            }
        }
    }};
}

/// `impl Records` for a store.
macro_rules! records {
    ($store:ty) => {
        #[async_trait::async_trait]
        impl $crate::store::Records for $store {
            async fn person_by_id_number(&self, number: &IdNumber) -> Result<Option<Person>, StoreError> {
                let indices = self.keys.blind_indices(number);
                let query = || sqlx::query_as(sql::PERSON_BY_INDEX).bind(indices.first()).bind(indices.last());
                let row: Option<rows::PersonRow> = read!(self, fetch_optional, query());
                row.map(|row| row.open(&self.keys)).transpose()
            }

            async fn person(&self, key: &PersonKey) -> Result<Option<Person>, StoreError> {
                let row: Option<rows::PersonRow> = read!(self, fetch_optional, sqlx::query_as(sql::PERSON).bind(&key.0));
                row.map(|row| row.open(&self.keys)).transpose()
            }

            async fn enrollments(&self, person: &PersonKey) -> Result<Vec<Enrollment>, StoreError> {
                let rows: Vec<rows::EnrollmentRow> = read!(self, fetch_all, sqlx::query_as(sql::ENROLLMENTS).bind(&person.0));
                rows.into_iter().map(TryInto::try_into).collect()
            }

            async fn contributions(
                &self,
                person: &PersonKey,
                insurance: Option<Insurance>,
                period: Option<Period>,
            ) -> Result<Vec<Contribution>, StoreError> {
                let (from, to) = period.map_or((0, i64::from(u32::MAX)), |period| (period.from.number(), period.to.number()));
                let query = || {
                    let text = if insurance.is_some() { sql::CONTRIBUTIONS_OF } else { sql::CONTRIBUTIONS };
                    let query = sqlx::query_scalar(text).bind(rows::FIELD).bind(rows::ROW).bind(&person.0).bind(from).bind(to);
                    if let Some(insurance) = insurance { query.bind(insurance.id()) } else { query }
                };
                let rows: Option<String> = read!(self, fetch_one, query());
                rows::contributions(rows.as_deref())
            }

            async fn pension_account(&self, person: &PersonKey) -> Result<Vec<PensionAccountYear>, StoreError> {
                let rows: Vec<rows::PensionAccountRow> = read!(self, fetch_all, sqlx::query_as(sql::PENSION_ACCOUNT).bind(&person.0));
                rows.into_iter().map(TryInto::try_into).collect()
            }

            async fn medical_account(&self, person: &PersonKey, limit: u32) -> Result<Vec<MedicalAccountEntry>, StoreError> {
                let rows: Vec<rows::MedicalAccountRow> =
                    read!(self, fetch_all, sqlx::query_as(sql::MEDICAL_ACCOUNT).bind(&person.0).bind(i64::from(limit)));
                rows.into_iter().map(TryInto::try_into).collect()
            }

            async fn medical_claims(&self, person: &PersonKey) -> Result<Vec<MedicalClaim>, StoreError> {
                let rows: Vec<rows::MedicalClaimRow> = read!(self, fetch_all, sqlx::query_as(sql::MEDICAL_CLAIMS).bind(&person.0));
                rows.into_iter().map(TryInto::try_into).collect()
            }

            async fn payments(&self, person: &PersonKey, kind: Option<PaymentKind>) -> Result<Vec<Payment>, StoreError> {
                let kind = kind.map(|kind| rows::word(&kind)).transpose()?;
                let query = || {
                    let text = if kind.is_some() { sql::PAYMENTS_OF } else { sql::PAYMENTS };
                    let query = sqlx::query_scalar(text).bind(rows::FIELD).bind(rows::ROW).bind(&person.0);
                    if let Some(kind) = &kind { query.bind(kind) } else { query }
                };
                let rows: Option<String> = read!(self, fetch_one, query());
                rows::payments(rows.as_deref())
            }

            async fn certification(&self, person: &PersonKey) -> Result<Option<Certification>, StoreError> {
                let row: Option<rows::CertificationRow> = read!(self, fetch_optional, sqlx::query_as(sql::CERTIFICATION).bind(&person.0));
                row.map(TryInto::try_into).transpose()
            }

            async fn card(&self, person: &PersonKey) -> Result<Option<Card>, StoreError> {
                let row: Option<rows::CardRow> = read!(self, fetch_optional, sqlx::query_as(sql::CARD).bind(&person.0));
                row.map(TryInto::try_into).transpose()
            }

            async fn cases(&self, person: &PersonKey) -> Result<Vec<Case>, StoreError> {
                let rows: Vec<rows::CaseRow> = read!(self, fetch_all, sqlx::query_as(sql::CASES).bind(&person.0));
                rows.into_iter().map(|row| <(PersonKey, Case)>::try_from(row).map(|(_, case)| case)).collect()
            }

            async fn as_of(&self, register: &str) -> Result<Option<NaiveDate>, StoreError> {
                Ok(read!(self, fetch_optional, sqlx::query_scalar(sql::AS_OF).bind(register)))
            }
        }
    };
}

/// `impl Store` for a store that has `write(Write)` besides.
macro_rules! store {
    ($store:ty) => {
        #[async_trait::async_trait]
        impl $crate::store::Store for $store {
            async fn recall(&self, conversation: &str, message: &MessageId) -> Result<Recalled, StoreError> {
                if !message.0.is_empty()
                    && let Some(recalled) = self.recent.take(conversation, message)
                {
                    return Ok(recalled);
                }
                let row: rows::RecallRow = read!(self, fetch_one, sqlx::query_as(sql::RECALL).bind(conversation).bind(&message.0));
                let recalled = row.open(&self.keys, conversation, &message.0)?;
                if let Some(head) = &recalled.head {
                    self.recent.read(conversation, head);
                }
                Ok(recalled)
            }

            async fn commit(&self, changes: Changes) -> Result<(), StoreError> {
                let (write, said) = Write::commit(&self.keys, changes)?;
                let outcome = self.write(write).await;
                if let Some(Said { conversation, session, message }) = said {
                    match &outcome {
                        Ok(_) => self.recent.keep(&conversation, session, message),
                        Err(_) => self.recent.forget(&conversation),
                    }
                }
                outcome.map(drop)
            }

            async fn open_conversation(&self, new: NewConversation) -> Result<(), StoreError> {
                self.recent.forget(&new.id);
                self.write(Write::Open(new)).await.map(drop)
            }

            fn remembered(&self, id: &str) -> Option<ConversationHead> {
                self.recent.head(id)
            }

            async fn conversation(&self, id: &str) -> Result<Option<ConversationHead>, StoreError> {
                let row: Option<rows::ConversationRow> = read!(self, fetch_optional, sqlx::query_as(sql::CONVERSATION).bind(id));
                row.map(TryInto::try_into).transpose()
            }

            async fn end_conversation(&self, id: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
                match self.write(Write::end(&self.keys, id, at)).await {
                    Err(StoreError::Audit(error)) => {
                        tracing::error!(error, "a conversation's end is not in the audit trail");
                        self.write(Write::End { id: id.to_owned(), at, act: None }).await
                    }
                    other => other,
                }
                .map(drop)
                .inspect(|()| self.recent.forget(id))
            }

            async fn challenge(&self, id: &ChallengeId) -> Result<Option<Challenge>, StoreError> {
                let row: Option<ChallengeRow> = read!(self, fetch_optional, sqlx::query_as(sql::CHALLENGE).bind(&id.0));
                Ok(row.map(Into::into))
            }

            async fn see(&self, conversation: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
                self.write(Write::See { id: conversation.to_owned(), at }).await.map(drop)
            }

            async fn silent(&self, channel: ChannelKind, since: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
                Ok(read!(self, fetch_all, sqlx::query_scalar(sql::SILENT).bind(channel.id()).bind(since)))
            }

            async fn count(&self, name: &str, at: DateTime<Utc>) -> Result<i64, StoreError> {
                let count: Option<i64> = read!(self, fetch_optional, sqlx::query_scalar(sql::COUNT).bind(name).bind(at));
                Ok(count.unwrap_or_default())
            }

            async fn consents(&self, person: &PersonKey) -> Result<Vec<Consent>, StoreError> {
                let rows: Vec<ConsentRow> = read!(self, fetch_all, sqlx::query_as(sql::CONSENTS).bind(&person.0));
                rows.into_iter().map(TryInto::try_into).collect()
            }

            async fn case(&self, number: &CaseNumber) -> Result<Option<(PersonKey, Case)>, StoreError> {
                let row: Option<rows::CaseRow> = read!(self, fetch_optional, sqlx::query_as(sql::CASE).bind(number.as_str()));
                row.map(TryInto::try_into).transpose()
            }

            async fn copy(&self, person: &PersonKey, register: &str) -> Result<Option<RecordCopy>, StoreError> {
                let row: Option<(DateTime<Utc>, String)> =
                    read!(self, fetch_optional, sqlx::query_as(sql::COPY).bind(&person.0).bind(register));
                let open = |(copied_at, sealed): (DateTime<Utc>, String)| {
                    let content = self.keys.open(&sealed, rows::copy(&rows::copy_row(&person.0, register)))?;
                    Ok(RecordCopy { person: person.clone(), register: register.to_owned(), copied_at, content })
                };
                row.map(open).transpose()
            }

            async fn matter(&self, number: &CaseNumber) -> Result<Option<Matter>, StoreError> {
                let row: Option<MatterRow> = read!(self, fetch_optional, sqlx::query_as(sql::MATTER).bind(number.as_str()));
                row.map(|row| row.open(&self.keys)).transpose()
            }

            async fn matter_of(&self, conversation: &str, message: &MessageId) -> Result<Option<CaseNumber>, StoreError> {
                let number: Option<String> =
                    read!(self, fetch_optional, sqlx::query_scalar(sql::MATTER_OF).bind(conversation).bind(&message.0));
                number.map(|number| CaseNumber::parse(&number).ok_or(StoreError::Unreadable("matter number"))).transpose()
            }

            async fn matters(&self, person: &PersonKey) -> Result<Vec<Matter>, StoreError> {
                let rows: Vec<MatterRow> = read!(self, fetch_all, sqlx::query_as(sql::MATTERS).bind(&person.0));
                rows.into_iter().map(|row| row.open(&self.keys)).collect()
            }

            async fn open_matters(&self, limit: u32) -> Result<Vec<Matter>, StoreError> {
                let rows: Vec<MatterRow> = read!(self, fetch_all, sqlx::query_as(sql::OPEN_MATTERS).bind(i64::from(limit)));
                rows.into_iter().map(|row| row.open(&self.keys)).collect()
            }

            async fn audit_head(&self) -> Result<AuditHead, StoreError> {
                Ok(read!(self, fetch_one, sqlx::query_as(sql::AUDIT_HEAD)))
            }

            async fn audit_rows(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
                Ok(read!(self, fetch_all, sqlx::query_as(sql::AUDIT_ROWS).bind(after).bind(i64::from(limit))))
            }

            async fn audit_of(&self, person: &PersonKey, since: DateTime<Utc>, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
                let query = || sqlx::query_as(sql::AUDIT_OF).bind(&person.0).bind(stamp(since)).bind(i64::from(limit));
                Ok(read!(self, fetch_all, query()))
            }

            async fn retain(&self, now: DateTime<Utc>) -> Result<Removed, StoreError> {
                let mut removed = Removed::default();
                loop {
                    let some = self.write(Write::Remove { at: now, removal: Removal::Aged }).await?;
                    removed = removed.and(some);
                    self.recent.clear();
                    if !some.more() {
                        return Ok(removed);
                    }
                }
            }

            async fn erase(&self, person: &PersonKey, actor: Actor, at: DateTime<Utc>) -> Result<Removed, StoreError> {
                let known: Vec<String> = read!(self, fetch_all, sqlx::query_scalar(sql::AUDIT_CONVERSATIONS).bind(&person.0));
                let (mut conversations, mut after) = (Vec::new(), String::new());
                loop {
                    let page: Vec<String> = read!(self, fetch_all, sqlx::query_scalar(sql::CONVERSATION_IDS).bind(&after).bind(BATCH));
                    let Some(last) = page.last() else { break };
                    after.clone_from(last);
                    conversations.extend(page.into_iter().filter(|id| self.keys.conversation_among(id, &known)));
                }
                let removal = Removal::Person { person: person.clone(), conversations, actor };
                let removed = self.write(Write::Remove { at, removal }).await;
                self.recent.clear();
                removed
            }

            async fn reseal(&self, done: &(dyn Fn(u64) + Sync)) -> Result<u64, StoreError> {
                let mut cells = 0;
                loop {
                    // A desk that has not taken the new key up yet may have sealed some meanwhile.
                    let some = self.reseal_once(done).await?;
                    cells += some;
                    if some == 0 {
                        return Ok(cells);
                    }
                }
            }

            async fn key_use(&self) -> Result<Vec<KeyUse>, StoreError> {
                self.count_keys().await
            }

            async fn line(&self, day: NaiveDate, office: &str) -> Result<Line, StoreError> {
                Ok(read!(self, fetch_one, sqlx::query_as(sql::LINE).bind(day).bind(office)))
            }

            async fn ahead(&self, ticket: &Ticket) -> Result<i64, StoreError> {
                let ahead =
                    read!(self, fetch_one, sqlx::query_scalar(sql::AHEAD).bind(ticket.day).bind(&ticket.office).bind(ticket.number));
                Ok(ahead)
            }

            async fn certificates(&self, conversation: &str) -> Result<Vec<Certificate>, StoreError> {
                let rows: Vec<CertificateRow> = read!(self, fetch_all, sqlx::query_as(sql::CERTIFICATES).bind(conversation));
                rows.into_iter().map(|row| row.open(&self.keys)).collect()
            }

            async fn certificate(&self, code: &CheckCode) -> Result<Option<CertificateHead>, StoreError> {
                let indices = self.keys.certificates(code);
                let query = || sqlx::query_as(sql::CERTIFICATE).bind(indices.first()).bind(indices.last());
                let row: Option<CertificateHeadRow> = read!(self, fetch_optional, query());
                row.map(|row| row.open(&self.keys)).transpose()
            }

            async fn put_people(&self, files: Vec<PersonFile>) -> Result<(), StoreError> {
                self.write(Write::people(&self.keys, files)?).await.map(drop)
            }

            async fn people_count(&self) -> Result<i64, StoreError> {
                Ok(read!(self, fetch_one, sqlx::query_scalar(sql::PEOPLE_COUNT)))
            }

            async fn set_as_of(&self, register: &str, day: NaiveDate) -> Result<(), StoreError> {
                self.write(Write::AsOf { register: register.to_owned(), day }).await.map(drop)
            }

        }
    };
}

pub(super) use {read, records, store};
