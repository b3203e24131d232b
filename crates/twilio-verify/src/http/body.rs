//! How the body of a response is read, and what a connection failure means.

use std::io;
use std::time::Duration;

use reqwest::Response;
use tokio::time::Instant;

use crate::error::{Error, ErrorKind};

pub(crate) const TOO_LATE: &str = "its end did not come in time";

/// Reads a body of limited size; `hint` is what to say of the limit.
pub(crate) async fn read(
    response: &mut Response,
    limit: usize,
    hint: &str,
) -> Result<Vec<u8>, Error> {
    let too_large = || {
        let reason = format!("it is larger than {limit} bytes{hint}");
        Error::new(ErrorKind::Unreadable, reason)
    };
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(too_large());
    }
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await.map_err(|error| {
            let timeout = error.is_timeout();
            let reason = if timeout {
                TOO_LATE
            } else {
                "it ends too early"
            };
            let lost = timeout || broke_off(&error);
            let new = Error::new(ErrorKind::Unreadable, reason)
                .with_lost_body(lost)
                .with_source(error.without_url());
            if timeout { new.with_timeout() } else { new }
        })?;
        let Some(chunk) = chunk else {
            return Ok(body);
        };
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
}

/// Whether a body ended before its end: not for what it is, but for what
/// became of the connection.
fn broke_off(error: &reqwest::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>()
            && matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
            )
        {
            return true;
        }
        source = error.source();
    }
    false
}

/// No answer came: was anything sent?
pub(crate) fn not_answered(error: reqwest::Error) -> Error {
    let (kind, reason) = if error.is_builder() {
        (ErrorKind::InvalidRequest, "the request can't be built")
    } else if error.is_connect() {
        (ErrorKind::NotSent, "no connection could be made")
    } else {
        (
            ErrorKind::NoAnswer,
            "the connection was lost before an answer came",
        )
    };
    let timeout = error.is_timeout();
    // The URL holds what was asked for, phone numbers included.
    let new = Error::new(kind, reason).with_source(error.without_url());
    if timeout { new.with_timeout() } else { new }
}

/// The instant after a while; a while without an end is taken for a year.
pub(crate) fn after(instant: Instant, duration: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + duration.min(YEAR)
}
