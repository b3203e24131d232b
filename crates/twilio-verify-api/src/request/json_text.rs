//! JSON values that are sent as texts in a form.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::check;

/// A JSON value that is sent as one text, as Twilio's forms hold objects:
/// `RateLimits={"ip":"1"}`.
///
/// `Debug` doesn't show it: what callers send may be personal data.
#[derive(Clone, PartialEq)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema), schemars(transparent))]
pub struct JsonText(Value);

impl JsonText {
    /// Wraps a value.
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    /// Creates an object of texts.
    pub fn texts<K: Into<String>, V: Into<String>>(
        texts: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let texts = texts.into_iter();
        let object = texts.map(|(name, text)| (name.into(), text.into().into()));
        Self(Value::Object(object.collect()))
    }

    /// Returns the value.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

impl check::Value for JsonText {}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for JsonText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        serde_json::from_str(&text).map(Self).map_err(serde::de::Error::custom)
    }
}
