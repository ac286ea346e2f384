//! Who a record belongs to. Personal values show themselves masked.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id_number::IdNumber;

/// As in the identity number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

/// The store's key of a person: random, says nothing about them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonKey(pub String);

/// A person's full name. `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FullName(String);

impl FullName {
    /// Drops blanks and writes every dot between parts as `·`; `None` unless 2 to 20 letters (or · between parts) remain.
    pub fn parse(text: &str) -> Option<Self> {
        let one_dot = |c| if matches!(c, '•' | '．' | '・' | '‧') { '·' } else { c };
        let name: String = text.chars().filter(|c| !c.is_whitespace()).map(one_dot).collect();
        let length = name.chars().count();
        let letters = name.chars().all(|c| c.is_alphabetic() || c == '·');
        ((2..=20).contains(&length) && letters).then_some(Self(name))
    }

    /// The clear name. Name every caller in a review.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `张*`, `张*明`, `欧**娜`: first and last character stay from three characters on.
    pub fn masked(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        match letters.as_slice() {
            [] => String::new(),
            [first] | [first, _] => format!("{first}*"),
            [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
        }
    }
}

impl fmt::Display for FullName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

impl fmt::Debug for FullName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

/// A mainland mobile number: 11 digits, `1` then `3` to `9`. `Debug` and `Display` are masked.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

impl Phone {
    /// Accepts blanks, hyphens and a leading +86.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let digits = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")).unwrap_or(&digits);
        let bytes = digits.as_bytes();
        let shape = bytes.len() == 11 && bytes.iter().all(u8::is_ascii_digit) && bytes[0] == b'1' && bytes[1] >= b'3';
        shape.then(|| Self(digits.to_owned()))
    }

    /// The clear number. Name every caller in a review.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `138****5678`
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], &self.0[7..])
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.masked())
    }
}

/// Stands for a text in `Debug` where the text is somebody's own: how many characters it has.
pub struct Hidden<'a>(pub &'a str);

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "({} characters)", self.0.chars().count())
    }
}

/// A person on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The store's key.
    pub key: PersonKey,
    /// Full name.
    pub name: FullName,
    /// Identity number; also the social security number (社会保险法 art. 58).
    pub id_number: IdNumber,
    /// The phone on record, to which one-time codes go; `None`: only the counter can help.
    pub phone: Option<Phone>,
}

#[cfg(test)]
mod tests {
    use super::{FullName, Phone};

    #[test]
    fn names_and_phones_show_themselves_masked() {
        for (name, masked) in [("张三", "张*"), ("张小明", "张*明"), ("欧阳 娜娜", "欧**娜")] {
            assert_eq!(FullName::parse(name).unwrap().to_string(), masked);
        }
        assert_eq!(format!("{:?}", Phone::parse("+86 138-0013-5678").unwrap()), "138****5678");
        assert!(Phone::parse("12800135678").is_none());
        assert!(FullName::parse("3号").is_none());
    }
}
