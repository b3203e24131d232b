//! Why a request can't be built.

use std::error::Error;
use std::fmt;

use crate::check::Invalid;

/// Why a request can't be built from its values.
#[derive(Debug)]
#[non_exhaustive]
pub enum RequestError {
    /// A value is outside of its limits.
    Invalid(Invalid),
    /// A value can't be written in a URI, a header or a body.
    Unwritable(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Unwritable(_) => f.write_str("the request can't be built"),
        }
    }
}

impl Error for RequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Invalid(_) => None,
            Self::Unwritable(source) => Some(&**source),
        }
    }
}

impl From<Invalid> for RequestError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

macro_rules! unwritable {
    ($($source:ty),*) => {
        $(impl From<$source> for RequestError {
            fn from(source: $source) -> Self {
                Self::Unwritable(source.into())
            }
        })*
    };
}

unwritable!(
    http::header::InvalidHeaderValue,
    serde_html_form::ser::Error,
    serde_json::Error,
    url::ParseError
);
