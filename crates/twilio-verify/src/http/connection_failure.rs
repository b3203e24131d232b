//! Classifies connection failures: whether the request was sent, why not, and whether it is of use to
//! connect again.

use std::error::Error as StdError;
use std::iter;

use crate::error::{Error, ErrorKind};

/// What hyper-util calls a proxy's rejection of missing or wrong credentials.
const PROXY_CREDENTIALS: &str = "tunnel error: proxy authorization required";

/// The error of a request without a response, by whether it was sent. `proxy` is the one that the
/// environment names for the request's host.
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

/// The innermost cause: that of the operating system or of the TLS library. Those around it only
/// say that there was no connection.
fn cause(error: &reqwest::Error) -> String {
    let causes = iter::successors(error.source(), |error| (*error).source());
    causes.last().map(ToString::to_string).unwrap_or_default()
}

/// Whether another attempt would fail in the same way. The libraries for TLS have no type in common,
/// and the one for proxies exports none.
///
/// A name that can't be resolved and a connection that is refused are not permanent: a machine
/// without a network and a server that restarts look the same.
fn is_permanent(cause: &str) -> bool {
    cause.to_ascii_lowercase().contains("certificate") || cause == PROXY_CREDENTIALS
}

/// Why there is no connection.
fn not_connected(cause: &str, proxy: Option<&str>) -> String {
    let cause = match cause {
        "" => String::new(),
        PROXY_CREDENTIALS => ": the proxy requires valid credentials (status 407)".to_owned(),
        cause => format!(": {cause}"),
    };
    format!("the connection{} failed{cause}", way(proxy))
}

/// The way to the server, if it is by a proxy of the environment.
pub(super) fn way(proxy: Option<&str>) -> String {
    proxy
        .map(|proxy| format!(" by way of the proxy {proxy} of the environment"))
        .unwrap_or_default()
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
