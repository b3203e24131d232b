//! Parameters that Twilio adds need an edit of the document, and nothing else: a program uses them
//! through the client as soon as the document has them.

mod downstream;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::contract::Contract;
use tests::document::document;

/// The operations that get a query parameter.
const QUERIES: [&str; 2] = ["ListVerificationAttempt", "FetchVerificationAttemptsSummary"];

/// The operation that gets a field of its body.
const BODY: &str = "CreateVerification";

/// The document, with a field and a query parameter more.
fn edited() -> Value {
    let mut document = document();
    let paths = document["paths"].as_object_mut().unwrap();
    let methods = paths.values_mut().flat_map(|path| path.as_object_mut().unwrap().values_mut());
    let mut edits = 0;
    for operation in methods {
        let id = operation["operationId"].as_str().unwrap_or_default();
        if QUERIES.contains(&id) {
            let parameters = operation["parameters"].as_array_mut().unwrap();
            parameters.push(json!({
                "name": "CarrierName",
                "in": "query",
                "description": "Only attempts by this carrier.",
                "schema": { "type": "string" },
            }));
            edits += 1;
        } else if id == BODY {
            let contents = operation["requestBody"]["content"].as_object_mut().unwrap();
            let content = contents.values_mut().next().unwrap();
            content["schema"]["properties"]["GreetingName"] = json!({
                "type": "string",
                "description": "The name that the message greets.",
            });
            edits += 1;
        }
    }
    assert_eq!(edits, 3);
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_alone_adds_parameters_to_the_client() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new_parameters");
    let openapi = folder.join("openapi");
    fs::create_dir_all(&openapi).unwrap();
    downstream::write(&openapi.join("verify_v2.json"), &edited().to_string());
    let overlay = downstream::workspace().join("openapi/overlay.json");
    downstream::write(&openapi.join("overlay.json"), &fs::read_to_string(overlay).unwrap());

    let server = Contract::start().await.unwrap();
    downstream::run(&folder, include_str!("program.rs"), &openapi, server.url());

    let asked = server.asked();
    let requests: Vec<_> =
        asked.iter().map(|asked| (&*asked.id, &*asked.target, &*asked.body)).collect();
    assert_eq!(
        requests,
        [
            (
                "CreateVerification",
                "/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Verifications",
                "Channel=sms&GreetingName=Ana+Mar%C3%ADa&To=%2B573003003030",
            ),
            ("ListVerificationAttempt", "/v2/Attempts?CarrierName=Claro&PageSize=1", ""),
            (
                "FetchVerificationAttemptsSummary",
                "/v2/Attempts/Summary?CarrierName=Claro+M%C3%B3vil",
                ""
            ),
        ]
    );
}
