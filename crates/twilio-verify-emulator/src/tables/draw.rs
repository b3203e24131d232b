//! The random generator of SIDs, codes and secrets. The same seed gives the same values in the same order.

use std::hash::{DefaultHasher, Hash, Hasher};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::tables::persistent::Persistent;

/// The random generator of an emulator.
pub(crate) struct Draw {
    random: ChaCha8Rng,
    /// If changes are tracked, the position at the last call.
    tracked: Option<Option<u128>>,
}

/// The state of the generator.
#[derive(Serialize, Deserialize)]
struct DrawPosition {
    seed: [u8; 32],
    stream: u64,
    position: u128,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        // Without this, a `sample` of the same seed would have the same SIDs.
        random.set_stream(1);
        Self { random, tracked: None }
    }

    /// Draws a new SID, of any kind.
    pub(crate) fn sid<S: From<u128>>(&mut self) -> S {
        S::from(self.random.random::<u128>())
    }

    /// Draws `count` decimal digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.random.random_range(0..10_u8))).collect()
    }

    fn position(&self) -> DrawPosition {
        DrawPosition {
            seed: self.random.get_seed(),
            stream: self.random.get_stream(),
            position: self.random.get_word_pos(),
        }
    }

    /// Draws `count` bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.random.fill_bytes(&mut bytes);
        bytes
    }
}

impl Persistent for Draw {
    fn track(&mut self) {
        self.tracked.get_or_insert(None);
    }

    fn take_changes(
        &mut self,
        change: &mut dyn FnMut(Vec<u8>, Option<Vec<u8>>),
    ) -> serde_json::Result<()> {
        let position = self.random.get_word_pos();
        let Some(tracked) = self.tracked.as_mut() else {
            return Ok(());
        };
        if tracked.replace(position) != Some(position) {
            change(Vec::new(), Some(serde_json::to_vec(&self.position())?));
        }
        Ok(())
    }

    fn rows(
        &self,
        row: &mut dyn FnMut(Vec<u8>, Vec<u8>) -> serde_json::Result<()>,
    ) -> serde_json::Result<()> {
        row(Vec::new(), serde_json::to_vec(&self.position())?)
    }

    fn restore(&mut self, _: &[u8], value: &[u8]) -> serde_json::Result<()> {
        let position: DrawPosition = match serde_json::from_slice(value) {
            Ok(position) => position,
            Err(error) => {
                // Uses a new stream: without the stored position, the first stream would repeat SIDs.
                let mut hasher = DefaultHasher::new();
                value.hash(&mut hasher);
                self.random.set_stream(hasher.finish() | 2);
                return Err(error);
            }
        };
        self.random = ChaCha8Rng::from_seed(position.seed);
        self.random.set_stream(position.stream);
        self.random.set_word_pos(position.position);
        Ok(())
    }
}
