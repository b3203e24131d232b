//! Builds a crate that shows whether generated code compiles.
//!
//! Generated code uses the crate that it is part of. A trial is a package with that crate's
//! modules, and one more module for each piece of code. All of them are checked at once by
//!
//! ```text
//! cargo check --manifest-path TRIAL/Cargo.toml --target-dir TARGET
//! ```
//!
//! with the workspace's `Cargo.lock` copied beside `Cargo.toml`, so that the dependencies have the
//! same versions, and with the workspace's target folder, so that all trials share what they build.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The crate that code is generated for, as text.
#[derive(Clone, Copy, Debug)]
pub struct Host<'a> {
    /// The `Cargo.toml` of its workspace.
    pub workspace: &'a str,
    /// The crate's own `Cargo.toml`.
    pub package: &'a str,
    /// The files in its `src` folder, by their names relative to it.
    pub sources: &'a BTreeMap<String, String>,
}

/// The folder within `OUT_DIR` that the host includes the code from.
const GENERATED: &str = "verify_v2";

/// The folder of all pieces of code.
const FOLDER: &str = "codes";

/// Returns the end of a generated file's path, before its name in
/// [`Generated::files`](crate::Generated::files). `name` is the name of its code.
pub fn generated(name: &str) -> String {
    format!("{name}/{GENERATED}/")
}

/// Returns the files of a trial, by their names relative to its folder, without `Cargo.lock`.
/// `package` is its name, which must be unique among the trials in a target folder, because cargo
/// distinguishes such packages only by name. `codes` are the [`files`](crate::Generated::files) of
/// each document, by a name that is valid for a module.
pub fn files(
    package: &str,
    host: &Host<'_>,
    codes: &BTreeMap<String, BTreeMap<String, String>>,
) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut manifest = format!(
        "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition.workspace = true\n\
         publish = false\n\n[lints.rust]\nwarnings = \"allow\"\n\n[workspace]\n\n",
    );
    for (text, name) in [
        (host.workspace, "workspace.package"),
        (host.workspace, "workspace.dependencies"),
        (host.workspace, "profile.dev"),
        (host.package, "features"),
        (host.package, "dependencies"),
    ] {
        manifest += &section(text, name);
    }
    for (file, text) in host.sources {
        files.insert(format!("src/{file}"), text.clone());
    }
    let mut root = host.sources.get("lib.rs").cloned().unwrap_or_default();
    for (index, (name, code)) in codes.iter().enumerate() {
        let folder = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/src/{FOLDER}/{name}\")");
        if index == 0 {
            root = root.replace("env!(\"OUT_DIR\")", &folder);
        } else {
            let _ = write!(
                root,
                "\npub mod {name} {{\n    include!(concat!({folder}, \"/{GENERATED}/mod.rs\"));\n}}\n"
            );
        }
        for (file, text) in code {
            let text = if index == 0 { text.clone() } else { moved(text, name) };
            files.insert(format!("src/{FOLDER}/{}{file}", generated(name)), text);
        }
    }
    files.insert("src/lib.rs".to_owned(), root);
    files.insert("Cargo.toml".to_owned(), manifest);
    files
}

/// Moves code from the crate's own module into one with this name, which has its types, and
/// operations that are not the crate's.
fn moved(text: &str, name: &str) -> String {
    // Tokens in a macro call are printed with spaces.
    let text = text.replace("crate ::", "crate::");
    let text =
        text.replace("impl crate::Operation {", "pub struct Operations;\n\nimpl Operations {");
    let text =
        text.replace("&'static Self = &Self {", "&'static crate::Operation = &crate::Operation {");
    let text = text.replace("crate::Operation::", &format!("crate::{name}::Operations::"));
    text.replace("crate::types::", &format!("crate::{name}::types::"))
}

/// Returns a section of a manifest with its heading, or an empty text if it is missing.
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
        let code = "impl crate::Operation { pub const A: &'static Self = &Self {}; }
            struct A(crate::types::B, crate ::types::C, crate::Operation::A, crate::D);";
        let code = BTreeMap::from([("mod.rs".to_owned(), code.to_owned())]);
        let codes =
            BTreeMap::from([("a".to_owned(), code.clone()), ("b".to_owned(), code.clone())]);
        let files = files("trial", &host, &codes);
        let names: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "Cargo.toml",
                "src/codes/a/verify_v2/mod.rs",
                "src/codes/b/verify_v2/mod.rs",
                "src/lib.rs"
            ]
        );
        assert_eq!(
            files["src/lib.rs"],
            "include!(concat!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/src/codes/a\"), \"/verify_v2/mod.rs\"));
pub mod b {
    include!(concat!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/src/codes/b\"), \"/verify_v2/mod.rs\"));
}
"
        );
        assert_eq!(files["src/codes/a/verify_v2/mod.rs"], code["mod.rs"]);
        assert_eq!(
            files["src/codes/b/verify_v2/mod.rs"],
            "pub struct Operations;

impl Operations { pub const A: &'static crate::Operation = &crate::Operation {}; }
            struct A(crate::b::types::B, crate::b::types::C, crate::b::Operations::A, crate::D);"
        );
        let manifest = &files["Cargo.toml"];
        assert!(manifest.contains("[workspace.dependencies]\nserde = \"1\"\n"));
        assert!(manifest.contains("[dependencies]\nserde.workspace = true\n"));
        assert!(!manifest.contains("members") && !manifest.contains("[x]"));
    }
}
