//! Values that many attempts share, each stored once while it is used.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};

use hashbrown::{DefaultHashBuilder, HashTable};

/// A map from small numbers to values. A number is freed when its value was released as often as it was taken.
pub(crate) struct Interner<T> {
    slots: Vec<Slot<T>>,
    /// Slots that hold no value.
    free: Vec<u32>,
    indices: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

struct Slot<T> {
    /// The value, or `None` if the slot is free.
    value: Option<T>,
    uses: u32,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            indices: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<T: Eq + Hash> Interner<T> {
    /// Returns the number of a value, and counts one more use.
    pub(crate) fn take(&mut self, value: T) -> u32 {
        if let Some(index) = self.find(&value) {
            self.slots[index as usize].uses += 1;
            return index;
        }
        let hash = self.hasher.hash_one(&value);
        let slot = Slot { value: Some(value), uses: 1 };
        let index = match self.free.pop() {
            Some(index) => {
                self.slots[index as usize] = slot;
                index
            }
            None => {
                self.slots.push(slot);
                // There is at most one value for each attempt, and there are fewer than 2^32 attempts.
                (self.slots.len() - 1) as u32
            }
        };
        let Self { slots, indices, hasher, .. } = self;
        indices.insert_unique(hash, index, |index| {
            // Every number in the table is in use, so it has a value.
            let value = slots[*index as usize].value.as_ref();
            value.map_or(0, |value| hasher.hash_one(value))
        });
        index
    }

    /// Releases one use of the value with this number.
    pub(crate) fn give_back(&mut self, index: u32) {
        let slot = &mut self.slots[index as usize];
        slot.uses -= 1;
        if slot.uses > 0 {
            return;
        }
        let Some(value) = slot.value.take() else {
            return;
        };
        let hash = self.hasher.hash_one(&value);
        if let Ok(entry) = self.indices.find_entry(hash, |own| *own == index) {
            entry.remove();
        }
        self.free.push(index);
    }

    /// Returns the number of a value, if it is in use.
    pub(crate) fn find<Q: Eq + Hash + ?Sized>(&self, value: &Q) -> Option<u32>
    where
        T: Borrow<Q>,
    {
        let is_it = |index: &u32| self.get(*index).is_some_and(|own| own.borrow() == value);
        self.indices.find(self.hasher.hash_one(value), is_it).copied()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.indices.len()
    }

    /// Returns the value of a number, if it is in use.
    pub(crate) fn get(&self, index: u32) -> Option<&T> {
        self.slots.get(index as usize)?.value.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_value_has_one_number_while_it_is_used(steps in prop::collection::vec((0..6_u8, any::<bool>()), 0..200)) {
            let mut interner = Interner::default();
            let mut uses: HashMap<u8, (u32, u32)> = HashMap::new();
            let mut most = 0;
            for (value, taken) in steps {
                if taken {
                    let index = interner.take(value);
                    let (own, count) = uses.entry(value).or_insert((index, 0));
                    prop_assert_eq!(*own, index);
                    *count += 1;
                } else if let Some((index, count)) = uses.get_mut(&value) {
                    interner.give_back(*index);
                    *count -= 1;
                    if *count == 0 {
                        uses.remove(&value);
                    }
                }
                most = most.max(uses.len());
                for value in 0..6 {
                    let index = uses.get(&value).map(|(index, _)| *index);
                    prop_assert_eq!(interner.find(&value), index);
                    if let Some(index) = index {
                        prop_assert_eq!(interner.get(index), Some(&value));
                    }
                }
                prop_assert!(interner.slots.len() <= most);
            }
        }
    }
}
