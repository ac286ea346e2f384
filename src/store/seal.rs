//! Sealing of personal values, the keyed index that finds a person again, and the links of the audit trail.

use std::{
    fmt,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use rand::RngCore;
use subtle::ConstantTimeEq;

use super::{
    Place, StoreError,
    suite::{Cipher, ID, NONCE, Secret, Suite},
};
use crate::domain::{certificate::CheckCode, id_number::IdNumber};

/// The keys of a store: data keys seal and link, index keys index and sign. The newest of each is used; older ones still open and
/// find. Clones are one ring. `Debug` shows no key.
#[derive(Clone)]
pub struct Keyring {
    ring: Arc<RwLock<Arc<Ring>>>,
    /// Where the keys were read, for those that are made later.
    folder: Option<Arc<Path>>,
}

/// What a ring holds at a moment.
pub(super) struct Ring {
    pub(super) data: DataKey,
    pub(super) older: Vec<DataKey>,
    pub(super) index: IndexKey,
    /// The index key before this one.
    pub(super) former: Option<IndexKey>,
    /// Files that it was read from.
    pub(super) files: usize,
}

/// A key that seals cells, and links the audit trail under a key derived from it.
pub(super) struct DataKey {
    pub(super) suite: Suite,
    /// The first hex digits of a MAC under the key: names the key in every cell and link.
    pub(super) id: String,
    cipher: Cipher,
    chain: Secret,
}

impl DataKey {
    pub(super) fn new(suite: Suite, key: &[u8; 32]) -> Self {
        let mut id = hex(&suite.keyed(key, &[b"wenban key id"]));
        id.truncate(ID);
        Self { suite, id, cipher: suite.cipher(key), chain: suite.keyed(key, &[b"wenban audit chain"]).into() }
    }

    /// Key id, table, column and row, each with its length before it: no two places run together.
    fn aad(&self, place: Place<'_>) -> Vec<u8> {
        let parts = [self.id.as_bytes(), place.table.as_bytes(), place.column.as_bytes(), place.row.as_bytes()];
        let mut aad = Vec::with_capacity(96);
        for part in parts {
            aad.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            aad.extend(part);
        }
        aad
    }

    fn open(&self, cell: &str, place: Place<'_>) -> Option<String> {
        let cell = STANDARD_NO_PAD.decode(cell).ok()?;
        let (nonce, msg) = cell.split_first_chunk::<NONCE>()?;
        String::from_utf8(self.cipher.decrypt(nonce, msg, &self.aad(place))?).ok()
    }

    fn link(&self, parts: &[&str]) -> String {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        format!("{}.{}", self.id, hex(&self.suite.keyed(&self.chain, &parts)))
    }
}

/// A key that indexes and signs.
pub(super) struct IndexKey {
    pub(super) suite: Suite,
    pub(super) key: Secret,
}

impl IndexKey {
    fn mac(&self, use_of: &str, parts: &[&str]) -> String {
        let parts: Vec<&[u8]> = std::iter::once(&use_of).chain(parts).map(|part| part.as_bytes()).collect();
        hex(&self.suite.keyed(&self.key, &parts))
    }
}

impl Ring {
    fn data_key(&self, id: &str) -> Option<&DataKey> {
        std::iter::once(&self.data).chain(&self.older).find(|key| key.id == id)
    }

    fn index_keys(&self) -> impl Iterator<Item = &IndexKey> {
        std::iter::once(&self.index).chain(&self.former)
    }
}

impl Keyring {
    /// A ring of these keys of the suite `intl`; [`Keyring::load_or_create`] reads them from files.
    pub fn new(data: &[u8; 32], index: [u8; 32]) -> Self {
        Self::of_suite(Suite::Intl, data, index)
    }

    /// A ring of these keys.
    pub fn of_suite(suite: Suite, data: &[u8; 32], index: [u8; 32]) -> Self {
        let index = IndexKey { suite, key: index.into() };
        Self::of(Ring { data: DataKey::new(suite, data), older: Vec::new(), index, former: None, files: 0 }, None)
    }

    pub(super) fn of(ring: Ring, folder: Option<&Path>) -> Self {
        Self { ring: Arc::new(RwLock::new(Arc::new(ring))), folder: folder.map(Into::into) }
    }

    pub(super) fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn replace(&self, ring: Ring) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }

    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// `text` sealed for one place: opened elsewhere, or under another key, it is refused.
    pub fn seal(&self, text: &str, place: Place<'_>) -> Result<String, StoreError> {
        let key = &self.ring().data;
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = key.cipher.encrypt(&nonce, text.as_bytes(), &key.aad(place)).ok_or(StoreError::Sealed)?;
        Ok(format!("{}.{}", key.id, STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// The inverse of [`Keyring::seal`], under any key of the ring. A key that another process made meanwhile is read now.
    pub fn open(&self, sealed: &str, place: Place<'_>) -> Result<String, StoreError> {
        let (id, cell) = sealed.split_once('.').ok_or(StoreError::Sealed)?;
        let opened = |ring: &Ring| ring.data_key(id).map(|key| key.open(cell, place));
        let opened = match opened(&self.ring()) {
            None if self.refresh()? => opened(&self.ring()),
            other => other,
        };
        opened.flatten().ok_or(StoreError::Sealed)
    }

    /// What the store finds a person by: without the key it cannot be told from chance.
    pub fn blind_index(&self, number: &IdNumber) -> String {
        self.ring().index.mac("id number", &[number.reveal()])
    }

    /// The same under every index key in use; the newest first.
    pub(super) fn blind_indices(&self, number: &IdNumber) -> Vec<String> {
        self.under_each("id number", &[number.reveal()])
    }

    /// A MAC over `parts`, in hex: what is kept of a one-time code. The first part should name the use.
    pub fn mac(&self, parts: &[&str]) -> String {
        self.ring().index.mac("mac", parts)
    }

    /// What a certificate is found by: all that is kept of its check code in clear.
    pub fn certificate(&self, code: &CheckCode) -> String {
        self.mac(&["certificate", code.reveal()])
    }

    /// The same under every index key in use; the newest first.
    pub(super) fn certificates(&self, code: &CheckCode) -> Vec<String> {
        self.under_each("mac", &["certificate", code.reveal()])
    }

    fn under_each(&self, use_of: &str, parts: &[&str]) -> Vec<String> {
        self.ring().index_keys().map(|key| key.mac(use_of, parts)).collect()
    }

    /// Whether `mac` is the MAC over `parts`, under any index key in use, compared in constant time.
    pub fn mac_holds(&self, parts: &[&str], mac: &str) -> bool {
        self.ring().index_keys().fold(false, |held, key| held | bool::from(key.mac("mac", parts).as_bytes().ct_eq(mac.as_bytes())))
    }

    /// What stands for a conversation's id where it must outlive the conversation: an account's address says who it is.
    pub(super) fn conversation_index(&self, id: &str) -> String {
        self.ring().index.mac("conversation", &[id])
    }

    /// Whether one of `indices` is that of the conversation, under any index key in use.
    pub(super) fn conversation_among(&self, id: &str, indices: &[String]) -> bool {
        self.ring().index_keys().any(|key| indices.contains(&key.mac("conversation", &[id])))
    }

    /// Key id and MAC of a link of the audit trail.
    pub(super) fn link(&self, parts: &[&str]) -> String {
        self.ring().data.link(parts)
    }

    /// What shows that the desk itself let go of the audit trail's rows up to `seq`.
    pub(super) fn base_mac(&self, seq: i64, hash: &str) -> String {
        self.link(&["audit base", &seq.to_string(), hash])
    }

    /// Whether `link` is the link over `parts` under the key that it names, compared in constant time.
    pub(super) fn link_holds(&self, parts: &[&str], link: &str) -> bool {
        let ring = self.ring();
        let key = link.split_once('.').and_then(|(id, _)| ring.data_key(id));
        key.is_some_and(|key| key.link(parts).as_bytes().ct_eq(link.as_bytes()).into())
    }

    /// With what every cell begins that the newest key sealed.
    pub(super) fn mark(&self) -> String {
        format!("{}.", self.ring().data.id)
    }

    /// Ids and suites of the data keys, the newest first.
    pub fn data_keys(&self) -> Vec<(String, Suite)> {
        let ring = self.ring();
        std::iter::once(&ring.data).chain(&ring.older).map(|key| (key.id.clone(), key.suite)).collect()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Keyring(..)")
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

#[cfg(test)]
mod tests {
    use super::{Keyring, Place, Suite};
    use crate::{domain::id_number::IdNumber, store::StoreError};

    const SUITES: [Suite; 2] = [Suite::Intl, Suite::Gm];

    fn ring(suite: Suite, byte: u8) -> Keyring {
        Keyring::of_suite(suite, &[byte; 32], [byte + 1; 32])
    }

    fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
        Place { table: "people", column, row }
    }

    /// ENC-02, under both suites.
    #[test]
    fn opens_only_where_it_was_sealed() {
        for keys in SUITES.map(|suite| ring(suite, 1)) {
            let sealed = keys.seal("张小明", place("name", "p1")).unwrap();
            assert_eq!(keys.open(&sealed, place("name", "p1")).unwrap(), "张小明");
            for elsewhere in [place("name", "p2"), place("phone", "p1"), Place { table: "cases", ..place("name", "p1") }] {
                assert!(matches!(keys.open(&sealed, elsewhere), Err(StoreError::Sealed)));
            }
        }
    }

    #[test]
    fn refuses_another_key_another_suite_and_any_changed_letter() {
        for (suite, other) in [(Suite::Intl, Suite::Gm), (Suite::Gm, Suite::Intl)] {
            let keys = ring(suite, 1);
            let sealed = keys.seal("张小明", place("name", "p1")).unwrap();
            assert!(ring(suite, 7).open(&sealed, place("name", "p1")).is_err());
            assert!(ring(other, 1).open(&sealed, place("name", "p1")).is_err());
            for at in 0..sealed.len() {
                let mut bad = sealed.clone().into_bytes();
                bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
                assert!(keys.open(&String::from_utf8(bad).unwrap(), place("name", "p1")).is_err(), "byte {at}");
            }
            assert!(keys.open("", place("name", "p1")).is_err());
        }
    }

    /// A cell as it was sealed before there were suites.
    #[test]
    fn cells_of_earlier_versions_open() {
        let sealed = "d233b880.AAECAwQFBgcICQoLXho1w5Bx4OFwLe0cWhbeADhrSiP+PUa73g";
        assert_eq!(ring(Suite::Intl, 1).open(sealed, place("name", "p1")).unwrap(), "张小明");
        let number: IdNumber = "441399196501010177".parse().unwrap();
        let index = "89ed0916cdee6d957f2475188e5281c05dfca4c8f00bef23077d80e245d1f0b5";
        assert_eq!(ring(Suite::Intl, 1).blind_index(&number), index);
    }

    #[test]
    fn the_same_value_is_never_sealed_alike_and_always_indexed_alike() {
        for suite in SUITES {
            let keys = ring(suite, 1);
            assert_ne!(keys.seal("a", place("name", "p")).unwrap(), keys.seal("a", place("name", "p")).unwrap());
            let number: IdNumber = "441399196501010177".parse().unwrap();
            assert_eq!(keys.blind_index(&number), keys.blind_index(&number));
            assert_ne!(keys.blind_index(&number), ring(suite, 2).blind_index(&number));
            assert_eq!(keys.blind_index(&number).len(), 64);
        }
        let number: IdNumber = "441399196501010177".parse().unwrap();
        assert_ne!(ring(Suite::Intl, 1).blind_index(&number), ring(Suite::Gm, 1).blind_index(&number));
    }

    #[test]
    fn a_mac_depends_on_every_part_and_where_it_ends() {
        for keys in SUITES.map(|suite| ring(suite, 1)) {
            let mac = keys.mac(&["code", "c1", "123456"]);
            assert!(keys.mac_holds(&["code", "c1", "123456"], &mac));
            assert!(!keys.mac_holds(&["code", "c1", "123457"], &mac));
            assert!(!keys.mac_holds(&["code", "c11", "23456"], &mac));
            let link = keys.link(&["row", "1"]);
            assert!(keys.link_holds(&["row", "1"], &link) && !keys.link_holds(&["row1"], &link));
        }
    }

    #[test]
    fn shows_no_key() {
        assert_eq!(format!("{:?}", ring(Suite::Gm, 1)), "Keyring(..)");
    }
}
