//! The command line: one file per command.

mod audit;
mod backup;
mod chat;
mod check;
mod core;
mod demo;
mod desk;
mod doctor;
mod evaluate;
mod explain;
mod flow;
mod import;
mod keys;
mod limits;
mod model;
mod reload;
mod replay;
mod retain;
mod schema;
mod serve;
mod sign_in;
mod staff;
mod terminal;
mod understand;

use std::path::PathBuf;

use anyhow::Context;
use chrono::{NaiveDate, Utc};
use clap::{Args, Parser, Subcommand};

use crate::{
    dialogue::{
        load::{self, File},
        script::Script,
    },
    domain::clock::china,
    understanding::Reader,
};

/// 问办：社保自助问答台 · a desk that answers questions about social insurance
#[derive(Debug, Parser)]
#[command(name = "wenban", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 提供网页、接口和各渠道的服务 · HTTP (kiosk page, API) and every configured channel
    Serve(Box<serve::Serve>),
    /// 在终端里对话 · a conversation in the terminal
    Chat(chat::Chat),
    /// 整段对话走一遍真实的服务台：读 JSON 行，写 JSON 行 · whole conversations through the real desk
    Replay(replay::Replay),
    /// 逐行理解：读 JSON 行，写 JSON 行 · reads JSON lines and writes what each text means
    Understand(Content),
    /// 说明为什么这样理解 · why a text was understood so
    Explain {
        /// 一句话 · the text
        text: String,
        #[command(flatten)]
        content: Content,
    },
    /// 用一份标注训练、在另一份上测 · trains on one labelled file and reports accuracy on another
    Evaluate(evaluate::Evaluate),
    /// 生成一批虚构的人和记录 · fills the store with a made-up population
    Demo(demo::Demo),
    /// 导入经办系统导出的 CSV：人员、缴费、待遇、办件 · puts the office's exports on file; a file with a fault changes nothing
    Import(import::Import),
    /// 扮演核心系统：用一个库里的人回答，可以让它出错 · plays the core system out of a store, with faults
    DemoCore(core::DemoCore),
    /// 处理居民留下的事项、叫号 · what residents left to be answered, and the queue
    Staff(staff::Staff),
    /// 大厅终端：登记、查看、停用，登记过的才能读卡 · terminals of halls whose card readings are taken
    Terminal(terminal::Terminals),
    /// 审计记录有没有被动过 · whether the audit trail is as it was written
    Audit(audit::Audit),
    /// 密钥：查看、更换、换封 · the keys: which there are, new ones, sealing anew
    Keys(keys::Keys),
    /// 清除保存期满的数据；服务开着时每小时自动做 · removes what has been kept long enough; the server does it every hour
    Retain(retain::Retain),
    /// 备份 SQLite 库，服务不用停；加密，按期删旧 · a sealed backup of the SQLite store, while the desk is at work
    Backup(backup::Backup),
    /// 核对备份，放回原处 · puts a backup in place once seal, hash, counts and audit trail hold
    Restore(backup::Restore),
    /// 体检：库、密钥、锁、限额、时钟、磁盘、字体、审计链头 · whether all around the store is as it must be
    Doctor(doctor::Doctor),
    /// 检查 dialogs/ 里的全部内容 · everything that can be wrong with dialogs/
    Check(Content),
    /// 画出一个主题怎么问、怎么答，Mermaid 图 · the conversation of a topic, and a guide's steps, as Mermaid
    Flow(flow::Drawn),
    /// 写出 dialogs/ 各类文件和核心系统接口的 JSON Schema · writes the JSON Schemas of dialogs/ and of the core system's contract
    Schema(schema::Schema),
}

/// Which content, and which day it is.
#[derive(Args, Clone, Debug)]
struct Content {
    /// 内容目录，默认用内置内容 · folder of content; the built-in one by default
    #[arg(long, value_name = "DIR")]
    dialogs: Option<PathBuf>,
    /// 今天的日期，默认按北京时间 · today; by default the date in Asia/Shanghai
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
}

impl Content {
    fn today(&self) -> NaiveDate {
        #[expect(clippy::disallowed_methods, reason = "the one place where the command line reads the clock")]
        self.today.unwrap_or_else(|| china(Utc::now()))
    }

    fn files(&self) -> anyhow::Result<Vec<File>> {
        let Some(dir) = &self.dialogs else { return Ok(load::built_in()) };
        let mut files = Vec::new();
        let mut folders = vec![dir.clone()];
        while let Some(folder) = folders.pop() {
            let entries = std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
            for entry in entries {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "yaml") {
                    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
                    files.push((path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().into_owned(), text));
                }
            }
        }
        // The order in which a folder is read is nobody's.
        files.sort();
        Ok(files)
    }

    /// The checked content; an error that lists the faults when there are any.
    fn script(&self) -> anyhow::Result<Script> {
        checked(self.files()?)
    }

    /// The checked content and a reader of it.
    fn read(&self) -> anyhow::Result<(Script, Reader)> {
        let files = self.files()?;
        let script = checked(files.clone())?;
        let reader = model::reader(&files, &script);
        Ok((script, reader))
    }
}

fn checked(files: Vec<File>) -> anyhow::Result<Script> {
    let (script, problems) = load::load(files);
    if let Some(first) = problems.first() {
        anyhow::bail!("dialogs/ has {} faults, the first: {first}\nhint: `wenban check` lists them all", problems.len());
    }
    Ok(script)
}

/// Does one thing at a time, on this thread.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Runs the command that the process was called with. Returns whether it found everything well.
pub fn run() -> anyhow::Result<bool> {
    limits::set();
    match Arguments::parse().command {
        Command::Serve(serve) => serve.run().map(|()| true),
        Command::Chat(chat) => chat.run().map(|()| true),
        Command::Replay(replay) => replay.run().map(|()| true),
        Command::Understand(content) => understand::run(&content).map(|()| true),
        Command::Explain { text, content } => explain::run(&text, &content).map(|()| true),
        Command::Evaluate(evaluate) => evaluate.run().map(|()| true),
        Command::Demo(demo) => demo.run().map(|()| true),
        Command::Import(import) => import.run(),
        Command::DemoCore(core) => core.run().map(|()| true),
        Command::Staff(staff) => staff.run().map(|()| true),
        Command::Terminal(terminals) => terminals.run().map(|()| true),
        Command::Audit(audit) => audit.run(),
        Command::Keys(keys) => keys.run().map(|()| true),
        Command::Retain(retain) => retain.run().map(|()| true),
        Command::Backup(backup) => backup.run().map(|()| true),
        Command::Restore(restore) => restore.run().map(|()| true),
        Command::Doctor(doctor) => doctor.run(),
        Command::Check(content) => check::run(&content),
        Command::Flow(drawn) => drawn.run().map(|()| true),
        Command::Schema(schema) => schema.run().map(|()| true),
    }
}
