//! The responses of a running emulator.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;

/// A code that was sent.
#[derive(JsonSchema, Serialize)]
pub(super) struct SentCode {
    /// The destination.
    pub(super) to: String,
    /// The code.
    pub(super) code: String,
    /// What carried it.
    pub(super) channel: String,
    /// When it was sent, by the emulator's clock.
    pub(super) sent_at: String,
    /// The verification that it belongs to.
    pub(super) verification_sid: String,
    /// The service that sent it.
    pub(super) service_sid: String,
}

impl Resource for SentCode {
    const PLURAL: &'static str = "codes";
    const COLUMNS: &'static [Column] = &[
        Column::new("TO", "to"),
        Column::new("CODE", "code"),
        Column::new("CHANNEL", "channel"),
        Column::new("SENT (UTC)", "sent_at").kind(Kind::Date),
        Column::new("VERIFICATION", "verification_sid").spare(1),
    ];
}

/// A message that was sent.
#[derive(JsonSchema, Serialize)]
pub(super) struct SentMessage {
    /// Its number, from 1.
    pub(super) number: u64,
    /// The destination.
    pub(super) to: String,
    /// What carried it.
    pub(super) channel: String,
    /// The code.
    pub(super) code: String,
    /// The text, including the code.
    pub(super) text: String,
    /// The language.
    pub(super) locale: String,
    /// The verification that the code belongs to.
    pub(super) verification_sid: String,
    /// The service that sent it.
    pub(super) service_sid: String,
    /// The attempt that records it.
    pub(super) attempt_sid: String,
    /// When it was sent, by the emulator's clock.
    pub(super) sent_at: String,
}

impl Resource for SentMessage {
    const PLURAL: &'static str = "messages";
    const COLUMNS: &'static [Column] = &[
        Column::new("SENT (UTC)", "sent_at").kind(Kind::Date),
        Column::new("CHANNEL", "channel"),
        Column::new("TO", "to"),
        Column::new("TEXT", "text"),
        Column::new("VERIFICATION", "verification_sid").spare(1),
    ];
}

/// A fault of the emulator, and its counts.
#[derive(JsonSchema, Serialize)]
pub(super) struct ActiveFault {
    /// Its number, from 1.
    pub(super) id: u64,
    /// The operation, or `*`.
    pub(super) operation: String,
    /// What it does: a status, or a word such as `reset`.
    pub(super) effect: Value,
    /// How long a delay is.
    pub(super) duration: Option<String>,
    /// The 99th percentile of a delay.
    pub(super) p99: Option<String>,
    /// The probability.
    pub(super) probability: Option<f64>,
    /// The numbers of the requests that it hits.
    pub(super) on: Option<Value>,
    /// Every which request it hits.
    pub(super) every: Option<u64>,
    /// Whether the request is processed before.
    pub(super) after: bool,
    /// The `Retry-After` header, in seconds.
    pub(super) retry_after: Option<u64>,
    /// The body of an error.
    pub(super) body: Option<String>,
    /// The code in an error's body.
    pub(super) code: Option<u32>,
    /// How many requests it has matched.
    pub(super) requests: u64,
    /// How many of them it has hit.
    pub(super) hits: u64,
}

impl Resource for ActiveFault {
    const PLURAL: &'static str = "faults";
    const COLUMNS: &'static [Column] = &[
        Column::new("ID", "id"),
        Column::new("OPERATION", "operation"),
        Column::new("EFFECT", "effect"),
        Column::new("DURATION", "duration"),
        Column::new("PROBABILITY", "probability"),
        Column::new("ON", "on"),
        Column::new("REQUESTS", "requests"),
        Column::new("HITS", "hits"),
    ];
}

/// The time of the emulator.
#[derive(JsonSchema, Serialize)]
pub(super) struct Clock {
    /// The time.
    pub(super) now: String,
}

impl Resource for Clock {
    const PLURAL: &'static str = "clocks";
    const COLUMNS: &'static [Column] = &[Column::new("NOW (UTC)", "now").kind(Kind::Date)];
}

/// What was done.
#[derive(JsonSchema, Serialize)]
pub(super) struct Done {
    /// What was done: `reset`, `cleared` or `removed`.
    pub(super) done: &'static str,
}

impl Resource for Done {
    const PLURAL: &'static str = "done";
    const COLUMNS: &'static [Column] = &[Column::new("DONE", "done")];
}
