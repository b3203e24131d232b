//! Connections that can't be made: a request that was never sent can always be sent again.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::dns::{Name, Resolve, Resolving};
use tests::faults::{ATTEMPTS, BODY, Fault, Method, bounded, check, hasty};
use tests::scripted::{Reply, Scripted};
use tests::tls::{Identity, trusting_none};
use tokio::net::TcpSocket;
use twilio_verify::{Client, Error, ErrorKind};

const SHORT: Duration = Duration::from_millis(250);

/// Calls by each method, which must fail with nothing sent, after all
/// attempts.
async fn never_sent(name: &str, client: &Client) -> Vec<Error> {
    let mut errors = Vec::new();
    for method in Method::ALL {
        let error = bounded(name, method.call(client)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotSent, "{name}: {error:?}");
        assert_eq!(error.status(), None, "{name}: {error:?}");
        assert!(error.is_retryable(), "{name}: {error:?}");
        assert_eq!(error.attempts() as usize, ATTEMPTS, "{name}: {error:?}");
        assert!(std::error::Error::source(&error).is_some(), "{name}");
        errors.push(error);
    }
    errors
}

#[tokio::test]
async fn a_port_where_nobody_listens() {
    // Kept, so that no other program can listen there either.
    let held = TcpSocket::new_v4().unwrap();
    held.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let url = format!("http://{}", held.local_addr().unwrap());
    let client = hasty(&url).build().unwrap();
    for error in never_sent("refused", &client).await {
        assert!(!error.is_timeout(), "{error:?}");
        let attempts = format!("after {ATTEMPTS} attempts");
        assert!(error.to_string().contains(&attempts), "{error}");
    }
}

/// A resolver that knows no name.
struct NoNames;

impl Resolve for NoNames {
    fn resolve(&self, _name: Name) -> Resolving {
        Box::pin(async { Err("there is no such name".into()) })
    }
}

#[tokio::test]
async fn a_name_that_is_none() {
    let http = trusting_none().dns_resolver(NoNames).build().unwrap();
    let client = hasty("https://verify.invalid").http_client(http).build().unwrap();
    for error in never_sent("no such name", &client).await {
        assert!(!error.is_timeout(), "{error:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted() {
    let (good, other) = (Identity::new("127.0.0.1"), Identity::new("127.0.0.1"));
    let elsewhere = Identity::new("verify.example");
    let expired = Identity::until("127.0.0.1", 2001);
    for (name, identity, trusted) in [
        ("signed by itself", &good, None),
        ("signed by another", &good, Some(&other)),
        ("of another host", &elsewhere, Some(&elsewhere)),
        ("expired", &expired, Some(&expired)),
    ] {
        let server =
            Scripted::start_tls(identity.acceptor(), [Method::Get.response()]).await.unwrap();
        let mut builder = hasty(server.url());
        if let Some(trusted) = trusted {
            builder = builder.http_client(trusted.trusted().build().unwrap());
        }
        for error in never_sent(name, &builder.build().unwrap()).await {
            assert!(!error.is_timeout(), "{name}: {error:?}");
        }
        server.settled().await;
        assert_eq!(server.connections(), 3 * ATTEMPTS, "{name}");
        assert!(server.received().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_handshake_that_fails() {
    let refusal = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    check([
        Fault::not_sent("plain text", Reply::Unasked(refusal.to_vec())).over_https(),
        Fault::not_sent("an alert", Reply::Unasked(b"\x15\x03\x03\0\x02\x02\x28".to_vec()))
            .over_https(),
        Fault::not_sent("closed", Reply::Unasked(Vec::new())).over_https(),
        Fault::not_sent("reset", Reply::ResetWithin(0)).over_https(),
        Fault::not_sent("reset within", Reply::ResetWithin(20)).over_https(),
    ])
    .await;
}

/// A connection that is not made in time: nothing was sent.
#[tokio::test]
async fn a_handshake_beyond_the_time_to_connect() {
    let users = Identity::new("127.0.0.1").trusted().connect_timeout(SHORT);
    for (name, users) in [("the own", None), ("a user's", users.build().ok())] {
        let server = Scripted::start([Reply::Deaf]).await.unwrap();
        let url = server.url().replace("http:", "https:");
        let mut builder = hasty(&url).connect_timeout(SHORT);
        if let Some(users) = users {
            builder = builder.http_client(users);
        }
        for error in never_sent(name, &builder.build().unwrap()).await {
            assert!(error.is_timeout(), "{name}: {error:?}");
        }
        server.settled().await;
        assert_eq!(server.connections(), 3 * ATTEMPTS, "{name}");
        server.until_closed().await;
    }
}

/// An attempt's timeout covers the connection too. Whether anything was sent is not known then, so
/// a POST is not sent again.
#[tokio::test]
async fn a_handshake_beyond_the_time_of_an_attempt() {
    check([Fault::no_answer("no handshake", Reply::Deaf).timed_out(SHORT).over_https()]).await;
}

/// The calls above fail for their own reasons, and not because TLS never works.
#[tokio::test]
async fn a_certificate_that_is_trusted() {
    let identity = Identity::new("127.0.0.1");
    for method in Method::ALL {
        let server = Scripted::start_tls(identity.acceptor(), [method.response()]).await.unwrap();
        let http = identity.trusted().build().unwrap();
        let client = hasty(server.url()).http_client(http).build().unwrap();
        bounded("trusted", method.call(&client)).await.unwrap();
        let received = server.received();
        assert_eq!(received.len(), 1);
        assert!(received[0].header("authorization").is_some());
    }
}

/// Over TLS the server's closing alert ends a response without a length; without the alert, it may
/// have been cut short.
#[tokio::test]
async fn an_answer_over_tls_that_is_cut() {
    let identity = Identity::new("127.0.0.1");
    let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{BODY}").into_bytes();
    for (reply, kind) in [
        (Reply::Bytes(answer.clone()), None),
        (Reply::Cut(answer.clone()), Some(ErrorKind::Unreadable)),
        (Reply::Reset(answer), Some(ErrorKind::Unreadable)),
        (Reply::Cut(Vec::new()), Some(ErrorKind::NoAnswer)),
    ] {
        let name = format!("{reply:?}");
        let server = Scripted::start_tls(identity.acceptor(), [reply]).await.unwrap();
        let http = identity.trusted().build().unwrap();
        let client = hasty(server.url()).http_client(http).build().unwrap();
        let result = bounded(&name, Method::Get.call(&client)).await;
        let found = result.as_ref().err().map(Error::kind);
        assert_eq!(found, kind, "{name}: {result:?}");
        let attempts = if kind.is_some() { ATTEMPTS } else { 1 };
        assert_eq!(server.received().len(), attempts, "{name}");
    }
}
