//! A program outside the workspace that depends on its client.
//!
//! It is compiled in the workspace's target folder and with its lock file. It names all of the
//! workspace's dependencies, so that each has the features, and is the build, that the workspace
//! has already; only the client, what generates it and the program are compiled.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use serde_json::Value;

/// The environment variable by which the client's build takes another `openapi`.
const OPENAPI: &str = "TWILIO_VERIFY_OPENAPI";

/// The workspace's folder.
pub(crate) fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_owned()
}

/// Writes a file, unless it has this text already: cargo compares times.
pub(crate) fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Compiles a program with the client that is generated from `openapi`, and runs it.
pub(crate) fn run(folder: &Path, program: &str, openapi: &Path, argument: &str) {
    write(&folder.join("Cargo.toml"), &manifest());
    write(&folder.join("src/main.rs"), program);
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    // Its parent is the target folder that this test was built in.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = cargo(folder)
        .args(["run", "--quiet", "--offline", "--target-dir"])
        .arg(target)
        .args(["--", argument])
        .env(OPENAPI, openapi)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder);
    cargo
}

/// The program's `Cargo.toml`.
fn manifest() -> String {
    let workspace = workspace();
    let root = fs::read_to_string(workspace.join("Cargo.toml")).unwrap();
    let mut manifest = format!(
        "[package]\nname = \"downstream\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [workspace]\n\n{}\n[dependencies]\ntwilio-verify = {{ path = {:?} }}\n",
        profile(&root),
        workspace.join("crates/twilio-verify"),
    );
    let (normal, build) = dependencies(&workspace);
    lines(&mut manifest, &normal);
    manifest.push_str("\n[build-dependencies]\n");
    lines(&mut manifest, &build);
    manifest
}

/// The section of the workspace's `Cargo.toml` that sets how dependencies are compiled.
fn profile(manifest: &str) -> String {
    let lines = manifest.lines().skip_while(|line| *line != "[profile.dev]");
    let lines = lines.take_while(|line| *line == "[profile.dev]" || !line.starts_with('['));
    lines.map(|line| format!("{line}\n")).collect()
}

/// A dependency, with the features that any crate of the workspace enables.
#[derive(Default)]
struct Dependency {
    version: String,
    default_features: bool,
    features: BTreeSet<String>,
}

type Dependencies = BTreeMap<String, Dependency>;

/// All dependencies of the workspace's crates on others, and those of their build scripts.
fn dependencies(workspace: &Path) -> (Dependencies, Dependencies) {
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let Output { stdout, .. } = cargo(workspace).args(arguments).output().unwrap();
    let metadata: Value = serde_json::from_slice(&stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let all = packages.iter().flat_map(|package| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        dependencies.map(move |dependency| (package, dependency))
    });
    let (mut normal, mut build) = (Dependencies::new(), Dependencies::new());
    for (package, dependency) in all {
        let own = dependency["path"].is_string();
        if own || dependency["target"].is_string() || !is_enabled(packages, package, dependency) {
            continue;
        }
        let of = if dependency["kind"] == "build" { &mut build } else { &mut normal };
        let name = dependency["name"].as_str().unwrap().to_owned();
        let merged = of.entry(name).or_default();
        dependency["req"].as_str().unwrap().clone_into(&mut merged.version);
        merged.default_features |= dependency["uses_default_features"] == true;
        let features = dependency["features"].as_array().unwrap().iter();
        merged.features.extend(features.map(|feature| feature.as_str().unwrap().to_owned()));
    }
    (normal, build)
}

/// Whether a dependency of a package is not optional, or a feature brings it that another package of
/// the workspace enables.
fn is_enabled(packages: &[Value], package: &Value, dependency: &Value) -> bool {
    let dependents = packages.iter().flat_map(|other| other["dependencies"].as_array().unwrap());
    let dependents = dependents.filter(|other| other["name"] == package["name"]);
    let enabled = dependents.flat_map(|other| other["features"].as_array().unwrap());
    let mut brought =
        enabled.filter_map(|feature| package["features"][feature.as_str()?].as_array());
    let name = dependency["name"].as_str().unwrap();
    let brings = |brought: &Vec<Value>| brought.contains(&Value::from(format!("dep:{name}")));
    dependency["optional"] != true || brought.any(brings)
}

fn lines(manifest: &mut String, dependencies: &Dependencies) {
    for (name, dependency) in dependencies {
        let Dependency { version, default_features, .. } = dependency;
        let features: Vec<_> = dependency.features.iter().collect();
        writeln!(
            manifest,
            "{name} = {{ version = {version:?}, default-features = {default_features}, features = {features:?} }}"
        )
        .unwrap();
    }
}
