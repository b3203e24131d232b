//! What is named otherwise in Rust goes by its own name on the wire.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use twilio_verify_codegen::{Input, generate};

/// The code of a fixture, without line breaks.
fn code(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/generated");
    let document = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let generated = generate(&Input::new(&document)).unwrap();
    let files: Vec<String> = generated.files.into_values().collect();
    let words: Vec<&str> = files
        .iter()
        .flat_map(|file| file.split_whitespace())
        .collect();
    words.join(" ")
}

fn assert_all(code: &str, expected: &[&str]) {
    for expected in expected {
        assert!(code.contains(expected), "{expected}");
    }
}

#[test]
fn parameters() {
    assert_all(
        &code("names_before_and_after"),
        &[
            r#"QueryParam::new("StartTime<", &start_time_before)"#,
            r#"QueryParam::new("StartTime", &start_time)"#,
            r#"QueryParam::new("StartTime>", &start_time_after)"#,
            r#""{}/2010-04-01/Accounts/{}/Calls.json", self.baseurl"#,
        ],
    );
    assert_all(
        &code("names_of_arguments"),
        &[
            r#"QueryParam::new("Sid", &sid2)"#,
            r#"header_map.append("Sid", value.to_string()"#,
            "encode_path(& sid.to_string())",
            r#"QueryParam::new("é", &u00e9)"#,
            "`/v1/Other/{Sid<}`",
        ],
    );
}

#[test]
fn fields() {
    assert_all(
        &code("names_of_fields"),
        &[
            r#"rename = "" )] pub x: "#,
            r#"rename = "$ref""#,
            r#"rename = "a\"b""#,
            r#"rename = "type""#,
        ],
    );
}

#[test]
fn operations() {
    assert_all(
        &code("operation_ids"),
        &[
            r#"id: "exec_operation", operation_id: "exec""#,
            r#"OperationInfo { operation_id: "exec_operation", }"#,
            r#"id: "type_operation", operation_id: "type""#,
            r#"id: "get_v1a2", operation_id: "GetV1a2", method: "GET", path: "/v1/a""#,
        ],
    );
}
