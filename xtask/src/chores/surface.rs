//! `cargo xtask surface`: prints the surface of a document.

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::outcome::Outcome;
use crate::warnings;
use crate::workspace::Workspace;

/// The command line of `surface`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The document [default: openapi/verify_v2.json]
    file: Option<PathBuf>,
    /// The overlay, or `none` [default: openapi/overlay.json]
    #[arg(long, value_name = "PATH")]
    overlay: Option<PathBuf>,
    /// Names each overlay action that doesn't fit.
    #[arg(long, short)]
    verbose: bool,
}

/// Prints the surface of a document. Writes nothing.
///
/// # Errors
///
/// Returns an error if a file can't be read, or the document is invalid.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Failure> {
    let inputs = if options.file.is_none() && options.overlay.is_none() {
        Inputs::own(workspace)?
    } else {
        let file = options.file.clone();
        let overlay = options.overlay.clone();
        let overlay = overlay.unwrap_or_else(|| workspace.overlay());
        Inputs::foreign(
            workspace,
            &file.unwrap_or_else(|| workspace.document()),
            (overlay.as_os_str() != "none").then_some(&overlay),
        )?
    };
    let (report, warnings) = inputs.surface()?;
    let warnings = warnings::lines(&warnings, options.verbose);
    Ok(Outcome { report, warnings, stale: false })
}
