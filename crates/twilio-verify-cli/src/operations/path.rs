//! Fills in the path of an operation.

use super::operation::{Operation, Parameter, Place};

/// Returns the parameter at the end of an operation's path, which names the
/// resource, if there is one.
pub(crate) fn named_by(operation: &Operation) -> Option<&Parameter> {
    let name = operation.path.rsplit('/').next()?;
    let name = name.strip_prefix('{')?.strip_suffix('}')?;
    operation
        .parameters
        .iter()
        .find(|parameter| parameter.place == Place::Path && parameter.name == name)
}

/// Fills in the parameters of a path, percent-encoded.
pub(crate) fn fill(path: &str, parts: &[(&str, String)]) -> String {
    let segments = path.split('/').map(|segment| {
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let part = name.and_then(|name| parts.iter().find(|(own, _)| *own == name));
        match part {
            Some((_, value)) => encoded(value),
            None => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Percent-encodes a text as a segment of a path.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(byte.into()),
            _ if b"-._~!$&'()*+,;=:@".contains(&byte) => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_value_stays_within_its_segment() {
        let parts = [("Sid", "a/../b?c#d%".to_owned()), ("Number", "+57".to_owned())];
        assert_eq!(fill("/v2/A/{Sid}/B/{Number}", &parts), "/v2/A/a%2F..%2Fb%3Fc%23d%25/B/+57");
    }
}
