//! The operations of the API, as the command line needs them. The build script
//! writes the table of all operations.

use serde::{Deserialize, Serialize};

/// An operation of the API.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Operation {
    /// The `operationId`.
    pub(crate) id: String,
    /// The HTTP method, in upper case.
    pub(crate) method: String,
    /// The path, with `{Name}` in place of parameters.
    pub(crate) path: String,
    /// The words of the command: the resource and the verb.
    pub(crate) words: Vec<String>,
    /// The description of the operation.
    pub(crate) about: String,
    /// The description of the resource.
    pub(crate) resource: String,
    /// The parameters and the fields of the body; those of the path first, in
    /// the path's order.
    pub(crate) parameters: Vec<Parameter>,
    /// The content of a successful response, unless that is empty.
    pub(crate) response: Option<Response>,
}

/// A parameter of an operation, or a field of its body.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Parameter {
    /// The name in the API.
    pub(crate) name: String,
    /// The flag, without the leading dashes.
    pub(crate) flag: String,
    /// The flag with dashes in place of dots, if it has dots and no other flag has this name.
    pub(crate) dashed: Option<String>,
    /// The name of the value in the help.
    pub(crate) value_name: String,
    /// Where the parameter is sent.
    pub(crate) place: Place,
    /// Whether the parameter is required.
    pub(crate) required: bool,
    /// The description of the parameter.
    pub(crate) description: String,
    /// Whether the value is a secret, such as a code.
    pub(crate) secret: bool,
    /// The values that are accepted.
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

/// The values that a parameter accepts.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Schema {
    /// The type of the value.
    pub(crate) kind: Kind,
    /// The values of an enum. The API may accept others.
    pub(crate) known: Vec<String>,
    /// A regular expression that the value must match.
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

/// The content of a successful response.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Response {
    /// The name of the list, if the response is a list.
    pub(crate) list: Option<String>,
    /// The paths of all fields of the resource, or of a resource in the list.
    pub(crate) fields: Vec<String>,
    /// The paths of the fields that are objects with any fields.
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
