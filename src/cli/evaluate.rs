//! `wenban evaluate`

use std::{collections::BTreeMap, io::Write, path::PathBuf, time::Instant};

use anyhow::Context;
use clap::Args;
use serde::Deserialize;

use super::Content;
use crate::{
    domain::topic::TopicId,
    understanding::{Examples, Reader},
};

/// What to train on and what to measure on.
#[derive(Args, Debug)]
pub(super) struct Evaluate {
    /// 训练文件，默认用 dialogs/ · labelled JSON lines to train on; dialogs/ by default
    #[arg(long, value_name = "FILE")]
    train: Option<PathBuf>,
    /// 测试文件 · labelled JSON lines to measure on
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    #[command(flatten)]
    content: Content,
}

#[derive(Deserialize)]
struct Labelled {
    text: String,
    #[serde(alias = "topic")]
    label: String,
    #[serde(default)]
    accept: Vec<String>,
}

fn labelled(path: &PathBuf) -> anyhow::Result<Vec<Labelled>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), at + 1))).collect()
}

impl Evaluate {
    /// Trains, measures, and prints the commonest confusions and the contract's last line. The best topic counts, whether
    /// the desk would act on it or ask; without `--train`, what the gate turns away counts as `talk.other`.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let script = self.content.script()?;
        let test = labelled(&self.test)?;
        let own = self.train.is_none();
        let examples = match &self.train {
            None => script.examples,
            Some(path) => {
                let mut topics: BTreeMap<String, Vec<String>> = BTreeMap::new();
                for line in labelled(path)? {
                    topics.entry(line.label).or_default().push(line.text);
                }
                Examples {
                    topics: topics.into_iter().map(|(id, said)| (TopicId::from(id.as_str()), said)).collect(),
                    ..Examples::default()
                }
            }
        };
        let began = Instant::now();
        let reader = Reader::train(&script.words, &examples);
        let train_s = began.elapsed().as_secs_f64();
        let today = self.content.today();
        let began = Instant::now();
        let said: Vec<(String, bool)> = test
            .iter()
            .map(|line| {
                let meaning = reader.read(&line.text, today);
                let contract = meaning.contract();
                let best = meaning.topics.first().map_or_else(String::new, |best| best.topic.to_string());
                let topic = contract["topic"].as_str().filter(|_| own).map_or(best, str::to_owned);
                (topic, contract["clarify"].is_null())
            })
            .collect();
        let us = began.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(test.len().max(1))?);
        let right = |line: &Labelled, topic: &str| line.label == topic || line.accept.iter().any(|accepted| accepted == topic);
        let mut tally: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
        let mut confused: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let (mut hits, mut wrong_acted) = (0.0, 0.0);
        for (line, (topic, acted)) in test.iter().zip(&said) {
            if right(line, topic) {
                hits += 1.0;
                tally.entry(&line.label).or_default()[0] += 1.0;
            } else {
                tally.entry(&line.label).or_default()[2] += 1.0;
                tally.entry(topic).or_default()[1] += 1.0;
                *confused.entry((&line.label, topic)).or_default() += 1;
                wrong_acted += if *acted && topic != "talk.other" { 1.0 } else { 0.0 };
            }
        }
        let total = f64::from(u32::try_from(test.len().max(1))?);
        let labels: Vec<_> = tally.values().filter(|[hit, _, missed]| hit + missed > 0.0).collect();
        let f1 = labels.iter().map(|[hit, foreign, missed]| 2.0 * hit / (2.0 * hit + foreign + missed)).sum::<f64>()
            / f64::from(u32::try_from(labels.len().max(1))?);
        let mut worst: Vec<_> = confused.into_iter().collect();
        worst.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut output = std::io::stdout().lock();
        for ((label, topic), count) in worst.into_iter().take(10) {
            writeln!(output, "{count:>4}  {label} taken for {topic}")?;
        }
        if own {
            writeln!(output, "answered wrong without asking: {:.4}", wrong_acted / total)?;
        }
        writeln!(output, "accuracy={:.4} macro_f1={f1:.4} train_s={train_s:.1} us_per_query={us:.1}", hits / total)?;
        Ok(())
    }
}
