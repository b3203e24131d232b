//! `cargo xtask features`: checks that the facade compiles with any choice of its features.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use clap::Args;
use serde_json::Value;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::workspace::Workspace;

/// The crate whose features are checked.
const CRATE: &str = "twilio-verify";

/// The command line of `features`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Choices of at most that many features, and that of all of them [default: every choice]
    #[arg(long, value_name = "COUNT")]
    depth: Option<usize>,
    /// A feature to leave out, such as `native-tls` where there is no OpenSSL
    #[arg(long, value_name = "FEATURE")]
    exclude: Vec<String>,
    /// Print the choices, and check nothing
    #[arg(long)]
    list: bool,
}

/// A choice of features.
type Choice = BTreeSet<String>;

/// The features, each with the other features that it enables.
type Features = BTreeMap<String, Choice>;

/// Checks the facade with each choice of features.
///
/// # Errors
///
/// Returns an error if cargo can't be run, or an excluded feature does not exist.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Failure> {
    let features = without(&options.exclude, features(&metadata(workspace)?))?;
    let choices = choices(&features, options.depth);
    let mut outcome = Outcome::default();
    for (index, choice) in choices.iter().enumerate() {
        let shown = show(choice);
        if options.list {
            outcome.report += &format!("{shown}\n");
            continue;
        }
        // If standard error is closed, the report alone shows the result.
        let _ = writeln!(anstream::stderr(), "{} of {}: {shown}", index + 1, choices.len());
        if let Some(said) = check(workspace, choice)? {
            outcome.report += &format!("{CRATE} with {shown}:\n\n{said}\n\n");
            outcome.stale = true;
        }
    }
    if !outcome.stale && !options.list {
        outcome.report =
            format!("{CRATE} compiles with all {} choices of features\n", choices.len());
    }
    Ok(outcome)
}

/// Returns the names of the facade's features, without excluded ones.
pub(crate) fn all_but(workspace: &Workspace, excluded: &[String]) -> Result<Vec<String>, Failure> {
    let features = without(excluded, features(&metadata(workspace)?))?;
    Ok(features.into_keys().collect())
}

/// Removes the excluded features, and those that enable them.
fn without(excluded: &[String], mut features: Features) -> Result<Features, Failure> {
    for name in excluded {
        if !features.contains_key(name) {
            let reason = format!("{CRATE} has no feature `{name}`");
            return Err(Failure::Cargo(io::Error::other(reason)));
        }
    }
    features.retain(|name, brings| {
        let excluded = |name| excluded.contains(name);
        !excluded(name) && !brings.iter().any(excluded)
    });
    Ok(features)
}

fn show(choice: &Choice) -> String {
    if choice.is_empty() {
        return "no feature".to_owned();
    }
    let names: Vec<_> = choice.iter().map(String::as_str).collect();
    names.join(", ")
}

/// Returns cargo's metadata of the workspace.
fn metadata(workspace: &Workspace) -> Result<Value, Failure> {
    let output = cargo(workspace, "metadata")
        .args(["--no-deps", "--format-version", "1"])
        .output()
        .map_err(Failure::Cargo)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::Cargo(io::Error::other(said)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Failure::Cargo(error.into()))
}

/// Returns the crate's features without `default`, which only enables others.
fn features(metadata: &Value) -> Features {
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let package = packages.find(|package| package["name"] == CRATE);
    let features = package.and_then(|package| package["features"].as_object());
    let features = features.into_iter().flatten();
    features
        .filter(|(name, _)| *name != "default")
        .map(|(name, brings)| {
            let brings = brings.as_array().into_iter().flatten();
            let brings = brings.filter_map(Value::as_str);
            // The others are features of dependencies.
            let own = brings.filter(|brings| !brings.contains([':', '/']));
            (name.clone(), own.map(str::to_owned).collect())
        })
        .collect()
}

/// Returns all choices of at most `depth` features, and the choice of all. Choices that enable the
/// same features are one choice.
fn choices(features: &Features, depth: Option<usize>) -> BTreeSet<Choice> {
    let mut choices = BTreeSet::from([Choice::new()]);
    for _ in 0..depth.unwrap_or(features.len()).min(features.len()) {
        let longer = choices.iter().flat_map(|choice| {
            let names = features.keys();
            names.map(|name| complete(features, choice.iter().chain([name])))
        });
        let longer: Vec<_> = longer.collect();
        choices.extend(longer);
    }
    choices.insert(complete(features, features.keys()));
    choices
}

/// Returns the choice, with all features that it enables.
fn complete<'a>(features: &'a Features, choice: impl Iterator<Item = &'a String>) -> Choice {
    let mut complete = Choice::new();
    let mut next: Vec<&String> = choice.collect();
    while let Some(name) = next.pop() {
        if complete.insert(name.clone()) {
            next.extend(features.get(name).into_iter().flatten());
        }
    }
    complete
}

/// Returns the compiler's errors and warnings for a choice; `None` if there are none.
fn check(workspace: &Workspace, choice: &Choice) -> Result<Option<String>, Failure> {
    let names: Vec<_> = choice.iter().map(String::as_str).collect();
    let output = cargo(workspace, "check")
        .args(["--quiet", "--package", CRATE, "--lib"])
        .args(["--no-default-features", "--features"])
        .arg(names.join(","))
        .output()
        .map_err(Failure::Cargo)?;
    // Warnings count, too: they show code that is unused without a feature.
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok((!output.status.success() || !said.is_empty()).then_some(said))
}

fn cargo(workspace: &Workspace, command: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .arg(command)
        .arg("--manifest-path")
        .arg(workspace.root().join("Cargo.toml"))
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null());
    cargo
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{choices, features, show};

    fn shown(json: serde_json::Value, depth: Option<usize>) -> Vec<String> {
        let metadata = json!({ "packages": [
            { "name": "another", "features": { "z": [] } },
            { "name": "twilio-verify", "features": json },
        ] });
        let choices = choices(&features(&metadata), depth);
        choices.iter().map(show).collect()
    }

    #[test]
    fn every_choice_stands_there_once() {
        let features = json!({ "default": ["a"], "a": ["dep:x"], "b": ["y/z"], "c": [] });
        assert_eq!(
            shown(features.clone(), None),
            ["no feature", "a", "a, b", "a, b, c", "a, c", "b", "b, c", "c"]
        );
        assert_eq!(shown(features, Some(1)), ["no feature", "a", "a, b, c", "b", "c"]);
        assert_eq!(shown(json!({}), None), ["no feature"]);
    }

    #[test]
    fn a_feature_comes_with_those_that_it_brings() {
        let features = json!({ "a": ["b"], "b": ["c"], "c": [] });
        assert_eq!(shown(features, None), ["no feature", "a, b, c", "b, c", "c"]);
    }
}
