//! Counts the requests that were sent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use twilio_verify::{
    ClientBuilder, GateError, GateFuture, InProcessGate, LimitedRequest, RequestGate, RequestLimit,
};

/// The list of services. It has no documented limit; the gate only sees requests that have one.
const SERVICES: &str = "ListService";

/// A limit that no program reaches.
const NO_LIMIT: Option<RequestLimit> = RequestLimit::per_minute(1_000_000);

/// The endpoints that are counted: the name of the limit and of the endpoint.
const ENDPOINTS: [(&str, &str); 3] =
    [("attempts-summary", "summary"), ("attempts", "attempts"), (SERVICES, "services")];

/// Keeps the limits of a client, and counts its requests on attempts and services, repeated ones
/// included.
#[derive(Debug, Default)]
pub(crate) struct CallCount {
    gate: InProcessGate,
    sent: [AtomicU64; ENDPOINTS.len()],
}

impl CallCount {
    /// Makes the client count its requests here.
    pub(super) fn set(self: std::sync::Arc<Self>, builder: ClientBuilder) -> ClientBuilder {
        builder.request_limit(SERVICES, NO_LIMIT).request_gate(self)
    }

    /// Returns the number of requests that were sent.
    pub(crate) fn total(&self) -> u64 {
        self.sent.iter().map(|sent| sent.load(Ordering::Relaxed)).sum()
    }

    /// Returns the name of each endpoint and the number of requests to it.
    pub(crate) fn by_endpoint(&self) -> [(&'static str, u64); ENDPOINTS.len()] {
        let mut counts = ENDPOINTS.map(|(_, name)| (name, 0));
        for ((_, count), sent) in counts.iter_mut().zip(&self.sent) {
            *count = sent.load(Ordering::Relaxed);
        }
        counts
    }
}

impl RequestGate for CallCount {
    fn ready<'a>(
        &'a self,
        request: LimitedRequest<'a>,
        within: Duration,
    ) -> GateFuture<'a, Result<(), GateError>> {
        Box::pin(async move {
            self.gate.ready(request, within).await?;
            let sent = ENDPOINTS.iter().zip(&self.sent);
            for (_, sent) in sent.filter(|((limit, _), _)| *limit == request.name()) {
                sent.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        })
    }

    fn pause<'a>(&'a self, request: LimitedRequest<'a>, duration: Duration) -> GateFuture<'a, ()> {
        self.gate.pause(request, duration)
    }
}
