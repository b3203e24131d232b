//! An operation of the API, as the command line needs it. The build script
//! writes the table of them.

use serde::{Deserialize, Serialize};

/// An operation of the API.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Operation {
    /// Its `operationId`.
    pub(crate) id: String,
    /// Its HTTP method, in upper case.
    pub(crate) method: String,
    /// Its path, with `{Name}` in place of parameters.
    pub(crate) path: String,
    /// The words of its command: the resource and the verb.
    pub(crate) words: Vec<String>,
    /// What it does.
    pub(crate) about: String,
    /// What its resource is.
    pub(crate) resource: String,
    /// Its parameters and the fields of its body; those of the path first, in
    /// the path's order.
    pub(crate) parameters: Vec<Parameter>,
    /// What a successful response holds, unless that is empty.
    pub(crate) response: Option<Response>,
}

/// A parameter of an operation, or a field of its body.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Parameter {
    /// Its name in the API.
    pub(crate) name: String,
    /// Its flag, without the leading dashes.
    pub(crate) flag: String,
    /// The flag with dashes in place of its dots, if it has dots.
    pub(crate) dashed: Option<String>,
    /// The name of its value, in the help.
    pub(crate) value_name: String,
    /// Where it is sent.
    pub(crate) place: Place,
    /// Whether it must be given.
    pub(crate) required: bool,
    /// What it is.
    pub(crate) description: String,
    /// Whether it is a secret, such as a code.
    pub(crate) secret: bool,
    /// What it may be.
    pub(crate) schema: Schema,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a body that is a form.
    Form,
    /// In a body that is JSON.
    Json,
}

/// What a value may be.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Schema {
    /// Its type.
    pub(crate) kind: Kind,
    /// The values of an enum. The API may accept others.
    pub(crate) known: Vec<String>,
    /// A regular expression that it matches.
    pub(crate) pattern: Option<String>,
    /// The smallest number.
    pub(crate) minimum: Option<i64>,
    /// The largest number.
    pub(crate) maximum: Option<i64>,
    /// The fewest characters, or items of a list.
    pub(crate) shortest: Option<usize>,
    /// The most characters, or items of a list.
    pub(crate) longest: Option<usize>,
}

/// The type of a value.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) enum Kind {
    /// Any text.
    #[default]
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An instant.
    Instant,
    /// A country, by its ISO 3166-1 alpha-2 code.
    Country,
    /// A JSON object, or any JSON.
    Json,
    /// A list.
    List(Box<Schema>),
}

/// What a successful response holds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Response {
    /// The name of the list, if it is one.
    pub(crate) list: Option<String>,
    /// The paths of all fields of the resource, or of a listed one.
    pub(crate) fields: Vec<String>,
    /// Those of them that are objects with any fields.
    pub(crate) maps: Vec<String>,
    /// The fields that a table shows.
    pub(crate) columns: Vec<Shown>,
}

/// A field that a table shows.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Shown {
    /// The name of the field.
    pub(crate) field: String,
    /// The type of its value.
    pub(crate) kind: Kind,
}
