//! Computes the probability of a count as high, or as low, as the observed one.

use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::checked_gamma_lr;

/// Up to this dispersion, the Poisson distribution is used instead of the negative binomial one.
const NEARLY_POISSON: f64 = 1.0 + 1e-6;

/// Returns the probability of `count` or more by a negative binomial distribution with this mean,
/// whose variance is `dispersion` times the mean. Returns 1 if the arguments are invalid.
pub(crate) fn at_least(count: f64, mean: f64, dispersion: f64) -> f64 {
    let is_known = count.is_finite() && mean.is_finite() && dispersion.is_finite();
    if !is_known || count <= 0.0 || mean < 0.0 {
        return 1.0;
    }
    if mean == 0.0 {
        return 0.0;
    }
    let chance = if dispersion <= NEARLY_POISSON {
        checked_gamma_lr(count, mean).ok()
    } else {
        let size = mean / (dispersion - 1.0);
        checked_beta_reg(count, size, 1.0 - 1.0 / dispersion).ok()
    };
    chance.filter(|chance| chance.is_finite()).map_or(1.0, |chance| chance.clamp(0.0, 1.0))
}

/// Returns the probability of `count` successes or fewer in `of` trials that succeed at `rate`, by the
/// binomial distribution, interpolated between whole numbers. Returns 1 if the arguments are invalid.
pub(crate) fn at_most(count: f64, of: f64, rate: f64) -> f64 {
    let is_known = count.is_finite() && of.is_finite() && rate.is_finite();
    if !is_known || count >= of || rate <= 0.0 {
        return 1.0;
    }
    if rate >= 1.0 {
        return 0.0;
    }
    let chance = checked_beta_reg(of - count.max(0.0), count.max(0.0) + 1.0, 1.0 - rate).ok();
    chance.filter(|chance| chance.is_finite()).map_or(1.0, |chance| chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::{at_least, at_most};

    fn is_near(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 1e-9_f64.max(expected.abs() * 1e-6)
    }

    /// With size 1 it is the geometric distribution, and with size 2 and 3 it has short sums.
    #[test]
    fn the_tail_of_the_negative_binomial_distribution() {
        for (count, mean, dispersion, expected) in [
            // Size 1, p = 1/2: 2^-count.
            (3.0, 1.0, 2.0, 0.125),
            (20.0, 1.0, 2.0, 2.0_f64.powi(-20)),
            // Size 3, p = 1/2: the chance of 0, 1 and 2 is 1/8 + 3/16 + 6/32.
            (3.0, 3.0, 2.0, 0.5),
            // Size 2, p = 1/4: 1 - 1/16 - 2 * 3/64.
            (2.0, 6.0, 4.0, 1.0 - 0.0625 - 0.09375),
            // Poisson: 1 - 4 e^-3, and 1 - 8.5 e^-3.
            (2.0, 3.0, 1.0, 1.0 - 4.0 * (-3.0_f64).exp()),
            (3.0, 3.0, 1.0, 1.0 - 8.5 * (-3.0_f64).exp()),
            (0.0, 3.0, 1.0, 1.0),
            (1.0, 0.0, 1.0, 0.0),
        ] {
            let found = at_least(count, mean, dispersion);
            assert!(is_near(found, expected), "{count} of {mean}, {dispersion}: {found}");
        }
    }

    #[test]
    fn the_tail_of_the_binomial_distribution() {
        for (count, of, rate, expected) in [
            (0.0, 10.0, 0.5, 1.0 / 1024.0),
            (1.0, 10.0, 0.5, 11.0 / 1024.0),
            (2.0, 4.0, 0.25, 1.0 - 4.0 * 0.75 / 64.0 - 1.0 / 256.0),
            (4.0, 4.0, 0.25, 1.0),
            (0.0, 0.0, 0.25, 1.0),
            (3.0, 9.0, 1.0, 0.0),
            (3.0, 9.0, 0.0, 1.0),
        ] {
            let found = at_most(count, of, rate);
            assert!(is_near(found, expected), "{count} of {of} at {rate}: {found}");
        }
    }

    #[test]
    fn odd_values_have_a_chance_of_one() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(at_least(odd, 1.0, 2.0), 1.0);
            assert_eq!(at_least(1.0, odd, 2.0), 1.0);
            assert_eq!(at_least(1.0, 1.0, odd), 1.0);
            assert_eq!(at_most(odd, 2.0, 0.5), 1.0);
            assert_eq!(at_most(1.0, odd, 0.5), 1.0);
        }
        assert!((0.0..=1.0).contains(&at_least(1e15, 1e15, 1e3)));
        assert!((0.0..=1.0).contains(&at_most(1e15, 2e15, 0.4)));
    }
}
