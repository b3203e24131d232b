//! `cargo xtask public-api`: lists the public API of the facade, or checks that it exposes no type
//! of the generator or the HTTP client.
//!
//! The API is read from rustdoc's JSON of the facade and of the generated crate, whose types the
//! facade re-exports.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use rustdoc_types::FORMAT_VERSION;
use serde_json::Value;

use crate::chores::features;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::workspace::Workspace;

/// The name of the facade in paths.
const FACADE: &str = "twilio_verify";

/// The name of the generated crate in paths.
const GENERATED: &str = "twilio_verify_api";

/// Crates whose types must not be exposed, as users would depend on their versions.
const HIDDEN: [&str; 5] = ["progenitor", "progenitor_client", "reqwest", "typify", "typify_impl"];

/// The exception: users may pass in an HTTP client.
const HTTP_CLIENT: &str = "reqwest::async_impl::client::Client";

/// The name of the functions that accept it.
const TAKES_HTTP_CLIENT: &str = "::http_client(";

/// The command line of `public-api`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Print the public API, an item a line, and check nothing
    #[arg(long)]
    list: bool,
    /// Check nothing, and say so, where the compiler's JSON is not of the format that is known here
    #[arg(long)]
    if_readable: bool,
    /// A feature to leave out, such as `native-tls` where there is no OpenSSL
    #[arg(long, value_name = "FEATURE")]
    exclude: Vec<String>,
}

/// Checks the public API of the facade, or prints it.
///
/// # Errors
///
/// Returns an error if the documentation can't be built or read.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Failure> {
    let target = target(workspace)?;
    if let Err(failure) = probe(&target) {
        if options.if_readable {
            let warning = format!("the public API is not checked: {failure}");
            return Ok(Outcome { warnings: vec![warning], ..Outcome::default() });
        }
        return Err(failure);
    }
    let folder = document(workspace, &target, &options.exclude)?;
    let facade = folder.join(format!("{FACADE}.json"));
    let generated = folder.join(format!("{GENERATED}.json"));
    let text = fs::read_to_string(&facade).map_err(|error| Failure::read(&facade, error))?;
    let json = serde_json::from_str(&text).map_err(|error| Failure::read(&facade, error.into()))?;
    let api = PublicApi::new(&json, items(&facade)?, items(&generated)?);
    Ok(if options.list { api.list() } else { api.check() })
}

/// Returns the folder to build in. It is separate, as `RUSTC_BOOTSTRAP` causes many rebuilds.
fn target(workspace: &Workspace) -> Result<PathBuf, Failure> {
    Ok(workspace.target()?.join("xtask-public-api"))
}

/// The variable that makes a stable compiler write JSON, which is an unstable feature.
const BOOTSTRAP: (&str, &str) = ("RUSTC_BOOTSTRAP", "1");

/// The arguments that make rustdoc write JSON.
const AS_JSON: [&str; 4] = ["-Z", "unstable-options", "--output-format", "json"];

/// Checks with an empty crate that this compiler's JSON can be read, before minutes are spent on
/// the real ones.
fn probe(target: &Path) -> Result<(), Failure> {
    fs::create_dir_all(target).map_err(|error| Failure::write(target, error))?;
    let source = target.join("probe.rs");
    fs::write(&source, "").map_err(|error| Failure::write(&source, error))?;
    let output = Command::new(env::var_os("RUSTDOC").unwrap_or_else(|| "rustdoc".into()))
        .args(AS_JSON)
        .arg("--out-dir")
        .arg(target)
        .arg(&source)
        .env(BOOTSTRAP.0, BOOTSTRAP.1)
        .stdin(Stdio::null())
        .output();
    let json = target.join("probe.json");
    let output = output.map_err(|error| Failure::write(&json, error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = io::Error::other(format!("rustdoc writes no JSON\n{}", said.trim_end()));
        return Err(Failure::write(&json, reason));
    }
    let read = |error| Failure::read(&json, error);
    let text = fs::read_to_string(&json).map_err(read)?;
    let value: Value = serde_json::from_str(&text).map_err(|error| read(error.into()))?;
    let format = &value["format_version"];
    if *format == FORMAT_VERSION {
        return Ok(());
    }
    let reason = format!(
        "this compiler writes format {format}, and format {FORMAT_VERSION} is known here\n\
         help: the crates `public-api` and `rustdoc-types` must be of the versions that read this \
         compiler's JSON"
    );
    Err(read(io::Error::other(reason)))
}

/// Builds the documentation of the facade and the generated crate as JSON, and returns its folder.
fn document(workspace: &Workspace, target: &Path, excluded: &[String]) -> Result<PathBuf, Failure> {
    let features = features::all_but(workspace, excluded)?.into_iter();
    let features: Vec<_> = features.map(|name| format!("twilio-verify/{name}")).collect();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["doc", "--quiet", "--color", "never", "--manifest-path"])
        .arg(workspace.root().join("Cargo.toml"))
        .args(["--package", "twilio-verify"])
        .args(["--package", "twilio-verify-api"])
        .args(["--lib", "--no-deps", "--no-default-features", "--features"])
        .arg(features.join(","))
        .env("CARGO_TARGET_DIR", target)
        .env(BOOTSTRAP.0, BOOTSTRAP.1)
        .env("RUSTDOCFLAGS", format!("{} --cap-lints allow", AS_JSON.join(" ")))
        .stdin(Stdio::null())
        .output()
        .map_err(Failure::Cargo)?;
    if output.status.success() {
        return Ok(target.join("doc"));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let reason = format!("`cargo doc` failed\n\n{}", said.trim_end());
    Err(Failure::Cargo(io::Error::other(reason)))
}

/// Returns the public items of a crate, with all paths in full.
fn items(json: &Path) -> Result<Vec<String>, Failure> {
    let api = public_api::Builder::from_rustdoc_json(json)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build();
    let api = api.map_err(|error| Failure::read(json, io::Error::other(error)))?;
    Ok(api.items().map(ToString::to_string).collect())
}

/// The items that users of the facade can see.
struct PublicApi {
    /// Items of the facade itself.
    own: Vec<String>,
    /// Items of the generated crate that can be reached through the facade.
    passed_on: Vec<String>,
    /// Re-exports of the facade that are not allowed.
    foreign: Vec<String>,
}

impl PublicApi {
    fn new(facade: &Value, own: Vec<String>, generated: Vec<String>) -> Self {
        let mut foreign = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for used in re_exports(facade) {
            if HIDDEN.iter().any(|hidden| is_of(&used, hidden)) {
                foreign.push(format!("pub use {used}"));
            } else if is_of(&used, GENERATED) {
                seen.extend(subject(&used));
            }
        }
        let mentioned = |items: &[String]| -> BTreeSet<String> {
            let items = items.iter();
            let paths = items.flat_map(|item| paths(item));
            let paths = paths.filter(|path| is_of(path, GENERATED));
            paths.filter_map(subject).collect()
        };
        seen.extend(mentioned(&own));
        // Visible items make further items visible.
        let passed_on = loop {
            let passed_on: Vec<_> = generated
                .iter()
                .filter(|item| implementer(item).is_some_and(|name| seen.contains(&name)))
                .cloned()
                .collect();
            // Without `impl` items, as an impl doesn't make the trait that it names visible.
            let plain = passed_on.iter().filter(|item| !item.starts_with("impl"));
            let more = mentioned(&plain.cloned().collect::<Vec<_>>());
            if more.is_subset(&seen) {
                break passed_on;
            }
            seen.extend(more);
        };
        Self { own, passed_on, foreign }
    }

    fn list(self) -> Outcome {
        let items = [self.own, self.foreign, self.passed_on].concat();
        Outcome { report: items.join("\n") + "\n", ..Outcome::default() }
    }

    fn check(self) -> Outcome {
        let count = self.own.len() + self.passed_on.len();
        let items = self.own.into_iter().chain(self.passed_on);
        let mut exposed = self.foreign;
        exposed.extend(items.filter(|item| exposes(item)));
        let stale = !exposed.is_empty();
        let report = if stale {
            let mut report =
                format!("the public API of {FACADE} exposes types of {}:\n", HIDDEN.join(", "));
            for item in exposed {
                report += &format!("  {item}\n");
            }
            report
        } else {
            format!(
                "the {count} public items of {FACADE} expose no type of {}\n",
                HIDDEN.join(", ")
            )
        };
        Outcome { report, stale, ..Outcome::default() }
    }
}

/// Returns the full paths of a crate's re-exports.
fn re_exports(json: &Value) -> Vec<String> {
    let items = json["index"].as_object().into_iter().flatten();
    let used = items.filter_map(|(_, item)| item["inner"].get("use"));
    used.filter_map(|used| {
        let path = json["paths"][used["id"].to_string()]["path"].as_array();
        let path = match path {
            Some(parts) => parts.iter().filter_map(Value::as_str).collect(),
            None => vec![used["source"].as_str()?],
        };
        Some(path.join("::"))
    })
    .collect()
}

/// Whether an item names a type of a hidden crate.
fn exposes(item: &str) -> bool {
    let rest = match item.contains(TAKES_HTTP_CLIENT) {
        true => item.replacen(HTTP_CLIENT, "", 1),
        false => item.to_owned(),
    };
    paths(&rest).any(|path| HIDDEN.iter().any(|hidden| is_of(path, hidden)))
}

/// Returns the paths in a text that have several segments.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    // A colon follows a name that has a type.
    let parts = parts.map(|part| part.trim_matches(':'));
    parts.filter(|part| part.contains("::"))
}

fn is_of(path: &str, name: &str) -> bool {
    path.split("::").next() == Some(name)
}

/// Returns the name of the type that an item belongs to, if it is in the generated crate. For `impl
/// Trait for Type` that is `Type`.
fn implementer(item: &str) -> Option<String> {
    let of = match item.starts_with("impl") {
        true => item.split_once(" for ").map_or(item, |(_, of)| of),
        false => item,
    };
    let path = paths(of).next()?;
    is_of(path, GENERATED).then(|| subject(path)).flatten()
}

/// Returns the first type in a path, or the last segment if the path has no type.
fn subject(path: &str) -> Option<String> {
    let is_type = |part: &&str| part.starts_with(char::is_uppercase);
    let name = path.split("::").find(is_type);
    name.or_else(|| path.rsplit("::").next()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::PublicApi;

    fn check(facade: &Value, own: &[&str], generated: &[&str]) -> (bool, String) {
        let texts = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        let outcome = PublicApi::new(facade, texts(own), texts(generated)).check();
        (outcome.stale, outcome.report)
    }

    fn passes_on(path: &[&str]) -> Value {
        json!({
            "index": { "1": { "inner": { "use": { "id": 7, "source": "raw::X" } } } },
            "paths": { "7": { "path": path } },
        })
    }

    #[test]
    fn what_is_its_own_passes() {
        let client = "pub fn twilio_verify::ClientBuilder::http_client(self, \
                      reqwest::async_impl::client::Client) -> Self";
        let raw = "pub fn twilio_verify_api::Client::client(&self) -> reqwest::Client";
        let (stale, report) =
            check(&Value::Null, &[client, "pub struct twilio_verify::Reqwest"], &[raw]);
        assert!(!stale, "{report}");
    }

    #[test]
    fn what_is_not_is_named() {
        for item in [
            "pub fn twilio_verify::Client::http(&self) -> &reqwest::async_impl::client::Client",
            "pub fn twilio_verify::Client::http_client(&self) -> reqwest::Response",
            "impl core::convert::From<progenitor_client::Error> for twilio_verify::Error",
            "pub fn twilio_verify::f<T: progenitor_client::X>()",
        ] {
            let (stale, report) = check(&Value::Null, &[item], &[]);
            assert!(stale && report.contains(item), "{report}");
        }
        let (stale, report) = check(&passes_on(&["reqwest", "Response"]), &[], &[]);
        assert!(stale && report.contains("pub use reqwest::Response"), "{report}");
    }

    #[test]
    fn what_is_passed_on_is_looked_at_and_what_that_names() {
        let facade = passes_on(&["twilio_verify_api", "generated", "types", "Attempt"]);
        let price = "pub twilio_verify_api::types::Attempt::price: twilio_verify_api::types::Price";
        for item in [
            "pub fn twilio_verify_api::types::Attempt::raw(&self) -> progenitor_client::X",
            "impl progenitor_client::Y for twilio_verify_api::types::Attempt",
            "pub twilio_verify_api::types::Price::raw: reqwest::Url",
        ] {
            let (stale, report) = check(&facade, &[], &[price, item]);
            assert!(stale && report.contains(item), "{report}");
        }
    }
}
