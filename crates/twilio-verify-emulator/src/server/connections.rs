//! Accepts connections, limits their number and time, and serves them until they or the server end.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper::upgrade::Upgraded;
use hyper::{Method, Request};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::server::TlsStream;

use crate::app::hosts::Authority;
use crate::contract::error::ApiError;
use crate::server::tls::Tls;

/// The maximum head of a request, including its request line: more than twice the longest query.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// The maximum buffer of a connection: the longest head and more fits in it.
const MAX_BUFFER_BYTES: usize = 64 * 1024;

/// The pause after the operating system failed to accept a connection, usually for lack of file descriptors.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// How long a shutdown waits for requests in progress.
const GRACE: Duration = Duration::from_secs(5);

/// The limits on a server's connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// The maximum number of open connections; further ones wait to be accepted.
    pub(crate) connections: usize,
    /// The timeout for a TLS handshake, the head of a request and its body, each. An idle connection is closed after
    /// the same time.
    pub(crate) read_timeout: Duration,
    /// How long a client may read nothing of a response.
    pub(crate) write_timeout: Duration,
}

/// The way in which a connection ends. It is an extension of its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Makes the connection end with a reset (RST).
    pub(crate) fn reset(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// An extension of a response that is not sent: the connection ends instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoResponse;

/// Accepts connections and serves them until `stopped` is true or its sender is dropped. Then it ends idle connections
/// at once and others after their request, and all of them within 5 seconds.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    limits: ConnectionLimits,
    mut stopped: watch::Receiver<bool>,
) {
    let permits = limits.connections.clamp(1, Semaphore::MAX_PERMITS);
    let permits = Arc::new(Semaphore::new(permits));
    // Dropping the set aborts the connections.
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            // This fails only if the semaphore is closed, which never happens.
            let permit = Arc::clone(&permits).acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accepted => accepted,
            _ = stopped.wait_for(|stop| *stop) => break,
            Some(_) = connections.join_next() => continue,
        };
        let Ok((stream, peer)) = accepted else {
            sleep(REFUSED_PAUSE).await;
            continue;
        };
        tracing::trace!(%peer, "connection accepted");
        let (tls, router, stopped) = (tls.clone(), router.clone(), stopped.clone());
        connections.spawn(async move {
            let _permit = permit;
            serve_connection(stream, tls, router, limits, stopped).await;
            tracing::trace!(%peer, "connection ended");
        });
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // Connections that have not ended by then are aborted.
    let _ = timeout(GRACE, ended).await;
}

async fn serve_connection(
    stream: TcpStream,
    tls: Option<Tls>,
    router: Router,
    limits: ConnectionLimits,
    stopped: watch::Receiver<bool>,
) {
    // Without this, a client that writes in two parts waits for a delayed acknowledgement. A failure only makes it
    // slower.
    let _ = stream.set_nodelay(true);
    let ending = Ending::default();
    let write_timeout = limits.write_timeout;
    let socket = Socket { stream, ending: ending.clone(), write_timeout, stalled: None };
    let http = Http { router, ending, limits, stopped };
    // An error of a connection ends only that connection.
    let Some(tls) = tls else {
        http.serve(socket, None).await;
        return;
    };
    let Some(stream) = http.handshake(&tls, socket).await else {
        return;
    };
    if let Some(tunnel) = http.serve(stream, Some(&tls)).await
        && let Some(stream) = http.handshake(&tls, TokioIo::new(tunnel)).await
    {
        http.serve(stream, None).await;
    }
}

/// The data for serving a connection.
struct Http {
    router: Router,
    ending: Ending,
    limits: ConnectionLimits,
    stopped: watch::Receiver<bool>,
}

impl Http {
    async fn handshake<S>(&self, tls: &Tls, stream: S) -> Option<TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let handshake = tls.acceptor.accept(stream);
        timeout(self.limits.read_timeout, handshake).await.ok()?.ok()
    }

    /// Serves the requests of a connection. With `tunnels`, one of them may be CONNECT, as clients send it to a proxy.
    /// Its tunnel is returned, to be served here too: the emulator never connects to other hosts.
    async fn serve<S>(&self, stream: S, tunnels: Option<&Tls>) -> Option<Upgraded>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let router = TowerToHyperService::new(self.router.clone());
        let tunnel = Mutex::new(None);
        let service = service_fn(|mut request: Request<Incoming>| {
            let connects = tunnels.filter(|_| request.method() == Method::CONNECT);
            let opened = connects.map(|tls| {
                let authority = request.uri().authority();
                let authority = authority.map(|authority| authority.as_str().as_bytes());
                let authority = authority.and_then(Authority::parse);
                if !authority.is_some_and(|authority| tls.names(&authority.host)) {
                    return ApiError::no_tunnel().into_response();
                }
                let opened = hyper::upgrade::on(&mut request);
                *tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened);
                Response::default()
            });
            request.extensions_mut().insert(self.ending.clone());
            let response = router.call(request.map(Body::new));
            async {
                if let Some(opened) = opened {
                    return Ok(opened);
                }
                let Ok(response) = response.await;
                match response.extensions().get::<NoResponse>() {
                    None => Ok(response),
                    Some(NoResponse) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                }
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.read_timeout)
            .max_header_size(MAX_HEAD_BYTES)
            .max_buf_size(MAX_BUFFER_BYTES)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let mut stopped = self.stopped.clone();
        let ended = tokio::select! {
            ended = &mut connection => Some(ended),
            _ = stopped.wait_for(|stop| *stop) => None,
        };
        match ended {
            Some(ended) => ended.ok()?,
            None => {
                connection.as_mut().graceful_shutdown();
                connection.await.ok()?;
            }
        }
        let opened = tunnel.lock().unwrap_or_else(PoisonError::into_inner).take();
        opened?.await.ok()
    }
}

/// The socket of a connection. Dropping it closes or resets the connection.
struct Socket {
    stream: TcpStream,
    ending: Ending,
    write_timeout: Duration,
    /// A timer for a write that waits; `None` while no write waits.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    /// Returns the outcome of a write: an error if the client has read nothing for too long.
    fn written(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let timeout = self.write_timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(timeout)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.ending.0.load(Ordering::Relaxed) {
            // This fails only if the socket is no longer connected.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
