//! The response times of requests.

use std::fmt;
use std::time::Duration;

/// The response times of many requests.
#[derive(Clone, Debug)]
pub struct Times {
    /// The time of each response, shortest first.
    times: Vec<Duration>,
    /// The time from the first request to the last response.
    elapsed: Duration,
}

impl Times {
    /// Creates the times of requests that took `elapsed` in total.
    #[must_use]
    pub fn new(mut times: Vec<Duration>, elapsed: Duration) -> Self {
        times.sort_unstable();
        Self { times, elapsed }
    }

    /// Returns how many responses there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// Returns the time within which `share` of a thousand responses came.
    #[must_use]
    pub fn per_mille(&self, share: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        let index = (self.times.len() * share).div_ceil(1000).saturating_sub(1);
        self.times.get(index.min(last)).copied().unwrap_or_default()
    }

    /// Returns the responses per second.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of responses")]
    pub fn rate(&self) -> f64 {
        self.times.len() as f64 / self.elapsed.as_secs_f64()
    }
}

impl fmt::Display for Times {
    /// Writes the cells of a table row: responses per second, median, 99th centile, longest.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |share| self.per_mille(share).as_secs_f64() * 1e3;
        let (median, most, all) = (milliseconds(500), milliseconds(990), milliseconds(1000));
        write!(f, "{:.0} | {median:.2} | {most:.2} | {all:.2}", self.rate())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Times;

    #[test]
    fn a_share_of_the_responses_is_cut_off_where_it_ends() {
        let times = (1..=200).rev().map(Duration::from_millis).collect();
        let times = Times::new(times, Duration::from_secs(2));
        for (share, milliseconds) in [(0, 1), (500, 100), (990, 198), (1000, 200)] {
            assert_eq!(times.per_mille(share), Duration::from_millis(milliseconds));
        }
        assert_eq!(times.to_string(), "100 | 100.00 | 198.00 | 200.00");
    }
}
