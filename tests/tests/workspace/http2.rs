//! Connections of HTTP/2 that break: silence, GOAWAY, REFUSED_STREAM. The server writes its frames
//! byte by byte.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tests::client::builder;
use tests::tls::Identity;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use twilio_verify::{Channel, Client, ClientBuilder, Error, ErrorKind, RetryPolicy};

/// What the server does with a request.
#[derive(Clone, Copy, PartialEq)]
enum Action {
    Answer,
    /// RST_STREAM with REFUSED_STREAM.
    Refuse,
    /// GOAWAY that names the stream before this one as the last.
    GoAway,
    /// Neither this request nor any later one on the connection is answered.
    Silence,
    /// The connection is closed.
    Close,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    /// The requests, and those of them that were answered.
    requests: usize,
    answered: usize,
}

struct Server {
    url: String,
    identity: Identity,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    /// Starts a server that decides by the number of the request, from 1.
    async fn start(action: impl Fn(usize) -> Action + Send + Sync + 'static) -> Self {
        let identity = Identity::new("127.0.0.1");
        let acceptor = identity.acceptor_offering(&["h2"]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Seen>>::default();
        let (kept, action) = (Arc::clone(&seen), Arc::new(action));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, seen, action) =
                    (acceptor.clone(), Arc::clone(&kept), Arc::clone(&action));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        seen.lock().unwrap().connections += 1;
                        let _ = serve(stream, &seen, &*action).await;
                    }
                });
            }
        });
        Self { url, identity, seen }
    }

    /// A client that knows the server's certificate, and hardly waits.
    fn client(&self) -> ClientBuilder {
        let policy = RetryPolicy::default()
            .min_delay(Duration::from_millis(1))
            .max_delay(Duration::from_millis(2));
        builder(&self.url, "token")
            .root_certificate(self.identity.pem())
            .retry(policy)
            .no_documented_limits()
    }

    fn seen(&self) -> (usize, usize, usize) {
        let seen = self.seen.lock().unwrap();
        (seen.connections, seen.requests, seen.answered)
    }
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// Serves one connection: RFC 9113, as far as a test needs it.
async fn serve<S: AsyncReadExt + AsyncWriteExt + Unpin>(
    mut stream: S,
    seen: &Mutex<Seen>,
    action: &(dyn Fn(usize) -> Action + Send + Sync),
) -> std::io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    // Requests beyond the stream that GOAWAY names are ignored.
    let mut last = u32::MAX;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let (kind, flags) = (head[3], head[4]);
        let id = u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]);
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await?;
        match kind {
            SETTINGS if flags & ACK == 0 => stream.write_all(&frame(SETTINGS, ACK, 0, &[])).await?,
            PING if flags & ACK == 0 => stream.write_all(&frame(PING, ACK, 0, &payload)).await?,
            HEADERS | DATA if flags & END_STREAM != 0 && id <= last => {
                let number = {
                    let mut seen = seen.lock().unwrap();
                    seen.requests += 1;
                    seen.requests
                };
                match action(number) {
                    Action::Answer => {
                        seen.lock().unwrap().answered += 1;
                        // `:status: 200`, by its index in HPACK's static table.
                        stream.write_all(&frame(HEADERS, END_HEADERS, id, &[0x88])).await?;
                        let body = tests::faults::BODY.as_bytes();
                        stream.write_all(&frame(DATA, END_STREAM, id, body)).await?;
                    }
                    Action::Refuse => {
                        stream.write_all(&frame(RST_STREAM, 0, id, &7_u32.to_be_bytes())).await?;
                    }
                    Action::GoAway => {
                        last = id.saturating_sub(2);
                        let payload = [&last.to_be_bytes()[..], &[0; 4]].concat();
                        stream.write_all(&frame(GOAWAY, 0, 0, &payload)).await?;
                        stream.flush().await?;
                    }
                    Action::Silence => std::future::pending().await,
                    Action::Close => return Ok(()),
                }
            }
            _ => {}
        }
        stream.flush().await?;
    }
}

async fn post(client: &Client) -> Result<(), Error> {
    let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap());
    service.verifications().start("+573003003030", Channel::Sms).send().await.map(drop)
}

async fn get(client: &Client) -> Result<(), Error> {
    client.attempts().summary().send().await.map(drop)
}

#[tokio::test]
async fn what_the_server_has_not_processed_is_sent_again() {
    let server = Server::start(|number| match number {
        number if number % 7 == 0 => Action::Refuse,
        number if number % 11 == 0 => Action::GoAway,
        _ => Action::Answer,
    })
    .await;
    let client = server.client().build().unwrap();
    for _ in 0..100 {
        post(&client).await.unwrap();
    }
    let (connections, requests, answered) = server.seen();
    assert_eq!(answered, 100, "each POST is processed once");
    assert!(requests > 120 && connections > 5, "{requests} requests, {connections} connections");
}

#[tokio::test]
async fn at_once_too() {
    let server = Server::start(|number| match number {
        number if number % 13 == 0 => Action::GoAway,
        number if number % 5 == 0 => Action::Refuse,
        _ => Action::Answer,
    })
    .await;
    let client = server.client().retry(RetryPolicy::default().max_attempts(20)).build().unwrap();
    let calls = (0..60).map(|_| {
        let client = client.clone();
        async move { post(&client).await }
    });
    for result in calls.collect::<JoinSet<_>>().join_all().await {
        result.unwrap();
    }
    assert_eq!(server.seen().2, 60, "each POST is processed once");
}

#[tokio::test]
async fn a_post_that_may_have_been_processed_is_not_sent_again() {
    let server = Server::start(|number| match number {
        2 => Action::Close,
        _ => Action::Answer,
    })
    .await;
    let client = server.client().build().unwrap();
    post(&client).await.unwrap();
    assert_eq!(post(&client).await.unwrap_err().kind(), ErrorKind::NoAnswer);
    post(&client).await.unwrap();
    assert_eq!(server.seen().1, 3);
}

#[tokio::test]
async fn a_connection_that_goes_silent_costs_one_call() {
    let server = Server::start(|number| match number {
        3 => Action::Silence,
        _ => Action::Answer,
    })
    .await;
    let client = server.client().attempt_timeout(Duration::from_millis(300)).build().unwrap();
    let mut lost = 0;
    for _ in 0..20 {
        if let Err(error) = post(&client).await {
            assert!(error.is_timeout(), "{error}");
            lost += 1;
        }
    }
    assert_eq!(lost, 1);
    assert_eq!(server.seen().0, 2, "the calls after it are on another connection");
}

#[tokio::test]
async fn what_can_be_repeated_is_not_lost_to_silence() {
    let server = Server::start(|number| match number {
        3 => Action::Silence,
        _ => Action::Answer,
    })
    .await;
    let client = server.client().attempt_timeout(Duration::from_millis(300)).build().unwrap();
    for _ in 0..5 {
        get(&client).await.unwrap();
    }
    let (connections, requests, answered) = server.seen();
    assert_eq!((connections, requests, answered), (2, 6, 5));
}
