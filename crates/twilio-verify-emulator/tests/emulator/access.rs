//! Which requests are served, by what they and the browser that sends them say. In raw bytes, as no client sends most of
//! them.

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use twilio_verify_emulator::{Emulator, StartError};

use crate::support::{connect, json, read_to_end};

/// The default credentials, as a page in a browser can send them too.
const CREDENTIALS: &str =
    "QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDoxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMQ==";

/// Sends a request with these lines below its first one, and returns the status and the body.
async fn send(emulator: &Emulator, first: &str, lines: &[&str]) -> (u16, String) {
    let mut stream = connect(emulator).await;
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let body = "FriendlyName=Shop";
    let request = format!(
        "{first}\r\n{lines}Authorization: Basic {CREDENTIALS}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let (answer, _) = read_to_end(&mut stream).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// The code of an error of Twilio's shape.
fn code(body: &str) -> Value {
    serde_json::from_str::<Value>(body).unwrap()["code"].clone()
}

/// Requests of every kind of route.
const REQUESTS: [&str; 9] = [
    "POST /v2/Services HTTP/1.1",
    "GET /v2/Services HTTP/1.1",
    "GET /v2/Attempts/Summary HTTP/1.1",
    "GET /v2/Nothing HTTP/1.1",
    "PUT /v2/Services HTTP/1.1",
    "GET / HTTP/1.1",
    "POST /_emulator/reset HTTP/1.1",
    "GET /_emulator/outbox HTTP/1.1",
    "GET /_emulator/nothing HTTP/1.1",
];

/// Fails unless no route serves a request with these lines.
async fn assert_rejected(emulator: &Emulator, lines: &[&str], status: u16, expected: u32) {
    for request in REQUESTS {
        let (answered, body) = send(emulator, request, lines).await;
        assert_eq!((answered, code(&body)), (status, expected.into()), "{request} {lines:?}");
    }
}

#[tokio::test]
async fn other_hosts_are_rejected_on_every_route() {
    let emulator = Emulator::start().await.unwrap();
    for host in [
        "evil.com",
        "rebound.example.com:8080",
        "localhost.evil.com",
        "127.0.0.1.evil.com",
        "192.0.2.1",
        "0.0.0.0",
    ] {
        assert_rejected(&emulator, &[&format!("Host: {host}")], 403, 20403).await;
    }
    // Only these are left of them.
    assert_eq!(json(&emulator, "/v2/Services").await["services"], Value::Array(Vec::new()));
    assert!(emulator.requests().iter().any(|request| request.status() == 403));
}

#[tokio::test]
async fn what_is_not_one_host_is_rejected_on_every_route() {
    let emulator = Emulator::start().await.unwrap();
    for lines in [
        &[][..],
        &["Host:"],
        &["Host: localhost#.evil.com"],
        &["Host: localhost/.evil.com"],
        &["Host: localhost?.evil.com"],
        &["Host: localhost\\.evil.com"],
        &["Host: localhost@evil.com"],
        &["Host: evil.com@localhost"],
        &["Host: localhost evil.com"],
        &["Host: localhost:80:80"],
        &["Host: http://localhost"],
        &["Host: localhost", "Host: evil.com"],
        &["Host: evil.com", "Host: localhost"],
        &["Host: localhost", "Host: localhost"],
    ] {
        assert_rejected(&emulator, lines, 400, 20001).await;
    }
    // It has none of its own in HTTP/1.0.
    let (status, _) = send(&emulator, "GET /v2/Services HTTP/1.0", &[]).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn the_target_of_a_request_to_a_proxy_counts_too() {
    let emulator = Emulator::start().await.unwrap();
    for (target, host, expected) in [
        ("http://localhost/v2/Services", "localhost", 200),
        ("http://verify.twilio.com/v2/Services", "verify.twilio.com", 200),
        ("http://evil.com/v2/Services", "localhost", 403),
        ("http://localhost/v2/Services", "evil.com", 403),
        ("http://localhost@evil.com/v2/Services", "localhost", 400),
    ] {
        let first = format!("GET {target} HTTP/1.1");
        let (status, body) = send(&emulator, &first, &[&format!("Host: {host}")]).await;
        assert_eq!(status, expected, "{target} {host}");
        if status == 200 {
            let page: Value = serde_json::from_str(&body).unwrap();
            let url = page["meta"]["url"].as_str().unwrap();
            assert!(url.starts_with(target), "{url}");
        }
    }
}

#[tokio::test]
async fn programs_are_served_at_every_name_of_the_machine() {
    let emulator = Emulator::start().await.unwrap();
    let own = emulator.url().strip_prefix("http://").unwrap();
    for host in [
        own,
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1",
        "[::1]:8080",
        "verify.twilio.com",
        "verify.localhost",
    ] {
        let host = format!("Host: {host}");
        let (status, _) = send(&emulator, "POST /v2/Services HTTP/1.1", &[&host]).await;
        assert_eq!(status, 201, "{host}");
        let (status, _) = send(&emulator, "GET /_emulator/clock HTTP/1.1", &[&host]).await;
        assert_eq!(status, 200, "{host}");
    }
    // A program may say HTTP/1.0.
    let (status, _) = send(&emulator, "GET /v2/Services HTTP/1.0", &["Host: localhost"]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn pages_of_other_sites_are_rejected_on_every_route() {
    let emulator = Emulator::start().await.unwrap();
    for lines in [
        // A form.
        &["Origin: https://evil.com", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"][..],
        &["Origin: https://evil.com"],
        // A sandboxed frame, or a file.
        &["Origin: null"],
        &["Origin: http://localhost.evil.com"],
        &["Origin: http://localhost:80@evil.com"],
        &["Origin: chrome-extension://localhost"],
        &["Origin: http://localhost", "Origin: https://evil.com"],
        // A picture, a script or a link: without an origin.
        &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"],
        &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"],
        &["Sec-Fetch-Site: same-site"],
        &["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"],
    ] {
        assert_rejected(&emulator, &[&["Host: localhost"], lines].concat(), 403, 20403).await;
    }
    assert_eq!(json(&emulator, "/v2/Services").await["services"], Value::Array(Vec::new()));
}

#[tokio::test]
async fn pages_of_this_machine_are_served() {
    let emulator = Emulator::start().await.unwrap();
    for lines in [
        &["Origin: http://localhost:3000", "Sec-Fetch-Site: same-site"][..],
        &["Origin: http://127.0.0.1:3000", "Sec-Fetch-Site: cross-site"],
        &["Sec-Fetch-Site: same-origin"],
        // What a user types.
        &["Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate"],
    ] {
        let lines = [&["Host: localhost"], lines].concat();
        let (status, _) = send(&emulator, "POST /v2/Services HTTP/1.1", &lines).await;
        assert_eq!(status, 201, "{lines:?}");
    }
}

#[tokio::test]
async fn a_link_leads_to_the_page_and_a_frame_does_not() {
    let emulator = Emulator::start().await.unwrap();
    for (method, path, dest, expected) in [
        ("GET", "/_emulator/", "document", 200),
        ("GET", "/_emulator", "document", 308),
        ("GET", "/_emulator/", "iframe", 403),
        ("GET", "/_emulator/outbox", "document", 403),
        ("POST", "/_emulator/reset", "document", 403),
    ] {
        let first = format!("{method} {path} HTTP/1.1");
        let dest = format!("Sec-Fetch-Dest: {dest}");
        let lines =
            ["Host: localhost", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", &dest];
        assert_eq!(send(&emulator, &first, &lines).await.0, expected, "{first} {dest}");
    }
}

#[tokio::test]
async fn more_hosts_can_be_accepted() {
    let builder = Emulator::builder().accept_host("emulator").accept_host("2001:db8::1");
    let emulator = builder.start().await.unwrap();
    for (host, expected) in
        [("emulator:8080", 200), ("[2001:db8::1]", 200), ("other:8080", 403), ("x.emulator", 403)]
    {
        let host = format!("Host: {host}");
        let (status, _) = send(&emulator, "GET /v2/Services HTTP/1.1", &[&host]).await;
        assert_eq!(status, expected, "{host}");
    }
    let page = ["Host: emulator", "Origin: http://emulator:8080"];
    assert_eq!(send(&emulator, "POST /v2/Services HTTP/1.1", &page).await.0, 201);
    for host in ["", "emulator:8080", "http://emulator", "a b", "emulator/"] {
        let error = Emulator::builder().accept_host(host).start().await.unwrap_err();
        assert!(matches!(error, StartError::InvalidAcceptedHost), "{host}");
        assert!(error.to_string().contains("without a port"), "{error}");
    }
}

#[tokio::test]
async fn an_emulator_of_other_machines_is_reached_at_any_address_but_not_at_any_name() {
    let emulator = Emulator::builder()
        .address("0.0.0.0:0".parse().unwrap())
        .allow_non_loopback(true)
        .start()
        .await
        .unwrap();
    for (host, expected) in [("172.17.0.2:8080", 200), ("[fd00::2]", 200), ("evil.com", 403)] {
        for first in ["GET /v2/Services HTTP/1.1", "GET /_emulator/clock HTTP/1.1"] {
            let host = format!("Host: {host}");
            assert_eq!(send(&emulator, first, &[&host]).await.0, expected, "{first} {host}");
            let evil = [&host, "Origin: https://evil.com"];
            assert_eq!(send(&emulator, first, &evil).await.0, 403, "{first} {host}");
        }
    }
}

/// Health checks of containers name an address or a service that the emulator does not know, and have no credentials.
#[tokio::test]
async fn health_is_shown_to_every_host_and_nothing_else_is() {
    let local = Emulator::start().await.unwrap();
    let shared = Emulator::builder()
        .address("0.0.0.0:0".parse().unwrap())
        .allow_non_loopback(true)
        .start()
        .await
        .unwrap();
    for emulator in [&local, &shared] {
        for host in ["Host: evil.com", "Host: 10.1.2.3:8374", "Host: emulator"] {
            let lines = [host, "Authorization: none", "Origin: https://evil.com"];
            let (status, body) = send(emulator, "GET /_emulator/health HTTP/1.1", &lines).await;
            assert_eq!((status, &*body), (200, r#"{"status":"ok"}"#), "{host}");
            let (status, _) = send(emulator, "HEAD /_emulator/health HTTP/1.1", &lines).await;
            assert_eq!(status, 200, "{host}");
            let (status, _) = send(emulator, "POST /_emulator/health HTTP/1.1", &lines).await;
            assert_eq!(status, 405, "{host}");
            for path in ["/_emulator/health/", "/_emulator/healthy", "/_emulator/outbox"] {
                let (status, _) = send(emulator, &format!("GET {path} HTTP/1.1"), &lines).await;
                assert_eq!(status, 403, "{path} {host}");
            }
        }
    }
    assert!(local.requests().is_empty());
}
