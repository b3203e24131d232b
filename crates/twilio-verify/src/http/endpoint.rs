//! Where requests go: a base URL, or Twilio's hosts by region and edge.

use std::fmt;

use url::{Host, Url};

use crate::error::Error;

/// Twilio's host, if neither a base URL nor a region nor an edge is given.
const HOST: &str = "verify.twilio.com";

/// The region that an edge without a region means.
const DEFAULT_REGION: &str = "us1";

/// The URL that Twilio serves a region at, by way of an edge.
pub(crate) fn twilio(region: Option<&str>, edge: Option<&str>) -> Result<Url, Error> {
    for (field, label) in [("region", region), ("edge", edge)] {
        if let Some(label) = label {
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if label.is_empty() || !label.chars().all(allowed) {
                let reason =
                    "expected lower-case letters, digits and dashes, such as `us1` or `dublin`";
                return Err(Error::config(field, reason));
            }
        }
    }
    let host = match (region, edge) {
        (None, None) => HOST.to_owned(),
        (Some(region), None) => format!("verify.{region}.twilio.com"),
        (region, Some(edge)) => {
            format!(
                "verify.{edge}.{}.twilio.com",
                region.unwrap_or(DEFAULT_REGION)
            )
        }
    };
    Url::parse(&format!("https://{host}"))
        .map_err(|error| Error::config("region", error).with_source(error))
}

/// A URL as a caller gave it. It may hold a password, though it must not:
/// `Debug` leaves that out.
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

/// The URL that a caller gives for a setting: `https`, or `http` to this
/// machine.
pub(crate) fn custom(setting: &str, text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).map_err(|error| {
        let reason = format!("not an absolute URL, such as https://verify.twilio.com: {error}");
        Error::config(setting, reason).with_source(error)
    })?;
    let refused = match url.scheme() {
        "https" => None,
        "http" if is_loopback(&url) => None,
        "http" => {
            Some("http would send the credentials in the clear; use https, or a loopback address")
        }
        _ => Some("the scheme must be https"),
    };
    let refused = refused.or_else(|| {
        let has_user = !url.username().is_empty() || url.password().is_some();
        has_user.then_some("it holds a user or a password, which don't belong in a URL")
    });
    let refused = refused.or_else(|| {
        let has_more = url.query().is_some() || url.fragment().is_some();
        has_more.then_some("it has a query or a fragment; leave that out")
    });
    match refused {
        Some(reason) => Err(Error::config(setting, reason)),
        None => Ok(url),
    }
}

/// Whether the URL is of this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Given, custom, twilio};

    #[test]
    fn hosts_by_region_and_edge() {
        for (region, edge, host) in [
            (None, None, "https://verify.twilio.com/"),
            (Some("ie1"), None, "https://verify.ie1.twilio.com/"),
            (
                None,
                Some("dublin"),
                "https://verify.dublin.us1.twilio.com/",
            ),
            (
                Some("ie1"),
                Some("dublin"),
                "https://verify.dublin.ie1.twilio.com/",
            ),
        ] {
            assert_eq!(twilio(region, edge).unwrap().as_str(), host);
        }
        for label in ["", "a.b", "US1", "evil.example/"] {
            let error = twilio(Some(label), None).expect_err(label);
            assert_eq!(error.field(), Some("region"));
        }
    }

    #[test]
    fn credentials_are_not_sent_in_the_clear() {
        for good in [
            "https://verify.twilio.com",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:1",
            "https://proxy.example/verify/",
        ] {
            custom("base_url", good).expect(good);
        }
        for bad in [
            "http://verify.twilio.com",
            "http://127.0.0.1.example",
            "ftp://localhost",
            "https://user:secret@verify.twilio.com",
            "https://verify.twilio.com?x=1",
            "verify.twilio.com",
            "",
        ] {
            for setting in ["base_url", "token_url"] {
                let error = custom(setting, bad).expect_err(bad);
                assert_eq!(error.field(), Some(setting), "{bad}");
                let given = Given(bad.to_owned());
                let text = format!("{error} {error:?} {given:?}");
                assert!(!text.contains("secret") && !text.contains("x=1"), "{text}");
            }
        }
    }
}
