//! `wenban import`: the office's exports put on file.

mod columns;

use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::Args;
use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};
use indicatif::{ProgressBar, ProgressStyle};

use self::columns::{Columns, Kind};
use super::{
    block_on,
    desk::{Place, SystemClock},
};
use crate::{
    domain::clock::{Clock, china},
    store::import::{self, Line},
};

/// Lines put on file at once.
const BATCH: usize = 500;

/// What to put on file.
#[derive(Args, Debug)]
pub(super) struct Import {
    /// 文件里是什么 · what the file holds
    kind: Kind,
    /// CSV 文件，UTF-8，第一行是列名（docs/import.md） · a CSV file in UTF-8 whose first line names the columns
    file: PathBuf,
    /// 数据截止日期，居民会听到；默认今天 · as of which day the data are, as residents are told; by default today
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// 今天的日期，默认按北京时间 · today; by default the date in Asia/Shanghai
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
    #[command(flatten)]
    place: Place,
}

impl Import {
    /// Says on stdout what is wrong, a line each, or how much is on file now. Returns whether the file is.
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        let now = SystemClock { today: None }.now();
        let today = self.today.unwrap_or_else(|| china(now));
        let as_of = self.as_of.unwrap_or(today);
        if as_of > today {
            bail!("the data cannot be as of {as_of}: today is {today}");
        }
        let mut file = Exported::open(&self.file, self.kind, today)?;
        block_on(async {
            // The tables are brought up to date, and nobody else serves them.
            let (_alone, _, keys) = self.place.open_alone().await?;
            let mut import = import::Import::begin(&self.place.database, keys).await.context("opening the store")?;
            let (mut lines, mut faults) = (0, 0);
            let mut output = io::BufWriter::new(io::stdout().lock());
            let mut batch = Vec::with_capacity(BATCH);
            while file.read(&mut batch)? {
                let mut good = Vec::with_capacity(batch.len());
                let mut numbers = Vec::with_capacity(batch.len());
                let mut bad = Vec::new();
                for (number, line) in batch.drain(..) {
                    lines += 1;
                    match line {
                        Ok(line) => {
                            numbers.push(number);
                            good.push(line);
                        }
                        Err(fault) => bad.push((number, fault)),
                    }
                }
                let refusals = import.put(&good).await.context("putting lines on file")?;
                bad.extend(numbers.into_iter().zip(refusals).filter_map(|(number, refusal)| Some((number, refusal?.to_string()))));
                bad.sort();
                faults += bad.len();
                for (number, fault) in bad {
                    writeln!(output, "{}:{number}: {fault}", self.file.display())?;
                }
            }
            file.bar.finish_and_clear();
            if faults > 0 {
                writeln!(
                    output,
                    "{faults} of {lines} lines are bad: nothing is put on file · {lines} 行中有 {faults} 行不对，一行也没有导入"
                )?;
                return Ok(false);
            }
            let register = (self.kind != Kind::People).then_some((self.kind.id(), as_of));
            let changed = import.finish(self.kind.id(), lines, register, now).await.context("putting the file on file")?;
            writeln!(output, "{lines} lines, {changed} new or changed · 导入 {lines} 行，新增或变动 {changed} 行")?;
            Ok(true)
        })
    }
}

/// A file being read, a batch of lines at a time.
struct Exported {
    reader: Reader<File>,
    columns: Columns,
    record: ByteRecord,
    bar: ProgressBar,
}

impl Exported {
    fn open(path: &PathBuf, kind: Kind, today: NaiveDate) -> anyhow::Result<Self> {
        let reading = || format!("reading {}", path.display());
        let file = File::open(path).with_context(reading)?;
        let bar = ProgressBar::new(file.metadata()?.len());
        bar.set_style(ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}")?);
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(file);
        let header = reader.byte_headers().with_context(reading)?.clone();
        let header = StringRecord::from_byte_record(header).map_err(|_| anyhow::anyhow!(not_utf_8(path)))?;
        let columns = Columns::of(kind, &header, today)
            .map_err(|fault| anyhow::anyhow!("{}:1: {fault}\nhint: docs/import.md names the columns", path.display()))?;
        Ok(Self { reader, columns, record: ByteRecord::new(), bar })
    }

    /// Fills an empty batch with lines by number. Returns whether there are any more.
    fn read(&mut self, batch: &mut Vec<(u64, Result<Line, String>)>) -> anyhow::Result<bool> {
        while batch.len() < BATCH && self.reader.read_byte_record(&mut self.record)? {
            let number = self.record.position().map_or(0, csv::Position::line);
            let text = StringRecord::from_byte_record(self.record.clone());
            let line = text.map_err(|_| "not UTF-8".to_owned()).and_then(|record| self.columns.read(&record));
            batch.push((number, line));
        }
        self.bar.set_position(self.reader.position().byte());
        Ok(!batch.is_empty())
    }
}

fn not_utf_8(path: &Path) -> String {
    format!("{} is not in UTF-8\nhint: save it as 「CSV UTF-8」", path.display())
}
