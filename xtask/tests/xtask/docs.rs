//! `cargo xtask docs`: the generated pages of the guide.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use serde_json::json;

use crate::sandbox::{Run, Sandbox};

const MIGRATION: &str = "docs/src/migration.md";
const TROUBLESHOOTING: &str = "docs/src/troubleshooting.md";
const CALLS: &str = "tests/tests/workspace/migration.rs";
const CODES: &str = "crates/twilio-verify/src/codes.rs";

/// A copy of the pages, and of what they are made from.
fn guide() -> Sandbox {
    let sandbox = Sandbox::new();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for file in [MIGRATION, TROUBLESHOOTING, CALLS, CODES] {
        fs::create_dir_all(sandbox.path(file).parent().unwrap()).unwrap();
        fs::copy(workspace.join(file), sandbox.path(file)).unwrap();
    }
    sandbox
}

/// Run `cargo xtask docs` if this fails.
#[test]
fn the_pages_of_this_workspace_are_fresh() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new(cargo_bin!("xtask"));
    let run = Run::of(command.args(["docs", "--check", "--workspace"]).arg(workspace));
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_changed_document_makes_the_table_stale() {
    let sandbox = guide();
    sandbox.edit(|document| {
        document["paths"]["/v2/Services"]["post"]["requestBody"]["content"]
            ["application/x-www-form-urlencoded"]["schema"]["required"] = json!(["FriendlyName", "CodeLength"]);
    });
    let before = sandbox.files();
    let stale = sandbox.run(&["docs", "--check"]);
    assert_eq!(stale.code, 1, "{stale:?}");
    assert!(
        stale.stdout.contains(
            "+| Node | `client.verify.v2.services.create({ friendlyName, codeLength })` |"
        )
    );
    assert!(stale.stdout.contains("docs/src/migration.md is stale"), "{stale:?}");
    assert_eq!(sandbox.files(), before);

    let written = sandbox.run(&["docs"]);
    assert_eq!(written.code, 0, "{written:?}");
    let page = fs::read_to_string(sandbox.path(MIGRATION)).unwrap();
    assert!(page.contains("services.create(friendly_name=friendly_name, code_length=code_length)"));
    assert_eq!(sandbox.run(&["docs", "--check"]).code, 0);
}

#[test]
fn an_operation_without_a_call_is_named() {
    let sandbox = guide();
    let calls = fs::read_to_string(sandbox.path(CALLS)).unwrap();
    sandbox.write(CALLS, &calls.replace("        FetchForm: ", "        FetchForms: "));
    let run = sandbox.run(&["docs"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("migration.rs"), "{run:?}");
    assert!(run.stderr.contains("no call in `calls!` for FetchForm:"), "{run:?}");
}

#[test]
fn a_changed_meaning_makes_the_codes_stale() {
    let sandbox = guide();
    let codes = fs::read_to_string(sandbox.path(CODES)).unwrap();
    sandbox.write(
        CODES,
        &codes.replace("429: the code was checked too often", "429: checked too often"),
    );
    let stale = sandbox.run(&["docs", "--check"]);
    assert_eq!(stale.code, 1, "{stale:?}");
    assert!(stale.stdout.contains("| 429 | Checked too often"), "{stale:?}");

    let page = fs::read_to_string(sandbox.path(TROUBLESHOOTING)).unwrap();
    sandbox.write(TROUBLESHOOTING, &page.replace("End of what is generated", "The end"));
    let run = sandbox.run(&["docs"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("troubleshooting.md"), "{run:?}");
}
