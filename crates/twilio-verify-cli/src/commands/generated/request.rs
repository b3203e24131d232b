//! Builds the request of a command that comes from the document.

use clap::ArgMatches;
use clap::parser::ValueSource;
use serde_json::{Map, Value};
use twilio_verify::ServiceSid;

use super::arguments::{Given, POSITIONAL, is_service_of};
use super::help;
use crate::failure::report::Failure;
use crate::operations::checks;
use crate::operations::operation::{Kind, Operation, Parameter, Place};
use crate::operations::path;
use crate::operations::read::{self, limits};
use crate::session::input;
use crate::session::raw::{Body, RawRequest};
use crate::settings::settings::no_service;
use crate::values::zone::Zone;

/// The request of an operation, and the name of its resource.
pub(super) struct Prepared {
    pub(super) request: RawRequest,
    /// The value at the end of the path.
    pub(super) name: Option<String>,
}

/// Reads and checks the arguments, and builds the request. The service is that
/// of the settings, unless a flag names one.
pub(super) async fn prepare(
    operation: &'static Operation,
    matches: &ArgMatches,
    service: Option<&ServiceSid>,
    zone: Zone,
) -> Result<Prepared, Failure> {
    let mut parts = Vec::new();
    let mut query = Vec::new();
    let mut form = Vec::new();
    let mut json = Map::new();
    let mut name = None;
    let named_by = path::named_by(operation);
    for parameter in &operation.parameters {
        let is_name = named_by.is_some_and(|name| std::ptr::eq(name, parameter));
        let mut values = values(parameter, matches, zone).await?;
        if is_name && let Some(text) = matches.get_one::<String>(POSITIONAL) {
            values.push(positional(parameter, text, zone)?);
        }
        if values.is_empty() && !is_name && is_service_of(parameter) {
            let sid = service.ok_or_else(|| no_service(&format!("--{}", parameter.flag)))?;
            values.push(sid.to_string().into());
        }
        if values.is_empty() {
            continue;
        }
        let values = joined(parameter, values)?;
        match parameter.place {
            Place::Path => {
                for value in values {
                    let text = read::plain(value);
                    if is_name {
                        name = Some(text.clone());
                    }
                    parts.push((parameter.name.as_str(), text));
                }
            }
            Place::Query | Place::Form => {
                let pairs =
                    values.into_iter().map(|value| (parameter.name.clone(), read::plain(value)));
                match parameter.place {
                    Place::Query => query.extend(pairs),
                    _ => form.extend(pairs),
                }
            }
            Place::Json => {
                let value = match parameter.schema.kind {
                    Kind::List(_) => Value::Array(values),
                    _ => values.into_iter().next().unwrap_or_default(),
                };
                json.insert(parameter.name.clone(), value);
            }
        }
    }
    // Sort by name, as the client does for all requests. The items of a list
    // keep their order.
    query.sort_by(|(one, _), (other, _)| one.cmp(other));
    form.sort_by(|(one, _), (other, _)| one.cmp(other));
    check_change(operation, form.is_empty() && json.is_empty())?;
    let body = match body_of(operation) {
        Some(Place::Json) => Body::Json(json.into()),
        Some(_) => Body::Form(form),
        None => Body::None,
    };
    Ok(Prepared {
        request: RawRequest {
            method: operation.method.clone(),
            path: path::fill(&operation.path, &parts),
            query,
            body,
        },
        name,
    })
}

/// Returns whether the body is a form or JSON, if the operation has a body.
fn body_of(operation: &Operation) -> Option<Place> {
    let mut places = operation.parameters.iter().map(|parameter| parameter.place);
    places.find(|place| [Place::Form, Place::Json].contains(place))
}

/// Rejects an update that would change nothing.
fn check_change(operation: &Operation, is_empty: bool) -> Result<(), Failure> {
    if !(help::is_update(operation) && is_empty) {
        return Ok(());
    }
    let field = operation
        .parameters
        .iter()
        .find(|parameter| [Place::Form, Place::Json].contains(&parameter.place));
    match field {
        Some(field) => Err(Failure::usage(
            "no setting was given",
            format!("name what to change, such as --{}", field.flag),
        )),
        None => Ok(()),
    }
}

/// Returns the values that a flag was given.
async fn values(
    parameter: &'static Parameter,
    matches: &ArgMatches,
    zone: Zone,
) -> Result<Vec<Value>, Failure> {
    let mut values = Vec::new();
    let id = parameter.flag.as_str();
    if matches.value_source(id) != Some(ValueSource::CommandLine) {
        return Ok(values);
    }
    for given in matches.get_many::<Given>(id).into_iter().flatten() {
        let flag = format!("--{}", parameter.flag);
        let text = match given {
            Given::Here(text) => text.clone(),
            Given::Stdin => input::secret(&flag, None).await?,
        };
        let value = checks::read(parameter, &text, zone);
        values.push(value.map_err(|reason| invalid(&flag, &reason))?);
    }
    Ok(values)
}

/// Returns the value that was given without a flag.
fn positional(parameter: &'static Parameter, text: &str, zone: Zone) -> Result<Value, Failure> {
    checks::read(parameter, text, zone).map_err(|reason| {
        let name = help::value_name(parameter);
        invalid(&format!("[{name}] or --{}", parameter.flag), &reason)
    })
}

fn invalid(argument: &str, reason: &str) -> Failure {
    Failure::usage(
        format!("{argument}: {reason}"),
        "correct the value; `--help` after the command describes it",
    )
}

/// Returns the values of a list, or joins the parts of an object.
fn joined(parameter: &Parameter, values: Vec<Value>) -> Result<Vec<Value>, Failure> {
    let flag = format!("--{}", parameter.flag);
    match parameter.schema.kind {
        Kind::List(_) => {
            let schema = &parameter.schema;
            let count = values.len();
            let is_short = schema.shortest.is_some_and(|shortest| count < shortest);
            let is_long = schema.longest.is_some_and(|longest| count > longest);
            if is_short || is_long {
                let limits = limits(schema.shortest, schema.longest);
                let reason = format!("expected it {limits} times; it was given {count} times");
                return Err(invalid(&flag, &reason));
            }
            Ok(values)
        }
        Kind::Json if values.len() > 1 => {
            let mut object = Map::new();
            for value in values {
                let Value::Object(fields) = value else {
                    return Err(invalid(&flag, "a list can't be joined with other values"));
                };
                for (name, value) in fields {
                    if object.insert(name, value).is_some() {
                        return Err(Failure::usage(
                            format!("{flag}: a name is given twice"),
                            "give each name one value",
                        ));
                    }
                }
            }
            Ok(vec![object.into()])
        }
        _ => Ok(values),
    }
}
