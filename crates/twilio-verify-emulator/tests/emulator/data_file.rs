//! Data files: what they store, and which files are rejected.

use std::path::Path;

use chrono::TimeDelta;
use redb::{Database, TableDefinition};
use serde_json::{Value, json};
use tempfile::TempDir;
use twilio_verify_emulator::{DEFAULT_TEMPLATES, Emulator, ServiceSid, StartError};

use crate::api::Api;
use crate::device::Device;
use crate::passkeys;
use crate::support::{attempt, converted};

async fn start(path: &Path) -> Api {
    Api::with(|builder| builder.data(path)).await
}

/// A response without the emulator's address.
async fn fetch(api: &Api, path: &str) -> Value {
    let text = api.get(path).await.ok().to_string();
    serde_json::from_str(&text.replace(api.emulator.url(), "")).unwrap()
}

async fn error(path: &Path) -> StartError {
    Emulator::builder().data(path).start().await.unwrap_err()
}

const TO: &str = "+573003003030";

#[tokio::test]
async fn all_is_there_again_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let api = start(&path).await;

    let template = DEFAULT_TEMPLATES[1].to_string();
    let service = api
        .service(&[
            ("CodeLength", "8"),
            ("DefaultTemplateSid", &template),
            ("Passkeys.RelyingParty.Id", "example.com"),
            ("Passkeys.RelyingParty.Name", "Owl Bank"),
            ("Passkeys.RelyingParty.Origins", "https://login.example.com"),
        ])
        .await;
    let entity = format!("{service}/Entities/customer-4f1d27a0");
    let limit = api.post(&format!("{service}/RateLimits"), &[("UniqueName", "ip")]).await.created();
    let buckets = limit["links"]["buckets"].as_str().unwrap();
    api.post(buckets, &[("Max", "1"), ("Interval", "600")]).await.created();
    let messaging =
        [("Country", "all"), ("MessagingServiceSid", "MG00000000000000000000000000000001")];
    api.post(&format!("{service}/MessagingConfigurations"), &messaging).await.created();
    let webhook = [
        ("FriendlyName", "Factors"),
        ("EventTypes", "factor.deleted"),
        ("EventTypes", "challenge.approved"),
        ("WebhookUrl", "http://127.0.0.1:1/"),
        ("Version", "v1"),
    ];
    api.post(&format!("{service}/Webhooks"), &webhook).await.created();
    api.post("/v2/SafeList/Numbers", &[("PhoneNumber", TO)]).await.created();
    let device = Device::new();
    let factor = device.register(&api, &entity).await;
    let totp = [("FriendlyName", "Codes"), ("FactorType", "totp")];
    api.post(&format!("{entity}/Factors"), &totp).await.created();
    passkeys::register(&api, &format!("{service}/Passkeys"), "customer-4f1d27a0", "a passkey")
        .await;
    let token = [("Identity", "customer-4f1d27a0"), ("FactorType", "push")];
    let token = api.post(&format!("{service}/AccessTokens"), &token).await.created();
    let challenge = [("FactorSid", factor.as_str()), ("Details.Message", "Is it you?")];
    let unanswered = api.post(&format!("{entity}/Challenges"), &challenge).await.created();
    let challenge = api.post(&format!("{entity}/Challenges"), &challenge).await.created();
    let start_form = [("To", TO), ("Channel", "sms"), ("RateLimits", r#"{"ip":"1"}"#)];
    let pending = api.post(&format!("{service}/Verifications"), &start_form).await.created();
    let code = api.emulator.outbox().code_for(TO).unwrap();
    let canceled = [("To", "+573003003031"), ("Channel", "sms")];
    let canceled = api.post(&format!("{service}/Verifications"), &canceled).await.created();
    let canceled = format!("{service}/Verifications/{}", canceled["sid"].as_str().unwrap());
    api.post(&canceled, &[("Status", "canceled")]).await.ok();
    // What is removed stays removed.
    let gone = api.service(&[]).await;
    api.delete(&gone).await.deleted();

    let paths = [
        "/v2/Services",
        &format!("{service}/RateLimits"),
        buckets.strip_prefix(api.emulator.url()).unwrap(),
        &format!("{service}/MessagingConfigurations"),
        &format!("{service}/Webhooks"),
        "/v2/SafeList/Numbers/+573003003030",
        &format!("{service}/Entities"),
        &format!("{entity}/Factors"),
        &format!("{entity}/Challenges"),
        &format!("{service}/AccessTokens/{}", token["sid"].as_str().unwrap()),
        &format!("{service}/Verifications/{TO}"),
        &canceled,
        "/v2/Attempts",
        "/v2/Attempts/Summary",
    ];
    let mut before = Vec::new();
    for path in paths {
        before.push(fetch(&api, path).await);
    }
    api.emulator.shutdown().await;

    let api = start(&path).await;
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(fetch(&api, path).await, before, "{path}");
    }
    api.get(&gone).await.error(404, 20404);
    // Pending verifications continue, with their counts.
    api.post(&format!("{service}/Verifications"), &start_form).await.error(429, 20429);
    let token = device.sign(&json!({ "sid": challenge["sid"], "status": "approved" }));
    let challenge = format!("{entity}/Challenges/{}", challenge["sid"].as_str().unwrap());
    let approved = api.post(&challenge, &[("AuthPayload", &token)]).await.ok();
    assert_eq!(approved["status"], "approved");
    let unanswered = format!("{entity}/Challenges/{}", unanswered["sid"].as_str().unwrap());
    api.clock.advance(TimeDelta::minutes(5));
    assert_eq!(api.get(&unanswered).await.ok()["status"], "expired");
    let check = api
        .post(&format!("{service}/VerificationCheck"), &[("To", TO), ("Code", &code)])
        .await
        .ok();
    assert_eq!(check["sid"], pending["sid"]);
    assert_eq!(check["status"], "approved");
    let summary = api.get("/v2/Attempts/Summary").await.ok();
    assert_eq!(summary["total_converted"], 1);
}

#[tokio::test]
async fn no_sid_comes_twice() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let mut sids = Vec::new();
    for _ in 0..3 {
        let api = start(&path).await;
        for _ in 0..3 {
            sids.push(api.service(&[]).await);
        }
        api.emulator.shutdown().await;
    }
    // As if it had never been stopped.
    let api = Api::start().await;
    for sid in sids {
        assert_eq!(sid, api.service(&[]).await);
    }
}

#[tokio::test]
async fn sends_count_across_a_restart() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let mut service = String::new();
    for round in 0..3 {
        let api = start(&path).await;
        if round == 0 {
            service = api.service(&[]).await;
        }
        let form = [("To", TO), ("Channel", "sms")];
        let verifications = format!("{service}/Verifications");
        for _ in 0..[2, 3, 0][round] {
            api.post(&verifications, &form).await.created();
        }
        if round == 2 {
            api.post(&verifications, &form).await.error(429, 60203);
        }
        api.emulator.shutdown().await;
    }
}

#[tokio::test]
async fn what_the_builder_adds_goes_into_a_new_file_only() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let sid = ServiceSid::from_u128(1);
    let with_more = |name: &'static str, count: u128| {
        let attempts = (1..=count).map(|number| converted(attempt(number, 60)));
        let path = path.clone();
        Api::with(move |builder| builder.data(path).service(sid, name).attempts(attempts))
    };
    let api = with_more("Shop", 2).await;
    api.emulator.shutdown().await;
    let api = with_more("Other", 5).await;
    let service = api.get(&format!("/v2/Services/{sid}")).await.ok();
    assert_eq!(service["friendly_name"], "Shop");
    let summary = api.get("/v2/Attempts/Summary").await.ok();
    assert_eq!(summary["total_converted"], 2);
}

#[tokio::test]
async fn a_reset_and_what_a_program_changes_are_kept() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let sid = ServiceSid::from_u128(1);
    let api = Api::with(|builder| builder.data(&path).service(sid, "Shop")).await;
    let service = api.service(&[]).await;
    api.emulator.store().insert(attempt(1, 60)).unwrap();
    api.get("/v2/Services").await.ok();
    api.emulator.reset();
    api.emulator.store().insert(attempt(2, 60)).unwrap();
    api.emulator.shutdown().await;

    let api = start(&path).await;
    api.get(&service).await.error(404, 20404);
    api.get(&format!("/v2/Services/{sid}")).await.ok();
    let attempts = api.get("/v2/Attempts").await.ok();
    assert_eq!(attempts["attempts"].as_array().unwrap().len(), 1);
    assert_eq!(attempts["attempts"][0]["sid"], attempt(2, 60).sid.to_string());
}

#[tokio::test]
async fn a_file_is_used_by_one_emulator_at_a_time() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let api = start(&path).await;
    let in_use = error(&path).await;
    assert!(matches!(in_use, StartError::DataFileInUse { .. }), "{in_use}");
    assert!(in_use.to_string().contains("stop the other emulator"), "{in_use}");
    api.emulator.shutdown().await;
    start(&path).await;
}

#[tokio::test]
async fn what_is_no_data_file_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    for content in ["hello", &"To whom it may concern. ".repeat(1000)] {
        std::fs::write(&path, content).unwrap();
        let refused = error(&path).await;
        assert!(matches!(refused, StartError::DataFileUnreadable { .. }), "{refused}");
        assert!(refused.to_string().contains("choose another file"), "{refused}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }

    let refused = error(folder.path()).await;
    assert!(matches!(refused, StartError::DataFileNotOpened { .. }), "{refused}");
    let refused = error(&folder.path().join("none/data")).await;
    assert!(matches!(refused, StartError::DataFileNotOpened { .. }), "{refused}");

    // An empty file is a new one.
    std::fs::write(&path, "").unwrap();
    start(&path).await;
}

#[tokio::test]
async fn databases_of_other_versions_and_programs_are_told_apart() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    start(&path).await.emulator.shutdown().await;
    let change = |path: &Path, table: &str, key: &str| {
        let database = Database::create(path).unwrap();
        let transaction = database.begin_write().unwrap();
        let table = TableDefinition::<&str, u64>::new(table);
        transaction.open_table(table).unwrap().insert(key, 99).unwrap();
        transaction.commit().unwrap();
    };
    change(&path, "twilio-verify-emulator", "format");
    let refused = error(&path).await;
    assert!(matches!(refused, StartError::DataFileVersion { format: 99, .. }), "{refused}");

    let path = folder.path().join("other");
    change(&path, "invoices", "due");
    let refused = error(&path).await;
    assert!(refused.to_string().contains("of another program"), "{refused}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    start(&path).await.emulator.shutdown().await;
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// A file that is truncated or changed is rejected with an error, or still has what it had.
#[tokio::test]
async fn torn_files_are_refused_or_whole() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let api = start(&path).await;
    let mut services = Vec::new();
    for _ in 0..50 {
        let service = api.service(&[]).await;
        let form = [("To", "+573003003030"), ("Channel", "sms")];
        api.post(&format!("{service}/Verifications"), &form).await;
        services.push(service);
    }
    api.emulator.shutdown().await;
    let whole = std::fs::read(&path).unwrap();
    let torn = path.with_extension("torn");
    let mut refused = 0;
    for part in 1..24 {
        let at = whole.len() / 24 * part;
        let mut changed = whole.clone();
        if part % 2 == 0 {
            changed.truncate(at);
        } else {
            for byte in &mut changed[at..at + 512] {
                *byte = !*byte;
            }
        }
        std::fs::write(&torn, changed).unwrap();
        match Emulator::builder().data(&torn).start().await {
            Err(error) => {
                refused += 1;
                assert!(matches!(error, StartError::DataFileUnreadable { .. }), "{error}");
            }
            Ok(emulator) => {
                emulator.shutdown().await;
                let api = start(&torn).await;
                for service in &services {
                    api.get(service).await.ok();
                }
                api.emulator.shutdown().await;
            }
        }
    }
    assert!(refused > 0);
}
