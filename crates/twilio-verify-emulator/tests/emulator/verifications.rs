//! Verifications: started, sent again, checked, ended; and their attempts.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use twilio_verify_emulator::{
    Channel, Converting, Emulator, Outcome, StartError, Template, TemplateSid,
};

use crate::api::{Api, Reply};
use crate::http::http;

const TO: &str = "+573003003030";

/// A service of an emulator, and its requests.
struct Shop {
    api: Api,
    service: String,
}

impl Shop {
    async fn open() -> Self {
        Self::with(Api::start().await, &[]).await
    }

    async fn with(api: Api, settings: &[(&str, &str)]) -> Self {
        let service = api.service(settings).await;
        Self { api, service }
    }

    async fn start(&self, form: &[(&str, &str)]) -> Reply {
        self.api.post(&format!("{}/Verifications", self.service), form).await
    }

    async fn sms(&self, to: &str) -> Value {
        self.start(&[("To", to), ("Channel", "sms")]).await.created()
    }

    async fn check(&self, form: &[(&str, &str)]) -> Reply {
        self.api.post(&format!("{}/VerificationCheck", self.service), form).await
    }

    async fn check_code(&self, to: &str, code: &str) -> Reply {
        self.check(&[("To", to), ("Code", code)]).await
    }

    async fn fetch(&self, name: &str) -> Reply {
        self.api.get(&format!("{}/Verifications/{name}", self.service)).await
    }

    async fn end(&self, name: &str, status: &str) -> Reply {
        let path = format!("{}/Verifications/{name}", self.service);
        self.api.post(&path, &[("Status", status)]).await
    }

    /// The last code, and a wrong one.
    fn codes(&self, to: &str) -> (String, String) {
        let code = self.api.emulator.outbox().code_for(to).unwrap();
        let wrong = code.chars().map(|digit| if digit == '0' { '1' } else { '0' }).collect();
        (code, wrong)
    }

    async fn summary(&self) -> (u64, u64) {
        let summary = self.api.get("/v2/Attempts/Summary").await.ok();
        let count = |name: &str| summary[name].as_u64().unwrap();
        assert_eq!(count("total_unconverted"), count("total_attempts") - count("total_converted"));
        (count("total_attempts"), count("total_converted"))
    }

    async fn attempts(&self) -> Vec<Value> {
        let page = self.api.get("/v2/Attempts").await.ok();
        page["attempts"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_code_is_sent_and_checked_and_the_summary_counts_it() {
    let shop = Shop::open().await;
    let started = shop.sms(TO).await;
    let sid = started["sid"].as_str().unwrap();
    let attempt = started["send_code_attempts"][0]["attempt_sid"].clone();
    assert_eq!(
        started,
        json!({
            "sid": sid,
            "service_sid": shop.service.rsplit('/').next(),
            "account_sid": shop.api.emulator.account_sid(),
            "to": TO,
            "channel": "sms",
            "status": "pending",
            "valid": false,
            "lookup": { "carrier": null },
            "amount": null,
            "payee": null,
            "send_code_attempts": [{ "time": "2026-03-02T21:00:00.000Z", "channel": "sms", "attempt_sid": attempt }],
            "date_created": "2026-03-02T21:00:00Z",
            "date_updated": "2026-03-02T21:00:00Z",
            "sna": null,
            "url": format!("{}{}/Verifications/{sid}", shop.api.emulator.url(), shop.service),
        })
    );
    for name in [sid, TO, "%2B573003003030"] {
        assert_eq!(shop.fetch(name).await.ok(), started);
    }
    let messages = shop.api.emulator.outbox().messages();
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!((message.to.as_str(), message.channel), (TO, Channel::Sms));
    assert_eq!(message.locale, "es");
    assert_eq!(message.text, format!("Tu código de verificación de Shop es: {}", message.code));
    assert_eq!(message.code.len(), 6);
    assert!(message.code.bytes().all(|digit| digit.is_ascii_digit()));
    assert_eq!(message.sent_at.to_rfc3339(), "2026-03-02T21:00:00+00:00");
    assert_eq!(message.attempt_sid.to_string(), attempt.as_str().unwrap());
    assert_eq!(shop.summary().await, (1, 0));

    shop.api.clock.advance(TimeDelta::seconds(40));
    let (code, wrong) = shop.codes(TO);
    let refused = shop.check_code(TO, &wrong).await.ok();
    assert_eq!((&refused["status"], &refused["valid"]), (&json!("pending"), &json!(false)));
    assert_eq!(shop.summary().await, (1, 0));
    let approved = shop.check_code(TO, &code).await.ok();
    assert_eq!(
        approved,
        json!({
            "sid": sid,
            "service_sid": started["service_sid"],
            "account_sid": started["account_sid"],
            "to": TO,
            "channel": "sms",
            "status": "approved",
            "valid": true,
            "amount": null,
            "payee": null,
            "date_created": "2026-03-02T21:00:00Z",
            "date_updated": "2026-03-02T21:00:40Z",
            "sna_attempts_error_codes": null,
        })
    );
    assert_eq!(shop.summary().await, (1, 1));
    let attempt = shop.attempts().await.remove(0);
    assert_eq!(attempt["conversion_status"], "converted");
    assert_eq!(attempt["verification_sid"], sid);
    assert_eq!(attempt["date_updated"], "2026-03-02T21:00:40Z");
    assert_eq!(attempt["price"], json!({ "value": "0.0050", "currency": "usd" }));
    let data = &attempt["channel_data"];
    assert_eq!(data["status"], "confirmed");
    assert_eq!(data["message_status"], "delivered");
    assert_eq!(data["country"], "CO");
    assert_eq!(data["mcc"], "732");
    assert_eq!(data["code_length"], 6);

    // It can no longer be found.
    let path = format!("{}/VerificationCheck", shop.service.trim_start_matches("/v2"));
    let message = shop.check_code(TO, &code).await.error(404, 20404);
    assert_eq!(message, format!("The requested resource {path} was not found"));
    shop.check(&[("VerificationSid", sid), ("Code", &code)]).await.error(404, 20404);
    for name in [sid, TO] {
        shop.fetch(name).await.error(404, 20404);
        shop.end(name, "canceled").await.error(404, 20404);
    }
    // The next one is another verification.
    assert_ne!(shop.sms(TO).await["sid"], sid);
}

#[tokio::test]
async fn a_second_start_sends_the_same_code_again() {
    let shop = Shop::open().await;
    let first = shop.sms(TO).await;
    shop.api.clock.advance(TimeDelta::seconds(30));
    let again = shop.start(&[("To", TO), ("Channel", "call"), ("Locale", "en")]).await.created();
    assert_eq!(again["sid"], first["sid"]);
    assert_eq!(
        (&again["channel"], &again["date_created"]),
        (&json!("call"), &first["date_created"])
    );
    let sends = again["send_code_attempts"].as_array().unwrap();
    assert_eq!((sends.len(), &sends[0]), (2, &first["send_code_attempts"][0]));
    let messages = shop.api.emulator.outbox().messages();
    assert_eq!(messages[0].code, messages[1].code);
    assert_eq!(messages[1].channel, Channel::Call);

    let code = messages[0].code.clone();
    assert_eq!(shop.check_code(TO, &code).await.ok()["channel"], "call");
    assert_eq!(shop.summary().await, (2, 1));
    // The latest attempt converted; newest first.
    let attempts = shop.attempts().await;
    let converted: Vec<_> =
        attempts.iter().map(|attempt| attempt["conversion_status"].as_str().unwrap()).collect();
    assert_eq!(converted, ["converted", "unconverted"]);
    assert_eq!(attempts[0]["channel_data"]["call_status"], "completed");
    assert_eq!(attempts[1]["channel_data"]["status"], "unconfirmed");
    // Another service has its own verifications.
    let other = shop.api.service(&[]).await;
    let form = [("To", TO), ("Channel", "sms")];
    let elsewhere = shop.api.post(&format!("{other}/Verifications"), &form).await.created();
    let path = format!("{}/Verifications/{}", shop.service, elsewhere["sid"].as_str().unwrap());
    shop.api.get(&path).await.error(404, 20404);
}

#[tokio::test]
async fn which_attempts_convert_can_be_set() {
    for (converting, count) in
        [(Converting::First, 1), (Converting::Latest, 1), (Converting::All, 2)]
    {
        let shop = Shop::with(Api::with(|builder| builder.converting(converting)).await, &[]).await;
        shop.sms(TO).await;
        shop.api.clock.advance(TimeDelta::seconds(1));
        shop.sms(TO).await;
        shop.check_code(TO, &shop.codes(TO).0).await.ok();
        assert_eq!(shop.summary().await, (2, count));
        let first = &shop.attempts().await[1];
        assert_eq!(first["conversion_status"] == "converted", converting != Converting::Latest);
    }
}

#[tokio::test]
async fn a_verification_expires_after_ten_minutes_and_a_re_send_does_not_prolong_it() {
    let shop = Shop::open().await;
    let sid = shop.sms(TO).await["sid"].clone();
    shop.api.clock.advance(TimeDelta::minutes(9));
    shop.sms(TO).await;
    shop.api.clock.advance(TimeDelta::seconds(59));
    let (code, wrong) = shop.codes(TO);
    shop.check_code(TO, &wrong).await.ok();
    shop.api.clock.advance(TimeDelta::seconds(1));
    // Read from the attempts before any other request.
    for attempt in shop.attempts().await {
        assert_eq!(attempt["channel_data"]["status"], "expired");
        assert_eq!(attempt["conversion_status"], "unconverted");
        assert_eq!(attempt["date_updated"], "2026-03-02T21:10:00Z");
    }
    shop.check_code(TO, &code).await.error(404, 20404);
    shop.fetch(sid.as_str().unwrap()).await.error(404, 20404);
    shop.fetch(TO).await.error(404, 20404);
    assert_eq!(shop.summary().await, (2, 0));
    assert_ne!(shop.sms(TO).await["sid"], sid);

    let builder = |builder: twilio_verify_emulator::EmulatorBuilder| {
        builder.verification_expiry(Duration::from_secs(60))
    };
    let shop = Shop::with(Api::with(builder).await, &[]).await;
    shop.sms(TO).await;
    shop.api.clock.advance(TimeDelta::seconds(60));
    shop.fetch(TO).await.error(404, 20404);
}

#[tokio::test]
async fn the_attempts_of_many_expire_at_once() {
    let shop = Shop::open().await;
    for number in 0..200 {
        shop.sms(&format!("+57300300{number:04}")).await;
    }
    shop.api.clock.advance(TimeDelta::minutes(10));
    let page = shop.api.get("/v2/Attempts?PageSize=1000").await.ok();
    let attempts = page["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 200);
    assert!(attempts.iter().all(|attempt| attempt["channel_data"]["status"] == "expired"));
}

#[tokio::test]
async fn the_sixth_check_and_the_sixth_send_are_refused() {
    let shop = Shop::open().await;
    let sid = shop.sms(TO).await["sid"].clone();
    let (code, wrong) = shop.codes(TO);
    for _ in 0..5 {
        let refused = shop.check_code(TO, &wrong).await.ok();
        assert_eq!((&refused["status"], &refused["valid"]), (&json!("pending"), &json!(false)));
    }
    assert_eq!(shop.fetch(TO).await.ok()["status"], "max_attempts_reached");
    shop.check_code(TO, &code).await.error(429, 60202);
    // It is sent again, but can't be checked.
    for _ in 0..4 {
        assert_eq!(shop.sms(TO).await["sid"], sid);
    }
    let form = [("To", TO), ("Channel", "sms")];
    shop.start(&form).await.error(429, 60203);
    shop.check_code(TO, &code).await.error(429, 60202);
    // The limits are those of the verification.
    shop.end(TO, "canceled").await.ok();
    assert_ne!(shop.sms(TO).await["sid"], sid);
    assert_eq!(shop.check_code(TO, &shop.codes(TO).0).await.ok()["valid"], true);
    assert_eq!(shop.summary().await, (6, 1));

    let limited = Api::with(|builder| builder.max_checks(1).max_sends(2)).await;
    let shop = Shop::with(limited, &[]).await;
    shop.sms(TO).await;
    shop.check_code(TO, &shop.codes(TO).1).await.ok();
    shop.check_code(TO, &shop.codes(TO).0).await.error(429, 60202);
    shop.sms(TO).await;
    shop.start(&form).await.error(429, 60203);
    // Another service and another number have their own.
    shop.sms("+573003003031").await;
    let other = shop.api.service(&[]).await;
    shop.api.post(&format!("{other}/Verifications"), &form).await.created();
    shop.api.clock.advance(TimeDelta::minutes(10));
    shop.sms(TO).await;

    let unlimited = Api::with(|builder| builder.max_sends(None)).await;
    let shop = Shop::with(unlimited, &[]).await;
    for _ in 0..20 {
        shop.sms(TO).await;
    }
}

#[tokio::test]
async fn a_verification_is_approved_or_canceled() {
    let shop = Shop::open().await;
    let sid = shop.sms(TO).await["sid"].clone();
    shop.api.clock.advance(TimeDelta::seconds(5));
    let approved = shop.end(sid.as_str().unwrap(), "approved").await.ok();
    assert_eq!((&approved["status"], &approved["valid"]), (&json!("approved"), &json!(true)));
    assert_eq!(approved["date_updated"], "2026-03-02T21:00:05Z");
    shop.fetch(TO).await.error(404, 20404);
    assert_eq!(shop.summary().await, (1, 1));

    let sid = shop.sms(TO).await["sid"].clone();
    let sid = sid.as_str().unwrap();
    shop.api.clock.advance(TimeDelta::seconds(5));
    let canceled = shop.end(TO, "canceled").await.ok();
    assert_eq!((&canceled["status"], &canceled["valid"]), (&json!("canceled"), &json!(false)));
    assert_eq!(canceled["date_updated"], "2026-03-02T21:00:10Z");
    shop.check_code(TO, &shop.codes(TO).0).await.error(404, 20404);
    assert_eq!(shop.summary().await, (2, 1));
    // It can be fetched by its SID, but not be ended again.
    assert_eq!(shop.fetch(sid).await.ok(), canceled);
    shop.fetch(TO).await.error(404, 20404);
    shop.end(sid, "approved").await.error(404, 20404);
    // The next one has the destination, whatever becomes of the first.
    let next = shop.sms(TO).await;
    shop.api.clock.advance(TimeDelta::minutes(9));
    shop.sms(TO).await;
    shop.api.clock.advance(TimeDelta::seconds(55));
    shop.fetch(sid).await.error(404, 20404);
    assert_eq!(shop.fetch(TO).await.ok()["sid"], next["sid"]);
    let attempts = shop.attempts().await;
    let states: Vec<_> =
        attempts.iter().map(|attempt| &attempt["channel_data"]["status"]).collect();
    assert_eq!(states, ["unconfirmed", "unconfirmed", "unconfirmed", "confirmed"]);

    for status in ["pending", "expired", ""] {
        assert_eq!(shop.end(TO, status).await.error(400, 60200), "Invalid parameter: Status");
    }
    let path = format!("{}/Verifications/{TO}", shop.service);
    assert_eq!(
        shop.api.post(&path, &[]).await.error(400, 20001),
        "Missing required parameter Status in the post body"
    );
}

#[tokio::test]
async fn every_channel_is_recorded_as_what_it_is() {
    let shop = Shop::open().await;
    for (number, channel) in ["sms", "call", "whatsapp"].into_iter().enumerate() {
        let to = format!("+57300300303{number}");
        let started = shop.start(&[("To", &to), ("Channel", channel)]).await.created();
        assert_eq!(started["channel"], channel);
        let sid = started["send_code_attempts"][0]["attempt_sid"].as_str().unwrap();
        let attempt = shop.api.get(&format!("/v2/Attempts/{sid}")).await.ok();
        assert_eq!(attempt["channel"], channel);
    }
    let to = "someone@example.com";
    let started = shop.start(&[("To", to), ("Channel", "email")]).await.created();
    assert_eq!(started["channel"], "email");
    assert_eq!(shop.fetch(to).await.ok(), started);
    let attempts = shop.attempts().await;
    let attempt = attempts.iter().find(|attempt| attempt["channel_data"]["to"] == to);
    assert_eq!(attempt.unwrap()["channel_data"]["country"], Value::Null);
    assert_eq!(shop.check_code(to, &shop.codes(to).0).await.ok()["status"], "approved");
    assert_eq!(shop.summary().await, (4, 1));
}

#[tokio::test]
async fn an_automatic_channel_is_one_that_is_possible() {
    let shop = Shop::open().await;
    let auto = async |to| shop.start(&[("To", to), ("Channel", "auto")]).await;
    assert_eq!(auto(TO).await.created()["channel"], "sna");
    // No network is known for the number.
    assert_eq!(auto("+3545812345").await.created()["channel"], "sms");
    // A landline has no mobile network.
    assert_eq!(auto("+15005550009").await.created()["channel"], "sms");
    auto("someone@example.com").await.error(400, 60200);
    let psd2 = Shop::with(shop.api, &[("Psd2Enabled", "true")]).await;
    let form = [("To", TO), ("Channel", "auto"), ("Amount", "€39.99"), ("Payee", "Acme Ltd")];
    assert_eq!(psd2.start(&form).await.created()["channel"], "sms");
}

#[tokio::test]
async fn parameters_of_a_start_are_checked_by_name() {
    let shop = Shop::open().await;
    let long = format!("{}@example.com", "a".repeat(250));
    for (to, channel) in [
        ("", "sms"),
        ("573003003030", "sms"),
        ("+57 300", "sms"),
        ("+0573003003030", "call"),
        ("+1234567890123456", "whatsapp"),
        ("someone@example.com", "sms"),
        ("someone@example.com", "sna"),
        ("someone@example.com", "auto"),
        (TO, "email"),
        ("someone", "email"),
        ("@example.com", "email"),
        ("some one@example.com", "email"),
        ("someone@example", "email"),
        ("someone@example..com", "email"),
        (&long, "email"),
    ] {
        let message = shop.start(&[("To", to), ("Channel", channel)]).await.error(400, 60200);
        assert_eq!(message, "Invalid parameter: To");
    }
    for locale in ["", "english", "ES", "pt_BR", "e", "pt-"] {
        let form = [("To", TO), ("Channel", "sms"), ("Locale", locale)];
        assert_eq!(shop.start(&form).await.error(400, 60200), "Invalid parameter: Locale");
    }
    for (form, message) in [
        (&[("To", TO), ("Channel", "fax")][..], "Invalid parameter: Channel"),
        (&[("To", TO), ("Channel", "rbm")], "Invalid parameter: Channel"),
        (&[("To", TO), ("Channel", "rcs")], "Invalid parameter: Channel"),
        (&[("To", TO), ("Channel", "sms"), ("RiskCheck", "yes")], "Invalid parameter: RiskCheck"),
        (
            &[("To", TO), ("Channel", "sms"), ("TemplateSid", "HJ1")],
            "Invalid parameter: TemplateSid",
        ),
    ] {
        assert_eq!(shop.start(form).await.error(400, 60200), message);
    }
    for (form, name) in [([("To", TO)], "Channel"), ([("Channel", "sms")], "To")] {
        assert_eq!(
            shop.start(&form).await.error(400, 20001),
            format!("Missing required parameter {name} in the post body")
        );
    }
    let (long, eleven) = ("x".repeat(501), (0..11).map(|number| format!("\"{number}\":\"\"")));
    let many = format!("{{{}}}", eleven.collect::<Vec<_>>().join(","));
    for (name, value) in [
        ("CustomFriendlyName", &long[..31]),
        ("DeviceIp", "198.51.100"),
        ("Tags", "campaign"),
        ("Tags", "{\"campaign\":1}"),
        ("Tags", &format!("{{\"campaign\":\"{}\"}}", &long[..129])),
        ("Tags", &many),
    ] {
        let form = [("To", TO), ("Channel", "sms"), (name, value)];
        assert_eq!(shop.start(&form).await.error(400, 60200), format!("Invalid parameter: {name}"));
    }
    for (name, value) in [
        ("CustomMessage", long.as_str()),
        ("AppHash", &long),
        ("TemplateCustomSubstitutions", &format!("{{\"name\":\"{long}\"}}")),
    ] {
        shop.start(&[("To", TO), ("Channel", "sms"), (name, value)]).await.error(400, 60247);
    }
    // Each fits, but not all together.
    let form = [
        ("To", TO),
        ("Channel", "sms"),
        ("CustomMessage", &"{{x}}".repeat(2)),
        ("TemplateCustomSubstitutions", &format!("{{\"x\":\"{}\"}}", &long[..500])),
    ];
    shop.start(&form).await.error(400, 60247);
    let nowhere = "/v2/Services/VAffffffffffffffffffffffffffffffff/Verifications";
    shop.api.post(nowhere, &[("To", TO), ("Channel", "sms")]).await.error(404, 20404);
    assert_eq!(shop.summary().await, (0, 0));
    assert!(shop.api.emulator.outbox().is_empty());
}

#[tokio::test]
async fn parameters_of_a_check_are_checked_by_name() {
    let shop = Shop::open().await;
    let sid = shop.sms(TO).await["sid"].clone();
    let sid = sid.as_str().unwrap();
    shop.check(&[("Code", "123456")]).await.error(400, 60221);
    for form in [[("To", TO)], [("VerificationSid", sid)]] {
        assert_eq!(
            shop.check(&form).await.error(400, 20001),
            "Missing required parameter Code in the post body"
        );
    }
    for (form, message) in [
        (&[("To", TO), ("Code", "123")][..], "Invalid parameter: Code"),
        (&[("To", TO), ("Code", "12345678901")], "Invalid parameter: Code"),
        (&[("To", TO), ("Code", "1234 6")], "Invalid parameter: Code"),
        (&[("VerificationSid", "VE1"), ("Code", "123456")], "Invalid parameter: VerificationSid"),
    ] {
        assert_eq!(shop.check(form).await.error(400, 60200), message);
    }
    shop.check_code("+573003003031", "123456").await.error(404, 20404);
    shop.check_code("nobody", "123456").await.error(404, 20404);
    // None of these counts.
    let (code, wrong) = shop.codes(TO);
    for _ in 0..4 {
        shop.check_code(TO, &wrong).await.ok();
    }
    let form = [("VerificationSid", sid), ("Code", code.as_str())];
    assert_eq!(shop.check(&form).await.ok()["valid"], true);
}

#[tokio::test]
async fn codes_are_as_the_service_says() {
    let shop = Shop::with(Api::start().await, &[("CodeLength", "10")]).await;
    shop.sms(TO).await;
    assert_eq!(shop.codes(TO).0.len(), 10);
    assert_eq!(shop.attempts().await[0]["channel_data"]["code_length"], 10);
    let form = [("To", TO), ("Channel", "sms"), ("CustomCode", "abc123")];
    shop.start(&form).await.error(403, 60204);

    let shop = Shop::with(Api::start().await, &[("CustomCodeEnabled", "true")]).await;
    for code in ["abc", "12345678901", "12 45"] {
        let form = [("To", TO), ("Channel", "sms"), ("CustomCode", code)];
        assert_eq!(shop.start(&form).await.error(400, 60200), "Invalid parameter: CustomCode");
    }
    shop.start(&form).await.created();
    assert_eq!(shop.codes(TO).0, "abc123");
    assert_eq!(shop.check_code(TO, "abc123").await.ok()["status"], "approved");
}

#[tokio::test]
async fn a_deleted_service_takes_its_verifications_along() {
    let shop = Shop::open().await;
    let sid = shop.sms(TO).await["sid"].clone();
    shop.api.delete(&shop.service).await.deleted();
    shop.fetch(sid.as_str().unwrap()).await.error(404, 20404);
    shop.check_code(TO, "123456").await.error(404, 20404);
    shop.api.clock.advance(TimeDelta::minutes(10));
    // Earlier messages are not changed.
    assert_eq!(shop.summary().await, (1, 0));
}

#[tokio::test]
async fn a_code_can_be_set_for_all() {
    let shop = Shop::with(Api::with(|builder| builder.code("424242")).await, &[]).await;
    shop.sms(TO).await;
    assert_eq!(shop.codes(TO).0, "424242");
    shop.api.emulator.set_code(Some("0000")).unwrap();
    shop.sms("+573003003031").await;
    assert_eq!(shop.check_code("+573003003031", "0000").await.ok()["valid"], true);
    // Earlier messages stay.
    assert_eq!(shop.check_code(TO, "424242").await.ok()["valid"], true);
    for code in ["123", "12345678901", "12-45", ""] {
        shop.api.emulator.set_code(Some(code)).unwrap_err();
        let refused = Emulator::builder().code(code).start().await.unwrap_err();
        assert!(matches!(refused, StartError::InvalidCode(_)), "{refused}");
    }
    shop.api.emulator.set_code(None).unwrap();
    shop.sms(TO).await;
    assert_eq!(shop.codes(TO).0.len(), 6);
}

#[tokio::test]
async fn a_payment_must_be_checked_as_it_was_started() {
    let form = [("To", TO), ("Channel", "sms"), ("Amount", "€39.99"), ("Payee", "Acme Ltd")];
    let shop = Shop::open().await;
    shop.start(&form).await.error(403, 60204);

    let shop = Shop::with(Api::start().await, &[("Psd2Enabled", "true")]).await;
    let started = shop.start(&form).await.created();
    assert_eq!((&started["amount"], &started["payee"]), (&json!("€39.99"), &json!("Acme Ltd")));
    let (code, _) = shop.codes(TO);
    let text = shop.api.emulator.outbox().latest_for(TO).unwrap().text;
    assert!(text.contains("€39.99") && text.contains("Acme Ltd"), "{text}");
    shop.check_code(TO, &code).await.error(400, 60206);
    let check = |amount, payee| {
        [("To", TO), ("Code", code.as_str()), ("Amount", amount), ("Payee", payee)].to_vec()
    };
    for (amount, payee) in [("€40.00", "Acme Ltd"), ("€39.99", "Acme")] {
        let refused = shop.check(&check(amount, payee)).await.ok();
        assert_eq!((&refused["status"], &refused["valid"]), (&json!("pending"), &json!(false)));
    }
    let approved = shop.check(&check("€39.99", "Acme Ltd")).await.ok();
    assert_eq!((&approved["status"], &approved["payee"]), (&json!("approved"), &json!("Acme Ltd")));
}

#[tokio::test]
async fn lookup_tells_the_network_of_a_number() {
    let shop = Shop::with(Api::start().await, &[("LookupEnabled", "true")]).await;
    let carrier = shop.sms(TO).await["lookup"]["carrier"].clone();
    assert_eq!(
        (&carrier["mobile_country_code"], &carrier["type"]),
        (&json!("732"), &json!("mobile"))
    );
    assert!(carrier["name"].is_string());
    // A country without known networks.
    let carrier = shop.sms("+3545812345").await["lookup"]["carrier"].clone();
    assert_eq!((&carrier["name"], &carrier["type"]), (&Value::Null, &json!("mobile")));
    let form = [("To", "someone@example.com"), ("Channel", "email")];
    assert_eq!(shop.start(&form).await.created()["lookup"], json!({ "carrier": null }));
    let form = [("To", "+15005550009"), ("Channel", "call")];
    assert_eq!(shop.start(&form).await.created()["lookup"]["carrier"]["type"], "landline");
}

#[tokio::test]
async fn a_message_says_what_the_request_says() {
    let shop = Shop::with(Api::start().await, &[("DoNotShareWarningEnabled", "true")]).await;
    let form = [
        ("To", "+12025550123"),
        ("Channel", "sms"),
        ("CustomFriendlyName", "Owl Bank"),
        ("AppHash", "fA8kQ2xZ7Lp"),
    ];
    shop.start(&form).await.created();
    let message = shop.api.emulator.outbox().latest_for("+12025550123").unwrap();
    let code = &message.code;
    assert_eq!(
        message.text,
        format!(
            "<#> Your Owl Bank verification code is: {code}. Don't share this code with anyone.\nfA8kQ2xZ7Lp"
        )
    );
    let form = [
        ("To", TO),
        ("Channel", "sms"),
        ("Locale", "de"),
        ("CustomMessage", "{{code}} für {{branch}}"),
        ("TemplateCustomSubstitutions", "{\"branch\":\"Bogotá\"}"),
    ];
    shop.start(&form).await.created();
    let message = shop.api.emulator.outbox().latest_for(TO).unwrap();
    assert!(
        message.text.starts_with(&format!("{} für Bogotá. ", message.code)),
        "{}",
        message.text
    );
    assert_eq!(message.locale, "de");
}

#[tokio::test]
async fn magic_numbers_have_their_outcomes() {
    let shop = Shop::open().await;
    for (to, status, code) in [
        ("+15005550001", 400, 60200),
        ("+15005550003", 403, 60605),
        ("+15005550004", 403, 60410),
        ("+15005550007", 429, 60212),
        ("+15005550008", 400, 60223),
    ] {
        shop.start(&[("To", to), ("Channel", "sms")]).await.error(status, code);
        shop.fetch(to).await.error(404, 20404);
    }
    assert_eq!(shop.summary().await, (0, 0));
    // A call reaches a landline, an SMS does not; a start without risk check passes fraud guard.
    shop.start(&[("To", "+15005550009"), ("Channel", "call")]).await.created();
    shop.sms("+15005550009").await;
    let path = "/v2/Attempts?ChannelData.To=%2B15005550009&Channel=sms";
    let attempt = shop.api.get(path).await.ok()["attempts"][0].clone();
    assert_eq!(attempt["channel_data"]["error_code"], "30006");
    let skips = [("SkipSmsToLandlines", "true"), ("LookupEnabled", "true")];
    shop.api.post(&shop.service, &skips).await.ok();
    shop.start(&[("To", "+15005550009"), ("Channel", "sms")]).await.error(403, 60205);
    let form = [("To", "+15005550004"), ("Channel", "sms"), ("RiskCheck", "disable")];
    shop.start(&form).await.created();
    shop.sms("+15005550006").await;
    assert_eq!(shop.api.emulator.outbox().len(), 3);

    shop.sms("+15005550002").await;
    assert_eq!(shop.api.emulator.outbox().code_for("+15005550002"), None);
    let path = "/v2/Attempts?ChannelData.To=%2B15005550002";
    let attempt = shop.api.get(path).await.ok()["attempts"][0].clone();
    assert_eq!(attempt["channel_data"]["message_status"], "undelivered");
    assert_eq!(attempt["channel_data"]["error_code"], "30003");
    assert_eq!(attempt["conversion_status"], "unconverted");
}

#[tokio::test]
async fn outcomes_are_set_by_number() {
    let blocked = Api::with(|builder| builder.outcome(TO, Outcome::Blocked)).await;
    let shop = Shop::with(blocked, &[]).await;
    let form = [("To", TO), ("Channel", "sms")];
    shop.start(&form).await.error(403, 60410);
    shop.api.emulator.set_outcome(TO, Outcome::Undelivered);
    shop.sms(TO).await;
    assert!(shop.api.emulator.outbox().is_empty());
    shop.api.emulator.set_outcome(TO, None);
    shop.sms(TO).await;
    assert_eq!(shop.api.emulator.outbox().len(), 1);
    shop.api.emulator.set_outcome(TO, Outcome::Slow(Duration::from_millis(150)));
    let begun = std::time::Instant::now();
    shop.sms(TO).await;
    assert!(begun.elapsed() >= Duration::from_millis(150));
    // Geographic permissions are not for e-mail.
    let form = [("To", "someone@example.com"), ("Channel", "email")];
    shop.api.emulator.set_outcome("someone@example.com", Outcome::GeoBlocked);
    shop.start(&form).await.created();
    shop.api.emulator.set_outcome("someone@example.com", Outcome::ChannelDisabled);
    shop.start(&form).await.error(400, 60223);
}

#[tokio::test]
async fn messages_can_be_awaited() {
    let shop = Shop::open().await;
    let mut messages = shop.api.emulator.outbox().subscribe();
    let (message, started) = tokio::join!(messages.next(), shop.sms(TO));
    assert_eq!(message.verification_sid.to_string(), started["sid"].as_str().unwrap());
    let written = serde_json::to_value(&message).unwrap();
    assert_eq!((&written["to"], &written["channel"]), (&json!(TO), &json!("sms")));
    assert_eq!(
        (&written["number"], &written["sent_at"]),
        (&json!(1), &json!("2026-03-02T21:00:00Z"))
    );
}

#[tokio::test]
async fn a_template_gives_the_text() {
    let parcel = TemplateSid::from_u128(0x77);
    let template = Template::new(parcel, "Parcel")
        .channels(["sms"])
        .translation("en", "{{code}} opens {{friendly_name}}, {{branch}}")
        .translation("es", "{{code}} abre {{friendly_name}}, {{branch}}");
    let parcel = parcel.to_string();
    let api = Api::with(|builder| builder.template(template)).await;
    let shop = Shop::with(api, &[("DefaultTemplateSid", &parcel)]).await;
    let latest = |to| shop.api.emulator.outbox().latest_for(to).unwrap();
    // There is no text in Mexico's language, but one in Spanish.
    let mexican = "+525512345678";
    let form = [
        ("To", mexican),
        ("Channel", "sms"),
        ("TemplateSid", parcel.as_str()),
        ("TemplateCustomSubstitutions", "{\"branch\":\"Roma\"}"),
    ];
    shop.start(&form).await.created();
    let message = latest(mexican);
    assert_eq!(
        (message.text, message.locale.as_str()),
        (format!("{} abre Shop, Roma", message.code), "es")
    );
    let attempt = shop.attempts().await.remove(0);
    assert_eq!(attempt["channel_data"]["locale"], "es");
    // The service's template, if the request has none.
    let form = [
        ("To", "+12025550123"),
        ("Channel", "sms"),
        ("TemplateCustomSubstitutions", "{\"branch\":\"Bronx\"}"),
    ];
    shop.start(&form).await.created();
    assert!(latest("+12025550123").text.ends_with(" opens Shop, Bronx"));
    shop.start(&form[..2]).await.error(400, 60224);
    // It is not for calls.
    shop.start(&[("To", "+12025550124"), ("Channel", "call")]).await.created();
    assert!(latest("+12025550124").text.starts_with("Your Shop verification code is"));
    for (channel, sid, code) in [
        ("call", parcel.as_str(), 60227),
        ("email", &parcel, 60408),
        ("sms", "HJffffffffffffffffffffffffffffffff", 60228),
    ] {
        let to = if channel == "email" { "someone@example.com" } else { TO };
        let form = [("To", to), ("Channel", channel), ("TemplateSid", sid)];
        shop.start(&form).await.error(400, code);
    }
}

#[tokio::test]
async fn rate_limits_count_starts_by_value() {
    let shop = Shop::open().await;
    let limits = format!("{}/RateLimits", shop.service);
    let limit = shop.api.post(&limits, &[("UniqueName", "ip")]).await.created();
    let buckets = format!("{limits}/{}/Buckets", limit["sid"].as_str().unwrap());
    for form in [[("Max", "2"), ("Interval", "60")], [("Max", "3"), ("Interval", "3600")]] {
        shop.api.post(&buckets, &form).await.created();
    }
    let start = async |to: u32, limits: &str| {
        let to = format!("+5730030030{to}");
        shop.start(&[("To", &to), ("Channel", "sms"), ("RateLimits", limits)]).await
    };
    let first = "{\"ip\":\"198.51.100.7\"}";
    start(10, first).await.created();
    start(11, first).await.created();
    shop.api.clock.advance(TimeDelta::seconds(20));
    let refused = start(12, first).await;
    assert_eq!(refused.headers["retry-after"], "40");
    refused.error(429, 20429);
    start(12, "{\"ip\":\"198.51.100.8\"}").await.created();
    // Without a value nothing is counted.
    shop.sms("+573003003013").await;
    shop.api.clock.advance(TimeDelta::seconds(40));
    start(14, first).await.created();
    // The other bucket is full now, for an hour from the first.
    let refused = start(15, first).await;
    assert_eq!(refused.headers["retry-after"], "3540");
    refused.error(429, 20429);
    // A rejected start is not counted, and starts nothing.
    assert_eq!(shop.summary().await, (5, 0));
    shop.fetch("+573003003015").await.error(404, 20404);
    for limits in ["ip", "[]", "{\"ip\":null}", "{\"ip\":[]}", "{\"user\":\"1\"}"] {
        assert_eq!(start(16, limits).await.error(400, 60200), "Invalid parameter: RateLimits");
    }
    start(16, "{}").await.created();
    start(17, "{\"ip\":7}").await.created();
}

#[tokio::test]
async fn fraud_guard_lets_the_safe_list_pass() {
    let shop = Shop::open().await;
    let form = [("To", "+15005550004"), ("Channel", "sms")];
    shop.start(&form).await.error(403, 60410);
    shop.api.post("/v2/SafeList/Numbers", &[("PhoneNumber", "+15005550004")]).await.created();
    shop.start(&form).await.created();
}

#[tokio::test]
async fn the_network_vouches_for_a_number() {
    let shop = Shop::open().await;
    let form = [("To", TO), ("Channel", "sna")];
    let started = shop.start(&form).await.created();
    assert_eq!(started["channel"], "sna");
    assert!(shop.api.emulator.outbox().is_empty());
    let call = async |started: &Value| {
        let url = started["sna"]["url"].as_str().unwrap();
        let answer = http().get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    // The device has not called yet.
    let waiting = shop.check(&[("To", TO)]).await.ok();
    let attempt = &started["send_code_attempts"][0]["attempt_sid"];
    assert_eq!(waiting["status"], "pending");
    assert_eq!(
        waiting["sna_attempts_error_codes"],
        json!([{ "attempt_sid": attempt, "code": 60519 }])
    );
    let (status, response) = call(&started).await;
    assert_eq!(
        (status, response.as_str()),
        (200, "ErrorCode=0&ErrorDescription=Success&Carrier=Tigo")
    );
    let approved = shop.check(&[("To", TO)]).await.ok();
    assert_eq!(
        (&approved["status"], &approved["valid"], &approved["channel"]),
        (&json!("approved"), &json!(true), &json!("sna"))
    );
    assert_eq!(call(&started).await.0, 404);
    // It is not an attempt in the summary.
    assert_eq!(shop.summary().await, (0, 0));

    shop.api.emulator.set_outcome(TO, Outcome::Undelivered);
    let started = shop.start(&form).await.created();
    assert_eq!(call(&started).await.0, 200);
    let refused = shop.check(&[("VerificationSid", started["sid"].as_str().unwrap())]).await.ok();
    let attempt = &started["send_code_attempts"][0]["attempt_sid"];
    assert_eq!(
        refused["sna_attempts_error_codes"],
        json!([{ "attempt_sid": attempt, "code": 60500 }])
    );
    assert_eq!(refused["valid"], false);
    // A code by SMS instead.
    shop.api.emulator.set_outcome(TO, None);
    shop.sms(TO).await;
    let checked = shop.check_code(TO, &shop.codes(TO).1).await.ok();
    assert_eq!(checked["sna_attempts_error_codes"], Value::Null);
}

#[tokio::test]
async fn a_device_may_have_to_bring_a_token() {
    let shop = Shop::open().await;
    let form = [("To", TO), ("Channel", "sna"), ("EnableSnaClientToken", "true")];
    let started = shop.start(&form).await.created();
    let answer = http().get(started["sna"]["url"].as_str().unwrap()).send().await.unwrap();
    let answer = answer.text().await.unwrap();
    let token = answer.split_once("&SnaClientToken=").unwrap().1;
    for form in [&[("To", TO)][..], &[("To", TO), ("SnaClientToken", "another")]] {
        assert_eq!(shop.check(form).await.ok()["valid"], false);
    }
    // The token alone identifies no verification.
    shop.check(&[("SnaClientToken", token)]).await.error(400, 60221);
    let form = [("To", TO), ("SnaClientToken", token)];
    assert_eq!(shop.check(&form).await.ok()["status"], "approved");
    shop.check(&form).await.error(404, 20404);
}

#[tokio::test]
async fn attempts_of_an_emulator_with_the_same_seed_are_in_nobodys_way() {
    let shop = Shop::open().await;
    shop.sms(TO).await;
    let listed = shop.api.get("/v2/Attempts").await.ok();
    let sid = listed["attempts"][0]["sid"].as_str().unwrap();
    let attempt = shop.api.emulator.store().get(sid.parse().unwrap()).unwrap();

    let another = Shop::with(Api::with(|builder| builder.attempts([attempt])).await, &[]).await;
    another.sms(TO).await;
    assert_eq!(another.summary().await, (2, 0));
}
