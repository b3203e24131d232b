//! The URL of a webhook, as it may have been signed.

/// A URL, cut where its port stands. Nothing of it is changed or decoded: a
/// signature is one of the very characters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SignedUrl<'a> {
    /// All that stands before the port.
    before: &'a str,
    /// The port as it was given, with its colon; empty if none was.
    port: &'a str,
    /// What may have stood in the port's place when the URL was signed.
    other_port: &'static str,
    /// All that stands after the port.
    after: &'a str,
}

impl<'a> SignedUrl<'a> {
    /// `None` if the URL is not an absolute one of `https` or `http`.
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
        // A password may hold colons, an IPv6 address does.
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

        let (before, rest) = url.split_at(authority_start + host_start + host_length);
        let (port, after) = rest.split_at(host.len() - host_length);
        let other_port = match port.strip_prefix(':') {
            None if port.is_empty() => default_port,
            Some("") => default_port,
            Some(digits) if is_port(digits) => "",
            _ => return None,
        };
        Some(Self {
            before,
            port,
            other_port,
            after,
        })
    }

    /// The two ways in which the URL may have been signed, each in parts:
    /// with its port and without.
    pub(super) fn ways(&self) -> [[&str; 3]; 2] {
        [self.port, self.other_port].map(|port| [self.before, port, self.after])
    }

    /// The query's first parameter `bodySHA256` that has a value, as Twilio's
    /// own libraries read it.
    pub(super) fn body_hash(&self) -> Option<String> {
        let path_and_query = self.after.split('#').next()?;
        let (_, query) = path_and_query.split_once('?')?;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, value)| name == "bodySHA256" && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    }
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::SignedUrl;

    #[test]
    fn the_port_is_added_or_removed_and_nothing_else_changed() {
        for (given, other) in [
            ("https://a.example/x?y=1", "https://a.example:443/x?y=1"),
            ("https://a.example:443/x", "https://a.example/x"),
            ("http://a.example", "http://a.example:80"),
            ("http://a.example:80?y=:1", "http://a.example?y=:1"),
            ("https://a.example:8443/", "https://a.example/"),
            ("https://a.example:/", "https://a.example:443/"),
            ("HTTPS://A.example/%7e#f", "HTTPS://A.example:443/%7e#f"),
            ("https://[2001:db8::1]/x", "https://[2001:db8::1]:443/x"),
            ("https://[2001:db8::1]:443/x", "https://[2001:db8::1]/x"),
            ("https://u:p:q@a.example/x", "https://u:p:q@a.example:443/x"),
            ("https://u:p@a.example:443/@", "https://u:p@a.example/@"),
            ("https://bücher.example/ä", "https://bücher.example:443/ä"),
        ] {
            let ways = SignedUrl::parse(given).expect(given);
            let ways = ways.ways().map(|way| way.concat());
            assert_eq!(ways, [given, other], "{given}");
        }
    }

    #[test]
    fn what_is_not_absolute_is_refused() {
        for url in [
            "",
            "/verify",
            "a.example/verify",
            "//a.example/verify",
            "https:/a.example",
            "ftp://a.example",
            "https://",
            "https:///verify",
            "https://:443/",
            "https://user@/",
            "https://[2001:db8::1/x",
            "https://[2001:db8::1]x/",
            "https://a.example:port/",
            "https://a.example:+80/",
            "https://a.example:65536/",
            "https://2001:db8::1/",
        ] {
            assert_eq!(SignedUrl::parse(url), None, "{url}");
        }
    }

    #[test]
    fn the_hash_is_a_parameter_of_the_query() {
        for (url, hash) in [
            ("https://a.example/?bodySHA256=ab", Some("ab")),
            (
                "https://a.example/?x=y&bodySHA256=ab&bodySHA256=cd",
                Some("ab"),
            ),
            ("https://a.example/?bodySHA256=&bodySHA256=cd", Some("cd")),
            ("https://a.example/?bodySHA256=", None),
            ("https://a.example/?bodysha256=ab", None),
            ("https://a.example/bodySHA256=ab", None),
            ("https://a.example/#?bodySHA256=ab", None),
        ] {
            let read = SignedUrl::parse(url).expect(url).body_hash();
            assert_eq!(read.as_deref(), hash, "{url}");
        }
    }
}
