//! A guide, in pages without code of their own.
//!
//! - [Errors and retries](errors_and_retries): what an error says, and when a request is sent again.
//! - [Testing](testing): canned responses, or the emulator.
//! - [Webhooks](webhooks): receiving the events of factors and challenges.
//! - [Tracing and metrics](tracing_and_metrics): the names of all spans, events, fields and metrics.

pub mod errors_and_retries;
pub mod testing;
pub mod tracing_and_metrics;
pub mod webhooks;
