//! The delays of retries.

use super::{Retry, RetryPolicy};
use crate::error::{Error, ErrorKind};

#[test]
fn delays_double_are_random_and_are_the_same_for_a_seed() {
    let policy = RetryPolicy::default().max_attempts(9).seed(7);
    let delays = |policy: &RetryPolicy| {
        let retry = Retry::new(policy.clone());
        let mut delays = retry.delays();
        let error = Error::new(ErrorKind::NotSent, "").with(|details| details.retryable = true);
        std::iter::from_fn(|| delays.after(&error)).collect::<Vec<_>>()
    };
    let first = delays(&policy);
    assert_eq!(first.len(), 8);
    assert_eq!(first, delays(&policy));
    assert_ne!(first, delays(&policy.clone().seed(8)));
    let bounds = [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0];
    for (delay, bound) in first.iter().zip(bounds) {
        assert!(delay.as_secs_f64() <= bound, "{delay:?} exceeds {bound}");
    }
    assert!(delays(&RetryPolicy::never()).is_empty());
}
