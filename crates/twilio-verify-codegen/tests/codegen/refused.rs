//! What can't be generated is refused by its place, with a reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use twilio_verify_codegen::{Input, generate};

/// The fixtures, each with the place that is named and words of the reason.
const REFUSED: [(&str, &str, &str); 69] = [
    (
        "body_form_encoding",
        "/paths/~1v1~1Things/post/requestBody/content/application~1x-www-form-urlencoded/encoding",
        "remove it by an overlay",
    ),
    (
        "body_form_of_a_list",
        "/paths/~1v1~1Things/post/requestBody/content/application~1x-www-form-urlencoded/schema",
        "a form is an object, of one property a field",
    ),
    (
        "body_multipart",
        "/paths/~1v1~1Things/post/requestBody/content/multipart~1form-data",
        "only forms (application/x-www-form-urlencoded) and JSON can be sent, not multipart/form-data",
    ),
    (
        "body_scim",
        "/paths/~1v1~1Things/post/requestBody/content/application~1scim+json",
        "not application/scim+json",
    ),
    (
        "body_text_or_xml",
        "/paths/~1v1~1Things/post/requestBody/content",
        "only forms (application/x-www-form-urlencoded) and JSON can be sent, not application/xml, text/plain",
    ),
    ("body_without_content", "/paths/~1v1~1Things/post/requestBody", "the body has no content"),
    (
        "body_without_schema",
        "/paths/~1v1~1Things/post/requestBody/content/application~1json",
        "a body without a schema has no type",
    ),
    ("info_is_a_text", "/info", "a title and a version are needed: an object is expected"),
    ("key_twice", "/components/schemas/thing/properties/sid", "occurs twice"),
    ("method_options", "/paths/~1v1~1Things/options", "the client has no such method"),
    ("nested_too_deep", "", "recursion limit"),
    ("not_an_object", "", "not an OpenAPI document: an object is expected at the top"),
    ("not_json", "", "not JSON: EOF while parsing a value at line 1 column 20"),
    ("operation_id_is_a_number", "/paths/~1v1~1Things/get/operationId", "an operationId is a text"),
    (
        "operation_ids_equal",
        "/paths/~1v1~1Things/post/operationId",
        "both be the method list_thing",
    ),
    ("operation_is_a_list", "/paths/~1v1~1Things/get", "an operation is an object"),
    ("parameter_commas", "/paths/~1v1~1Things/get/parameters/0", "explode: false"),
    (
        "parameter_content_xml",
        "/paths/~1v1~1Things/get/parameters/0",
        "A: the content of a parameter can be application/json alone",
    ),
    ("parameter_deep_object", "/paths/~1v1~1Things/get/parameters/0", "deepObject"),
    (
        "parameter_header_list",
        "/paths/~1v1~1Things/get/parameters/0",
        "X-A: a list or an object can only be sent in a query",
    ),
    (
        "parameter_header_name",
        "/paths/~1v1~1Things/get/parameters/0",
        "X Y: this can't be the name of a header",
    ),
    (
        "parameter_in_body",
        "/paths/~1v1~1Things/get/parameters/0",
        "S: a parameter is in `path`, `query` or `header`",
    ),
    (
        "parameter_in_cookie",
        "/paths/~1v1~1Things/get/parameters/1",
        "S: a parameter in a cookie can't be sent",
    ),
    (
        "parameter_path_object",
        "/paths/~1v1~1{A}/get/parameters/0",
        "A: a list or an object can only be sent in a query",
    ),
    (
        "parameter_pipes",
        "/paths/~1v1~1Things/get/parameters/0",
        "A: only the styles `form` (query) and `simple` (path, header) can be sent",
    ),
    (
        "parameter_prefixed_map",
        "/paths/~1v1~1Things/get/parameters/0",
        "AddOnsData: a map of prefixed parameters can't be sent",
    ),
    ("parameter_reference_circular", "/paths/~1v1~1Things/get/parameters/0", "leads to itself"),
    ("parameter_reference_dangling", "/paths/~1v1~1Things/get/parameters/0", "nothing there"),
    ("parameter_reference_external", "/paths/~1v1~1Things/get/parameters/0", "another file"),
    (
        "parameter_shared_with_bad_schema",
        "/components/parameters/A/schema/type",
        "the types are array, boolean, integer, number, object and string",
    ),
    ("parameter_twice", "/paths/~1v1~1Things/get/parameters/1", "A: it is declared twice"),
    ("parameter_without_name", "/paths/~1v1~1Things/get/parameters/0", "the parameter has no name"),
    (
        "parameter_without_schema",
        "/paths/~1v1~1Things/get/parameters/0",
        "A: a parameter without a schema has no type",
    ),
    ("parameters_are_an_object", "/paths/~1v1~1Things/get/parameters", "parameters are an array"),
    ("path_brace_empty", "/paths/~1v1~1{}", "a brace is not closed, or closed without need"),
    ("path_brace_open", "/paths/~1v1~1{Sid", "a brace is not closed, or closed without need"),
    ("path_elsewhere", "/paths/~1v1~1Other", "a path in another file can't be read"),
    ("path_parameter_undeclared", "/paths/~1v1~1Things~1{Sid}/get", "declare it"),
    ("path_parameter_unused", "/paths/~1v1~1Things/get", "has no {Sid}"),
    ("path_parameter_unused_shared", "/paths/~1v1~1Things/get", "has no {Sid}"),
    (
        "path_twice",
        "/paths/~1v1~1{Sid}",
        "this is /v1/{Id} once more, with other names in the braces",
    ),
    ("path_with_query", "/paths/~1v1~1Things?A=b", "a path holds no query"),
    ("path_without_slash", "/paths/v1~1Things", "a path begins with a slash"),
    ("paths_missing", "", "a document without paths has nothing to call: an object is expected"),
    ("response_is_a_text", "/paths/~1v1~1Things/get/responses/200", "a response is an object"),
    (
        "response_reference_dangling",
        "/paths/~1v1~1Things/get/responses/200",
        "#/components/responses/Gone: the document has nothing there",
    ),
    (
        "response_status_odd",
        "/paths/~1v1~1Things/get/responses/2xx",
        "a status is three digits, a range such as `2XX`, or `default`",
    ),
    (
        "responses_different",
        "/paths/~1v1~1Things/get/responses/201",
        "200 returns thing, 201 returns api_error",
    ),
    ("responses_json_and_bytes", "/paths/~1v1~1Things/get/responses/202", "202 returns bytes"),
    ("responses_missing", "/paths/~1v1~1Things/get", "the operation states no responses"),
    (
        "responses_with_and_without_body",
        "/paths/~1v1~1Things/get/responses/204",
        "204 returns no body",
    ),
    (
        "responses_without_success",
        "/paths/~1v1~1Things/get/responses",
        "no 2xx response and no redirect: an operation that never succeeds has no type to return",
    ),
    (
        "schema_alias_of_itself",
        "/components/schemas/a",
        "a is made of itself, without an object between that could end it",
    ),
    (
        "schema_all_of_contradiction",
        "/components/schemas/thing/properties/a/allOf/1/properties/x",
        "string and integer at once",
    ),
    (
        "schema_all_of_empty",
        "/components/schemas/thing/properties/a/allOf",
        "expected an array of at least one schema",
    ),
    ("schema_all_of_itself", "/components/schemas/b/allOf/0", "a is composed of itself"),
    ("schema_enum_mixed", "/components/schemas/thing/properties/a/enum/1", "1 is not a string"),
    (
        "schema_inline_too_deep",
        "/paths/~1v1~1Things/get/responses/200/content/application~1json/schema",
        "more than 40 deep",
    ),
    ("schema_is_a_text", "/components/schemas/thing/properties/a", "a schema is an object"),
    ("schema_items_list", "/components/schemas/thing/properties/a/items", "expected a schema"),
    (
        "schema_list_of_itself",
        "/components/schemas/a",
        "a is made of itself, without an object between that could end it",
    ),
    ("schema_nested_too_deep", "/components/schemas/c0", "more than 40 deep"),
    (
        "schema_reference_dangling",
        "/components/schemas/thing/properties/a",
        "there is no component gone",
    ),
    (
        "schema_reference_deep",
        "/components/schemas/thing/properties/a",
        "there is no component api_error/properties/code",
    ),
    (
        "schema_reference_external",
        "/components/schemas/thing/properties/a",
        "\"other.json#/A\": a schema can refer to #/components/schemas alone",
    ),
    (
        "schema_type_list",
        "/components/schemas/thing/properties/a/type",
        "`type` is one text in OpenAPI 3.0",
    ),
    (
        "schema_type_unknown",
        "/components/schemas/thing/properties/a/type",
        "the types are array, boolean, integer, number, object and string",
    ),
    ("version_2", "", "only OpenAPI 3.0 can be read, none is stated"),
    ("version_3_1", "/openapi", "this is 3.1.0"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/refused")
}

#[test]
fn each_fixture_is_refused_by_its_place() {
    for (name, pointer, words) in REFUSED {
        let document = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
        let error = generate(&Input::new(&document)).expect_err(name);
        assert_eq!(error.pointer().as_str(), pointer, "{name}: {error}");
        assert!(error.reason().contains(words), "{name}: {error}");
        if let Ok(json) = serde_json::from_str::<Value>(&document) {
            assert!(json.pointer(pointer).is_some(), "{name}: {error}");
        }
    }
}

#[test]
fn each_fixture_is_listed() {
    let listed: BTreeSet<String> =
        REFUSED.iter().map(|(name, ..)| format!("{name}.json")).collect();
    let entries = fs::read_dir(folder()).unwrap();
    let files: BTreeSet<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(listed, files);
}
