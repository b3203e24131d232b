//! The folder of the workspace, and its files.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;

/// A workspace: its folder, and the files in it.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Returns the workspace in `root`, or that of the current folder.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such folder, or the current one is in no workspace.
    pub fn find(root: Option<PathBuf>) -> Result<Self, Failure> {
        let root = match root {
            Some(root) => root,
            None => current()?,
        };
        // Canonical, as insta compares it with the paths of files.
        let root = root.canonicalize().map_err(|e| Failure::read(&root, e))?;
        Ok(Self { root })
    }

    /// Returns the folder of the workspace.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the path of the API document, as Twilio publishes it.
    pub fn document(&self) -> PathBuf {
        self.root.join("openapi").join("verify_v2.json")
    }

    /// Returns the path of the overlay, which adds what the published document leaves out.
    pub fn overlay(&self) -> PathBuf {
        self.root.join("openapi").join("overlay.json")
    }

    /// Returns the folder of the recorded snapshots.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join("tests").join("snapshots")
    }

    /// Returns the folder that cargo builds in.
    ///
    /// # Errors
    ///
    /// Returns an error if `CARGO_TARGET_DIR` is empty, or the current folder is gone.
    pub fn target(&self) -> Result<PathBuf, Failure> {
        let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target = target.unwrap_or_else(|| self.root.join("target"));
        std::path::absolute(target).map_err(Failure::Cargo)
    }

    /// Returns the name of a file in messages: relative to the root if it is below, with `/` on
    /// every system.
    pub fn name(&self, path: &Path) -> String {
        match path.strip_prefix(&self.root) {
            Ok(below) => slashes(below),
            Err(_) => path.display().to_string(),
        }
    }
}

/// Returns the root of the workspace that the current folder is in.
fn current() -> Result<PathBuf, Failure> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["locate-project", "--workspace", "--message-format", "plain"])
        .stdin(Stdio::null())
        .output()
        .map_err(Failure::Cargo)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim().trim_start_matches("error: ");
        return Err(Failure::NoWorkspace(said.to_owned()));
    }
    let manifest = String::from_utf8(output.stdout);
    let manifest = manifest.map_err(|error| Failure::Cargo(io::Error::other(error)))?;
    let root = Path::new(manifest.trim_end()).parent();
    Ok(root.unwrap_or(Path::new("/")).to_owned())
}

/// Returns a relative path, with `/` on every system.
pub(crate) fn slashes(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str());
    let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
