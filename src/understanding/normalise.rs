//! Many ways to write the same thing, made one.

use std::sync::LazyLock;

/// Characters read of a text (security.md TXT-02).
pub const MAX_CHARACTERS: usize = 2_000;

/// First code point of [`SIMPLIFIED`], and the one after the last.
const HAN: std::ops::Range<u32> = 0x3400..0xfb00;

/// Traditional to simplified by place: the crate asks three hash maps for each character.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    let all = HAN.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    let once = |c: char| fast2s::convert(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c);
    // A few simplified forms are traditional ones of others: twice, so that cleaning a clean text changes nothing.
    all.map(|c| once(once(c))).collect()
});

/// Half width, lower case, simplified; without control, bidi, zero-width, tag and filler characters. Blanks, line breaks
/// and punctuation stay. At most [`MAX_CHARACTERS`].
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let simplified = &*SIMPLIFIED;
    let visible = text.chars().filter(|c| is_han(*c) || !invisible(*c)).take(MAX_CHARACTERS);
    let place = |c: char| u32::from(c).checked_sub(HAN.start).and_then(|place| simplified.get(place as usize));
    clean.extend(visible.map(half_width).map(|c| place(c).copied().unwrap_or_else(|| c.to_ascii_lowercase())));
    clean
}

/// Letters and digits of a cleaned text alone, every digit as `0`: what examples and word lists are compared by.
pub fn squash(clean: &str) -> String {
    kept(clean, |c| is_han(c) || c.is_alphanumeric())
}

/// Like [`squash`], with the marks left in: what the classifier reads.
pub fn mark(clean: &str) -> String {
    kept(clean, |c| is_han(c) || !c.is_whitespace())
}

fn kept(clean: &str, keeps: impl Fn(char) -> bool) -> String {
    clean.chars().filter(|c| keeps(*c)).map(|c| if !is_han(c) && c.is_numeric() { '0' } else { c }).collect()
}

/// A Chinese character. Asked first: the tables of all scripts are slow.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Controls, direction marks, joiners, fillers, tags and variation selectors: nothing a reader sees.
fn invisible(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let mark = matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}');
    let format = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}');
    let filler = matches!(c, '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    control || mark || format || filler
}

fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\t' => ' ',
        '\r' => '\n',
        '。' => '.',
        '、' => ',',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, squash};
    use proptest::prelude::*;

    #[test]
    fn width_script_and_case() {
        assert_eq!(clean("養老金ＡＢ１２？"), "养老金ab12?");
        assert_eq!(clean("社\u{200b}保\u{202e}卡\u{e0041}養老保險\u{3000}繳費\t\u{7}"), "社保卡养老保险 缴费 ");
        assert_eq!(clean(&"保".repeat(3_000)).chars().count(), 2_000);
        assert_eq!(squash(&clean("我 2025 年，交了\u{200b}几个月？")), "我0000年交了几个月");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in ".{0,60}") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.clone());
            let squashed = squash(&once);
            prop_assert_eq!(squash(&squashed), squashed);
        }
    }
}
