//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

/// Returns how long the server asks to wait, at most a day: a number of seconds, or the time until
/// a date. Returns `None` without a valid value.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        // A number that is out of range means a long wait.
        Err(_) if is_number => DAY,
        Err(_) => {
            let date = httpdate::parse_http_date(text).ok()?;
            date.duration_since(now).unwrap_or_default()
        }
    };
    Some(wait.min(DAY))
}
