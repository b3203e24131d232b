//! Classifies connection failures: whether the request was sent, why not, and whether connecting
//! again can help.

use std::error::Error as StdError;
use std::iter;

use crate::error::{Error, ErrorKind};

/// The error message of hyper-util for a proxy that rejects missing or wrong credentials.
const PROXY_CREDENTIALS: &str = "tunnel error: proxy authorization required";

/// Returns the error of a request without a response, by whether it was sent. `proxy` is the proxy
/// that the environment names for the request's host.
pub(crate) fn no_response(error: reqwest::Error, proxy: Option<&str>) -> Error {
    let mut permanent = false;
    let (kind, reason) = if error.is_builder() {
        (ErrorKind::InvalidRequest, "the request can't be built".to_owned())
    } else if error.is_connect() {
        let cause = cause(&error);
        permanent = is_permanent(&cause);
        (ErrorKind::NotSent, not_connected(&cause, proxy))
    } else if is_unprocessed(&error) {
        let reason = "the server closed the connection before it processed the request";
        (ErrorKind::NotSent, reason.to_owned())
    } else {
        let reason = "the connection was lost before there was a response";
        (ErrorKind::NoAnswer, reason.to_owned())
    };
    let timeout = error.is_timeout();
    // The URL holds private data, such as phone numbers.
    Error::new(kind, reason)
        .with(|details| {
            details.timeout = timeout;
            details.permanent = permanent;
        })
        .with_source(error.without_url())
}

/// Returns the innermost cause, from the operating system or the TLS library. The outer ones only
/// say that there was no connection.
fn cause(error: &reqwest::Error) -> String {
    let causes = iter::successors(error.source(), |error| (*error).source());
    causes.last().map(ToString::to_string).unwrap_or_default()
}

/// Whether another attempt would fail in the same way. It compares texts, because the TLS libraries
/// have no error type in common, and the proxy library exports none.
///
/// A name that can't be resolved and a refused connection are not permanent: they may come from a
/// machine without a network or a server that restarts.
fn is_permanent(cause: &str) -> bool {
    cause.to_ascii_lowercase().contains("certificate") || cause == PROXY_CREDENTIALS
}

/// Returns why there is no connection.
fn not_connected(cause: &str, proxy: Option<&str>) -> String {
    let cause = match cause {
        "" => String::new(),
        PROXY_CREDENTIALS => ": the proxy requires valid credentials (status 407)".to_owned(),
        cause => format!(": {cause}"),
    };
    format!("the connection{} failed{cause}", way(proxy))
}

/// Returns the way to the server, if it is through a proxy of the environment.
pub(super) fn way(proxy: Option<&str>) -> String {
    proxy
        .map(|proxy| format!(" by way of the proxy {proxy} of the environment"))
        .unwrap_or_default()
}

/// Whether the server says that it has not processed the request, or the request never left.
fn is_unprocessed(error: &reqwest::Error) -> bool {
    iter::successors(error.source(), |error| (*error).source()).any(|error| {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            // GOAWAY only fails streams after the last one that the server processed.
            return error.is_remote()
                && (error.is_go_away() || error.reason() == Some(h2::Reason::REFUSED_STREAM));
        }
        error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)
    })
}
