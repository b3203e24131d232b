//! The arguments of a command that comes from the document.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, ArgAction, ArgGroup, Args, Command};
use serde_json::Value;

use super::help;
use crate::operations::operation::{Kind, Operation, Parameter};
use crate::operations::{checks, path};
use crate::session::input::STDIN;
use crate::session::lists::Range;

/// The id of the argument that names the resource without a flag.
pub(super) const POSITIONAL: &str = "positional";

/// The id of the flag that skips confirmation.
pub(super) const YES: &str = "yes";

/// Flags that name the same thing.
const SYNONYMS: [(&str, &str); 2] =
    [("service-sid", "verify-service-sid"), ("verify-service-sid", "service-sid")];

/// A value as it was given.
#[derive(Clone)]
pub(super) enum Given {
    /// On the command line.
    Here(Value),
    /// On stdin.
    Stdin,
}

/// The command of an operation.
pub(super) fn command(verb: &'static str, operation: &'static Operation) -> Command {
    let mut command = Command::new(verb);
    if verb == "remove" {
        command = command.visible_alias("delete");
    }
    let named_by = path::named_by(operation);
    for parameter in &operation.parameters {
        let is_name = named_by.is_some_and(|name| std::ptr::eq(name, parameter));
        if is_name {
            command = command
                .arg(positional(parameter))
                .arg(flag(parameter).required(false).help("The same, as a flag"))
                .group(ArgGroup::new("named").args([POSITIONAL, &parameter.flag]).required(true));
        } else {
            let mut argument = flag(parameter).required(parameter.required);
            for (name, synonym) in SYNONYMS {
                let is_taken = operation.parameters.iter().any(|other| other.flag == synonym);
                if name == parameter.flag && !is_taken {
                    argument = argument.alias(synonym);
                }
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
    // After the arguments of a list, which bring their own description.
    command = command.about(help::about(operation));
    match help::notes(operation) {
        Some(notes) => command.after_help(notes),
        None => command,
    }
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

/// The argument that names the resource. It is read later, so that an error
/// names its flag, too.
fn positional(parameter: &'static Parameter) -> Arg {
    Arg::new(POSITIONAL).value_name(help::value_name(parameter)).help(help::of(parameter))
}

/// Reads the values of a parameter. Known values of an enum are hints for the
/// help and for completions.
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
            text => checks::read(parameter, text).map(Given::Here),
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
