//! `man`: writes manual pages.

use std::path::PathBuf;

use clap::{Args, Command};

use crate::failure::report::Failure;

/// The folder that the pages are written to.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  twilio-verify man ~/.local/share/man/man1
  man twilio-verify-attempts-summary")]
pub(crate) struct ManArgs {
    /// The folder for the pages; it is created if it doesn't exist
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Writes the pages: one for the program, and one for each command.
pub(crate) fn write(arguments: &ManArgs, command: Command) -> Result<(), Failure> {
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .map_err(|error| {
            Failure::usage(
                format!("<DIR>: the pages can't be written: {error}"),
                "choose a folder that can be written to",
            )
        })
}
