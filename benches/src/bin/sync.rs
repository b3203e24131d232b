//! Times a sync of many attempts, compared with only listing them. The emulator is a separate
//! process, so that its memory isn't counted.

#![allow(clippy::print_stdout, reason = "the result goes to standard output")]

use std::process::Command;
use std::time::{Duration, Instant};

use benches::error::Error;
use benches::figures::memory;
use benches::servers::process::Server;
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Parser, Subcommand};
use twilio_verify::{Attempts, Client, Credentials};
use twilio_verify_archive::{Archive, Key, Numbers};
use twilio_verify_emulator::{Emulator, EmulatorBuilder, ManualClock, samples};

/// Times a sync of many attempts, beside listing them alone.
#[derive(Parser)]
struct Arguments {
    /// How many attempts there are.
    #[arg(default_value_t = 1_000_000)]
    attempts: usize,
    #[command(subcommand)]
    serve: Option<Serve>,
}

#[derive(Subcommand)]
enum Serve {
    /// Serves them until it is killed; prints the URL first.
    Serve {
        /// What counts as now.
        now: DateTime<Utc>,
    },
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let Arguments { attempts: n, serve } = Arguments::parse();
    if let Some(Serve::Serve { now }) = serve {
        let builder = Emulator::builder().clock(ManualClock::at(now)).attempts(samples(1, now, n));
        let emulator = builder.summary_limit(None).attempts_limit(None).start().await?;
        println!("{}", emulator.url());
        std::future::pending::<()>().await;
    }
    let now = "2026-03-31T12:30:00Z";
    let program = std::env::current_exe()?;
    let server = Server::start(Command::new(program).args([&n.to_string(), "serve", now]))?;
    let now: DateTime<Utc> = now.parse()?;
    let credentials = Credentials::auth_token(
        EmulatorBuilder::DEFAULT_ACCOUNT_SID,
        EmulatorBuilder::DEFAULT_AUTH_TOKEN,
    );
    let client = Client::builder()
        .base_url(&server.url)
        .credentials(credentials)
        .no_documented_limits()
        .build()?;
    let attempts = client.attempts();
    let folder = tempfile::tempdir()?;
    let archive = Archive::open(folder.path())?;
    let numbers = Numbers::Prefix(Key::from_bytes([7; 32])?);

    let started = Instant::now();
    let synced = archive.sync(&attempts).numbers(numbers.clone()).now(now).run().await?;
    let first = started.elapsed();
    let peak = memory::peak().unwrap_or_default() / 1_000_000;
    println!(
        "{} attempts, {} files, complete: {}",
        synced.added,
        synced.files,
        synced.is_complete()
    );
    println!("sync: {}, at most {peak} MB", seconds(first));

    let started = Instant::now();
    let later = now + TimeDelta::hours(1);
    let again = archive.sync(&attempts).numbers(numbers).now(later).run().await?;
    println!("an hour later: {}, {} listed", seconds(started.elapsed()), again.listed);

    let started = Instant::now();
    let listed = list(&attempts).await?;
    let list = started.elapsed();
    let ratio = first.as_secs_f64() / list.as_secs_f64();
    println!(
        "list alone: {}, {listed} attempts; the sync takes {ratio:.2} times as long",
        seconds(list)
    );
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// Lists all attempts, a page at a time.
async fn list(attempts: &Attempts) -> Result<usize, Error> {
    let mut pages = attempts.list().page_size(1000_u16).pages();
    let mut count = 0;
    while let Some(page) = pages.try_next().await? {
        count += page.items.len();
    }
    Ok(count)
}
