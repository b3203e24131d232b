//! Every operation of the document by the command line, against the emulator.

use std::collections::HashSet;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tests::document::operations;
use twilio_verify_emulator::{Clock, Emulator, ManualClock};

use crate::support::{CODE, NUMBER, Server, fails, json, now, stdout};

const IDENTITY: &str = "customer-4f1d27a0";

/// The secret of RFC 6238, and the same in Base32.
const SECRET: (&[u8], &str) = (b"12345678901234567890", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

/// An emulator with a clock, and a service.
struct Session {
    server: Server,
    clock: ManualClock,
    service: String,
}

impl Session {
    fn start() -> Self {
        let clock = ManualClock::at(now());
        let server = Server::start(Emulator::builder().clock(clock.clone()));
        let mut session = Self { server, clock, service: String::new() };
        let create = ["services", "create", "--friendly-name", "Owl Bank"];
        session.service = sid(&session.run(&create));
        session
    }

    /// Runs a command that must succeed, and gives its JSON.
    fn run(&self, arguments: &[&str]) -> Value {
        json(self.server.command().args(arguments).args(["-o", "json"]))
    }

    /// The same, within the service.
    fn of_service(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--service-sid", &self.service]].concat())
    }

    /// The same, within an entity of the service.
    fn of_entity(&self, arguments: &[&str]) -> Value {
        self.of_service(&[arguments, &["--identity", IDENTITY]].concat())
    }
}

fn sid(resource: &Value) -> String {
    resource["sid"].as_str().unwrap().to_owned()
}

#[test]
fn every_operation_can_be_reached() {
    let session = Session::start();
    services(&session);
    verifications(&session);
    rate_limits(&session);
    settings(&session);
    totp(&session);
    push(&session);
    passkeys(&session);
    entities(&session);

    let operations = operations();
    assert!(operations.len() >= 57);
    let served = session.server.emulator.requests();
    let served: HashSet<&str> = served
        .iter()
        .filter(|request| request.status() < 300)
        .filter_map(|request| {
            // Those with the more definite path come first.
            let mut operations = operations.iter();
            operations.find(|operation| operation.matches(request.method(), request.path()))
        })
        .map(|operation| operation.id.as_str())
        .collect();
    let ids = operations.iter().map(|operation| operation.id.as_str());
    let unreached: Vec<&str> = ids.filter(|id| !served.contains(id)).collect();
    assert_eq!(unreached, [] as [&str; 0]);
}

fn services(session: &Session) {
    let update = [
        "services",
        "update",
        &session.service,
        "--passkeys.relying-party.id=example.com",
        "--passkeys.relying-party.name=Owl Bank",
    ];
    session.run(&update);
    let listed = session.run(&["services", "list"]);
    assert_eq!(listed["services"][0]["sid"], *session.service);
    let fetched = session.run(&["services", "fetch", "--sid", &session.service]);
    assert_eq!(fetched["passkeys"]["relying_party"]["id"], "example.com");
    let other = sid(&session.run(&["services", "create", "--friendly-name", "Passing"]));
    let deleted = session.run(&["services", "remove", &other, "--yes"]);
    assert_eq!(deleted, json!({ "sid": other, "deleted": true }));
}

fn verifications(session: &Session) {
    let start = ["verifications", "start", "--to", NUMBER, "--channel", "sms"];
    let started = session.of_service(&start);
    assert_eq!(started["status"], "pending");
    let fetched = session.of_service(&["verifications", "fetch", "--to", NUMBER]);
    assert_eq!(fetched["sid"], started["sid"]);
    let code = session.server.emulator.outbox().code_for(NUMBER).unwrap();
    let check = ["verifications", "check", "--to", NUMBER, "--code", &code];
    assert_eq!(session.of_service(&check)["status"], "approved");

    // The same by the names of twilio-cli.
    let create = ["verifications", "create", "--to", NUMBER, "--channel=call"];
    let created = sid(&session.of_service(&create));
    let code = session.server.emulator.outbox().code_for(NUMBER).unwrap();
    let check = ["verification-check", "create", "--to", NUMBER, "--code", &code];
    assert_eq!(session.of_service(&check)["sid"], *created);
    let created = sid(&session.of_service(&create));
    let update = ["verifications", "update", "--sid", &created, "--status=canceled"];
    assert_eq!(session.of_service(&update)["status"], "canceled");

    let summary = session.run(&["attempts", "summary", "--service-sid", &session.service]);
    assert_eq!(summary["total_attempts"], 3);
    let listed = session.run(&["attempts", "list", "--verify-service-sid", &session.service]);
    let attempt = sid(&listed["attempts"][0]);
    let fetched = session.run(&["attempts", "fetch", &attempt]);
    assert_eq!(fetched, listed["attempts"][0]);
}

fn rate_limits(session: &Session) {
    let create = ["rate-limits", "create", "--unique-name", "end_user_ip"];
    let limit = sid(&session.of_service(&create));
    let update = ["rate-limits", "update", &limit, "--description", "By address"];
    session.of_service(&update);
    let fetched = session.of_service(&["rate-limits", "fetch", &limit]);
    assert_eq!(fetched["description"], "By address");
    let listed = session.of_service(&["rate-limits", "list"]);
    assert_eq!(listed["rate_limits"], json!([fetched]));

    let of_limit = |arguments: &[&str]| {
        session.of_service(&[arguments, &["--rate-limit-sid", &limit]].concat())
    };
    let bucket = sid(&of_limit(&["buckets", "create", "--max=2", "--interval=60"]));
    assert_eq!(of_limit(&["buckets", "update", &bucket, "--max", "1"])["max"], 1);
    let fetched = of_limit(&["buckets", "fetch", "--sid", &bucket]);
    assert_eq!(fetched["interval"], 60);
    assert_eq!(of_limit(&["buckets", "list"])["buckets"], json!([fetched]));
    of_limit(&["buckets", "remove", &bucket, "-y"]);
    assert_eq!(of_limit(&["buckets", "list"])["buckets"], json!([]));
    session.of_service(&["rate-limits", "delete", "--sid", &limit, "--yes"]);
    assert_eq!(session.of_service(&["rate-limits", "list"])["rate_limits"], json!([]));
}

fn settings(session: &Session) {
    let (one, other) = ("MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "MGbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    let configurations = |arguments: &[&str]| {
        session.of_service(&[&["messaging-configurations"], arguments].concat())
    };
    configurations(&["create", "--country", "co", "--messaging-service-sid", one]);
    configurations(&["update", "CO", "--messaging-service-sid", other]);
    let fetched = configurations(&["fetch", "--country", "CO"]);
    assert_eq!(fetched["messaging_service_sid"], other);
    let listed = configurations(&["list"]);
    assert_eq!(listed["messaging_configurations"], json!([fetched]));
    configurations(&["remove", "--country", "CO", "--yes"]);

    let create = [
        "webhooks",
        "create",
        "--friendly-name=Hook",
        "--event-types=factor.created",
        "--event-types=factor.verified",
        "--webhook-url=http://127.0.0.1:9/hook",
    ];
    let webhook = sid(&session.of_service(&create));
    session.of_service(&["webhooks", "update", &webhook, "--friendly-name", "Hooks"]);
    let fetched = session.of_service(&["webhooks", "fetch", &webhook]);
    assert_eq!(fetched["friendly_name"], "Hooks");
    assert_eq!(fetched["event_types"], json!(["factor.created", "factor.verified"]));
    let listed = session.of_service(&["webhooks", "list"]);
    assert_eq!(listed["webhooks"], json!([fetched]));
    session.of_service(&["webhooks", "remove", &webhook, "--yes"]);

    session.run(&["safe-list", "create", "--phone-number", NUMBER]);
    assert_eq!(session.run(&["safe-list", "fetch", NUMBER])["phone_number"], NUMBER);
    let deleted = session.run(&["safe-list", "remove", NUMBER, "--yes"]);
    assert_eq!(deleted, json!({ "sid": NUMBER, "deleted": true }));
    let mut command = session.server.command();
    fails(command.args(["safe-list", "fetch", NUMBER]), 4);

    let templates = session.run(&["templates", "list"]);
    assert!(!templates["templates"].as_array().unwrap().is_empty());
    session.run(&["forms", "fetch", "--form-type", "form-push"]);

    let create =
        ["access-tokens", "create", "--identity", IDENTITY, "--factor-type=push", "--ttl=120"];
    let token = sid(&session.of_service(&create));
    assert_eq!(session.of_service(&["access-tokens", "fetch", &token])["ttl"], 120);
}

/// The code of RFC 6238 for [`SECRET`], in steps of 30 seconds.
fn code(now: DateTime<Utc>) -> String {
    let step = now.timestamp() / 30;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, SECRET.0);
    let digest = hmac::sign(&key, &step.to_be_bytes());
    let digest = digest.as_ref();
    let offset = usize::from(digest[19] & 15);
    let word = u32::from_be_bytes(digest[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

fn totp(session: &Session) {
    let create = [
        "factors",
        "create",
        "--friendly-name=Authenticator",
        "--factor-type=totp",
        "--config.skew=1",
        "--binding.secret",
        SECRET.1,
    ];
    let factor = sid(&session.of_entity(&create));
    let code_now = || code(session.clock.now());
    // A secret value can be read from stdin.
    let mut command = session.server.command();
    command
        .args(["factors", "update", &factor, "--auth-payload=-", "-o=json"])
        .args(["--service-sid", &session.service, "--identity", IDENTITY])
        .write_stdin(format!("{}\n", code_now()));
    assert_eq!(json(&mut command)["status"], "verified");
    let fetched = session.of_entity(&["factors", "fetch", &factor]);
    let listed = session.of_entity(&["factors", "list"]);
    assert_eq!(listed["factors"], json!([fetched]));

    session.clock.advance(TimeDelta::seconds(30));
    let create = ["challenges", "create", "--factor-sid", &factor];
    let challenge = sid(&session.of_entity(&create));
    let update = ["challenges", "update", &challenge, "--auth-payload", &code_now()];
    assert_eq!(session.of_entity(&update)["status"], "approved");
    let listed = session.of_entity(&["challenges", "list", "--status", "Approved"]);
    let fetched = session.of_entity(&["challenges", "fetch", "--sid", &challenge]);
    assert_eq!(listed["challenges"], json!([fetched]));
    session.of_entity(&["factors", "remove", &factor, "--yes"]);
}

fn push(session: &Session) {
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref()).unwrap();
    let public_key: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let sign = |claims: Value| {
        let part = |json: Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        let text = format!("{}.{}", part(json!({ "alg": "ES256" })), part(claims));
        let signature = pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    };

    let public_key = BASE64_STANDARD.encode(public_key.as_ref());
    let create = [
        "factors",
        "create",
        "--friendly-name=Phone",
        "--factor-type=push",
        "--binding.alg=ES256",
        "--binding.public-key",
        &public_key,
        "--config.app-id=com.example.owlbank",
        "--config.notification-platform=fcm",
        "--config.notification-token=registration-token-of-32-characters",
        "--config.sdk-version=1.3.0",
        "--metadata=os=Android 15",
    ];
    let factor = session.of_entity(&create);
    assert_eq!(factor["metadata"], json!({ "os": "Android 15" }));
    let factor = sid(&factor);
    let payload = sign(json!({ "sid": factor }));
    session.of_entity(&["factors", "update", &factor, "--auth-payload", &payload]);

    let create = [
        "challenges",
        "create",
        "--factor-sid",
        &factor,
        "--details.message=Did you sign in?",
        "--details.fields={\"label\": \"Place\", \"value\": \"Bogotá\"}",
        "--details.fields={\"label\": \"Device\", \"value\": \"Laptop\"}",
        "--hidden-details={\"ip\": \"198.51.100.7\"}",
    ];
    let challenge = session.of_entity(&create);
    assert_eq!(challenge["details"]["fields"][1]["value"], "Laptop");
    assert_eq!(challenge["hidden_details"]["ip"], "198.51.100.7");
    let challenge = sid(&challenge);
    session.of_entity(&["notifications", "create", "--challenge-sid", &challenge]);
    let payload = sign(json!({ "sid": challenge, "status": "denied" }));
    let update = ["challenges", "update", &challenge, "--auth-payload", &payload];
    assert_eq!(session.of_entity(&update)["status"], "denied");
}

/// What a browser knows of an exchange, for the options that it was handed.
fn client_data(kind: &str, resource: &Value) -> String {
    let options = &resource["options"];
    let options = options.get("publicKey").unwrap_or(&options["public_key"]);
    let challenge = &options["challenge"];
    assert!(challenge.is_string(), "{resource}");
    let data = json!({ "type": kind, "challenge": challenge, "origin": "https://example.com" });
    BASE64_URL_SAFE_NO_PAD.encode(data.to_string())
}

fn passkeys(session: &Session) {
    let create = [
        "passkeys",
        "factors",
        "create",
        "--friendly-name=Laptop",
        "--config={\"authenticator_attachment\": \"platform\"}",
    ];
    let created = session.of_entity(&create);
    let response = json!({
        "attestationObject": "bw25",
        "clientDataJSON": client_data("webauthn.create", &created),
    });
    let verify = [
        "passkeys",
        "verify-factor",
        "update",
        "--id=Wfej",
        "--raw-id=Wfej",
        "--authenticator-attachment=platform",
        "--response",
        &response.to_string(),
    ];
    assert_eq!(session.of_service(&verify)["status"], "verified");

    let challenge = session.of_entity(&["passkeys", "challenges", "create"]);
    let response = json!({
        "authenticatorData": BASE64_URL_SAFE_NO_PAD.encode([0; 37]),
        "clientDataJSON": client_data("webauthn.get", &challenge),
        "signature": "Ib9r",
    });
    let approve = [
        "passkeys",
        "approve-challenge",
        "update",
        "--id=Wfej",
        "--raw-id=Wfej",
        "--authenticator-attachment=platform",
        "--response",
        &response.to_string(),
    ];
    assert_eq!(session.of_service(&approve)["status"], "approved");
}

fn entities(session: &Session) {
    session.of_service(&["entities", "create", "--identity", "another-customer"]);
    let listed = session.of_service(&["entities", "list"]);
    assert_eq!(listed["entities"].as_array().unwrap().len(), 2);
    let fetched = session.of_service(&["entities", "fetch", IDENTITY]);
    assert_eq!(fetched["identity"], IDENTITY);
    let deleted = session.of_service(&["entities", "remove", IDENTITY, "--yes"]);
    assert_eq!(deleted, json!({ "sid": IDENTITY, "deleted": true }));
}

#[test]
fn an_open_enum_takes_a_value_that_is_newer_than_the_program() {
    let server = crate::support::contract();
    let create = [
        "verifications",
        "create",
        "--service-sid",
        crate::support::SERVICE,
        "--to",
        NUMBER,
        "--channel",
        "carrier-pigeon",
    ];
    stdout(&mut server.command(&create));
    server.server.assert_last(
        "CreateVerification",
        &format!("/v2/Services/{}/Verifications", crate::support::SERVICE),
        "Channel=carrier-pigeon&To=%2B573003003030",
    );
}

#[test]
fn a_list_is_fetched_page_by_page() {
    let session = Session::start();
    for number in 0..5 {
        let name = format!("limit-{number}");
        session.of_service(&["rate-limits", "create", "--unique-name", &name]);
    }
    let names = |arguments: &[&str]| -> Vec<String> {
        let arguments = [&["rate-limits", "list"], arguments].concat();
        let listed = session.of_service(&arguments);
        let listed = listed["rate_limits"].as_array().unwrap().clone();
        listed.iter().map(|limit| limit["unique_name"].as_str().unwrap().to_owned()).collect()
    };
    let all = names(&[]);
    assert_eq!(all.len(), 5);
    assert_eq!(names(&["--no-limit", "--page-size", "2"]), all);
    assert_eq!(names(&["--limit", "3", "--page-size", "2"]), all[..3]);
    assert_eq!(names(&["--limit", "3"]), all[..3]);
}

#[test]
fn limits_of_the_document_are_checked_before_anything_is_sent() {
    let server = crate::support::contract();
    let long = "x".repeat(65);
    let of_entity = ["--identity", IDENTITY];
    for (command, given, flag) in [
        (&["buckets", "create"][..], &["--max", "many"][..], "--max"),
        (&["access-tokens", "create"], &["--ttl", "301"], "--ttl"),
        (&["access-tokens", "create"], &["--ttl=0"], "--ttl"),
        (&["entities", "create"], &["--identity", "short"], "--identity"),
        (&["entities", "create"], &["--identity", &long], "--identity"),
        (&["entities", "remove"], &["user@example.com", "-y"], "--identity"),
        (&["factors", "create"], &["--config.time-step=61"], "--config.time-step"),
        (&["factors", "create"], &["--metadata={"], "--metadata"),
        (&["challenges", "create"], &["--factor-sid", NUMBER], "--factor-sid"),
        (&["challenges", "create"], &["--expiration-date=7d"], "--expiration-date"),
        (&["webhooks", "create"], &["--status", NUMBER], "--status"),
        (&["safe-list", "create"], &["--phone-number=3003003030"], "--phone-number"),
    ] {
        let command = [command, given, &["--service-sid", crate::support::SERVICE]].concat();
        let command = match command[0] {
            "factors" | "challenges" => [&command[..], &of_entity].concat(),
            "safe-list" => command[..3].to_vec(),
            _ => command,
        };
        let stderr = fails(&mut server.command(&command), 2);
        assert!(stderr.contains(flag), "{command:?}: {stderr}");
        assert!(stderr.contains("expected"), "{command:?}: {stderr}");
    }
    let fields: Vec<String> =
        (0..21).map(|number| format!("--details.fields={{\"label\": \"{number}\"}}")).collect();
    let mut command = server.command(&["challenges", "create", "--factor-sid"]);
    command
        .arg(format!("YF{}", "a".repeat(32)))
        .args(["--service-sid", crate::support::SERVICE])
        .args(of_entity)
        .args(fields);
    let stderr = fails(&mut command, 2);
    assert!(stderr.contains("--details.fields"), "{stderr}");
    let update = ["webhooks", "update", &format!("YW{}", "a".repeat(32))];
    let mut command = server.command(&crate::support::of_service(&update));
    let stderr = fails(&mut command, 2);
    assert!(stderr.contains("no setting was given"), "{stderr}");
    assert!(server.server.asked().is_empty());
}

#[test]
fn a_deletion_without_a_terminal_needs_a_flag() {
    let server = crate::support::contract();
    let remove = crate::support::of_service(&["entities", "remove", IDENTITY]);
    let stderr = fails(&mut server.command(&remove), 2);
    assert!(stderr.contains("--yes"), "{stderr}");
    assert!(server.server.asked().is_empty());
}

#[test]
fn help_and_completions_know_every_command_of_the_document() {
    let mut command = assert_cmd::Command::from_std(crate::support::bare());
    let text = stdout(command.args(["webhooks", "create", "--help"]));
    for part in [
        "--friendly-name <NAME>",
        "--event-types <TYPES>",
        "can be repeated",
        "Values other than the possible ones",
        "[possible values: enabled, disabled]",
        "--service-sid <SID>",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let mut command = assert_cmd::Command::from_std(crate::support::bare());
    let text = stdout(command.args(["access-tokens", "create", "--help"]));
    assert!(text.contains("from 60 to 300"), "{text}");
    let mut command = assert_cmd::Command::from_std(crate::support::bare());
    let script = stdout(command.args(["completions", "bash"]));
    for word in ["verify-factor", "--config.notification-platform", "--messaging-service-sid"] {
        assert!(script.contains(word), "{word}");
    }
}

#[test]
fn nothing_private_is_logged() {
    let server = crate::support::contract();
    let factor = format!("YF{}", "a".repeat(32));
    let verify = ["factors", "update", &factor, "--auth-payload", CODE];
    let verify = [&verify[..], &["--identity", IDENTITY]].concat();
    let check = format!("/v2/Services/{}/VerificationCheck", crate::support::SERVICE);
    let fetch = format!("/v2/SafeList/Numbers/{NUMBER}");
    for arguments in [
        &["safe-list", "fetch", NUMBER][..],
        &["safe-list", "remove", NUMBER, "--yes"],
        &["safe-list", "create", "--phone-number", NUMBER],
        &crate::support::of_service(&verify),
        &["api", "GET", &fetch],
        &["api", "POST", &check, "-d", &format!("Code={CODE}")],
    ] {
        let mut command = server.command(arguments);
        let output = command.arg("-vv").assert().success().get_output().clone();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("/v2/") && stderr.contains(" 20"), "{stderr}");
        for private in ["3003003030", CODE, IDENTITY] {
            assert!(!stderr.contains(private), "{arguments:?}: {stderr}");
        }
    }
}
