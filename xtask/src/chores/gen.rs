//! `cargo xtask gen`: generates the code, and shows the differences from the snapshots.

use std::fmt::Write;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::Args;
use twilio_verify_codegen::diff::compare;

use crate::changes::{self, Detail};
use crate::comparison::{Comparison, Difference};
use crate::compile::compile;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::outcome::Outcome;
use crate::recording;
use crate::replace::replace;
use crate::snapshots;
use crate::text_diff::{counts, unified};
use crate::warnings;
use crate::workspace::Workspace;

/// The command line of `gen`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Replaces the document with another one that Twilio published. An invalid one is rejected,
    /// and the present one kept.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Compiles the generated code as well. A document whose code doesn't compile is rejected.
    #[arg(long)]
    compile: bool,
    /// Accepts what differs: writes the snapshots, removes obsolete ones.
    #[arg(long)]
    accept: bool,
    /// Shows each change on a line of its own, uncut, and each overlay action that doesn't fit.
    #[arg(long, short)]
    verbose: bool,
    /// Writes nothing: for continuous integration.
    #[arg(long, conflicts_with_all = ["accept", "spec"])]
    check: bool,
}

/// Generates the code. Differences from the snapshots are submitted for review, accepted, or only
/// shown.
///
/// # Errors
///
/// Returns an error if a file can't be read or written, or the document is invalid.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Failure> {
    let mut report = String::new();
    let mut warnings = Vec::new();
    let inputs = match &options.spec {
        None => Inputs::own(workspace),
        Some(file) => Inputs::foreign(workspace, file, Some(&workspace.overlay())),
    };
    let generated = inputs.and_then(|inputs| {
        let generated = inputs.generate()?;
        if options.compile {
            let document = workspace.document();
            let document = options.spec.as_deref().unwrap_or(&document);
            compile(workspace, &generated, &workspace.name(document))?;
        }
        Ok((generated, inputs))
    });
    let (generated, inputs) = generated.map_err(|failure| match options.spec {
        None => failure,
        Some(_) => Failure::NotAdopted {
            reason: Box::new(failure),
            kept: workspace.name(&workspace.document()),
        },
    })?;
    warnings.extend(warnings::lines(&generated.warnings, options.verbose));
    let snapshots = snapshots::of(&generated);
    let comparison = Comparison::new(workspace, &snapshots)?;

    if let Some(file) = &options.spec {
        let detail = if options.verbose { Detail::Full } else { Detail::Brief };
        let changes = changes(workspace, &inputs, detail);
        let document = workspace.document();
        replace(&document, inputs.document().as_bytes())?;
        let document = workspace.name(&document);
        let _ = writeln!(report, "adopted {} as {document}\n", file.display());
        match changes {
            Ok(changes) => {
                let _ = writeln!(report, "{changes}");
            }
            // The document is replaced anyway, perhaps because the old one can't be read.
            Err(failure) => warnings.push(format!(
                "the documents can't be compared, the old one can't be read: {failure}"
            )),
        }
        if inputs.strict().surface().is_err() {
            warnings.push(format!(
                "{document} is now the overlay's own document: `cargo xtask gen` fails until the \
                 actions that don't fit it are removed from {}",
                workspace.name(&workspace.overlay())
            ));
        }
    }
    if options.accept {
        recording::accept(workspace, &snapshots, &comparison)?;
    } else if !options.check {
        recording::propose(workspace, &snapshots, &comparison)?;
    }

    if comparison.is_fresh() {
        let _ = writeln!(
            report,
            "unchanged: the surface and {} files of code are as {} has them",
            snapshots.len() - 1,
            workspace.name(&workspace.snapshots()),
        );
    } else {
        differences(&mut report, workspace, &comparison);
        closing(&mut report, options, &comparison);
    }
    Ok(Outcome { report, warnings, stale: !comparison.is_fresh() && !options.accept })
}

/// Returns the changes between the present document and another, and which are breaking.
fn changes(workspace: &Workspace, inputs: &Inputs, detail: Detail) -> Result<String, Failure> {
    let old = Inputs::foreign(workspace, &workspace.document(), Some(&workspace.overlay()))?;
    Ok(changes::text(&compare(&old.api()?, &inputs.api()?), detail))
}

fn differences(report: &mut String, workspace: &Workspace, comparison: &Comparison) {
    match comparison.surface() {
        None => report.push_str("the surface is unchanged\n"),
        Some(surface) => report.push_str(&unified(
            surface.old.as_deref().unwrap_or_default(),
            surface.new.as_deref().unwrap_or_default(),
            &workspace.name(&snapshots::file(workspace, &surface.name)),
            "generated",
        )),
    }
    report.push('\n');
    let code: Vec<_> = comparison.code().collect();
    if code.is_empty() {
        report.push_str("the code is unchanged\n");
    }
    let names = code.iter().map(|difference| difference.name.len());
    let width = names.max().unwrap_or_default();
    for difference in code {
        let (plus, minus) = counts(
            difference.old.as_deref().unwrap_or_default(),
            difference.new.as_deref().unwrap_or_default(),
        );
        let (green, red) = (AnsiColor::Green.on_default(), AnsiColor::Red.on_default());
        let _ = writeln!(
            report,
            "{:8}  {:width$}  {green}+{plus}{green:#} {red}-{minus}{red:#}",
            kind(difference),
            difference.name,
        );
    }
    report.push('\n');
}

fn kind(difference: &Difference) -> &'static str {
    match (&difference.old, &difference.new) {
        (None, _) => "new",
        (_, None) => "obsolete",
        _ => "changed",
    }
}

/// Reports what was done about the differences, and what is left to do.
fn closing(report: &mut String, options: &Options, comparison: &Comparison) {
    let bold = Style::new().bold();
    let accept = format!("{bold}cargo xtask gen --accept{bold:#}");
    let review = format!("{bold}cargo insta review{bold:#}");
    let count = comparison.differences.len();
    let snapshots = if count == 1 { "snapshot" } else { "snapshots" };
    // Insta can't show obsolete snapshots.
    let mut all = comparison.differences.iter();
    let pending = !options.check && all.any(|difference| difference.new.is_some());
    let _ = match (options.accept, pending) {
        (true, _) => writeln!(report, "accepted: {count} {snapshots}"),
        (false, true) => writeln!(
            report,
            "stale: {count} {snapshots}; {review} goes through what differs, {accept} accepts all of it",
        ),
        (false, false) => writeln!(report, "stale: {count} {snapshots}; {accept} accepts that"),
    };
}
