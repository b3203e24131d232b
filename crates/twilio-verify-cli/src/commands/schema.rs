//! `schema`: prints JSON Schemas of the resources.

use std::io;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use twilio_verify::schemas;

use crate::failure::report::Failure;
use crate::output::column::Column;
use crate::output::shape::{Resource, Shape};
use crate::output::writer::Output;

/// The resource whose schema to print.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  twilio-verify schema
  twilio-verify schema AttemptsSummary > attempts-summary.schema.json")]
pub(crate) struct SchemaArgs {
    /// The resource, such as Attempt [default: list the names of all]
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,
}

/// A resource that has a schema.
#[derive(JsonSchema, Serialize)]
struct Named {
    /// Its name.
    name: &'static str,
}

impl Resource for Named {
    const PLURAL: &'static str = "resources";
    const COLUMNS: &'static [Column] = &[Column::new("NAME", "name")];
}

/// Prints the JSON Schema of a resource, or the names of all resources.
pub(crate) fn print(arguments: SchemaArgs, mut output: Output) -> Result<(), Failure> {
    let Some(wanted) = arguments.resource else {
        let names = schemas::names().map(|name| serde_json::to_value(Named { name }));
        let names: Result<Vec<_>, _> = names.collect();
        let mut list = output.list(Shape::of::<Named>())?;
        list.page(names.map_err(io::Error::from)?)?;
        return Ok(list.end()?);
    };
    let schema = schemas::names()
        .find(|name| name.eq_ignore_ascii_case(&wanted))
        .and_then(schemas::of)
        .ok_or_else(|| {
            Failure::usage(
                "[RESOURCE]: there is no resource with this name",
                "`twilio-verify schema` lists the names",
            )
        })?;
    let text = format!("{schema:#}\n");
    Ok(output.raw(text.as_bytes())?)
}
