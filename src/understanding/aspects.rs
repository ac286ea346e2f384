//! Which side of a guide a text asks for.

use super::{lexicon::Lexicon, words::Words};
use crate::domain::topic::Aspect;

/// What stands between the two parts of a hint.
const GAP: char = '…';
/// Characters that may lie in the gap of a hint: about one clause.
const WIDEST_GAP: usize = 24;

/// Finds the side.
pub(super) struct Aspects {
    phrases: Lexicon<Aspect>,
    /// By first part: the sides and the second parts, empty for a hint without a gap.
    hints: Lexicon<Vec<(String, Aspect)>>,
}

impl Aspects {
    pub(super) fn new(words: &Words) -> Self {
        let phrases = words.aspects.iter().flat_map(|(aspect, said)| said.iter().map(|said| (said.clone(), *aspect)));
        let mut hints: Vec<(String, Vec<(String, Aspect)>)> = Vec::new();
        for (hint, aspect) in words.aspect_hints.iter().flat_map(|(aspect, said)| said.iter().map(|said| (said.as_str(), *aspect))) {
            let (first, second) = hint.split_once(GAP).unwrap_or((hint, ""));
            match hints.iter_mut().find(|(known, _)| known == first) {
                Some((_, ends)) => ends.push((second.to_owned(), aspect)),
                None => hints.push((first.to_owned(), vec![(second.to_owned(), aspect)])),
            }
        }
        Self { phrases: Lexicon::new(phrases), hints: Lexicon::new(hints) }
    }

    /// The side asked for by the last phrase that asks for one, since what is asked comes after what is told; without a phrase,
    /// by the last hint.
    pub(super) fn find(&self, squashed: &str) -> Option<Aspect> {
        let phrase = self.phrases.find(squashed).last().map(|(_, _, aspect)| *aspect);
        phrase.or_else(|| self.hinted(squashed))
    }

    fn hinted(&self, squashed: &str) -> Option<Aspect> {
        let followed = |after: &str, second: &str| after.find(second).is_some_and(|at| after[..at].chars().count() <= WIDEST_GAP);
        let found = self
            .hints
            .find(squashed)
            .filter_map(|(_, end, ends)| ends.iter().find(|(second, _)| followed(&squashed[end..], second)).map(|(_, aspect)| *aspect));
        found.last()
    }
}

#[cfg(test)]
mod tests {
    use super::Aspects;
    use crate::{domain::topic::Aspect, understanding::Words};

    #[test]
    fn a_phrase_counts_more_than_a_hint_and_a_hint_may_have_a_gap() {
        let words = Words {
            aspects: [(Aspect::Place, vec!["在哪里办".to_owned()])].into_iter().collect(),
            aspect_hints: [(Aspect::Conditions, vec!["能…吗".to_owned(), "是否可以".to_owned()])].into_iter().collect(),
            ..Words::default()
        };
        let aspects = Aspects::new(&words);
        for (text, expected) in [
            ("我辞职了还能领失业金吗", Some(Aspect::Conditions)),
            ("是否可以补缴", Some(Aspect::Conditions)),
            ("能告诉我在哪里办吗", Some(Aspect::Place)),
            ("吗能", None),
            ("能领失业金", None),
        ] {
            assert_eq!(aspects.find(text), expected, "{text}");
        }
    }
}
