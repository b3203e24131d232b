//! Reads files of a git revision.

use std::process::Command;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// The path of the document, in messages and for git.
pub const DOCUMENT: &str = "openapi/verify_v2.json";

/// The path of the overlay, in messages and for git.
pub const OVERLAY: &str = "openapi/overlay.json";

/// Returns the text of a file of the workspace in a revision.
///
/// # Errors
///
/// Returns an error if git doesn't know the revision, or the file in it.
pub fn read(workspace: &Workspace, revision: &str, file: &str) -> Result<String, Failure> {
    git(workspace, revision, file).map_err(|reason| Failure::Revision {
        name: revision.to_owned(),
        file: file.to_owned(),
        reason,
    })
}

fn git(workspace: &Workspace, revision: &str, file: &str) -> Result<String, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(workspace.root())
        .args(["show", "--no-textconv", "--end-of-options"])
        // Relative to the workspace, which may be a folder of the repository.
        .arg(format!("{revision}:./{file}"))
        .output()
        .map_err(|error| format!("git can't be run: {error}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|_| "the file is not UTF-8".to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or("it gave no reason");
    Err(first.trim_start_matches("fatal: ").to_owned())
}
