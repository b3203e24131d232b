//! An HTTP/2 server that breaks connections. It builds its frames byte by byte.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::faults::BODY;
use crate::tls::Identity;

/// What the server does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Responds with status 200.
    Answer,
    /// Sends RST_STREAM with REFUSED_STREAM.
    Refuse,
    /// Sends GOAWAY, which names the stream before this one as the last.
    GoAway,
    /// Responds neither to this request nor to any later one on the connection.
    Silence,
    /// Closes the connection.
    Close,
}

/// What the server has received.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How many connections were made.
    pub connections: usize,
    /// How many requests came.
    pub requests: usize,
    /// The bodies of the requests that were not refused, and how often each came.
    pub processed: HashMap<String, usize>,
    /// How many requests were answered.
    pub answered: usize,
}

/// A server with its own certificate.
pub struct BrokenHttp2 {
    url: String,
    identity: Identity,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl BrokenHttp2 {
    /// Starts a server that chooses its action by the number of the request, from 1.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be bound.
    pub async fn start(
        action: impl Fn(usize) -> Action + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let identity = Identity::new("127.0.0.1");
        let acceptor = identity.acceptor_offering(&["h2"]);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("https://{}", listener.local_addr()?);
        let seen = Arc::<Mutex<Seen>>::default();
        let (kept, action) = (Arc::clone(&seen), Arc::new(action));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The server writes its frames one by one.
                let _ = stream.set_nodelay(true);
                let (acceptor, seen, action) =
                    (acceptor.clone(), Arc::clone(&kept), Arc::clone(&action));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        lock(&seen).connections += 1;
                        // Tests break connections on purpose.
                        let _ = serve(stream, &seen, &*action).await;
                    }
                });
            }
        });
        Ok(Self { url, identity, seen, task })
    }

    /// Returns the server's base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the certificate that clients have to trust, in PEM.
    pub fn certificate(&self) -> String {
        self.identity.pem()
    }

    /// Returns what the server has received so far.
    pub fn seen(&self) -> Seen {
        lock(&self.seen).clone()
    }
}

impl Drop for BrokenHttp2 {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = payload.len().to_be_bytes();
    let mut frame = length[length.len() - 3..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// Serves one connection, with the parts of RFC 9113 that a test needs.
async fn serve<S: AsyncReadExt + AsyncWriteExt + Unpin>(
    mut stream: S,
    seen: &Mutex<Seen>,
    action: &(dyn Fn(usize) -> Action + Send + Sync),
) -> io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    // Requests beyond the stream that GOAWAY names are ignored.
    let mut last = u32::MAX;
    let mut bodies: HashMap<u32, String> = HashMap::new();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let (kind, flags) = (head[3], head[4]);
        let id = u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]);
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await?;
        if kind == DATA {
            bodies.entry(id).or_default().push_str(&String::from_utf8_lossy(&payload));
            // Lets the client send as much again.
            let read = u32::try_from(length).unwrap_or_default().to_be_bytes();
            if length > 0 {
                stream.write_all(&frame(WINDOW_UPDATE, 0, 0, &read)).await?;
            }
        }
        match kind {
            SETTINGS if flags & ACK == 0 => stream.write_all(&frame(SETTINGS, ACK, 0, &[])).await?,
            PING if flags & ACK == 0 => stream.write_all(&frame(PING, ACK, 0, &payload)).await?,
            HEADERS | DATA if flags & END_STREAM != 0 && id <= last => {
                let body = bodies.remove(&id).unwrap_or_default();
                let action = {
                    let mut seen = lock(seen);
                    seen.requests += 1;
                    let action = action(seen.requests);
                    if !matches!(action, Action::Refuse | Action::GoAway) {
                        *seen.processed.entry(body).or_default() += 1;
                    }
                    action
                };
                match action {
                    Action::Answer => {
                        lock(seen).answered += 1;
                        // `:status: 200`, by its index in HPACK's static table.
                        stream.write_all(&frame(HEADERS, END_HEADERS, id, &[0x88])).await?;
                        let body = frame(DATA, END_STREAM, id, BODY.as_bytes());
                        stream.write_all(&body).await?;
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
