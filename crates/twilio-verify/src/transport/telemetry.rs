//! Spans, events and metrics, named as in OpenTelemetry's conventions for HTTP clients: a span for
//! each call, and within it one for each attempt.
//!
//! URLs, bodies and headers hold private data and are never recorded. The template of the path is.

use std::time::Duration;

use http::Method;
use tokio::time::Instant;
use tracing::Span;
use tracing::field::Empty;
use url::Url;

use super::target::Target;
use crate::error::Error;

/// Creates the span of a call.
pub(crate) fn call(target: Target) -> Span {
    tracing::info_span!(
        "operation",
        otel.kind = "client",
        otel.name = target.name(),
        url.template = target.template(),
    )
}

/// Creates the span of an attempt to get a response.
pub(crate) fn attempt(target: Target, method: &Method, base_url: &Url, resend_count: u32) -> Span {
    tracing::info_span!(
        "attempt",
        otel.kind = "client",
        http.request.method = method.as_str(),
        http.request.resend_count = resend_count,
        http.response.status_code = Empty,
        server.address = base_url.host_str(),
        server.port = base_url.port_or_known_default(),
        url.template = target.template(),
        error.type = Empty,
        twilio.code = Empty,
        twilio.request_id = Empty,
    )
}

/// Records the outcome of an attempt in its span, as an event and in metrics.
pub(crate) fn outcome(
    span: &Span,
    target: Target,
    began: Instant,
    status: Option<u16>,
    request_id: Option<&str>,
    error: Option<&Error>,
) {
    if let Some(status) = status {
        span.record("http.response.status_code", status);
    }
    if let Some(id) = request_id {
        span.record("twilio.request_id", id);
    }
    if let Some(error) = error {
        span.record("error.type", error_type(error));
        if let Some(code) = error.code() {
            span.record("twilio.code", code);
        }
    }
    tracing::debug!(
        parent: span,
        operation = target.name(),
        elapsed_ms = millis(began.elapsed()),
        error = error.map(tracing::field::display),
        "answered"
    );
    #[cfg(feature = "metrics")]
    {
        let status = status.map_or_else(String::new, |status| status.to_string());
        let labels = [
            ("operation", target.name().to_owned()),
            ("status", status),
            ("error", error.map_or("", error_type).to_owned()),
        ];
        metrics::counter!("twilio_verify_attempts_total", &labels).increment(1);
        metrics::histogram!("twilio_verify_attempt_duration_seconds", &labels)
            .record(began.elapsed().as_secs_f64());
    }
}

/// Reports a field of a response that can't be understood. Its value may be private, and isn't
/// shown.
pub(crate) fn unread(target: Target, field: &str) {
    tracing::warn!(
        operation = target.name(),
        field,
        "a field of the response can't be understood; it is absent, and kept in `unread`"
    );
}

/// Reports a wait: for the client's own limit, or before a request is sent again.
pub(crate) fn wait(why: &'static str, duration: Duration) {
    tracing::debug!(wait_ms = millis(duration), why, "waiting");
    #[cfg(feature = "metrics")]
    metrics::histogram!("twilio_verify_wait_seconds", "why" => why).record(duration.as_secs_f64());
}

/// Reports a pause of an operation for all callers, requested by the server.
pub(crate) fn pause(duration: Duration) {
    tracing::debug!(pause_ms = millis(duration), "paused");
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the type of an error, out of a fixed set.
fn error_type(error: &Error) -> &'static str {
    if error.is_timeout() { "timeout" } else { error.kind().as_str() }
}
