//! A raw TCP or TLS server that follows a script, byte by byte, and records the requests.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

pub use crate::reply::Reply;
use crate::reply::Wire;

/// How long a test waits for an event.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request, as it came over the wire.
#[derive(Clone, Debug)]
pub struct Received {
    /// The request line and the headers.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Received {
    /// Returns the path and the query, as they were sent.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// Returns a header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// A server that responds to each request with the next reply of its script, and repeats the last
/// reply at the end.
#[derive(Debug)]
pub struct Scripted {
    url: String,
    address: SocketAddr,
    log: Arc<watch::Sender<Log>>,
    task: JoinHandle<()>,
}

/// What the server has received.
#[derive(Debug, Default)]
struct Log {
    /// The requests that were read completely.
    received: Vec<Received>,
    /// How many connections were accepted.
    connections: usize,
    /// How many connections have not ended yet.
    open: usize,
    /// How many connections have not sent their first request yet.
    awaited: usize,
    /// Connections that `settled` makes, to see when they are accepted.
    markers: HashSet<SocketAddr>,
}

/// Chooses the next reply.
enum Script {
    List(Mutex<VecDeque<Reply>>),
    Rule(Box<dyn Fn(&Received) -> Reply + Send + Sync>),
}

impl Scripted {
    /// Starts the server on a loopback port.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be bound.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> io::Result<Self> {
        Self::serve(Script::list(replies), None).await
    }

    /// Starts the server with TLS.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be bound.
    pub async fn start_tls(
        acceptor: TlsAcceptor,
        replies: impl IntoIterator<Item = Reply>,
    ) -> io::Result<Self> {
        Self::serve(Script::list(replies), Some(acceptor)).await
    }

    /// Starts a server that chooses its reply by the request.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be bound.
    pub async fn deciding(
        rule: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::serve(Script::Rule(Box::new(rule)), None).await
    }

    async fn serve(script: Script, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let log = Arc::new(watch::Sender::default());
        let task = tokio::spawn(serve(listener, Arc::new(script), tls, Arc::clone(&log)));
        Ok(Self { url: format!("{scheme}://{address}"), address, log, task })
    }

    /// Returns the server's base URL, `http://127.0.0.1:PORT`, or `https` with TLS.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns all requests so far that were read completely.
    pub fn received(&self) -> Vec<Received> {
        self.log.borrow().received.clone()
    }

    /// Returns how many connections were made so far.
    pub fn connections(&self) -> usize {
        self.log.borrow().connections
    }

    /// Waits until all connections that were made so far are accepted, and their first requests are
    /// read or lost. After that, the counts are final.
    ///
    /// # Panics
    ///
    /// Panics if that doesn't happen in time.
    pub async fn settled(&self) {
        let mark = async {
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
            let own = socket.local_addr()?;
            self.log.send_if_modified(|log| log.markers.insert(own));
            // Connections are accepted in the order in which they were made.
            let _marker = socket.connect(self.address).await?;
            self.until("settled", |log| !log.markers.contains(&own) && log.awaited == 0).await;
            io::Result::Ok(())
        };
        mark.await.unwrap_or_else(|error| panic!("no connection: {error}"));
    }

    /// Waits until this many requests were read.
    ///
    /// # Panics
    ///
    /// Panics if they don't come in time.
    pub async fn until_received(&self, requests: usize) {
        self.until("enough requests", |log| log.received.len() >= requests).await;
    }

    /// Waits until this many connections were made.
    ///
    /// # Panics
    ///
    /// Panics if they don't come in time.
    pub async fn until_connected(&self, connections: usize) {
        self.until("enough connections", |log| log.connections >= connections).await;
    }

    /// Waits until all connections have ended.
    ///
    /// # Panics
    ///
    /// Panics if one stays open.
    pub async fn until_closed(&self) {
        self.until("closed", |log| log.open == 0).await;
    }

    async fn until(&self, what: &str, reached: impl FnMut(&Log) -> bool) {
        let mut log = self.log.subscribe();
        let waited = tokio::time::timeout(PATIENCE, log.wait_for(reached)).await;
        assert!(matches!(waited, Ok(Ok(_))), "not {what}: {self:?}");
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Script {
    fn list(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::List(Mutex::new(replies.into_iter().collect()))
    }

    /// Returns the next reply, if it does not depend on the request.
    fn next(&self) -> Option<Reply> {
        let Self::List(script) = self else {
            return None;
        };
        let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
        match script.len() {
            0 => Some(Reply::Close),
            1 => script.front().cloned(),
            _ => script.pop_front(),
        }
    }

    fn decide(&self, request: &Received) -> Reply {
        match self {
            Self::List(_) => Reply::Close,
            Self::Rule(rule) => rule(request),
        }
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

async fn serve(
    listener: TcpListener,
    script: Arc<Script>,
    tls: Option<TlsAcceptor>,
    log: Arc<watch::Sender<Log>>,
) {
    while let Ok((stream, peer)) = listener.accept().await {
        let is_marker = log.send_if_modified(|log| log.markers.remove(&peer));
        if is_marker {
            continue;
        }
        let mut connection = Connection::new(Arc::clone(&log));
        let (script, tls) = (Arc::clone(&script), tls.clone());
        tokio::spawn(async move {
            // Tests also close connections on purpose.
            let _gone = match tls {
                None => connection.serve(stream, &script).await,
                Some(tls) => connection.serve_tls(stream, &tls, &script).await,
            };
        });
    }
}

/// A connection's entry in the log.
struct Connection {
    log: Arc<watch::Sender<Log>>,
    awaited: bool,
}

impl Connection {
    fn new(log: Arc<watch::Sender<Log>>) -> Self {
        log.send_modify(|log| {
            log.connections += 1;
            log.open += 1;
            log.awaited += 1;
        });
        Self { log, awaited: true }
    }

    /// Notes that the first request has come, or will not come.
    fn begun(&mut self) {
        if std::mem::take(&mut self.awaited) {
            self.log.send_modify(|log| log.awaited -= 1);
        }
    }

    async fn serve_tls(
        &mut self,
        stream: TcpStream,
        tls: &TlsAcceptor,
        script: &Script,
    ) -> io::Result<()> {
        let stream = tls.accept(stream).await?;
        self.serve(stream, script).await
    }

    async fn serve<W: Wire>(&mut self, mut wire: W, script: &Script) -> io::Result<()> {
        wire.tcp().set_nodelay(true)?;
        loop {
            if !wire.arrived().await? {
                return Ok(());
            }
            let mut reply = script.next();
            if reply.as_ref().is_none_or(Reply::reads) {
                let Some(request) = read(&mut wire).await? else {
                    return Ok(());
                };
                reply = reply.or_else(|| Some(script.decide(&request)));
                self.log.send_modify(|log| log.received.push(request));
            }
            self.begun();
            match reply.unwrap_or(Reply::Close).act(wire).await? {
                Some(open) => wire = open,
                None => return Ok(()),
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.begun();
        self.log.send_modify(|log| log.open -= 1);
    }
}

async fn read(wire: &mut impl Wire) -> io::Result<Option<Received>> {
    use tokio::io::AsyncReadExt;

    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let received = Received { head: head.to_owned(), body: body.to_owned() };
            let length = received.header("content-length").and_then(|length| length.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(Some(received));
            }
        }
        if wire.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
}
