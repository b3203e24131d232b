//! Measures ratios with criterion. Each iteration does the same thing in two ways, one right after
//! the other, so that anything that slows the machine slows both.

use std::time::Duration;

use criterion::Throughput;
use criterion::measurement::{Measurement, ValueFormatter};

/// The ratio of the times that two ways take.
#[derive(Clone, Copy, Debug)]
pub struct Ratio;

impl Ratio {
    /// Measures both ways `iterations` times, in alternating order, and returns the ratio of their
    /// sums as criterion's `iter_custom` expects it.
    pub fn of(
        iterations: u64,
        mut way: impl FnMut() -> Duration,
        mut other: impl FnMut() -> Duration,
    ) -> f64 {
        let (mut ways, mut others) = (Duration::ZERO, Duration::ZERO);
        for iteration in 0..iterations {
            if iteration % 2 == 0 {
                ways += way();
                others += other();
            } else {
                others += other();
                ways += way();
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of iterations")]
        let iterations = iterations as f64;
        ways.as_secs_f64() / others.as_secs_f64() * iterations
    }
}

impl Measurement for Ratio {
    type Intermediate = ();
    type Value = f64;

    fn start(&self) -> Self::Intermediate {}

    /// Returns no value: a ratio is only measured with `iter_custom`.
    fn end(&self, (): Self::Intermediate) -> f64 {
        f64::NAN
    }

    fn add(&self, left: &f64, right: &f64) -> f64 {
        left + right
    }

    fn zero(&self) -> f64 {
        0.0
    }

    fn to_f64(&self, value: &f64) -> f64 {
        *value
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Self
    }
}

impl ValueFormatter for Ratio {
    fn scale_values(&self, _: f64, _: &mut [f64]) -> &'static str {
        "x"
    }

    fn scale_throughputs(&self, _: f64, _: &Throughput, _: &mut [f64]) -> &'static str {
        "x"
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "x"
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Ratio;

    #[test]
    fn a_ratio_is_given_once_an_iteration() {
        let (three, two) = (Duration::from_millis(3), Duration::from_millis(2));
        for iterations in [1, 2, 5] {
            let ratio = Ratio::of(iterations, || three, || two);
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let expected = 1.5 * iterations as f64;
            assert!((ratio - expected).abs() < 1e-9, "{ratio}");
        }
    }
}
