//! What a scripted server does with a request.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// What the server does with a connection, after it has read a request unless stated otherwise.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Sends these bytes, and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes, and then nothing more, without closing.
    Stall(Vec<u8>),
    /// Closes the connection without a response.
    Close,
    /// Sends these bytes, and waits for the next request on the connection.
    KeepOpen(Vec<u8>),
    /// Sends these bytes, and closes the connection; over TLS without a closing alert.
    Cut(Vec<u8>),
    /// Sends these bytes, and resets the connection.
    Reset(Vec<u8>),
    /// Resets the connection when the request has arrived, after reading only this many bytes.
    ResetWithin(usize),
    /// Sends these bytes as soon as anything has arrived, and closes the connection.
    Unasked(Vec<u8>),
    /// Reads nothing, sends nothing, and doesn't close.
    Deaf,
    /// Sends these bytes one by one, with a pause after each, and then nothing
    /// more, without closing.
    Drip(Vec<u8>, Duration),
    /// Sends the first bytes, and then the others again and again, until the client closes the
    /// connection.
    Endless(Vec<u8>, Vec<u8>),
}

impl Reply {
    /// Returns a complete response with a JSON body.
    pub fn json(status: u16, body: &str) -> Self {
        Self::with(status, &[("Content-Type", "application/json")], body)
    }

    /// Returns a complete response.
    pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut head = head(status, headers, body);
        head.push_str("Connection: close\r\n\r\n");
        Self::Bytes([head.as_bytes(), body.as_bytes()].concat())
    }

    /// Returns a complete response, after which the connection stays open.
    pub fn keep_open(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let head = head(status, headers, body);
        Self::KeepOpen([head.as_bytes(), b"\r\n", body.as_bytes()].concat())
    }

    /// Whether a request is read completely before the reply.
    pub fn reads(&self) -> bool {
        !matches!(self, Self::ResetWithin(_) | Self::Unasked(_) | Self::Deaf)
    }

    /// Acts on the connection, and returns it if it stays open.
    pub(crate) async fn act<W: Wire>(self, mut wire: W) -> io::Result<Option<W>> {
        match self {
            Self::Bytes(bytes) | Self::Unasked(bytes) => {
                wire.write_all(&bytes).await?;
                wire.shutdown().await?;
            }
            Self::Stall(bytes) => {
                send(&mut wire, &bytes).await?;
                gone(wire).await?;
            }
            Self::Close => {}
            Self::KeepOpen(bytes) => {
                send(&mut wire, &bytes).await?;
                return Ok(Some(wire));
            }
            Self::Cut(bytes) => send(&mut wire, &bytes).await?,
            Self::Reset(bytes) => {
                send(&mut wire, &bytes).await?;
                wire.tcp().set_zero_linger()?;
            }
            Self::ResetWithin(length) => {
                wire.read_exact(&mut vec![0; length]).await?;
                wire.tcp().set_zero_linger()?;
            }
            Self::Deaf => gone(wire).await?,
            Self::Drip(bytes, pause) => {
                for byte in bytes {
                    send(&mut wire, &[byte]).await?;
                    tokio::time::sleep(pause).await;
                }
                gone(wire).await?;
            }
            Self::Endless(first, again) => {
                send(&mut wire, &first).await?;
                loop {
                    send(&mut wire, &again).await?;
                }
            }
        }
        Ok(None)
    }
}

/// Returns the status line and the headers, without the empty line.
fn head(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let length = body.len();
    let mut head = format!("HTTP/1.1 {status} Any\r\n");
    // A 204 has no body, and so no length.
    if status != 204 {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head
}

async fn send(wire: &mut impl Wire, bytes: &[u8]) -> io::Result<()> {
    wire.write_all(bytes).await?;
    wire.flush().await
}

/// Waits until the client closes the connection.
async fn gone(mut wire: impl Wire) -> io::Result<()> {
    tokio::io::copy(&mut wire, &mut tokio::io::sink()).await.map(drop)
}

/// A connection, plain or with TLS.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin + 'static {
    /// Returns the TCP connection.
    fn tcp(&self) -> &TcpStream;

    /// Waits for the first bytes, without reading them. Returns `false` if none will come.
    fn arrived(&self) -> impl Future<Output = io::Result<bool>> + Send;
}

impl Wire for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }

    async fn arrived(&self) -> io::Result<bool> {
        Ok(self.peek(&mut [0]).await? > 0)
    }
}

impl Wire for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }

    /// Returns `true` at once, as the bytes of the handshake have arrived.
    async fn arrived(&self) -> io::Result<bool> {
        Ok(true)
    }
}
