//! Factors of time-based codes. The codes are those that RFC 6238 lists for its secret.

use aws_lc_rs::hmac;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::api::Api;

/// `12345678901234567890`.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// The second 1,111,111,109 is the last but one of its step; the next vector belongs to the next step.
const CODE: &str = "07081804";
const NEXT_CODE: &str = "14050471";

fn second(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

/// The six digits that an authenticator app shows at a second.
pub(crate) fn code_of(secret: &str, second: u64) -> String {
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let tag = hmac::sign(&key, &(second / 30).to_be_bytes());
    let offset = usize::from(tag.as_ref()[19] & 0xf);
    let bytes = tag.as_ref()[offset..offset + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000)
}

/// An emulator in 2005, and the path of an entity.
async fn start() -> (Api, String) {
    let api = Api::start().await;
    api.clock.set(second(1_111_111_109));
    let service = api.service(&[]).await;
    (api, format!("{service}/Entities/customer-4f1d27a0"))
}

/// A factor whose codes have 8 digits.
async fn create(api: &Api, entity: &str, more: &[(&str, &str)]) -> Value {
    let mut form = vec![
        ("FriendlyName", "Maria's authenticator"),
        ("FactorType", "totp"),
        ("Binding.Secret", SECRET),
        ("Config.CodeLength", "8"),
    ];
    form.extend(more);
    api.post(&format!("{entity}/Factors"), &form).await.created()
}

#[tokio::test]
async fn a_factor_is_made_with_its_entity_and_verified_by_a_code() {
    let (api, entity) = start().await;
    let made = create(&api, &entity, &[("Metadata", r#"{"os":"Android 15"}"#)]).await;
    assert_eq!(made["status"], "unverified");
    assert_eq!(made["factor_type"], "totp");
    assert_eq!(made["friendly_name"], "Maria's authenticator");
    assert_eq!(made["metadata"], json!({ "os": "Android 15" }));
    assert_eq!(
        made["config"],
        json!({ "alg": "sha1", "skew": 1, "code_length": 8, "time_step": 30 })
    );
    assert_eq!(
        made["binding"],
        json!({
            "secret": SECRET,
            "uri": format!(
                "otpauth://totp/Shop:Maria%27s%20authenticator?secret={SECRET}&issuer=Shop&algorithm=SHA1&digits=8&period=30"
            ),
        })
    );
    let entity = api.get(&entity).await.ok();
    assert_eq!(entity["sid"], made["entity_sid"]);

    let url = made["url"].as_str().unwrap();
    for payload in ["", "07", "070818040"] {
        assert_eq!(
            api.post(url, &[("AuthPayload", payload)]).await.error(400, 60306),
            "Invalid request: AuthPayload"
        );
    }
    for wrong in ["07081805", "081804", "7081804", "+7081804"] {
        let unverified = api.post(url, &[("AuthPayload", wrong)]).await.ok();
        assert_eq!(unverified["status"], "unverified");
    }
    let fetched = api.get(url).await.ok();
    assert_eq!(fetched["status"], "unverified");

    api.clock.advance(TimeDelta::seconds(1));
    let verified = api.post(url, &[("AuthPayload", CODE)]).await.ok();
    assert_eq!(verified["status"], "verified");
    assert_eq!(verified["date_updated"], "2005-03-18T01:58:30Z");
    assert_eq!(api.get(url).await.ok(), verified);

    api.delete(url).await.deleted();
    api.get(url).await.error(404, 20404);
    api.post(url, &[]).await.error(404, 20404);
    api.delete(url).await.error(404, 20404);
}

#[tokio::test]
async fn the_secret_is_told_once() {
    let (api, entity) = start().await;
    let made = create(&api, &entity, &[]).await;
    let url = made["url"].as_str().unwrap();
    let answers = [
        api.get(url).await.ok(),
        api.post(url, &[("AuthPayload", CODE)]).await.ok(),
        api.get(&format!("{entity}/Factors")).await.ok(),
    ];
    let answers = format!("{answers:?} {:?} {:?}", api.emulator, api.emulator.requests());
    assert!(!answers.contains(SECRET), "{answers}");
    assert!(!answers.contains("otpauth"), "{answers}");
    assert!(!answers.contains(CODE), "{answers}");
}

#[tokio::test]
async fn a_secret_is_drawn_if_none_is_given() {
    let (api, entity) = start().await;
    let form = [("FriendlyName", "App"), ("FactorType", "totp")];
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let made = api.post(&format!("{entity}/Factors"), &form).await;
        let secret = made.created()["binding"]["secret"].clone();
        secrets.push(secret.as_str().unwrap().to_owned());
    }
    assert_ne!(secrets[0], secrets[1]);
    let is_base32 = |digit| matches!(digit, b'A'..=b'Z' | b'2'..=b'7');
    assert!(secrets.iter().all(|secret| secret.len() == 32));
    assert!(secrets.concat().bytes().all(is_base32));
    // An app with the secret shows codes that verify the factor.
    let made = api.post(&format!("{entity}/Factors"), &form).await.created();
    let url = made["url"].as_str().unwrap();
    assert_eq!(api.post(url, &[("AuthPayload", &CODE[2..])]).await.ok()["status"], "unverified");
    let code = code_of(made["binding"]["secret"].as_str().unwrap(), 1_111_111_109);
    let verified = api.post(url, &[("AuthPayload", &code)]).await.ok();
    assert_eq!(verified["status"], "verified");
}

#[tokio::test]
async fn every_algorithm_verifies_its_vectors() {
    let (api, entity) = start().await;
    for (algorithm, bytes, code) in
        [("sha1", 20, "89005924"), ("sha256", 32, "91819424"), ("sha512", 64, "93441116")]
    {
        api.clock.set(second(1_234_567_890));
        let secret: Vec<u8> = b"1234567890".iter().copied().cycle().take(bytes).collect();
        // In lower case and padded: apps differ.
        let secret = data_encoding::BASE32.encode(&secret).to_lowercase();
        let form = [
            ("FriendlyName", "App"),
            ("FactorType", "totp"),
            ("Binding.Secret", secret.as_str()),
            ("Config.Alg", algorithm),
            ("Config.CodeLength", "8"),
            ("Config.Skew", "0"),
        ];
        let made = api.post(&format!("{entity}/Factors"), &form).await.created();
        let uri = made["binding"]["uri"].as_str().unwrap();
        let name = algorithm.to_uppercase();
        assert!(uri.contains(&format!("&algorithm={name}&digits=8&")), "{uri}");
        let url = made["url"].as_str().unwrap();
        api.clock.advance(TimeDelta::seconds(-30));
        assert_eq!(api.post(url, &[("AuthPayload", code)]).await.ok()["status"], "unverified");
        api.clock.advance(TimeDelta::seconds(30));
        let verified = api.post(url, &[("AuthPayload", code)]).await.ok();
        assert_eq!(verified["status"], "verified");
        assert_eq!(verified["config"]["alg"], algorithm);
    }
}

#[tokio::test]
async fn codes_stand_for_as_many_steps_as_the_skew_says() {
    let (api, entity) = start().await;
    for (skew, seconds, is_right) in [
        // 1,111,111,109 is second 29 of its step.
        ("0", 0, true),
        ("0", -29, true),
        ("0", 1, false),
        ("0", -30, false),
        ("1", 30, true),
        ("1", 31, false),
        ("1", -59, true),
        ("1", -60, false),
        ("2", 60, true),
        ("2", 61, false),
    ] {
        api.clock.set(second(1_111_111_109));
        let made = create(&api, &entity, &[("Config.Skew", skew)]).await;
        api.clock.advance(TimeDelta::seconds(seconds));
        let url = made["url"].as_str().unwrap();
        let reply = api.post(url, &[("AuthPayload", CODE)]).await.ok();
        assert_eq!(reply["status"] == "verified", is_right, "{skew} {seconds}");
        // No other factor of the entity may have the secret.
        api.delete(url).await.deleted();
    }
}

#[tokio::test]
async fn a_factor_goes_by_its_own_settings_then_by_the_services() {
    let (api, entity) = start().await;
    let service = entity.split("/Entities").next().unwrap();
    let form = [
        ("Totp.Issuer", "Owl & Bank"),
        ("Totp.TimeStep", "60"),
        ("Totp.CodeLength", "3"),
        ("Totp.Skew", "2"),
    ];
    api.post(service, &form).await.ok();
    let form = [("FriendlyName", "App"), ("FactorType", "totp")];
    let made = api.post(&format!("{entity}/Factors"), &form).await.created();
    let config = json!({ "alg": "sha1", "skew": 2, "code_length": 3, "time_step": 60 });
    assert_eq!(made["config"], config);
    let uri = made["binding"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/Owl%20%26%20Bank:App?"), "{uri}");
    assert!(uri.ends_with("&issuer=Owl%20%26%20Bank&algorithm=SHA1&digits=3&period=60"));

    // New settings of the service apply to new factors.
    api.post(service, &[("Totp.TimeStep", "20")]).await.ok();
    let url = made["url"].as_str().unwrap();
    assert_eq!(api.get(url).await.ok()["config"], config);
    let form = [("FriendlyName", "Other app"), ("Config.TimeStep", "45"), ("Config.Alg", "sha512")];
    let changed = api.post(url, &form).await.ok();
    assert_eq!(changed["friendly_name"], "Other app");
    assert_eq!(
        changed["config"],
        json!({ "alg": "sha512", "skew": 2, "code_length": 3, "time_step": 45 })
    );
    assert_eq!(changed["status"], "unverified");
}

#[tokio::test]
async fn what_is_no_factor_of_codes_is_refused_by_name() {
    let (api, entity) = start().await;
    let factors = format!("{entity}/Factors");
    let long = format!(r#"{{"note":"{}"}}"#, "x".repeat(1024));
    for (name, code, values) in [
        ("FactorType", 60200, &["", "sms", "TOTP", "passkeys"][..]),
        ("FriendlyName", 60200, &["", &"x".repeat(65)]),
        ("Binding.Secret", 60314, &["", "=", "A", "GEZDGNBV1", "secret!!"]),
        ("Config.TimeStep", 60370, &["19", "61", "x"]),
        ("Config.CodeLength", 60370, &["2", "9"]),
        ("Config.Skew", 60370, &["-1", "3"]),
        ("Config.Alg", 60370, &["md5", "SHA1"]),
        ("Metadata", 60306, &["[]", "\"x\"", "x", "1", r#"{"version":15}"#, &long]),
    ] {
        for value in values {
            let form = [("FriendlyName", "App"), ("FactorType", "totp"), (name, value)];
            let message = api.post(&factors, &form).await.error(400, code);
            assert!(message.ends_with(&format!(": {name}")), "{message} {value}");
        }
    }
    for (form, name) in
        [([("FactorType", "totp")], "FriendlyName"), ([("FriendlyName", "App")], "FactorType")]
    {
        assert_eq!(
            api.post(&factors, &form).await.error(400, 20001),
            format!("Missing required parameter {name} in the post body")
        );
    }
    // None of them created the entity.
    api.get(&entity).await.error(404, 20404);
    let form = [("FriendlyName", "App"), ("FactorType", "totp")];
    let service = entity.split("/Entities").next().unwrap();
    assert_eq!(
        api.post(&format!("{service}/Entities/user@example.com/Factors"), &form)
            .await
            .error(400, 60367),
        "Invalid identity of the entity: Identity"
    );
    api.post(&format!("{service}x/Entities/customer-4f1d27a0/Factors"), &form)
        .await
        .error(404, 20404);
}

#[tokio::test]
async fn a_factor_is_its_entitys_alone() {
    let (api, entity) = start().await;
    let made = create(&api, &entity, &[]).await;
    let service = entity.split("/Entities").next().unwrap();
    let other = format!("{service}/Entities/customer-other");
    create(&api, &other, &[]).await;
    let path = format!("{other}/Factors/{}", made["sid"].as_str().unwrap());
    api.get(&path).await.error(404, 20404);
    api.post(&path, &[("AuthPayload", CODE)]).await.error(404, 20404);
    api.delete(&path).await.error(404, 20404);
    let list = api.get(&format!("{entity}/Factors")).await.ok();
    assert_eq!(list["factors"].as_array().unwrap().len(), 1);
    assert_eq!(list["factors"][0]["sid"], made["sid"]);
    assert_eq!(list["meta"]["key"], "factors");
}

#[tokio::test]
async fn a_challenge_is_approved_by_a_code_once() {
    let (api, entity) = start().await;
    let factor = create(&api, &entity, &[]).await;
    let (sid, url) = (factor["sid"].as_str().unwrap(), factor["url"].as_str().unwrap());
    let challenges = format!("{entity}/Challenges");
    let challenge = [("FactorSid", sid), ("AuthPayload", CODE)];
    api.post(&challenges, &challenge).await.error(403, 60318);
    api.post(url, &[("AuthPayload", CODE)]).await.ok();

    // The code has been used; the next one is early, within the skew.
    let wrong = api.post(&challenges, &challenge).await.created();
    assert_eq!(wrong["status"], "pending");
    assert_eq!(wrong["date_responded"], Value::Null);
    let right = [("FactorSid", sid), ("AuthPayload", NEXT_CODE)];
    let approved = api.post(&challenges, &right).await.created();
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["responded_reason"], "none");
    assert_eq!(approved["factor_type"], "totp");
    assert_eq!(approved["details"], Value::Null);
    assert_eq!(approved["date_responded"], approved["date_created"]);
    let replayed = api.post(&challenges, &right).await.created();
    assert_eq!(replayed["status"], "pending");
}

#[tokio::test]
async fn a_pending_challenge_is_answered_by_a_code() {
    let (api, entity) = start().await;
    let factor = create(&api, &entity, &[]).await;
    let (sid, url) = (factor["sid"].as_str().unwrap(), factor["url"].as_str().unwrap());
    api.post(url, &[("AuthPayload", CODE)]).await.ok();
    let challenges = format!("{entity}/Challenges");
    let pending = api.post(&challenges, &[("FactorSid", sid)]).await.created();
    let url = pending["url"].as_str().unwrap();
    assert_eq!(api.post(url, &[]).await.error(400, 60306), "Invalid request: AuthPayload");
    api.post(url, &[("AuthPayload", "140504710")]).await.error(400, 60306);
    for _ in 0..4 {
        assert_eq!(api.post(url, &[("AuthPayload", "14050472")]).await.ok(), pending);
    }
    assert_eq!(api.get(url).await.ok(), pending);
    api.clock.advance(TimeDelta::seconds(3));
    let form = [("AuthPayload", NEXT_CODE), ("Metadata", r#"{"os":"x"}"#)];
    let approved = api.post(url, &form).await.ok();
    assert_eq!(approved["status"], "approved");
    assert_eq!(approved["metadata"], json!({ "os": "x" }));
    assert_eq!(approved["date_responded"], "2005-03-18T01:58:32Z");
    assert_eq!(api.get(url).await.ok(), approved);
    api.post(url, &form).await.error(403, 60322);
    // A TOTP factor receives no pushes.
    api.post(&format!("{url}/Notifications"), &[]).await.error(400, 60306);
}
