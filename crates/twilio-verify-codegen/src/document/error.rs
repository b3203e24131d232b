//! Why a document could not be turned into code.

use std::fmt;

use serde_json::Value;

/// A place in the document: a JSON pointer (RFC 6901), such as
/// `/paths/~1v2~1Attempts/get`. Empty for the document as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the document as a whole.
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns the place of `token` below this one.
    #[must_use]
    pub fn child(&self, token: impl AsRef<str>) -> Self {
        let escaped = token.as_ref().replace('~', "~0").replace('/', "~1");
        Self(format!("{}/{escaped}", self.0))
    }

    /// Returns the tokens of the pointer.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = String> {
        let tokens = self.0.split('/').skip(1);
        tokens.map(|token| token.replace("~1", "/").replace("~0", "~"))
    }

    /// Returns the longest part of this pointer that exists in the document, following each `$ref`
    /// on the way.
    pub(crate) fn settled(&self, document: &Value) -> Self {
        let mut place = Self::root();
        let mut here = document;
        let mut jumps = 0;
        for token in self.tokens() {
            loop {
                if let Some(child) = child(here, &token) {
                    (here, place) = (child, place.child(&token));
                    break;
                }
                let target = here.get("$ref").and_then(Value::as_str);
                let target = target.and_then(|target| target.strip_prefix('#'));
                let Some(there) = target.and_then(|target| document.pointer(target)) else {
                    return place;
                };
                jumps += 1;
                if jumps > 50 {
                    return place;
                }
                (here, place) = (there, Self(target.unwrap_or_default().to_owned()));
            }
        }
        place
    }

    /// Returns the pointer as text; empty for the document as a whole.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Pointer {
    fn from(pointer: &str) -> Self {
        Self(pointer.to_owned())
    }
}

fn child<'a>(json: &'a Value, token: &str) -> Option<&'a Value> {
    match json {
        Value::Object(object) => object.get(token),
        Value::Array(array) => array.get(token.parse::<usize>().ok()?),
        _ => None,
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "/" } else { &self.0 })
    }
}

/// Why a document could not be turned into code: the place and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{source_name}: {pointer}: {reason}")]
pub struct Error {
    source_name: Source,
    pointer: Pointer,
    reason: String,
}

/// The input that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The OpenAPI document.
    Document,
    /// The overlay.
    Overlay,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "document",
            Self::Overlay => "overlay",
        })
    }
}

impl Error {
    pub(crate) fn document(pointer: &Pointer, reason: impl fmt::Display) -> Self {
        Self { source_name: Source::Document, pointer: pointer.clone(), reason: reason.to_string() }
    }

    pub(crate) fn overlay(pointer: &Pointer, reason: impl fmt::Display) -> Self {
        Self { source_name: Source::Overlay, pointer: pointer.clone(), reason: reason.to_string() }
    }

    /// Returns the same error at another place.
    pub(crate) fn at(mut self, pointer: Pointer) -> Self {
        self.pointer = pointer;
        self
    }

    /// Returns the input that the error is about.
    pub fn input(&self) -> Source {
        self.source_name
    }

    /// Returns where in that input the error is: the operation, parameter, schema or action.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// Returns what is wrong there, and what to do about it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Pointer;

    #[test]
    fn a_pointer_is_settled_in_the_document() {
        let document = json!({
            "a": [{ "$ref": "#/shared/x" }],
            "shared": { "x": { "y/z": { "deep": 1 } }, "loop": { "$ref": "#/shared/loop" } },
        });
        for (pointer, expected) in [
            ("", ""),
            ("/a/0", "/a/0"),
            ("/a/0/y~1z/deep", "/shared/x/y~1z/deep"),
            ("/a/0/gone/deep", "/shared/x"),
            ("/a/1", "/a"),
            ("/shared/loop/x", "/shared/loop"),
        ] {
            let pointer = Pointer::from(pointer);
            assert_eq!(pointer.settled(&document).as_str(), expected, "{pointer}");
        }
    }
}
