//! A server of one summary.

use std::sync::Arc;

use crate::servers::canned;

/// The response body of the document's example.
pub const SUMMARY: &str = r#"{"total_attempts":11,"total_converted":9,"total_unconverted":2,"conversion_rate_percentage":"81.818181818","url":"https://verify.twilio.com/v2/Attempts/Summary"}"#;

/// Starts a server that responds to every request with [`SUMMARY`], and returns its URL.
///
/// # Errors
///
/// Returns an error if no port can be bound.
pub fn serve() -> std::io::Result<String> {
    let response = canned::response(SUMMARY.as_bytes());
    canned::start(|_| move |_: &str| Arc::clone(&response))
}
