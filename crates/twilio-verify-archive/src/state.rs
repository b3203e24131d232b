//! What is known of an archive beside its attempts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use twilio_verify_insights::{Period, Proof};

use crate::numbers::numbers::NumbersMode;

/// What is known of an archive beside its attempts: up to when it is complete, and how that is
/// proven. In the file `_state.json`, written after the files that it is about.
///
/// An archive without it, or one that is deleted, is an archive about which nothing is proven.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct State {
    /// What is kept of numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<NumbersMode>,
    /// Up to when attempts are complete. `None`: nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watermark: Option<DateTime<Utc>>,
    /// The periods that were read, the oldest first, each with what was listed beside what Twilio
    /// counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<WindowProof>,
    /// Periods that were not read before Twilio deleted them, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Period>,
    /// What this version doesn't know. It is kept.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Whether a period was read completely.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WindowProof {
    /// The period.
    pub period: Period,
    /// When it was read last.
    pub read: DateTime<Utc>,
    /// What was listed (the parts), beside what Twilio counts.
    pub proof: Proof,
}

impl WindowProof {
    /// The proof of a period.
    pub const fn new(period: Period, read: DateTime<Utc>, proof: Proof) -> Self {
        Self { period, read, proof }
    }
}
