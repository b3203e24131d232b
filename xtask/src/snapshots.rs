//! What is recorded of the generated code, under which names.
//!
//! `surface.snap` holds the surface, `code/<file>.snap` a file of code. All of
//! `code` belongs to the generator: what it no longer makes is obsolete.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use insta::internals::TextSnapshotContents;
use insta::{Settings, TextSnapshotKind, assert_snapshot};
use twilio_verify_codegen::Generated;

use crate::failure::Failure;
use crate::workspace::Workspace;
use crate::workspace::slashes;

/// The name of the surface's snapshot.
pub const SURFACE: &str = "surface";

const CODE: &str = "code";

/// A text that is on record, or should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name: the path below the folder of snapshots, without `.snap`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The snapshots of what was generated: the surface first, then the code.
pub fn of(generated: &Generated) -> Vec<Snapshot> {
    let surface = Snapshot { name: SURFACE.to_owned(), text: generated.surface.clone() };
    let code = generated
        .files
        .iter()
        .map(|(file, text)| Snapshot { name: format!("{CODE}/{file}"), text: text.clone() });
    [surface].into_iter().chain(code).collect()
}

/// The file of a snapshot.
pub fn file(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.snapshots().join(format!("{name}.snap"))
}

/// The file of a snapshot that waits for review.
pub fn pending_file(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.snapshots().join(format!("{name}.snap.new"))
}

/// The names of the snapshots on record, in order.
///
/// # Errors
///
/// When a folder can't be read.
pub fn recorded(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    named(workspace, ".snap")
}

/// The names of the snapshots that wait for review, in order.
///
/// # Errors
///
/// When a folder can't be read.
pub fn pending(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    named(workspace, ".snap.new")
}

impl Snapshot {
    /// Asserts by insta that the text is the one on record.
    ///
    /// # Panics
    ///
    /// When it is not, unless insta's environment says otherwise.
    pub fn assert(&self, workspace: &Workspace) {
        let file = file(workspace, &self.name);
        let mut settings = Settings::new();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_input_file(workspace.document());
        settings.set_description(if self.name == SURFACE {
            "What the API offers. A change of the document shows here first."
        } else {
            "Generated at build time; on record for review."
        });
        if let Some(folder) = file.parent() {
            settings.set_snapshot_path(folder);
        }
        // After the last slash, for insta writes `__` for slashes.
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        settings.bind(|| assert_snapshot!(name, self.text));
    }

    /// The text as insta compares it.
    pub fn contents(&self) -> TextSnapshotContents {
        TextSnapshotContents::new(self.text.clone(), TextSnapshotKind::File)
    }
}

fn named(workspace: &Workspace, suffix: &str) -> Result<Vec<String>, Failure> {
    let root = workspace.snapshots();
    let surface = root.join(format!("{SURFACE}{suffix}"));
    let mut files = Vec::from_iter(surface.exists().then_some(surface));
    files_below(&root.join(CODE), &mut files)?;
    let names = files.iter().filter_map(|file| {
        let name = slashes(file.strip_prefix(&root).ok()?);
        Some(name.strip_suffix(suffix)?.to_owned())
    });
    let mut names: Vec<_> = names.collect();
    names.sort();
    Ok(names)
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.and_then(Iterator::collect::<io::Result<Vec<_>>>),
    };
    for entry in entries.map_err(|error| Failure::read(folder, error))? {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files_below(&path, files)?,
            Ok(_) => files.push(path),
            Err(error) => return Err(Failure::read(&path, error)),
        }
    }
    Ok(())
}
