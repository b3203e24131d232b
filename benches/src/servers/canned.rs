//! A server of prepared responses on loopback that costs as little as possible: HTTP/1.1 with
//! keep-alive, on its own thread and runtime.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How many bytes the head of a request may have.
const HEAD: usize = 8 * 1024;

/// Reads the heads of requests into a buffer.
pub(crate) struct Heads {
    buffer: Box<[u8]>,
    filled: usize,
    taken: usize,
}

impl Heads {
    pub(crate) fn new() -> Self {
        Self { buffer: vec![0; HEAD].into(), filled: 0, taken: 0 }
    }

    /// Reads the head of the next request; `None` when the client has closed the connection.
    pub(crate) async fn next(&mut self, stream: &mut TcpStream) -> io::Result<Option<&str>> {
        self.buffer.copy_within(self.taken..self.filled, 0);
        self.filled -= self.taken;
        self.taken = 0;
        loop {
            let end =
                self.buffer[..self.filled].windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                self.taken = end + 4;
                let head = std::str::from_utf8(&self.buffer[..end]);
                return head.map(Some).map_err(io::Error::other);
            }
            match stream.read(&mut self.buffer[self.filled..]).await? {
                0 => return Ok(None),
                read => self.filled += read,
            }
        }
    }
}

/// Returns the path and query of a request.
pub fn target(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

/// Returns a complete response of status 200: head and body.
pub fn response(body: &[u8]) -> Arc<[u8]> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTwilio-Request-Id: \
         RQ0123456789abcdef0123456789abcdef\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat().into()
}

/// Starts a server, and returns its URL. `responses` is called with the URL, and returns a function
/// from the head of a request to the response. The server runs until the process ends.
///
/// # Errors
///
/// Returns an error if no port can be bound.
pub fn start<F>(responses: impl FnOnce(&str) -> F) -> io::Result<String>
where
    F: Fn(&str) -> Arc<[u8]> + Send + Sync + 'static,
{
    let (listener, url) = listen()?;
    let responses = Arc::new(responses(&url));
    run(listener, move |stream| {
        let responses = Arc::clone(&responses);
        async move { serve(stream, &*responses).await }
    })?;
    Ok(url)
}

async fn serve(mut stream: TcpStream, responses: &impl Fn(&str) -> Arc<[u8]>) -> io::Result<()> {
    let mut heads = Heads::new();
    while let Some(head) = heads.next(&mut stream).await? {
        let response = responses(head);
        stream.write_all(&response).await?;
    }
    Ok(())
}

pub(crate) fn listen() -> io::Result<(std::net::TcpListener, String)> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let url = format!("http://{}", listener.local_addr()?);
    Ok((listener, url))
}

/// Serves every connection, on a separate thread and runtime.
pub(crate) fn run<S, R>(listener: std::net::TcpListener, serve: S) -> io::Result<()>
where
    S: Fn(TcpStream) -> R + Send + 'static,
    R: Future<Output = io::Result<()>> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let accept = async move {
        let listener = TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(serve(stream));
        }
    };
    std::thread::Builder::new().name("server".to_owned()).spawn(move || {
        let stopped: io::Result<()> = runtime.block_on(accept);
        stopped
    })?;
    Ok(())
}
