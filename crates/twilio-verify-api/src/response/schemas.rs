//! Builds the JSON Schemas of objects from the descriptions of the generated types.
//!
//! With schemars' derive, the documentation of each field is computed at compile time. Here a field
//! is a row of a table.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value};

/// A property of an object.
pub(crate) struct Property {
    name: &'static str,
    text: &'static str,
    is_required: bool,
    schema: fn(&mut SchemaGenerator) -> Schema,
    default: Option<fn() -> Option<Value>>,
}

impl Property {
    /// Creates a property that may be missing.
    pub(crate) const fn optional<T: JsonSchema>(name: &'static str, text: &'static str) -> Self {
        let schema = SchemaGenerator::subschema_for::<T>;
        Self { name, text, is_required: false, schema, default: None }
    }

    /// Creates a property that must not be missing.
    pub(crate) const fn required<T: JsonSchema>(name: &'static str, text: &'static str) -> Self {
        let schema = SchemaGenerator::subschema_for::<T>;
        Self { name, text, is_required: true, schema, default: None }
    }

    /// Creates a property that may be missing when it is read, and is always written.
    pub(crate) const fn default<T>(name: &'static str, text: &'static str) -> Self
    where
        T: JsonSchema + Default + Serialize,
    {
        let schema = SchemaGenerator::subschema_for::<T>;
        let default = || serde_json::to_value(T::default()).ok();
        Self { name, text, is_required: false, schema, default: Some(default) }
    }
}

/// Builds the schema of an object that has these properties, and others if it is open.
pub(crate) fn object(
    text: &str,
    properties: &[Property],
    is_open: bool,
    generator: &mut SchemaGenerator,
) -> Schema {
    let mut listed = Map::new();
    let mut required = Vec::new();
    for property in properties {
        let mut schema = (property.schema)(generator);
        describe(&mut schema, property.text);
        if let Some(default) = property.default.and_then(|default| default()) {
            schema.insert("default".to_owned(), default);
        }
        let is_written = property.default.is_some() && generator.contract().is_serialize();
        if property.is_required || is_written {
            required.push(Value::from(property.name));
        }
        listed.insert(property.name.to_owned(), schema.to_value());
    }
    let mut schema = json_schema!({ "type": "object" });
    describe(&mut schema, text);
    if !listed.is_empty() {
        schema.insert("properties".to_owned(), listed.into());
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    if is_open {
        schema.insert("additionalProperties".to_owned(), true.into());
    }
    schema
}

/// Adds a description. If it begins with `#`, the first line is the title, as in schemars' derive.
fn describe(schema: &mut Schema, text: &str) {
    let text = text.trim();
    let (title, text) = match text.starts_with('#') {
        true => text.split_once('\n').unwrap_or((text, "")),
        false => ("", text),
    };
    for (key, text) in [("title", title.trim_start_matches('#')), ("description", text)] {
        if !text.trim().is_empty() {
            schema.insert(key.to_owned(), text.trim().into());
        }
    }
}

/// Returns the name of a type in schemas.
pub(crate) fn name(name: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(name)
}

/// Describes a type: `"name": kind Type, "text";`, where `kind` is a constructor of [`Property`],
/// and `@open true;` at the end if it has other fields too.
macro_rules! describe_fields {
    ($type:ident, $text:literal {
        $($name:literal: $kind:ident $field:ty, $about:literal;)*
        $(@open $is_open:literal;)?
    }) => {
        impl ::schemars::JsonSchema for $type {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                $crate::response::schemas::name(stringify!($type))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                $crate::response::schemas::name(concat!(module_path!(), "::", stringify!($type)))
            }

            fn json_schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                const PROPERTIES: &[$crate::response::schemas::Property] =
                    &[$($crate::response::schemas::Property::$kind::<$field>($name, $about)),*];
                const IS_OPEN: bool = false $(|| $is_open)?;
                $crate::response::schemas::object($text, PROPERTIES, IS_OPEN, generator)
            }
        }
    };
}

pub(crate) use describe_fields;
