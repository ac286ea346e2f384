//! What the classifier sees of a text: characters and marks, pairs of them, concepts, pairs of concepts and the length, by weight.

use std::{
    cmp::Reverse,
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use serde::{Deserialize, Serialize};

use super::{lexicon::Lexicon, normalise::squash};

/// A text as numbered columns with weights.
pub(super) type Sparse = Vec<(u32, f32)>;

const CHARACTER: u64 = 0;
const PAIR: u64 = 1 << 60;
const CONCEPT: u64 = 2 << 60;
const CONCEPTS: u64 = 3 << 60;
const LENGTH: u64 = 4 << 60;
const KIND: u64 = 7 << 60;
/// Bits of a character in a pair.
const CHARACTER_BITS: u32 = 21;
/// Lengths in characters that a text is compared with: a search query asks for other things than a story.
const LENGTHS: [usize; 9] = [3, 4, 5, 6, 8, 10, 12, 15, 20];
/// What a length weighs beside a character.
const LENGTH_STRESS: f32 = 1.4;
/// Concepts of one text that are paired: enough for a question, and a page of text costs no more than that.
const MOST_CONCEPTS: usize = 16;
/// Finds the features of a squashed text. Knows the concepts, not the examples.
#[derive(Default)]
pub(super) struct Concepts {
    forms: Lexicon<u32>,
    names: Vec<String>,
}

impl Concepts {
    /// Of names and forms; a form is found as it is written.
    pub(super) fn new(concepts: impl Iterator<Item = (String, Vec<String>)>) -> Self {
        let (names, forms): (Vec<String>, Vec<Vec<String>>) = concepts.unzip();
        let forms = (0..).zip(forms).flat_map(|(concept, forms)| forms.into_iter().map(move |form| (form, concept)));
        Self { forms: Lexicon::new(forms), names }
    }

    /// The concepts of a text, each once, in order of number.
    fn find(&self, squashed: &str) -> Vec<u32> {
        let mut concepts: Vec<u32> = self.forms.find(squashed).map(|(_, _, concept)| *concept).take(MOST_CONCEPTS).collect();
        concepts.sort_unstable();
        concepts.dedup();
        concepts
    }

    /// Their names.
    pub(super) fn names(&self, squashed: &str) -> Vec<String> {
        self.find(squashed).into_iter().map(|concept| self.names[concept as usize].clone()).collect()
    }

    /// The keys of all features of a marked text, sorted; a feature that occurs twice comes twice.
    fn keys(&self, marked: &str) -> Vec<u64> {
        let mut keys = Vec::with_capacity(2 * marked.len() / 3 + 32);
        let mut before = u64::from(u32::from('^'));
        let squashed = squash(marked);
        let count = squashed.chars().count();
        keys.extend(LENGTHS.iter().zip(0..).map(|(length, number)| LENGTH | number << 1 | u64::from(count > *length)));
        for c in marked.chars() {
            let code = u64::from(u32::from(c));
            keys.push(CHARACTER | code);
            keys.push(PAIR | before << CHARACTER_BITS | code);
            before = code;
        }
        keys.push(PAIR | before << CHARACTER_BITS | u64::from(u32::from('$')));
        let concepts = self.find(&squashed);
        for (place, one) in concepts.iter().enumerate() {
            keys.push(CONCEPT | u64::from(*one));
            keys.extend(concepts[place + 1..].iter().map(|other| CONCEPTS | u64::from(*one) << 30 | u64::from(*other)));
        }
        keys.sort_unstable();
        keys
    }

    /// A feature as people read it: `社`, `社保`, `[card]`, `[card]+[lost]`.
    fn label(&self, key: u64) -> String {
        let low = |bits: u32| u32::try_from(key & ((1 << bits) - 1)).unwrap_or_default();
        let high = |bits: u32| u32::try_from((key & !KIND) >> bits).unwrap_or_default();
        let character = |code: u32| char::from_u32(code).unwrap_or('?');
        match key & KIND {
            CHARACTER => character(low(CHARACTER_BITS)).to_string(),
            PAIR => [character(high(CHARACTER_BITS)), character(low(CHARACTER_BITS))].iter().collect(),
            CONCEPT => format!("[{}]", self.names[low(30) as usize]),
            LENGTH => format!("{}{} characters", if key & 1 == 1 { "more than " } else { "at most " }, LENGTHS[low(30) as usize >> 1]),
            _ => format!("[{}]+[{}]", self.names[high(30) as usize], self.names[low(30) as usize]),
        }
    }
}

/// The features known from examples, numbered, with their rarity. Column 0 is always present.
#[derive(Default)]
pub(super) struct Columns {
    concepts: Concepts,
    numbers: HashMap<u64, u32, BuildHasherDefault<Mix>>,
    pub(super) counted: Counted,
}

/// What was counted over the examples: all of [`Columns`] that takes time.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(super) struct Counted {
    keys: Vec<u64>,
    rarity: Vec<f32>,
    /// Columns that occur in the texts that the topics are learnt from; they come first.
    pub(super) inside: usize,
}

impl Columns {
    /// Numbers all features of `inside`, then those of `outside` that are new. Rarity is counted over `inside`.
    pub(super) fn new<'a>(concepts: Concepts, inside: impl Iterator<Item = &'a str>, outside: impl Iterator<Item = &'a str>) -> Self {
        let (mut texts, mut found) = (0_u32, Vec::<u64>::new());
        for text in inside {
            texts += 1;
            let mut keys = concepts.keys(text);
            keys.dedup();
            found.extend(keys);
        }
        found.sort_unstable();
        // Pairs seen once stay: without them the model is half the size and loses a point on wording from elsewhere.
        let mut counts: Vec<(u64, u32)> =
            found.chunk_by(|one, other| one == other).map(|same| (same[0], u32::try_from(same.len()).unwrap_or(u32::MAX))).collect();
        let known = |key: &u64| counts.binary_search_by_key(key, |(known, _)| *known).is_ok();
        let mut strange: Vec<u64> = outside.flat_map(|text| concepts.keys(text)).collect();
        strange.sort_unstable();
        strange.dedup();
        strange.retain(|key| !known(key));
        // What every text has lies together: training and scoring touch little of the rest.
        counts.sort_by_key(|(_, count)| Reverse(*count));
        let rarity = |count: u32| ((f64::from(1 + texts) / f64::from(1 + count)).ln() + 1.0).sqrt();
        let inside = counts.len() + 1;
        let all = counts.into_iter().chain(strange.into_iter().map(|key| (key, 0)));
        let mut counted = Counted { inside, keys: vec![0], rarity: vec![0.0] };
        for (key, count) in all {
            counted.keys.push(key);
            counted.rarity.push(single(rarity(count)));
        }
        Self::of(concepts, counted)
    }

    /// Of what was counted before over the same examples.
    pub(super) fn of(concepts: Concepts, counted: Counted) -> Self {
        let numbers = counted.keys.iter().copied().zip(0..).skip(1).collect();
        Self { concepts, numbers, counted }
    }

    /// The names of a text's concepts.
    pub(super) fn concepts(&self, squashed: &str) -> Vec<String> {
        self.concepts.names(squashed)
    }

    /// Whether some example has the two characters side by side.
    pub(super) fn pair(&self, one: char, other: char) -> bool {
        self.numbers.contains_key(&(PAIR | u64::from(u32::from(one)) << CHARACTER_BITS | u64::from(u32::from(other))))
    }

    /// Number of columns.
    pub(super) fn len(&self) -> usize {
        self.counted.keys.len()
    }

    /// A marked text as columns, (1 + ln count) · rarity, scaled to length one; unknown features are left out.
    pub(super) fn weigh(&self, marked: &str) -> Sparse {
        let mut row: Sparse = vec![(0, CONSTANT)];
        let keys = self.concepts.keys(marked);
        let mut squares = 0.0;
        for same in keys.chunk_by(|one, other| one == other) {
            if let Some(number) = self.numbers.get(&same[0]) {
                let count = f32::from(u16::try_from(same.len()).unwrap_or(u16::MAX));
                let stress = if same[0] & KIND == LENGTH { LENGTH_STRESS } else { 1.0 };
                let weight = (1.0 + count.ln()) * self.counted.rarity[*number as usize] * stress;
                squares += weight * weight;
                row.push((*number, weight));
            }
        }
        let length = squares.sqrt();
        for (_, weight) in &mut row[1..] {
            *weight /= length;
        }
        row
    }

    /// A column as people read it.
    pub(super) fn label(&self, column: u32) -> String {
        if column == 0 { "*".to_owned() } else { self.concepts.label(self.counted.keys[column as usize]) }
    }
}

/// The value of column 0: lets a model say that a class is common.
const CONSTANT: f32 = 0.2;

#[expect(clippy::cast_possible_truncation, reason = "weights are single precision")]
fn single(value: f64) -> f32 {
    value as f32
}

/// A hash for keys that are numbers already: one multiplication (Fibonacci hashing), its halves folded.
#[derive(Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }
    fn write_u64(&mut self, key: u64) {
        let product = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ product >> 32;
    }
}

#[cfg(test)]
mod tests {
    use super::{Columns, Concepts};

    #[test]
    fn characters_pairs_concepts_and_their_pairs() {
        let concepts = [("card", vec!["社保卡", "卡"]), ("lost", vec!["丢"])];
        let owned = concepts.map(|(name, forms)| (name.to_owned(), forms.into_iter().map(str::to_owned).collect()));
        let columns = Columns::new(Concepts::new(owned.into_iter()), ["卡丢"].into_iter(), ["天"].into_iter());
        let row = columns.weigh("卡丢");
        let labels: Vec<String> = row.iter().map(|(column, _)| columns.label(*column)).collect();
        assert_eq!(labels[..9], ["*", "丢", "卡", "^卡", "丢$", "卡丢", "[card]", "[lost]", "[card]+[lost]"]);
        assert_eq!(labels[9], "at most 3 characters");
        assert!(columns.len() > columns.counted.inside);
        let squares: f32 = row.iter().skip(1).map(|(_, weight)| weight * weight).sum();
        assert!((squares - 1.0).abs() < 1e-5);
    }
}
