//! The URL of a webhook, as it may have been signed.

/// A URL, split at its port. Nothing is changed or decoded, because the signature covers the exact
/// characters.
#[derive(Debug)]
pub(super) struct SignedUrl<'a> {
    before_port: &'a str,
    /// The port with its colon; empty without one.
    port: &'a str,
    /// What may have been in the port's place when the URL was signed.
    other_port: &'static str,
    after_port: &'a str,
}

impl<'a> SignedUrl<'a> {
    /// `None` if the URL is not an absolute `https` or `http` URL.
    pub(super) fn parse(url: &'a str) -> Option<Self> {
        let scheme_end = url.find("://")?;
        let scheme = &url[..scheme_end];
        let default_port = if scheme.eq_ignore_ascii_case("https") {
            ":443"
        } else if scheme.eq_ignore_ascii_case("http") {
            ":80"
        } else {
            return None;
        };

        let authority_start = scheme_end + "://".len();
        let authority_end = url[authority_start..]
            .find(['/', '?', '#'])
            .map_or(url.len(), |length| authority_start + length);
        let authority = &url[authority_start..authority_end];
        // A password may contain colons, and an IPv6 address does.
        let host_start = authority.rfind('@').map_or(0, |at| at + 1);
        let host = &authority[host_start..];
        let host_length = if host.starts_with('[') {
            host.find(']')? + 1
        } else {
            host.find(':').unwrap_or(host.len())
        };
        if host_length == 0 {
            return None;
        }

        let (before_port, rest) = url.split_at(authority_start + host_start + host_length);
        let (port, after_port) = rest.split_at(host.len() - host_length);
        let other_port = match port.strip_prefix(':') {
            Some("") => default_port,
            None if port.is_empty() => default_port,
            Some(digits) if is_port(digits) => "",
            _ => return None,
        };
        Some(Self { before_port, port, other_port, after_port })
    }

    /// The two forms in which the URL may have been signed, with and without the port, each in
    /// parts.
    pub(super) fn forms(&self) -> [[&str; 3]; 2] {
        [self.port, self.other_port].map(|port| [self.before_port, port, self.after_port])
    }

    /// The query's first parameter `bodySHA256` that has a value, as Twilio's own libraries read
    /// it.
    pub(super) fn body_hash(&self) -> Option<String> {
        let path_and_query = self.after_port.split('#').next()?;
        let (_, query) = path_and_query.split_once('?')?;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, value)| name == "bodySHA256" && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    }
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}
