//! The tree of destinations by the digits of their prefixes.

use crate::detect::look::base::Spot;
use crate::detect::look::sums::{Sums, WINDOWS};
use crate::detect::store::prefix::Prefix;

/// The destinations that share a prefix.
#[derive(Clone, Debug)]
pub(crate) struct Node<'s> {
    pub(crate) prefix: Prefix,
    /// Its destinations, sorted by prefix.
    pub(crate) spots: &'s [&'s Spot],
    pub(crate) windows: [Sums; WINDOWS],
    pub(crate) parts: Vec<Node<'s>>,
}

impl<'s> Node<'s> {
    /// Builds the tree for destinations that are sorted by prefix. A node has no child or at least
    /// two.
    pub(crate) fn of(spots: &'s [&'s Spot]) -> Self {
        let ends = spots.first().zip(spots.last());
        let prefix = ends.map_or_else(Prefix::default, |(first, last)| {
            let in_common = first.place.prefix.in_common(last.place.prefix);
            first.place.prefix.first(in_common)
        });
        let mut windows = [Sums::default(); WINDOWS];
        let mut parts = Vec::new();
        let is_one = ends.is_none_or(|(first, last)| first.place.prefix == last.place.prefix);
        if is_one {
            for spot in spots {
                windows.iter_mut().zip(&spot.windows).for_each(|(sum, sums)| *sum += sums);
            }
        } else {
            let next = prefix.length() + 1;
            let same =
                |a: &&Spot, b: &&Spot| a.place.prefix.first(next) == b.place.prefix.first(next);
            parts = spots.chunk_by(same).map(Self::of).collect();
            for part in &parts {
                windows.iter_mut().zip(&part.windows).for_each(|(sum, sums)| *sum += sums);
            }
        }
        Self { prefix, spots, windows, parts }
    }

    pub(crate) fn window(&self, window: usize) -> &Sums {
        &self.windows[window.min(WINDOWS - 1)]
    }
}
