//! Builds the arguments of a command that comes from the document.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, ArgAction, ArgGroup, Args, Command};

use super::help;
use crate::operations::operation::{Kind, Operation, Parameter, Place};
use crate::operations::{checks, path, read};
use crate::session::input::STDIN;
use crate::session::lists::Range;
use crate::values::zone::Zone;

/// The id of the argument that names the resource without a flag.
pub(super) const POSITIONAL: &str = "positional";

/// The id of the flag that skips confirmation.
pub(super) const YES: &str = "yes";

/// The help on what replaces a flag for the service.
const SERVICE_DEFAULT: &str = "Without it TWILIO_VERIFY_SERVICE_SID, or service_sid of the profile";

/// The flags that name a service.
const SERVICE: [&str; 2] = ["service-sid", "verify-service-sid"];

/// A value as it was given.
#[derive(Clone)]
pub(super) enum Given {
    /// A valid value on the command line. Its meaning may depend on the zone.
    Here(String),
    /// A value that is read from stdin.
    Stdin,
}

/// Returns the command of an operation.
pub(super) fn command(verb: &'static str, operation: &'static Operation) -> Command {
    let mut command = Command::new(verb);
    if verb == "remove" {
        command = command.visible_alias("delete");
    }
    let named_by = path::named_by(operation);
    for parameter in &operation.parameters {
        let is_name = named_by.is_some_and(|name| std::ptr::eq(name, parameter));
        if is_name {
            let mut argument = flag(parameter).required(false).help("The same, as a flag");
            if read::sid_prefix(&parameter.schema) == Some("VA") {
                argument = argument.visible_aliases(free_names_of_service(operation, parameter));
            }
            command = command
                .arg(positional(parameter))
                .arg(argument)
                .group(ArgGroup::new("named").args([POSITIONAL, &parameter.flag]).required(true));
        } else {
            let is_default = is_service_of(parameter);
            let mut argument = flag(parameter).required(parameter.required && !is_default);
            if help::is_update(operation) {
                argument = argument.help(help::without_default(&help::of(parameter)));
            }
            if SERVICE.contains(&parameter.flag.as_str()) {
                argument = argument.visible_aliases(free_names_of_service(operation, parameter));
            }
            if is_default {
                let help = help::of(parameter);
                argument = argument.help(format!("{help}. {SERVICE_DEFAULT}"));
            }
            command = command.arg(argument);
        }
    }
    let response = operation.response.as_ref();
    if response.is_some_and(|response| response.list.is_some()) {
        command = Range::augment_args(command);
    }
    if operation.method == "DELETE" {
        command = command.arg(Arg::new(YES).short('y').long(YES).action(ArgAction::SetTrue).help(
            "Don't ask for confirmation; required without a terminal. Another answer \
                     than yes deletes nothing, and the exit code is 0",
        ));
    }
    // Set this after the arguments of a list, which have their own description.
    command = command.about(help::about(operation));
    match help::notes(operation) {
        Some(notes) => command.after_help(notes),
        None => command,
    }
}

/// Whether a parameter is the service that a resource belongs to, which a
/// setting may name instead.
pub(super) fn is_service_of(parameter: &Parameter) -> bool {
    parameter.place == Place::Path && SERVICE.contains(&parameter.flag.as_str())
}

/// Returns the other flags for a parameter that is a service.
fn free_names_of_service(
    operation: &Operation,
    parameter: &Parameter,
) -> impl Iterator<Item = &'static str> {
    let free = |name: &&str| operation.parameters.iter().all(|other| other.flag != **name);
    SERVICE.into_iter().filter(free).filter(|name| *name != parameter.flag)
}

fn flag(parameter: &'static Parameter) -> Arg {
    let mut argument = Arg::new(parameter.flag.as_str())
        .long(parameter.flag.as_str())
        .value_name(help::value_name(parameter))
        .value_parser(Reader(parameter))
        .help(help::of(parameter));
    if let Some(dashed) = &parameter.dashed {
        argument = argument.alias(dashed.as_str());
    }
    match &parameter.schema.kind {
        Kind::List(_) | Kind::Json => argument.action(ArgAction::Append),
        Kind::Boolean => {
            argument.num_args(0..=1).require_equals(true).default_missing_value("true")
        }
        Kind::Integer | Kind::Number | Kind::Instant => argument.allow_hyphen_values(true),
        Kind::Text | Kind::Country => argument,
    }
}

/// Returns the argument that names the resource. It is read later, so that an
/// error names its flag, too.
fn positional(parameter: &'static Parameter) -> Arg {
    Arg::new(POSITIONAL).value_name(help::value_name(parameter)).help(help::of(parameter))
}

/// Reads the values of a parameter. The known values of an enum are hints for
/// the help and for completions.
#[derive(Clone)]
struct Reader(&'static Parameter);

impl TypedValueParser for Reader {
    type Value = Given;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let parameter = self.0;
        let read = move |text: &str| match text {
            STDIN if parameter.secret => Ok(Given::Stdin),
            text => checks::read(parameter, text, Zone::Utc).map(|_| Given::Here(text.to_owned())),
        };
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let known = &help::single(self.0).known;
        if known.is_empty() {
            return None;
        }
        Some(Box::new(known.iter().map(|value| PossibleValue::new(value.as_str()))))
    }
}
