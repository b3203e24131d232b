//! Compares the generated code with the recorded snapshots.

use std::collections::BTreeSet;
use std::fs;
use std::io;

use insta::TextSnapshotKind;
use insta::internals::{SnapshotContents, TextSnapshotContents};

use crate::failure::Failure;
use crate::snapshots::{self, Snapshot};
use crate::workspace::Workspace;

/// The snapshots that differ, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The differences, sorted by name.
    pub differences: Vec<Difference>,
}

/// A snapshot that differs from the recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The name of the snapshot.
    pub name: String,
    /// The recorded text; `None` for a new snapshot.
    pub old: Option<String>,
    /// The generated text; `None` for an obsolete snapshot.
    pub new: Option<String>,
}

impl Comparison {
    /// Compares the generated snapshots with the recorded ones.
    ///
    /// # Errors
    ///
    /// Returns an error if a file or folder can't be read.
    pub fn new(workspace: &Workspace, generated: &[Snapshot]) -> Result<Self, Failure> {
        let mut differences = Vec::new();
        for snapshot in generated {
            let new = snapshot.contents();
            let old = read(workspace, &snapshot.name)?;
            // The same comparison as insta's.
            let same = old.as_ref().is_some_and(|old| *old == SnapshotContents::Text(new.clone()));
            if !same {
                differences.push(Difference {
                    name: snapshot.name.clone(),
                    old: old.as_ref().map(text),
                    new: Some(new.to_string()),
                });
            }
        }
        let names: BTreeSet<&str> = generated.iter().map(|snapshot| &*snapshot.name).collect();
        for name in snapshots::recorded(workspace)? {
            if !names.contains(&*name) {
                let old = read(workspace, &name)?;
                differences.push(Difference {
                    old: Some(old.as_ref().map(text).unwrap_or_default()),
                    new: None,
                    name,
                });
            }
        }
        differences.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { differences })
    }

    /// Whether nothing differs.
    pub fn is_fresh(&self) -> bool {
        self.differences.is_empty()
    }

    /// Returns the difference of the surface.
    pub fn surface(&self) -> Option<&Difference> {
        let mut all = self.differences.iter();
        all.find(|difference| difference.name == snapshots::SURFACE)
    }

    /// Returns the differences of the code.
    pub fn code(&self) -> impl Iterator<Item = &Difference> {
        let all = self.differences.iter();
        all.filter(|difference| difference.name != snapshots::SURFACE)
    }
}

/// Reads a recorded snapshot. A file that insta can't parse, for example with the markers of a
/// merge conflict, counts as an empty text, so that it is replaced.
fn read(workspace: &Workspace, name: &str) -> Result<Option<SnapshotContents>, Failure> {
    let file = snapshots::file(workspace, name);
    match fs::metadata(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::read(&file, error)),
        Ok(_) => {}
    }
    match insta::Snapshot::from_file(&file) {
        Ok(snapshot) => Ok(Some(snapshot.contents().clone())),
        Err(error) => match error.downcast::<io::Error>() {
            Ok(error) if error.kind() != io::ErrorKind::InvalidData => {
                Err(Failure::read(&file, *error))
            }
            _ => {
                let empty = TextSnapshotContents::new(String::new(), TextSnapshotKind::File);
                Ok(Some(empty.into()))
            }
        },
    }
}

fn text(contents: &SnapshotContents) -> String {
    contents.as_text().map(ToString::to_string).unwrap_or_default()
}
