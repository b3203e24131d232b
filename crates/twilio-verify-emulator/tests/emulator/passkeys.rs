//! Passkeys: created, verified and used with the values of a browser.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::api::Api;

const IDENTITY: &str = "customer-4f1d27a0";
const ORIGIN: &str = "https://login.example.com";

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The client data of a browser, for some options.
fn client_data(kind: &str, options: &Value, origin: &str) -> String {
    let challenge = &options["publicKey"]["challenge"];
    base64url(json!({ "type": kind, "challenge": challenge, "origin": origin }).to_string())
}

/// What `navigator.credentials.create()` returns.
fn created(id: &str, options: &Value) -> Value {
    let id = base64url(id);
    json!({
        "id": id,
        "rawId": id,
        "authenticatorAttachment": "platform",
        "type": "public-key",
        "response": {
            "attestationObject": base64url("a statement"),
            "clientDataJSON": client_data("webauthn.create", options, ORIGIN),
            "transports": ["internal", "hybrid"],
        },
    })
}

/// What `navigator.credentials.get()` returns.
fn used(id: &str, options: &Value) -> Value {
    let id = base64url(id);
    json!({
        "id": id,
        "rawId": id,
        "authenticatorAttachment": "platform",
        "type": "public-key",
        "response": {
            "authenticatorData": base64url([0; 37]),
            "clientDataJSON": client_data("webauthn.get", options, ORIGIN),
            "signature": base64url("a signature"),
        },
    })
}

/// A browser's value with a change.
fn with(mut returned: Value, pointer: &str, value: impl Into<Value>) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    returned.pointer_mut(parent).unwrap()[name] = value.into();
    returned
}

/// An emulator, and the path of the passkeys of a service with a relying party.
async fn start() -> (Api, String) {
    let api = Api::start().await;
    let service = api
        .service(&[
            ("Passkeys.RelyingParty.Id", "example.com"),
            ("Passkeys.RelyingParty.Name", "Owl Bank"),
            ("Passkeys.RelyingParty.Origins", "https://example.com, https://login.example.com"),
        ])
        .await;
    (api, format!("{service}/Passkeys"))
}

async fn begin(api: &Api, passkeys: &str, identity: &str) -> Value {
    let body = json!({ "friendly_name": "Maria's laptop", "identity": identity });
    api.post_json(&format!("{passkeys}/Factors"), &body).await.created()
}

/// Creates a passkey and verifies it.
pub(crate) async fn register(api: &Api, passkeys: &str, identity: &str, id: &str) -> Value {
    let options = &begin(api, passkeys, identity).await["options"];
    api.post_json(&format!("{passkeys}/VerifyFactor"), &created(id, options)).await.ok()
}

#[tokio::test]
async fn a_passkey_is_created_and_verified() {
    let (api, passkeys) = start().await;
    let made = begin(&api, &passkeys, IDENTITY).await;
    assert_eq!(made["status"], "unverified");
    assert_eq!(made["factor_type"], "passkeys");
    assert_eq!(made["binding"], Value::Null);
    assert_eq!(
        made["config"],
        json!({
            "relying_party": {
                "id": "example.com",
                "name": "Owl Bank",
                "origins": ["https://example.com", ORIGIN],
            },
            "authenticator_attachment": "platform",
            "discoverable_credentials": "preferred",
            "user_verification": "preferred",
        })
    );
    let options = &made["options"]["publicKey"];
    let challenge = options["challenge"].as_str().unwrap();
    let sid = made["sid"].as_str().unwrap();
    assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(challenge).unwrap(), sid.as_bytes());
    let user = options["user"]["id"].as_str().unwrap();
    assert!(BASE64_URL_SAFE_NO_PAD.decode(user).unwrap().len() <= 64);
    assert_eq!(
        *options,
        json!({
            "rp": { "id": "example.com", "name": "Owl Bank" },
            "user": { "id": user, "name": IDENTITY, "displayName": "Maria's laptop" },
            "challenge": challenge,
            "pubKeyCredParams": [
                { "type": "public-key", "alg": -7 },
                { "type": "public-key", "alg": -257 },
            ],
            "timeout": 600_000,
            "excludeCredentials": [],
            "authenticatorSelection": {
                "authenticatorAttachment": "platform",
                "residentKey": "preferred",
                "requireResidentKey": false,
                "userVerification": "preferred",
            },
            "attestation": "none",
        })
    );

    api.clock.advance(TimeDelta::seconds(20));
    let returned = created("a passkey", &made["options"]);
    let verify = format!("{passkeys}/VerifyFactor");
    let verified = api.post_json(&verify, &returned).await.ok();
    assert_eq!(verified["sid"], made["sid"]);
    assert_eq!(verified["status"], "verified");
    assert_eq!(verified["date_updated"], "2026-03-02T21:00:20Z");
    let url = made["url"].as_str().unwrap();
    assert_eq!(api.get(url).await.ok(), verified);
    api.post_json(&verify, &returned).await.error(400, 60306);
    // Codes do not verify a passkey.
    api.post(url, &[("AuthPayload", "123456")]).await.error(400, 60306);

    // The same authenticator cannot be registered twice.
    let second = begin(&api, &passkeys, IDENTITY).await;
    assert_eq!(second["entity_sid"], made["entity_sid"]);
    assert_eq!(
        second["options"]["publicKey"]["excludeCredentials"],
        json!([{
            "type": "public-key",
            "id": base64url("a passkey"),
            "transports": ["internal", "hybrid"],
        }])
    );
    api.post_json(&verify, &created("a passkey", &second["options"])).await.error(400, 60306);
    api.delete(url).await.deleted();
    api.post_json(&verify, &created("a passkey", &second["options"])).await.ok();
}

#[tokio::test]
async fn a_passkey_has_settings_of_its_own() {
    let (api, passkeys) = start().await;
    let factors = format!("{passkeys}/Factors");
    let body = json!({
        "friendly_name": "Key",
        "identity": IDENTITY,
        "config": {
            "relying_party": { "id": "owl.example", "name": "Owl" },
            "authenticator_attachment": "any",
            "user_verification": "required",
            "discoverable_credentials": null,
        },
    });
    let made = api.post_json(&factors, &body).await.created();
    assert_eq!(made["config"]["authenticator_attachment"], "any");
    let options = &made["options"]["publicKey"];
    assert_eq!(options["rp"], json!({ "id": "owl.example", "name": "Owl" }));
    assert_eq!(
        options["authenticatorSelection"],
        json!({
            "residentKey": "preferred",
            "requireResidentKey": false,
            "userVerification": "required",
        })
    );

    // A relying party is required; its origin is the default.
    let service = api.service(&[]).await;
    let factors = format!("{service}/Passkeys/Factors");
    let bare = json!({ "friendly_name": "Key", "identity": IDENTITY });
    assert_eq!(
        api.post_json(&factors, &bare).await.error(400, 20001),
        "Missing required parameter config.relying_party.id in the post body"
    );
    let made = api.post_json(&factors, &body).await.created();
    assert_eq!(made["config"]["relying_party"]["origins"], json!(["https://owl.example"]));
}

#[tokio::test]
async fn what_no_browser_would_return_verifies_nothing() {
    let (api, passkeys) = start().await;
    let verify = format!("{passkeys}/VerifyFactor");
    let made = begin(&api, &passkeys, IDENTITY).await;
    let right = created("a passkey", &made["options"]);
    let data = "/response/clientDataJSON";
    let other = json!({ "publicKey": { "challenge": base64url([7; 32]) } });
    for (wrong, code) in [
        (with(right.clone(), "/id", "not base64url!"), 60200),
        (with(right.clone(), "/id", ""), 60200),
        (with(right.clone(), "/id", Value::Null), 20001),
        (with(right.clone(), "/rawId", base64url("another")), 60200),
        (with(right.clone(), "/type", "password"), 60200),
        (with(right.clone(), "/authenticatorAttachment", "any"), 60200),
        (with(right.clone(), "/response", Value::Null), 20001),
        (with(right.clone(), "/response/attestationObject", "!"), 60200),
        (with(right.clone(), "/response/attestationObject", Value::Null), 20001),
        (with(right.clone(), "/response/transports", json!(["air"])), 60200),
        (with(right.clone(), data, Value::Null), 20001),
        (with(right.clone(), data, base64url("no JSON")), 60200),
        (with(right.clone(), data, base64url("{}")), 60200),
        (with(right.clone(), data, client_data("webauthn.get", &made["options"], ORIGIN)), 60306),
        (with(right.clone(), data, client_data("webauthn.create", &other, ORIGIN)), 60306),
        (
            with(
                right.clone(),
                data,
                client_data("webauthn.create", &made["options"], "https://evil.example"),
            ),
            60306,
        ),
        (with(right.clone(), "/authenticatorAttachment", "cross-platform"), 60306),
    ] {
        api.post_json(&verify, &wrong).await.error(400, code);
    }
    let elsewhere = api.service(&[]).await;
    api.post_json(&format!("{elsewhere}/Passkeys/VerifyFactor"), &right).await.error(400, 60306);
    api.clock.advance(TimeDelta::minutes(10));
    api.post_json(&verify, &right).await.error(400, 60306);
    api.clock.advance(TimeDelta::seconds(-1));
    api.post_json(&verify, &right).await.ok();
}

#[tokio::test]
async fn a_challenge_is_approved_by_the_passkey_it_asks_for() {
    let (api, passkeys) = start().await;
    let factor = register(&api, &passkeys, IDENTITY, "a passkey").await;
    let challenges = format!("{passkeys}/Challenges");
    let approve = format!("{passkeys}/ApproveChallenge");
    let body = json!({ "identity": IDENTITY, "factor_sid": factor["sid"] });
    let pending = api.post_json(&challenges, &body).await.created();
    assert_eq!(pending["status"], "pending");
    assert_eq!(pending["factor_type"], "passkeys");
    assert_eq!(pending["factor_sid"], factor["sid"]);
    assert_eq!(pending["identity"], IDENTITY);
    assert_eq!(pending["expiration_date"], "2026-03-02T21:05:00Z");
    let options = &pending["options"]["publicKey"];
    assert_eq!(
        *options,
        json!({
            "challenge": options["challenge"],
            "rpId": "example.com",
            "timeout": 300_000,
            "userVerification": "preferred",
            "allowCredentials": [{
                "type": "public-key",
                "id": base64url("a passkey"),
                "transports": ["internal", "hybrid"],
            }],
        })
    );

    api.clock.advance(TimeDelta::seconds(15));
    let returned = used("a passkey", &pending["options"]);
    let approved = api.post_json(&approve, &returned).await.ok();
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["date_responded"], "2026-03-02T21:00:15Z");
    assert_eq!(approved["options"], pending["options"]);
    let mut fetched = api.get(pending["url"].as_str().unwrap()).await.ok();
    fetched["options"] = pending["options"].clone();
    assert_eq!(fetched, approved);
    api.post_json(&approve, &returned).await.error(403, 60322);
}

#[tokio::test]
async fn any_passkey_will_do_if_none_is_asked_for() {
    let (api, passkeys) = start().await;
    let factor = register(&api, &passkeys, IDENTITY, "a passkey").await;
    let pending = api.post_json(&format!("{passkeys}/Challenges"), &json!({})).await.created();
    for field in ["entity_sid", "identity", "factor_sid", "url", "links"] {
        assert_eq!(pending[field], Value::Null, "{field}");
    }
    assert_eq!(pending["options"]["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(pending["options"]["publicKey"]["rpId"], "example.com");
    let returned = used("a passkey", &pending["options"]);
    let owner = base64url(factor["entity_sid"].as_str().unwrap());
    let returned = with(returned, "/response/userHandle", owner);
    let approved = api.post_json(&format!("{passkeys}/ApproveChallenge"), &returned).await.ok();
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["identity"], IDENTITY);
    assert_eq!(approved["factor_sid"], factor["sid"]);
    assert_eq!(approved["entity_sid"], factor["entity_sid"]);
    api.get(approved["url"].as_str().unwrap()).await.ok();
}

#[tokio::test]
async fn another_passkey_or_another_exchange_fails() {
    let (api, passkeys) = start().await;
    let first = register(&api, &passkeys, IDENTITY, "a passkey").await;
    register(&api, &passkeys, IDENTITY, "a second").await;
    register(&api, &passkeys, "customer-other", "another's").await;
    let approve = format!("{passkeys}/ApproveChallenge");
    let body = json!({ "factor_sid": first["sid"] });
    let pending = api.post_json(&format!("{passkeys}/Challenges"), &body).await.created();
    assert_eq!(pending["identity"], IDENTITY);
    let options = &pending["options"];
    let right = used("a passkey", options);
    let data = "/response/clientDataJSON";
    let other = json!({ "publicKey": { "challenge": base64url([7; 32]) } });
    for (wrong, status, code) in [
        (used("a second", options), 403, 60324),
        (used("another's", options), 403, 60324),
        (used("nobody's", options), 403, 60324),
        (with(right.clone(), "/response/userHandle", "AAAA"), 403, 60324),
        (with(right.clone(), "/authenticatorAttachment", "cross-platform"), 403, 60324),
        (
            with(right.clone(), data, client_data("webauthn.get", options, "https://evil.example")),
            403,
            60324,
        ),
        (used("a passkey", &other), 400, 60306),
        (with(right.clone(), data, client_data("webauthn.create", options, ORIGIN)), 400, 60306),
        (with(right.clone(), data, "?"), 400, 60200),
        (with(right.clone(), "/rawId", "AAAA"), 400, 60200),
        (with(right.clone(), "/response/signature", ""), 400, 60200),
        (with(right.clone(), "/response/authenticatorData", base64url([0; 36])), 400, 60200),
    ] {
        api.post_json(&approve, &wrong).await.error(status, code);
    }
    api.clock.advance(TimeDelta::minutes(5));
    api.post_json(&approve, &right).await.error(403, 60323);
    let expired = api.get(pending["url"].as_str().unwrap()).await.ok();
    assert_eq!(expired["status"], "expired");
}

#[tokio::test]
async fn only_a_passkey_that_is_there_and_verified_is_challenged() {
    let (api, passkeys) = start().await;
    let challenges = format!("{passkeys}/Challenges");
    let unverified = begin(&api, &passkeys, IDENTITY).await;
    for body in [json!({ "identity": IDENTITY }), json!({ "factor_sid": unverified["sid"] })] {
        api.post_json(&challenges, &body).await.error(403, 60318);
    }
    for body in [
        json!({ "identity": "customer-other" }),
        json!({ "identity": "customer-other", "factor_sid": unverified["sid"] }),
        json!({ "factor_sid": "YF00000000000000000000000000000000" }),
    ] {
        api.post_json(&challenges, &body).await.error(400, 60306);
    }
    for body in [
        json!({ "identity": "short" }),
        json!({ "factor_sid": "YF1" }),
        json!({ "identity": 1 }),
        json!([]),
    ] {
        api.post_json(&challenges, &body).await.error(400, 60200);
    }
    for (body, code) in [
        (json!({ "friendly_name": "Key" }), 20001),
        (json!({ "identity": IDENTITY }), 20001),
        (json!({ "friendly_name": "Key", "identity": "user@example.com" }), 60367),
        (json!({ "friendly_name": "Key", "identity": "short" }), 60367),
        (json!({ "friendly_name": "Key", "identity": IDENTITY, "config": [] }), 60200),
        (
            json!({
                "friendly_name": "Key",
                "identity": IDENTITY,
                "config": { "user_verification": "x" },
            }),
            60200,
        ),
    ] {
        api.post_json(&format!("{passkeys}/Factors"), &body).await.error(400, code);
    }
    // Its other operations are those for passkeys.
    let entity = passkeys.replace("Passkeys", &format!("Entities/{IDENTITY}"));
    let factor = register(&api, &passkeys, IDENTITY, "a passkey").await;
    let form = [("FactorSid", factor["sid"].as_str().unwrap())];
    api.post(&format!("{entity}/Challenges"), &form).await.error(400, 60306);
}
