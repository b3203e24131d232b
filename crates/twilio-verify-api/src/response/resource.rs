//! What is known of the generated types, one by one.

use std::fmt;

#[cfg(feature = "schemas")]
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A generated type: a resource, a part of one, or a body that is sent.
#[derive(Clone, Copy)]
pub struct Resource {
    /// Its name in Rust.
    pub name: &'static str,
    /// Its name in the document; the Rust name if it has none there.
    pub wire_name: &'static str,
    /// Whether it comes in answers.
    pub received: bool,
    #[cfg(feature = "schemas")]
    schema: fn() -> Value,
    read: fn(&Value) -> Result<(String, Value), serde_json::Error>,
}

/// What a type has that its JSON Schema is made of: nothing, without the
/// feature.
#[cfg(not(feature = "schemas"))]
pub(crate) trait JsonSchema {}

#[cfg(not(feature = "schemas"))]
impl<T> JsonSchema for T {}

impl Resource {
    pub(crate) const fn of<T>(name: &'static str, wire_name: &'static str, received: bool) -> Self
    where
        T: DeserializeOwned + Serialize + JsonSchema + fmt::Debug,
    {
        Self {
            name,
            wire_name,
            received,
            #[cfg(feature = "schemas")]
            schema: schema::<T>,
            read: read::<T>,
        }
    }

    /// The type's JSON Schema (draft 2020-12), with all that it refers to.
    #[cfg(feature = "schemas")]
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// Reads a JSON value as the type; gives what its `Debug` shows, and what
    /// it is written as.
    ///
    /// # Errors
    ///
    /// When the value can't be read as the type.
    pub fn read(&self, json: &Value) -> Result<(String, Value), serde_json::Error> {
        (self.read)(json)
    }
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resource")
            .field("name", &self.name)
            .field("wire_name", &self.wire_name)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "schemas")]
fn schema<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

fn read<T: DeserializeOwned + Serialize + fmt::Debug>(
    json: &Value,
) -> Result<(String, Value), serde_json::Error> {
    let value = T::deserialize(json)?;
    Ok((format!("{value:#?}"), serde_json::to_value(&value)?))
}
