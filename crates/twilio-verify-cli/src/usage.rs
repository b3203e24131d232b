//! Errors of the command line, told without the values that were given.

use std::error::Error;
use std::io::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgMatches, Command, CommandFactory};

use crate::cli::Cli;
use crate::exit::Exit;
use crate::failure::{self, Failure};

/// The program's name.
pub(crate) const PROGRAM: &str = "twilio-verify";

/// The command that was given, with all its arguments.
pub(crate) fn used(matches: &ArgMatches) -> Command {
    let mut command = Cli::command();
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

/// How a command calls what the client calls a field; none if it has no flag
/// for that.
pub(crate) fn flag(command: &Command, field: &str) -> Option<String> {
    let name = field.replace('_', "-");
    let candidates = match field {
        // These may come from the environment, too.
        "region" => return Some("--region or TWILIO_REGION".to_owned()),
        "edge" => return Some("--edge or TWILIO_EDGE".to_owned()),
        // A SID is checked by the command line itself.
        "verification" => ["to".to_owned(), name],
        "number" => ["phone-number".to_owned(), name],
        "created_after" | "created_before" => [format!("date-{name}"), name],
        _ => [format!("{name}-sid"), name],
    };
    candidates.iter().find_map(|name| {
        let called = |argument: &&Arg| {
            argument.get_long() == Some(name)
                || argument
                    .get_all_aliases()
                    .is_some_and(|aliases| aliases.contains(&name.as_str()))
        };
        let long = command.get_arguments().find(called)?.get_long()?;
        Some(format!("--{long}"))
    })
}

/// Tells why the command line can't be run; or shows the help or the version
/// that was asked for.
pub(crate) fn report(error: &clap::Error) -> Exit {
    if !error.use_stderr() {
        let mut stdout = anstream::stdout();
        let written = write!(stdout, "{}", error.render().ansi()).and_then(|()| stdout.flush());
        return failure::written(written);
    }
    match error.kind() {
        ErrorKind::ValueValidation => return validation(error).report(false),
        ErrorKind::UnknownArgument if is_value(error) => {
            return Failure::usage(
                "there is a value where none is taken",
                "`--help` after the command shows what it takes",
            )
            .report(false);
        }
        _ => {}
    }
    let text = hide(error.render().ansi().to_string(), std::env::args_os());
    // Where nothing can be said on stderr, the exit code says it.
    let _ = write!(anstream::stderr(), "{text}");
    Exit::Usage
}

/// A value that its parser refused. clap would repeat it.
fn validation(error: &clap::Error) -> Failure {
    let argument = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.as_str(),
        _ => "a value",
    };
    let reason = match error.source() {
        Some(source) => source.to_string(),
        None => "invalid".to_owned(),
    };
    Failure::usage(
        format!("{argument}: {reason}"),
        "correct the value; `--help` after the command describes it",
    )
}

/// Whether what is too much is not a flag: then it may be anything.
fn is_value(error: &clap::Error) -> bool {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => !argument.starts_with('-'),
        _ => true,
    }
}

/// Takes out of a message what was given and may be private.
fn hide(mut text: String, arguments: impl Iterator<Item = std::ffi::OsString>) -> String {
    for argument in arguments.skip(1) {
        let argument = argument.to_string_lossy();
        let value = match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with('-') => value,
            _ => &*argument,
        };
        if is_private(value) {
            text = text.replace(value, "[hidden]");
        }
    }
    text
}

/// Whether a text may be a phone number, an e-mail address, a code or a
/// secret.
fn is_private(text: &str) -> bool {
    text.contains('@') || text.bytes().filter(u8::is_ascii_digit).count() >= 4
}

#[cfg(test)]
mod tests {
    use super::hide;

    #[test]
    fn private_values_are_hidden_and_others_are_not() {
        let hidden = |value: &str| {
            let text = format!("unexpected value '{value}'");
            let arguments = ["twilio-verify", "--x", value].map(Into::into);
            hide(text.clone(), arguments.into_iter()) != text
        };
        for value in [
            "+573003003030",
            "user@example.com",
            "3003003030",
            "1a2b3c4d5e",
            "1234",
        ] {
            assert!(hidden(value), "{value}");
        }
        for value in ["sumary", "--no-limits", "yaml", "100"] {
            assert!(!hidden(value), "{value}");
        }
        let arguments = ["x", "--x=+573003003030"].map(Into::into).into_iter();
        assert_eq!(
            hide("'+573003003030' --x".into(), arguments),
            "'[hidden]' --x"
        );
    }
}
