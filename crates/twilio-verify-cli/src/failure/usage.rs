//! Reports errors of the command line, without the values that were given.

use std::error::Error;
use std::io::Write;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::exit::Exit;
use crate::failure::flags;
use crate::failure::report::{self, Failure};

/// Reports an invalid command line, or shows the help or version that was
/// requested.
pub(crate) fn report(error: &clap::Error, command: &Command) -> Exit {
    if !error.use_stderr() {
        let mut stdout = anstream::stdout();
        let written = write!(stdout, "{}", error.render().ansi()).and_then(|()| stdout.flush());
        return report::written(written);
    }
    match error.kind() {
        ErrorKind::ValueValidation => return validation(error, command).report(false),
        ErrorKind::UnknownArgument if is_value(error) => {
            return Failure::usage(
                "unexpected value",
                "`--help` after the command lists what it accepts",
            )
            .report(false);
        }
        _ => {}
    }
    let text = hide(error.render().ansi().to_string(), std::env::args_os());
    // If stderr can't be written, the exit code still reports the failure.
    let _ = write!(anstream::stderr(), "{text}");
    Exit::Usage
}

/// Returns the failure for a value that its parser rejected. clap's own message
/// would repeat the value.
fn validation(error: &clap::Error, command: &Command) -> Failure {
    let argument = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => argument.as_str(),
        _ => "a value",
    };
    let variable = flags::variable(command, argument, std::env::args_os());
    let argument = variable.as_deref().unwrap_or(argument);
    let reason = match error.source() {
        Some(source) => source.to_string(),
        None => "invalid".to_owned(),
    };
    Failure::usage(
        format!("{argument}: {reason}"),
        "correct the value; `--help` after the command describes it",
    )
}

/// Whether the unexpected argument is a value rather than a flag.
fn is_value(error: &clap::Error) -> bool {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) => !argument.starts_with('-'),
        _ => true,
    }
}

/// Replaces the given values that may be private in a message.
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
        for value in ["+573003003030", "user@example.com", "3003003030", "1a2b3c4d5e", "1234"] {
            assert!(hidden(value), "{value}");
        }
        for value in ["sumary", "--no-limits", "yaml", "100"] {
            assert!(!hidden(value), "{value}");
        }
        let arguments = ["x", "--x=+573003003030"].map(Into::into).into_iter();
        assert_eq!(hide("'+573003003030' --x".into(), arguments), "'[hidden]' --x");
    }
}
