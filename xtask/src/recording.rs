//! Records snapshots, or submits them for review. Insta writes the files.
//!
//! Insta is configured by environment variables, which a process can't change for itself without
//! `unsafe`. So this program starts itself: the child asserts the snapshots from standard input,
//! with variables that make insta write the differences.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::comparison::Comparison;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::snapshots::{self, Snapshot};
use crate::workspace::Workspace;

/// Records the generated snapshots, and removes obsolete ones and those that wait for review.
///
/// # Errors
///
/// Returns an error if a file can't be written or removed.
pub fn accept(
    workspace: &Workspace,
    generated: &[Snapshot],
    comparison: &Comparison,
) -> Result<(), Failure> {
    if !comparison.is_fresh() {
        record(workspace, generated, "always")?;
    }
    for obsolete in comparison.code().filter(|code| code.new.is_none()) {
        let file = snapshots::file(workspace, &obsolete.name);
        fs::remove_file(&file).map_err(|error| Failure::write(&file, error))?;
    }
    withdraw(workspace, |_| true)
}

/// Submits differences for review, and withdraws snapshots that no longer differ.
///
/// # Errors
///
/// Returns an error if a file can't be written or removed.
pub fn propose(
    workspace: &Workspace,
    generated: &[Snapshot],
    comparison: &Comparison,
) -> Result<(), Failure> {
    if !comparison.is_fresh() {
        record(workspace, generated, "new")?;
    }
    withdraw(workspace, |name| {
        let mut all = comparison.differences.iter();
        !all.any(|difference| difference.name == name && difference.new.is_some())
    })
}

/// Runs in the child: asserts the snapshots from standard input.
///
/// # Errors
///
/// Returns an error if standard input is not a list of snapshots.
pub fn run(workspace: &Workspace) -> Result<Outcome, Failure> {
    let snapshots: Vec<(String, String)> = serde_json::from_reader(io::stdin())
        .map_err(|error| Failure::recording(&workspace.snapshots(), error))?;
    for (name, text) in snapshots {
        Snapshot { name, text }.assert(workspace);
    }
    Ok(Outcome::default())
}

fn record(workspace: &Workspace, generated: &[Snapshot], update: &str) -> Result<(), Failure> {
    let failure = |reason: String| Failure::recording(&workspace.snapshots(), reason);
    let pairs: Vec<_> = generated.iter().map(|s| (&s.name, &s.text)).collect();
    let input = serde_json::to_vec(&pairs).map_err(|error| failure(error.to_string()))?;

    let program = env::current_exe().map_err(|error| failure(error.to_string()))?;
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        // A maintainer's own settings are meant for tests.
        if name.to_string_lossy().starts_with("INSTA_") {
            command.env_remove(name);
        }
    }
    let mut child = command
        .args(["record-snapshots", "--workspace"])
        .arg(workspace.root())
        .env("INSTA_FORCE_PASS", "1")
        .env("INSTA_OUTPUT", "none")
        .env("INSTA_UPDATE", update)
        .env("INSTA_WORKSPACE_ROOT", workspace.root())
        // Insta records where the assertion is, relative to this folder.
        .current_dir(workspace.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failure(error.to_string()))?;
    // If the child has ended early, its output states why.
    let sent = child.stdin.take().map(|mut stdin| stdin.write_all(&input));
    let output = child.wait_with_output().map_err(|error| failure(error.to_string()))?;
    match sent {
        Some(Ok(())) if output.status.success() => Ok(()),
        _ => Err(failure(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
    }
}

/// Withdraws the useless snapshots from review.
fn withdraw(workspace: &Workspace, useless: impl Fn(&str) -> bool) -> Result<(), Failure> {
    for name in snapshots::pending(workspace)? {
        if useless(&name) {
            let file = snapshots::pending_file(workspace, &name);
            fs::remove_file(&file).map_err(|error| Failure::write(&file, error))?;
        }
    }
    Ok(())
}
