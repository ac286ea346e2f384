//! `wenban staff`: what residents left for people to answer, queues, and certificates to take back. Each act, reading too, is in the audit trail.

use std::io::Write;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};

use super::{
    block_on,
    desk::{Place, SystemClock},
};
use crate::{
    domain::{
        audit::{self, Actor, Entry, Outcome},
        certificate::CheckCode,
        clock::{Clock, china},
        fact::CaseNumber,
        id_number::IdNumber,
        matter::{Matter, Ticket},
    },
    services::matters::{said, title},
    store::{CertificateChange, Changes, Keyring, MatterChange, Store, StoreError},
};

/// Matters that one list shows.
const LISTED: u32 = 100;
/// Under which a staff act is committed: no conversation has a blank in its id.
const CONVERSATION: &str = "staff desk";

/// Who acts, and what is done.
#[derive(Args, Debug)]
pub(super) struct Staff {
    /// 经办人，记入审计 · who acts, for the audit trail
    #[arg(long, value_name = "NAME", default_value = "operator")]
    by: String,
    /// 今天的日期，默认按北京时间 · today; by default the date in Asia/Shanghai
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// 还没有答复的事项 · matters without an answer, those due first in front
    List,
    /// 一件事项的全部内容 · all of one matter
    Show {
        /// 编号 · its number
        number: String,
        /// 显示完整电话和证件号 · phone and identity number in clear
        #[arg(long)]
        clear: bool,
    },
    /// 开始办理 · notes that somebody began
    Start {
        /// 编号 · its number
        number: String,
    },
    /// 答复，居民凭编号可见 · answers it; the resident sees the answer under the number
    Answer {
        /// 编号 · its number
        number: String,
        /// 答复的内容 · the words for the resident
        #[arg(long)]
        text: String,
    },
    /// 作废一份证明，此后查验查不到 · takes a certificate back: its check finds it no more
    Revoke {
        /// 证明上的查验码 · the check code on it
        code: String,
    },
    /// 按本人要求删除问办里留下的对话和事项；身份证号从标准输入读 · erases what the desk holds of a person, whose number is read from stdin
    Erase,
    /// 叫下一个号 · calls the next of a hall's queue today
    Next {
        /// 区县 · the district, as in dialogs/offices.yaml
        office: String,
    },
}

impl Staff {
    /// Acts, and says on stdout what came of it.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        block_on(async {
            let (store, keys) = self.place.open().await?;
            let clock = SystemClock { today: self.today };
            let shift = Shift { store: &*store, keys: &keys, by: &self.by, now: clock.now(), today: clock.today() };
            let said = match &self.act {
                Act::List => shift.list().await?,
                Act::Show { number, clear } => shift.show(&parse(number)?, *clear).await?,
                Act::Start { number } => shift.start(parse(number)?).await?,
                Act::Answer { number, text } => shift.answer(parse(number)?, text).await?,
                Act::Revoke { code } => shift.revoke(code).await?,
                Act::Erase => shift.erase(&std::io::read_to_string(std::io::stdin())?).await?,
                Act::Next { office } => shift.next(office).await?,
            };
            writeln!(std::io::stdout().lock(), "{said}")?;
            Ok(())
        })
    }
}

fn parse(number: &str) -> anyhow::Result<CaseNumber> {
    CaseNumber::parse(number).with_context(|| format!("`{number}` is no receipt number\nhint: 15 digits, the last a check digit"))
}

/// A member of staff at work.
struct Shift<'a> {
    store: &'a dyn Store,
    keys: &'a Keyring,
    by: &'a str,
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Shift<'_> {
    async fn list(&self) -> anyhow::Result<String> {
        let matters = self.store.open_matters(LISTED).await?;
        self.keep(self.entry(audit::Act::MattersListed, matters.len().to_string()), None).await?;
        if matters.is_empty() {
            return Ok("没有待答复的事项。".to_owned());
        }
        let line = |matter: &Matter| {
            let due = matter.due.map_or_else(
                || "无期限".to_owned(),
                |due| {
                    let left = (due.on - self.today).num_days();
                    let sure = if due.announced { "" } else { "（估算）" };
                    format!("最晚 {}{sure}，{}", due.on, if left < 0 { format!("超期 {} 天", -left) } else { format!("还剩 {left} 天") })
                },
            );
            let state = said(matter.state());
            format!("{}  {}  {state}  收到 {}  {due}", matter.number, title(matter.kind), china(matter.received_at))
        };
        Ok(matters.iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    async fn show(&self, number: &CaseNumber, clear: bool) -> anyhow::Result<String> {
        let matter = self.known(number).await?;
        self.keep(self.about(if clear { audit::Act::MatterRevealed } else { audit::Act::MatterShown }, &matter), None).await?;
        let content = &matter.content;
        let lines = [
            ("编号", Some(matter.number.to_string())),
            ("事项", Some(title(matter.kind).to_owned())),
            ("状态", Some(said(matter.state()).to_owned())),
            ("收到", Some(china(matter.received_at).to_string())),
            ("最晚答复", matter.due.map(|due| due.on.to_string())),
            ("内容", Some(content.text.clone())),
            ("电话", content.phone.as_ref().map(|phone| if clear { phone.reveal().to_owned() } else { phone.masked() })),
            ("申请人", content.applicant.as_ref().map(|name| if clear { name.reveal().to_owned() } else { name.masked() })),
            ("身份证号", content.id_number.as_ref().filter(|_| clear).map(|number| number.reveal().to_owned())),
            ("怎么拿", content.delivery.clone()),
            ("寄到", content.address.clone().filter(|_| clear)),
            ("答复", matter.answer.clone()),
        ];
        let known = lines.into_iter().filter_map(|(label, value)| Some(format!("{label}：{}", value?)));
        Ok(known.collect::<Vec<_>>().join("\n"))
    }

    async fn start(&self, number: CaseNumber) -> anyhow::Result<String> {
        let entry = self.about(audit::Act::MatterStarted, &self.known(&number).await?);
        let change = MatterChange::Started { number: number.clone() };
        self.keep(entry, Some(change)).await.map_err(|error| said_of(error, "has been started or answered"))?;
        Ok(format!("{number} 办理中"))
    }

    async fn answer(&self, number: CaseNumber, text: &str) -> anyhow::Result<String> {
        if text.trim().is_empty() {
            bail!("an answer without words\nhint: --text 答复的内容");
        }
        let entry = self.about(audit::Act::MatterAnswered, &self.known(&number).await?);
        let change = MatterChange::Answered { number: number.clone(), answer: text.trim().to_owned() };
        self.keep(entry, Some(change)).await.map_err(|error| said_of(error, "has an answer"))?;
        Ok(format!("{number} 已答复"))
    }

    async fn revoke(&self, code: &str) -> anyhow::Result<String> {
        let code = CheckCode::parse(code).context("this is no check code\nhint: 16 letters and digits, as printed")?;
        self.store.certificate(&code).await?.context("no certificate has this code\nhint: compare it with the paper")?;
        let audit = vec![self.entry(audit::Act::CertificateRevoked, self.keys.certificate(&code))];
        let certificates = vec![CertificateChange::Revoked(code)];
        let changes = Changes { certificates, audit, ..Changes::new(CONVERSATION, self.now) };
        match self.store.commit(changes).await {
            Err(StoreError::Stale) => bail!("it was taken back before"),
            other => Ok(other.map(|()| "已作废".to_owned())?),
        }
    }

    async fn erase(&self, number: &str) -> anyhow::Result<String> {
        let number = IdNumber::parse(number, self.today).context("reading the identity number from stdin")?;
        let person = self.store.person_by_id_number(&number).await?.context("nobody with this number is on file")?;
        let removed = self.store.erase(&person.key, Actor::Staff(self.by.to_owned()), self.now).await?;
        Ok(format!(
            "已删除：对话 {}、答复 {}、验证码 {}、号 {}、事项 {}",
            removed.conversations, removed.replies, removed.codes, removed.tickets, removed.matters
        ))
    }

    async fn next(&self, office: &str) -> anyhow::Result<String> {
        let Some(number) = self.store.line(self.today, office).await?.first_waiting else {
            return Ok(format!("{office} 没有人在等。"));
        };
        let ticket = Ticket { day: self.today, office: office.to_owned(), number };
        let change = MatterChange::Called { ticket };
        let entry = self.entry(audit::Act::QueueCalled, format!("{office} {number}"));
        self.keep(entry, Some(change)).await.map_err(|error| said_of(error, "was called"))?;
        Ok(format!("{office} 请 {number} 号"))
    }

    async fn known(&self, number: &CaseNumber) -> anyhow::Result<Matter> {
        self.store.matter(number).await?.with_context(|| format!("{number} is not on file\nhint: `wenban staff list`"))
    }

    fn entry(&self, act: audit::Act, object: String) -> Entry {
        Entry { object, ..Entry::new(Actor::Staff(self.by.to_owned()), act, Outcome::Done) }
    }

    fn about(&self, act: audit::Act, matter: &Matter) -> Entry {
        Entry { person: matter.person.clone(), ..self.entry(act, matter.number.to_string()) }
    }

    /// Commits a change together with its audit entry.
    async fn keep(&self, entry: Entry, change: Option<MatterChange>) -> Result<(), StoreError> {
        let matters = change.into_iter().collect();
        self.store.commit(Changes { matters, audit: vec![entry], ..Changes::new(CONVERSATION, self.now) }).await
    }
}

/// Words for somebody else having been first.
fn said_of(error: StoreError, what: &str) -> anyhow::Error {
    match error {
        StoreError::Stale => anyhow::anyhow!("it {what} already\nhint: `wenban staff show` tells how it stands"),
        other => other.into(),
    }
}
