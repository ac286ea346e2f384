//! Numbers of laws and notices, in whatever way they are written: 国办发〔2019〕13号, 国务院令第765号, GB/T 16180.

/// A number as printed, or as much of it as a text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentNumber {
    /// What stands before it: 国办发, 国务院, gbt. In a resident's text, with the words before that.
    letters: String,
    /// The year in brackets.
    year: Option<u32>,
    /// The running number.
    serial: u32,
    /// Which kind of number.
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// 国办发〔2019〕13号
    Notice,
    /// 国务院令第765号
    Order,
    /// GB/T 16180
    Standard,
    /// 「8号文」: anything with this running number.
    Any,
}

/// What a text (simplified; any width and case) consists of, as far as numbers go.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Number(String),
    /// One of 第 号 年 令.
    Mark(char),
    Word(String),
}

/// The last letter of what stands before the year: 发, 规, 函 ….
const NOTICE: &str = "发规函办字释府";
/// The last letter of whoever issues orders.
const AUTHORITY: &str = "院部局委府厅办门惠粤";
/// Letters of a province or city before an agency's: 粤医保发 is not 医保发.
const PLACES: &str = "京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁惠穗深";
/// What no name of an agency goes across.
const PARTS: &str = "《》〈〉（）()【】[]「」“”,，。;；:：?？!！\n";
const DIGITS: &str = "零一二三四五六七八九";

impl DocumentNumber {
    /// A number that stands alone; `None` when the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut found = Self::mentioned(text);
        let only = found.pop().filter(|_| found.is_empty())?;
        (!only.letters.is_empty()).then_some(only)
    }

    /// The numbers that a text mentions, in order.
    pub fn mentioned(text: &str) -> Vec<Self> {
        let items = items(text);
        let (mut found, mut at) = (Vec::new(), 0);
        while at < items.len() {
            match mention(&items, at) {
                Some((number, end)) => {
                    found.push(number);
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Whether this, said in a text, can mean the document numbered `other`. What is not said may be anything; what is
    /// said must agree.
    pub fn can_mean(&self, other: &Self) -> bool {
        let kind = self.kind == other.kind || self.kind == Kind::Any;
        let year = self.year.is_none() || self.year == other.year;
        kind && year && self.serial == other.serial && self.letters_agree(&other.letters)
    }

    /// Whether it says whose number it is, and of which year where that belongs to it.
    pub fn is_whole(&self) -> bool {
        match self.kind {
            Kind::Notice => self.year.is_some() && ends_in(&self.letters, NOTICE),
            Kind::Order => ends_in(&self.letters, AUTHORITY),
            Kind::Standard => true,
            Kind::Any => false,
        }
    }

    fn letters_agree(&self, other: &str) -> bool {
        let said = self.letters.as_str();
        match self.kind {
            Kind::Standard | Kind::Any => true,
            Kind::Notice if !ends_in(said, NOTICE) => true,
            Kind::Notice => {
                let before = said.strip_suffix(other);
                before.is_some_and(|before| !ends_in(before, PLACES)) || other.ends_with(said)
            }
            Kind::Order if !ends_in(said, AUTHORITY) => true,
            Kind::Order => {
                other.split('、').flat_map(|one| [Some(one), one.split_once('等').map(|(first, _)| first)]).flatten().any(|one| {
                    let before = said.strip_suffix(one);
                    before.is_some_and(|before| !one.starts_with('省') || before.is_empty() || before.ends_with("广东"))
                })
            }
        }
    }
}

fn ends_in(text: &str, letters: &str) -> bool {
    text.chars().next_back().is_some_and(|last| letters.contains(last))
}

/// The number that begins at `at`, and the place after it.
fn mention(items: &[Item], at: usize) -> Option<(DocumentNumber, usize)> {
    let mark = |at: usize, mark: char| items.get(at) == Some(&Item::Mark(mark));
    let after = |at: usize, one: char| if mark(at, one) { at + 1 } else { at };
    let number = |at: usize| if let Some(Item::Number(digits)) = items.get(at) { Some(digits.as_str()) } else { None };
    let word = |at: usize| if let Some(Item::Word(word)) = items.get(at) { Some(word.as_str()) } else { None };
    let letters = word(at).unwrap_or_default();
    let start = if word(at).is_some() { at + 1 } else { at };
    let make = |year, serial, kind, end| Some((DocumentNumber { letters: letters.to_owned(), year, serial, kind }, end));

    if let Some(digits) = number(start).filter(|_| letters.ends_with("gb") || letters.ends_with("gbt")) {
        let number = DocumentNumber { letters: "gb".to_owned(), year: None, serial: digits.parse().ok()?, kind: Kind::Standard };
        return Some((number, start + 1));
    }
    // 令第765号
    if mark(start, '令') {
        let place = after(start + 1, '第');
        if let Some(serial) = number(place).and_then(short) {
            return make(None, serial, Kind::Order, after(place + 1, '号'));
        }
    }
    // 第765号令, 765令
    let first = after(start, '第');
    if let Some(serial) = number(first).and_then(short) {
        let end = after(first + 1, '号');
        if mark(end, '令') {
            return make(None, serial, Kind::Order, end + 1);
        }
    }
    let notice = ends_in(letters, NOTICE);
    if let Some(said) = number(start).and_then(year) {
        let place = after(after(start + 1, '年'), '第');
        if let Some(serial) = number(place).and_then(short)
            && (notice || mark(place + 1, '号') || mark(place - 1, '第'))
        {
            return make(Some(said), serial, Kind::Notice, after(place + 1, '号'));
        }
        // 2019年国办发13号
        let behind = after(start + 1, '年');
        if let Some(name) = word(behind).filter(|name| ends_in(name, NOTICE)) {
            let place = after(behind + 1, '第');
            if let Some(serial) = number(place).and_then(short) {
                let letters = name.to_owned();
                return Some((DocumentNumber { letters, year: Some(said), serial, kind: Kind::Notice }, after(place + 1, '号')));
            }
        }
    }
    // 国办发201913号
    if let Some((said, serial)) =
        number(start).filter(|digits| notice && (5..=8).contains(&digits.len())).and_then(|d| d.split_at_checked(4))
        && let (Some(said), Some(serial)) = (year(said), short(serial))
    {
        return make(Some(said), serial, Kind::Notice, after(start + 1, '号'));
    }
    // 国发104号; 8号文
    let serial = number(first).and_then(short).filter(|_| mark(first + 1, '号'))?;
    if notice {
        return make(None, serial, Kind::Notice, first + 2);
    }
    let called = word(first + 2).is_some_and(|next| next.starts_with('文'));
    if called { make(None, serial, Kind::Any, first + 2) } else { None }
}

/// A running number: four digits at most.
fn short(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|_| digits.len() <= 4)
}

fn year(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|year| digits.len() == 4 && (1949..=2099).contains(year))
}

/// Numbers, marks, and the words between them. Signs are nothing, except that they part numbers, and some of them words;
/// 、 stays within a word.
fn items(text: &str) -> Vec<Item> {
    let letters: Vec<char> = text.chars().map(half_width).collect();
    let (mut items, mut at, mut parted): (Vec<Item>, usize, bool) = (Vec::new(), 0, false);
    while let Some(&c) = letters.get(at) {
        let run = |of: fn(char) -> bool| letters[at..].iter().take_while(|c| of(**c)).count();
        let numeral = run(|c| digit(c).is_some() || unit(c).is_some());
        if c.is_ascii_digit() {
            let end = at + run(|c| c.is_ascii_digit());
            items.push(Item::Number(letters[at..end].iter().collect()));
            at = end;
        } else if let Some(value) = (numeral > 0).then(|| numerals(&letters[at..at + numeral])).flatten().filter(|value| {
            value.len() == 4 && letters[at..at + numeral].iter().all(|c| digit(*c).is_some())
                || items.last() == Some(&Item::Mark('第'))
                || letters.get(at + numeral) == Some(&'号')
        }) {
            items.push(Item::Number(value));
            at += numeral;
        } else if matches!(c, '第' | '号' | '年' | '令') {
            items.push(Item::Mark(c));
            at += 1;
        } else {
            if c.is_alphabetic() || c == '、' {
                match items.last_mut() {
                    Some(Item::Word(word)) if !parted => word.push(c),
                    _ if c == '、' => {}
                    _ => items.push(Item::Word(c.to_string())),
                }
                parted = false;
            } else {
                parted |= PARTS.contains(c);
            }
            at += 1;
        }
    }
    items
}

fn half_width(c: char) -> char {
    let half = if ('！'..='～').contains(&c) { char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c) } else { c };
    match half {
        '〇' | '○' => '零',
        other => other.to_ascii_lowercase(),
    }
}

/// 二〇一九, 十三, 七百六十五 in ASCII digits.
fn numerals(letters: &[char]) -> Option<String> {
    if letters.iter().all(|c| digit(*c).is_some()) {
        return Some(letters.iter().filter_map(|c| digit(*c)).map(|value| value.to_string()).collect());
    }
    let (mut sum, mut last) = (0, None);
    for c in letters {
        match (digit(*c), unit(*c)) {
            (Some(value), _) => last = Some(value),
            (None, Some(unit)) => sum += last.take().unwrap_or(1) * unit,
            (None, None) => return None,
        }
    }
    Some((sum + last.unwrap_or(0)).to_string())
}

fn digit(c: char) -> Option<u32> {
    DIGITS.chars().position(|one| one == c).and_then(|at| u32::try_from(at).ok())
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::DocumentNumber;

    const SHELF: [&str; 11] = [
        "国办发〔2019〕13号",
        "国务院令第765号",
        "粤府函〔2026〕188号",
        "人社部、国家卫健委令第55号",
        "医保发〔2022〕22号",
        "法释〔2014〕9号",
        "GB/T 16180",
        "人社部等五部门令第56号",
        "国发〔1978〕104号",
        "省政府令第227号",
        "国发〔2014〕8号",
    ];

    /// The numbers on the shelf that `text` can mean.
    fn meant(text: &str) -> Vec<&'static str> {
        let said = DocumentNumber::mentioned(text);
        let parsed = |number: &str| DocumentNumber::parse(number).unwrap();
        SHELF.into_iter().filter(|number| said.iter().any(|said| said.can_mean(&parsed(number)))).collect()
    }

    #[test]
    fn a_number_is_known_however_it_is_written() {
        let (thirteen, order, wage) = (SHELF[0], SHELF[1], SHELF[2]);
        for (text, expected) in [
            ("国办发〔2019〕13号", thirteen),
            ("国办发[2019]13号", thirteen),
            ("国办发（2019）13号", thirteen),
            ("国办发(2019)13号文", thirteen),
            ("国办发【2019】13 号", thirteen),
            ("国办发〈2019〉13号", thirteen),
            ("国办发「2019」13号", thirteen),
            ("国办发［２０１９］１３号", thirteen),
            ("国办发 2019 13", thirteen),
            ("国办发2019-13号", thirteen),
            ("国办发2019第13号", thirteen),
            ("国办发2019年13号", thirteen),
            ("国办发〔2019〕第13号文件", thirteen),
            ("国办发二〇一九年第十三号", thirteen),
            ("国办发201913号", thirteen),
            ("2019年国办发13号", thirteen),
            ("国办发《2019》13号", thirteen),
            ("请帮我找一下国办发〔2019〕13号的全文", thirteen),
            ("办发〔2019〕13号", thirteen),
            ("国 办 发 〔 2019 〕 13 号", thirteen),
            ("2019年13号文", thirteen),
            ("依据（国办发〔2019〕13号）第二条", thirteen),
            ("国办发13号", thirteen),
            ("国务院令第765号", order),
            ("国务院令765号", order),
            ("国务院第765号令", order),
            ("国务院765令", order),
            ("765号令", order),
            ("第765号令在哪看", order),
            ("第七百六十五号令", order),
            ("令765", order),
            ("国务院令（第765号）", order),
            ("中华人民共和国国务院令第７６５号", order),
            ("粤府函2026 188号", wage),
            ("粤府函(2026)188号是什么", wage),
            ("粤府函〔2026〕一百八十八号", wage),
            ("人社部令第55号", SHELF[3]),
            ("国家卫健委令第55号", SHELF[3]),
            ("查查人社部 国家卫健委第55号令", SHELF[3]),
            ("医保发2022 22号", SHELF[4]),
            ("法释2014第9号", SHELF[5]),
            ("gb/t 16180-2014", SHELF[6]),
            ("GB16180全文", SHELF[6]),
            ("ＧＢ／Ｔ１６１８０", SHELF[6]),
            ("人社部令第56号", SHELF[7]),
            ("人社部等五部门56号令", SHELF[7]),
            ("国发1978 104号文", SHELF[8]),
            ("1978年国发104号文的内容", SHELF[8]),
            ("广东省政府令第227号", SHELF[9]),
            ("《广东省实施〈女职工劳动保护特别规定〉办法》（省政府令第227号）第十一条", SHELF[9]),
            ("国发2014 8号文件 居民养老", SHELF[10]),
            ("8号文", SHELF[10]),
        ] {
            assert_eq!(meant(text), [expected], "{text}: {:?}", DocumentNumber::mentioned(text));
        }
    }

    #[test]
    fn another_document_is_not_taken_for_one_of_ours() {
        for text in [
            "国发〔2019〕13号",
            "国办发〔2020〕13号",
            "国办发〔2019〕31号",
            "粤医保发〔2022〕22号",
            "劳社部令第55号",
            "国务院259号令",
            "公安部令第765号",
            "湖南省政府令第227号",
            "国办函〔2019〕13号",
            "2019年13月",
            "2026年11月24日",
            "第765条",
            "我有13个月没交",
            "12333",
            "惠州市 2019 13",
            "GB 16181",
        ] {
            assert_eq!(meant(text), Vec::<&str>::new(), "{text}: {:?}", DocumentNumber::mentioned(text));
        }
    }

    #[test]
    fn a_number_that_stands_alone_is_whole() {
        for number in SHELF {
            assert!(DocumentNumber::parse(number).unwrap().is_whole(), "{number}");
        }
        for text in ["", "社会保险法", "8号文", "〔2019〕13号"] {
            let whole = DocumentNumber::parse(text).is_some_and(|number| number.is_whole());
            assert!(!whole, "{text}");
        }
    }
}
