//! A copy of what `cargo xtask` works on, with snapshots that are fresh.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use assert_cmd::cargo::cargo_bin;
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const DOCUMENT: &str = "openapi/verify_v2.json";
pub(crate) const OVERLAY: &str = "openapi/overlay.json";

/// The operation that the summary is fetched with.
pub(crate) const SUMMARY: &str = "/paths/~1v2~1Attempts~1Summary/get";
/// The schema of an attempt.
pub(crate) const ATTEMPT: &str = "/components/schemas/verify.v2.verification_attempt";

/// The files that all tests begin with. The snapshots are made anew: that
/// those of the workspace are fresh is another test's business.
static FRESH: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let sandbox = Sandbox::bare();
    let run = sandbox.run(&["gen", "--accept"]);
    assert_eq!(run.code, 0, "{run:?}");
    sandbox.files()
});

pub(crate) struct Sandbox(TempDir);

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// A copy of [`FRESH`].
    pub(crate) fn new() -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        for (name, text) in &*FRESH {
            let path = sandbox.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        sandbox
    }

    /// The document and the overlay alone.
    fn bare() -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        fs::create_dir(sandbox.path("openapi")).unwrap();
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for file in [DOCUMENT, OVERLAY] {
            fs::copy(workspace.join(file), sandbox.path(file)).unwrap();
        }
        sandbox
    }

    /// Adds the manifests, and the crate that generated code is part of.
    pub(crate) fn with_crate(self) -> Self {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut files = vec![PathBuf::from("Cargo.toml"), PathBuf::from("Cargo.lock")];
        let mut folders = vec![Path::new("crates").join("twilio-verify-api")];
        files.push(folders[0].join("Cargo.toml"));
        folders[0].push("src");
        while let Some(folder) = folders.pop() {
            fs::create_dir_all(self.0.path().join(&folder)).unwrap();
            for entry in fs::read_dir(workspace.join(&folder)).unwrap() {
                let entry = entry.unwrap();
                let kind = if entry.path().is_dir() { &mut folders } else { &mut files };
                kind.push(folder.join(entry.file_name()));
            }
        }
        for file in files {
            fs::copy(workspace.join(&file), self.0.path().join(&file)).unwrap();
        }
        self
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    /// The document, edited.
    pub(crate) fn edited(&self, edit: impl FnOnce(&mut Value)) -> Value {
        let text = fs::read_to_string(self.path(DOCUMENT)).unwrap();
        let mut document = serde_json::from_str(&text).unwrap();
        edit(&mut document);
        document
    }

    /// Edits the document.
    pub(crate) fn edit(&self, edit: impl FnOnce(&mut Value)) {
        self.write(DOCUMENT, &pretty(&self.edited(edit)));
    }

    /// All files, by their paths from the root with `/`.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.0.path()).unwrap();
                    let name = name.to_str().unwrap().replace('\\', "/");
                    files.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        files
    }

    pub(crate) fn files_that_end(&self, suffix: &str) -> BTreeMap<String, String> {
        let mut files = self.files();
        files.retain(|name, _| name.ends_with(suffix));
        files
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin!("xtask"));
        command.args(arguments).arg("--workspace").arg(self.0.path()).current_dir(self.0.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_in(self.0.path(), arguments)
    }

    pub(crate) fn run_in(&self, folder: &Path, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments).current_dir(folder))
    }
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub(crate) fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}
