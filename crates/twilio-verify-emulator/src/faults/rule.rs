//! Checked faults, and how they match requests.

use std::time::Duration;

use http::StatusCode;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, LogNormal};

use crate::contract::operations::operations;
use crate::faults::error::FaultError;
use crate::faults::fault::EVERY_OPERATION;
use crate::faults::fault::{Fault, FaultBody};
use crate::faults::values::{EffectKind, Requests, Span};

/// The conditions of a fault, and its effect.
pub(crate) struct Rule {
    /// The operation, or `None` for all operations.
    operation: Option<String>,
    requests: Requests,
    every: u64,
    probability: f64,
    pub(crate) after: bool,
    pub(crate) act: Act,
}

/// The effect of a fault.
#[derive(Clone)]
pub(crate) enum Act {
    Latency(Latency),
    Error(InjectedError),
    Reset,
    Close,
    ResetMidway,
    Truncate,
    Slow(Duration),
}

/// An error in place of the response.
#[derive(Clone)]
pub(crate) struct InjectedError {
    pub(crate) status: StatusCode,
    pub(crate) code: u32,
    pub(crate) body: FaultBody,
    pub(crate) retry_after: Option<u64>,
}

#[derive(Clone)]
pub(crate) enum Latency {
    Between(Span),
    /// The distribution is in seconds.
    LogNormal(LogNormal<f64>),
}

impl Latency {
    pub(crate) fn draw(&self, draw: &mut ChaCha8Rng) -> Duration {
        match self {
            Self::Between(span) => draw.random_range(span.least..=span.most),
            Self::LogNormal(seconds) => {
                let drawn = Duration::try_from_secs_f64(seconds.sample(draw));
                drawn.unwrap_or(LONGEST).min(LONGEST)
            }
        }
    }
}

/// The longest latency.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The 99th percentile of the standard normal distribution.
const P99: f64 = 2.326_347_874_040_841;

impl Rule {
    pub(crate) fn matches(&self, operation: &str) -> bool {
        self.operation.as_deref().is_none_or(|own| own == operation)
    }

    /// Whether the fault hits the request with this number, from 1.
    pub(crate) fn hits(&self, number: u64, draw: &mut ChaCha8Rng) -> bool {
        let Requests { first, last } = self.requests;
        number >= first
            && last.is_none_or(|last| number <= last)
            && (number - first + 1).is_multiple_of(self.every)
            && draw.random_bool(self.probability)
    }
}

impl Fault {
    /// Checks the fault, and converts it to a rule.
    pub(crate) fn rule(&self) -> Result<Rule, FaultError> {
        let error = |part, problem: &str| Err(FaultError::new(part, problem));
        let operation = match self.operation.as_str() {
            EVERY_OPERATION => None,
            id => Some(known(id)?),
        };
        let probability = self.probability.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&probability) {
            return error("probability", "expected 0 to 1, such as 0.1 for one in ten");
        }
        let requests = self.on.unwrap_or(Requests::of(..));
        if !requests.is_sound() {
            return error("on", "expected a range of requests, the first being 1");
        }
        let every = self.every.unwrap_or(1);
        if every == 0 {
            return error("every", "expected at least 1, such as 3 for every third");
        }
        let is_error = matches!(self.effect, EffectKind::Status(_));
        for (part, given) in [
            ("retry_after", self.retry_after.is_some()),
            ("body", self.body.is_some()),
            ("code", self.code.is_some()),
        ] {
            if given && !is_error {
                return error(
                    part,
                    "only valid for an error: leave it out, or use a status as the effect",
                );
            }
        }
        if matches!(self.body, Some(FaultBody::Html | FaultBody::Empty)) && self.code.is_some() {
            return error("code", "only Twilio's body has a code: leave one out");
        }
        if self.p99.is_some() && self.effect != EffectKind::Latency {
            return error("p99", "only valid for a latency: leave it out");
        }
        Ok(Rule { operation, requests, every, probability, after: self.after, act: self.act()? })
    }

    fn act(&self) -> Result<Act, FaultError> {
        let error = |part, problem: &str| Err(FaultError::new(part, problem));
        Ok(match (self.effect, self.duration) {
            (EffectKind::Latency | EffectKind::Slow, None) => {
                return error("duration", "expected a duration, such as latency=50ms");
            }
            (_, Some(span)) if !span.is_sound() => {
                return error("duration", "expected at most a day, and the shorter duration first");
            }
            (EffectKind::Latency, Some(median)) => Act::Latency(match self.p99 {
                None => Latency::Between(median),
                Some(p99) => Latency::LogNormal(log_normal(median, p99)?),
            }),
            (EffectKind::Slow, Some(Span { least, most })) => {
                if least != most {
                    return error("duration", "expected one duration, such as slow=2s");
                }
                Act::Slow(least)
            }
            (_, Some(_)) => {
                return error("duration", "only valid for `latency` and `slow`: leave it out");
            }
            (EffectKind::Status(status), None) => Act::Error(InjectedError {
                status: StatusCode::from_u16(status)
                    .ok()
                    .filter(|status| status.is_client_error() || status.is_server_error())
                    .ok_or_else(|| {
                        FaultError::new("effect", "expected a status from 400 to 599")
                    })?,
                code: self.code.unwrap_or(20_000 + u32::from(status)),
                body: self.body.unwrap_or_default(),
                retry_after: self.retry_after,
            }),
            (EffectKind::Reset, None) => Act::Reset,
            (EffectKind::Close, None) => Act::Close,
            (EffectKind::ResetMidway, None) => Act::ResetMidway,
            (EffectKind::Truncate, None) => Act::Truncate,
        })
    }
}

fn log_normal(median: Span, p99: Span) -> Result<LogNormal<f64>, FaultError> {
    let sound = median.least == median.most
        && p99.least == p99.most
        && !median.least.is_zero()
        && median.least <= p99.least;
    let (median, p99) = (median.least.as_secs_f64(), p99.least.as_secs_f64());
    let deviation = (p99 / median).ln() / P99;
    Some(LogNormal::new(median.ln(), deviation))
        .filter(|_| sound)
        .and_then(Result::ok)
        .ok_or_else(|| {
            FaultError::new(
                "p99",
                "expected one duration, not shorter than the median, which must be one duration of more than 0, \
                 such as latency=80ms,p99=900ms",
            )
        })
}

/// Finds an operation of the API.
fn known(id: &str) -> Result<String, FaultError> {
    let operations = operations();
    if let Some(operation) = operations.iter().find(|operation| operation.id == id) {
        return Ok(operation.id.clone());
    }
    let near = operations.iter().find(|operation| operation.id.eq_ignore_ascii_case(id));
    let near = near.map_or("", |operation| operation.id.as_str());
    Err(FaultError::new(
        "operation",
        match near {
            "" => "unknown operation; expected an operationId of the API's document, such as \
                   CreateVerification, or * for all"
                .to_owned(),
            near => format!("unknown operation; the API has {near}"),
        },
    ))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_log_normal_latency_has_its_median_and_its_p99() {
        let (median, p99) = (Duration::from_millis(80), Duration::from_millis(900));
        let rule = Fault::latency_log_normal(median, p99).rule();
        let Ok(Rule { act: Act::Latency(latency), .. }) = rule else {
            panic!("no latency");
        };
        let mut draw = ChaCha8Rng::seed_from_u64(1);
        let mut drawn: Vec<_> = (0..100_000).map(|_| latency.draw(&mut draw)).collect();
        drawn.sort_unstable();
        let near = |drawn: Duration, said: Duration| {
            let ratio = drawn.as_secs_f64() / said.as_secs_f64();
            assert!((0.95..1.05).contains(&ratio), "{drawn:?} for {said:?}");
        };
        near(drawn[50_000], median);
        near(drawn[99_000], p99);
    }
}
