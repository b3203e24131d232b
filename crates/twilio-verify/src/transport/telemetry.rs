//! What is told of calls: spans and events, with the names of
//! `OpenTelemetry`'s conventions for HTTP clients, and metrics.
//!
//! A span an operation, within it one an attempt. URLs, bodies and headers
//! hold what is private, and are never told; the path's template is.

use std::time::Duration;

use tokio::time::Instant;
use tracing::Span;
use tracing::field::Empty;
use twilio_verify_api::Operation;
use url::Url;

use crate::error::{Error, ErrorKind};

/// The span of a call of an operation.
pub(crate) fn operation(operation: &'static Operation) -> Span {
    tracing::info_span!(
        "operation",
        otel.kind = "client",
        otel.name = operation.operation_id,
        url.template = operation.path,
    )
}

/// The span of one attempt to get an answer.
pub(crate) fn attempt(operation: &'static Operation, base_url: &Url, resend_count: u32) -> Span {
    tracing::info_span!(
        "attempt",
        otel.kind = "client",
        http.request.method = operation.method.as_str(),
        http.request.resend_count = resend_count,
        http.response.status_code = Empty,
        server.address = base_url.host_str(),
        server.port = base_url.port_or_known_default(),
        url.template = operation.path,
        error.type = Empty,
        twilio.code = Empty,
        twilio.request_id = Empty,
    )
}

/// What became of an attempt.
pub(crate) struct Outcome<'a> {
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) error: Option<&'a Error>,
    pub(crate) began: Instant,
}

impl Outcome<'_> {
    /// Tells it, on the attempt's span.
    pub(crate) fn tell(&self, span: &Span, operation: &'static Operation) {
        if let Some(status) = self.status {
            span.record("http.response.status_code", status);
        }
        if let Some(id) = self.request_id {
            span.record("twilio.request_id", id);
        }
        if let Some(error) = self.error {
            span.record("error.type", error_type(error));
            if let Some(code) = error.code() {
                span.record("twilio.code", code);
            }
        }
        tracing::debug!(
            parent: span,
            operation = operation.operation_id,
            elapsed_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            error = self.error.map(display),
            "answered"
        );
        #[cfg(feature = "metrics")]
        self.count(operation);
    }

    #[cfg(feature = "metrics")]
    fn count(&self, operation: &'static Operation) {
        let status = self
            .status
            .map_or_else(String::new, |status| status.to_string());
        let error = self.error.map_or("", error_type);
        let labels = [
            ("operation", operation.operation_id.to_owned()),
            ("status", status),
            ("error", error.to_owned()),
        ];
        metrics::counter!("twilio_verify_attempts_total", &labels).increment(1);
        metrics::histogram!("twilio_verify_attempt_duration_seconds", &labels)
            .record(self.began.elapsed().as_secs_f64());
    }
}

/// A wait: for the client's own limit, or before a request is sent again.
pub(crate) fn wait(why: &'static str, duration: Duration) {
    let wait_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(wait_ms, why, "waiting");
    #[cfg(feature = "metrics")]
    metrics::histogram!("twilio_verify_wait_seconds", "why" => why).record(duration.as_secs_f64());
}

/// A pause for all callers of an operation, as the server asks for one.
pub(crate) fn pause(duration: Duration) {
    let pause_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(pause_ms, "paused");
}

/// A few words of a fixed set.
fn error_type(error: &Error) -> &'static str {
    match error.kind() {
        _ if error.is_timeout() => "timeout",
        ErrorKind::Config => "config",
        ErrorKind::InvalidRequest => "invalid_request",
        ErrorKind::NotSent => "not_sent",
        ErrorKind::NoAnswer => "no_answer",
        ErrorKind::Refused => "refused",
        ErrorKind::Unreadable => "unreadable",
    }
}
