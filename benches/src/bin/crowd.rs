//! Starts and checks very many verifications at once.

#![allow(clippy::print_stdout, reason = "the result is printed")]

use std::process::ExitCode;

use benches::error::Error;
use benches::loads::crowd;
use clap::Parser;

/// Starts very many verifications of the emulator at once and checks two of three: none may be lost, and the
/// summary must be exact.
#[derive(Parser)]
struct Arguments {
    /// How many verifications are started.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    verifications: u64,
    /// How many are under way at once.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    in_flight: u16,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Error> {
    let arguments = Arguments::parse();
    let outcome = crowd::run(arguments.verifications, arguments.in_flight.into()).await?;
    println!("{outcome}");
    Ok(match outcome.verdict() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            println!("{fault}");
            ExitCode::FAILURE
        }
    })
}
