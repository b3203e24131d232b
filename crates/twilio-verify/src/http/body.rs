//! Reads the body of a response, and classifies connection failures.

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

/// The error of a body that didn't end before a timeout.
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

/// Whether the server says that it has not processed the request, or the request never left.
fn is_unprocessed(error: &reqwest::Error) -> bool {
    iter::successors(error.source(), |error| (*error).source()).any(|error| {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            // A stream that GOAWAY fails is beyond the last one that the server looked at.
            return error.is_remote()
                && (error.is_go_away() || error.reason() == Some(h2::Reason::REFUSED_STREAM));
        }
        error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)
    })
}

/// The error of a request without a response, by whether it was sent.
pub(crate) fn no_response(error: reqwest::Error) -> Error {
    let (kind, reason) = if error.is_builder() {
        (ErrorKind::InvalidRequest, "the request can't be built")
    } else if error.is_connect() {
        (ErrorKind::NotSent, "the connection failed")
    } else if is_unprocessed(&error) {
        (ErrorKind::NotSent, "the server closed the connection before it processed the request")
    } else {
        let reason = "the connection was lost before there was a response";
        (ErrorKind::NoAnswer, reason)
    };
    let timeout = error.is_timeout();
    // The URL holds private data, such as phone numbers.
    Error::new(kind, reason)
        .with(|details| details.timeout = timeout)
        .with_source(error.without_url())
}
