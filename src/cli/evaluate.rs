//! `wenban evaluate`

use std::{collections::BTreeMap, io::Write, path::Path, path::PathBuf, time::Instant};

use anyhow::Context;
use clap::Args;
use serde::Deserialize;

use super::Content;
use crate::{
    domain::topic::TopicId,
    understanding::{
        Examples, Reader,
        measure::{Labelled, Tally, Validation},
    },
};

/// Confusions and topics printed.
const SHOWN: usize = 15;

/// What to train on and what to measure on.
#[derive(Args, Debug)]
pub(super) struct Evaluate {
    /// 训练文件，默认用 dialogs/ · labelled JSON lines to train on; dialogs/ by default
    #[arg(long, value_name = "FILE")]
    train: Option<PathBuf>,
    /// 测试文件；不给就在训练文本上交叉验证 · labelled JSON lines to measure on; without it, cross-validation over the training texts
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    /// 交叉验证分几份 · parts of the cross-validation
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=20))]
    folds: u8,
    #[command(flatten)]
    content: Content,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    #[serde(alias = "topic")]
    label: String,
    #[serde(default)]
    accept: Vec<String>,
}

fn labelled(path: &Path) -> anyhow::Result<Vec<Labelled>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(at, line)| {
        let line: Line = serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), at + 1))?;
        let accept = line.accept.iter().map(|topic| TopicId::from(topic.as_str())).collect();
        Ok(Labelled { text: line.text, topic: TopicId::from(line.label.as_str()), accept })
    };
    lines.map(read).collect()
}

impl Evaluate {
    /// Trains, measures, and prints the commonest confusions, the worst topics and the contract's last line. The best topic
    /// counts, whether the desk would act on it or ask; without `--train`, what the gate turns away counts as `talk.other`.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let script = self.content.script()?;
        let (own, today) = (self.train.is_none(), self.content.today());
        let examples = match &self.train {
            None => script.examples,
            Some(path) => {
                let mut topics: BTreeMap<TopicId, Vec<String>> = BTreeMap::new();
                for line in labelled(path)? {
                    topics.entry(line.topic).or_default().push(line.text);
                }
                Examples { topics: topics.into_iter().collect(), ..Examples::default() }
            }
        };
        let mut output = std::io::stdout().lock();
        let began = Instant::now();
        let Some(test) = &self.test else {
            let found = Validation::of(&script.words, &examples, usize::from(self.folds), today);
            details(&mut output, &found.ours, own)?;
            if own {
                let (near, far) = (&found.near, &found.far);
                writeln!(output, "out of scope recognised: near {:.4}, far {:.4}", near.share(near.right), far.share(far.right))?;
            }
            return last(&mut output, &found.ours, began.elapsed().as_secs_f64() / f64::from(self.folds), 0.0);
        };
        let test = labelled(test)?;
        let reader = Reader::train(&script.words, &examples);
        let train_s = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let tally = Tally::of(&reader, &test, own, today);
        let us = began.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(test.len().max(1))?);
        details(&mut output, &tally, own)?;
        last(&mut output, &tally, train_s, us)
    }
}

fn details(output: &mut impl Write, tally: &Tally, own: bool) -> anyhow::Result<()> {
    for (label, topic, count) in tally.confusions().into_iter().take(SHOWN) {
        writeln!(output, "{count:>4}  {label} taken for {topic}")?;
    }
    for (topic, right, texts) in tally.worst().into_iter().take(SHOWN) {
        writeln!(output, "{right:>4} of {texts:<4} {topic} understood")?;
    }
    if own {
        writeln!(output, "answered wrong without asking: {:.4}", tally.share(tally.wrong_acted))?;
        writeln!(
            output,
            "asked which is meant: {:.4}, a right one offered in {} of {}",
            tally.share(tally.asked),
            tally.offered,
            tally.asked
        )?;
        writeln!(output, "turned away wrongly: {:.4}", tally.share(tally.refused))?;
    }
    Ok(writeln!(output, "calibration error: {:.4}", tally.calibration_error())?)
}

fn last(output: &mut impl Write, tally: &Tally, train_s: f64, us: f64) -> anyhow::Result<()> {
    let (accuracy, f1) = (tally.share(tally.right), tally.macro_f1());
    Ok(writeln!(output, "accuracy={accuracy:.4} macro_f1={f1:.4} train_s={train_s:.1} us_per_query={us:.1}")?)
}
