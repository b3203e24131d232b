//! Packs the labels of a cell into one number.

/// The bit that marks the key of attempts that belong to no cell.
pub(crate) const OTHER: u128 = 1 << 127;

/// The positions of the parts of a key. The first part is the most significant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The width and the shift of each part.
    parts: Vec<(u32, u32)>,
}

impl Layout {
    /// Creates a layout whose parts hold numbers below `counts`. `None` if it exceeds 127 bits.
    pub(crate) fn new(counts: &[u64]) -> Option<Self> {
        let widths: Vec<u32> = counts.iter().map(|count| width(*count)).collect();
        if widths.iter().sum::<u32>() > 127 {
            return None;
        }
        let mut shift = 0;
        let mut parts: Vec<(u32, u32)> = Vec::with_capacity(widths.len());
        for width in widths.into_iter().rev() {
            parts.push((width, shift));
            shift += width;
        }
        parts.reverse();
        Some(Self { parts })
    }

    pub(crate) fn shift(&self, part: usize) -> u32 {
        self.parts.get(part).map_or(0, |(_, shift)| *shift)
    }

    /// Returns how many numbers fit in a part.
    pub(crate) fn room(&self, part: usize) -> u64 {
        let width = self.parts.get(part).map_or(0, |(width, _)| *width);
        1_u64.checked_shl(width).unwrap_or(u64::MAX)
    }

    /// Returns a part of a key.
    pub(crate) fn get(&self, key: u128, part: usize) -> u64 {
        let (width, shift) = self.parts.get(part).copied().unwrap_or_default();
        let mask = (1_u128 << width) - 1;
        // No part is wider than 64 bits.
        u64::try_from((key >> shift) & mask).unwrap_or_default()
    }

    /// Converts a key to another layout, whose parts are at least as wide.
    pub(crate) fn widen(&self, key: u128, other: &Self) -> u128 {
        let parts =
            (0..self.parts.len()).map(|part| u128::from(self.get(key, part)) << other.shift(part));
        parts.fold(key & OTHER, |key, part| key | part)
    }
}

/// Returns how many bits the numbers below `count` need.
fn width(count: u64) -> u32 {
    u64::BITS - count.saturating_sub(1).leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::{Layout, OTHER};

    #[test]
    fn parts_of_a_key() {
        let layout = Layout::new(&[300, 1, 2, 5]).unwrap();
        let key = (299 << layout.shift(0)) | (1 << layout.shift(2)) | (4 << layout.shift(3));
        assert_eq!([0, 1, 2, 3].map(|part| layout.get(key, part)), [299, 0, 1, 4]);
        assert_eq!([0, 1, 2, 3].map(|part| layout.room(part)), [512, 1, 2, 8]);
        let wider = Layout::new(&[1 << 40, 7, 2, 1000]).unwrap();
        let wide = layout.widen(key | OTHER, &wider);
        assert_eq!([0, 1, 2, 3].map(|part| wider.get(wide, part)), [299, 0, 1, 4]);
        assert_ne!(wide & OTHER, 0);
        assert_eq!(Layout::new(&[u64::MAX, u64::MAX]), None);
        assert!(Layout::new(&[u64::MAX, 1 << 63]).is_some());
    }
}
