//! The default HTTP client.

use std::time::Duration;

use url::Url;

use super::endpoint::is_loopback;
use crate::error::Error;

/// The HTTP client for requests to that URL, where the program doesn't bring its own.
pub(crate) fn http_client(url: &Url, connect_timeout: Duration) -> Result<reqwest::Client, Error> {
    check_provider()?;
    let mut builder = reqwest::Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never());
    if is_loopback(url) {
        // A proxy would be sent the credentials in plain text.
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| Error::config("http_client", "it can't be built").with_source(error))
}

/// Checks that rustls has a crypto provider: without one, reqwest panics.
fn check_provider() -> Result<(), Error> {
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let reason = "rustls has no crypto provider; with the feature `rustls-no-provider`, the \
                      program installs one with `CryptoProvider::install_default`";
        return Err(Error::config("http_client", reason));
    }
    Ok(())
}
