//! Personal data and secrets, which are never printed.

use std::fmt;

#[cfg(feature = "schemas")]
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::check;
use crate::response::lenient::Lenient;

/// A value that `Debug` doesn't show: personal data, or a secret.
///
/// It has no `Display`; [`expose`](Self::expose) returns the value. Serializing writes the value.
///
/// ```
/// use twilio_verify_api::Redacted;
///
/// let to = Redacted::new("+573003003030");
/// assert_eq!(format!("{to:?}"), "[redacted]");
/// assert_eq!(*to.expose(), "+573003003030");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Returns the value, unwrapped.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Redacted<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl check::Text for Redacted<String> {
    fn text(&self) -> &str {
        &self.0
    }
}

impl<T: check::Value> check::Value for Redacted<T> {
    fn fault(&self) -> Option<String> {
        self.0.fault()
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de, T: Lenient<'de>> Lenient<'de> for Redacted<T> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::lenient(deserializer)?.map(Self))
    }
}

#[cfg(feature = "schemas")]
impl<T: JsonSchema> JsonSchema for Redacted<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}
