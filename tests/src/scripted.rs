//! A raw TCP server that answers as it is told, byte by byte, and keeps what
//! it was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with a connection, once it has read a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Sends these bytes, and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes, and then nothing more, without closing.
    Stall(Vec<u8>),
    /// Closes the connection without an answer.
    Close,
}

impl Reply {
    /// A whole answer with a body in JSON.
    pub fn json(status: u16, body: &str) -> Self {
        Self::with(status, &[("Content-Type", "application/json")], body)
    }

    /// A whole answer.
    pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut head = format!(
            "HTTP/1.1 {status} Any\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("Connection: close\r\n\r\n");
        Self::Bytes([head.as_bytes(), body.as_bytes()].concat())
    }
}

/// A request, as it came over the wire.
#[derive(Clone, Debug)]
pub struct Received {
    /// The request line and the headers.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Received {
    /// The path and the query, as they were sent.
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// A server that gives each request the next reply of its script, and the
/// last one again when there are no more.
#[derive(Debug)]
pub struct Scripted {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Scripted {
    /// Starts the server on a loopback port.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let script = Arc::new(Mutex::new(replies.into_iter().collect::<VecDeque<_>>()));
        let received = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn(serve(listener, script, Arc::clone(&received)));
        Ok(Self {
            url,
            received,
            task,
        })
    }

    /// The server's base URL, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All requests so far.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.received).clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    script: Arc<Mutex<VecDeque<Reply>>>,
    received: Arc<Mutex<Vec<Received>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (script, received) = (Arc::clone(&script), Arc::clone(&received));
        tokio::spawn(async move {
            // A client that goes away is one of the things that are tested.
            let _gone = answer(stream, &script, &received).await;
        });
    }
}

async fn answer(
    mut stream: TcpStream,
    script: &Mutex<VecDeque<Reply>>,
    received: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    let Some(request) = read(&mut stream).await? else {
        return Ok(());
    };
    lock(received).push(request);
    let reply = {
        let mut script = lock(script);
        match script.len() {
            0 | 1 => script.front().cloned(),
            _ => script.pop_front(),
        }
    };
    match reply {
        Some(Reply::Bytes(bytes)) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Some(Reply::Stall(bytes)) => {
            stream.write_all(&bytes).await?;
            std::future::pending().await
        }
        Some(Reply::Close) | None => Ok(()),
    }
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Option<Received>> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let received = Received {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            let length = received
                .header("content-length")
                .and_then(|length| length.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(Some(received));
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
