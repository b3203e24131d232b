//! The hosts that an emulator accepts.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// Twilio's own host, for clients whose requests are redirected from there.
pub(crate) const TWILIO: &str = "verify.twilio.com";

/// The accepted hosts of requests, and of the web pages that may send them.
///
/// The owner of a web page can make a name resolve to loopback, and reach an emulator through it (DNS rebinding).
/// Therefore only known names are accepted.
pub(crate) struct Hosts {
    accepted: Vec<Host>,
    /// Whether every IP address is accepted: other machines use an address of this machine. An address cannot be
    /// rebound.
    addresses: bool,
}

impl Hosts {
    pub(crate) fn new(accepted: Vec<Host>, addresses: bool) -> Self {
        Self { accepted, addresses }
    }

    /// Whether a request to this host is served.
    pub(crate) fn accepts(&self, host: &Host) -> bool {
        let own = match host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => self.addresses || IpAddr::from(*address).is_loopback(),
            Host::Ipv6(address) => self.addresses || IpAddr::from(*address).is_loopback(),
        };
        own || self.accepted.contains(host)
    }

    /// Whether a web page of this origin may send requests.
    pub(crate) fn accepts_origin(&self, origin: &[u8]) -> bool {
        let origin = std::str::from_utf8(origin).ok().and_then(|origin| Url::parse(origin).ok());
        let origin = origin.filter(|origin| matches!(origin.scheme(), "http" | "https"));
        // Parsed again, because the host of a URL is borrowed.
        let host = origin.and_then(|origin| Host::parse(origin.host_str()?).ok());
        host.is_some_and(|host| self.accepts(&host))
    }
}

/// Reads a host without a port: a name, an IPv4 address, or an IPv6 address with or without brackets.
pub(crate) fn host(text: &str) -> Option<Host> {
    match text.parse() {
        Ok(IpAddr::V4(address)) => Some(Host::Ipv4(address)),
        Ok(IpAddr::V6(address)) => Some(Host::Ipv6(address)),
        Err(_) => Host::parse(text).ok(),
    }
}

/// A host with an optional port, as in a `Host` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    pub(crate) host: Host,
    port: Option<u16>,
}

impl Authority {
    /// Reads a `Host` header, or the authority of a request's target.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let authority = http::uri::Authority::try_from(text).ok()?;
        let rest = authority.as_str().strip_prefix(authority.host())?;
        let port = match rest {
            // Rejects a user, which comes before the host.
            "" | ":" => None,
            _ => Some(authority.port_u16()?),
        };
        Some(Self { host: Host::parse(authority.host()).ok()?, port })
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.host.fmt(f)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(addresses: bool) -> Hosts {
        Hosts::new(
            [TWILIO, "emulator", "192.0.2.1", "2001:db8::1"].map(|name| host(name).unwrap()).into(),
            addresses,
        )
    }

    fn accepts(hosts: &Hosts, authority: &str) -> bool {
        let authority = Authority::parse(authority.as_bytes());
        authority.is_some_and(|authority| hosts.accepts(&authority.host))
    }

    #[test]
    fn loopback_and_what_is_configured_are_accepted() {
        for authority in [
            "localhost",
            "LOCALHOST:8080",
            "localhost:",
            "verify.localhost:80",
            "127.0.0.1:1",
            "127.8.8.8",
            "[::1]:8080",
            "verify.twilio.com",
            "Verify.Twilio.com:443",
            "emulator:8080",
            "192.0.2.1",
            "[2001:DB8::1]",
        ] {
            assert!(accepts(&hosts(false), authority), "{authority}");
        }
        assert!(accepts(&hosts(true), "10.0.0.1:8080"));
        assert!(accepts(&hosts(true), "[fe80::1]:8080"));
    }

    #[test]
    fn other_hosts_and_what_is_no_host_are_not() {
        for authority in [
            "",
            " ",
            ":8080",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "xlocalhost",
            "localhost#.example.com",
            "localhost/.example.com",
            "localhost?.example.com",
            "localhost\\.example.com",
            "localhost@example.com",
            "user@localhost",
            "localhost:80@example.com",
            "localhost,example.com",
            "localhost example.com",
            "localhost:80:80",
            "localhost:x",
            "localhost:65536",
            "localhost\0",
            "::1",
            "[::1",
            "[::1].example.com",
            "http://localhost",
            "l\u{f6}calhost",
        ] {
            assert!(!accepts(&hosts(true), authority), "{authority:?}");
        }
        for authority in ["10.0.0.1", "0.0.0.0", "[::]", "[::ffff:10.0.0.1]", "192.0.2.2"] {
            assert!(!accepts(&hosts(false), authority), "{authority}");
        }
    }

    #[test]
    fn origins_are_those_of_web_pages_on_accepted_hosts() {
        let hosts = hosts(false);
        for origin in
            ["http://localhost", "http://127.0.0.1:3000", "https://[::1]:1", "http://emulator:80"]
        {
            assert!(hosts.accepts_origin(origin.as_bytes()), "{origin}");
        }
        for origin in [
            "",
            "null",
            "localhost",
            "https://example.com",
            "http://localhost.example.com",
            "http://localhost:80@example.com",
            "chrome-extension://localhost",
            "file://localhost",
            "http://localhost http://example.com",
        ] {
            assert!(!hosts.accepts_origin(origin.as_bytes()), "{origin}");
        }
        assert!(!hosts.accepts_origin(b"http://localhost\xff"));
    }

    #[test]
    fn an_authority_is_written_for_a_url() {
        for (text, written) in [
            ("LocalHost:8080", "localhost:8080"),
            ("127.0.0.1", "127.0.0.1"),
            ("[0:0::1]:80", "[::1]:80"),
            ("localhost:", "localhost"),
        ] {
            assert_eq!(Authority::parse(text.as_bytes()).unwrap().to_string(), written);
        }
    }
}
