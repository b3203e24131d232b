//! What is drawn by lot: SIDs, codes and secrets. The same seed draws the same, in the same order.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Draws everything that an emulator makes up.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // Else what `sample` makes up from the same seed would have the same SIDs.
        rng.set_stream(1);
        Self(rng)
    }

    /// A new SID, of any kind.
    pub(crate) fn sid<S: From<u128>>(&mut self) -> S {
        S::from(self.0.random::<u128>())
    }

    /// So many decimal digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.0.random_range(0..10_u8)))
            .collect()
    }

    /// So many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::sample;
    use crate::sid::{AttemptSid, VerificationSid};

    #[test]
    fn a_sample_of_the_same_seed_has_other_sids() {
        let sample = sample(1, chrono::Utc::now(), 1000);
        let mut draw = Draw::new(1);
        let drawn: HashSet<String> = (0..10_000)
            .map(|_| draw.sid::<AttemptSid>().to_string()[2..].to_owned())
            .collect();
        for attempt in sample {
            let verification: VerificationSid = attempt.verification_sid;
            assert!(!drawn.contains(&attempt.sid.to_string()[2..]));
            assert!(!drawn.contains(&verification.to_string()[2..]));
        }
    }
}
