//! The `User-Agent` header.

use std::env::consts::{ARCH, OS};

use http::HeaderValue;

use crate::error::Error;

/// Returns the value of the header, with the application's own name and version at its end.
pub(crate) fn user_agent(application: Option<&str>) -> Result<HeaderValue, Error> {
    let version = env!("CARGO_PKG_VERSION");
    let rust = env!("CARGO_PKG_RUST_VERSION");
    let mut text = format!("twilio-verify/{version} ({OS} {ARCH}) rust/{rust}");
    if let Some(application) = application {
        text.push(' ');
        text.push_str(application);
    }
    HeaderValue::try_from(text).map_err(|error| {
        let reason = "it holds a character that a header can't; expected a name and a version, \
                      such as shop/1.2";
        Error::config("application", reason).with_source(error)
    })
}
