//! The crates of the workspace, and their sources.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

use crate::rules::Sources;

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap().canonicalize().unwrap()
}

/// The sources of every crate.
pub(crate) fn crates() -> Vec<Sources> {
    let root = root();
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|package| sources(&root, package)).collect()
}

fn sources(root: &Path, package: &Value) -> Sources {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let folder = manifest.parent().unwrap().join("src");
    let targets = package["targets"].as_array().unwrap().iter();
    let roots = targets.map(|target| Path::new(target["src_path"].as_str().unwrap()));
    let mut files = BTreeMap::new();
    read(root, &folder, &mut files);
    Sources {
        roots: roots
            .filter(|root| root.starts_with(&folder))
            .map(|file| name(root, file))
            .collect(),
        folder: name(root, &folder),
        files,
    }
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.insert(name(root, &path), fs::read_to_string(&path).unwrap());
        }
    }
}

/// A path from the workspace on, with `/` on every system.
fn name(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap().components();
    let parts: Vec<_> = below.map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
