//! What the crate calls itself in its requests.

use http::HeaderValue;

use crate::error::Error;

/// The value of the `User-Agent` header, with the application's own name and
/// version at its end, if it gives them.
pub(crate) fn user_agent(application: Option<&str>) -> Result<HeaderValue, Error> {
    let mut text = format!(
        "twilio-verify/{} ({} {}) rust/{}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        env!("TWILIO_VERIFY_RUSTC"),
    );
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
