//! Finds the flag of a value.

use std::ffi::OsString;

use clap::{Arg, ArgMatches, Command};

/// Returns the command that was given, with all its arguments.
pub(crate) fn used(mut command: Command, matches: &ArgMatches) -> Command {
    command.build();
    let mut matches = matches;
    while let Some((name, inner)) = matches.subcommand() {
        let Some(found) = command.find_subcommand(name) else {
            break;
        };
        command = found.clone();
        matches = inner;
    }
    command
}

/// Returns the flag for a field of the client, if the command has one.
pub(crate) fn flag(command: &Command, field: &str) -> Option<String> {
    let name = field.replace('_', "-");
    let candidates = match field {
        "root_certificate" => return Some("TWILIO_CA_BUNDLE".to_owned()),
        // The command line itself checks SIDs.
        "verification" => ["to".to_owned(), name],
        "number" => ["phone-number".to_owned(), name],
        "created_after" | "created_before" => [format!("date-{name}"), name],
        _ => [format!("{name}-sid"), name],
    };
    candidates.iter().find_map(|name| named(command.get_arguments(), |flag| flag == name))
}

/// Returns the command's own flag for a parameter of the API, by the letters of its name.
pub(super) fn of_parameter(command: &Command, name: &str) -> Option<String> {
    let own = command.get_arguments().filter(|argument| !argument.is_global_set());
    named(own, |flag| letters(flag) == name)
}

/// Returns the letters, digits and dots of a name in lower case, whatever separates its words:
/// `codelength` for `CodeLength` and for `code-length`.
pub(super) fn letters(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.');
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns the first flag whose name or alias matches.
fn named<'a>(
    mut arguments: impl Iterator<Item = &'a Arg>,
    is_it: impl Fn(&str) -> bool,
) -> Option<String> {
    let called = |argument: &&Arg| {
        let aliases = argument.get_all_aliases().unwrap_or_default();
        argument.get_long().into_iter().chain(aliases).any(&is_it)
    };
    let long = arguments.find(called)?.get_long()?;
    Some(format!("--{long}"))
}

/// Returns the environment variable that a value comes from, unless the flag of `argument`, such as
/// `--port <PORT>`, was given.
pub(super) fn variable(
    command: &Command,
    argument: &str,
    mut arguments: impl Iterator<Item = OsString>,
) -> Option<String> {
    let flag = argument.split(' ').next()?;
    let name = flag.strip_prefix("--")?;
    let is_given = |given: OsString| given.to_string_lossy().split('=').next() == Some(flag);
    if arguments.any(is_given) {
        return None;
    }
    variable_of(command, name)
}

/// Returns the environment variable of a flag, if it is set.
fn variable_of(command: &Command, name: &str) -> Option<String> {
    let mut own = command.get_arguments().filter(|argument| argument.get_long() == Some(name));
    let variable =
        own.find_map(Arg::get_env).filter(|variable| std::env::var_os(variable).is_some());
    match variable {
        Some(variable) => variable.to_str().map(ToOwned::to_owned),
        None => command.get_subcommands().find_map(|inner| variable_of(inner, name)),
    }
}
