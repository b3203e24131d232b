//! Connections: accepted, bounded in number and in time, and served until they or the server end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// The longest head of a request, its request line included: more than twice the longest query.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// For how long nothing is accepted after the operating system refused a connection: mostly it has no file
/// descriptor left.
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// For how long an end waits for connections whose request has not ended.
const GRACE: Duration = Duration::from_secs(5);

/// What bounds the connections of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How many are open at once; further ones wait to be accepted.
    pub(crate) connections: usize,
    /// How long a TLS handshake, the head of a request and its body may take each. A connection without a
    /// request is closed after the same time.
    pub(crate) read_timeout: Duration,
}

/// How a connection ends. Whoever serves a request finds it among the request's extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Lets the connection end with a reset (RST), once it ends.
    pub(crate) fn reset(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Among the extensions of an answer, it keeps the answer from being sent: the connection ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoAnswer;

/// Accepts connections and serves them until `stopped` holds true or has lost its sender, then ends them: those
/// that are idle at once, the others after their request, and all within 5 seconds.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) {
    let permits = limits.connections.clamp(1, Semaphore::MAX_PERMITS);
    let permits = Arc::new(Semaphore::new(permits));
    // Dropped, it aborts them.
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            // An error says that the semaphore was closed, which nobody does.
            let permit = Arc::clone(&permits).acquire_owned().await.ok();
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accepted => accepted,
            _ = stopped.wait_for(|stop| *stop) => break,
            Some(_) = connections.join_next() => continue,
        };
        let Ok((stream, _)) = accepted else {
            sleep(REFUSED_PAUSE).await;
            continue;
        };
        let (tls, router, stopped) = (tls.clone(), router.clone(), stopped.clone());
        connections.spawn(async move {
            let _permit = permit;
            serve_connection(stream, tls, router, limits, stopped).await;
        });
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    // What has not ended by then is aborted.
    let _ = timeout(GRACE, ended).await;
}

async fn serve_connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: Limits,
    stopped: watch::Receiver<bool>,
) {
    // Without this a client that writes in two parts waits for a delayed acknowledgement. A failure only makes
    // it slower.
    let _ = stream.set_nodelay(true);
    let ending = Ending::default();
    let socket = Socket {
        stream,
        ending: ending.clone(),
    };
    // What goes wrong with a connection ends that connection only.
    let _ = match tls {
        None => serve_http(socket, router, ending, limits, stopped).await,
        Some(tls) => match timeout(limits.read_timeout, tls.accept(socket)).await {
            Ok(Ok(stream)) => serve_http(stream, router, ending, limits, stopped).await,
            Ok(Err(_)) | Err(_) => return,
        },
    };
}

async fn serve_http<S>(
    stream: S,
    router: Router,
    ending: Ending,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) -> hyper::Result<()>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let router = TowerToHyperService::new(router);
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(ending.clone());
        let answer = router.call(request.map(Body::new));
        async {
            let Ok(answer) = answer.await;
            match answer.extensions().get::<NoAnswer>() {
                None => Ok(answer),
                Some(NoAnswer) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
            }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.read_timeout)
        .max_header_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = &mut connection => return ended,
        _ = stopped.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}

/// The socket of a connection, which is closed when this is dropped, or reset.
struct Socket {
    stream: TcpStream,
    ending: Ending,
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.ending.0.load(Ordering::Relaxed) {
            // It can only fail for a socket that is no longer connected.
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
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
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
