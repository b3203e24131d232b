//! Describes the generated types.

use std::fmt;

#[cfg(feature = "schemas")]
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A generated type: a resource, a part of one, or a body that is sent.
#[derive(Clone, Copy)]
pub struct Resource {
    /// The name in Rust.
    pub name: &'static str,
    /// The name in the document; the Rust name if the document has none.
    pub wire_name: &'static str,
    /// Whether it occurs in responses.
    pub received: bool,
    #[cfg(feature = "schemas")]
    schema: fn() -> Value,
    read: fn(&Value) -> Result<(String, Value), serde_json::Error>,
}

/// Stands in for the trait of schemars without the feature `schemas`. Every type has it.
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

    /// Returns the type's JSON Schema (draft 2020-12), with all the schemas that it refers to.
    #[cfg(feature = "schemas")]
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// Reads a JSON value as the type. Returns the `Debug` output and the serialized value.
    ///
    /// # Errors
    ///
    /// Returns an error if the value can't be read as the type.
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
