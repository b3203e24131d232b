//! Records how long conversions take.

/// After this many seconds a code is no longer valid (documented by Twilio).
pub(crate) const VALID: i64 = 600;

const STEP: i64 = 5;
const STEPS: usize = (VALID / STEP) as usize;
/// From this number of conversions on, only the account's own distribution is used.
const ENOUGH: f64 = 200.0;
/// With fewer conversions, the time that most of them take is not known.
const KNOWN: u64 = 50;

/// Conversions by the seconds between the attempt and its last change.
#[derive(Clone, Debug)]
pub(crate) struct Delays([u64; STEPS]);

impl Default for Delays {
    fn default() -> Self {
        Self([0; STEPS])
    }
}

impl Delays {
    /// Adds a conversion. Ignores delays of `VALID` or more: they come from another change, such as
    /// that of the price.
    pub(crate) fn add(&mut self, seconds: i64) {
        if let Some(count) = self.count(seconds) {
            *count = count.saturating_add(1);
        }
    }

    pub(crate) fn remove(&mut self, seconds: i64) {
        if let Some(count) = self.count(seconds) {
            *count = count.saturating_sub(1);
        }
    }

    fn count(&mut self, seconds: i64) -> Option<&mut u64> {
        self.0.get_mut(usize::try_from(seconds.div_euclid(STEP)).ok()?)
    }

    /// Returns the seconds within which 99 of 100 conversions happen, or `None` if there are fewer
    /// than 50.
    pub(crate) fn most(&self) -> Option<i64> {
        let all = self.0.iter().fold(0_u64, |all, count| all.saturating_add(*count));
        let mut left = all / 100;
        let step = (0..STEPS as i64).rev().find(|step| {
            let count = self.0.get(*step as usize).copied().unwrap_or_default();
            let is_last = count > left;
            left = left.saturating_sub(count);
            is_last
        });
        step.filter(|_| all >= KNOWN).map(|step| (step + 1) * STEP)
    }

    /// Returns the share of conversions that happen within each time.
    pub(crate) fn shares(&self) -> Shares {
        let all: f64 = self.0.iter().map(|count| *count as f64).sum();
        let own = (all / ENOUGH).min(1.0);
        let mut sum = 0.0;
        let mut shares = [1.0; STEPS + 1];
        for (index, (share, count)) in shares.iter_mut().zip(&self.0).enumerate() {
            // Until delays are known, all are assumed to be within two minutes.
            let usual = ((index as i64 * STEP) as f64 / 120.0).min(1.0);
            let seen = if all > 0.0 { sum / all } else { 0.0 };
            *share = own * seen + (1.0 - own) * usual;
            sum += *count as f64;
        }
        Shares(shares)
    }
}

/// The share of conversions that happen within each time.
#[derive(Clone, Debug)]
pub(crate) struct Shares([f64; STEPS + 1]);

impl Shares {
    /// Returns the share after some seconds, 0 to 1.
    pub(crate) fn after(&self, seconds: i64) -> f64 {
        let Ok(step) = usize::try_from(seconds.div_euclid(STEP)) else {
            return 0.0;
        };
        let at = |step: usize| self.0.get(step).copied().unwrap_or(1.0);
        let part = seconds.rem_euclid(STEP) as f64 / STEP as f64;
        at(step) + part * (at(step + 1) - at(step))
    }

    /// Returns the mean share of the attempts of the last seconds, assuming that they are spread
    /// evenly.
    pub(crate) fn of_last(&self, seconds: i64) -> f64 {
        let young = seconds.clamp(1, VALID);
        let sum: f64 = (0..young).map(|age| self.after(age)).sum();
        (sum + (seconds.max(young) - young) as f64) / seconds.max(young) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::{Delays, VALID};

    #[test]
    fn shares_follow_what_was_seen() {
        let mut delays = Delays::default();
        assert!((delays.shares().after(60) - 0.5).abs() < 1e-9);
        assert_eq!(delays.most(), None);
        for delay in (0..1000).map(|conversion| 10 + conversion % 40) {
            delays.add(delay);
        }
        for odd in [-1, VALID, i64::MAX, i64::MIN] {
            delays.add(odd);
        }
        assert_eq!(delays.most(), Some(50));
        let shares = delays.shares();
        for (age, share) in [(-5, 0.0), (0, 0.0), (10, 0.0), (30, 0.5), (50, 1.0), (VALID * 2, 1.0)]
        {
            assert!((shares.after(age) - share).abs() < 1e-9, "{age}: {}", shares.after(age));
        }
        // Of 60 seconds, 10 have all of their conversions, and 40 have half of them.
        assert!((shares.of_last(60) - 0.5).abs() < 0.01, "{}", shares.of_last(60));
        assert!((shares.of_last(3600) - 3570.0 / 3600.0).abs() < 0.001);
    }
}
