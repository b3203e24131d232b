//! `cargo xtask gen --compile`, run as a maintainer runs it. One test, for
//! all that it does waits for the same lock of cargo's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use serde_json::{Value, json};

use crate::sandbox::{ATTEMPT, DOCUMENT, OVERLAY, Run, Sandbox, pretty};

/// The overlay with an action that gives a field a hand-written type that doesn't exist.
fn with_missing_type(overlay: &str) -> String {
    let mut overlay: Value = serde_json::from_str(overlay).unwrap();
    overlay["actions"].as_array_mut().unwrap().push(json!({
        "target": "$.components.schemas['verify.v2.verification_attempt'].properties.url",
        "description": "A test",
        "update": { "x-rust-type": "crate::Nowhere" },
    }));
    pretty(&overlay)
}

fn with_field(document: &mut Value) {
    let properties = document.pointer_mut(&format!("{ATTEMPT}/properties"));
    properties.unwrap()["operator"] = json!({ "type": "string" });
}

#[test]
fn what_is_generated_is_compiled() {
    let sandbox = Sandbox::new().with_crate();
    let before = sandbox.files();
    // In the folder that this test was built in, where other tests try
    // generated code as well: what it depends on is built once.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let xtask = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        Run::of(command.env("CARGO_TARGET_DIR", target))
    };
    for arguments in [&["gen", "--compile"][..], &["gen", "--compile", "--check"]] {
        let run = xtask(arguments);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
        assert!(run.stdout.starts_with("unchanged: "), "{run:?}");
    }

    // A document whose code doesn't compile is refused, whatever is accepted.
    sandbox.write("new.json", &before[DOCUMENT]);
    sandbox.write(OVERLAY, &with_missing_type(&before[OVERLAY]));
    let with_new = sandbox.files();
    for arguments in [
        &["gen", "--compile", "--spec", "new.json"][..],
        &["gen", "--compile", "--spec", "new.json", "--accept"],
    ] {
        let run = xtask(arguments);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        for part in [
            "error: new.json: the generated code does not compile\n",
            "cannot find type `Nowhere`",
            " types/verification_attempt.rs:",
            "\nhelp: ",
            "openapi/verify_v2.json is as it was",
        ] {
            assert!(run.stderr.contains(part), "{part}: {run:?}");
        }
        assert_eq!(sandbox.files(), with_new);
    }

    // So is the workspace's own, but there is nothing to refuse.
    let run = xtask(&["gen", "--compile"]);
    assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
    let place = "error: openapi/verify_v2.json: the generated code does not compile\n";
    assert!(run.stderr.starts_with(place), "{run:?}");
    assert!(sandbox.files_that_end(".snap.new").is_empty());
    sandbox.write(OVERLAY, &before[OVERLAY]);

    // A good one is adopted, after a bad one as well, and though an action of
    // the overlay matches nothing.
    let price = |document: &mut Value| {
        with_field(document);
        let properties = document.pointer_mut(&format!("{ATTEMPT}/properties"));
        properties.unwrap().as_object_mut().unwrap().remove("price");
    };
    for edit in [with_field, price] {
        sandbox.write("new.json", &pretty(&sandbox.edited(edit)));
        let run = xtask(&["gen", "--compile", "--spec", "new.json"]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.starts_with("adopted new.json"), "{run:?}");
    }
}
