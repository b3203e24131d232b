//! Reads the body of a response.

use std::error::Error as StdError;
use std::io;
use std::iter;

use crate::error::{Error, ErrorKind};

const TOO_LATE: &str = "it did not end before the timeout";

/// Reads a body of at most `limit` bytes. `hint` is appended to the error of a larger one.
pub(crate) async fn read(
    response: &mut reqwest::Response,
    limit: usize,
    hint: &str,
) -> Result<Vec<u8>, Error> {
    let too_large = || {
        let reason = format!("it is larger than {limit} bytes{hint}");
        Error::new(ErrorKind::Unreadable, reason)
    };
    let length = response.content_length();
    if length.is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(cut_short)? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn cut_short(error: reqwest::Error) -> Error {
    if error.is_timeout() {
        return too_late().with_source(error.without_url());
    }
    let lost = is_connection_failure(&error);
    Error::new(ErrorKind::Unreadable, "it was cut short, or is not what its headers say")
        .with(|details| details.lost_body = lost)
        .with_source(error.without_url())
}

/// Returns the error of a body that didn't end before a timeout.
pub(crate) fn too_late() -> Error {
    Error::timeout(ErrorKind::Unreadable, TOO_LATE).with(|details| details.lost_body = true)
}

/// Whether the body was cut short by a connection failure.
fn is_connection_failure(error: &reqwest::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, UnexpectedEof};
    iter::successors(error.source(), |error| (*error).source()).any(|error| {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        matches!(kind, Some(UnexpectedEof | ConnectionReset | ConnectionAborted))
    })
}
