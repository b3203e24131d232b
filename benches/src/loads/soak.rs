//! Requests very many summaries from a server that sometimes fails. Each call must end in the right
//! response or in a typed error, and memory must stay flat.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use twilio_verify::{AttemptsSummary, Client, Credentials, DestinationPrefix, RetryPolicy};

use crate::account::{ACCOUNT, TOKEN};
use crate::error::Error;
use crate::figures::memory;
use crate::servers::faulty::{Fault, Faulty, converted};

/// The settings of a soak.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How many calls are made.
    pub calls: u64,
    /// No call begins after this time.
    pub time: Duration,
    /// How many calls are in flight at once.
    pub in_flight: u64,
    /// How many of a thousand requests fail.
    pub faults_per_mille: u32,
    /// The seed that decides which requests fail, and how.
    pub seed: u64,
    /// The timeout of one attempt, which ends a stall.
    pub attempt_timeout: Duration,
}

/// How often memory is sampled.
const SAMPLES: u64 = 200;
/// With fewer samples, growth is not reported.
const ENOUGH_SAMPLES: usize = 20;
/// The largest allowed ratio of memory in the last quarter to that in the second.
const GROWTH: f64 = 1.1;

/// The result of a soak.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Calls that returned the response to their own request.
    pub right: u64,
    /// Calls that returned any other response. This must be 0.
    pub wrong: u64,
    /// Calls that failed, by kind.
    pub errors: BTreeMap<String, u64>,
    /// Requests that the server received.
    pub requests: u64,
    /// How many requests met each fault.
    pub faults: BTreeMap<Fault, u64>,
    /// The total time.
    pub time: Duration,
    /// The resident bytes, at even steps of calls.
    pub resident: Vec<u64>,
}

impl Outcome {
    /// Returns how many calls have ended.
    pub fn ended(&self) -> u64 {
        self.right + self.wrong + self.errors.values().sum::<u64>()
    }

    /// Returns the ratio of the average memory in the last quarter to that in the second; `None`
    /// with too few samples.
    pub fn growth(&self) -> Option<f64> {
        let quarter = self.resident.len() / 4;
        if self.resident.len() < ENOUGH_SAMPLES {
            return None;
        }
        let sum = |samples: &[u64]| samples.iter().sum::<u64>();
        let second = sum(&self.resident[quarter..2 * quarter]);
        let last = sum(&self.resident[self.resident.len() - quarter..]);
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let growth = last as f64 / second as f64;
        Some(growth)
    }

    /// Checks that everything is right.
    ///
    /// # Errors
    ///
    /// Returns an error if a response was another call's, or memory grew.
    pub fn verdict(&self) -> Result<(), String> {
        if self.wrong > 0 {
            return Err(format!("{} responses were wrong", self.wrong));
        }
        match self.growth() {
            Some(growth) if growth > GROWTH => Err(format!(
                "memory grew: {growth:.2} times as much in the last quarter as in the second"
            )),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "calls      {:>9}  in {:.1?}", self.ended(), self.time)?;
        writeln!(f, "  right    {:>9}", self.right)?;
        writeln!(f, "  wrong    {:>9}", self.wrong)?;
        for (kind, count) in &self.errors {
            writeln!(f, "  error    {count:>9}  {kind}")?;
        }
        writeln!(f, "requests   {:>9}", self.requests)?;
        for (fault, count) in &self.faults {
            writeln!(f, "  fault    {count:>9}  {fault:?}")?;
        }
        match self.growth() {
            Some(growth) => write!(f, "memory     {growth:>9.3}  last quarter / second quarter"),
            None => write!(f, "memory          too few samples, or none on this system"),
        }
    }
}

/// The data that the callers share.
struct Soak {
    settings: Settings,
    client: Client,
    began: Instant,
    begun: AtomicU64,
    right: AtomicU64,
    wrong: AtomicU64,
    errors: Mutex<BTreeMap<String, u64>>,
    resident: Mutex<Vec<u64>>,
}

/// Runs a soak. `report` is called regularly with the count of calls and the resident bytes.
///
/// # Errors
///
/// Returns an error if the server can't be started. Failed calls are only counted.
pub async fn run(
    settings: Settings,
    report: impl Fn(u64, u64) + Clone + Send + Sync + 'static,
) -> Result<Outcome, Error> {
    let (server, url) = Faulty::start(settings.seed, settings.faults_per_mille)?;
    let retry = RetryPolicy::default()
        .min_delay(Duration::from_millis(1))
        .max_delay(Duration::from_millis(20))
        .seed(settings.seed);
    let client = Client::builder()
        .credentials(Credentials::auth_token(ACCOUNT, TOKEN))
        .base_url(url)
        .attempt_timeout(settings.attempt_timeout)
        .request_limit("FetchVerificationAttemptsSummary", None)
        .retry(retry)
        .build()?;
    let soak = Arc::new(Soak {
        settings,
        client,
        began: Instant::now(),
        begun: AtomicU64::new(0),
        right: AtomicU64::new(0),
        wrong: AtomicU64::new(0),
        errors: Mutex::default(),
        resident: Mutex::default(),
    });
    let callers: Vec<_> = (0..settings.in_flight)
        .map(|_| tokio::spawn(Arc::clone(&soak).call_on(report.clone())))
        .collect();
    for caller in callers {
        caller.await?;
    }
    let errors = soak.errors.lock().unwrap_or_else(PoisonError::into_inner);
    let resident = soak.resident.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Outcome {
        right: soak.right.load(Ordering::Relaxed),
        wrong: soak.wrong.load(Ordering::Relaxed),
        errors: errors.clone(),
        requests: server.requests(),
        faults: server.faults(),
        time: soak.began.elapsed(),
        resident: resident.clone(),
    })
}

impl Soak {
    /// Makes calls, one after the other, until there have been enough.
    async fn call_on(self: Arc<Self>, report: impl Fn(u64, u64)) {
        let Settings { calls, time, .. } = self.settings;
        let step = (calls / SAMPLES).max(1);
        while self.began.elapsed() < time {
            // From 1: a prefix doesn't begin with 0.
            let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
            if number > calls {
                break;
            }
            self.call(number).await;
            if number.is_multiple_of(step) {
                self.look_at_memory(number, step, &report);
            }
        }
    }

    async fn call(&self, number: u64) {
        let summary = self.client.attempts().summary();
        let result = match format!("+{number}").parse::<DestinationPrefix>() {
            Ok(prefix) => summary.destination_prefix(prefix).send().await,
            // Only a number with more digits than a prefix can have gets here.
            Err(_) => summary.send().await,
        };
        match result {
            Ok(summary) if is_right(&summary, number) => {
                self.right.fetch_add(1, Ordering::Relaxed);
            }
            Ok(_) => {
                self.wrong.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => {
                let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
                *errors.entry(kind(&error)).or_default() += 1;
            }
        }
    }

    fn look_at_memory(&self, number: u64, step: u64, report: &impl Fn(u64, u64)) {
        let Some(bytes) = memory::resident() else {
            return;
        };
        let mut resident = self.resident.lock().unwrap_or_else(PoisonError::into_inner);
        resident.push(bytes);
        if number.is_multiple_of(step * (SAMPLES / 20)) {
            report(number, bytes);
        }
    }
}

/// Whether a summary is the response to the request with this number, in every field.
fn is_right(summary: &AttemptsSummary, number: u64) -> bool {
    summary.total_attempts == number
        && summary.total_converted == converted(number)
        && summary.total_unconverted == number - converted(number)
        && summary.conversion_rate == Some(Decimal::new(333, 1))
        && summary.url.as_deref() == Some("https://verify.twilio.com/v2/Attempts/Summary")
}

/// Describes a failed call: kind, status, timeout, attempts.
fn kind(error: &twilio_verify::Error) -> String {
    let mut text = format!("{:?}", error.kind());
    if let Some(status) = error.status() {
        text.push_str(&format!(", status {status}"));
    }
    if error.is_timeout() {
        text.push_str(", timed out");
    }
    if error.attempts() == 1 {
        text.push_str(", sent once");
    } else {
        text.push_str(&format!(", sent {} times", error.attempts()));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Outcome, Settings, run};

    async fn soak(calls: u64, faults_per_mille: u32) -> Outcome {
        let settings = Settings {
            calls,
            time: Duration::from_secs(30),
            in_flight: 8,
            faults_per_mille,
            seed: 1,
            attempt_timeout: Duration::from_millis(300),
        };
        run(settings, |_, _| {}).await.unwrap()
    }

    #[tokio::test]
    async fn without_faults_all_is_right() {
        let outcome = soak(300, 0).await;
        assert_eq!((outcome.right, outcome.requests), (300, 300), "{outcome}");
    }

    #[tokio::test]
    async fn every_call_ends_right_or_in_a_typed_error() {
        let outcome = soak(600, 300).await;
        assert_eq!((outcome.ended(), outcome.wrong), (600, 0), "{outcome}");
        assert!(outcome.right > 300 && !outcome.errors.is_empty(), "{outcome}");
        assert!(outcome.requests > 600, "{outcome}");
    }

    #[test]
    fn memory_that_grows_is_seen() {
        let outcome = |resident| Outcome {
            right: 1,
            wrong: 0,
            errors: [].into(),
            requests: 1,
            faults: [].into(),
            time: Duration::ZERO,
            resident,
        };
        assert!(outcome((0..40).map(|_| 100).collect()).verdict().is_ok());
        assert!(outcome((0..40).map(|step| 100 + step).collect()).verdict().is_err());
        assert_eq!(outcome(vec![1, 9]).growth(), None);
    }
}
