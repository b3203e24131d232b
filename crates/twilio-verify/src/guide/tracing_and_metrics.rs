//! The names of all spans, events, fields and metrics.
//!
//! The names follow OpenTelemetry's conventions for HTTP clients where these define one. URLs,
//! bodies and headers hold private data and are never recorded; the template of the path is. The
//! names are part of the crate's interface: changing one is a breaking change.
//!
//! # Spans
//!
//! Spans are recorded with the crate `tracing`, at level `INFO`, with the target
//! `twilio_verify::transport::telemetry`.
//!
//! **`operation`**: a call, with all its attempts and waits.
//!
//! | field | value |
//! |---|---|
//! | `otel.kind` | `client` |
//! | `otel.name` | the `operationId`, such as `CreateVerification`; `raw` for a raw request to another path |
//! | `url.template` | the path, with `{Name}` for each parameter |
//!
//! **`attempt`**: one request, within `operation`.
//!
//! | field | value |
//! |---|---|
//! | `otel.kind` | `client` |
//! | `http.request.method` | the method |
//! | `http.request.resend_count` | 0 for the first attempt |
//! | `http.response.status_code` | the status, if there was a response |
//! | `server.address` | the host |
//! | `server.port` | the port |
//! | `url.template` | as above |
//! | `error.type` | if it failed: `timeout`, or the [kind](crate::ErrorKind::as_str) of the error |
//! | `twilio.code` | Twilio's error code, if there is one |
//! | `twilio.request_id` | Twilio's id of the request, for its support |
//!
//! # Events
//!
//! | message | level | fields | within |
//! |---|---|---|---|
//! | `answered` | `DEBUG` | `operation`, `elapsed_ms`, `error` | `attempt` |
//! | `waiting` | `DEBUG` | `wait_ms`, `why` | `operation` |
//! | `paused` | `DEBUG` | `pause_ms` | `operation` |
//! | `` a field of the response can't be understood; it is absent, and kept in `unread` `` | `WARN` | `operation`, `field` | |
//! | `the token was not renewed` | `DEBUG` | `error` | |
//!
//! `answered` ends an attempt, with or without a response. `waiting` comes before a wait for the
//! client's own limit or before a retry. `paused` reports a 429 that makes all callers of an
//! operation wait. Errors are written with `Display`, which shows nothing private.
//!
//! # Metrics
//!
//! The feature `metrics` records these with the crate `metrics`; the program installs a recorder.
//!
//! | metric | kind | labels |
//! |---|---|---|
//! | `twilio_verify_attempts_total` | counter | `operation`, `status`, `error` |
//! | `twilio_verify_attempt_duration_seconds` | histogram | `operation`, `status`, `error` |
//! | `twilio_verify_wait_seconds` | histogram | `why` |
//!
//! `operation` has the values of `otel.name`. `status` is the status, or empty. `error` has the
//! values of `error.type`, or is empty. The number of series is bounded: no label holds a value of
//! a request.
