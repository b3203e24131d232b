//! What webhooks say, as forms and as JSON.

use chrono::DateTime;
use http::HeaderMap;
use serde_json::json;
use twilio_verify::{FactorType, WebhookEvent, WebhookEventError, WebhookEventType};

const FORM: &str = "type=challenge.approved&uid=1\
     &account_sid=ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     &service_sid=VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     &entity_sid=YEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&identity=ana-1234\
     &factor_sid=YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&factor_type=push\
     &friendly_name=Ana%27s+phone\
     &challenge_sid=YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
     &date_created=2022-03-02T21:02:33Z\
     &date_updated=Wed%2C+02+Mar+2022+21%3A02%3A34+%2B0000\
     &metadata=%7B%22os%22%3A%22Ana+OS%22%7D&status=approved";

#[test]
fn a_form_and_json_say_the_same() {
    let event = WebhookEvent::from_form(FORM.as_bytes()).unwrap();
    let json = json!({
        "type": "CHALLENGE.APPROVED",
        "uid": 1,
        "account_sid": "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "service_sid": "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "entity_sid": "YEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "entity_identity": "ana-1234",
        "factor_sid": "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "factor_type": "PUSH",
        "factor_friendly_name": "Ana's phone",
        "challenge_sid": "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "date_created": "2022-03-02T21:02:33.000Z",
        "date_updated": "2022-03-02T22:02:34+01:00",
        "challenge_metadata": { "os": "Ana OS" },
        "status": "approved",
    });
    let json = WebhookEvent::from_json(json.to_string().as_bytes()).unwrap();
    assert_eq!(json, event);

    assert_eq!(event.event_type, WebhookEventType::ChallengeApproved);
    assert_eq!(event.uid.as_deref(), Some("1"));
    let sid = event.challenge_sid.unwrap();
    assert_eq!(sid.as_str(), "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_eq!(event.identity.unwrap().expose(), "ana-1234");
    assert_eq!(event.friendly_name.unwrap().expose(), "Ana's phone");
    assert_eq!(event.factor_type, Some(FactorType::Push));
    let date = DateTime::parse_from_rfc3339("2022-03-02T21:02:34Z").unwrap();
    assert_eq!(event.date_updated, Some(date.to_utc()));
    assert_eq!(event.metadata.unwrap().expose(), &json!({ "os": "Ana OS" }));
    assert_eq!(event.extra["status"], "approved");
    assert_eq!(event.extra.len(), 1);
}

#[test]
fn the_content_type_decides() {
    let mut headers = HeaderMap::new();
    let json = br#"{"type":"factor.created"}"#;
    let event = WebhookEvent::parse(&headers, json).unwrap();
    assert_eq!(event.event_type, WebhookEventType::FactorCreated);
    let result = WebhookEvent::parse(&headers, FORM.as_bytes());
    assert_eq!(result, Err(WebhookEventError::NotAnObject));
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    headers.insert("Content-Type", kind.parse().unwrap());
    WebhookEvent::parse(&headers, FORM.as_bytes()).unwrap();
    let result = WebhookEvent::parse(&headers, json);
    assert_eq!(result, Err(WebhookEventError::NoType));
}

#[test]
fn the_type_is_all_that_it_takes_and_unknown_ones_are_kept() {
    for value in WebhookEventType::VALUES {
        let event = WebhookEvent::from_form(format!("type={value}").as_bytes()).unwrap();
        assert_eq!(event.event_type.as_str(), *value);
        assert!(!matches!(event.event_type, WebhookEventType::Unknown(_)));
        assert!(event.extra.is_empty());
    }
    let event = WebhookEvent::from_json(br#"{"type":"factor.Renamed"}"#).unwrap();
    let unknown = WebhookEventType::Unknown("factor.Renamed".to_owned());
    assert_eq!(event.event_type, unknown);
    assert_eq!(String::from(event.event_type), "factor.Renamed");
}

#[test]
fn what_is_no_event() {
    for body in ["", "uid=1", "type=", "type=a&type=b", "Type=factor.created"] {
        let result = WebhookEvent::from_form(body.as_bytes());
        assert_eq!(result, Err(WebhookEventError::NoType), "{body}");
    }
    for body in ["{}", r#"{"type":null}"#, r#"{"type":["factor.created"]}"#] {
        let result = WebhookEvent::from_json(body.as_bytes());
        assert_eq!(result, Err(WebhookEventError::NoType), "{body}");
    }
    let deep = format!("{{\"type\":{}", "[".repeat(10_000));
    for body in ["", "[]", "null", "\"factor.created\"", "{", "{}x", &deep] {
        let result = WebhookEvent::from_json(body.as_bytes());
        assert_eq!(result, Err(WebhookEventError::NotAnObject));
    }
}

/// The names and shapes of fields are assumed: one that is otherwise must not
/// cost the event.
#[test]
fn what_cannot_be_read_is_kept() {
    let json = json!({
        "type": "challenge.denied",
        "uid": ["1"],
        "service_sid": "another shape",
        "entity_sid": "",
        "identity": null,
        "date_created": "yesterday",
        "date_updated": [1646254953],
        "metadata": "no JSON",
        "challenge_metadata": { "second": true },
    });
    let event = WebhookEvent::from_json(json.to_string().as_bytes()).unwrap();
    let sid = event.service_sid.unwrap();
    assert_eq!(sid.as_str(), "another shape");
    assert_eq!(event.metadata.unwrap().expose(), "no JSON");
    assert_eq!((event.uid, event.entity_sid), (None, None));
    assert_eq!((event.date_created, event.date_updated), (None, None));
    let kept: Vec<_> = event.extra.keys().map(String::as_str).collect();
    let unread = ["challenge_metadata", "date_created", "date_updated", "entity_sid"];
    assert_eq!(kept, [&unread[..], &["identity", "uid"]].concat());
    assert_eq!(event.extra["date_created"], "yesterday");
}

#[test]
fn repeated_parameters_are_an_array() {
    let event =
        WebhookEvent::from_form(b"uid=1&type=factor.deleted&a=1&a=2&uid=2&a=3&metadata=&metadata=")
            .unwrap();
    assert_eq!((event.uid, event.metadata), (None, None));
    assert_eq!(event.extra["uid"], json!(["1", "2"]));
    assert_eq!(event.extra["a"], json!(["1", "2", "3"]));
}

#[test]
fn nothing_private_is_printed() {
    let event = WebhookEvent::from_form(format!("{FORM}&details=Ana").as_bytes()).unwrap();
    let debug = format!("{event:?} {event:#?}");
    assert!(debug.contains("ChallengeApproved") && debug.contains("details"));
    for private in ["ana-1234", "Ana"] {
        assert!(!debug.contains(private), "{debug}");
    }
}
