//! Conversions into the values that functions take.

use std::fmt::{self, Display};

/// A value that converts into a `T`: the value itself, a text that it is parsed from, or anything
/// else that converts by `TryFrom`.
///
/// If a function takes one and the text is invalid, sending the request fails before anything
/// leaves the program. The error names the field and what is expected.
///
/// ```
/// use twilio_verify_api::types::{Channel, ServiceSid};
/// use twilio_verify_api::{Country, IntoValue};
///
/// fn service(sid: impl IntoValue<ServiceSid>) -> bool {
///     sid.try_into().is_ok()
/// }
///
/// assert!(service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
/// assert!(!service("VA123"));
///
/// const SHOP: ServiceSid = ServiceSid::from_static("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
/// assert!(service(SHOP));
/// assert!(service(&SHOP));
/// ```
///
/// It is implemented for every type with a matching `TryFrom`.
pub trait IntoValue<T>: TryInto<T, Error: Display> {}

impl<T, V: TryInto<T, Error: Display>> IntoValue<T> for V {}

/// A value, or why it is invalid. It can be cloned and passed to the builders of any number of
/// requests, each of which reports the fault.
#[doc(hidden)]
#[derive(Clone, PartialEq, Eq)]
pub struct Given<T>(Result<T, String>);

impl<T> Given<T> {
    /// Converts a value. The text of an invalid value is not kept, because it may be anything.
    pub fn new(value: impl IntoValue<T>) -> Self {
        Self(value.try_into().map_err(|error| error.to_string()))
    }

    /// Returns the value, or why it is invalid.
    pub fn into_result(self) -> Result<T, String> {
        self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Given<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(value) => value.fmt(f),
            Err(fault) => write!(f, "invalid: {fault}"),
        }
    }
}

/// Implements conversions from texts for a type with `FromStr`.
macro_rules! from_text {
    ($name:ident) => {
        impl TryFrom<&str> for $name {
            type Error = <$name as ::std::str::FromStr>::Err;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = <$name as ::std::str::FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<&String> for $name {
            type Error = <$name as ::std::str::FromStr>::Err;

            fn try_from(text: &String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl TryFrom<$crate::Given<$name>> for $name {
            type Error = String;

            fn try_from(given: $crate::Given<$name>) -> Result<Self, Self::Error> {
                given.into_result()
            }
        }
    };
}

pub(crate) use from_text;
