//! The seam that decides when requests of limited operations are sent.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::request_limit::RequestLimit;
use crate::error::{Error, ErrorKind};

/// The future that a [`RequestGate`] returns.
pub type GateFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Decides when the requests of limited operations are sent.
///
/// Twilio counts requests by account. Clients of one process share their limits by
/// [`InProcessGate`](crate::InProcessGate), the default. A program that runs as several processes
/// needs a gate that they share, such as that of the crate `twilio-verify-redis`, and sets it by
/// [`ClientBuilder::request_gate`](crate::ClientBuilder::request_gate).
///
/// A gate is asked before each attempt to send a request of an operation with a
/// [`RequestLimit`], by many tasks at once. Operations without a limit never reach it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = twilio_verify_emulator::Emulator::start().await?;
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
///
/// use twilio_verify::{
///     Client, GateError, GateFuture, InProcessGate, LimitedRequest, RequestGate,
/// };
///
/// /// Counts what the limits let through.
/// #[derive(Default)]
/// struct Counting {
///     gate: InProcessGate,
///     requests: AtomicU64,
/// }
///
/// impl RequestGate for Counting {
///     fn ready<'a>(
///         &'a self,
///         request: LimitedRequest<'a>,
///         within: Duration,
///     ) -> GateFuture<'a, Result<(), GateError>> {
///         self.requests.fetch_add(1, Ordering::Relaxed);
///         self.gate.ready(request, within)
///     }
///
///     fn pause<'a>(&'a self, request: LimitedRequest<'a>, duration: Duration) -> GateFuture<'a, ()> {
///         self.gate.pause(request, duration)
///     }
/// }
///
/// let gate = Arc::new(Counting::default());
/// let client = Client::builder()
///     .credentials(emulator.credentials())
///     .base_url(emulator.url())
///     .request_gate(Arc::clone(&gate))
///     .build()?;
/// client.attempts().summary().send().await?;
/// assert_eq!(gate.requests.load(Ordering::Relaxed), 1);
/// # Ok(())
/// # }
/// ```
pub trait RequestGate: Send + Sync + 'static {
    /// Waits until the request may be sent, and counts it.
    ///
    /// `within` is what is left of the call's [`timeout`](crate::ClientBuilder::timeout). If the
    /// request may only be sent later, the gate says so at once, and does not count it. A call
    /// that is dropped drops the future.
    ///
    /// # Errors
    ///
    /// [`GateError::too_late`], or [`GateError::new`] if it can't be known whether the request may
    /// be sent. The request is not sent then.
    fn ready<'a>(
        &'a self,
        request: LimitedRequest<'a>,
        within: Duration,
    ) -> GateFuture<'a, Result<(), GateError>>;

    /// Called when Twilio rejected a request as one too many, with status 429: no request of this
    /// limit may be sent for that duration, by any client.
    fn pause<'a>(&'a self, request: LimitedRequest<'a>, duration: Duration) -> GateFuture<'a, ()>;
}

impl<G: RequestGate + ?Sized> RequestGate for Arc<G> {
    fn ready<'a>(
        &'a self,
        request: LimitedRequest<'a>,
        within: Duration,
    ) -> GateFuture<'a, Result<(), GateError>> {
        (**self).ready(request, within)
    }

    fn pause<'a>(&'a self, request: LimitedRequest<'a>, duration: Duration) -> GateFuture<'a, ()> {
        (**self).pause(request, duration)
    }
}

/// A request of an operation that has a limit. Those with the same server, account, name and
/// resource count together.
///
/// `Debug` doesn't show the resource.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LimitedRequest<'a> {
    pub(crate) server: &'a str,
    pub(crate) account: Option<&'a str>,
    pub(crate) name: &'a str,
    pub(crate) resource: Option<&'a str>,
    pub(crate) limit: RequestLimit,
}

impl<'a> LimitedRequest<'a> {
    /// The base URL of the server that counts.
    pub const fn server(&self) -> &'a str {
        self.server
    }

    /// The SID of the account or of its API key. `None` if the credentials of the client can
    /// change.
    pub const fn account(&self) -> Option<&'a str> {
        self.account
    }

    /// The name of the limit: `attempts-summary`, `attempts`, `safe-list` or `verification`, as
    /// Twilio documents them, or the `operationId` of an operation with a limit of the program's.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The path of the resource, where each resource has a limit of its own. It may hold a phone
    /// number: don't log it, and store it as a hash.
    pub const fn resource(&self) -> Option<&'a str> {
        self.resource
    }

    /// How many requests may be sent.
    pub const fn limit(&self) -> RequestLimit {
        self.limit
    }

    /// The same request with another limit: a gate that can't reach the others may use a part of
    /// the limit alone.
    #[must_use]
    pub const fn with_limit(mut self, limit: RequestLimit) -> Self {
        self.limit = limit;
        self
    }
}

impl fmt::Debug for LimitedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LimitedRequest")
            .field("server", &self.server)
            .field("account", &self.account)
            .field("name", &self.name)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Why a [`RequestGate`] does not let a request through.
#[derive(Debug)]
pub struct GateError(Option<Box<dyn StdError + Send + Sync>>);

impl GateError {
    /// The limit allows the request only after the timeout of the call.
    pub const fn too_late() -> Self {
        Self(None)
    }

    /// The gate failed.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Some(cause.into()))
    }

    /// Whether the limit allows the request only after the timeout of the call.
    pub const fn is_too_late(&self) -> bool {
        self.0.is_none()
    }

    /// The error of the call.
    pub(crate) fn into_error(self) -> Error {
        if self.is_too_late() {
            return Error::timeout(ErrorKind::NotSent, self.to_string());
        }
        Error::new(ErrorKind::NotSent, self.to_string()).with_source(self)
    }
}

impl fmt::Display for GateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            None => {
                "the request limit allows this request only after the timeout; see `request_limit` \
                 and `timeout`"
            }
            Some(_) => "the request gate failed, so that the request was not sent",
        })
    }
}

impl StdError for GateError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.as_deref().map(|cause| cause as _)
    }
}
