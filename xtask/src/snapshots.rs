//! The snapshots of the generated code, and their names.
//!
//! `surface.snap` contains the surface, and each `code/<file>.snap` a file of code. A file below
//! `code` that the generator no longer creates is obsolete.

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

/// A text that is recorded, or should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name: the path below the folder of snapshots, without `.snap`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Returns the snapshots of the generated code: the surface first, then the files.
pub fn of(generated: &Generated) -> Vec<Snapshot> {
    let surface = Snapshot { name: SURFACE.to_owned(), text: generated.surface.clone() };
    let code = generated
        .files
        .iter()
        .map(|(file, text)| Snapshot { name: format!("{CODE}/{file}"), text: text.clone() });
    [surface].into_iter().chain(code).collect()
}

/// Returns the file of a snapshot.
pub fn file(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.snapshots().join(format!("{name}.snap"))
}

/// Returns the file of a snapshot that waits for review.
pub fn pending_file(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.snapshots().join(format!("{name}.snap.new"))
}

/// Returns the names of the recorded snapshots, in order.
///
/// # Errors
///
/// Returns an error if a folder can't be read.
pub fn recorded(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    named(workspace, ".snap")
}

/// Returns the names of the snapshots that wait for review, in order.
///
/// # Errors
///
/// Returns an error if a folder can't be read.
pub fn pending(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    named(workspace, ".snap.new")
}

impl Snapshot {
    /// Asserts with insta that the text equals the recorded one.
    ///
    /// # Panics
    ///
    /// Panics if it does not, unless insta's environment variables say otherwise.
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
        // The part after the last slash, as insta replaces slashes with `__`.
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        settings.bind(|| assert_snapshot!(name, self.text));
    }

    /// Returns the text in the form that insta compares.
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
