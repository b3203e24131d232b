//! The target of a redirect.

use serde::Deserialize;

use crate::response::read::ReadError;
use crate::values::redacted::Redacted;

/// The target of a redirect: the header `Location` of its response.
///
/// `Debug` doesn't show it: the URL of a file is often enough to read the file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Location(Redacted<String>);

impl Location {
    /// Returns the header's value: a URL, which may be relative to that of the request.
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }

    /// Reads the header's value.
    pub(crate) fn read(value: &[u8]) -> Result<Self, ReadError> {
        match std::str::from_utf8(value) {
            Ok(text) if !text.is_empty() => Ok(Self(Redacted::new(text.to_owned()))),
            _ => Err(ReadError::new("the redirect has no valid header `Location`")),
        }
    }
}
