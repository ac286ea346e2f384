//! The words that residents read: how long, how plain, how sure, and nobody's numbers among them.

use serde_json::Value;

use super::{
    super::{
        script::{Script, Step},
        style::Style,
    },
    Faults, File, Problem, flow_path,
};

/// Fields that residents do not read, or that are names.
const UNREAD: [&str; 11] = ["basis", "cues", "words", "when", "on", "cases", "source", "sources", "related", "online", "offer-from"];
/// Who can be called.
pub(super) const HOTLINES: [&str; 6] = ["12333", "12393", "12366", "12345", "12329", "it.hotline"];
/// Behind a number, it makes a figure.
const UNITS: [&str; 11] = ["元", "%", "年", "个月", "个工作日", "日内", "天", "岁", "周岁", "倍", "级"];
/// Digits of the shortest number that could be somebody's: a mobile phone's.
const SHORTEST: usize = 11;
/// The area code of the made-up people, which was never assigned.
const MADE_UP: &str = "441399";

/// One text as it is written, and the line where it begins.
struct Said {
    line: u64,
    field: String,
    text: String,
}

/// Every file that residents read from, and figures without a source in flows.
pub(super) fn style(script: &Script, style: &Style, files: &[File], problems: &mut Vec<Problem>) {
    for (path, text) in files {
        let faults = &mut Faults { path, text, problems };
        numbers_of_people(faults);
        let folder = path.split('/').next().unwrap_or_default();
        if !matches!(folder, "guides" | "flows" | "phrases.yaml") {
            continue;
        }
        let Ok(value) = serde_saphyr::from_str::<Value>(text) else { continue };
        let mut said = Vec::new();
        gather(&value, "", faults, &mut said);
        for text in &said {
            lengths(text, style, faults);
            plain(text, style, faults);
            unknown(text, style, faults);
        }
        if folder == "guides" {
            terms(&said, style, faults);
        }
    }
    for flow in script.flows.values() {
        let faults = &mut Faults::of(flow_path(&flow.flow.value, files), files, problems);
        for (name, step) in &flow.steps {
            if let Step::Say(say) = step
                && say.sources.is_empty()
            {
                unsourced(name, faults);
            }
        }
    }
}

/// The Chinese texts of a file in the order of its lines.
fn gather(value: &Value, field: &str, faults: &Faults, said: &mut Vec<Said>) {
    match value {
        Value::String(text) if text.chars().any(is_chinese) => {
            let begin: String = text.trim_start().chars().take_while(|c| !matches!(c, '\n' | '"' | '\'' | '\\')).take(12).collect();
            let line = faults.line(said.last().map_or(1, |last: &Said| last.line), &begin);
            said.push(Said { line, field: field.to_owned(), text: text.clone() });
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, field, faults, said)),
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !UNREAD.contains(&name.as_str())) {
                gather(value, name, faults, said);
            }
        }
        _ => {}
    }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// A text without the holes of its template.
fn without_holes(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, hole)) =
        rest.find(['{']).filter(|at| matches!(rest.as_bytes().get(at + 1), Some(b'{' | b'%'))).map(|at| rest.split_at(at))
    {
        kept.push_str(before);
        rest = hole.find("}}").into_iter().chain(hole.find("%}")).min().map_or("", |end| &hole[end + 2..]);
    }
    kept + rest
}

fn lengths(said: &Said, style: &Style, faults: &mut Faults) {
    let text = without_holes(&said.text);
    let branches = said.text.contains("{%") || said.text.starts_with(['[', '{']);
    for sentence in text.split(['。', '！', '？', '；', '：', '\n', '\'']) {
        let length = sentence.chars().filter(|c| !c.is_whitespace()).count();
        if length > style.sentence {
            let begin: String = sentence.trim().chars().take(8).collect();
            let line = faults.line(said.line, &begin);
            let what = format!("the sentence 「{begin}…」 has {length} characters");
            faults.add(line, what, &format!("{} at most: make two of it", style.sentence));
        }
    }
    let length = text.chars().filter(|c| !c.is_whitespace()).count();
    if length > style.text && !branches {
        let begin: String = text.trim().chars().take(8).collect();
        faults.add(
            said.line,
            format!("the text 「{begin}…」 has {length} characters"),
            &format!("{} at most: say what matters first, leave out the rest", style.text),
        );
    }
}

fn plain(said: &Said, style: &Style, faults: &mut Faults) {
    let text = without_holes(&said.text);
    for (word, instead) in style.plain.iter().filter(|(word, _)| text.contains(word.as_str())) {
        let line = faults.line(said.line, word);
        faults.add(line, format!("「{word}」 is a word of the office"), &format!("write: {instead}"));
    }
}

/// Who does not know says who does.
fn unknown(said: &Said, style: &Style, faults: &mut Faults) {
    let named = HOTLINES.iter().any(|number| said.text.contains(number));
    if let Some(word) = style.unknown.iter().find(|word| said.text.contains(word.as_str())).filter(|_| !named) {
        let line = faults.line(said.line, word);
        faults.add(
            line,
            format!("「{word}」, and nobody to call"),
            "name the number in the same text: 请拨 12333（医保 12393，缴费 12366）",
        );
    }
}

/// A term is explained where a guide says it first: in brackets, within brackets, or with 是.
fn terms(said: &[Said], style: &Style, faults: &mut Faults) {
    for (term, meaning) in &style.terms {
        let Some((text, at)) = said.iter().find_map(|said| said.text.find(term.as_str()).map(|at| (said, at))) else { continue };
        let (before, after) = (&text.text[..at], &text.text[at + term.len()..]);
        let explained = ["（", "是", "就是", "，是", "，就是", "：", "」（"].iter().any(|begin| after.starts_with(begin))
            || before.ends_with('（')
            || before.ends_with("这叫");
        if !explained {
            let line = faults.line(text.line, term);
            faults.add(
                line,
                format!("「{term}」 is not explained where `{}` says it first", text.field),
                &format!("write 「{term}（{meaning}）」"),
            );
        }
    }
}

/// Figures in the words of a step that names no source, neither by field nor in its words.
fn unsourced(step: &str, faults: &mut Faults) {
    let begin = usize::try_from(faults.step(step)).unwrap_or_default();
    let next = |line: &str| line.starts_with("  ") && !line.starts_with("   ") && !line.trim_start().starts_with('#');
    let lines: Vec<(u64, &str)> = (1..).zip(faults.text.lines()).skip(begin).take_while(|(_, line)| !next(line)).collect();
    if lines.iter().any(|(_, line)| line.contains('《')) {
        return;
    }
    for (at, line) in lines {
        if line.trim_start().starts_with(['#']) || line.trim_start().starts_with("- when:") {
            continue;
        }
        if let Some(figure) = figure(&without_quotes(&without_holes(line))) {
            let what = format!("the figure 「{figure}」 of `{step}` has no source");
            faults.add(at, what, "name the law or notice in the step's `sources:`");
        }
    }
}

/// What is said as an example, or names another topic, states no figure.
fn without_quotes(text: &str) -> String {
    let mut kept = String::new();
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '「' => depth += 1,
            '」' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// The first number with a unit behind it; 「最近 12 个月」 says which months are shown.
pub(super) fn figure(text: &str) -> Option<String> {
    let mut before = "";
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        before = if at > 0 { &rest[..at] } else { before };
        let tail = &rest[at..];
        let end = tail.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(tail.len());
        let (number, after) = tail.split_at(end);
        let unit = UNITS.iter().find(|unit| after.trim_start().starts_with(*unit));
        if let Some(unit) = unit.filter(|_| !before.trim_end().ends_with("最近")) {
            return Some(format!("{number} {unit}"));
        }
        rest = after;
    }
    None
}

/// Numbers that could be somebody's: identity, bank card, mobile phone.
fn numbers_of_people(faults: &mut Faults) {
    let text = faults.text;
    for (at, line) in (1..).zip(text.lines()) {
        if line.bytes().filter(u8::is_ascii_digit).count() < SHORTEST {
            continue;
        }
        let joined = line.replace(['-', ' '], "\u{1}");
        for (run, grouped) in digits(line).map(|run| (run, false)).chain(phones_in_groups(&joined).map(|run| (run, true))) {
            let kind = match run.len() {
                11 if run.starts_with('1') && matches!(run.as_bytes()[1], b'3'..=b'9') => "a mobile phone's",
                18 if !run.starts_with(MADE_UP) => "an identity number",
                16 | 17 | 19 if !grouped && !run.ends_with(['X', 'x']) => "a bank card's",
                _ => continue,
            };
            let what = format!("the number {}… looks like {kind}", &run[..3]);
            faults.add(at, what, "mask it (138****0000), or make one up in area 441399");
        }
    }
}

/// Runs of digits, with the X an identity number may end in.
fn digits(line: &str) -> impl Iterator<Item = String> {
    let mut runs = vec![String::new()];
    for c in line.chars() {
        let x = matches!(c, 'X' | 'x') && runs.last().is_some_and(|run| run.len() == 17);
        match runs.last_mut() {
            Some(run) if c.is_ascii_digit() || x => run.push(c),
            Some(run) if !run.is_empty() => runs.push(String::new()),
            _ => {}
        }
    }
    runs.into_iter().filter(|run| run.len() >= SHORTEST)
}

/// Phones written 138 0000 0000; groups are apart by U+0001.
fn phones_in_groups(line: &str) -> impl Iterator<Item = String> {
    let parts: Vec<&str> = line.split('\u{1}').collect();
    let tail = |part: &str| part.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().to_owned();
    let head = |part: &str| part.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().to_owned();
    let found: Vec<String> = parts
        .windows(3)
        .map(|three| (tail(three[0]), three[1], head(three[2])))
        .filter(|(first, middle, last)| {
            first.len() == 3 && middle.len() == 4 && middle.bytes().all(|b| b.is_ascii_digit()) && last.len() == 4
        })
        .map(|(first, middle, last)| first + middle + &last)
        .collect();
    found.into_iter()
}
