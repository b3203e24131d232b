use http::HeaderMap;
use serde_json::json;
use twilio_verify::fuzzing::refused;

use super::line;
use super::private::describe;

/// The first line is the status, all else the body: an error tells Twilio's
/// code, and nothing else of the body.
pub fn error_bodies(data: &[u8]) -> bool {
    let (status, body) = line(data);
    let Ok(status @ 300..=599) = status.parse() else {
        return false;
    };
    let headers = HeaderMap::new();
    let error = refused(&headers, status, body);
    // The error of a body that has the code alone.
    let bare = match error.code() {
        Some(code) => json!({ "code": code }).to_string(),
        None => String::new(),
    };
    let bare = refused(&headers, status, bare.as_bytes());
    assert_eq!(describe(&error), describe(&bare));
    assert_eq!(error.is_auth(), bare.is_auth());
    assert_eq!(error.retry_after(), None);
    true
}
