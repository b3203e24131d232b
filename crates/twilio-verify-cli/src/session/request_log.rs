//! Logs the events of requests, one line each.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::log_line::{self, Fields};
use crate::output::log;
use crate::output::note::note;

/// The shortest wait that is shown without `-v`, in milliseconds.
const LONG_WAIT: u64 = 1000;

/// The time after which a late response is shown without `-v`.
const LONG_RESPONSE: Duration = Duration::from_secs(3);

/// A layer that logs the events of requests.
pub(super) struct Requests {
    /// Whether only long waits are shown.
    only_waits: bool,
    /// Why the last request failed, if it did.
    failed: Mutex<Option<String>>,
}

/// The state of an attempt to get a response.
struct Attempt {
    fields: Fields,
    /// The task that shows that the response is late.
    late: Option<AbortHandle>,
}

impl Attempt {
    /// Stops waiting for the response.
    fn end(&self) {
        if let Some(late) = &self.late {
            late.abort();
        }
    }
}

impl Requests {
    /// Creates a layer that logs all requests and all waits.
    pub(super) fn all() -> Self {
        Self { only_waits: false, failed: Mutex::default() }
    }

    /// Creates a layer that shows only long waits.
    pub(super) fn of_waits() -> Self {
        Self { only_waits: true, ..Self::all() }
    }

    /// Logs a request that has ended.
    fn ended(&self, attempt: &Fields, event: &Fields) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        *failed = log_line::failure(attempt, event);
        if !self.only_waits {
            log::line(&log_line::request(attempt, event));
        }
    }

    /// Logs a wait of the client.
    fn waits(&self, event: &Fields) {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let text = log_line::wait(event, failed.as_deref());
        match self.only_waits {
            false => log::line(&text),
            true if event.number("wait_ms") >= LONG_WAIT => note(&text),
            true => {}
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Requests {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|span| span.name() == "attempt") else {
            return;
        };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let late = self.only_waits.then(|| late(fields.text("server.address"))).flatten();
        span.extensions_mut().insert(Attempt { fields, late });
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(attempt) = span.extensions_mut().get_mut::<Attempt>()
        {
            record.record(&mut attempt.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        match fields.text("message") {
            Some("answered") => {
                if let Some(span) = context.event_span(event)
                    && let Some(attempt) = span.extensions().get::<Attempt>()
                {
                    // The span of the attempt lasts until the request is sent again.
                    attempt.end();
                    self.ended(&attempt.fields, &fields);
                }
            }
            Some("waiting") => self.waits(&fields),
            // Each caller's own wait is shown instead.
            Some("paused") => {}
            _ if self.only_waits => {}
            Some("request") => log::line(&log_line::received(&fields)),
            _ => log::line(&log_line::other(&fields)),
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id)
            && let Some(attempt) = span.extensions().get::<Attempt>()
        {
            attempt.end();
        }
    }
}

/// Starts a task that shows that a host's response is late, after [`LONG_RESPONSE`].
fn late(host: Option<&str>) -> Option<AbortHandle> {
    let host = host.unwrap_or("the server").to_owned();
    let task = Handle::try_current().ok()?.spawn(async move {
        tokio::time::sleep(LONG_RESPONSE).await;
        note(&format!("waiting for {host} to respond"));
    });
    Some(task.abort_handle())
}
