//! The ids of requests.

use std::sync::{Mutex, PoisonError};

use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A generator of request ids.
pub(crate) struct RequestIds(Mutex<ChaCha8Rng>);

impl RequestIds {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(ChaCha8Rng::seed_from_u64(seed)))
    }

    /// Returns a new id: `RQ` and 32 hexadecimal digits.
    pub(crate) fn draw(&self) -> String {
        format!("RQ{:032x}", self.0.lock().unwrap_or_else(PoisonError::into_inner).random::<u128>())
    }
}
