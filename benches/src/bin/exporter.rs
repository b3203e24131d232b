//! Measures how long scrapes of `twilio-verify exporter` take, and whether its memory grows.

#![allow(clippy::print_stdout, reason = "the results are printed")]

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use benches::error::Error;
use benches::figures::times::Times;
use benches::loads::countries::Countries;
use benches::servers::canned;
use benches::servers::process::Server;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use clap::Parser;
use twilio_verify_emulator::{Clock, Emulator, ManualClock};

/// Scrapes an exporter that reads from an emulator: how long a scrape takes, and how many requests it
/// causes, which must be none, beside a server that has the response prepared. Then lets an hour of the emulator's time pass, a minute for each
/// renewal, and shows the exporter's memory.
#[derive(Parser)]
struct Arguments {
    /// The program, built with the feature `exporter`: by default the one beside this one
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// How many attempts the account has in 30 days
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    attempts: u64,
    /// How many scrapes are made
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    scrapes: u32,
    /// How many minutes of the emulator's time pass, each with a renewal
    #[arg(long, value_name = "N", default_value_t = 60)]
    minutes: u32,
}

/// Returns the current time of the made-up attempts.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 0, 0, 0).single().unwrap_or_default()
}

/// The emulator, its clock, and a client for scrapes.
struct Bench {
    emulator: Emulator,
    clock: ManualClock,
    http: reqwest::Client,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Error> {
    let arguments = Arguments::parse();
    let clock = ManualClock::at(now());
    // The last attempts are made while the clock moves.
    let end = now() + TimeDelta::minutes(arguments.minutes.into());
    let emulator = Emulator::builder()
        .clock(clock.clone())
        .attempts(Countries::new(end, 30, 0, arguments.attempts))
        .summary_limit(None)
        .attempts_limit(None)
        .start()
        .await?;
    let bench = Bench { emulator, clock, http: reqwest::Client::new() };
    let is_free = bench.scrapes(&arguments).await?;
    bench.memory(&arguments).await?;
    Ok(if is_free { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Bench {
    fn exporter(&self, arguments: &Arguments, every: &str) -> Result<Server, Error> {
        let (account, token) = (self.emulator.account_sid(), self.emulator.auth_token());
        let program = match &arguments.program {
            Some(program) => program.clone(),
            None => std::env::current_exe()?.with_file_name("twilio-verify"),
        };
        let mut command = Command::new(program);
        command.env_clear().env("TWILIO_ACCOUNT_SID", account).env("TWILIO_AUTH_TOKEN", token);
        command.args(["--base-url", self.emulator.url(), "exporter", "--emulator-clock"]);
        command.args(["--listen", "127.0.0.1:0", "--window", "1h,24h", "--every", every]);
        Server::start(&mut command)
    }

    async fn scrape(&self, exporter: &Server) -> Result<String, Error> {
        self.get(&format!("{}/metrics", exporter.url)).await
    }

    async fn get(&self, url: &str) -> Result<String, Error> {
        Ok(self.http.get(url).send().await?.error_for_status()?.text().await?)
    }

    /// Waits until a metric is at least `least`, and returns the scrape.
    async fn until(&self, exporter: &Server, metric: &str, least: f64) -> Result<String, Error> {
        loop {
            let text = self.scrape(exporter).await?;
            if value(&text, metric).is_some_and(|value| value >= least) {
                return Ok(text);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Returns the id of the last request that the emulator received.
    fn last(&self) -> Option<String> {
        self.emulator.requests().last().map(|request| request.id().to_owned())
    }

    /// Makes scrapes, and returns whether they caused no request.
    async fn scrapes(&self, arguments: &Arguments) -> Result<bool, Error> {
        let exporter = self.exporter(arguments, "24h")?;
        self.until(&exporter, "twilio_verify_up", 1.0).await?;
        // Waits until the exporter has read the usual values, which it does after the snapshot.
        let mut before = self.last();
        loop {
            tokio::time::sleep(Duration::from_secs(3)).await;
            let last = self.last();
            if std::mem::replace(&mut before, last.clone()) == last {
                break;
            }
        }
        let mut text = self.scrape(&exporter).await?;
        let response = canned::response(text.as_bytes());
        let canned = canned::start(move |_| move |_: &str| Arc::clone(&response))?;
        let (mut scrapes, mut others) = (Vec::new(), Vec::new());
        for _ in 0..arguments.scrapes {
            let start = Instant::now();
            text = self.scrape(&exporter).await?;
            let scraped = Instant::now();
            self.get(&canned).await?;
            scrapes.push(scraped - start);
            others.push(scraped.elapsed());
        }
        let is_free = self.last() == before;
        let series = text.lines().filter(|line| !line.starts_with('#')).count();
        println!("| {} of each | a second | median, ms | 99th centile | longest |", scrapes.len());
        println!("|---|---|---|---|---|");
        for (name, times) in [("scrapes", scrapes), ("the same bytes, prepared", others)] {
            let elapsed = times.iter().sum();
            println!("| {name} | {} |", Times::new(times, elapsed));
        }
        println!();
        let (bytes, requests) = (text.len(), if is_free { "none" } else { "some" });
        println!("{series} samples, {bytes} bytes; requests to the emulator meanwhile: {requests}");
        println!();
        Ok(is_free)
    }

    /// Lets time pass, and prints the exporter's memory.
    async fn memory(&self, arguments: &Arguments) -> Result<(), Error> {
        let exporter = self.exporter(arguments, "1s")?;
        println!("| minutes | renewals | resident, MiB | most, MiB |");
        println!("|---|---|---|---|");
        let end = "twilio_verify_window_end_timestamp_seconds{window=\"1h\"}";
        for minute in 0..=arguments.minutes {
            let settled = self.clock.now() - TimeDelta::minutes(11);
            let text = self.until(&exporter, end, settled.timestamp() as f64).await?;
            let done = value(&text, "twilio_verify_renewals_total").unwrap_or_default();
            if minute % 10 == 0 || minute == arguments.minutes {
                let (resident, most) = exporter.memory().ok_or("there is no /proc")?;
                let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
                println!(
                    "| {minute} | {done:.0} | {:.1} | {:.1} |",
                    mebibytes(resident),
                    mebibytes(most)
                );
            }
            self.clock.advance(TimeDelta::minutes(1));
        }
        Ok(())
    }
}

/// Returns the value of a series.
fn value(text: &str, metric: &str) -> Option<f64> {
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(name, _)| *name == metric)?.1.parse().ok()
}
