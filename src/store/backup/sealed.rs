//! A stream sealed in chunks: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over the suite's cipher. A chunk's
//! nonce is its number and whether it is the last, so that none can be moved, left out or added.

use std::io::{self, BufRead, Read, Write};

use crate::store::suite::{Cipher, NONCE};

/// Bytes of a chunk before it is sealed. Only the last one may have fewer.
const CHUNK: usize = 1 << 20;
/// Bytes that a seal adds.
const TAG: usize = 16;

/// For one chunk under a key that seals one stream.
fn nonce(number: u32, last: bool) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    nonce[7..11].copy_from_slice(&number.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce
}

/// Seals all of `input`; an empty one is one empty chunk.
pub(super) fn seal(cipher: &Cipher, input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    let mut input = io::BufReader::with_capacity(CHUNK, input);
    let mut chunk = Vec::with_capacity(CHUNK);
    for number in 0.. {
        chunk.clear();
        input.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)?;
        let last = input.fill_buf()?.is_empty();
        let sealed = cipher.encrypt(&nonce(number, last), &chunk, &[]);
        output.write_all(&sealed.ok_or_else(|| io::Error::other("a chunk cannot be sealed"))?)?;
        if last {
            return Ok(());
        }
    }
    Err(io::Error::other("more chunks than there are numbers"))
}

/// The inverse of [`seal`]. Returns whether every chunk's seal held; if not, what was written is worth nothing.
pub(super) fn open(cipher: &Cipher, input: &mut impl BufRead, output: &mut impl Write) -> io::Result<bool> {
    let mut chunk = Vec::with_capacity(CHUNK + TAG);
    for number in 0.. {
        chunk.clear();
        input.by_ref().take((CHUNK + TAG) as u64).read_to_end(&mut chunk)?;
        let last = input.fill_buf()?.is_empty();
        let Some(opened) = cipher.decrypt(&nonce(number, last), &chunk, &[]) else { return Ok(false) };
        output.write_all(&opened)?;
        if last {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, TAG, open, seal};
    use crate::store::suite::Suite;

    fn opened(suite: Suite, sealed: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        open(&suite.cipher(&[1; 32]), &mut &*sealed, &mut out).unwrap().then_some(out)
    }

    #[test]
    fn opens_what_was_sealed_and_nothing_else() {
        for suite in [Suite::Intl, Suite::Gm] {
            for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
                let clear: Vec<u8> = (0..=250).cycle().take(length).collect();
                let mut sealed = Vec::new();
                seal(&suite.cipher(&[1; 32]), &mut &*clear, &mut sealed).unwrap();
                assert_eq!(sealed.len(), length + TAG * length.div_ceil(CHUNK).max(1));
                assert_eq!(opened(suite, &sealed).unwrap(), clear, "{length} bytes");
                for at in [0, sealed.len() / 2, sealed.len() - 1] {
                    let mut bad = sealed.clone();
                    bad[at] ^= 1;
                    assert_eq!(opened(suite, &bad), None, "byte {at} of {length}");
                }
                assert_eq!(opened(suite, &sealed[..sealed.len() - 1]), None);
                assert_eq!(opened(suite, &[&*sealed, &[0]].concat()), None);
                if sealed.len() > CHUNK + TAG {
                    let (first, rest) = sealed.split_at(CHUNK + TAG);
                    assert_eq!(opened(suite, first), None, "cut between chunks");
                    assert_eq!(opened(suite, rest), None, "the first left out");
                    assert_eq!(opened(suite, &[first, first, rest].concat()), None, "one twice");
                }
            }
        }
    }
}
