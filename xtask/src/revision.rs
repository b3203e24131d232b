//! Files as they are in a git revision.

use std::process::Command;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// The document, as messages and git name it.
pub const DOCUMENT: &str = "openapi/verify_v2.json";

/// The overlay, as messages and git name it.
pub const OVERLAY: &str = "openapi/overlay.json";

/// The text of a file of the workspace in a revision.
///
/// # Errors
///
/// When git knows no such revision, or no such file there.
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
        // From the workspace, which may be a folder of the repository.
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
