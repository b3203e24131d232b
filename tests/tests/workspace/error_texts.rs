//! How an error reads where it is printed.

use std::error::Error as _;

use tests::client::{builder, client};
use tests::privacy::{NUMBER, TOKEN, assert_private};
use tests::scripted::{Reply, Scripted};
use twilio_verify::{ClientBuilder, Error, ErrorKind, RetryPolicy};

/// The texts of the causes.
fn causes(error: &Error) -> Vec<String> {
    std::iter::successors(error.source(), |cause| (*cause).source())
        .map(|c| c.to_string())
        .collect()
}

#[tokio::test]
async fn a_main_that_returns_the_error_prints_its_message_and_causes() {
    let client = builder("http://127.0.0.1:1", TOKEN).retry(RetryPolicy::never());
    let client = client.build().unwrap();
    let error = client.attempts().list().to(NUMBER).items().try_next().await.unwrap_err();
    let (text, debug) = (error.to_string(), format!("{error:?}"));
    assert!(text.starts_with("ListVerificationAttempt: the connection failed: "), "{text}");
    assert!(text.contains("refused"), "{text}");
    let lines: Vec<_> = debug.lines().collect();
    assert_eq!(lines[..3], [&*text, "", "Caused by:"], "{debug}");
    let causes = causes(&error);
    assert!(causes.len() > 1, "{causes:?}");
    // The message has the innermost one, which is not repeated.
    for cause in &causes {
        assert_eq!(debug.matches(cause.as_str()).count(), 1, "{cause}: {debug}");
    }
    let last = causes.last().unwrap();
    assert!(last.contains("refused"), "{last}");

    let all = format!("{error:#}");
    assert!(all.starts_with(&format!("{text}: ")), "{all}");
    for cause in &causes {
        assert_eq!(all.matches(cause.as_str()).count(), 1, "{cause}: {all}");
    }
    assert!(!all.contains('\n'), "{all}");
    for text in [debug, all, format!("{error:#?}")] {
        assert_private(&text);
        assert!(!text.contains("127.0.0.1:1/"), "{text}");
    }
}

#[tokio::test]
async fn what_has_no_cause_is_its_message() {
    let body = r#"{"code":20404,"message":"The requested resource was not found","status":404}"#;
    let server = Scripted::start([Reply::json(404, body)]).await.unwrap();
    let missing = client(server.url()).attempts().fetch("VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await;
    // Its cause says the same once more.
    let malformed = client(server.url()).attempts().fetch("VL1").await;
    let unset = ClientBuilder::from_lookup(|_| None).map(drop);
    for error in [missing.unwrap_err(), malformed.unwrap_err(), unset.unwrap_err()] {
        let text = error.to_string();
        assert_eq!(format!("{error:?}"), text);
        assert_eq!(format!("{error:#}"), text);
    }
}

#[test]
fn kinds_have_names() {
    for (kind, name) in [
        (ErrorKind::Config, "config"),
        (ErrorKind::InvalidRequest, "invalid_request"),
        (ErrorKind::NotSent, "not_sent"),
        (ErrorKind::NoAnswer, "no_answer"),
        (ErrorKind::Refused, "refused"),
        (ErrorKind::Unreadable, "unreadable"),
    ] {
        assert_eq!(kind.as_str(), name);
        assert_eq!(serde_json::to_value(kind).unwrap(), name);
    }
}
