//! Converts resources to JSON.

use std::io;

use serde_json::Value;

use crate::failure::report::Failure;
use crate::output::shape::Resource;

/// Returns a resource as JSON.
pub(crate) fn json<T: Resource>(resource: &T) -> Result<Value, Failure> {
    serde_json::to_value(resource).map_err(|error| io::Error::from(error).into())
}
