//! What errors say of rejected requests, of responses that can't be read, and of invalid settings.
//! Faults of connections and servers are in `faults`.

use std::time::{Duration, Instant};

use tests::scripted::{Reply, Scripted};
use tests::tls::authority;
use twilio_verify::{
    AttemptsSummary, Client, ClientBuilder, Credentials, Error, ErrorKind, OAuth, RetryPolicy,
    codes,
};

const SUMMARY: &str = "FetchVerificationAttemptsSummary";

const CLASSIC: &str = r#"{"code":20404,"message":"no +573003003030","more_info":"https://www.twilio.com/docs/errors/20404","status":404}"#;

fn builder(url: &str) -> ClientBuilder {
    // `retries` tests what is sent again.
    tests::client::builder(url, "the-secret-token").retry(RetryPolicy::never())
}

async fn call(reply: Reply) -> Result<AttemptsSummary, Error> {
    let server = Scripted::start([reply]).await.unwrap();
    let client = builder(server.url())
        .attempt_timeout(Duration::from_millis(400))
        .max_response_size(1000)
        .build()
        .unwrap();
    let began = Instant::now();
    let result = client.attempts().summary().send().await;
    assert!(began.elapsed() < Duration::from_secs(10), "took {:?}", began.elapsed());
    let received = server.received();
    assert_eq!(received.len(), 1, "{received:?}");
    if let Err(error) = &result {
        assert_eq!(error.attempts(), 1);
        let text = format!("{error} {error:?} {error:#?}");
        for private in ["573003003030", "the-secret-token", "dGhlLXNl", "<html>"] {
            assert!(!text.contains(private), "{text}");
        }
    }
    result
}

async fn failure(reply: Reply) -> Error {
    call(reply).await.unwrap_err()
}

#[tokio::test]
async fn refusals_in_both_shapes_of_twilio() {
    let headers = [("Twilio-Request-Id", "RQ123"), ("Retry-After", "7")];
    let error = failure(Reply::with(404, &headers, CLASSIC)).await;
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!((error.status(), error.code()), (Some(404), Some(20404)));
    assert_eq!(error.request_id(), Some("RQ123"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(error.is_not_found() && !error.is_retryable());
    assert_eq!(error.server_message().unwrap().expose(), "no +573003003030");
    assert_eq!(error.more_info().unwrap(), "https://www.twilio.com/docs/errors/20404");
    assert!(error.to_string().contains("status 404, code 20404"), "{error}");
    assert!(error.to_string().contains("request RQ123"), "{error}");
    assert!(error.to_string().starts_with(&format!("{SUMMARY}: ")), "{error}");

    let problem = r#"{"type":"https://t/x","title":"Too many","status":429,"detail":"to +573003003030","code":20429}"#;
    let error = failure(Reply::json(429, problem)).await;
    assert_eq!(error.code(), Some(20429));
    assert!(error.is_rate_limited() && error.is_retryable());
    assert_eq!(error.server_message().unwrap().expose(), "to +573003003030");
}

#[tokio::test]
async fn what_the_documented_codes_mean() {
    // Status, code, and whether it is an error of authentication, of a missing resource, of too
    // many requests, or none of these.
    for (status, code, is) in [
        (400, codes::INVALID_VALUE, ""),
        (401, codes::AUTHENTICATE, "auth"),
        (405, codes::METHOD_NOT_ALLOWED, ""),
        (403, codes::TEST_CREDENTIALS, "auth"),
        (403, codes::ACCOUNT_SUSPENDED, "auth"),
        (404, codes::NOT_FOUND, "not found"),
        (429, codes::TOO_MANY_REQUESTS, "rate limited"),
        (500, codes::INTERNAL_ERROR, ""),
        (503, codes::SERVICE_UNAVAILABLE, ""),
        (400, codes::INVALID_TO_NUMBER, ""),
        (400, codes::INVALID_PHONE_NUMBER, ""),
        (400, codes::INVALID_PARAMETER, ""),
        (429, codes::MAX_CHECK_ATTEMPTS, "rate limited"),
        (429, codes::MAX_SEND_ATTEMPTS, "rate limited"),
        (403, codes::UNSUPPORTED_FEATURE, ""),
        (403, codes::LANDLINE, ""),
        (400, codes::PAYMENT_REQUIRED, ""),
        (400, codes::TOO_MANY_RATE_LIMITS, ""),
        (400, codes::UNIQUE_NAME_TAKEN, ""),
        (400, codes::INVALID_UNIQUE_NAME, ""),
        (400, codes::TOO_MANY_BUCKETS, ""),
        (400, codes::INTERVAL_TAKEN, ""),
        (429, codes::TOO_MANY_CONCURRENT_REQUESTS, "rate limited"),
        (400, codes::COUNTRY_TAKEN, ""),
        (400, codes::CALL_WITH_PSD2, ""),
        (400, codes::TOO_MANY_MAILERS, ""),
        (400, codes::INVALID_SERVICE_CONFIGURATION, ""),
        (400, codes::EMAIL_TEMPLATE_INACTIVE, ""),
        (400, codes::EMAIL_TEMPLATE_PLACEHOLDERS, ""),
        (400, codes::CHINA_VETTING, ""),
        (400, codes::NO_VERIFICATION_NAMED, ""),
        (403, codes::SENDER_NOT_VERIFIED, ""),
        (400, codes::CHANNEL_DISABLED, ""),
        (409, codes::TRANSLATION_EXISTS, ""),
        (400, codes::INVALID_FACTOR_PARAMETER, ""),
        (409, codes::ENTITY_EXISTS, ""),
        (400, codes::FACTOR_TYPE_EXISTS, ""),
        (400, codes::INVALID_ACCESS_TOKEN_PARAMETERS, ""),
        (400, codes::INVALID_FACTOR, ""),
        (429, codes::MAX_CHALLENGE_ATTEMPTS, "rate limited"),
        (429, codes::MAX_NOTIFICATIONS, "rate limited"),
        (429, codes::MAX_FACTOR_ATTEMPTS, "rate limited"),
        (403, codes::FACTOR_VERIFICATION_FAILED, ""),
        (429, codes::MAX_CHALLENGES, "rate limited"),
        (403, codes::FACTOR_NOT_AUTHORIZED, ""),
        (400, codes::INVALID_BINDING, ""),
        (400, codes::MAX_FACTORS, ""),
        (409, codes::FACTOR_EXISTS, ""),
        (403, codes::FACTOR_NOT_VERIFIED, ""),
        (403, codes::CHALLENGE_ANSWERED, ""),
        (403, codes::CHALLENGE_EXPIRED, ""),
        (403, codes::CHALLENGE_FAILED, ""),
        (429, codes::MAX_FACTOR_CREATIONS, "rate limited"),
        (400, codes::WEBHOOK_FAILED, ""),
        (403, codes::FRAUD_GUARD, ""),
        (400, codes::IN_SAFE_LIST, ""),
        (400, codes::APP_HASH_CHANNEL, ""),
        (401, codes::EMAIL_CREDITS, ""),
        (401, codes::EMAIL_NOT_AUTHORIZED, ""),
        (403, codes::GEO_PERMISSIONS, ""),
        (403, codes::MISSING_SCOPE, "auth"),
    ] {
        let body = format!(r#"{{"code":{code},"message":"to +573003003030"}}"#);
        let error = failure(Reply::json(status, &body)).await;
        assert_eq!((error.status(), error.code()), (Some(status), Some(code)));
        assert_eq!(error.is_auth(), is == "auth", "{code}");
        assert_eq!(error.is_not_found(), is == "not found", "{code}");
        assert_eq!(error.is_rate_limited(), is == "rate limited", "{code}");
        assert_eq!(error.is_retryable(), [20429, 20500, 20503].contains(&code), "{code}");
        // The error states its meaning, in words of this crate.
        let start = format!("{SUMMARY}: status {status}, code {code}: ");
        let text = error.to_string();
        let meaning = text.strip_prefix(&start).unwrap_or_else(|| panic!("{text}"));
        assert!(meaning.len() > 10 && meaning != "not allowed", "{text}");
        // What follows the colon is what to do.
        assert_eq!(error.remedy(), meaning.split_once(": ").map(|(_, remedy)| remedy), "{text}");
    }
    let error = failure(Reply::json(429, r#"{"code":60202}"#)).await;
    assert!(error.remedy().unwrap().starts_with("wait until the verification expires"));
    // Without a code, the status decides.
    for (status, auth) in [(401, true), (403, true), (400, false), (404, false)] {
        let error = failure(Reply::with(status, &[], "<html>")).await;
        assert_eq!((error.code(), error.is_auth()), (None, auth), "{status}");
    }
}

#[tokio::test]
async fn limits_that_waiting_does_not_cure_are_not_retryable() {
    for (code, retryable) in [(20429, true), (60202, false), (60203, false), (60212, false)] {
        let error = failure(Reply::json(429, &format!(r#"{{"code":{code}}}"#))).await;
        assert_eq!(error.is_retryable(), retryable, "{code}");
    }
    assert!(failure(Reply::json(429, "")).await.is_retryable());
}

#[tokio::test]
async fn answers_that_are_none() {
    for (body, reason) in [
        ("", "it is empty"),
        ("<html>+573003003030</html>", "it is not JSON"),
        (r#"{"total_attempts":1"#, "it is not JSON"),
        ("[]", "not an object"),
        (r#"{"total_attempts":-1}"#, "total_attempts: "),
    ] {
        let error = failure(Reply::with(200, &[("Twilio-Request-Id", "RQ1")], body)).await;
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{body}");
        assert_eq!((error.status(), error.request_id()), (Some(200), Some("RQ1")));
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn a_client_can_not_be_built_wrong() {
    let error = Client::builder().build().unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("credentials")));
    for (builder, field) in [
        (builder("http://verify.twilio.com"), "base_url"),
        (builder("https://x").timeout(Duration::ZERO), "timeout"),
        (builder("https://x").attempt_timeout(Duration::ZERO), "attempt_timeout"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)));
    }
}

#[test]
fn hosts_by_region_and_edge() {
    let builder = || {
        let account = tests::client::ACCOUNT;
        Client::builder()
            .credentials(Credentials::auth_token(account, "t"))
            .root_certificate(authority())
    };
    for (builder, host) in [
        (builder(), "verify.twilio.com"),
        (builder().region("ie1"), "verify.ie1.twilio.com"),
        (builder().edge("dublin"), "verify.dublin.us1.twilio.com"),
        (builder().region("ie1").edge("dublin"), "verify.dublin.ie1.twilio.com"),
    ] {
        let client = builder.build().unwrap();
        assert_eq!(client.base_url().as_str(), format!("https://{host}/"));
    }
    for label in ["", "a.b", "US1", "evil.example/"] {
        for (builder, field) in
            [(builder().region(label), "region"), (builder().edge(label), "edge")]
        {
            let error = builder.build().expect_err(label);
            assert_eq!(error.field(), Some(field));
        }
    }
}

#[test]
fn credentials_are_not_sent_in_plain_text() {
    for good in [
        "https://verify.twilio.com",
        "http://127.0.0.1:8080",
        "http://localhost:1",
        "http://[::1]:1",
        "https://proxy.example/verify/",
    ] {
        builder(good).build().expect(good);
        let oauth = OAuth::builder("id", "s").token_url(good).root_certificate(authority());
        oauth.build().expect(good);
    }
    for bad in [
        "http://verify.twilio.com",
        "http://127.0.0.1.example",
        "ftp://localhost",
        "https://user:secret@verify.twilio.com",
        "https://verify.twilio.com?x=1",
        "verify.twilio.com",
        "",
    ] {
        let client = builder(bad);
        let oauth = OAuth::builder("id", "s").token_url(bad);
        let shown = format!("{client:?} {oauth:?}");
        for (error, setting) in [
            (client.build().expect_err(bad), "base_url"),
            (oauth.build().expect_err(bad), "token_url"),
        ] {
            assert_eq!(error.field(), Some(setting), "{bad}");
            let text = format!("{error} {error:?} {shown}");
            assert!(!text.contains("secret@") && !text.contains("x=1"), "{text}");
        }
    }
}

#[test]
fn the_environment_is_read_by_twilios_names() {
    const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const KEY: &str = "SKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let from = |variables: &'static [(&str, &str)]| {
        ClientBuilder::from_lookup(move |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    };
    let client = from(&[("TWILIO_ACCOUNT_SID", ACCOUNT), ("TWILIO_AUTH_TOKEN", "secret-1")]);
    let client = client.unwrap().root_certificate(authority()).build().unwrap();
    assert_eq!(client.base_url().as_str(), "https://verify.twilio.com/");
    assert!(format!("{client:?}").contains(ACCOUNT));
    assert!(!format!("{client:?}").contains("secret-1"));
    let client = from(&[
        ("TWILIO_API_KEY", KEY),
        ("TWILIO_API_SECRET", "secret-2"),
        ("TWILIO_ACCOUNT_SID", ACCOUNT),
        ("TWILIO_REGION", "ie1"),
        ("TWILIO_EDGE", "dublin"),
    ]);
    let client = client.unwrap().root_certificate(authority()).build().unwrap();
    assert_eq!(client.base_url().as_str(), "https://verify.dublin.ie1.twilio.com/");
    assert!(format!("{client:?}").contains(KEY));
    for (variables, field) in [
        (&[] as &[_], "TWILIO_ACCOUNT_SID"),
        (&[("TWILIO_ACCOUNT_SID", ACCOUNT)], "TWILIO_AUTH_TOKEN"),
        (&[("TWILIO_ACCOUNT_SID", "AC1"), ("TWILIO_AUTH_TOKEN", "s")], "TWILIO_ACCOUNT_SID"),
        (&[("TWILIO_API_KEY", KEY)], "TWILIO_API_SECRET"),
        (&[("TWILIO_API_KEY", "x"), ("TWILIO_API_SECRET", "s")], "TWILIO_API_KEY"),
    ] {
        let error = from(variables).unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some(field)));
    }
}
