//! How connections are made: HTTP/2 where the server offers it, and a user's
//! own proxy.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::serve::Listener;
use http::{Method as HttpMethod, Version};
use tests::client::builder;
use tests::faults::Method;
use tests::scripted::{Reply, Scripted};
use tests::tls::{Identity, trusting_none};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use twilio_verify::{Client, ClientBuilder, Error, ErrorKind, RetryPolicy};

/// The TLS connections that were counted.
struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    connections: Arc<Mutex<usize>>,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, peer) = self.listener.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                *self.connections.lock().unwrap() += 1;
                return (stream, peer);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// What a server with TLS that offers these protocols sees of 9 calls, of which
/// 8 are made at once: the versions, and how many connections.
async fn seen(protocols: &[&str]) -> (Vec<Version>, usize) {
    let identity = Identity::new("127.0.0.1");
    let (versions, connections) = (Arc::default(), Arc::default());
    let listener = Tls {
        listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
        acceptor: identity.acceptor_offering(protocols),
        connections: Arc::clone(&connections),
    };
    let url = format!("https://{}", listener.local_addr().unwrap());
    let kept: Arc<Mutex<Vec<Version>>> = Arc::clone(&versions);
    let app = Router::new().fallback(move |request: Request| async move {
        kept.lock().unwrap().push(request.version());
        let status = match *request.method() {
            HttpMethod::POST => http::StatusCode::CREATED,
            _ => http::StatusCode::OK,
        };
        (status, tests::faults::BODY)
    });
    tokio::spawn(async { axum::serve(listener, app).await });
    let http = identity.trusted().build().unwrap();
    let client =
        builder(&url, "token").http_client(http).retry(RetryPolicy::never()).build().unwrap();
    Method::Get.call(&client).await.unwrap();
    let calls = [Method::Get, Method::Post].into_iter().cycle().take(8);
    let calls = calls.map(|method| {
        let client: Client = client.clone();
        async move { method.call(&client).await }
    });
    for result in calls.collect::<JoinSet<_>>().join_all().await {
        result.unwrap();
    }
    let versions = versions.lock().unwrap().clone();
    let connections = *connections.lock().unwrap();
    (versions, connections)
}

#[tokio::test]
async fn http_2_where_it_is_offered() {
    // All share one connection.
    assert_eq!(seen(&["h2", "http/1.1"]).await, (vec![Version::HTTP_2; 9], 1));
    let (versions, connections) = seen(&["http/1.1"]).await;
    assert_eq!(versions, [Version::HTTP_11; 9]);
    assert!((1..=8).contains(&connections), "{connections}");
    assert_eq!(seen(&[]).await.0, [Version::HTTP_11; 9]);
}

/// A user's client may have a proxy. Over https the proxy is asked for a
/// tunnel, and sees no credentials.
#[tokio::test]
async fn a_proxy_of_a_users_client() {
    let through = |proxy: &Scripted, url: &str| {
        let proxy = reqwest::Proxy::all(proxy.url()).unwrap();
        let http = trusting_none().proxy(proxy);
        builder(url, "token")
            .http_client(http.build().unwrap())
            .retry(RetryPolicy::never())
            .build()
            .unwrap()
    };
    for method in Method::ALL {
        let proxy = Scripted::start([method.response()]).await.unwrap();
        let url = "http://localhost:1";
        method.call(&through(&proxy, url)).await.unwrap();
        let received = proxy.received();
        assert_eq!(received.len(), 1);
        assert!(received[0].target().starts_with(url), "{received:?}");

        let proxy = Scripted::start([Reply::with(403, &[], "")]).await.unwrap();
        let client = through(&proxy, "https://verify.twilio.com");
        let error = method.call(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotSent, "{error:?}");
        let received = proxy.received();
        assert_eq!(received.len(), 1);
        let head = &received[0].head;
        assert!(head.starts_with("CONNECT verify.twilio.com:443 "), "{head}");
        assert_eq!(received[0].header("authorization"), None);
    }
}

/// The error of a call by a client with these settings, which can't connect.
async fn connecting(builder: ClientBuilder) -> Error {
    let short = Duration::from_millis(1);
    let retry = RetryPolicy::default().min_delay(short).max_delay(short);
    builder.retry(retry).build().unwrap().attempts().summary().send().await.unwrap_err()
}

/// A certificate stays what it is, and so do a proxy's users: another attempt would fail in the same
/// way. A server that isn't there may be started.
#[tokio::test]
async fn what_no_retry_cures_is_not_retried() {
    let trusted = Identity::new("127.0.0.1");
    let expired = Identity::until("127.0.0.1", 2001);
    let other = Identity::new("other.example");
    let unknown = Identity::new("127.0.0.1");
    for (server, client) in [(&unknown, &trusted), (&expired, &expired), (&other, &other)] {
        let server = Scripted::start_tls(server.acceptor(), [Reply::Close]).await.unwrap();
        let client = builder(server.url(), "token").http_client(client.trusted().build().unwrap());
        let error = connecting(client).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 1), "{error}");
        assert!(error.to_string().contains("certificate"), "{error}");
        assert!(!error.is_retryable());
        server.settled().await;
        assert_eq!(server.connections(), 1);
    }

    let proxy = Scripted::start([Reply::with(407, &[], "")]).await.unwrap();
    let http = trusting_none()
        .no_proxy()
        .proxy(reqwest::Proxy::all(proxy.url()).unwrap())
        .build()
        .unwrap();
    let error = connecting(builder("https://verify.twilio.com", "token").http_client(http)).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 1), "{error}");
    assert!(error.to_string().contains("407"), "{error}");
    assert_eq!(proxy.received().len(), 1);

    // Nothing listens there.
    let error = connecting(builder("http://127.0.0.1:1", "token")).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 4), "{error}");
    assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
}
