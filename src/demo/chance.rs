//! Chance that repeats itself: the same seed and number give the same person.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// A stream of chance for one person.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn new(seed: u64, n: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&n.to_le_bytes());
        Self(ChaCha8Rng::from_seed(bytes))
    }

    /// 64 random bits in hex.
    pub(super) fn key(&mut self) -> String {
        format!("{:016x}", self.0.next_u64())
    }

    /// `from` to `to`, both included; `from` when there is nothing between.
    pub(super) fn between(&mut self, from: i32, to: i32) -> i32 {
        let width = u64::try_from(i64::from(to) - i64::from(from) + 1).unwrap_or(1).max(1);
        // The bias of a remainder is far below what a demo could show.
        from + i32::try_from(self.0.next_u64() % width).unwrap_or_default()
    }

    /// True in `percent` of 100.
    pub(super) fn percent(&mut self, percent: i32) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of `all`, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        let last = i32::try_from(all.len()).unwrap_or(i32::MAX) - 1;
        all[usize::try_from(self.between(0, last)).unwrap_or_default()]
    }

    /// `digits` decimal digits.
    pub(super) fn digits(&mut self, digits: usize) -> String {
        (0..digits).map(|_| char::from(b'0' + u8::try_from(self.between(0, 9)).unwrap_or_default())).collect()
    }
}
