//! Where things are.

use std::path::{Path, PathBuf};

use crate::Failure;

/// A workspace: this one, or a copy of its `openapi` and snapshots.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace in `root`; without one, that which this program was
    /// built from.
    ///
    /// # Errors
    ///
    /// When there is no such folder.
    pub fn find(root: Option<PathBuf>) -> Result<Self, Failure> {
        let root = root.unwrap_or_else(Self::sources);
        // Canonical, for insta compares it with the paths of files.
        let root = root.canonicalize().map_err(|e| Failure::read(&root, e))?;
        Ok(Self { root })
    }

    /// The folder of the workspace.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The API document, as Twilio publishes it.
    pub fn document(&self) -> PathBuf {
        self.root.join("openapi").join("verify_v2.json")
    }

    /// What the published document leaves out.
    pub fn overlay(&self) -> PathBuf {
        self.root.join("openapi").join("overlay.json")
    }

    /// What is on record of the generated code.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join("tests").join("snapshots")
    }

    /// The workspace that this program was built from: its crates are those
    /// that compile what this program generates.
    pub fn sources() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    /// How messages name a file: from the root if it is below, with `/` on
    /// every system.
    pub fn name(&self, path: &Path) -> String {
        match path.strip_prefix(&self.root) {
            Ok(below) => slashes(below),
            Err(_) => path.display().to_string(),
        }
    }
}

/// A relative path, with `/` on every system.
pub(crate) fn slashes(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str());
    let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
