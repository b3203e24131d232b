//! Responses that are errors: of proxies, of overloaded servers, and of servers elsewhere.

use tests::faults::{ATTEMPTS, Again, BODY, Fault, Method, bounded, check, hasty};
use tests::scripted::{Reply, Scripted};
use tests::tls::Identity;
use twilio_verify::ErrorKind;

const HTML: &str = "<html><h1>Sorry, +573003003030</h1></html>";

#[tokio::test]
async fn errors_that_are_html_or_nothing() {
    let html = |status| Reply::with(status, &[("Content-Type", "text/html")], HTML);
    let empty = |status| Reply::with(status, &[], "");
    check([
        Fault::refused("HTML 503", html(503), 503, Again::Repeatable),
        Fault::refused("HTML 502", html(502), 502, Again::Repeatable),
        Fault::refused("HTML 429", html(429), 429, Again::Always),
        Fault::refused("HTML 403", html(403), 403, Again::Never),
        Fault::refused("empty 500", empty(500), 500, Again::Repeatable),
        Fault::refused("empty 504", empty(504), 504, Again::Repeatable),
        Fault::refused("empty 404", empty(404), 404, Again::Never),
        Fault::refused("empty 401", empty(401), 401, Again::Never),
        Fault::refused("an array", Reply::json(500, "[1]"), 500, Again::Repeatable),
        Fault::refused("half an object", Reply::json(401, "{"), 401, Again::Never),
        Fault::refused("an unknown status", empty(799), 799, Again::Never),
    ])
    .await;
}

/// The status identifies the error, even if the body is cut short: a GET can be sent again. The code
/// of a 429 is not known then, so that is final.
#[tokio::test]
async fn errors_whose_body_is_cut() {
    let cut = |status: u16| {
        let head = format!("HTTP/1.1 {status} Any\r\nContent-Length: 100\r\n\r\n{{\"code\":");
        Reply::Bytes(head.into_bytes())
    };
    check([
        Fault::refused("503", cut(503), 503, Again::Repeatable),
        Fault::refused("401", cut(401), 401, Again::Never),
        Fault::refused("404", cut(404), 404, Again::Never),
        Fault::refused("429", cut(429), 429, Again::Never),
    ])
    .await;
}

/// Longer than what is read of a response.
#[tokio::test]
async fn errors_whose_body_has_no_end() {
    let endless = b"HTTP/1.1 503 Any\r\n\r\n".to_vec();
    check([Fault::refused(
        "503",
        Reply::Endless(endless, vec![b' '; 1000]),
        503,
        Again::Repeatable,
    )])
    .await;
}

#[tokio::test]
async fn storms() {
    let storm = |headers: &[_], body| Reply::with(429, headers, body);
    let code = r#"{"code":20429,"message":"Too many requests"}"#;
    check([
        Fault::refused("no header", storm(&[], ""), 429, Again::Always),
        Fault::refused("a code", storm(&[], code), 429, Again::Always),
        Fault::refused("no wait", storm(&[("Retry-After", "0")], code), 429, Again::Always),
        Fault::refused(
            "a wait that is none",
            storm(&[("Retry-After", "soon")], code),
            429,
            Again::Always,
        ),
        Fault::refused(
            "a negative wait",
            storm(&[("Retry-After", "-1")], code),
            429,
            Again::Always,
        ),
        Fault::refused(
            "a wait of no number",
            storm(&[("Retry-After", "99999999999x")], ""),
            429,
            Again::Always,
        ),
    ])
    .await;
}

/// A wait beyond the call's deadline does not begin, and applies to all callers of the operation if
/// it has a limit.
#[tokio::test]
async fn storms_that_last() {
    // More than a day is reported as a day.
    for (seconds, told) in [("61", 61), ("3600", 3600), ("18446744073709551615", 86400)] {
        for method in Method::ALL {
            let refusal = Reply::with(429, &[("Retry-After", seconds)], "");
            let server = Scripted::start([refusal, method.response()]).await.unwrap();
            let client = hasty(server.url()).build().unwrap();
            let name = format!("{seconds} s ({method:?})");
            let error = bounded(&name, method.call(&client)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused, "{name}: {error:?}");
            assert!(error.is_rate_limited() && error.is_retryable(), "{name}");
            assert!(!error.is_timeout(), "{name}");
            let wait = error.retry_after().map(|wait| wait.as_secs());
            assert_eq!(wait, Some(told), "{name}");
            assert_eq!(server.received().len(), 1, "{name}");
            // Of these, only the summary has a limit.
            let next = bounded(&name, method.call(&client.clone())).await;
            if method == Method::Get {
                let error = next.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::NotSent, "{name}: {error:?}");
                assert!(error.is_timeout(), "{name}: {error:?}");
                assert_eq!(server.received().len(), 1, "{name}");
            } else {
                assert!(next.is_ok(), "{name}: {next:?}");
                assert_eq!(server.received().len(), 2, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn redirects_to_another_host() {
    for status in [301, 302, 303, 307, 308] {
        for method in Method::ALL {
            let other = Scripted::start([method.response()]).await.unwrap();
            let location = format!("{}/v2/Attempts/Summary", other.url());
            let redirect = Reply::with(status, &[("Location", &location)], "");
            let server = Scripted::start([redirect]).await.unwrap();
            let client = hasty(server.url()).build().unwrap();
            let name = format!("{status} ({method:?})");
            let error = bounded(&name, method.call(&client)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused, "{name}: {error:?}");
            assert_eq!(error.status(), Some(status), "{name}: {error:?}");
            assert!(!error.is_retryable() && error.attempts() == 1, "{name}");
            assert!(!error.to_string().contains(&location), "{error}");
            assert_eq!(server.received().len(), 1, "{name}");
            other.settled().await;
            assert_eq!(other.connections(), 0, "{name}");
        }
    }
}

/// A user's HTTP client may follow redirects; the credentials are not sent along.
#[tokio::test]
async fn redirects_that_a_users_client_follows() {
    for status in [302, 307] {
        for method in Method::ALL {
            let other = Scripted::start([Reply::json(200, BODY)]).await.unwrap();
            let location = format!("{}/v2/Attempts/Summary", other.url());
            let redirect = Reply::with(status, &[("Location", &location)], "");
            let server = Scripted::start([redirect]).await.unwrap();
            let http = Identity::new("127.0.0.1").trusted().build().unwrap();
            let client = hasty(server.url()).http_client(http).build().unwrap();
            // That client handles the response.
            let _ = bounded("followed", method.call(&client)).await;
            assert_eq!(server.received().len(), 1, "{status} ({method:?})");
            for request in other.received() {
                assert_eq!(request.header("authorization"), None, "{request:?}");
                assert_eq!(request.header("cookie"), None, "{request:?}");
            }
        }
    }
}

/// After several errors, the last response is a good one.
#[tokio::test]
async fn a_storm_that_ends_in_time() {
    for method in Method::ALL {
        let refusal = Reply::with(429, &[], r#"{"code":20429}"#);
        let mut replies = vec![refusal; ATTEMPTS - 1];
        replies.push(method.response());
        let server = Scripted::start(replies).await.unwrap();
        let client = hasty(server.url()).build().unwrap();
        bounded("a storm", method.call(&client)).await.unwrap();
        assert_eq!(server.received().len(), ATTEMPTS, "{method:?}");
    }
}
