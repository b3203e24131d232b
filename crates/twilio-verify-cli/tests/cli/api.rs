//! `api`: requests by their path.

use serde_json::json;

use crate::support::{CODE, NUMBER, SERVICE, contract, fails, json, scripted, stdout};

#[test]
fn a_request_of_any_kind_can_be_sent() {
    let server = contract();
    let get = ["api", "get", "/v2/Services", "-q", "PageSize=2", "-q=X=a b"];
    let listed = json(&mut server.command(&get));
    assert!(listed["services"].is_array());
    server.server.assert_last("ListService", "/v2/Services?PageSize=2&X=a+b", "");

    let path = format!("/v2/Services/{SERVICE}/Verifications");
    let to = format!("To={NUMBER}");
    let post = ["api", "POST", &path, "-d", &to, "--data=Channel=sms"];
    stdout(&mut server.command(&post));
    let body = "To=%2B573003003030&Channel=sms";
    server.server.assert_last("CreateVerification", &path, body);

    let path = format!("/v2/Services/{SERVICE}/Passkeys/Challenges");
    let post = ["api", "POST", &path, "--json", "{\"identity\": \"customer-1\"}"];
    stdout(server.command(&post).args(["-o", "json"]));
    let body = "{\"identity\":\"customer-1\"}";
    server.server.assert_last("CreateChallengePasskeys", &path, body);

    let path = format!("/v2/Services/{SERVICE}");
    assert_eq!(stdout(&mut server.command(&["api", "DELETE", &path])), "");
    server.server.assert_last("DeleteService", &path, "");
}

#[test]
fn the_response_is_printed_as_it_is() {
    let body = r#"{"new_field":{"a":[1,null]}}"#;
    let server = scripted([tests::scripted::Reply::json(200, body)]);
    let response = json(&mut server.command(&["api", "GET", "/v2/New"]));
    assert_eq!(response, json!({ "new_field": { "a": [1, null] } }));
}

#[test]
fn exit_codes_are_those_of_other_commands() {
    for (status, code, exit) in [(404, 20404, 4), (401, 20003, 3), (400, 60200, 1)] {
        let body = format!(r#"{{"code":{code},"message":"{NUMBER}","status":{status}}}"#);
        let server = scripted([tests::scripted::Reply::json(status, &body)]);
        let path = format!("/v2/SafeList/Numbers/{NUMBER}");
        fails(&mut server.command(&["api", "GET", &path]), exit);
    }
}

#[test]
fn an_invalid_request_is_rejected_before_anything_is_sent() {
    let server = contract();
    for (arguments, name) in [
        (&["api", "GET", "v2/Services"][..], "<PATH>"),
        (&["api", "GET", "/v2/Services?PageSize=2"], "<PATH>"),
        (&["api", "GET", "https://example.com/v2"], "<PATH>"),
        (&["api", "GET", "/v2/Services", "-q", NUMBER], "--query"),
        (&["api", "POST", "/v2/Services", "-d", CODE], "--data"),
        (&["api", "POST", "/v2/Services", "--json", NUMBER], "--json"),
        (&["api", "GET", "/v2/Services", "-o", "csv"], "--output"),
        (&["api", "POST", "/v2/Services", "-d=A=b", "--json={}"], "--json"),
    ] {
        let stderr = fails(&mut server.command(arguments), 2);
        assert!(stderr.contains(name), "{arguments:?}: {stderr}");
    }
    assert!(server.server.asked().is_empty());
}
