//! The two suites of algorithms: the international one and 国密 (GB/T 32905, 32907; GCM as in RFC 8998).
//!
//! A key file names its suite, so that one store may hold cells of both: a rotation is all that a change of suite takes.

use aes_gcm::{
    Aes256Gcm, AesGcm, KeyInit, Nonce,
    aead::{
        Aead, Payload,
        consts::{U12, U32, U64},
    },
    aes::cipher::KeySizeUser,
};
use hmac::{Hmac, Mac, digest::OutputSizeUser};
use sha2::Sha256;
use sm3::Sm3;
use sm4::Sm4;
use zeroize::Zeroizing;

/// Bytes of a nonce.
pub(super) const NONCE: usize = 12;
/// Hex digits of a key's id.
pub(super) const ID: usize = 8;

/// The bytes of a key file.
pub(super) type Secret = Zeroizing<[u8; 32]>;

/// Which algorithms a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// AES-256-GCM and HMAC-SHA-256.
    Intl,
    /// 国密: SM4-GCM and HMAC-SM3.
    Gm,
}

impl Suite {
    /// Its name in key files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Intl => "intl",
            Self::Gm => "gm",
        }
    }

    /// The suite of a name.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Intl, Self::Gm].into_iter().find(|suite| suite.id() == id)
    }

    /// HMAC over `parts`, each with its length before it.
    pub(super) fn keyed(self, key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
        match self {
            Self::Intl => keyed::<Hmac<Sha256>>(key, parts),
            Self::Gm => keyed::<Hmac<Sm3>>(key, parts),
        }
    }

    /// The cipher of a data key. SM4 has keys of 128 bits: the first of a MAC under the key.
    pub(super) fn cipher(self, key: &[u8; 32]) -> Cipher {
        match self {
            Self::Intl => Cipher::Aes(Box::new(Aes256Gcm::new(key.into()))),
            Self::Gm => {
                let whole = Zeroizing::new(self.keyed(key, &[b"wenban data key"]));
                let mut half = Zeroizing::new([0; 16]);
                half.copy_from_slice(&whole[..16]);
                Cipher::Sm4(Box::new(AesGcm::new((&*half).into())))
            }
        }
    }
}

fn keyed<M>(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32]
where
    M: Mac + KeyInit + KeySizeUser<KeySize = U64> + OutputSizeUser<OutputSize = U32>,
{
    // HMAC fills a short key up with zeros to one block of the hash.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = <M as KeyInit>::new((&*block).into());
    for part in parts {
        Mac::update(&mut mac, &u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        Mac::update(&mut mac, part);
    }
    mac.finalize().into_bytes().into()
}

/// An authenticated cipher with its key.
pub(super) enum Cipher {
    Aes(Box<Aes256Gcm>),
    Sm4(Box<AesGcm<Sm4, U12>>),
}

impl Cipher {
    /// `None` for texts of more than 64 GiB.
    pub(super) fn encrypt(&self, nonce: &[u8; NONCE], msg: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
        let (nonce, payload) = (Nonce::from_slice(nonce), Payload { msg, aad });
        match self {
            Self::Aes(cipher) => cipher.encrypt(nonce, payload),
            Self::Sm4(cipher) => cipher.encrypt(nonce, payload),
        }
        .ok()
    }

    /// `None` for what this key did not seal with this `aad`.
    pub(super) fn decrypt(&self, nonce: &[u8; NONCE], msg: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
        let (nonce, payload) = (Nonce::from_slice(nonce), Payload { msg, aad });
        match self {
            Self::Aes(cipher) => cipher.decrypt(nonce, payload),
            Self::Sm4(cipher) => cipher.decrypt(nonce, payload),
        }
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use aes_gcm::{AesGcm, KeyInit};

    use super::{Cipher, Suite};
    use crate::store::hex;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// RFC 8998, appendix A.1.
    #[test]
    fn enc_05_sm4_gcm_is_that_of_rfc_8998() {
        let key: [u8; 16] = bytes("0123456789abcdeffedcba9876543210").try_into().unwrap();
        let nonce: [u8; 12] = bytes("00001234567800000000abcd").try_into().unwrap();
        let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let clear: Vec<u8> = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa].iter().flat_map(|byte| [*byte; 8]).collect();
        let cipher = Cipher::Sm4(Box::new(AesGcm::new((&key).into())));
        let sealed = cipher.encrypt(&nonce, &clear, &aad).unwrap();
        assert_eq!(
            hex(&sealed),
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15\
             a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"
        );
        assert_eq!(cipher.decrypt(&nonce, &sealed, &aad).unwrap(), clear);
    }

    /// As OpenSSL 3 gives them for the same bytes: `openssl dgst -sm3 -mac HMAC`.
    #[test]
    fn enc_03_macs_are_hmac_sha_256_and_hmac_sm3() {
        let parts: [&[u8]; 2] = [b"id number", b"441399196501010177"];
        for (suite, mac) in [
            (Suite::Intl, "89ed0916cdee6d957f2475188e5281c05dfca4c8f00bef23077d80e245d1f0b5"),
            (Suite::Gm, "981f360b21e41e3822f9b6172a3076857604720a25e94fee20b838d603551f88"),
        ] {
            assert_eq!(hex(&suite.keyed(&[2; 32], &parts)), mac);
        }
    }
}
