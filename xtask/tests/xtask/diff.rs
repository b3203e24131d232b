//! `cargo xtask diff`, run as a maintainer runs it, each test on a workspace
//! of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use serde_json::{Value, json};

use crate::sandbox::{ATTEMPT, DOCUMENT, OVERLAY, SUMMARY, Sandbox, pretty};

/// Takes the field `url` from attempts, which breaks readers.
fn without_url(document: &mut Value) {
    let properties = document.pointer_mut(&format!("{ATTEMPT}/properties"));
    let properties = properties.unwrap().as_object_mut().unwrap();
    properties.remove("url").unwrap();
}

/// Adds an optional parameter, which breaks nobody.
fn with_parameter(document: &mut Value) {
    let parameters = document.pointer_mut(&format!("{SUMMARY}/parameters"));
    let parameters = parameters.unwrap().as_array_mut().unwrap();
    parameters.push(json!({ "name": "Carrier", "in": "query", "schema": { "type": "string" } }));
}

fn with_summary(document: &mut Value) {
    *document.pointer_mut(&format!("{SUMMARY}/description")).unwrap() = json!("Another.");
}

const REMOVED: &str = "  Rust, wire  Attempt.url: removed: string\n";
const ADDED: &str = "  Rust, wire  FetchVerificationAttemptsSummary.Carrier: added: string\n";
const BREAKS: &str = "1 breaking change: 1 for Rust callers, 1 on the wire; ";

const DOCUMENTATION: &str = "\
No change of the API; documentation in 1 place.

Documentation
  1 place: descriptions, examples, titles, tags, headers for browsers, the order of things
";

fn git(sandbox: &Sandbox, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(sandbox.path(""))
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
        .args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn commit(sandbox: &Sandbox) {
    git(sandbox, &["add", "openapi"]);
    git(sandbox, &["commit", "--quiet", "--no-verify", "--message", "A document"]);
}

/// A repository with a revision `v0.1.0`, which has no `Carrier`, a later one
/// that has, and a working tree without `url`.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet"]);
    commit(&sandbox);
    git(&sandbox, &["tag", "v0.1.0"]);
    sandbox.edit(with_parameter);
    commit(&sandbox);
    sandbox.edit(without_url);
    sandbox
}

#[test]
fn two_files_are_compared() {
    let sandbox = Sandbox::new();
    sandbox.write("new.json", &pretty(&sandbox.edited(without_url)));
    let before = sandbox.files();
    let run = sandbox.run(&["diff", DOCUMENT, "new.json"]);
    assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
    let expected = format!("{BREAKS}0 additive.\n\nBreaking (1)\n{REMOVED}");
    assert_eq!(run.stdout, expected);
    let run = sandbox.run(&["diff", "new.json", DOCUMENT]);
    let expected = "Nothing breaks: 1 additive change.\n\nAdditive (1)\n  Rust, wire  Attempt.url: added: string\n";
    assert_eq!(run.stdout, expected);
    assert_eq!(sandbox.files(), before);
}

#[test]
fn documentation_is_no_change() {
    let sandbox = Sandbox::new();
    sandbox.write("new.json", &pretty(&sandbox.edited(with_summary)));
    let run = sandbox.run(&["diff", DOCUMENT, "new.json", "--deny", "breaking"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stdout, DOCUMENTATION);
    let run = sandbox.run(&["diff", DOCUMENT, DOCUMENT]);
    assert_eq!(run.stdout, "No change of the API.\n");
}

#[test]
fn revisions_are_compared_with_each_other_and_with_the_working_tree() {
    let sandbox = repository();
    for revision in ["HEAD~1", "v0.1.0"] {
        let run = sandbox.run(&["diff", revision, "HEAD"]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
        assert!(run.stdout.ends_with(ADDED), "{run:?}");
        assert!(run.stdout.starts_with("Nothing breaks: 1 additive change.\n"), "{run:?}");
        let both = format!("{BREAKS}1 additive.\n");
        let run = sandbox.run(&["diff", revision]);
        assert!(run.stdout.starts_with(&both), "{run:?}");
        let run = sandbox.run(&["diff", revision, DOCUMENT]);
        assert!(run.stdout.starts_with(&both), "{run:?}");
    }
    let run = sandbox.run_in(&std::env::temp_dir(), &["diff", "HEAD"]);
    assert!(run.stdout.ends_with(REMOVED), "from any folder: {run:?}");
}

#[test]
fn a_revision_has_its_own_overlay() {
    let sandbox = Sandbox::new();
    git(&sandbox, &["init", "--quiet"]);
    commit(&sandbox);
    let overlay = std::fs::read_to_string(sandbox.path(OVERLAY)).unwrap();
    let renamed = overlay.replace("\"AttemptsSummary\"", "\"AttemptsOverview\"");
    sandbox.write(OVERLAY, &renamed);
    let run = sandbox.run(&["diff", "HEAD"]);
    let expected = "AttemptsOverview: type renamed: AttemptsSummary → AttemptsOverview\n";
    assert!(run.stdout.contains(expected), "{run:?}");
    let verdict = "1 breaking change: 1 for Rust callers, 0 on the wire; 0 additive.\n";
    assert!(run.stdout.starts_with(verdict), "{run:?}");

    let run = sandbox.run(&["diff", "HEAD", "HEAD", "--overlay", "none"]);
    assert_eq!(run.stdout, "No change of the API.\n");
    assert!(run.stderr.starts_with("warning: --overlay is for files"), "{run:?}");

    git(&sandbox, &["rm", "--quiet", "--cached", OVERLAY]);
    git(&sandbox, &["commit", "--quiet", "--no-verify", "--message", "No overlay"]);
    let run = sandbox.run(&["diff", "HEAD", "HEAD~1"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.starts_with("warning: HEAD: has no openapi/overlay.json"), "{run:?}");
    assert!(run.stdout.contains("type added"), "{run:?}");
}

#[test]
fn a_file_goes_before_a_revision() {
    let sandbox = repository();
    sandbox.write("v0.1.0", &pretty(&sandbox.edited(with_summary)));
    let run = sandbox.run(&["diff", "v0.1.0"]);
    assert_eq!(run.stdout, DOCUMENTATION);
}

#[test]
fn files_go_with_any_overlay() {
    let sandbox = Sandbox::new();
    sandbox.write("new.json", &pretty(&sandbox.edited(without_url)));
    let run = sandbox.run(&["diff", DOCUMENT, "new.json", "--overlay", "none"]);
    assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
    // The overlay names the type.
    assert!(run.stdout.contains("VerificationAttempt.url"), "{run:?}");

    let price = |document: &mut Value| {
        let properties = document.pointer_mut(&format!("{ATTEMPT}/properties"));
        properties.unwrap().as_object_mut().unwrap().remove("price");
    };
    sandbox.write("new.json", &pretty(&sandbox.edited(price)));
    let run = sandbox.run(&["diff", DOCUMENT, "new.json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.starts_with("warning: new.json: "), "{run:?}");
    assert!(run.stdout.contains("Attempt.price"), "{run:?}");
}

#[test]
fn markdown_is_for_a_pull_request() {
    let sandbox = repository();
    let run = sandbox.run(&["diff", "v0.1.0", "--output", "markdown"]);
    assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
    let expected = "\
## API changes: `v0.1.0` → `openapi/verify_v2.json`

1 breaking change: 1 for Rust callers, 1 on the wire; 1 additive.

### Breaking (1)

- Rust, wire: `Attempt.url`: removed: `string`

### Additive (1)

- Rust, wire: `FetchVerificationAttemptsSummary.Carrier`: added: `string`
";
    assert_eq!(run.stdout, expected);
}

/// Changes every operation and every schema alike, and a few by much text.
fn everywhere(document: &mut Value) {
    for (_, item) in document["paths"].as_object_mut().unwrap() {
        for (_, operation) in item.as_object_mut().unwrap() {
            let Some(responses) = operation.get_mut("responses") else { continue };
            if let Some(ok) = responses.get_mut("200") {
                ok["headers"]["Twilio-New"] = json!({ "schema": { "type": "string" } });
                ok["headers"]["Access-Control-Max-Age"] = json!({ "schema": { "type": "string" } });
            }
            for parameter in
                operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten()
            {
                if parameter["name"] == "PageSize" {
                    parameter["schema"]["maximum"] = json!(100);
                }
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    for schema in schemas.values_mut() {
        if let Some(url) = schema.pointer_mut("/properties/url") {
            url["pattern"] = json!(format!("^({})$", "https://[a-z]+|".repeat(40)));
        }
    }
    let summary = document.pointer_mut(SUMMARY).unwrap();
    summary["callbacks"] = json!({ "later": { "text": "x".repeat(500) } });
}

#[test]
fn a_change_in_many_places_is_one_line_of_120_columns() {
    let sandbox = Sandbox::new();
    sandbox.write("new.json", &pretty(&sandbox.edited(everywhere)));
    for output in ["text", "markdown"] {
        let run = sandbox.run(&["diff", DOCUMENT, "new.json", "--output", output]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
        let page = run.stdout.replace('`', "");
        let lines = |words: &str| -> Vec<&str> {
            page.lines().filter(|line| line.contains(words)).collect()
        };
        for words in ["PageSize", "Twilio-New", "pattern tightened", "callbacks"] {
            assert_eq!(lines(words).len(), 1, "{words}: {page}");
        }
        assert!(lines("maximum tightened: 1000 → 100; in ")[0].contains(" × "), "{page}");
        assert!(lines("maximum tightened")[0].contains("ListService.PageSize"), "{page}");
        assert!(!page.contains("Access-Control"), "{page}");
        for line in run.stdout.lines() {
            assert!(line.chars().count() <= 120, "{line}");
        }
        // All of it, where that is asked for.
        let full = sandbox.run(&["diff", DOCUMENT, "new.json", "--output", output, "-v"]);
        assert!(full.stdout.contains(&"x".repeat(500)), "{full:?}");
        let singles = full.stdout.lines().filter(|line| line.contains("maximum tightened"));
        assert!(singles.count() > 5, "{full:?}");
    }
}

#[test]
fn the_page_begins_with_the_verdict_and_ends_with_the_documentation() {
    let sandbox = Sandbox::new();
    let edit = |document: &mut Value| {
        without_url(document);
        with_parameter(document);
        with_summary(document);
    };
    sandbox.write("new.json", &pretty(&sandbox.edited(edit)));
    let run = sandbox.run(&["diff", DOCUMENT, "new.json"]);
    let place = |words: &str| run.stdout.find(words).unwrap_or_else(|| panic!("{words}: {run:?}"));
    assert_eq!(place("1 breaking change"), 0);
    assert!(place("\nBreaking (1)\n") < place(REMOVED), "{run:?}");
    assert!(place(REMOVED) < place("\nAdditive (1)\n"), "{run:?}");
    assert!(place(ADDED) < place("\nDocumentation\n  1 place: "), "{run:?}");
}

#[test]
fn actions_that_do_not_fit_are_one_line() {
    let sandbox = Sandbox::new();
    let without_attempts = |document: &mut Value| {
        let properties = document.pointer_mut(&format!("{ATTEMPT}/properties")).unwrap();
        for name in ["price", "channel_data"] {
            properties.as_object_mut().unwrap().remove(name);
        }
    };
    sandbox.write("new.json", &pretty(&sandbox.edited(without_attempts)));
    let run = sandbox.run(&["diff", DOCUMENT, "new.json"]);
    assert_eq!((run.code, run.stderr.lines().count()), (0, 1), "{run:?}");
    assert!(run.stderr.starts_with("warning: new.json: overlay: "), "{run:?}");
    assert!(run.stderr.contains("actions don't fit the document"), "{run:?}");
    let all = sandbox.run(&["diff", DOCUMENT, "new.json", "-v"]);
    assert!(all.stderr.lines().count() > 1, "{all:?}");
    assert!(all.stderr.contains("properties.channel_data"), "{all:?}");
}

#[test]
fn a_document_without_a_component_of_the_overlays_goes_through() {
    let sandbox = Sandbox::new();
    let earlier = |document: &mut Value| {
        let schemas = document["components"]["schemas"].as_object_mut().unwrap();
        schemas.remove("factor_enum_totp_algorithms").unwrap();
        let text = serde_json::to_string(&*document).unwrap();
        let reference = r##"{"$ref":"#/components/schemas/factor_enum_totp_algorithms"}"##;
        let inline = r#"{"type":"string","enum":["sha1","sha256","sha512"]}"#;
        assert!(text.contains(reference));
        *document = serde_json::from_str(&text.replace(reference, inline)).unwrap();
    };
    sandbox.write("new.json", &pretty(&sandbox.edited(earlier)));
    let run = sandbox.run(&["surface", "new.json", "-v"]);
    assert_eq!(run.code, 0, "{run:?}");
    let left_out = "is left out: target $.components.schemas: the result refers to \
                    #/components/schemas/factor_enum_totp_algorithms";
    assert!(run.stderr.contains(left_out), "{run:?}");
    assert_eq!(sandbox.run(&["gen", "--spec", "new.json"]).code, 1);

    // It is the own document now.
    let run = sandbox.run(&["gen"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.starts_with("error: openapi/overlay.json: /actions/"), "{run:?}");
}

#[test]
fn json_is_for_programs() {
    let sandbox = repository();
    let run = sandbox.run(&["diff", "v0.1.0", "--output", "json"]);
    assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let expected = json!({
        "format": 1,
        "old": "v0.1.0",
        "new": "openapi/verify_v2.json",
        "breaking": 1,
        "additive": 1,
        "documentation": 0,
        "entries": [
            {
                "rust": "breaking",
                "wire": "breaking",
                "subject": "Attempt.url",
                "change": "removed",
                "directions": ["response"],
                "from": "string"
            },
            {
                "rust": "additive",
                "wire": "additive",
                "subject": "FetchVerificationAttemptsSummary.Carrier",
                "change": "added",
                "directions": ["request"],
                "to": "string"
            }
        ]
    });
    assert_eq!(report, expected);
    let again = sandbox.run(&["diff", "v0.1.0", "--output", "json"]);
    assert_eq!(run.stdout, again.stdout);
}

#[test]
fn what_is_denied_is_told_by_the_exit_code() {
    let sandbox = repository();
    for output in ["text", "json", "markdown"] {
        let deny = ["--deny", "breaking", "--output", output];
        let run = |range: &[&str]| sandbox.run(&[&["diff"][..], range, &deny].concat());
        assert_eq!(run(&["v0.1.0", "HEAD"]).code, 0);
        assert_eq!(run(&["v0.1.0"]).code, 1);
        assert!(run(&["v0.1.0"]).stdout.contains("Attempt.url"));
    }
}

#[test]
fn what_can_not_be_compared_is_named() {
    let sandbox = repository();
    sandbox.write("bad.json", "{\"openapi\": ");
    sandbox.write("other.json", "{\"openapi\": \"2.0\"}");
    let empty = tempfile::tempdir().unwrap();
    for (arguments, message) in [
        (&["nope"][..], "nope: no such file, and no git revision with openapi/verify_v2.json"),
        (&["HEAD", "nope.json"], "nope.json: no such file, and no git revision"),
        (&["HEAD~7"], "HEAD~7: no such file, and no git revision"),
        (&["HEAD", "bad.json"], "bad.json: /: not JSON"),
        (&["other.json", "HEAD"], "other.json: /openapi: "),
        (&["openapi"], "openapi: can't be read: "),
        (&[DOCUMENT, "--overlay", "nope.json"], "nope.json: can't be read: "),
    ] {
        let run = sandbox.run(&[&["diff"], arguments].concat());
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        assert!(run.stderr.starts_with(&format!("error: {message}")), "{run:?}");
    }
    assert_eq!(sandbox.run(&["diff"]).code, 2);
    assert_eq!(sandbox.run(&["diff", "HEAD", "--output", "xml"]).code, 2);

    let bare = Sandbox::new();
    let run = bare.run_in(empty.path(), &["diff", "HEAD"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("not a git repository"), "{run:?}");
}

#[test]
fn a_document_of_another_time_that_can_not_be_digested_is_named() {
    let sandbox = repository();
    sandbox.edit(|document| document["openapi"] = json!("3.1.0"));
    commit(&sandbox);
    let run = sandbox.run(&["diff", "HEAD", "v0.1.0"]);
    assert_eq!(run.code, 2);
    let place = "error: HEAD:openapi/verify_v2.json: /openapi: ";
    assert!(run.stderr.starts_with(place), "{run:?}");
}

#[test]
fn a_document_that_is_adopted_shows_what_it_changes_first() {
    let sandbox = Sandbox::new();
    sandbox.write("new.json", &pretty(&sandbox.edited(without_url)));
    let run = sandbox.run(&["gen", "--spec", "new.json"]);
    assert_eq!((run.code, &*run.stderr), (1, ""), "{run:?}");
    let diff = run.stdout.find(REMOVED);
    let surface = run.stdout.find("--- tests/snapshots/surface.snap");
    assert!(diff.unwrap() < surface.unwrap(), "{run:?}");
    // The same once more.
    let run = sandbox.run(&["gen", "--spec", "new.json"]);
    assert!(run.stdout.contains("\nNo change of the API.\n"), "{run:?}");
}

#[test]
fn a_document_that_replaces_a_broken_one_is_adopted() {
    let sandbox = Sandbox::new();
    sandbox.write("new.json", &pretty(&sandbox.edited(with_parameter)));
    sandbox.edit(|document| document["openapi"] = json!("3.1.0"));
    let run = sandbox.run(&["gen", "--spec", "new.json", "--accept"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.starts_with("warning: the documents can't be compared"), "{run:?}");
}
