//! Descriptions of faults.

use std::ops::{RangeBounds, RangeInclusive};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::faults::values::{EffectKind, Requests, Span};

/// A fault: what goes wrong, when, and for which operation.
///
/// By default a fault hits every request of every operation. A request that gets an error instead of its response is
/// not processed. [`Self::after_processing`] changes that: a code is sent, or a resource created or deleted, without
/// the caller's knowledge.
///
/// ```
/// use std::time::Duration;
/// use twilio_verify_emulator::{Emulator, Fault, FaultBody};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let emulator = Emulator::builder()
///     .fault(Fault::latency_between(Duration::from_millis(1)..=Duration::from_millis(3)))
///     .fault(Fault::status(429).operation("FetchVerificationAttemptsSummary").on(1..=2).retry_after(1))
///     .start()
///     .await?;
/// let id = emulator.faults().add("*:503=0.1,body=html,after".parse()?)?;
/// assert_eq!(
///     emulator.faults().list()[2].fault,
///     Fault::status(503).probability(0.1).body(FaultBody::Html).after_processing(),
/// );
/// emulator.faults().remove(id);
/// # Ok(())
/// # }
/// ```
///
/// # As text
///
/// A fault has a text form, which [`str::parse`] reads and `Display` writes; [`Fault::parse_all`] reads several,
/// separated by `;` or line breaks. A `#` begins a comment, up to the end of the line.
///
/// ```text
/// fault  = operation ":" effect { "," option }
/// effect = status [ "=" probability ]       400 to 599: an error in place of the response
///        | "reset" [ "=" probability ]      the connection is reset without a response
///        | "close" [ "=" probability ]      the connection is closed without a response
///        | "reset-midway" [ "=" probability ]   half of the response body, then a reset
///        | "truncate" [ "=" probability ]   half of the body that `Content-Length` announces, then the end
///        | "latency=" duration              a delay
///        | "latency=" duration ".." duration    evenly distributed between the two
///        | "slow=" duration                 the response body in small pieces, over this time
/// option = "p=" probability                 0 to 1; the same as after the effect
///        | "on=" n | "on=" n ".." m | "on=" n ".."  these of the requests, the first being 1
///        | "every=" n                       every n-th of them
///        | "after"                          after the request was processed
///        | "retry-after=" seconds           a header of the error
///        | "body=" ( "twilio" | "html" | "empty" )  the error's body
///        | "code=" code                     Twilio's code of the error, in place of 20000 + status
///        | "p99=" duration                  of a latency: the first duration is the median of a log-normal
///                                           distribution, and 99 of 100 are at most this one
/// ```
///
/// An operation is named by its `operationId` in the API's document, such as `CreateVerification`; `*` is all
/// operations. A script is a list of faults, one for each request: `CreateVerification:503,on=1;
/// CreateVerification:reset,on=2; CreateVerification:429,on=4`.
///
/// # As JSON
///
/// `{"operation": "*", "effect": "latency", "duration": "80ms", "p99": "900ms"}`, or `{"effect": 429, "probability":
/// 0.1, "retry_after": 2, "on": "1..3"}`: the fields `operation`, `effect`, `duration`, `p99`, `probability`, `on`,
/// `every`, `after`, `retry_after`, `body` and `code`, which mean the same as the options. All except `effect` are
/// optional.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a fault hits nothing until an emulator has it"]
pub struct Fault {
    #[serde(default = "every_operation")]
    pub(crate) operation: String,
    pub(crate) effect: EffectKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) duration: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) p99: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) probability: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) on: Option<Requests>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) every: Option<u64>,
    #[serde(default)]
    pub(crate) after: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<FaultBody>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<u32>,
}

/// The body of an injected error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FaultBody {
    /// Twilio's, in JSON, with a code. The default.
    #[default]
    Twilio,
    /// An HTML page, like that of a proxy.
    Html,
    /// No body.
    Empty,
}

/// The operation name that matches all operations.
pub(crate) const EVERY_OPERATION: &str = "*";

fn every_operation() -> String {
    EVERY_OPERATION.into()
}

impl Fault {
    pub(crate) fn new(effect: EffectKind) -> Self {
        Self {
            operation: every_operation(),
            effect,
            duration: None,
            p99: None,
            probability: None,
            on: None,
            every: None,
            after: false,
            retry_after: None,
            body: None,
            code: None,
        }
    }

    /// Creates a fixed latency of at most a day.
    pub fn latency(duration: Duration) -> Self {
        Self::latency_between(duration..=duration)
    }

    /// Creates a latency that is evenly distributed between two durations of at most a day.
    pub fn latency_between(durations: RangeInclusive<Duration>) -> Self {
        Self { duration: Some(Span::between(durations)), ..Self::new(EffectKind::Latency) }
    }

    /// Creates a latency with a log-normal distribution, like that of real services: half of the latencies are at most
    /// the median, 99 of 100 at most `p99`, and all at most a day.
    pub fn latency_log_normal(median: Duration, p99: Duration) -> Self {
        Self { p99: Some(Span::of(p99)), ..Self::latency(median) }
    }

    /// Creates an error in place of the response, with a status from 400 to 599. By default it has Twilio's
    /// [body](Self::body), with the [code](Self::code) 20000 + the status, such as 20429 (documented by Twilio for 401,
    /// 403, 404, 429 and 500, or nearly, and assumed for the others).
    pub fn status(status: u16) -> Self {
        Self::new(EffectKind::Status(status))
    }

    /// Creates a reset of the connection (RST) without a response.
    pub fn reset() -> Self {
        Self::new(EffectKind::Reset)
    }

    /// Creates a close of the connection (FIN) without a response.
    pub fn close() -> Self {
        Self::new(EffectKind::Close)
    }

    /// Creates a reset after the head and half of the body of the response. The request is processed. A response
    /// without a body is not sent at all.
    pub fn reset_midway() -> Self {
        Self::new(EffectKind::ResetMidway)
    }

    /// Creates an end of the connection after the head of the response and half of the body that its `Content-Length`
    /// announces. The request is processed. A response without a body is not sent at all.
    pub fn truncate() -> Self {
        Self::new(EffectKind::Truncate)
    }

    /// Creates a slow response: the head is sent at once, and the body in up to 20 pieces over a duration of at most a
    /// day. The request is processed.
    pub fn slow(duration: Duration) -> Self {
        Self { duration: Some(Span::of(duration)), ..Self::new(EffectKind::Slow) }
    }

    /// Sets the operation to hit, by its `operationId` in the API's document. Default: all operations.
    pub fn operation(mut self, id: impl Into<String>) -> Self {
        self.operation = id.into();
        self
    }

    /// Sets the probability that a request is hit, 0 to 1, drawn from the emulator's seed. Default: 1.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Sets which of the matching requests the fault may hit, counted from 1 since it was added: `..=3` are the first
    /// three. Default: all.
    pub fn on(mut self, requests: impl RangeBounds<u64>) -> Self {
        self.on = Some(Requests::of(requests));
        self
    }

    /// Hits only every `n`th of these requests: 3 is the third, the sixth, and so on. Default: 1.
    pub fn every(mut self, n: u64) -> Self {
        self.every = Some(n);
        self
    }

    /// Processes a request before the fault hits it; a latency then delays the response. Faults that change the
    /// response always come after processing.
    pub fn after_processing(mut self) -> Self {
        self.after = true;
        self
    }

    /// Sets the seconds of an error's `Retry-After` header. Default: no such header.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Sets the body of an error. Default: [`FaultBody::Twilio`].
    pub fn body(mut self, body: FaultBody) -> Self {
        self.body = Some(body);
        self
    }

    /// Sets Twilio's code of an error. Default: 20000 + its status.
    pub fn code(mut self, code: u32) -> Self {
        self.code = Some(code);
        self
    }
}
