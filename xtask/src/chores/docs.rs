//! `cargo xtask docs`: writes the generated parts of the guide.

use std::fmt::Write;

use clap::Args;

use crate::failure::Failure;
use crate::guide::pages::pages;
use crate::outcome::Outcome;
use crate::replace::replace;
use crate::text_diff::unified;
use crate::workspace::Workspace;

/// The command line of `docs`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Writes nothing, shows what differs, and exits with 1 if something does.
    #[arg(long)]
    check: bool,
}

/// Writes the parts of the guide that are generated from the document and the facade.
///
/// # Errors
///
/// Returns an error if a file can't be read or written, or an operation has no call.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::default();
    for page in pages(workspace)? {
        let name = workspace.name(&page.path);
        if page.old == page.new {
            let _ = writeln!(outcome.report, "{name} is fresh");
        } else if options.check {
            outcome.report.push_str(&unified(&page.old, &page.new, &name, "generated"));
            let _ = writeln!(outcome.report, "{name} is stale: run `cargo xtask docs`");
            outcome.stale = true;
        } else {
            replace(&page.path, page.new.as_bytes())?;
            let _ = writeln!(outcome.report, "wrote {name}");
        }
    }
    Ok(outcome)
}
