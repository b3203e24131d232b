//! What the command line calls a value.

use clap::{Arg, ArgMatches, Command};

/// The command that was given, with all its arguments.
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

/// The flag for a field of the client, if the command has one.
pub(crate) fn flag(command: &Command, field: &str) -> Option<String> {
    let name = field.replace('_', "-");
    let candidates = match field {
        "root_certificate" => return Some("TWILIO_CA_BUNDLE".to_owned()),
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
