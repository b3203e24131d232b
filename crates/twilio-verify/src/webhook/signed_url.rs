//! The forms of a webhook's URL that may have been signed.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that JavaScript's `encodeURIComponent` encodes.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A URL, split at its port. The signature covers the exact characters, so only the query is ever
/// decoded and encoded again.
#[derive(Debug)]
pub(super) struct SignedUrl<'a> {
    before_port: &'a str,
    /// The port, with its colon, or an empty text if the URL has no port.
    port: &'a str,
    /// The port that may have been there instead when the URL was signed.
    other_port: &'static str,
    after_port: &'a str,
    /// `after_port` with its query encoded again, if that differs.
    encoded_anew: Option<String>,
}

impl<'a> SignedUrl<'a> {
    /// Splits a URL. Returns `None` if it is not an absolute `https` or `http` URL.
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
        let encoded_anew = encoded_anew(after_port);
        Some(Self { before_port, port, other_port, after_port, encoded_anew })
    }

    /// Returns the forms in which the URL may have been signed, each in parts: with and without the
    /// port, and with the query unchanged and encoded again.
    pub(super) fn forms(&self) -> Vec<[&str; 3]> {
        let ends = [Some(self.after_port), self.encoded_anew.as_deref()];
        let ends = ends.into_iter().flatten();
        ends.flat_map(|end| [self.port, self.other_port].map(|port| [self.before_port, port, end]))
            .collect()
    }

    /// Returns the query's first parameter `bodySHA256` that has a value, as Twilio's own libraries
    /// do.
    pub(super) fn body_hash(&self) -> Option<String> {
        let path_and_query = self.after_port.split('#').next()?;
        let (_, query) = path_and_query.split_once('?')?;
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, value)| name == "bodySHA256" && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    }
}

/// Returns the path and query with the query encoded again: parameters with the same name are
/// grouped, each with its `=`.
fn encoded_anew(path_and_query: &str) -> Option<String> {
    let (path, query) = path_and_query.split_once('?')?;
    if query.contains('#') {
        return None;
    }
    let encode = |text: &str| utf8_percent_encode(text, COMPONENT).to_string();
    let mut places = HashMap::new();
    let mut groups: Vec<Vec<String>> = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let pair = format!("{}={}", encode(&name), encode(&value));
        let place = *places.entry(name).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(pair),
            None => groups.push(vec![pair]),
        }
    }
    let encoded = format!("{path}?{}", groups.concat().join("&"));
    (encoded != path_and_query).then_some(encoded)
}

fn is_port(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
}
