//! What is seen in a window, beside what is usual.

use std::ops::AddAssign;

use crate::detect::statistics::tail::{at_least, at_most};

/// Windows, the shortest first: 5 minutes, 1, 6 and 24 hours; and a time up to eight days in which small
/// excesses add up, which differs by destination.
pub(crate) const WINDOWS: usize = 5;
/// The window of 24 hours, and the last one.
pub(crate) const DAY_WINDOW: usize = 3;
pub(crate) const DRIP_WINDOW: usize = 4;
/// How many hours those of a fixed length touch; of the first two, seconds count.
pub(crate) const WINDOW_HOURS: [i64; DRIP_WINDOW] = [1, 1, 6, 24];
pub(crate) const WINDOW_SECONDS: [i64; 2] = [300, 3600];

/// A rate of fewer attempts is not judged.
pub(crate) const LEAST_ATTEMPTS: f64 = 20.0;
/// Where this share of attempts has had the time to convert, the rate says what they are.
pub(crate) const RIPE: f64 = 0.9;
/// Fewer unconverted attempts beyond what is usual are nothing.
pub(crate) const LEAST_EXCESS: f64 = 15.0;
/// The rate is below the usual one by this at least.
const LEAST_DROP: f64 = 0.05;
/// What is beyond the usual converts less than this share of what is usual.
const MOST_OF_USUAL: f64 = 0.6;
/// The 99 % quantile of the normal distribution, two-sided.
const Z99: f64 = 2.575_829_303_548_9;
/// Attempts of one verification are not independent of each other: several count as one.
const CLUSTER: f64 = 1.3;

/// Counts of a cell in a window. Sums of those of its parts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) attempts: f64,
    pub(crate) converted: f64,
    /// Attempts whose conversion would be known by now.
    pub(crate) ripe: f64,
    /// How many of these usually convert.
    pub(crate) converting: f64,
    /// Attempts that will not convert, as far as is known.
    pub(crate) lost: f64,
    pub(crate) undelivered: f64,
    /// How many of these attempts usually don't arrive.
    pub(crate) failing: f64,
    /// How many attempts are usual,
    pub(crate) usual: f64,
    /// and how many that do not convert.
    pub(crate) usual_lost: f64,
    /// How many attempts the usual ones are known by.
    pub(crate) basis: f64,
}

impl AddAssign<&Self> for Sums {
    fn add_assign(&mut self, other: &Self) {
        self.attempts += other.attempts;
        self.converted += other.converted;
        self.ripe += other.ripe;
        self.converting += other.converting;
        self.lost += other.lost;
        self.undelivered += other.undelivered;
        self.failing += other.failing;
        self.usual += other.usual;
        self.usual_lost += other.usual_lost;
        self.basis += other.basis;
    }
}

impl Sums {
    /// Unconverted attempts beyond what is usual.
    pub(crate) fn excess(&self) -> f64 {
        self.lost - self.usual_lost
    }

    /// Conversions that are missing.
    pub(crate) fn missing(&self) -> f64 {
        self.converting - self.converted
    }

    /// The rate that is usual for these attempts, 0 to 1.
    pub(crate) fn usual_rate(&self) -> f64 {
        if self.ripe > 0.0 { (self.converting / self.ripe).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The chance of this many attempts or more.
    pub(crate) fn volume(&self, dispersion: f64) -> f64 {
        at_least(self.attempts, self.usual, self.dispersion(dispersion, self.usual))
    }

    /// What is usual is itself known by counting only.
    fn dispersion(&self, dispersion: f64, usual: f64) -> f64 {
        dispersion * (1.0 + usual / (self.basis + 1.0))
    }

    /// The chance of a rate as low or lower.
    fn low_rate(&self) -> f64 {
        at_most(self.converted / CLUSTER, self.ripe / CLUSTER, self.usual_rate())
    }

    /// Whether the rate is below the usual one beyond doubt.
    fn is_low(&self) -> bool {
        if self.ripe < 1.0 {
            return false;
        }
        let rate = (self.converted / self.ripe).min(1.0);
        let squared = Z99 * Z99 / self.ripe;
        let spread = (rate * (1.0 - rate) / self.ripe + squared / (4.0 * self.ripe)).sqrt();
        let high = (rate + squared / 2.0 + Z99 * spread) / (1.0 + squared);
        high < self.usual_rate() - LEAST_DROP
    }

    /// What share of the attempts beyond the usual ones converts, 0 and above.
    pub(crate) fn rate_beyond(&self) -> f64 {
        let part = if self.attempts > 0.0 { self.ripe / self.attempts } else { 0.0 };
        let ripe = self.ripe - self.usual * part;
        let converted = self.converted - self.usual * part * self.usual_rate();
        if ripe <= 0.0 { 1.0 } else { (converted / ripe).max(0.0) }
    }

    /// Whether attempts fail to arrive that usually do, rather than being more than usual.
    pub(crate) fn is_failing(&self) -> bool {
        let failed = self.undelivered - self.failing;
        failed >= 0.5 * self.missing() && self.attempts < 3.0 * self.usual
    }

    /// The chance of this, if it looks like pumping: more attempts that don't convert than usual,
    /// because more attempts were made, and a lower rate.
    pub(crate) fn pumping(&self, dispersion: f64) -> Option<f64> {
        let excess = self.excess();
        let is_candidate = self.attempts >= LEAST_ATTEMPTS
            && excess >= LEAST_EXCESS
            && self.attempts - self.usual >= 0.5 * excess
            && self.is_low()
            && self.rate_beyond() < MOST_OF_USUAL * self.usual_rate()
            && !self.is_failing();
        is_candidate.then(|| {
            let dispersion = self.dispersion(dispersion, self.usual_lost);
            at_least(self.lost, self.usual_lost, dispersion).max(self.low_rate())
        })
    }

    /// The chance of this, if it looks like an outage: about as many attempts as usual, of which fewer
    /// convert and fewer arrive.
    pub(crate) fn delivery(&self) -> Option<f64> {
        let is_candidate = self.attempts >= LEAST_ATTEMPTS
            && self.missing() >= LEAST_EXCESS / 2.0
            && self.is_low()
            && self.is_failing();
        is_candidate.then(|| {
            let arriving = self.attempts - self.failing;
            let arrived = self.attempts - self.undelivered;
            let share = arriving / self.attempts;
            let fewer = at_most(arrived / CLUSTER, self.attempts / CLUSTER, share);
            fewer.max(self.low_rate())
        })
    }
}
