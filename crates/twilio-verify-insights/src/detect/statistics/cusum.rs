//! Adds up small excesses.

/// What is subtracted from each excess, in standard deviations.
const SLACK: f64 = 0.5;
/// A sum above this is unusual.
pub(crate) const LIMIT: f64 = 5.0;

/// The upper cumulative sum of excesses, each in standard deviations.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cusum {
    /// The current sum.
    pub(crate) sum: f64,
    /// The index of the value since which the sum is above 0.
    pub(crate) since: usize,
}

impl Cusum {
    /// Sums values, the oldest first.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut cusum = Self::default();
        for (index, value) in values.into_iter().enumerate() {
            cusum.sum = (cusum.sum + value - SLACK).max(0.0);
            if cusum.sum == 0.0 {
                cusum.since = index + 1;
            }
        }
        cusum
    }
}

#[cfg(test)]
mod tests {
    use super::{Cusum, LIMIT};

    /// D. C. Montgomery, "Introduction to Statistical Quality Control", example 9.1: mean 10, standard
    /// deviation 1, reference value 0.5, decision interval 5. The sum exceeds it at the 29th value.
    #[test]
    fn as_published() {
        let values = [
            9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51,
            9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08,
            10.38, 11.62, 11.31, 10.52,
        ];
        let after = |count: usize| Cusum::of(values.iter().take(count).map(|value| value - 10.0));
        for (count, sum) in
            [(3, 0.0), (4, 1.16), (5, 2.82), (6, 2.50), (7, 0.04), (9, 0.0), (29, 5.28), (30, 5.30)]
        {
            assert!((after(count).sum - sum).abs() < 1e-9, "{count}: {:?}", after(count));
        }
        let first = (1..=30).find(|count| after(*count).sum > LIMIT);
        assert_eq!((first, after(29).since), (Some(29), 22));
    }
}
