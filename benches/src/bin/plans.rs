//! Counts the requests of breakdowns.

#![allow(clippy::print_stdout, reason = "the results go to standard output")]

use benches::error::Error;
use benches::loads::countries::Countries;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use clap::{Parser, ValueEnum};
use twilio_verify::Client;
use twilio_verify_emulator::{Emulator, ManualClock};
use twilio_verify_insights::{AttemptsExt, Breakdown, By, Period, Table, Verdict};

/// Breaks the attempts of 30 days down, and counts the requests: of the last 30 days, and of the 30 days
/// before them, which the list doesn't hold.
#[derive(Parser)]
struct Arguments {
    /// How many attempts there are, in turn.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000,10000000")]
    attempts: Vec<u64>,

    /// Which breakdowns are counted: each holds all attempts in memory, and those of 10,000,000 take long.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "pairs,days,prefixes")]
    only: Vec<Row>,
}

/// A breakdown that is counted.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Row {
    /// By country and channel
    Pairs,
    /// By country, channel and day
    Days,
    /// By prefixes of 6 digits that have a thousandth of the attempts, or 50
    Prefixes,
}

impl Row {
    /// Returns the dimensions, the name, and the fewest attempts of a cell.
    fn question(self, attempts: u64) -> (Vec<By>, String, u64) {
        let pairs = [By::Country, By::Channel];
        let least = (attempts / 1000).max(50);
        match self {
            Self::Pairs => (pairs.to_vec(), "country, channel".to_owned(), 1),
            Self::Days => {
                ([&pairs[..], &[By::Day]].concat(), "country, channel, day".to_owned(), 1)
            }
            Self::Prefixes => (vec![By::Prefix(6)], format!("prefix:6 of {least} and more"), least),
        }
    }
}

/// How many attempts the last day has if the period is an older one: they show the shares.
const NEWEST: u64 = 10_000;

/// Returns the current time of all made-up attempts.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 0, 0, 0).single().unwrap_or_default()
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let arguments = Arguments::parse();
    println!("| attempts | list all | by | every cell | summaries alone | breakdown |");
    println!("|---|---|---|---|---|---|");
    for attempts in arguments.attempts {
        let listed = Account::start(Countries::new(now(), 30, 0, attempts)).await?;
        let older = now() - TimeDelta::days(30);
        let newest = Countries::new(now(), 1, u128::from(attempts), NEWEST);
        let summarized =
            Account::start(Countries::new(older, 30, 0, attempts).chain(newest)).await?;
        let (last, before) =
            (Period::new(older, now())?, Period::new(older - TimeDelta::days(30), older)?);
        for row in &arguments.only {
            let (by, name, min_attempts) = row.question(attempts);
            let of = |account: &Account, period| {
                let request = account.client.attempts().breakdown().now(now()).period(period);
                request.by(by.iter().copied()).min_attempts(min_attempts)
            };
            let grid = of(&listed, last).plan().await?.grid;
            let grid = grid.map_or_else(|| "-".to_owned(), |grid| grid.0.to_string());
            let alone = summarized.count(of(&summarized, before), attempts).await?;
            let calls = listed.count(of(&listed, last), attempts).await?;
            let list = attempts.div_ceil(1000);
            println!("| {attempts} | {list} | {name} | {grid} | {alone} | {calls} |");
        }
    }
    Ok(())
}

struct Account {
    emulator: Emulator,
    client: Client,
}

impl Account {
    async fn start(
        attempts: impl Iterator<Item = twilio_verify_emulator::Attempt> + Send + 'static,
    ) -> Result<Self, Error> {
        let emulator = Emulator::builder()
            .clock(ManualClock::at(now()))
            .attempts(attempts)
            .summary_limit(None)
            .attempts_limit(None)
            .start()
            .await?;
        let client = Client::builder()
            .credentials(emulator.credentials())
            .base_url(emulator.url())
            .no_documented_limits()
            .build()?;
        Ok(Self { emulator, client })
    }

    /// Runs a breakdown and counts its requests. Checks the count against the emulator's log, which
    /// holds the last 1000, and that no attempt is missing.
    async fn count(&self, request: Breakdown, attempts: u64) -> Result<u64, Error> {
        let last = self.emulator.requests().last().map(|request| request.id().to_owned());
        let mut calls = 0;
        let table = request.run_with(|progress| calls = progress.calls).await?;
        check(&table, attempts)?;
        let requests = self.emulator.requests();
        let new = requests.iter().rev().take_while(|request| Some(request.id()) != last.as_deref());
        let logged = new.count() as u64;
        if calls < 1000 && logged != calls {
            return Err(format!("{calls} requests were counted, and {logged} received").into());
        }
        Ok(calls)
    }
}

/// Checks that nothing is missing.
fn check(table: &Table, attempts: u64) -> Result<(), Error> {
    let proof = table.proof().ok_or("a breakdown has a proof")?;
    if proof.verdict != Verdict::Exact || table.total().attempts != attempts {
        return Err(format!("{}, {} attempts", proof.verdict, table.total().attempts).into());
    }
    Ok(())
}
