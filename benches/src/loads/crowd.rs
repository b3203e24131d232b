//! Starts and checks very many verifications of the emulator at once: none may be lost, and the summary
//! must be exact.

use std::collections::HashSet;
use std::fmt;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use twilio_verify::{Channel, Client, ServiceContext};
use twilio_verify_emulator::{Emulator, Outbox};

use crate::error::Error;
use crate::figures::memory;

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Verifications that were started, each once.
    pub started: u64,
    /// How many different SIDs the verifications have.
    pub distinct: u64,
    /// Checks that approved a verification.
    pub approved: u64,
    /// Total, converted and unconverted attempts of the summary.
    pub summary: (u64, u64, u64),
    /// How long all starts and checks took.
    pub time: Duration,
    /// How long each request took, sorted.
    pub latencies: Vec<Duration>,
    /// Resident bytes before and after, client included.
    pub resident: (u64, u64),
}

impl Outcome {
    /// Checks that nothing was lost.
    ///
    /// # Errors
    ///
    /// Returns a description of what was lost.
    pub fn verdict(&self) -> Result<(), String> {
        let expected = (self.started, self.approved, self.started - self.approved);
        if self.distinct != self.started {
            return Err(format!("{} verifications were lost", self.started - self.distinct));
        }
        if self.summary != expected {
            return Err(format!("the summary is {:?}, not {expected:?}", self.summary));
        }
        Ok(())
    }

    fn percentile(&self, percent: usize) -> Duration {
        let index = self.latencies.len() * percent / 100;
        self.latencies.get(index).copied().unwrap_or_default()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (total, converted, unconverted) = self.summary;
        let requests = self.latencies.len() as f64 / self.time.as_secs_f64();
        let (before, after) = self.resident;
        writeln!(f, "{} started, {} approved", self.started, self.approved)?;
        writeln!(f, "summary: {total} attempts, {converted} converted, {unconverted} not")?;
        writeln!(f, "{:.1?}, {requests:.0} requests/s", self.time)?;
        writeln!(
            f,
            "a request: median {:.2?}, p99 {:.2?}, longest {:.2?}",
            self.percentile(50),
            self.percentile(99),
            self.latencies.last().copied().unwrap_or_default(),
        )?;
        write!(f, "resident: {} KiB before, {} KiB after", before / 1024, after / 1024)
    }
}

/// Starts `count` verifications, `in_flight` at once, and checks two of three with the code that was sent.
///
/// # Errors
///
/// Returns an error if a request fails.
pub async fn run(count: u64, in_flight: usize) -> Result<Outcome, Error> {
    let emulator = Emulator::builder().summary_limit(None).attempts_limit(None).start().await?;
    let client =
        Client::builder().credentials(emulator.credentials()).base_url(emulator.url()).build()?;
    let service = client.services().create("Crowd").send().await?;
    let service = &client.service(service.sid.ok_or("a service without a SID")?);
    let outbox = emulator.outbox();
    let before = memory::resident().unwrap_or_default();
    let begun = Instant::now();
    let all: Vec<Verified> = stream::iter(0..count)
        .map(|number| verify(service, outbox, number))
        .buffer_unordered(in_flight)
        .try_collect()
        .await?;
    let time = begun.elapsed();
    let after = memory::resident().unwrap_or_default();
    let summary = client.attempts().summary().send().await?;
    let mut latencies: Vec<_> = all.iter().flat_map(|one| one.latencies.clone()).collect();
    latencies.sort_unstable();
    Ok(Outcome {
        started: count,
        distinct: all.iter().map(|one| &one.sid).collect::<HashSet<_>>().len() as u64,
        approved: all.iter().filter(|one| one.approved).count() as u64,
        summary: (summary.total_attempts, summary.total_converted, summary.total_unconverted),
        time,
        latencies,
        resident: (before, after),
    })
}

struct Verified {
    sid: String,
    approved: bool,
    latencies: Vec<Duration>,
}

async fn verify(service: &ServiceContext, outbox: &Outbox, number: u64) -> Result<Verified, Error> {
    let to = format!("+57300{number:07}");
    let verifications = service.verifications();
    let begun = Instant::now();
    let started = verifications.start(to.as_str(), Channel::Sms).send().await?;
    let mut latencies = vec![begun.elapsed()];
    let mut approved = false;
    if !number.is_multiple_of(3) {
        let code = outbox.code_for(&to).ok_or("a code that was sent is not in the outbox")?;
        let begun = Instant::now();
        let check = verifications.check(to.as_str(), code).send().await?;
        latencies.push(begun.elapsed());
        approved = check.valid == Some(true) && check.sid == started.sid;
    }
    Ok(Verified {
        sid: started.sid.ok_or("a verification without a SID")?.to_string(),
        approved,
        latencies,
    })
}
