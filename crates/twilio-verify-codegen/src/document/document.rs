//! An `OpenAPI` document as JSON, and visits to its parts.

use serde_json::{Map, Value};

use crate::document::error::{Error, Pointer, Source};
use crate::document::json::{self, text};
use crate::document::mark;
use crate::document::names::pascal;
use crate::document::operation::{FORM, METHODS};
use crate::document::schema::walk;

/// The JSON of an `OpenAPI` 3.0 document.
///
/// Passes work on the JSON rather than on a typed model, so that nothing unknown to a model is
/// lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(Value);

/// The use of a schema, which decides how it may be lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A parameter: in the path, the query, a header.
    Parameter,
    /// A form (`application/x-www-form-urlencoded`) that is sent.
    Form,
    /// Any other body that is sent.
    Request,
    /// A body that is received.
    Response,
}

/// A part of the document that holds a schema outside the components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The use of the schema.
    pub role: Role,
    naming: Naming,
}

/// The source of a part's name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Naming {
    Title(String),
    /// The operation, and its parameter or body.
    Within(String, String),
}

impl Part {
    /// Returns a name for the schema, in Rust's `PascalCase`, in case it needs one: from its title,
    /// or from the operation and the parameter.
    pub fn name(&self) -> String {
        match &self.naming {
            Naming::Title(title) => pascal(title),
            Naming::Within(operation, parameter) if self.role == Role::Parameter => {
                pascal(&format!("{} {}", pascal(operation), pascal(parameter)))
            }
            Naming::Within(operation, body) => format!("{}{body}", pascal(operation)),
        }
    }
}

impl Document {
    /// Reads JSON text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, or not an object.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let json = json::parse(text)?;
        if !json.is_object() {
            return Err(Error::document(
                &Pointer::root(),
                "not an OpenAPI document: an object is expected at the top",
            ));
        }
        Ok(Self(json))
    }

    /// Returns the document's JSON.
    pub fn json(&self) -> &Value {
        &self.0
    }

    pub(crate) fn json_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    /// Sorts the keys of all objects. They are sorted anyway unless a crate of the build enables
    /// `preserve_order` of `serde_json`; equal documents must produce equal bytes in any build.
    pub(crate) fn sort(&mut self) {
        self.0.sort_all_objects();
    }

    /// Returns the schemas of `components`, by name.
    pub fn components(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str(), schema))
    }

    /// Returns the schema of a component.
    pub fn component(&self, name: &str) -> Option<&Value> {
        self.0.pointer("/components/schemas")?.get(name)
    }

    /// Returns the schemas of `components`, which are created if they are missing.
    pub(crate) fn components_mut(&mut self) -> &mut Map<String, Value> {
        entry_object(entry_object(object_mut(&mut self.0), "components"), "schemas")
    }

    /// Moves an error to a place that exists in `published`, the document before the passes. What
    /// the passes moved is reported where it came from.
    pub(crate) fn settle(&self, error: Error, published: &Self) -> Error {
        if error.input() != Source::Document {
            return error;
        }
        let place = self.origin(error.pointer()).settled(&published.0);
        error.at(place)
    }

    /// Returns the place that a pointer had before the passes, which rename components and move
    /// schemas into components.
    pub(crate) fn origin(&self, pointer: &Pointer) -> Pointer {
        let tokens: Vec<String> = pointer.tokens().collect();
        let [components, schemas, name, rest @ ..] = tokens.as_slice() else {
            return pointer.clone();
        };
        let schema = (components == "components" && schemas == "schemas")
            .then(|| self.component(name))
            .flatten();
        match schema.map(|schema| text(schema, mark::ORIGIN)) {
            None | Some("") => pointer.clone(),
            Some(origin) => {
                rest.iter().fold(Pointer::from(origin), |place, token| place.child(token))
            }
        }
    }

    /// Returns every operation: its pointer, path, method and JSON.
    pub fn operations(&self) -> Vec<(Pointer, &str, &str, &Value)> {
        let mut operations = Vec::new();
        let paths = self.0.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let pointer = Pointer::root().child("paths").child(path).child(method);
                    operations.push((pointer, path.as_str(), method, operation));
                }
            }
        }
        operations
    }

    /// Calls `visit` with every operation.
    pub(crate) fn operations_mut(
        &mut self,
        mut visit: impl FnMut(&Pointer, &str, &str, &mut Map<String, Value>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(paths) = self.0.get_mut("paths").and_then(Value::as_object_mut) else {
            return Ok(());
        };
        for (path, item) in paths {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) {
                    let pointer = Pointer::root().child("paths").child(path).child(method);
                    visit(&pointer, path, method, operation)?;
                }
            }
        }
        Ok(())
    }

    /// Calls `visit` with each schema at the top of a part outside the components: a parameter, a
    /// request body or a response.
    pub(crate) fn parts_mut(
        &mut self,
        mut visit: impl FnMut(&Pointer, &Part, &mut Value) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.operations_mut(|pointer, _, _, operation| {
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.unwrap_or("operation").to_owned();
            let within = |what: &str| Naming::Within(id.clone(), what.to_owned());
            let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
            for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                let naming = within(text(parameter, "name"));
                let part = Part { role: Role::Parameter, naming };
                let place = pointer.child("parameters").child(index.to_string());
                if let Some(schema) = parameter.get_mut("schema") {
                    visit(&place.child("schema"), &part, schema)?;
                }
            }
            if let Some(body) = operation.get_mut("requestBody") {
                visit_content(&pointer.child("requestBody"), body, |place, media, schema| {
                    let role = if media == FORM { Role::Form } else { Role::Request };
                    let naming = title(schema).unwrap_or_else(|| within("Request"));
                    visit(place, &Part { role, naming }, schema)
                })?;
            }
            let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
            for (status, response) in responses.into_iter().flatten() {
                let place = pointer.child("responses").child(status);
                visit_content(&place, response, |place, _, schema| {
                    let naming = title(schema).unwrap_or_else(|| within("Response"));
                    visit(place, &Part { role: Role::Response, naming }, schema)
                })?;
            }
            Ok(())
        })
    }

    /// Calls `visit` with every schema, inner ones first.
    pub(crate) fn schemas_mut(
        &mut self,
        mut visit: impl FnMut(&Pointer, &mut Value) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let place = Pointer::root().child("components").child("schemas");
        if self.0.pointer("/components/schemas").is_some() {
            for (name, schema) in self.components_mut() {
                walk(&place.child(name), schema, &mut visit)?;
            }
        }
        self.shared_parameters_mut(|pointer, schema| walk(pointer, schema, &mut visit))?;
        self.parts_mut(|pointer, _, schema| walk(pointer, schema, &mut visit))
    }

    /// Calls `visit` with the schema of every parameter that all operations of a path share. A pass
    /// later moves these to the operations.
    fn shared_parameters_mut(
        &mut self,
        mut visit: impl FnMut(&Pointer, &mut Value) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let paths = self.0.get_mut("paths").and_then(Value::as_object_mut);
        for (path, item) in paths.into_iter().flatten() {
            let place = Pointer::root().child("paths").child(path).child("parameters");
            let parameters = item.get_mut("parameters").and_then(Value::as_array_mut);
            for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                if let Some(schema) = parameter.get_mut("schema") {
                    visit(&place.child(index.to_string()).child("schema"), schema)?;
                }
            }
        }
        Ok(())
    }
}

fn title(schema: &Value) -> Option<Naming> {
    let title = text(schema, "title");
    (!title.is_empty()).then(|| Naming::Title(title.to_owned()))
}

fn visit_content(
    pointer: &Pointer,
    body: &mut Value,
    mut visit: impl FnMut(&Pointer, &str, &mut Value) -> Result<(), Error>,
) -> Result<(), Error> {
    let content = body.get_mut("content").and_then(Value::as_object_mut);
    for (media, content) in content.into_iter().flatten() {
        if let Some(schema) = content.get_mut("schema") {
            let place = pointer.child("content").child(media).child("schema");
            visit(&place, media, schema)?;
        }
    }
    Ok(())
}

fn entry_object<'a>(object: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    object_mut(object.entry(key).or_insert(Value::Null))
}

/// Returns the object that a value is; any other value becomes an empty object.
fn object_mut(json: &mut Value) -> &mut Map<String, Value> {
    // Any other value has no map to return, so it becomes an object first.
    if !json.is_object() {
        *json = Value::Object(Map::new());
    }
    match json {
        Value::Object(object) => object,
        other => object_mut(other),
    }
}
