//! The HTTP client that is used unless a program brings its own.

use std::time::Duration;

use url::Url;

use super::endpoint::is_loopback;
use crate::error::Error;

/// The default HTTP client.
pub(crate) fn http_client(
    base_url: &Url,
    connect_timeout: Duration,
) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never());
    if is_loopback(base_url) {
        // What is on this machine is not reached through a proxy, which would
        // be sent the credentials in the clear.
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| {
        Error::config("http_client", "the HTTP client can't be built").with_source(error)
    })
}
