//! Sealing of personal values, and the keyed index that finds a person again.

use std::fmt;

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{Place, StoreError};
use crate::domain::id_number::IdNumber;

const NONCE: usize = 12;

/// The two keys of a store: one seals, the other indexes and signs. `Debug` shows neither.
#[derive(Clone)]
pub struct Keyring {
    cipher: Aes256Gcm,
    /// First 8 hex digits of a MAC under the data key: names the key in every cell, for the day it is changed.
    key_id: String,
    index: [u8; 32],
    /// Links the audit trail.
    chain: [u8; 32],
}

impl Keyring {
    /// A ring of these keys; [`Keyring::load_or_create`] reads them from files.
    pub fn new(data: &[u8; 32], index: [u8; 32]) -> Self {
        let mut key_id = hex(&keyed(data, &[b"wenban key id"]));
        key_id.truncate(8);
        Self { cipher: Aes256Gcm::new(data.into()), key_id, index, chain: keyed(data, &[b"wenban audit chain"]) }
    }

    /// `text` sealed for one place: opened elsewhere, or under another key, it is refused.
    pub fn seal(&self, text: &str, place: Place<'_>) -> Result<String, StoreError> {
        let mut cell = vec![0; NONCE];
        rand::rng().fill_bytes(&mut cell);
        let aad = self.aad(place);
        let payload = Payload { msg: text.as_bytes(), aad: &aad };
        // AES-GCM refuses only texts of more than 64 GiB.
        let sealed = self.cipher.encrypt(Nonce::from_slice(&cell), payload).map_err(|_| StoreError::Sealed)?;
        cell.extend(sealed);
        Ok(format!("{}.{}", self.key_id, STANDARD_NO_PAD.encode(cell)))
    }

    /// The inverse of [`Keyring::seal`].
    pub fn open(&self, sealed: &str, place: Place<'_>) -> Result<String, StoreError> {
        let clear = || {
            let (key_id, cell) = sealed.split_once('.')?;
            let cell = STANDARD_NO_PAD.decode(cell).ok()?;
            let (nonce, msg) = cell.split_at_checked(NONCE)?;
            let aad = self.aad(place);
            let clear = self.cipher.decrypt(Nonce::from_slice(nonce), Payload { msg, aad: &aad }).ok()?;
            (key_id == self.key_id).then(|| String::from_utf8(clear).ok())?
        };
        clear().ok_or(StoreError::Sealed)
    }

    /// What the store finds a person by: without the key it cannot be told from chance.
    pub fn blind_index(&self, number: &IdNumber) -> String {
        hex(&keyed(&self.index, &[b"id number", number.reveal().as_bytes()]))
    }

    /// A MAC over `parts`, in hex: what is kept of a one-time code. The first part should name the use.
    pub fn mac(&self, parts: &[&str]) -> String {
        let parts: Vec<&[u8]> = [b"mac".as_slice()].into_iter().chain(parts.iter().map(|part| part.as_bytes())).collect();
        hex(&keyed(&self.index, &parts))
    }

    /// Whether `mac` is the MAC over `parts`, compared in constant time.
    pub fn mac_holds(&self, parts: &[&str], mac: &str) -> bool {
        self.mac(parts).as_bytes().ct_eq(mac.as_bytes()).into()
    }

    /// What stands for a conversation's id where it must outlive the conversation: an account's address says who it is.
    pub(super) fn conversation_index(&self, id: &str) -> String {
        hex(&keyed(&self.index, &[b"conversation", id.as_bytes()]))
    }

    /// Key id and MAC of a link of the audit trail.
    pub(super) fn link(&self, parts: &[&str]) -> String {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        format!("{}.{}", self.key_id, hex(&keyed(&self.chain, &parts)))
    }

    /// What shows that the desk itself let go of the audit trail's rows up to `seq`.
    pub(super) fn base_mac(&self, seq: i64, hash: &str) -> String {
        self.link(&["audit base", &seq.to_string(), hash])
    }

    /// Whether `link` is the link over `parts`, compared in constant time.
    pub(super) fn link_holds(&self, parts: &[&str], link: &str) -> bool {
        self.link(parts).as_bytes().ct_eq(link.as_bytes()).into()
    }

    /// Key id, table, column and row, each with its length before it: no two places run together.
    fn aad(&self, place: Place<'_>) -> Vec<u8> {
        let parts = [self.key_id.as_bytes(), place.table.as_bytes(), place.column.as_bytes(), place.row.as_bytes()];
        let mut aad = Vec::with_capacity(96);
        for part in parts {
            aad.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            aad.extend(part);
        }
        aad
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Keyring(..)")
    }
}

/// HMAC-SHA-256 over `parts`, each with its length before it.
fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC fills a short key up with zeros to one block of the hash.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&block).into());
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

#[cfg(test)]
mod tests {
    use super::{Keyring, Place};
    use crate::{domain::id_number::IdNumber, store::StoreError};

    fn ring(byte: u8) -> Keyring {
        Keyring::new(&[byte; 32], [byte + 1; 32])
    }

    fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
        Place { table: "people", column, row }
    }

    #[test]
    fn opens_only_where_it_was_sealed() {
        let keys = ring(1);
        let sealed = keys.seal("张小明", place("name", "p1")).unwrap();
        assert_eq!(keys.open(&sealed, place("name", "p1")).unwrap(), "张小明");
        for elsewhere in [place("name", "p2"), place("phone", "p1"), Place { table: "cases", ..place("name", "p1") }] {
            assert!(matches!(keys.open(&sealed, elsewhere), Err(StoreError::Sealed)));
        }
    }

    #[test]
    fn refuses_another_key_and_any_changed_letter() {
        let keys = ring(1);
        let sealed = keys.seal("张小明", place("name", "p1")).unwrap();
        assert!(ring(7).open(&sealed, place("name", "p1")).is_err());
        for at in 0..sealed.len() {
            let mut bad = sealed.clone().into_bytes();
            bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
            assert!(keys.open(&String::from_utf8(bad).unwrap(), place("name", "p1")).is_err(), "byte {at}");
        }
        assert!(keys.open("", place("name", "p1")).is_err());
    }

    #[test]
    fn the_same_value_is_never_sealed_alike_and_always_indexed_alike() {
        let keys = ring(1);
        assert_ne!(keys.seal("a", place("name", "p")).unwrap(), keys.seal("a", place("name", "p")).unwrap());
        let number: IdNumber = "441399196501010177".parse().unwrap();
        assert_eq!(keys.blind_index(&number), keys.blind_index(&number));
        assert_ne!(keys.blind_index(&number), ring(2).blind_index(&number));
        assert_eq!(keys.blind_index(&number).len(), 64);
    }

    #[test]
    fn a_mac_depends_on_every_part_and_where_it_ends() {
        let keys = ring(1);
        let mac = keys.mac(&["code", "c1", "123456"]);
        assert!(keys.mac_holds(&["code", "c1", "123456"], &mac));
        assert!(!keys.mac_holds(&["code", "c1", "123457"], &mac));
        assert!(!keys.mac_holds(&["code", "c11", "23456"], &mac));
    }

    #[test]
    fn shows_no_key() {
        assert_eq!(format!("{:?}", ring(1)), "Keyring(..)");
    }
}
