//! Calls a server that sometimes fails, a million times.

#![allow(clippy::print_stdout, reason = "the result is printed")]

use std::process::ExitCode;
use std::time::Duration;

use benches::error::Error;
use benches::loads::soak::{self, Settings};
use clap::Parser;

/// Calls a server that fails now and then, very often: every call must end in
/// the right response or in a typed error, and memory must stay flat.
#[derive(Parser)]
struct Arguments {
    /// How many calls are made.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    calls: u64,
    /// No call begins after this many seconds.
    #[arg(long, default_value_t = 1800)]
    seconds: u64,
    /// How many calls are in flight at once.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..))]
    in_flight: u64,
    /// How many of a thousand requests fail.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(..=1000))]
    faults_per_mille: u32,
    /// Decides which requests fail, and how.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long one attempt may take, in milliseconds.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..))]
    attempt_timeout: u64,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Error> {
    let arguments = Arguments::parse();
    let settings = Settings {
        calls: arguments.calls,
        time: Duration::from_secs(arguments.seconds),
        in_flight: arguments.in_flight,
        faults_per_mille: arguments.faults_per_mille,
        seed: arguments.seed,
        attempt_timeout: Duration::from_millis(arguments.attempt_timeout),
    };
    let outcome = soak::run(settings, |calls, bytes| {
        println!("{calls:>9} calls  {:>7} KiB resident", bytes / 1024);
    })
    .await?;
    println!("{outcome}");
    Ok(match outcome.verdict() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            println!("{fault}");
            ExitCode::FAILURE
        }
    })
}
