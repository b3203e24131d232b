//! JSON Schemas.

use assert_cmd::Command;

use crate::support::{NUMBER, bare, fails, json, stdout};

fn schema(arguments: &[&str]) -> Command {
    let mut command = Command::from_std(bare());
    command.arg("schema").args(arguments);
    command
}

#[test]
fn every_name_that_is_listed_has_a_schema() {
    let text = stdout(&mut schema(&[]));
    let names: Vec<&str> = text.lines().skip(1).collect();
    for name in ["Attempt", "AttemptsSummary", "Verification", "Service"] {
        assert!(names.contains(&name), "{text}");
    }
    let listed = json(&mut schema(&["-o", "json"]));
    assert_eq!(listed["resources"].as_array().unwrap().len(), names.len());
    for name in names {
        assert!(json(&mut schema(&[name])).is_object(), "{name}");
    }
}

#[test]
fn a_schema_names_the_fields_of_the_api() {
    let schema = json(&mut schema(&["attemptssummary"]));
    assert!(schema["properties"]["total_attempts"].is_object());
    assert!(schema["properties"]["conversion_rate_percentage"].is_object());
}

#[test]
fn a_name_that_is_none() {
    for name in ["", "attempts", NUMBER] {
        let stderr = fails(&mut schema(&[name]), 2);
        assert!(stderr.contains("twilio-verify schema"), "{stderr}");
    }
    let stderr = fails(&mut schema(&["--emulator"]), 2);
    assert!(stderr.contains("--emulator"), "{stderr}");
}
