//! The code of every fixture that goes through compiles.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use twilio_verify_codegen::trial::{self, Host};
use twilio_verify_codegen::{Input, generate};

fn codegen() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The texts of a folder's files and of those below it, by their names from
/// there.
fn folder(path: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder);
        let entries = entries.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let file = entry.unwrap().path();
            if file.is_dir() {
                folders.push(file);
            } else {
                let name = file.strip_prefix(path).unwrap().to_str().unwrap();
                texts.insert(name.replace('\\', "/"), read(&file));
            }
        }
    }
    texts
}

#[test]
fn what_is_generated_compiles() {
    let root = codegen().join("../..");
    let package = codegen().join("../twilio-verify-api");
    let sources = folder(&package.join("src"));
    let mut codes = BTreeMap::new();
    for (name, document) in folder(&codegen().join("tests/fixtures/generated")) {
        let generated = generate(&Input::new(&document));
        let generated = generated.unwrap_or_else(|error| panic!("{name}: {error}"));
        codes.insert(name.replace(".json", ""), generated.files);
    }
    let host = Host {
        workspace: &read(&root.join("Cargo.toml")),
        package: &read(&package.join("Cargo.toml")),
        sources: &sources,
    };
    let trial = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("trial");
    if trial.exists() {
        fs::remove_dir_all(&trial).unwrap();
    }
    for (name, text) in trial::files("trial-of-fixtures", &host, &codes) {
        let path = trial.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::copy(root.join("Cargo.lock"), trial.join("Cargo.lock")).unwrap();
    // Its parent is the target folder that this test was built in.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--offline", "--quiet"])
        .arg("--manifest-path")
        .arg(trial.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "the code of {} fixtures does not compile; it stands in {}:\n{}",
        codes.len(),
        trial.display(),
        String::from_utf8_lossy(&output.stderr)
    );
}
