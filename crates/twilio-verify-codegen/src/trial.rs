//! A crate to try generated code in: whether it compiles.
//!
//! Generated code leans on the crate that it stands in. A trial is a package
//! with one example for each piece of code: the modules of that crate, copied,
//! around it. All of them are checked at once, beside one another, by
//!
//! ```text
//! cargo check --offline --examples --manifest-path TRIAL/Cargo.toml --target-dir TARGET
//! ```
//!
//! with the workspace's `Cargo.lock` copied beside `Cargo.toml`, so that
//! nothing is fetched, and the workspace's target folder, so that little is
//! built twice.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The crate that generated code is made for, as text.
#[derive(Clone, Copy, Debug)]
pub struct Host<'a> {
    /// The `Cargo.toml` of its workspace.
    pub workspace: &'a str,
    /// Its own `Cargo.toml`.
    pub package: &'a str,
    /// The files in its `src` folder, by their names relative to it.
    pub sources: &'a BTreeMap<String, String>,
}

/// The folder within `OUT_DIR` that the host includes the code from.
const GENERATED: &str = "verify_v2";

/// The files of a trial, by their names relative to its folder, but for
/// `Cargo.lock`. `codes` are the [`files`](crate::Generated::files) of each
/// document, by a name that can be that of a crate.
pub fn files(
    host: &Host<'_>,
    codes: &BTreeMap<String, BTreeMap<String, String>>,
) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut manifest = String::from(
        "[package]\nname = \"trial\"\nversion = \"0.0.0\"\nedition.workspace = true\n\
         publish = false\nautoexamples = false\n\n[lints.rust]\nwarnings = \"allow\"\n\n\
         [workspace]\n\n",
    );
    for (text, name) in [
        (host.workspace, "workspace.package"),
        (host.workspace, "workspace.dependencies"),
        (host.workspace, "profile.dev"),
        (host.package, "dependencies"),
    ] {
        manifest += &section(text, name);
    }
    for (name, code) in codes {
        let _ = write!(
            manifest,
            "[[example]]\nname = {name:?}\npath = \"{name}/lib.rs\"\ncrate-type = [\"lib\"]\n\n"
        );
        let out = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{name}\")");
        for (file, text) in host.sources {
            let text = text.replace("env!(\"OUT_DIR\")", &out);
            files.insert(format!("{name}/{file}"), text);
        }
        for (file, text) in code {
            files.insert(format!("{name}/{GENERATED}/{file}"), text.clone());
        }
    }
    // A package needs something to be besides its examples.
    files.insert("src/lib.rs".to_owned(), String::new());
    files.insert("Cargo.toml".to_owned(), manifest);
    files
}

/// A section of a manifest with its heading; nothing if there is none.
fn section(manifest: &str, name: &str) -> String {
    let heading = format!("[{name}]");
    let lines = manifest.lines().skip_while(|line| *line != heading);
    let mut section: String = lines
        .enumerate()
        .take_while(|(index, line)| *index == 0 || !line.starts_with('['))
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    if !section.is_empty() {
        section.push('\n');
    }
    section
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Host, files};

    #[test]
    fn a_trial_is_the_host_around_each_code() {
        let sources = BTreeMap::from([(
            "lib.rs".to_owned(),
            "include!(concat!(env!(\"OUT_DIR\"), \"/verify_v2/mod.rs\"));".to_owned(),
        )]);
        let host = Host {
            workspace: "[workspace]\nmembers = []\n\n[workspace.dependencies]\nserde = \"1\"\n\n[x]\n",
            package: "[package]\nname = \"host\"\n\n[dependencies]\nserde.workspace = true\n",
            sources: &sources,
        };
        let code = BTreeMap::from([("mod.rs".to_owned(), "struct A;".to_owned())]);
        let codes = BTreeMap::from([("a".to_owned(), code.clone()), ("b".to_owned(), code)]);
        let files = files(&host, &codes);
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "Cargo.toml",
                "a/lib.rs",
                "a/verify_v2/mod.rs",
                "b/lib.rs",
                "b/verify_v2/mod.rs",
                "src/lib.rs"
            ]
        );
        assert_eq!(
            files["b/lib.rs"],
            "include!(concat!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/b\"), \"/verify_v2/mod.rs\"));"
        );
        let manifest = &files["Cargo.toml"];
        assert!(manifest.contains("[workspace.dependencies]\nserde = \"1\"\n"));
        assert!(manifest.contains("[dependencies]\nserde.workspace = true\n"));
        assert!(!manifest.contains("members") && !manifest.contains("[x]"));
    }
}
