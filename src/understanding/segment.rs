//! A text cut: into words, and into the questions it may hold.

use std::{collections::BTreeMap, fmt};

use jieba_rs::Jieba;

use super::{Words, lexicon::Lexicon, normalise::clean};

/// Cuts a text into words by our own word lists. jieba's dictionary would take longer to inflate than everything else at
/// start, and the words of the trade are not in it.
pub struct Segmenter {
    jieba: Jieba,
}

impl Segmenter {
    /// Knows every word of `words`. Characters weigh what they weigh in `texts`, and a word just enough to stay whole beside
    /// the shorter words that it is made of.
    pub fn new<'a>(words: &Words, texts: impl Iterator<Item = &'a str>) -> Self {
        let mut jieba = Jieba::empty();
        let mut characters = BTreeMap::<char, usize>::new();
        for c in texts.flat_map(str::chars) {
            *characters.entry(c).or_default() += 1;
        }
        for (c, count) in characters {
            jieba.add_word(c.encode_utf8(&mut [0; 4]), Some(count), None);
        }
        let insurances = words.insurance.values().flatten();
        let places = words.places.iter().flat_map(|place| std::iter::once(&place.name).chain(&place.aliases));
        let all = words.words.iter().chain(insurances).chain(places).chain(words.concepts.values().flatten());
        let mut all: Vec<String> = all.map(|word| clean(word)).collect();
        all.sort_by(|one, other| one.chars().count().cmp(&other.chars().count()).then_with(|| one.cmp(other)));
        all.dedup();
        for word in all.iter().filter(|word| word.chars().nth(1).is_some()) {
            jieba.add_word(word, None, None);
        }
        Self { jieba }
    }

    /// The words of a clean text in order; joined they are the text. New words are not guessed (no HMM).
    pub fn cut<'a>(&self, clean: &'a str) -> Vec<&'a str> {
        self.jieba.cut(clean, false).into_iter().map(|token| token.word).collect()
    }
}

impl fmt::Debug for Segmenter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Segmenter")
    }
}

/// Questions looked at in one text: nobody asks more at once, and each costs a classification.
const MOST: usize = 6;

/// The parts of a clean text between sentence marks, line breaks and the words of `further`; empty ones are left out.
/// Whatever is left after [`MOST`] parts belongs to the last.
pub(super) fn questions<'a>(clean: &'a str, further: &Lexicon<()>) -> Vec<&'a str> {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let decimal = |at: usize| digit(clean[..at].chars().next_back()) && digit(clean[at..].chars().nth(1));
    let marks = clean.char_indices().filter(|(at, c)| matches!(c, '?' | '!' | ';' | '\n') || *c == '.' && !decimal(*at));
    let mut cuts: Vec<usize> = marks.map(|(at, _)| at + 1).chain(further.find(clean).map(|(start, _, ())| start)).collect();
    cuts.sort_unstable();
    let mut parts = Vec::new();
    let mut start = 0;
    for cut in cuts.into_iter().chain([clean.len()]) {
        if clean[start..cut].chars().any(char::is_alphanumeric) && (parts.len() + 1 < MOST || cut == clean.len()) {
            parts.push(&clean[start..cut]);
            start = cut;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{Lexicon, Segmenter, questions};
    use crate::understanding::Words;

    #[test]
    fn our_words_stay_whole() {
        let words = Words {
            words: ["社保", "社保卡", "断缴", "灵活", "就业", "灵活就业"].map(str::to_owned).to_vec(), ..Words::default()
        };
        let segmenter = Segmenter::new(&words, ["社保卡断缴了怎么办", "我的卡", "就业", "灵活的人", "社保"].into_iter());
        for (text, expected) in [
            ("断缴3个月", vec!["断缴", "3", "个", "月"]),
            ("灵活就业, 社保卡", vec!["灵活就业", ",", " ", "社保卡"]),
            ("灵活的社保", vec!["灵活", "的", "社保"]),
        ] {
            assert_eq!(segmenter.cut(text), expected);
        }
    }

    #[test]
    fn sentences_and_afterthoughts() {
        let further = Lexicon::new(["还有", "另外", "再问"].map(|word| (word.to_owned(), ())));
        for (text, expected) in [
            ("社保卡丢了怎么办", vec!["社保卡丢了怎么办"]),
            ("去年交了几个月?还有医保余额多少?", vec!["去年交了几个月?", "还有医保余额多少?"]),
            ("查社保,另外养老金涨了吗.", vec!["查社保,", "另外养老金涨了吗."]),
            ("还有医保呢", vec!["还有医保呢"]),
            ("交了1.2万.够吗", vec!["交了1.2万.", "够吗"]),
            ("退休年龄,再问下失业金", vec!["退休年龄,", "再问下失业金"]),
            ("?!", vec![]),
            ("a?b?c?d?e?f?g", vec!["a?", "b?", "c?", "d?", "e?", "f?g"]),
        ] {
            assert_eq!(questions(text, &further), expected, "{text}");
        }
    }
}
