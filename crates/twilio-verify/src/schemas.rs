//! JSON Schemas of the resources, for programs that store or exchange them.

use serde_json::Value;
use twilio_verify_api::RESOURCES;

/// Returns the names of all resources and their parts, in alphabetical order.
///
/// ```
/// assert!(twilio_verify::schemas::names().any(|name| name == "AttemptsSummary"));
/// ```
pub fn names() -> impl Iterator<Item = &'static str> {
    RESOURCES.iter().filter(|resource| resource.received).map(|resource| resource.name)
}

/// Returns the JSON Schema (draft 2020-12) of a resource as this crate serializes it, or `None` for
/// a name that [`names`] doesn't return.
///
/// ```
/// let schema = twilio_verify::schemas::of("AttemptsSummary").unwrap();
/// assert!(schema["properties"]["conversion_rate_percentage"].is_object());
/// ```
pub fn of(name: &str) -> Option<Value> {
    RESOURCES
        .iter()
        .find(|resource| resource.received && resource.name == name)
        .map(twilio_verify_api::Resource::schema)
}
