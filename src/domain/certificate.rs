//! A certificate of contributions (参保缴费证明): the very values that are printed, and how it is known to be genuine.

use std::{fmt, path::PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    entity::Insurance,
    message::MessageId,
    money::Fen,
    month::{Month, Period},
    person::PersonKey,
};

/// Crockford's base 32: no I, L, O or U, so that a code survives being read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code.
const LENGTH: usize = 16;
/// Characters of a code that are read out in one breath.
const GROUP: usize = 4;

/// What a certificate is checked by: 80 bits as 16 characters. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CheckCode(String);

impl CheckCode {
    /// The code of 80 bits, which must come from the system's generator.
    pub fn of(bits: [u8; 10]) -> Self {
        let number = bits.into_iter().fold(0_u128, |number, byte| number << 8 | u128::from(byte));
        let digit = |at: usize| char::from(ALPHABET[(number >> (5 * at) & 31) as usize]);
        Self((0..LENGTH).rev().map(digit).collect())
    }

    /// A code as somebody types it: in either case, with or without hyphens and blanks, O for 0, I or L for 1.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let code: String = letters.take(LENGTH + 1).collect();
        let known = |c: u8| ALPHABET.contains(&c);
        (code.len() == LENGTH && code.bytes().all(known)).then_some(Self(code))
    }

    /// The 16 characters. Name every caller in a review.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `7K3M-9Q2X-0ABC-DEFG`: as it is printed.
    pub fn grouped(&self) -> String {
        let letters: Vec<char> = self.0.chars().collect();
        letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

impl fmt::Debug for CheckCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CheckCode(..)")
    }
}

/// What is certified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateKind {
    /// Months paid (参保缴费证明).
    Contribution,
}

/// A certificate as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The conversation that it came from.
    pub conversation: String,
    /// By which message of it.
    pub message: MessageId,
    /// From 1 in each conversation.
    pub number: i64,
    /// What is certified.
    pub kind: CertificateKind,
    /// Whose it is.
    pub person: PersonKey,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// The last day on which it is found to be genuine.
    pub expires_on: NaiveDate,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
    /// What is printed.
    pub content: CertificateContent,
}

/// What is printed: sealed at rest as one value. Name and identity number are kept as they are shown, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateContent {
    /// What it is checked by.
    pub code: CheckCode,
    /// `张*明`
    pub name: String,
    /// `441***********0177`
    pub id_number: String,
    /// The day of issue in China.
    pub issued_on: NaiveDate,
    /// The last day on which it is found to be genuine.
    pub expires_on: NaiveDate,
    /// The day as of which the register stands.
    pub as_of: Option<NaiveDate>,
    /// The months asked for; `None`: all so far.
    pub period: Option<Period>,
    /// One insurance after the other, each with a month paid at least.
    pub insurances: Vec<CertifiedInsurance>,
}

/// What was paid in one insurance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedInsurance {
    /// Which.
    pub insurance: Insurance,
    /// Months paid, each once however many employers paid it.
    pub months: usize,
    /// The first of them.
    pub first: Month,
    /// The last of them.
    pub last: Month,
    /// Paid by employers.
    pub unit: Fen,
    /// Paid by the person.
    pub personal: Fen,
    /// Who paid, in order of their first month.
    pub employers: Vec<String>,
    /// Years in which a month was paid, the earliest first.
    pub years: Vec<CertifiedYear>,
}

/// What was paid in one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedYear {
    /// Which.
    pub year: i32,
    /// Months paid, 1 to 12, in order.
    pub months: Vec<u32>,
    /// The lowest base of a month.
    pub lowest: Fen,
    /// The highest base of a month.
    pub highest: Fen,
    /// Paid by employers.
    pub unit: Fen,
    /// Paid by the person.
    pub personal: Fen,
}

/// What whoever has a check code may know of the certificate (security.md CER-01).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateHead {
    /// What is certified.
    pub kind: CertificateKind,
    /// `张*明`
    pub name: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// The last day on which it is found to be genuine.
    pub expires_on: NaiveDate,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl CertificateHead {
    /// Whether it is found to be genuine on a day.
    pub fn holds(&self, today: NaiveDate) -> bool {
        self.revoked_at.is_none() && today <= self.expires_on
    }
}

/// What a desk prints papers with.
#[derive(Clone, Debug)]
pub struct Papers {
    /// A font with every character that is printed: Noto Sans CJK.
    pub font: PathBuf,
    /// Where papers are checked, for their codes of squares: `https://desk.example`, without a slash at the end.
    pub site: String,
}

impl Papers {
    /// Where a certificate's page and PDF are had, by whoever holds the conversation's token (security.md ENU-11).
    pub fn paper(conversation: &str, number: i64) -> String {
        format!("/api/v1/conversations/{conversation}/documents/{number}")
    }

    /// Where a certificate is checked.
    pub fn check(&self, code: &CheckCode) -> String {
        format!("{}/verify/{}", self.site, code.grouped())
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{CertificateHead, CertificateKind, CheckCode};

    /// CER-01: 80 bits, and none of them lost on the way into characters.
    #[test]
    fn a_code_holds_eighty_bits_in_characters_that_cannot_be_misread() {
        let codes: std::collections::HashSet<String> = (0..80)
            .map(|bit| {
                let mut bits = [0_u8; 10];
                bits[bit / 8] = 1 << (bit % 8);
                CheckCode::of(bits).reveal().to_owned()
            })
            .collect();
        assert_eq!(codes.len(), 80);
        assert!(codes.iter().all(|code| code.len() == 16));
        assert_eq!(CheckCode::of([0xff; 10]).reveal(), "Z".repeat(16));
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let code = CheckCode::of([0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]);
        assert_eq!(code.grouped(), "0123-4567-89AB-CDEF");
        for text in ["0123456789ABCDEF", "o l 2 3-4567-89ab-cdef", " 0i23 4567 89AB CDEF "] {
            assert_eq!(CheckCode::parse(text).as_ref(), Some(&code), "{text}");
        }
        for text in ["", "0123456789ABCDE", "0123456789ABCDEF0", "0123456789ABCDEU", "０123456789ABCDEF"] {
            assert_eq!(CheckCode::parse(text), None, "{text}");
        }
        assert_eq!(format!("{code:?}"), "CheckCode(..)");
    }

    #[test]
    fn a_certificate_holds_until_its_last_day_unless_taken_back() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let noon = day(1).and_hms_opt(4, 0, 0).unwrap().and_utc();
        let head = CertificateHead {
            kind: CertificateKind::Contribution,
            name: "张*".into(),
            issued_at: noon,
            expires_on: day(20),
            revoked_at: None,
        };
        assert!(head.holds(day(20)) && !head.holds(day(21)));
        assert!(!CertificateHead { revoked_at: Some(noon), ..head }.holds(day(2)));
    }
}
