//! Limits the false discoveries of many tests.

/// Returns the p-value up to which tests are rejected so that the expected share of false rejections
/// is `share`, by Benjamini and Hochberg. `tests` is the number of all tests; those that are not in
/// `p_values` have greater p-values. Returns `None` if no test is rejected.
pub(crate) fn threshold(p_values: &mut [f64], tests: usize, share: f64) -> Option<f64> {
    p_values.sort_by(f64::total_cmp);
    let tests = tests.max(p_values.len()).max(1) as f64;
    let ranked = p_values.iter().enumerate().rev();
    let mut rejected = ranked.filter(|(index, p)| **p <= share * (index + 1) as f64 / tests);
    rejected.next().map(|(_, p)| *p)
}

#[cfg(test)]
mod tests {
    use super::threshold;

    /// The example of Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of
    /// the Royal Statistical Society B 57 (1995): at 0.05, four of fifteen are rejected.
    #[test]
    fn as_published() {
        let published = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        for (share, expected) in
            [(0.05, Some(0.0095)), (0.01, Some(0.0019)), (1e-9, None), (1.0, Some(1.0))]
        {
            let mut p_values = published;
            p_values.reverse();
            assert_eq!(threshold(&mut p_values, 15, share), expected, "{share}");
        }
        // More tests were made, with greater p-values.
        assert_eq!(threshold(&mut published.clone(), 500, 0.05), Some(0.0001));
        assert_eq!(threshold(&mut [], 0, 0.05), None);
        // A p-value of 0 is rejected.
        assert_eq!(threshold(&mut [0.0, 0.5], 2, 0.01), Some(0.0));
    }
}
