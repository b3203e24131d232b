//! `cargo xtask gen` and `cargo xtask surface`, run as a maintainer runs them,
//! each test on a workspace of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use serde_json::{Value, json};

use crate::sandbox::{ATTEMPT, DOCUMENT, OVERLAY, Run, SUMMARY, Sandbox, pretty};

/// What a maintainer types to accept.
const ACCEPT: &str = "cargo xtask gen --accept";

fn with_fax(document: &mut Value) {
    let channels = "/components/schemas/verification_attempts_summary_enum_channels/enum";
    let values = document.pointer_mut(channels).unwrap();
    values.as_array_mut().unwrap().push(json!("fax"));
}

fn with_parameter(document: &mut Value) {
    let parameters = document.pointer_mut(&format!("{SUMMARY}/parameters"));
    let parameters = parameters.unwrap().as_array_mut().unwrap();
    parameters.push(json!({ "name": "Carrier", "in": "query", "schema": { "type": "string" } }));
}

/// With an overlay whose action for the price has nothing to act on.
fn without_price(document: &mut Value) {
    let properties = document.pointer_mut(&format!("{ATTEMPT}/properties"));
    let properties = properties.unwrap().as_object_mut().unwrap();
    properties.remove("price").unwrap();
}

#[test]
fn an_unchanged_document_changes_nothing() {
    let sandbox = Sandbox::new();
    let before = sandbox.files();
    for arguments in [&["gen"][..], &["gen", "--check"], &["gen", "--accept"]] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.starts_with("unchanged: "), "{run:?}");
        assert_eq!(run.stderr, "");
        assert_eq!(sandbox.files(), before);
    }
}

#[test]
fn the_workspace_is_that_of_the_current_folder() {
    let sandbox = Sandbox::new().with_crate();
    let run = |folder: &Path| {
        let mut command = Command::new(cargo_bin!("xtask"));
        Run::of(command.args(["gen", "--check"]).current_dir(folder))
    };
    let below = sandbox.path("crates/twilio-verify-api/src");
    let fresh = run(&below);
    assert_eq!(fresh.code, 0, "{fresh:?}");
    assert!(fresh.stdout.starts_with("unchanged: "), "{fresh:?}");
    // It is not the workspace that the program was built from.
    sandbox.edit(with_fax);
    let stale = run(&below);
    assert_eq!(stale.code, 1, "{stale:?}");
    assert!(stale.stdout.contains("\"fax\""), "{stale:?}");

    let elsewhere = tempfile::tempdir().unwrap();
    let nowhere = run(elsewhere.path());
    assert_eq!((nowhere.code, &*nowhere.stdout), (2, ""), "{nowhere:?}");
    assert!(
        nowhere.stderr.starts_with("error: no workspace here: ")
            && nowhere.stderr.contains("--workspace DIR"),
        "{nowhere:?}"
    );
}

#[test]
fn a_changed_document_shows_its_surface_then_its_code() {
    let sandbox = Sandbox::new();
    let before = sandbox.files();
    sandbox.edit(|document| {
        with_parameter(document);
        with_fax(document);
    });
    let run = sandbox.run(&["gen"]);
    assert_eq!(run.code, 1, "{run:?}");

    let added = |text: &str| {
        let mut lines = run.stdout.lines();
        let place = lines.position(|line| line.starts_with('+') && line.contains(text));
        place.unwrap_or_else(|| panic!("nothing added with {text}: {}", run.stdout))
    };
    let code = run.stdout.lines().position(|line| line.starts_with("changed "));
    assert!(added("Carrier?: string") < code.unwrap(), "{run:?}");
    assert!(added("\"fax\"") < code.unwrap(), "{run:?}");
    assert!(run.stdout.contains("--- tests/snapshots/surface.snap\n"));
    let requests = "code/requests/verification_attempts_summary.rs";
    let line = run.stdout.lines().find(|line| line.contains(requests));
    assert!(line.unwrap().contains("  +"), "{run:?}");
    assert!(run.stdout.contains(ACCEPT), "{run:?}");
    assert!(run.stdout.contains("cargo insta review"), "{run:?}");
    assert!(!run.stdout.contains('\u{1b}'), "styles are for terminals");
    assert_eq!(run.stderr, "");

    let pending = sandbox.files_that_end("snap.new");
    assert!(pending.contains_key("tests/snapshots/surface.snap.new"));
    assert!(pending.contains_key(&format!("tests/snapshots/{requests}.snap.new")));
    assert!(pending["tests/snapshots/surface.snap.new"].contains("\"fax\""));
    for (file, text) in sandbox.files_that_end(".snap") {
        assert_eq!(text, before[&file], "{file} is as it was");
    }
}

#[test]
fn what_is_up_for_review_is_withdrawn_when_it_no_longer_differs() {
    let sandbox = Sandbox::new();
    let before = sandbox.files();
    sandbox.edit(with_fax);
    assert_eq!(sandbox.run(&["gen"]).code, 1);
    assert_ne!(sandbox.files(), before);
    sandbox.write(DOCUMENT, &before[DOCUMENT]);
    assert_eq!(sandbox.run(&["gen"]).code, 0);
    assert_eq!(sandbox.files(), before);
}

#[test]
fn accepting_puts_the_change_on_record() {
    let sandbox = Sandbox::new();
    sandbox.edit(with_fax);
    assert_eq!(sandbox.run(&["gen"]).code, 1);
    let run = sandbox.run(&["gen", "--accept"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("\"fax\""), "{run:?}");
    assert!(run.stdout.contains("accepted: 2 snapshots\n"), "{run:?}");
    assert!(sandbox.files_that_end("snap.new").is_empty());
    let files = sandbox.files();
    assert!(files["tests/snapshots/surface.snap"].contains("\"fax\""));

    assert_eq!(sandbox.run(&["gen"]).code, 0);
    assert_eq!(sandbox.files(), files);
}

#[test]
fn accepting_removes_what_is_obsolete() {
    let sandbox = Sandbox::new();
    let obsolete = "tests/snapshots/code/requests/verification_attempts_summary.rs.snap";
    assert!(sandbox.files().contains_key(obsolete));
    sandbox.edit(|document| {
        // Its operation goes with another tag.
        let tags = document.pointer_mut(&format!("{SUMMARY}/tags"));
        *tags.unwrap() = json!(["VerifyV2VerificationAttempt"]);
    });
    let run = sandbox.run(&["gen"]);
    assert_eq!(run.code, 1);
    let mut lines = run.stdout.lines();
    let line = lines.find(|line| line.contains("requests/verification_attempts_summary.rs"));
    assert!(line.unwrap().starts_with("obsolete "), "{run:?}");
    assert!(sandbox.files().contains_key(obsolete), "not accepted yet");

    assert_eq!(sandbox.run(&["gen", "--accept"]).code, 0);
    assert!(!sandbox.files().contains_key(obsolete));
    assert!(sandbox.files_that_end("snap.new").is_empty());
    assert_eq!(sandbox.run(&["gen", "--check"]).code, 0);
}

#[test]
fn a_check_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.edit(with_fax);
    let before = sandbox.files();
    let run = sandbox.run(&["gen", "--check"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("\"fax\""), "{run:?}");
    assert!(run.stdout.contains(ACCEPT), "{run:?}");
    assert_eq!(sandbox.files(), before);

    let run = sandbox.run(&["gen", "--check", "--spec", "any.json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot be used with"), "{run:?}");
    assert_eq!(sandbox.run(&["gen", "--check", "--accept"]).code, 2);
    assert_eq!(sandbox.files(), before);
}

#[test]
fn a_document_that_can_not_be_digested_is_refused() {
    let sandbox = Sandbox::new();
    let edited = |edit: fn(&mut Value)| pretty(&sandbox.edited(edit));
    let dangling = |document: &mut Value| {
        let sid = document.pointer_mut(&format!("{ATTEMPT}/properties/sid"));
        *sid.unwrap() = json!({ "$ref": "#/components/schemas/nowhere" });
    };
    // Progenitor panics on this one.
    let undeclared = |document: &mut Value| {
        let mut item = document["paths"]["/v2/Attempts/Summary"].take();
        item["get"]["operationId"] = json!("FetchMore");
        document["paths"]["/v2/Attempts/{Which}/More"] = item;
        let paths = document["paths"].as_object_mut();
        paths.unwrap().remove("/v2/Attempts/Summary");
    };
    let cases = [
        ("{\"openapi\": ".to_owned(), "new.json: /: not JSON"),
        ("[]".to_owned(), "new.json: /: "),
        (edited(|document| document["openapi"] = json!("3.1.0")), "new.json: /openapi: "),
        (
            edited(dangling),
            "new.json: /components/schemas/verify.v2.verification_attempt/properties/sid: ",
        ),
        (edited(undeclared), "new.json: /paths/~1v2~1Attempts~1{Which}~1More/get"),
    ];
    // What an earlier run put up for review stays, too.
    sandbox.edit(with_fax);
    assert_eq!(sandbox.run(&["gen"]).code, 1);
    for (document, place) in cases {
        sandbox.write("new.json", &document);
        let before = sandbox.files();
        for arguments in
            [&["gen", "--spec", "new.json"][..], &["gen", "--accept", "--spec", "new.json"]]
        {
            let run = sandbox.run(arguments);
            assert_eq!(run.code, 2, "{run:?}");
            assert!(run.stderr.starts_with(&format!("error: {place}")), "{run:?}");
            assert!(run.stderr.contains("\nhelp: "), "{run:?}");
            assert!(run.stderr.contains("openapi/verify_v2.json is as it was"), "{run:?}");
            assert!(!run.stderr.contains("panicked"), "{run:?}");
            assert_eq!(run.stdout, "");
            assert_eq!(sandbox.files(), before);
        }
    }
}

#[test]
fn the_own_document_that_can_not_be_digested_is_named() {
    let sandbox = Sandbox::new();
    sandbox.edit(|document| document["openapi"] = json!("3.1.0"));
    let before = sandbox.files();
    for arguments in [&["gen"][..], &["gen", "--accept"], &["gen", "--check"], &["surface"]] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 2);
        assert!(run.stderr.starts_with("error: openapi/verify_v2.json: /openapi: "), "{run:?}");
        assert_eq!(sandbox.files(), before);
    }
}

#[test]
fn a_file_that_can_not_be_read_is_named() {
    let sandbox = Sandbox::new();
    let before = sandbox.files();
    for arguments in [
        &["gen", "--spec", "nowhere.json"][..],
        &["surface", "nowhere.json"],
        &["surface", "--overlay", "nowhere.json"],
    ] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 2);
        assert!(run.stderr.starts_with("error: nowhere.json: can't be read: "), "{run:?}");
    }
    assert_eq!(sandbox.files(), before);

    fs::remove_file(sandbox.path(OVERLAY)).unwrap();
    let run = sandbox.run(&["gen"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("overlay.json: can't be read: "), "{run:?}");
}

#[test]
fn a_good_document_is_adopted_byte_for_byte() {
    let sandbox = Sandbox::new();
    let document = format!("{}\n\n", sandbox.edited(with_fax));
    sandbox.write("new.json", &document);
    let run = sandbox.run(&["gen", "--spec", "new.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("adopted new.json as openapi/verify_v2.json\n"), "{run:?}");
    assert!(run.stdout.contains("\"fax\""), "{run:?}");
    assert_eq!(run.stderr, "");
    let files = sandbox.files();
    assert_eq!(files[DOCUMENT], document);
    assert!(files.contains_key("tests/snapshots/surface.snap.new"));
    let folder = fs::read_dir(sandbox.path("openapi")).unwrap();
    assert_eq!(folder.count(), 2, "no temporary file is left");

    let run = sandbox.run(&["gen", "--spec", "new.json", "--accept"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(sandbox.run(&["gen", "--check"]).code, 0);
}

#[test]
fn an_action_that_matches_nothing_is_an_error_for_the_own_document() {
    let sandbox = Sandbox::new();
    sandbox.edit(without_price);
    let before = sandbox.files();
    for arguments in [&["gen"][..], &["gen", "--accept"], &["gen", "--check"], &["surface"]] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.starts_with("error: openapi/overlay.json: /actions/"), "{run:?}");
        assert!(run.stderr.contains("properties.price"), "{run:?}");
        assert!(run.stderr.contains("remove the action"), "{run:?}");
        assert_eq!(sandbox.files(), before);
    }
}

#[test]
fn an_action_that_matches_nothing_is_a_warning_for_another_document() {
    let sandbox = Sandbox::new();
    sandbox.write("new.json", &pretty(&sandbox.edited(without_price)));
    let run = sandbox.run(&["gen", "--spec", "new.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.starts_with("warning: "), "{run:?}");
    assert!(run.stderr.contains("properties.price"), "{run:?}");
    assert!(
        run.stderr.contains("`cargo xtask gen` fails until"),
        "it says what comes next: {run:?}"
    );
    let run = sandbox.run(&["gen"]);
    assert_eq!(run.code, 2, "the document is the workspace's own now");
    assert!(run.stderr.contains("remove the action"), "{run:?}");
}

#[test]
fn the_surface_of_any_document_is_printed() {
    let sandbox = Sandbox::new();
    let before = sandbox.files();
    let own = sandbox.run(&["surface"]);
    assert_eq!((own.code, &*own.stderr), (0, ""));
    let recorded = &before["tests/snapshots/surface.snap"];
    assert!(recorded.trim_end().ends_with(own.stdout.trim_end()));

    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("other.json");
    let file = file.to_str().unwrap();
    fs::write(file, pretty(&sandbox.edited(with_fax))).unwrap();
    let other = sandbox.run(&["surface", file]);
    assert_eq!((other.code, &*other.stderr), (0, ""));
    assert!(other.stdout.contains("\"fax\""), "{other:?}");

    fs::write(file, pretty(&sandbox.edited(without_price))).unwrap();
    let poorer = sandbox.run(&["surface", file]);
    assert_eq!(poorer.code, 0);
    assert!(poorer.stderr.starts_with("warning: "), "{poorer:?}");
    let bare = sandbox.run(&["surface", file, "--overlay", "none"]);
    assert_eq!((bare.code, &*bare.stderr), (0, ""));
    assert!(!bare.stdout.contains("ChannelData ("), "{bare:?}");
    let overlay = sandbox.path(OVERLAY);
    let given = sandbox.run(&["surface", file, "--overlay", overlay.to_str().unwrap()]);
    assert_eq!(given.stdout, poorer.stdout);

    assert_eq!(sandbox.files(), before);
}

#[test]
fn two_runs_give_the_same_bytes() {
    let one = Sandbox::new();
    let two = Sandbox::new();
    // The one is what an earlier run has made.
    for (file, _) in two.files_that_end(".snap") {
        fs::remove_file(two.path(&file)).unwrap();
    }
    assert_eq!(two.run(&["gen", "--accept"]).code, 0);
    assert_eq!(one.files(), two.files());
    let runs = [&one, &two].map(|sandbox| {
        sandbox.edit(with_fax);
        sandbox.run(&["gen"]).stdout
    });
    assert_eq!(runs[0], runs[1]);
    assert_eq!(one.files(), two.files());
    // Accepted from another folder, and over a review that waits.
    two.run_in(&std::env::temp_dir(), &["gen", "--accept"]);
    one.run(&["gen", "--accept"]);
    assert_eq!(one.files(), two.files());
    for (file, text) in one.files_that_end(".snap") {
        assert!(text.contains("\nsource: xtask/src/snapshots.rs\n"), "{file}");
        assert!(!text.contains("assertion_line"), "{file}");
    }
}

#[test]
fn a_snapshot_with_a_merge_conflict_is_stale_and_can_be_accepted() {
    let sandbox = Sandbox::new();
    let before = sandbox.files();
    let surface = "tests/snapshots/surface.snap";
    let conflict = before[surface].replacen("source", "<<<<<<< ours\nsource: [\nsource", 1);
    sandbox.write(surface, &conflict);
    assert_eq!(sandbox.run(&["gen", "--check"]).code, 1);
    assert_eq!(sandbox.run(&["gen", "--accept"]).code, 0);
    assert_eq!(sandbox.files(), before);
}

#[test]
fn the_maintainers_orders_to_insta_are_for_tests() {
    let sandbox = Sandbox::new();
    sandbox.edit(with_fax);
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = sandbox.command(&["gen"]);
    command.env("INSTA_UPDATE", "no").env("INSTA_OUTPUT", "diff");
    command.env("INSTA_PENDING_DIR", elsewhere.path()).env("CI", "1");
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    assert_eq!(sandbox.files_that_end("snap.new").len(), 2);
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let sandbox = Sandbox::new();
    sandbox.edit(with_fax);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command(&["gen", "--check"]);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
