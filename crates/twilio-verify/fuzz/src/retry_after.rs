use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use twilio_verify::fuzzing::refused;

/// A day. The server can't have meant more, and it must be possible to add it to
/// any instant.
const BOUND: Duration = Duration::from_secs(24 * 60 * 60);

/// The value of `Retry-After`: the wait is bounded, and that of a number is
/// the number.
pub fn retry_after(data: &[u8]) -> bool {
    let Ok(value) = HeaderValue::from_bytes(data) else {
        return false;
    };
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", value.clone());
    let Some(wait) = refused(&headers, 429, b"").retry_after() else {
        return false;
    };
    assert!(wait <= BOUND, "{value:?} is a wait of {wait:?}");
    let seconds = value
        .to_str()
        .ok()
        .and_then(|text| text.trim().parse().ok());
    if let Some(seconds) = seconds {
        assert_eq!(wait, Duration::from_secs(seconds).min(BOUND), "{value:?}");
    }
    true
}
