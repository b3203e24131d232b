//! Determines where requests go: to a base URL, or to Twilio's hosts by region and edge.

use std::fmt;

use url::{Host, Url};

use crate::error::Error;

/// The region of a client that sets an edge but no region.
const DEFAULT_REGION: &str = "us1";

/// Returns the base URL of a region, through an edge.
pub(crate) fn twilio(region: Option<&str>, edge: Option<&str>) -> Result<Url, Error> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    for (field, label) in [("region", region), ("edge", edge)] {
        if label.is_some_and(|label| label.is_empty() || !label.chars().all(allowed)) {
            let reason =
                "expected lower-case letters, digits and dashes, such as `us1` or `dublin`";
            return Err(Error::config(field, reason));
        }
    }
    let host = match (region, edge) {
        (None, None) => "verify.twilio.com".to_owned(),
        (Some(region), None) => format!("verify.{region}.twilio.com"),
        (region, Some(edge)) => {
            let region = region.unwrap_or(DEFAULT_REGION);
            format!("verify.{edge}.{region}.twilio.com")
        }
    };
    Url::parse(&format!("https://{host}"))
        .map_err(|error| Error::config("region", error).with_source(error))
}

/// A URL that the caller passed. `Debug` leaves out a password or a query, neither of which it
/// should have.
#[derive(Clone)]
pub(crate) struct Given(pub(crate) String);

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = Url::parse(&self.0).ok().and_then(|mut url| {
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            url.set_query(None);
            url.set_fragment(None);
            Some(url)
        });
        match shown {
            Some(url) => write!(f, "{:?}", url.as_str()),
            None => f.write_str("[not a URL]"),
        }
    }
}

/// Parses the URL of a setting: `https`, or `http` to a loopback address.
pub(crate) fn custom(setting: &str, text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).map_err(|error| {
        let reason = format!("not an absolute URL, such as https://verify.twilio.com: {error}");
        Error::config(setting, reason).with_source(error)
    })?;
    let fault = if url.scheme() == "http" && !is_loopback(&url) {
        "http would send the credentials in plain text; use https, or a loopback address"
    } else if !matches!(url.scheme(), "https" | "http") {
        "the scheme must be https"
    } else if !url.username().is_empty() || url.password().is_some() {
        "it holds a user or a password; leave them out"
    } else if url.query().is_some() || url.fragment().is_some() {
        "it has a query or a fragment; leave it out"
    } else {
        return Ok(url);
    };
    Err(Error::config(setting, fault))
}

/// Whether the URL's host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
