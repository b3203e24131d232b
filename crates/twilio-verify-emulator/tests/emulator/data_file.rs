//! Data files: what they store, and which files are rejected.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tempfile::TempDir;
use twilio_verify_emulator::{
    Attempt, AttemptSid, DEFAULT_TEMPLATES, Emulator, ErrorCode, ManualClock, Price, ServiceSid,
    StartError, Warning,
};

use crate::api::Api;
use crate::device::Device;
use crate::http::http;
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
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    for round in 0..2 {
        let api = start(&path).await;
        assert_eq!(api.emulator.warnings(), [], "{round}");
        api.emulator.shutdown().await;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for (mode, shown) in [(0o644, "644"), (0o660, "660"), (0o602, "602")] {
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let api = start(&path).await;
        let [warning] = &api.emulator.warnings()[..] else { panic!("{mode:o}") };
        assert_eq!(*warning, Warning::Permissions { path: path.clone(), mode });
        let text = warning.to_string();
        assert!(text.contains(shown) && text.contains("data") && text.contains("600"), "{text}");
        api.emulator.shutdown().await;
    }
}

/// A date that is that of another year in UTC, which has no form there.
const TOO_LATE: &str = "9999-12-31T23:59:59-23:59";

#[tokio::test]
async fn a_date_that_could_not_be_read_again_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let api = start(&path).await;
    let service = api.service(&[]).await;
    let http = http();
    for field in ["date_created", "date_updated"] {
        for (date, expected) in [(TOO_LATE, 400), ("0000-01-01T00:00:00+00:01", 400)] {
            let mut attempt = serde_json::to_value(attempt(7, 60)).unwrap();
            attempt[field] = date.into();
            let url = format!("{}/_emulator/attempts", api.emulator.url());
            let response = http.post(url).json(&[attempt]).send().await.unwrap();
            assert_eq!(response.status(), expected);
            let body: Value = response.json().await.unwrap();
            let message = body["message"].as_str().unwrap();
            assert!(
                message.starts_with(&format!("attempt 0: {field} is out of range; ")),
                "{message}"
            );
            assert!(!message.contains("23:59"), "{message}");
        }
    }
    for name in ["DateCreatedAfter", "DateCreatedBefore"] {
        let path = crate::support::with_query("/v2/Attempts", &[(name, TOO_LATE)]);
        assert_eq!(api.get(&path).await.error(400, 60200), format!("Invalid parameter: {name}"));
    }
    api.emulator.shutdown().await;
    let api = start(&path).await;
    assert_eq!(api.emulator.warnings(), []);
    api.get(&service).await.ok();
}

#[tokio::test]
async fn the_last_and_the_first_second_are_kept() {
    for instant in ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("data");
        let start = || {
            Api::with(|builder| {
                builder.data(&path).clock(ManualClock::at(instant.parse().unwrap()))
            })
        };
        let api = start().await;
        let service = api.service(&[]).await;
        let verifications = format!("{service}/Verifications");
        api.post(&verifications, &[("To", TO), ("Channel", "sms")]).await.created();
        let before = fetch(&api, "/v2/Services").await;
        assert_eq!(before["services"][0]["date_created"], instant);
        let attempts = fetch(&api, "/v2/Attempts").await;
        assert_eq!(attempts["attempts"][0]["date_created"], instant);
        api.emulator.shutdown().await;
        let api = start().await;
        assert_eq!(api.emulator.warnings(), []);
        assert_eq!(fetch(&api, "/v2/Services").await, before);
        // A verification that starts at the end of time expires at once.
        assert_eq!(fetch(&api, "/v2/Attempts").await["attempts"][0]["date_created"], instant);
    }
}

fn rows(table: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(table)
}

/// Replaces the value of the first row of a table, and returns its key.
fn spoil(path: &Path, table: &str, value: &str) -> Vec<u8> {
    let database = Database::create(path).unwrap();
    let transaction = database.begin_write().unwrap();
    let key = {
        let mut table = transaction.open_table(rows(table)).unwrap();
        let key = table.first().unwrap().unwrap().0.value().to_vec();
        table.insert(&*key, value.as_bytes()).unwrap();
        key
    };
    transaction.commit().unwrap();
    key
}

fn value(path: &Path, table: &str, key: &[u8]) -> Option<Vec<u8>> {
    let database = Database::create(path).unwrap();
    let transaction = database.begin_read().unwrap();
    let table = transaction.open_table(rows(table)).unwrap();
    table.get(key).unwrap().map(|value| value.value().to_vec())
}

#[tokio::test]
async fn a_row_that_cannot_be_read_costs_no_other() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("data");
    let api = start(&path).await;
    let lost = api.service(&[]).await;
    let service = api.service(&[]).await;
    let verifications = format!("{service}/Verifications");
    for to in [TO, "+573053003030"] {
        api.post(&verifications, &[("To", to), ("Channel", "sms")]).await.created();
    }
    let factors = format!("{service}/Entities/ff483d1f/Factors");
    api.post(&factors, &[("FriendlyName", "phone"), ("FactorType", "totp")]).await.created();
    api.emulator.shutdown().await;

    let secret = "{\"friendly_name\": \"+573003003030";
    let tables = ["services", "attempts", "created", "draw"];
    let keys = tables.map(|table| spoil(&path, table, secret));
    let api = start(&path).await;
    let [Warning::UnreadableRows { count: 4, rows, .. }] = &api.emulator.warnings()[..] else {
        panic!("{:?}", api.emulator.warnings());
    };
    let number = u128::from_be_bytes(keys[1][..].try_into().unwrap());
    let attempt = format!("attempts {}", AttemptSid::from_u128(number));
    assert_eq!(rows[..], ["draw, row 1", "created, row 1", "services 0", &attempt]);
    let text = format!("{:?} {}", api.emulator.warnings(), api.emulator.warnings()[0]);
    assert!(text.contains("stay in the file"), "{text}");
    assert!(!text.contains("57300") && !text.contains("friendly"), "{text}");

    // The others are there, and new ones neither take the place nor the SID of any.
    api.get(&lost).await.error(404, 20404);
    api.get(&service).await.ok();
    assert_eq!(api.get("/v2/Attempts/Summary").await.ok()["total_attempts"], 1);
    for _ in 0..5 {
        let new = api.service(&[]).await;
        assert!(new != lost && new != service);
    }
    let services = api.get("/v2/Services").await.ok();
    assert_eq!(services["services"].as_array().unwrap().len(), 6);
    api.emulator.shutdown().await;
    for (table, key) in tables.iter().zip(&keys).take(2) {
        assert_eq!(value(&path, table, key).unwrap(), secret.as_bytes(), "{table}");
    }

    // Again, and as often as it is started.
    let api = start(&path).await;
    assert!(matches!(api.emulator.warnings()[..], [Warning::UnreadableRows { count: 3, .. }]));
    let services = api.get("/v2/Services").await.ok();
    assert_eq!(services["services"].as_array().unwrap().len(), 6);
}

/// JSON with all that a request may contain.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// An object of this depth.
fn nested(depth: usize) -> Value {
    (1..depth).fold(json!({}), |value, _| json!({ "a": value }))
}

/// Attempts with any date and any text in all fields that have one.
fn any_attempt() -> impl Strategy<Value = Attempt> {
    let dates = (any::<i64>(), prop_oneof![-63_000_000_000..254_000_000_000_i64, any::<i64>()]);
    let texts = prop::collection::vec(prop::option::of(any::<String>()), 7);
    let numbers = (prop::option::of(any::<u8>()), any::<(i64, u32, bool)>());
    (any::<u128>(), dates, texts, numbers, any_json()).prop_map(
        |(sid, (updated, created), texts, (length, (amount, scale, is_text)), extra)| {
            let date = |seconds| {
                let date = DateTime::from_timestamp(seconds, 0);
                date.unwrap_or(if seconds < 0 {
                    DateTime::<Utc>::MIN_UTC
                } else {
                    DateTime::<Utc>::MAX_UTC
                })
            };
            let mut attempt = attempt(sid, 0);
            attempt.date_created = date(created);
            // Mostly near it.
            attempt.date_updated = date(created.saturating_add(updated % 1000));
            let mut texts = texts.into_iter();
            let mut text = || texts.next().flatten();
            let data = &mut attempt.channel_data;
            (data.to, data.status, data.carrier) = (text(), text(), text());
            (data.locale, data.mcc, data.mnc) = (text(), text(), text());
            data.code_length = length.map(|length| length % 14);
            data.error_code = Some(match is_text {
                true => ErrorCode::Text(text().unwrap_or_default()),
                false => ErrorCode::Number(amount),
            });
            data.extra.insert("later".into(), extra);
            attempt.price = Some(Price::new(Decimal::new(amount, scale % 28), "usd"));
            attempt
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_accepted_is_there_again(
        attempts in prop::collection::vec(any_attempt(), 0..20),
        name in "[^\0]{1,32}",
        identity in "[a-zA-Z0-9-]{8,40}",
        text in any::<String>(),
        metadata in any_json(),
        depth in 1..200_usize,
        seconds in -62_167_219_200..=253_402_300_799_i64,
    ) {
        crate::support::runtime().block_on(async {
            let folder = TempDir::new().unwrap();
            let path = folder.path().join("data");
            let clock = ManualClock::at(DateTime::from_timestamp(seconds, 0).unwrap());
            let builder = || Emulator::builder().data(&path).clock(clock.clone()).retention(None);
            let emulator = builder().start().await.unwrap();
            let mut kept = Vec::new();
            for attempt in attempts {
                if emulator.store().insert(attempt.clone()).is_ok() {
                    kept.push(attempt);
                }
            }
            let http = http();
            let send = async |emulator: &Emulator, path: &str, form: &[(&str, &str)]| {
                let url = format!("{}{path}", emulator.url());
                let mut body = url::form_urlencoded::Serializer::new(String::new());
                body.extend_pairs(form);
                let request = match form {
                    [] => http.get(url),
                    _ => http
                        .post(url)
                        .header("content-type", "application/x-www-form-urlencoded")
                        .body(body.finish()),
                };
                let request = request.basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
                request.send().await.unwrap().json::<Value>().await.unwrap()
            };
            let service = send(&emulator, "/v2/Services", &[("FriendlyName", "Shop")]).await;
            let service = format!("/v2/Services/{}", service["sid"].as_str().unwrap());
            let entity = format!("{service}/Entities/{identity}");
            let (metadata, deep) = (metadata.to_string(), nested(depth).to_string());
            // Whatever of it is accepted.
            for (path, form) in [
                ("/v2/Services", &[("FriendlyName", &*name), ("TtsName", &*text)][..]),
                (&*format!("{service}/RateLimits"), &[("UniqueName", &*name), ("Description", &*text)]),
                (&*format!("{service}/Webhooks"), &[
                    ("FriendlyName", &*name), ("EventTypes", "*"), ("WebhookUrl", "http://127.0.0.1:1/"),
                ]),
                (&*format!("{entity}/Factors"), &[
                    ("FriendlyName", &*text), ("FactorType", "totp"), ("Metadata", &*metadata),
                ]),
                (&*format!("{entity}/Factors"), &[
                    ("FriendlyName", &*name), ("FactorType", "totp"), ("Metadata", &*deep),
                ]),
                (&*format!("{service}/Verifications"), &[
                    ("To", TO), ("Channel", "sms"), ("CustomFriendlyName", &*text), ("Amount", &*text),
                ]),
            ] {
                send(&emulator, path, form).await;
            }
            let lists = ["/v2/Services", &format!("{service}/RateLimits"), &format!("{service}/Webhooks"),
                &format!("{service}/Entities"), &format!("{entity}/Factors"), "/v2/Attempts?PageSize=1000",
                &format!("{service}/Verifications/{TO}")];
            let mut before = Vec::new();
            for list in lists {
                before.push(send(&emulator, list, &[]).await.to_string().replace(emulator.url(), ""));
            }
            emulator.shutdown().await;

            let emulator = builder().start().await.unwrap();
            prop_assert_eq!(emulator.warnings(), []);
            for attempt in kept {
                prop_assert_eq!(emulator.store().get(attempt.sid), Some(attempt));
            }
            for (list, before) in lists.iter().zip(before) {
                let after = send(&emulator, list, &[]).await.to_string().replace(emulator.url(), "");
                prop_assert_eq!(after, before);
            }
            Ok(())
        })?;
    }
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
