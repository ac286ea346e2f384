//! Slips of the pinyin keyboard and of speech recognition: words that sound like ours, and pinyin left as letters.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use pinyin::ToPinyin;

use super::{lexicon::Lexicon, normalise::is_han};

/// Characters whose sound is known by place; rarer ones are not what a keyboard offers first.
const HAN: std::ops::Range<u32> = 0x4e00..0xa000;
/// Sounds are written in private characters from here on, so that a text's sounds are a text.
const FIRST: u32 = 0xe000;
/// Letters of the longest syllable.
const LONGEST: usize = 6;
/// Shorter words are found in pinyin only: of two characters almost any pair sounds like something.
const SHORTEST: usize = 3;
/// What southern speakers and keyboards mix up: both ends of a syllable.
const BEGINNINGS: [(&str, &str); 4] = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")];
const ENDINGS: [(&str, &str); 3] = [("ang", "an"), ("eng", "en"), ("ing", "in")];

/// Finds and mends slips.
#[derive(Default)]
pub(super) struct Sounds {
    /// The sound of every character of [`HAN`].
    characters: Vec<char>,
    syllables: HashMap<String, char>,
    /// For each sound, the one it stands for when sounds that are mixed up are taken as one.
    loose: Vec<char>,
    /// By exact sound.
    spelt: Lexicon<String>,
    /// The longer ones, by sound as it is mixed up.
    words: Lexicon<String>,
}

impl Sounds {
    /// Knows how `words` sound; of words that sound alike, the first.
    pub(super) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let plain: Vec<&str> = HAN.map(|code| char::from_u32(code).and_then(|c| c.to_pinyin()).map_or("", pinyin::Pinyin::plain)).collect();
        let merged = |syllable: &str| {
            let begun = BEGINNINGS.iter().find_map(|(from, to)| Some(format!("{to}{}", syllable.strip_prefix(from)?)));
            let begun = begun.unwrap_or_else(|| syllable.to_owned());
            ENDINGS.iter().find_map(|(from, to)| Some(format!("{}{to}", begun.strip_suffix(from)?))).unwrap_or(begun)
        };
        let all: BTreeSet<String> = plain.iter().flat_map(|syllable| [(*syllable).to_owned(), merged(syllable)]).collect();
        let code = |number: u32| char::from_u32(FIRST + number).unwrap_or_default();
        let syllables: HashMap<String, char> = all.into_iter().zip((0..).map(code)).collect();
        let mut loose = vec![char::default(); syllables.len()];
        for (syllable, sound) in &syllables {
            loose[place(*sound)] = syllables.get(&merged(syllable)).copied().unwrap_or(*sound);
        }
        let characters = plain.iter().map(|syllable| syllables[*syllable]).collect();
        let mut sounds = Self { characters, syllables, loose, ..Self::default() };
        let han: Vec<&str> = words.filter(|word| word.chars().count() > 1 && word.chars().all(|c| HAN.contains(&u32::from(c)))).collect();
        let of = |word: &str| word.chars().filter_map(|c| sounds.character(c)).collect::<String>();
        let exact = Lexicon::new(han.iter().map(|word| (of(word), (*word).to_owned())));
        let long = han.iter().filter(|word| word.chars().count() >= SHORTEST);
        let loose = Lexicon::new(long.map(|word| (sounds.loosen(&of(word)), (*word).to_owned())));
        (sounds.spelt, sounds.words) = (exact, loose);
        sounds
    }

    /// The text with slips mended: only where two characters stand together that `known` has never seen so, or where pinyin
    /// stands for our words from end to end. Everything else stays as it is.
    pub(super) fn mend<'a>(&self, text: &'a str, known: impl Fn(char, char) -> bool) -> Cow<'a, str> {
        let letters = text.bytes().filter(u8::is_ascii_lowercase).count() > 3;
        let mut before = None;
        let mut strange = Vec::new();
        for (at, c) in text.char_indices() {
            if let Some(last) = before.filter(|last| is_han(*last) && is_han(c) && !known(*last, c)) {
                strange.push(at - char::len_utf8(last)..at + c.len_utf8());
            }
            before = Some(c);
        }
        let spelt = if letters { self.spelt(text) } else { Cow::Borrowed(text) };
        if strange.is_empty() || matches!(spelt, Cow::Owned(_)) {
            return spelt;
        }
        let (mut sounds, mut places) = (String::with_capacity(text.len()), Vec::new());
        for (at, c) in text.char_indices() {
            places.push((sounds.len(), at));
            sounds.push(self.character(c).unwrap_or(c));
        }
        places.push((sounds.len(), text.len()));
        let at = |sound: usize| places.binary_search_by_key(&sound, |place| place.0).map_or(0, |found| places[found].1);
        let loose = self.loosen(&sounds);
        let mut mended = String::with_capacity(text.len());
        let mut done = 0;
        for (start, end, word) in self.words.find(&loose) {
            let (start, end) = (at(start), at(end));
            let slip = text[start..end] != **word && strange.iter().any(|odd| start <= odd.start && odd.end <= end);
            if slip {
                mended.push_str(&text[done..start]);
                mended.push_str(word);
                done = end;
            }
        }
        mended.push_str(&text[done..]);
        Cow::Owned(mended)
    }

    /// Runs of letters that are the pinyin of our words from end to end, as those words.
    fn spelt<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_lowercase()) {
            let (plain, run) = rest.split_at(start);
            let (run, after) = run.split_at(run.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(run.len()));
            out.push_str(plain);
            match self.syllables_of(run).and_then(|sounds| self.words_of(&sounds)) {
                Some(words) => out.push_str(&words),
                None => out.push_str(run),
            }
            rest = after;
        }
        out.push_str(rest);
        if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
    }

    /// Letters cut into syllables, the longest first; `None` when something is left over.
    fn syllables_of(&self, letters: &str) -> Option<String> {
        if letters.is_empty() {
            return Some(String::new());
        }
        (1..=LONGEST.min(letters.len())).rev().find_map(|length| {
            let sound = self.syllables.get(&letters[..length])?;
            Some(format!("{sound}{}", self.syllables_of(&letters[length..])?))
        })
    }

    fn words_of(&self, sounds: &str) -> Option<String> {
        let (mut words, mut at) = (String::new(), 0);
        for (start, end, word) in self.spelt.find(sounds) {
            if start != at {
                return None;
            }
            words.push_str(word);
            at = end;
        }
        (at == sounds.len()).then_some(words)
    }

    fn character(&self, c: char) -> Option<char> {
        u32::from(c).checked_sub(HAN.start).and_then(|place| self.characters.get(place as usize)).copied()
    }

    fn loosen(&self, sounds: &str) -> String {
        sounds
            .chars()
            .map(|sound| if u32::from(sound) < FIRST { sound } else { self.loose.get(place(sound)).copied().unwrap_or(sound) })
            .collect()
    }
}

fn place(sound: char) -> usize {
    u32::from(sound).saturating_sub(FIRST) as usize
}

#[cfg(test)]
mod tests {
    use super::Sounds;

    #[test]
    fn what_sounds_like_our_words_and_was_never_seen_is_mended() {
        let sounds = Sounds::new(["社保卡", "养老金", "补办", "工伤", "社保", "生育津贴"].into_iter());
        let seen = |one, other| matches!((one, other), ('工', '商') | ('社', '保') | ('保', '卡'));
        for (text, expected) in [
            ("设保卡不见了", "社保卡不见了"),
            ("养劳金多少", "养老金多少"),
            ("生于金贴", "生育津贴"),
            ("社保卡丢了", "社保卡丢了"),
            ("工商银行", "工商银行"),
            ("公伤了", "公伤了"),
            ("shebaoka丢了", "社保卡丢了"),
            ("yanglaojin", "养老金"),
            ("hello world", "hello world"),
            ("app社保", "app社保"),
        ] {
            assert_eq!(sounds.mend(text, seen), expected, "{text}");
        }
    }
}
