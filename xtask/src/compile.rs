//! Compiles the generated code of a document, without changing the workspace.
//!
//! A [trial] is a copy of the crate that contains the generated code: its modules, dependencies and
//! profile, and the workspace's lock file. It is built in the workspace's target folder, so that
//! trials share the builds of dependencies, and as a separate package, so that it doesn't
//! invalidate builds of the workspace.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use twilio_verify_codegen::Generated;
use twilio_verify_codegen::trial::{self, Host};

use crate::failure::Failure;
use crate::workspace::Workspace;

/// The crate that generates code at build time.
const CRATE: &str = "twilio-verify-api";

/// The name of the trial's package.
const TRIAL: &str = "trial-of-document";

/// The name of the generated code in the trial.
const NAME: &str = "verify_v2";

/// Compiles the generated code of a document, which errors call `name`.
///
/// # Errors
///
/// Returns an error if the code doesn't compile, or cargo can't be run.
pub fn compile(workspace: &Workspace, generated: &Generated, name: &str) -> Result<(), Failure> {
    let target = workspace.target()?;
    let folder = target.join("xtask-compile");
    let written = |error| Failure::write(&folder, error);
    fs::create_dir_all(&folder).map_err(written)?;
    // Another run may be compiling. Closing the file releases the lock.
    let lock = File::create(folder.join("lock")).map_err(written)?;
    lock.lock().map_err(written)?;
    let files = files(workspace, generated)?;
    write(&folder, &files).map_err(written)?;

    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--quiet", "--color", "never", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(Failure::Cargo)?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let errors = readable(&said);
    // Other failures are not the document's fault, such as a broken dependency or an unreachable
    // registry.
    if said.contains(&format!("could not compile `{TRIAL}` (lib)")) {
        let file = name.to_owned();
        Err(Failure::Uncompilable { file, errors })
    } else {
        Err(Failure::Build { name: CRATE, errors })
    }
}

/// Returns the files of the trial, by their names relative to its folder.
fn files(
    workspace: &Workspace,
    generated: &Generated,
) -> Result<BTreeMap<String, String>, Failure> {
    let root = workspace.root();
    let package = root.join("crates").join(CRATE);
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| Failure::read(path, error));
    let mut sources = BTreeMap::new();
    let folder = package.join("src");
    read_folder(&folder, "", &mut sources).map_err(|error| Failure::read(&folder, error))?;
    let host = Host {
        workspace: &read(&root.join("Cargo.toml"))?,
        package: &read(&package.join("Cargo.toml"))?,
        sources: &sources,
    };
    let codes = BTreeMap::from([(NAME.to_owned(), generated.files.clone())]);
    let mut files = trial::files(TRIAL, &host, &codes);
    files.insert("Cargo.lock".to_owned(), read(&root.join("Cargo.lock"))?);
    Ok(files)
}

/// Reads the files of a folder and its subfolders into `texts`, by relative name.
fn read_folder(
    folder: &Path,
    prefix: &str,
    texts: &mut BTreeMap<String, String>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), texts)?;
        } else {
            texts.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// Writes the files in place of those of an earlier trial. Unchanged files are not touched, as
/// cargo compares times.
fn write(folder: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    let sources = folder.join("src");
    let mut earlier = BTreeMap::new();
    if sources.exists() {
        read_folder(&sources, "src/", &mut earlier)?;
    }
    for name in earlier.keys().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
    }
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read_to_string(&path).is_ok_and(|earlier| earlier == *text) {
            continue;
        }
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// Returns the compiler's errors, with the generated files named without the trial's path.
fn readable(errors: &str) -> String {
    let lines = errors.trim_end().lines().map(|line| {
        let place = line.split_once("--> ");
        let generated = trial::generated(NAME);
        match place.and_then(|(arrow, path)| Some((arrow, path.split_once(&generated)?.1))) {
            Some((arrow, file)) => format!("{arrow}--> {file}"),
            None => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
