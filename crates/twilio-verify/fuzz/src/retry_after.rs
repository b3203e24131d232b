use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderValue};

/// A day. The server can't have meant more, and no limit may be paused until
/// the end of time.
const BOUND: Duration = Duration::from_secs(24 * 60 * 60);

/// When the answer comes.
const NOW: Duration = Duration::from_secs(1_700_000_000);

/// The value of `Retry-After`: the wait is bounded, and that of a number is
/// the number.
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
    // Who is answered later waits no longer, if it is for a date.
    let later = twilio_verify::fuzzing::retry_after(&headers, now + BOUND);
    assert!(later.is_some_and(|later| later <= wait), "{value:?}");
    true
}
