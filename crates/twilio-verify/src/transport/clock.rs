//! Compares the server's clock with this machine's.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;
use http::HeaderMap;
use http::header::DATE;

/// The precision of a date in a header.
const SECOND: Duration = Duration::from_secs(1);

/// The value before any response.
const NONE: i64 = i64::MIN;

/// How far the server's clock is ahead of this machine's, in milliseconds, by the last response.
#[derive(Debug)]
pub(crate) struct ServerClock(AtomicI64);

impl ServerClock {
    pub(crate) const fn new() -> Self {
        Self(AtomicI64::new(NONE))
    }

    /// Reads the header `Date` of the response to a request, with the instants at which the request
    /// was sent and the response received.
    pub(crate) fn observe(&self, headers: &HeaderMap, sent: SystemTime, received: SystemTime) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
        if let Some(ahead) = date.and_then(|date| ahead(date, sent, received)) {
            self.0.store(ahead, Ordering::Relaxed);
        }
    }

    pub(crate) fn difference(&self) -> Option<TimeDelta> {
        match self.0.load(Ordering::Relaxed) {
            NONE => None,
            milliseconds => TimeDelta::try_milliseconds(milliseconds),
        }
    }
}

/// Returns the difference that is certain: the server wrote the date between the two instants.
fn ahead(date: SystemTime, sent: SystemTime, received: SystemTime) -> Option<i64> {
    let milliseconds = |duration: Duration| i64::try_from(duration.as_millis()).ok();
    if let Ok(ahead) = date.duration_since(received) {
        return milliseconds(ahead);
    }
    match sent.duration_since(date + SECOND) {
        Ok(behind) => Some(-milliseconds(behind)?),
        Err(_) => Some(0),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use chrono::TimeDelta;
    use http::HeaderMap;
    use http::header::DATE;

    use super::ServerClock;

    fn at(millisecond: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_000 + millisecond)
    }

    fn observe(clock: &ServerClock, date: &str) {
        let headers = HeaderMap::from_iter([(DATE, date.parse().unwrap())]);
        clock.observe(&headers, at(500), at(2_500));
    }

    #[test]
    fn only_what_is_certain_is_a_difference() {
        let clock = ServerClock::new();
        assert_eq!(clock.difference(), None);
        for date in ["soon", "Tue, 14 Nov 2023"] {
            observe(&clock, date);
            assert_eq!(clock.difference(), None);
        }
        // 1,700,000,000 is 22:13:20. The response took 2 seconds.
        for (time, difference) in [
            ("22:13:20", 0),
            ("22:13:21", 0),
            ("22:13:22", 0),
            ("22:13:24", 1_500),
            ("22:13:18", -1_500),
            ("23:13:22", 3_599_500),
        ] {
            observe(&clock, &format!("Tue, 14 Nov 2023 {time} GMT"));
            assert_eq!(clock.difference(), Some(TimeDelta::milliseconds(difference)), "{time}");
        }
        observe(&clock, "soon");
        assert_eq!(clock.difference(), Some(TimeDelta::milliseconds(3_599_500)));
    }
}
