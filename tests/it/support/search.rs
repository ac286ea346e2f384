//! A search for what must be nowhere.

use std::collections::HashSet;

/// The first of `wanted` in `bytes`; one pass for all of one length.
pub(crate) fn found<'a>(bytes: &'a [u8], wanted: &[Vec<u8>]) -> Option<&'a [u8]> {
    let lengths: HashSet<usize> = wanted.iter().map(Vec::len).collect();
    lengths.into_iter().find_map(|length| {
        let of_length: HashSet<&[u8]> = wanted.iter().filter(|one| one.len() == length).map(Vec::as_slice).collect();
        bytes.windows(length).find(|window| of_length.contains(window))
    })
}
