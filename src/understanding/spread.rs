//! Which topics a bare word belongs to: 退休 is in the questions of ten topics and asks for none of them.

use std::hash::Hasher;

use super::features::Mix;

/// Lengths in characters of what counts as a bare word.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=4;
/// A word is bare when no topic has more than this share of the examples with it. Measured on 4,308 examples of 58 topics: 挂失 and
/// 补卡 belong to one topic by .7 and more, 退休, 医保, 工伤 and 社保卡 to none by more than .4.
const OWNED: f32 = 0.6;
/// A word must be in this many examples, else nothing is known of it.
const FEWEST: f32 = 3.0;
/// Topics offered.
const OFFERS: usize = 3;
/// A topic is offered when it has this share of what the first one has.
const WORTH: f32 = 0.25;

/// How often short strings of characters occur in the examples of each class.
#[derive(Default)]
pub(super) struct Spread {
    /// By hash of the string, then class; only strings of several classes.
    counts: Vec<(u64, usize, u16)>,
}

impl Spread {
    /// Counts in normal texts with their classes: examples with the string, not occurrences.
    pub(super) fn new(texts: &[(String, usize)]) -> Self {
        let mut all = Vec::new();
        for (text, class) in texts {
            let characters: Vec<char> = text.chars().collect();
            let mut keys: Vec<u64> = LENGTHS.flat_map(|length| characters.windows(length).map(hash)).collect();
            keys.sort_unstable();
            keys.dedup();
            all.extend(keys.into_iter().map(|key| (key, *class)));
        }
        all.sort_unstable();
        let several = |same: &&[(u64, usize)]| same[0].1 != same[same.len() - 1].1;
        let count = |same: &[(u64, usize)]| (same[0].0, same[0].1, u16::try_from(same.len()).unwrap_or(u16::MAX));
        let counts = all.chunk_by(|one, other| one.0 == other.0).filter(several).flat_map(|same| same.chunk_by(|one, other| one == other));
        Self { counts: counts.map(count).collect() }
    }

    /// The classes to choose from when the whole text is a bare word, each with its share of the examples, the commonest first;
    /// empty when it is not one.
    pub(super) fn classes(&self, normal: &str) -> Vec<(usize, f32)> {
        let characters: Vec<char> = normal.chars().take(LENGTHS.end() + 1).collect();
        if !LENGTHS.contains(&characters.len()) {
            return Vec::new();
        }
        let key = hash(&characters);
        let start = self.counts.partition_point(|(other, _, _)| *other < key);
        let mut found: Vec<(u16, usize)> =
            self.counts[start..].iter().take_while(|(other, _, _)| *other == key).map(|(_, class, count)| (*count, *class)).collect();
        found.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        let Some((most, _)) = found.first().copied() else { return Vec::new() };
        let total: f32 = found.iter().map(|(count, _)| f32::from(*count)).sum();
        if total < FEWEST || f32::from(most) > total * OWNED {
            return Vec::new();
        }
        let worth = |(count, _): &(u16, usize)| f32::from(*count) >= f32::from(most) * WORTH;
        found.into_iter().filter(worth).take(OFFERS).map(|(count, class)| (class, f32::from(count) / total)).collect()
    }
}

fn hash(characters: &[char]) -> u64 {
    let mut mix = Mix::default();
    for c in characters {
        mix.write_u64(mix.finish().rotate_left(21) ^ u64::from(u32::from(*c)));
    }
    mix.finish()
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn a_word_of_many_topics_is_bare_and_one_of_a_single_topic_is_not() {
        let texts =
            [("退休怎么办", 0), ("几岁退休", 1), ("能提前退休吗", 2), ("卡挂失", 3), ("怎么挂失", 3), ("挂失了吗", 4), ("口头挂失", 3)];
        let spread = Spread::new(&texts.map(|(text, class)| (text.to_owned(), class)));
        for (text, expected) in [("退休", vec![0, 1, 2]), ("挂失", vec![]), ("几岁退休", vec![]), ("退", vec![]), ("天气", vec![])]
        {
            let classes: Vec<usize> = spread.classes(text).into_iter().map(|(class, _)| class).collect();
            assert_eq!(classes, expected, "{text}");
        }
    }
}
