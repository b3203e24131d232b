//! What is named otherwise in Rust goes by its own name on the wire, and
//! answers are taken for what they are.

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
    let words: Vec<&str> = files.iter().flat_map(|file| file.split_whitespace()).collect();
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
            r#""::std::option::Option::is_none", rename = "StartTime<" )] pub start_time_before: "#,
            r#"rename = "StartTime", skip_serializing_if = "::std::option::Option::is_none" )] pub start_time: "#,
            r#""::std::option::Option::is_none", rename = "StartTime>" )] pub start_time_after: "#,
            r#""/2010-04-01/Accounts/{}/Calls.json", encode_path("#,
        ],
    );
    assert_all(
        &code("names_of_arguments"),
        &[
            r#"rename = "Sid""#,
            r#"header_map.append("Sid", value.to_string()"#,
            "encode_path(sid)",
            r#"rename = "é""#,
            "pub u00e9: ",
        ],
    );
}

#[test]
fn fields() {
    assert_all(
        &code("names_of_fields"),
        &[
            r#"rename = "")] pub x: "#,
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
            r#"REQUEST_OPERATION: &'static Self = &Self { operation_id: "request","#,
            "crate::RequestBuilder::new( crate::Operation::REQUEST_OPERATION, url",
            "crate::RequestBuilder::new(crate::Operation::NEW_WITH_CLIENT, url)",
            r#"TYPE_OPERATION: &'static Self = &Self { operation_id: "type","#,
            r#"GET_V1A2: &'static Self = &Self { operation_id: "GetV1a2", method: ::http::Method::GET, server: "https://localhost", path: "/v1/a""#,
        ],
    );
}

#[test]
fn answers() {
    assert_all(
        &code("answers"),
        &[
            r#"path: "/v1/A", success: &[200..=200, 201..=201, 202..=202]"#,
            r#"path: "/v1/C", success: &[200..=299]"#,
            r#"path: "/v1/N", success: &[200..=200]"#,
            "Result<crate::Request<()>, crate::RequestError> { let url = format!(\"/v1/L\")",
            "Ok(crate::Request::empty(crate::Operation::EMPTY, request))",
            r#"path: "/v1/Redirect/{Day}", success: &[302..=302, 307..=307]"#,
            r#"path: "/v1/RedirectRange", success: &[300..=399]"#,
            "Ok(crate::Request::redirect(crate::Operation::REDIRECT, request))",
            "pub async fn send(self) -> Result<crate::Location, S::Error>",
        ],
    );
    assert_all(
        &code("media_types"),
        &[
            "pub fn request( &self, ) -> Result<crate::Request<::std::vec::Vec<u8>>, crate::RequestError>",
            "Ok(crate::Request::bytes(crate::Operation::PLAIN, request))",
        ],
    );
}
