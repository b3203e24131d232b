//! Records which attempts were counted.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use crate::table::label::Label;

/// The hash of a SID, whose last bits hold how the attempt was counted. Only the hash is compared.
#[derive(Clone, Copy, Debug)]
struct Mark(u64);

const BITS: u32 = 3;
const CONVERTED: u64 = 1;
const UNCONVERTED: u64 = 2;
const UNDELIVERED: u64 = 4;

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        self.0 >> BITS == other.0 >> BITS
    }
}

impl Eq for Mark {}

impl Hash for Mark {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0 >> BITS);
    }
}

/// A hasher for values that are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        // A hash table uses the highest bits first.
        self.0.rotate_left(BITS)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

pub(crate) type ByHash = BuildHasherDefault<Hashed>;

/// Returns the hash of a SID. Two of ten million SIDs have the same hash with a probability of one
/// in 50,000.
pub(crate) fn hash(sid: &Label) -> u64 {
    let mut hasher = DefaultHasher::new();
    sid.hash(&mut hasher);
    hasher.finish() >> BITS << BITS
}

/// The counted attempts that are no longer kept individually, by day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sids(BTreeMap<i64, HashSet<Mark, ByHash>>);

impl Sids {
    /// Records how an attempt was counted, and returns how it was counted before.
    pub(crate) fn replace(
        &mut self,
        day: i64,
        hash: u64,
        converted: Option<bool>,
        undelivered: bool,
    ) -> Option<(Option<bool>, bool)> {
        let converted = match converted {
            Some(true) => CONVERTED,
            Some(false) => UNCONVERTED,
            None => 0,
        };
        let mark = Mark(hash | converted | if undelivered { UNDELIVERED } else { 0 });
        let before = self.0.entry(day).or_default().replace(mark)?.0;
        let converted = match before & (CONVERTED | UNCONVERTED) {
            CONVERTED => Some(true),
            UNCONVERTED => Some(false),
            _ => None,
        };
        Some((converted, before & UNDELIVERED != 0))
    }

    /// Whether an attempt of a day was counted.
    pub(crate) fn is_known(&self, day: i64, hash: u64) -> bool {
        self.0.get(&day).is_some_and(|marks| marks.contains(&Mark(hash)))
    }

    /// Removes the days before `day`.
    pub(crate) fn forget_before(&mut self, day: i64) {
        self.0 = self.0.split_off(&day);
    }
}

#[cfg(test)]
mod tests {
    use super::{Sids, hash};
    use crate::table::label::Label;

    #[test]
    fn what_was_counted_is_known_until_its_day_is_forgotten() {
        let mut sids = Sids::default();
        let hashes: Vec<u64> =
            (0..1000).map(|sid| hash(&Label::from(format!("VL{sid:032x}")))).collect();
        for hash in &hashes {
            assert_eq!(sids.replace(3, *hash, None, true), None);
            assert_eq!(sids.replace(3, *hash, Some(true), false), Some((None, true)));
            assert_eq!(sids.replace(3, *hash, Some(false), false), Some((Some(true), false)));
        }
        assert!(sids.is_known(3, hashes[5]) && !sids.is_known(4, hashes[5]));
        sids.forget_before(4);
        assert!(!sids.is_known(3, hashes[5]));
    }
}
