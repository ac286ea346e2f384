//! Leftmost-longest matching of word lists.

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};

/// Finds words of a list in a text, each with the value it stands for.
#[derive(Default)]
pub(super) struct Lexicon<T> {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<usize>>,
    values: Vec<T>,
}

impl<T> Lexicon<T> {
    /// Over words and their values. A word given twice keeps its first value; empty words are dropped.
    pub(super) fn new(entries: impl IntoIterator<Item = (String, T)>) -> Self {
        let mut seen = std::collections::HashSet::new();
        let (mut words, mut values) = (Vec::new(), Vec::new());
        for (word, value) in entries {
            if !word.is_empty() && seen.insert(word.clone()) {
                words.push(word);
                values.push(value);
            }
        }
        let builder = CharwiseDoubleArrayAhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest);
        let pairs = words.iter().enumerate().map(|(at, word)| (word.as_str(), at));
        // Only an empty or absurdly long list fails to build, and then there is nothing to find.
        let automaton = builder.build_with_values(pairs).ok();
        Self { automaton, values }
    }

    /// Matches from left to right: where they begin and end in bytes, and what they stand for.
    pub(super) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize, &'a T)> {
        let matches = self.automaton.iter().flat_map(move |automaton| automaton.leftmost_find_iter(text));
        matches.filter_map(|hit| Some((hit.start(), hit.end(), self.values.get(hit.value())?)))
    }
}

impl Lexicon<String> {
    /// The text with every word replaced by what it stands for.
    pub(super) fn replace(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (start, end, value) in self.find(text) {
            out.push_str(&text[at..start]);
            out.push_str(value);
            at = end;
        }
        out.push_str(&text[at..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Lexicon;

    #[test]
    fn the_longest_word_wins_and_is_replaced() {
        let lexicon = Lexicon::new([
            ("设保".to_owned(), "社保".to_owned()),
            ("几多钱".to_owned(), "多少钱".to_owned()),
            ("几多".to_owned(), "多少".to_owned()),
        ]);
        assert_eq!(lexicon.replace("设保交几多钱"), "社保交多少钱");
        assert_eq!(Lexicon::<String>::new([]).replace("x"), "x");
    }
}
