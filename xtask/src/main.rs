//! The command line: a match over the chores.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::chores::{diff, docs, features, r#gen, pictures, public_api, surface};
use xtask::recording;
use xtask::workspace::Workspace;

/// The chores of this workspace.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Exit codes: 0 success; 1 something is stale, or breaking where that is denied; 2 failure: an \
                  invalid command line, a file that can't be read or written, an invalid document."
)]
struct Arguments {
    /// The workspace to work on, instead of that of the current folder.
    #[arg(long, global = true, value_name = "DIR")]
    workspace: Option<PathBuf>,
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Generates the code, and shows what differs from the snapshots.
    Gen(r#gen::Options),
    /// Shows what changes between two documents, and which changes are breaking.
    Diff(diff::Options),
    /// Writes the generated parts of the guide: the migration table and the error codes.
    Docs(docs::Options),
    /// Draws the picture of the terminal in the README.
    Pictures(pictures::Options),
    /// Prints the surface of a document: operations, resources, enums, SIDs.
    Surface(surface::Options),
    /// Checks that the facade exposes no type of the generator's or the HTTP client's.
    PublicApi(public_api::Options),
    /// Checks that the facade compiles with any choice of its features.
    Features(features::Options),
    /// Records the snapshots on standard input: `gen` calls it.
    #[command(hide = true)]
    RecordSnapshots,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = Workspace::find(arguments.workspace).and_then(|workspace| match arguments.chore {
        Chore::Gen(options) => r#gen::run(&workspace, &options),
        Chore::Diff(options) => diff::run(&workspace, &options),
        Chore::Docs(options) => docs::run(&workspace, &options),
        Chore::Pictures(options) => pictures::run(&workspace, &options),
        Chore::Surface(options) => surface::run(&workspace, &options),
        Chore::PublicApi(options) => public_api::run(&workspace, &options),
        Chore::Features(options) => features::run(&workspace, &options),
        Chore::RecordSnapshots => recording::run(&workspace),
    });
    let code = result.and_then(|outcome| outcome.print());
    code.unwrap_or_else(|failure| failure.print())
}
