//! A conversation in a terminal, and replies as plain text.

use std::{
    fmt::Write as _,
    io::{self, BufRead, Write},
};

use unicode_width::UnicodeWidthStr;

use crate::{
    desk::{Desk, DeskError},
    domain::{
        clock::china,
        message::{ChannelKind, Incoming, Input, MessageId, Peer},
        reply::{Block, Choice, Edge, ExpectedKind, MomentState, Node, NodeKind, Reply, Source},
    },
};

/// Talks with whoever sits at `input` until it ends. One-time codes appear where the desk's messenger puts them.
pub async fn chat(desk: &Desk, peer: &Peer, input: impl BufRead, mut output: impl Write) -> Result<(), ChatError> {
    let mut number = 0_u64;
    let mut lines = input.lines();
    let mut said = Input::Start;
    loop {
        let message = Incoming { from: peer.clone(), id: MessageId(number.to_string()), input: said, at: desk.now() };
        let reply = desk.turn(&message).await?;
        write!(output, "\n{}\n> ", plain(&reply))?;
        output.flush()?;
        let Some(line) = lines.next().transpose()? else { break };
        number += 1;
        said = Input::Text(line);
    }
    writeln!(output)?;
    Ok(desk.end(peer).await?)
}

/// The peer at this terminal, under a name of its own.
pub fn peer(name: impl Into<String>) -> Peer {
    Peer { channel: ChannelKind::Terminal, address: name.into(), caller: None, token_hash: None }
}

/// A conversation in the terminal broke off.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// The terminal failed.
    #[error("the terminal failed")]
    Terminal(#[from] io::Error),
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// A reply as plain text: blocks apart by an empty line, tables in columns, choices numbered where a number takes one, sources last.
pub fn plain(reply: &Reply) -> String {
    let tabled = reply.blocks.iter().any(|block| matches!(block, Block::Table { .. }));
    // A plot shows what its table says.
    let shown = reply.blocks.iter().filter(|block| !(tabled && matches!(block, Block::Series { .. })));
    let mut parts: Vec<String> = shown.map(block).filter(|part| !part.is_empty()).collect();
    // Beside a question for a number, a number is its answer.
    let numbered = reply.expects.as_ref().is_none_or(|expected| expected.kind == ExpectedKind::Choice);
    let choice =
        |(choice, number): (&Choice, usize)| if numbered { format!("{number}. {}", choice.label) } else { format!("· {}", choice.label) };
    if !reply.choices.is_empty() {
        parts.push(reply.choices.iter().zip(1..).map(choice).collect::<Vec<_>>().join("\n"));
    }
    if !reply.sources.is_empty() {
        parts.push(reply.sources.iter().map(source).collect::<Vec<_>>().join("\n"));
    }
    parts.join("\n\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Text { text } => text.clone(),
        Block::Facts { items } => lines(items.iter().map(|item| format!("{}：{}", item.label, item.value))),
        Block::Table { title, columns, rows } => titled(title.as_deref(), table(columns, rows)),
        Block::Sum { lines: steps, total } => {
            lines(steps.iter().chain(std::iter::once(total)).map(|line| format!("{}：{}", line.label, line.value)))
        }
        Block::Steps { title, nodes, edges } => titled(title.as_deref(), steps(nodes, edges)),
        Block::List { title, items } => titled(title.as_deref(), lines(items.iter().map(|item| format!("· {item}")))),
        Block::Timeline { items } => lines(items.iter().map(|item| {
            let mark = match item.state {
                MomentState::Done => "✓",
                MomentState::Now => "▶",
                MomentState::Todo => "○",
            };
            let note = item.note.as_deref().map(|note| format!("（{note}）")).unwrap_or_default();
            format!("{mark} {} {}{note}", item.date, item.title)
        })),
        Block::Series { title, unit, points } => {
            titled(title.as_deref(), lines(points.iter().map(|point| format!("{}：{} {unit}", point.label, point.value))))
        }
        Block::Document { title, code, url, check } => format!("{title}\n查验码：{code}\n查验网址：{check}\n取件：{url}"),
        Block::Notice { text, .. } => format!("！{text}"),
    }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn titled(title: Option<&str>, body: String) -> String {
    match title {
        Some(title) => format!("{title}\n{body}"),
        None => body,
    }
}

/// Cells in columns; a Chinese character is as wide as two letters.
fn table(columns: &[String], rows: &[Vec<String>]) -> String {
    let all = || std::iter::once(columns).chain(rows.iter().map(Vec::as_slice));
    let widths: Vec<usize> =
        (0..columns.len()).map(|at| all().filter_map(|row| row.get(at)).map(|cell| cell.width()).max().unwrap_or_default()).collect();
    let mut text = String::new();
    for row in all() {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell}{}  ", " ".repeat(width - cell.width().min(*width)));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// The boxes of a flow chart as steps 第 1 步, 第 2 步 …, which name where an answer leads. The start is no step of its own.
fn steps(nodes: &[Node], edges: &[Edge]) -> String {
    let (begin, rest): (Vec<&Node>, Vec<&Node>) = nodes.iter().partition(|node| node.kind == NodeKind::Start);
    let number = |id: &str| rest.iter().position(|node| node.id == id).map_or(0, |at| at + 1);
    let ways = |node: &Node| -> Vec<&Edge> { edges.iter().filter(|edge| edge.from == node.id).collect() };
    let mut text: Vec<String> = Vec::new();
    for node in begin {
        let first = ways(node).first().map_or(1, |way| number(&way.to));
        let from = if first == 1 { String::new() } else { format!("，从第 {first} 步开始") };
        text.push(format!("【{}】{from}", node.text));
    }
    for (at, node) in (1..).zip(&rest) {
        let mut line = format!("第 {at} 步　{}", node.text);
        match node.kind {
            NodeKind::Decision => {
                let open = !node.text.ends_with(['？', '?']);
                text.push(line + if open { "？" } else { "" });
                let mut answers: Vec<(usize, Vec<&str>)> = Vec::new();
                for way in ways(node) {
                    let (to, label) = (number(&way.to), way.label.as_deref().unwrap_or_default());
                    match answers.iter_mut().find(|(known, _)| *known == to) {
                        Some((_, labels)) => labels.push(label),
                        None => answers.push((to, vec![label])),
                    }
                }
                text.extend(answers.into_iter().map(|(to, labels)| format!("　· {}：看第 {to} 步", labels.join("、"))));
                continue;
            }
            NodeKind::End => line.push_str("（到这里结束）"),
            NodeKind::Step | NodeKind::Start => {
                if let Some(to) = ways(node).first().map(|way| number(&way.to)).filter(|to| *to != at + 1) {
                    let _ = write!(line, "（然后看第 {to} 步）");
                }
            }
        }
        text.push(line);
    }
    text.join("\n")
}

fn source(source: &Source) -> String {
    let mut text = format!("来源：{}", source.title);
    for part in [&source.number, &source.article].into_iter().flatten() {
        let _ = write!(text, " {part}");
    }
    if let Some(day) = source.as_of {
        let copied = source.copied_at.map(|at| format!("，副本存于 {}", china(at))).unwrap_or_default();
        let _ = write!(text, "（截至 {day}{copied}）");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{steps, table};
    use crate::domain::reply::{Edge, Node, NodeKind};

    fn texts(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn columns_stand_under_one_another_by_width() {
        let told = table(&texts(&["月份", "基数"]), &[texts(&["2025 年 1 月", "5,000.00 元"]), texts(&["合计", "—"])]);
        assert_eq!(told, "月份          基数\n2025 年 1 月  5,000.00 元\n合计          —");
    }

    #[test]
    fn an_answer_in_a_chart_says_where_it_leads() {
        let node = |id: &str, kind, text: &str| Node { id: id.to_owned(), kind, text: text.to_owned() };
        let edge = |from: &str, to: &str, label: Option<&str>| Edge { from: from.into(), to: to.into(), label: label.map(str::to_owned) };
        let nodes = [
            node("a", NodeKind::Start, "开始"),
            node("b", NodeKind::Decision, "满一年吗"),
            node("c", NodeKind::End, "不能领"),
            node("d", NodeKind::End, "申请"),
        ];
        let edges = [edge("a", "b", None), edge("b", "c", Some("没有")), edge("b", "d", Some("满了"))];
        assert_eq!(
            steps(&nodes, &edges),
            "【开始】\n第 1 步　满一年吗？\n　· 没有：看第 2 步\n　· 满了：看第 3 步\n第 2 步　不能领（到这里结束）\n第 3 步　申请（到这里结束）"
        );
    }
}
