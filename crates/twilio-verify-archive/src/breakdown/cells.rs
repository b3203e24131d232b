//! Counts by key.

use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashMap;
use rust_decimal::Decimal;

/// The counts of the attempts with one key. The currency is part of the key.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cell {
    pub(crate) attempts: u64,
    pub(crate) converted: u64,
    pub(crate) unconverted: u64,
    /// The sum of prices in millionths.
    pub(crate) price: i64,
}

/// A price that a cell's sum can't hold, because of its digits or because the sum would overflow.
pub(crate) struct Exact {
    pub(crate) key: u128,
    pub(crate) price: Decimal,
    /// How many attempts with a price it adds.
    pub(crate) priced: u64,
}

/// The cells, by key.
pub(crate) type Cells = HashMap<u128, Cell, BuildHasherDefault<KeyHasher>>;

/// A fast hasher for keys, which are neither secret nor chosen by an attacker.
#[derive(Default)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u128(u128::from(*byte));
        }
    }

    fn write_u128(&mut self, key: u128) {
        // Odd constants of high entropy: digits of pi.
        const LOW: u64 = 0x2437_0734_4a40_9382;
        const HIGH: u64 = 0x243f_6a88_85a3_08d3;
        let bytes = key.to_le_bytes();
        let (low, high) = bytes.split_at(8);
        let half = |half: &[u8]| u64::from_le_bytes(half.try_into().unwrap_or_default());
        let folded = half(low) ^ half(high).wrapping_mul(LOW | 1) ^ self.0;
        let product = u128::from(folded ^ LOW) * u128::from(HIGH);
        let product = product.to_le_bytes();
        let (low, high) = product.split_at(8);
        self.0 = half(low) ^ half(high);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
