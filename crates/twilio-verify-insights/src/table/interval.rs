//! Confidence intervals of rates.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// How often an [`Interval`] contains the rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Confidence {
    /// 90 of 100 times.
    P90,
    /// 95 of 100 times.
    #[default]
    P95,
    /// 99 of 100 times.
    P99,
}

impl Confidence {
    const fn level(self) -> f64 {
        match self {
            Self::P90 => 0.90,
            Self::P95 => 0.95,
            Self::P99 => 0.99,
        }
    }
}

/// A range of rates, in percent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Interval {
    /// The lower end, at least 0.
    pub low: f64,
    /// The upper end, at most 100.
    pub high: f64,
}

/// Returns Wilson's score interval, which also works for 0 of n and n of n.
#[expect(clippy::cast_precision_loss, reason = "exact to 2^53 attempts, and an estimate beyond")]
pub(crate) fn wilson(successes: u64, of: u64, confidence: Confidence) -> Option<Interval> {
    if of == 0 {
        return None;
    }
    let z = Normal::standard().inverse_cdf(f64::midpoint(1.0, confidence.level()));
    let n = of as f64;
    let rate = successes.min(of) as f64 / n;
    let squared = z * z;
    let scale = 1.0 / (1.0 + squared / n);
    let center = scale * (rate + squared / (2.0 * n));
    let half = scale * z * (rate * (1.0 - rate) / n + squared / (4.0 * n * n)).sqrt();
    // The exact bounds are 0 and 100 at the ends; rounding may miss them.
    let low = if successes == 0 { 0.0 } else { (center - half).max(0.0) };
    let high = if successes >= of { 1.0 } else { (center + half).min(1.0) };
    Some(Interval { low: 100.0 * low, high: 100.0 * high })
}

#[cfg(test)]
mod tests {
    use super::{Confidence, wilson};

    /// The values of R. G. Newcombe, "Two-sided confidence intervals for the single proportion",
    /// Statistics in Medicine 17 (1998), table I, method 3.
    #[test]
    fn as_published() {
        for (successes, of, low, high) in [
            (81, 263, 25.53, 36.62),
            (15, 148, 6.24, 16.05),
            (0, 20, 0.0, 16.11),
            (1, 29, 0.61, 17.18),
        ] {
            let interval = wilson(successes, of, Confidence::P95).unwrap();
            assert!((interval.low - low).abs() < 0.006, "{successes}/{of}: {interval:?}");
            assert!((interval.high - high).abs() < 0.006, "{successes}/{of}: {interval:?}");
        }
    }

    #[test]
    fn it_stays_within_its_bounds() {
        assert_eq!(wilson(0, 0, Confidence::P95), None);
        for confidence in [Confidence::P90, Confidence::P95, Confidence::P99] {
            for of in [1, 2, 20, 1_000_000, u64::MAX] {
                for successes in [0, 1, of / 2, of] {
                    let interval = wilson(successes, of, confidence).unwrap();
                    assert!(0.0 <= interval.low && interval.low <= interval.high);
                    assert!(interval.high <= 100.0);
                }
            }
        }
        assert!(
            wilson(5, 20, Confidence::P99).unwrap().low
                < wilson(5, 20, Confidence::P90).unwrap().low
        );
    }
}
