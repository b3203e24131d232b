//! The input of a comparison: a document as both audiences see it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::keywords::Keywords;
use super::severity::Direction;
use crate::document::warning::Warning;

/// A document as both audiences see it: by the types of the Rust API, and by what is sent and
/// received on the wire.
///
/// The Rust side is read from the lowered document. Lowering drops what doesn't matter to Rust
/// users (that a field of a response may be null, the format of a text, the contents of an object
/// that a form holds as JSON), so the wire side is read from the document before it is lowered. The
/// overlay is applied to both.
#[derive(Clone, Debug)]
pub struct Api {
    pub(super) title: String,
    pub(super) version: String,
    pub(super) docs: Map<String, Value>,
    pub(super) operations: Vec<Operation>,
    pub(super) types: BTreeMap<String, Type>,
    pub(super) warnings: Vec<Warning>,
}

#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) id: String,
    /// The name that Rust users see: the id, unless the overlay sets another name.
    pub(super) rust_name: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) docs: Map<String, Value>,
    /// The names of the parameters, in the document's order.
    pub(super) order: Vec<String>,
    pub(super) servers: BTreeSet<String>,
    pub(super) security: BTreeSet<String>,
    /// The parameters by place and name.
    pub(super) parameters: BTreeMap<(String, String), Field>,
    pub(super) body: Option<Body>,
    pub(super) answer: Option<Schema>,
    pub(super) successes: BTreeSet<String>,
    pub(super) errors: BTreeSet<String>,
    /// The headers of responses, by status and lower-case name, without those that only browsers
    /// read. The Rust name is the header's own.
    pub(super) headers: BTreeMap<(String, String), Field>,
    /// The other keywords of the operation and its responses.
    pub(super) rules: Keywords,
}

#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) media: String,
    pub(super) field: Field,
}

/// A parameter, a property, or a body.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) required: bool,
    /// Whether the type in Rust is an `Option` for another reason than that a request can leave out
    /// the field.
    pub(super) optional: bool,
    pub(super) rust_name: String,
    pub(super) schema: Schema,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Schema {
    /// The type that Rust users see; `None` if they don't see it.
    pub(super) rust: Option<String>,
    /// The name of the type, if it has one.
    pub(super) named: Option<String>,
    /// The keywords, shared by all places that refer to one component.
    pub(super) keywords: Arc<Keywords>,
    pub(super) docs: Map<String, Value>,
    /// The contents, unless they belong to a named type.
    pub(super) inner: Inner,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Inner {
    pub(super) fields: BTreeMap<String, Field>,
    /// The schemas of items and the like, by their name in messages.
    pub(super) parts: BTreeMap<String, Schema>,
}

/// A type with a name in Rust.
#[derive(Clone, Debug)]
pub(super) struct Type {
    pub(super) kind: Kind,
    pub(super) wire_name: String,
    /// The path of the hand-written type that replaces it.
    pub(super) rust_type: String,
    pub(super) directions: BTreeSet<Direction>,
    pub(super) keywords: Keywords,
    pub(super) docs: Map<String, Value>,
    pub(super) inner: Inner,
    /// Whether it holds fields that the document doesn't name.
    pub(super) extra: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A struct, or another name for a type.
    Plain(&'static str),
    /// An enum: the name and value of each variant.
    Enum(Vec<(String, String)>),
    /// A SID, with its letters.
    Sid(String),
}

impl Kind {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Plain(name) => name,
            Self::Enum(_) => "enum",
            Self::Sid(_) => "SID",
        }
    }
}

impl Api {
    /// Returns what a maintainer should know, such as actions of the overlay that don't fit.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}
