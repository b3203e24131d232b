//! Attempts from JSON.

use proptest::prelude::*;
use serde_json::{Value, json};
use twilio_verify_emulator::{LoadError, load_file, load_str, sample};

use crate::support::{attempts, json as get_json, now, start};

fn valid() -> Value {
    json!({
        "sid": "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "account_sid": "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "service_sid": "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "verification_sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "date_created": "2026-03-02T20:02:33Z",
        "date_updated": "2026-03-02T20:03:11Z",
        "conversion_status": "converted",
        "channel": "sms",
        "price": { "value": "0.005", "currency": "usd" },
        "channel_data": {
            "verification_sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "to": "+573003003030",
            "status": "confirmed",
            "message_status": "DELIVERED",
            "error_code": 0,
            "country": "CO",
            "code_length": 6,
            "later": true,
        },
        "url": "https://verify.twilio.com/v2/Attempts/VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    })
}

#[tokio::test]
async fn a_page_of_the_api_is_served_as_it_is() {
    let page = json!({ "attempts": [valid()], "meta": { "key": "attempts" } });
    let emulator = start(load_str(&page.to_string()).unwrap()).await;
    let mut expected = valid();
    expected["account_sid"] = emulator.account_sid().into();
    expected["url"] =
        format!("{}/v2/Attempts/VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", emulator.url()).into();
    assert_eq!(get_json(&emulator, "/v2/Attempts").await["attempts"], json!([expected]));
}

#[test]
fn an_array_a_byte_order_mark_and_old_habits_are_read() {
    let mut entry = valid();
    entry["conversion_status"] = "UNCONVERTED".into();
    entry["channel"] = "SMS".into();
    entry["date_created"] = "Mon, 02 Mar 2026 20:02:33 +0000".into();
    entry["date_updated"] = Value::Null;
    entry["price"] = json!({ "value": 0.005, "currency": "USD" });
    entry.as_object_mut().unwrap().remove("verification_sid");
    let attempts = load_str(&format!("\u{feff}{}", json!([entry]))).unwrap();
    let attempt = serde_json::to_value(&attempts[0]).unwrap();
    assert_eq!(attempt["conversion_status"], "unconverted");
    assert_eq!(attempt["channel"], "sms");
    assert_eq!(attempt["date_updated"], "2026-03-02T20:02:33Z");
    assert_eq!(attempt["price"], json!({ "value": "0.005", "currency": "USD" }));
    assert_eq!(attempt["verification_sid"], "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    entry["price"] = json!({ "value": null, "currency": "usd" });
    assert_eq!(load_str(&json!([entry]).to_string()).unwrap()[0].price, None);
}

#[test]
fn a_bad_attempt_is_named_with_its_field_fault_and_remedy() {
    let phone = "+573003003030";
    let cases = [
        ("/sid", json!(phone), "attempt 1: sid is malformed; write `VL` and 32 hexadecimal digits"),
        ("/sid", Value::Null, "attempt 1: sid is missing; write `VL` and 32 hexadecimal digits"),
        ("/service_sid", json!(phone), "attempt 1: service_sid is malformed; write `VA`"),
        ("/verification_sid", json!(phone), "attempt 1: verification_sid is malformed; write `VE`"),
        (
            "/verification_sid",
            json!("VEbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
            "attempt 1: verification_sid differs from that in channel_data; write the same",
        ),
        (
            "/date_created",
            json!("yesterday"),
            "attempt 1: date_created is malformed; write a date in GMT",
        ),
        ("/date_created", json!(5), "attempt 1: date_created is not a string; write it in quotes"),
        (
            "/date_updated",
            json!(phone),
            "attempt 1: date_updated is malformed; write a date in GMT",
        ),
        (
            "/conversion_status",
            json!("maybe"),
            "attempt 1: conversion_status is malformed; write `converted`",
        ),
        (
            "/conversion_status",
            Value::Null,
            "attempt 1: conversion_status is missing; write `converted`",
        ),
        ("/channel", json!(phone), "attempt 1: channel is malformed; write one of sms, call"),
        ("/price", json!(0.005), "attempt 1: price is not an object; write an object, or null"),
        (
            "/price/value",
            json!(phone.repeat(9)),
            "attempt 1: price.value is not a decimal; write a decimal",
        ),
        (
            "/price/currency",
            Value::Null,
            "attempt 1: price.currency is missing; write an ISO 4217 code",
        ),
        (
            "/channel_data",
            json!(phone),
            "attempt 1: channel_data is not an object; write an object, or null",
        ),
        (
            "/channel_data/to",
            json!(573_003_003_030_u64),
            "attempt 1: channel_data.to is not a string",
        ),
        (
            "/channel_data/country",
            json!("ZZ"),
            "attempt 1: channel_data.country is malformed; write an ISO 3166-1",
        ),
        (
            "/channel_data/code_length",
            json!(11),
            "attempt 1: channel_data.code_length is out of range; write a whole",
        ),
        (
            "/channel_data/error_code",
            json!([phone]),
            "attempt 1: channel_data.error_code is malformed; write a string",
        ),
        ("", json!(phone), "attempt 1: the attempt itself is not an object; write an object"),
    ];
    for (pointer, value, expected) in cases {
        let mut first = valid();
        first["sid"] = "VLbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb".into();
        let mut entry = valid();
        *entry.pointer_mut(pointer).unwrap() = value;
        let error = load_str(&json!([first, entry]).to_string()).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(!format!("{error} {error:?}").contains("5730"), "{error:?}");
    }
}

#[test]
fn two_attempts_with_one_sid_are_named() {
    let error = load_str(&json!([valid(), valid()]).to_string()).unwrap_err();
    assert!(matches!(error, LoadError::DuplicateSid { index: 1, first: 0, .. }), "{error}");
}

#[test]
fn what_holds_no_attempts_is_told() {
    for json in ["{}", "5", "null", r#"{"attempts":{}}"#] {
        assert!(matches!(load_str(json), Err(LoadError::NoAttempts)), "{json}");
    }
    let error = load_str("[{\n\"to\":+573003003030}]").unwrap_err();
    assert!(matches!(error, LoadError::Syntax(_)));
    let debug = format!("{error:?}");
    assert!(debug.contains("line: 2") && !debug.contains("5730"), "{debug}");
}

#[test]
fn a_file_is_read_and_one_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attempts.json");
    let error = load_file(&path).unwrap_err();
    assert!(error.to_string().contains("attempts.json"), "{error}");
    std::fs::write(&path, json!([valid()]).to_string()).unwrap();
    assert_eq!(load_file(&path).unwrap().len(), 1);
}

#[test]
fn a_sample_written_is_a_sample_read() {
    let attempts = sample(3, now(), 500);
    assert_eq!(load_str(&serde_json::to_string(&attempts).unwrap()).unwrap(), attempts);
}

proptest! {
    #[test]
    fn attempts_written_are_attempts_read(attempts in attempts(0, 0..20)) {
        prop_assert_eq!(load_str(&serde_json::to_string(&attempts).unwrap()).unwrap(), attempts);
    }

    #[test]
    fn no_text_makes_loading_panic(text in ".{0,80}", json in r#"[\[{"a-z0-9:,}\]]{0,60}"#) {
        let _ = (load_str(&text), load_str(&json));
    }
}
