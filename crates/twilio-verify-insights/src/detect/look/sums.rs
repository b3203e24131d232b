//! Compares the counts of a window with the usual ones.

use std::ops::AddAssign;

use crate::detect::statistics::tail::{at_least, at_most};

/// The number of windows, the shortest first: 5 minutes, 1, 6 and 24 hours, and a time of up to eight
/// days over which small excesses add up. The latter differs by destination.
pub(crate) const WINDOWS: usize = 5;
/// The index of the window of 24 hours, and that of the last one.
pub(crate) const DAY_WINDOW: usize = 3;
pub(crate) const DRIP_WINDOW: usize = 4;
/// How many clock hours the windows of a fixed length touch. The first two are measured in seconds.
pub(crate) const WINDOW_HOURS: [i64; DRIP_WINDOW] = [1, 1, 6, 24];
pub(crate) const WINDOW_SECONDS: [i64; 2] = [300, 3600];

/// The rate of fewer attempts is not judged.
pub(crate) const LEAST_ATTEMPTS: f64 = 20.0;
/// A rate is judged if at least this share of the attempts has had the time to convert.
pub(crate) const RIPE: f64 = 0.9;
/// The least number of unconverted attempts beyond the usual ones that is reported.
pub(crate) const LEAST_EXCESS: f64 = 15.0;
/// The least distance of a low rate from the usual one.
const LEAST_DROP: f64 = 0.05;
/// The attempts beyond the usual ones convert at less than this share of the usual rate.
const MOST_OF_USUAL: f64 = 0.6;
/// The 99 % quantile of the normal distribution, two-sided.
const Z99: f64 = 2.575_829_303_548_9;
/// Attempts of one verification are not independent of each other: this many count as one.
const CLUSTER: f64 = 1.3;

/// The counts of a cell in a window: the sums of its parts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) attempts: f64,
    pub(crate) converted: f64,
    /// Attempts whose conversion would be known by now.
    pub(crate) ripe: f64,
    /// How many of these usually convert.
    pub(crate) converting: f64,
    /// Attempts that will not convert, as far as known.
    pub(crate) lost: f64,
    pub(crate) undelivered: f64,
    /// How many of the attempts usually are not delivered.
    pub(crate) failing: f64,
    /// How many attempts are usual.
    pub(crate) usual: f64,
    /// How many unconverted attempts are usual.
    pub(crate) usual_lost: f64,
    /// How many earlier attempts the usual ones are based on.
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
    /// Returns the number of unconverted attempts beyond the usual ones.
    pub(crate) fn excess(&self) -> f64 {
        self.lost - self.usual_lost
    }

    /// Returns the number of missing conversions.
    pub(crate) fn missing(&self) -> f64 {
        self.converting - self.converted
    }

    /// Returns the usual rate of these attempts, 0 to 1.
    pub(crate) fn usual_rate(&self) -> f64 {
        if self.ripe > 0.0 { (self.converting / self.ripe).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Returns the probability of this many attempts or more.
    pub(crate) fn volume(&self, dispersion: f64) -> f64 {
        at_least(self.attempts, self.usual, self.dispersion(dispersion, self.usual))
    }

    /// Increases the dispersion, because the usual number is only an estimate.
    fn dispersion(&self, dispersion: f64, usual: f64) -> f64 {
        dispersion * (1.0 + usual / (self.basis + 1.0))
    }

    /// Returns the probability of a rate this low or lower.
    fn low_rate(&self) -> f64 {
        at_most(self.converted / CLUSTER, self.ripe / CLUSTER, self.usual_rate())
    }

    /// Whether the rate is significantly below the usual one.
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

    /// Returns the share of the attempts beyond the usual ones that converts, 0 or more.
    pub(crate) fn rate_beyond(&self) -> f64 {
        let part = if self.attempts > 0.0 { self.ripe / self.attempts } else { 0.0 };
        let ripe = self.ripe - self.usual * part;
        let converted = self.converted - self.usual * part * self.usual_rate();
        if ripe <= 0.0 { 1.0 } else { (converted / ripe).max(0.0) }
    }

    /// Whether conversions are missing because deliveries fail, and not because there are many more
    /// attempts.
    pub(crate) fn is_failing(&self) -> bool {
        let failed = self.undelivered - self.failing;
        failed >= 0.5 * self.missing() && self.attempts < 3.0 * self.usual
    }

    /// Returns the p-value if this looks like pumping: more unconverted attempts than usual, because
    /// more attempts were made, and a lower rate.
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

    /// Returns the p-value if this looks like an outage: about as many attempts as usual, of which fewer
    /// convert and fewer are delivered.
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
