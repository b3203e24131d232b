//! The hand-written types that replace schemas. The crate that the code is generated into must have
//! them.

use heck::ToSnakeCase;
use serde_json::{Value, json};

use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::pascal;

/// A hand-written type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    /// The name of the component that it replaces.
    pub(crate) component: &'static str,
    /// Its path in Rust.
    rust: &'static str,
    /// Its name on the surface.
    label: &'static str,
}

/// An instant that is received, in any form that Twilio writes it in.
pub(crate) const DATE_TIME: Leaf = Leaf {
    component: "LeafDateTime",
    rust: "::chrono::DateTime<::chrono::Utc>",
    label: "date-time",
};

/// An instant that is sent: GMT, to the second.
pub(crate) const GMT_DATE_TIME: Leaf =
    Leaf { component: "LeafGmtDateTime", rust: "crate::GmtDateTime", label: "date-time" };

/// A decimal number that is written as text.
pub(crate) const DECIMAL: Leaf =
    Leaf { component: "LeafDecimal", rust: "::rust_decimal::Decimal", label: "decimal" };

/// A country, by its ISO 3166-1 alpha-2 code.
pub(crate) const COUNTRY: Leaf =
    Leaf { component: "LeafCountry", rust: "crate::Country", label: "country" };

/// URLs by name.
pub(crate) const URI_MAP: Leaf =
    Leaf { component: "LeafUriMap", rust: "crate::UriMap", label: "map of URIs" };

/// A JSON value that is sent as text, within a form.
pub(crate) const JSON_TEXT: Leaf =
    Leaf { component: "LeafJsonText", rust: "crate::JsonText", label: "JSON text" };

const ALL: [Leaf; 6] = [DATE_TIME, GMT_DATE_TIME, DECIMAL, COUNTRY, URI_MAP, JSON_TEXT];

/// Whether a component of that name is replaced by a hand-written type.
pub(crate) fn is_leaf(name: &str) -> bool {
    name.starts_with(REDACTED) || ALL.iter().any(|leaf| leaf.component == name)
}

/// The prefix of the names of components that are redacted.
pub(crate) const REDACTED: &str = "LeafRedacted";

/// Adds the components that the hand-written types replace.
pub(crate) fn declare(document: &mut Document) {
    for leaf in ALL {
        let mut component = component(leaf.component, leaf.rust, leaf.label);
        if [COUNTRY.component, GMT_DATE_TIME.component].contains(&leaf.component) {
            component[mark::VALUE] = true.into();
        }
        document.components_mut().insert(leaf.component.to_owned(), component);
    }
}

/// Creates a component that a hand-written type replaces.
pub(crate) fn component(name: &str, rust: &str, label: &str) -> Value {
    json!({
        "type": "string",
        mark::RUST_NAME: name,
        mark::RUST_TYPE: rust,
        mark::LABEL: label,
    })
}

/// Returns the component of a hand-written type that the overlay names: its name, and its schema.
pub(crate) fn given(schema: &Value) -> Option<(String, Value)> {
    let rust = text(schema, mark::RUST_TYPE);
    if rust.is_empty() {
        return None;
    }
    // The name is made from the whole path, so that it is unique to the type.
    let own = pascal(rust.trim_start_matches("crate::"));
    let name = format!("Leaf{own}");
    let mut component = component(&name, rust, &own.to_snake_case().replace('_', " "));
    component[mark::VALUE] = true.into();
    if let Some(from) = schema.get(mark::FROM) {
        component[mark::FROM] = from.clone();
    }
    Some((name, component))
}
