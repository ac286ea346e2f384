//! Many ways to write the same thing, made one.

use std::{collections::HashMap, sync::LazyLock};

/// Characters read of a text (security.md TXT-02).
pub const MAX_CHARACTERS: usize = 2_000;

/// Traditional to simplified, one character for one.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pair = |c: char| {
        let traditional = c.to_string();
        let simplified = fast2s::convert(&traditional);
        let mut letters = simplified.chars();
        match (letters.next(), letters.next()) {
            (Some(to), None) if to != c => Some((c, to)),
            _ => None,
        }
    };
    ('\u{4e00}'..='\u{9fff}').filter_map(pair).collect()
});

/// Half width, lower case, simplified; without control, bidi, zero-width and tag characters. Blanks and
/// punctuation stay.
pub fn clean(text: &str) -> String {
    let simplified = &*SIMPLIFIED;
    text.chars()
        .take(MAX_CHARACTERS)
        .filter(|c| !invisible(*c))
        .map(|c| match c {
            '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\t' | '\n' | '\r' => ' ',
            '。' => '.',
            '、' => ',',
            other => other,
        })
        .map(|c| c.to_ascii_lowercase())
        .map(|c| simplified.get(&c).copied().unwrap_or(c))
        .collect()
}

fn invisible(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Letters and digits of a cleaned text alone, every digit as `0`: what the classifier reads.
pub fn squash(clean: &str) -> String {
    clean.chars().filter(|c| c.is_alphanumeric()).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{clean, squash};
    use proptest::prelude::*;

    #[test]
    fn width_script_and_case() {
        assert_eq!(clean("養老金ＡＢ１２？"), "养老金ab12?");
        assert_eq!(squash(&clean("我 2025 年，交了\u{200b}几个月？")), "我0000年交了几个月");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC{0,60}") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }
    }
}
