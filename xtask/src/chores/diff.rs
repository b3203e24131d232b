//! `cargo xtask diff`: shows what changes between two documents.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use twilio_verify_codegen::diff::{Severity, compare};

use crate::changes::{self, Detail};
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::outcome::Outcome;
use crate::revision;
use crate::warnings;
use crate::workspace::Workspace;

/// The command line of `diff`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The old document: a file, or a git revision of openapi/verify_v2.json.
    /// A file goes before a revision of the same name.
    old: String,
    /// The new document, likewise [default: that of the working tree]
    new: Option<String>,
    /// The overlay of files, or `none` [default: openapi/overlay.json].
    /// A revision goes with its own.
    #[arg(long, value_name = "PATH")]
    overlay: Option<PathBuf>,
    /// How to show it: for a terminal, for programs, or for a pull request.
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    /// Exits with 1 if there is such a change, for either audience.
    #[arg(long, value_enum)]
    deny: Option<Deny>,
    /// Shows each change on a line of its own, uncut, and each overlay action that doesn't fit.
    #[arg(long, short)]
    verbose: bool,
}

/// How to show what changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// A verdict and a line a change, for a terminal.
    #[default]
    Text,
    /// For programs, in a form that stays.
    Json,
    /// For a pull request.
    Markdown,
}

/// What makes the chore fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// A change that breaks something for users of the Rust API, or on the
    /// wire.
    Breaking,
}

/// Compares two documents. Writes nothing.
///
/// # Errors
///
/// Returns an error if there is no such file or revision, or a document is invalid.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Failure> {
    let mut warnings = Vec::new();
    let document = workspace.document();
    let working_tree = workspace.name(&document);
    let old = inputs(workspace, &options.old, options, &mut warnings)?;
    let new = match &options.new {
        Some(new) => inputs(workspace, new, options, &mut warnings)?,
        None => file(workspace, &document, options)?,
    };
    let files = [Some(&options.old), options.new.as_ref()];
    if options.overlay.is_some() && files.iter().all(|name| name.is_some_and(|name| !is_file(name)))
    {
        warnings.push("--overlay is for files; both documents are revisions".to_owned());
    }
    let new_name = options.new.as_deref().unwrap_or(&working_tree);

    let (old, new) = (old.api()?, new.api()?);
    for (name, api) in [(&*options.old, &old), (new_name, &new)] {
        let all = warnings::lines(api.warnings(), options.verbose).into_iter();
        warnings.extend(all.map(|warning| format!("{name}: {warning}")));
    }
    let detail = if options.verbose { Detail::Full } else { Detail::Brief };
    let diff = compare(&old, &new);
    let report = match options.output {
        Output::Text => changes::text(&diff, detail),
        Output::Markdown => changes::markdown(&diff, &options.old, new_name, detail),
        Output::Json => changes::json(&diff, &options.old, new_name)
            .map_err(|error| Failure::Print(error.into()))?,
    };
    Ok(Outcome {
        report,
        warnings,
        stale: match options.deny {
            None => false,
            Some(Deny::Breaking) => diff.of(Severity::Breaking).next().is_some(),
        },
    })
}

/// Whether an argument is a path, and not a revision.
fn is_file(name: &str) -> bool {
    Path::new(name).exists()
}

/// Reads a file if it exists, or a revision.
fn inputs(
    workspace: &Workspace,
    name: &str,
    options: &Options,
    warnings: &mut Vec<String>,
) -> Result<Inputs, Failure> {
    if is_file(name) {
        return file(workspace, Path::new(name), options);
    }
    let of_revision = |file: &str| {
        let text = revision::read(workspace, name, file)?;
        Ok((format!("{name}:{file}"), text))
    };
    let document = of_revision(revision::DOCUMENT)?;
    let overlay = of_revision(revision::OVERLAY).map_err(|_: Failure| {
        let overlay = revision::OVERLAY;
        warnings.push(format!("{name}: has no {overlay}: it is compared as published"));
    });
    Ok(Inputs::of_texts(document, overlay.ok()))
}

fn file(workspace: &Workspace, file: &Path, options: &Options) -> Result<Inputs, Failure> {
    let overlay = options.overlay.clone();
    let overlay = overlay.unwrap_or_else(|| workspace.overlay());
    let overlay = (overlay.as_os_str() != "none").then_some(&*overlay);
    Inputs::foreign(workspace, file, overlay)
}
