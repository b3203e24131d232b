use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue};

/// A day: the longest wait.
const BOUND: Duration = Duration::from_secs(24 * 60 * 60);

/// When the response is received: `Tue, 14 Nov 2023 22:13:20 GMT`.
const NOW: Duration = Duration::from_secs(1_700_000_000);

/// The value of `Retry-After`: the wait is bounded, and it is the number, or ends
/// at the date.
pub fn retry_after(data: &[u8]) -> bool {
    let Ok(value) = HeaderValue::from_bytes(data) else {
        return false;
    };
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", value.clone());
    let now = SystemTime::UNIX_EPOCH + NOW;
    let Some(wait) = twilio_verify::fuzzing::retry_after(&headers, now) else {
        return false;
    };
    assert!(wait <= BOUND, "{value:?} is a wait of {wait:?}");
    let text = value.to_str().unwrap_or_default();
    if let Ok(seconds) = text.trim().parse() {
        let expected = Duration::from_secs(seconds).min(BOUND);
        assert_eq!(wait, expected, "{value:?}");
    }
    if let Ok(date) = httpdate::parse_http_date(text.trim()) {
        let expected = date.duration_since(now).unwrap_or_default().min(BOUND);
        assert_eq!(wait, expected, "{value:?}");
    }
    // If the response is received later, the wait until a date is not longer.
    let later = twilio_verify::fuzzing::retry_after(&headers, now + BOUND);
    assert!(later.is_some_and(|later| later <= wait), "{value:?}");
    true
}
