//! A text as characters, with the looks ahead and back that scanners need. No index is out of bounds: past either end
//! stands the character `\0`.

/// What a scanner reads.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    letters: &'a [char],
    year: i32,
}

/// Past either end.
pub(super) const END: char = '\0';

impl<'a> Line<'a> {
    /// Over these characters, written in `year`.
    pub(super) fn new(letters: &'a [char], year: i32) -> Self {
        Self { letters, year }
    }

    /// The year it was written in.
    pub(super) fn year(self) -> i32 {
        self.year
    }

    /// Number of characters.
    pub(super) fn len(self) -> usize {
        self.letters.len()
    }

    /// The character at `at`, or [`END`].
    pub(super) fn at(self, at: usize) -> char {
        self.letters.get(at).copied().unwrap_or(END)
    }

    /// The character just before `at`, or [`END`].
    pub(super) fn previous(self, at: usize) -> char {
        at.checked_sub(1).map_or(END, |before| self.at(before))
    }

    /// The index after `word` when it stands at `at`.
    pub(super) fn after(self, at: usize, word: &str) -> Option<usize> {
        let mut end = at;
        for letter in word.chars() {
            if self.at(end) != letter {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// The index after the first of `words` that stands at `at`: list the longer before the shorter.
    pub(super) fn after_any(self, at: usize, words: &[&str]) -> Option<usize> {
        words.iter().find_map(|word| self.after(at, word))
    }

    /// Whether one of `words` stands at `at`.
    pub(super) fn follows(self, at: usize, words: &[&str]) -> bool {
        self.after_any(at, words).is_some()
    }

    /// Whether one of `words` ends just before `at`.
    pub(super) fn precedes(self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| {
            let length = word.chars().count();
            length <= at && self.after(at - length, word).is_some()
        })
    }

    /// The first index from `at` on that holds no blank.
    pub(super) fn unblank(self, at: usize) -> usize {
        let mut at = at;
        while self.at(at) == ' ' {
            at += 1;
        }
        at
    }

    /// The index after the last character before `at` that is no blank.
    pub(super) fn back_blank(self, at: usize) -> usize {
        let mut at = at;
        while at > 0 && self.previous(at) == ' ' {
            at -= 1;
        }
        at
    }
}

/// Whether anything can begin with this character.
pub(super) fn begins(letter: char) -> bool {
    letter.is_ascii_digit()
        || matches!(
            letter,
            '零' | '〇'
                | '一'
                | '二'
                | '三'
                | '四'
                | '五'
                | '六'
                | '七'
                | '八'
                | '九'
                | '十'
                | '两'
                | '俩'
                | '仨'
                | '几'
                | '廿'
                | '数'
        )
        || matches!(letter, '壹' | '贰' | '叁' | '肆' | '伍' | '陆' | '柒' | '捌' | '玖' | '拾' | '百' | '千' | '万' | '佰' | '仟')
        || matches!(letter, '¥' | '￥' | '+' | '半' | '男' | '女' | '先')
        || matches!(
            letter,
            '上' | '下'
                | '本'
                | '这'
                | '今'
                | '去'
                | '前'
                | '昨'
                | '明'
                | '后'
                | '大'
                | '近'
                | '最'
                | '过'
                | '年'
                | '第'
                | '首'
                | '呢'
                | '旧'
                | '琴'
                | '寻'
                | '听'
        )
}
