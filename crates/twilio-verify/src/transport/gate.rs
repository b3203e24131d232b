//! Decides when requests of limited operations are sent.

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
/// Twilio counts requests by account. The clients of one process share their limits through
/// [`InProcessGate`](crate::InProcessGate), the default. A program that runs as several processes
/// needs a gate that they share, such as that of the crate `twilio-verify-redis`, and sets it with
/// [`ClientBuilder::request_gate`](crate::ClientBuilder::request_gate).
///
/// Many tasks at once ask a gate, before each attempt to send a request of an operation with a
/// [`RequestLimit`]. Requests of operations without a limit don't reach it.
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
    /// `within` is the time left of the call's [`timeout`](crate::ClientBuilder::timeout). If the
    /// request may only be sent later, the gate returns an error at once, and does not count it.
    /// Dropping a call drops the future.
    ///
    /// # Errors
    ///
    /// [`GateError::too_late`] if the request may only be sent after `within`, or
    /// [`GateError::new`] if the gate can't decide. The request is then not sent.
    fn ready<'a>(
        &'a self,
        request: LimitedRequest<'a>,
        within: Duration,
    ) -> GateFuture<'a, Result<(), GateError>>;

    /// Called when Twilio rejected a request with status 429, because there were too many: no
    /// client may send a request of this limit for that duration.
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

/// A request of an operation that has a limit. Requests with the same server, account, name and
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
    /// Returns the base URL of the server that counts.
    pub const fn server(&self) -> &'a str {
        self.server
    }

    /// Returns the SID of the account or of its API key, or `None` if the credentials of the client
    /// can change.
    pub const fn account(&self) -> Option<&'a str> {
        self.account
    }

    /// Returns the name of the limit: `attempts-summary`, `attempts`, `safe-list` or `verification`
    /// for those that Twilio documents, or the `operationId` for a limit that the program set.
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Returns the path of the resource, if each resource has its own limit. It may hold a phone
    /// number: don't log it, and store it as a hash.
    pub const fn resource(&self) -> Option<&'a str> {
        self.resource
    }

    /// Returns how many requests may be sent.
    pub const fn limit(&self) -> RequestLimit {
        self.limit
    }

    /// Returns the same request with another limit. A gate that can't reach the other processes may
    /// use it to apply a part of the limit on its own.
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
    /// Creates the error of a request that the limit allows only after the timeout of the call.
    pub const fn too_late() -> Self {
        Self(None)
    }

    /// Creates the error of a gate that failed.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Some(cause.into()))
    }

    /// Whether the limit allows the request only after the timeout of the call.
    pub const fn is_too_late(&self) -> bool {
        self.0.is_none()
    }

    /// Converts it into the error of the call.
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
