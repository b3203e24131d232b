//! Operations in the format of the build script.

use std::collections::HashMap;
use std::sync::Arc;

use regress::Regex;
use serde::Deserialize;

use crate::contract::operation::{Body, Field, MinMax, Operation, ValueKind};

/// An operation as the build script writes it.
#[derive(Deserialize)]
pub(crate) struct Declared {
    id: String,
    method: String,
    path: String,
    parameters: Vec<DeclaredField>,
    body: Option<DeclaredBody>,
}

#[derive(Deserialize)]
struct DeclaredBody {
    media_type: String,
    schema: Schema,
}

#[derive(Deserialize)]
struct DeclaredField {
    name: String,
    #[serde(rename = "in", default)]
    place: String,
    required: bool,
    schema: Schema,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "type")]
    kind: Option<String>,
    format: Option<String>,
    pattern: Option<String>,
    #[serde(rename = "enum")]
    values: Option<Vec<String>>,
    min_length: Option<i64>,
    max_length: Option<i64>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    min_items: Option<i64>,
    max_items: Option<i64>,
    items: Option<Box<Schema>>,
    fields: Option<Vec<DeclaredField>>,
}

/// Regular expressions, each compiled once: most operations share the pattern of a service SID.
pub(crate) type Patterns = HashMap<String, Option<Arc<Regex>>>;

impl Declared {
    pub(crate) fn into_operation(self, patterns: &mut Patterns) -> Option<Operation> {
        let (mut path_fields, mut query_fields) = (Vec::new(), Vec::new());
        for field in self.parameters {
            match field.place.as_str() {
                "path" => path_fields.push(field.into_field(patterns)),
                "query" => query_fields.push(field.into_field(patterns)),
                _ => {}
            }
        }
        let body = self.body.map(|body| {
            if body.media_type == "application/json" {
                Body::Json(body.schema.into_kind(patterns))
            } else {
                let fields = body.schema.fields.into_iter().flatten();
                Body::Form(fields.map(|field| field.into_field(patterns)).collect())
            }
        });
        Some(Operation {
            method: self.method.parse().ok()?,
            id: self.id,
            path: self.path,
            path_fields,
            query_fields,
            body,
        })
    }
}

impl DeclaredField {
    fn into_field(self, patterns: &mut Patterns) -> Field {
        Field { name: self.name, required: self.required, kind: self.schema.into_kind(patterns) }
    }
}

impl Schema {
    fn into_kind(self, patterns: &mut Patterns) -> ValueKind {
        let limits = |low, high| MinMax { low, high };
        match (self.kind.as_deref(), self.format.as_deref()) {
            (Some("string"), _) if self.values.is_some() => {
                ValueKind::OneOf(self.values.unwrap_or_default())
            }
            (Some("string"), Some("date-time")) => ValueKind::Date,
            (Some("string"), Some("iso-country-code")) => ValueKind::Country,
            (Some("string"), _) => ValueKind::Text {
                characters: limits(self.min_length, self.max_length),
                pattern: self.pattern.and_then(|pattern| {
                    let compiled = patterns
                        .entry(pattern)
                        .or_insert_with_key(|pattern| Regex::new(pattern).ok().map(Arc::new));
                    compiled.clone()
                }),
            },
            (Some("boolean"), _) => ValueKind::Boolean,
            (Some("integer"), _) => ValueKind::Integer(limits(self.minimum, self.maximum)),
            (Some("number"), _) => ValueKind::Number,
            (Some("array"), _) => ValueKind::List {
                items: Box::new(
                    self.items.map_or(ValueKind::Anything, |items| items.into_kind(patterns)),
                ),
                count: limits(self.min_items, self.max_items),
            },
            (Some("object"), _) => {
                let fields = self.fields.into_iter().flatten();
                ValueKind::Object(fields.map(|field| field.into_field(patterns)).collect())
            }
            _ => ValueKind::Anything,
        }
    }
}
