//! Measures an archive of very many attempts: its size, and how fast it is broken down.

#![allow(clippy::print_stdout, reason = "the result is printed")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use benches::error::Error;
use benches::figures::memory;
use benches::loads::market::Market;
use chrono::{Days, NaiveDate};
use clap::Parser;
use twilio_verify_archive::{Archive, Key, Numbers, Row};
use twilio_verify_insights::By;

/// Writes an archive of very many attempts, if the folder has none, and breaks it down: each breakdown
/// in a process of its own, with its time and peak memory, beside DuckDB's on the same files if Python
/// has it.
#[derive(Parser)]
struct Arguments {
    /// How many attempts are written.
    #[arg(long, default_value_t = 10_000_000)]
    attempts: u64,
    /// Over how many days.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// Where the archive is.
    #[arg(long, default_value = "target/bench-archive")]
    folder: PathBuf,
    /// How many threads read.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// How often each breakdown runs; the fastest counts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// A Python with DuckDB, as `benches/archive/python` makes it.
    #[arg(long, default_value = "target/bench-python/bin/python")]
    python: PathBuf,
    /// Runs one breakdown, in this process.
    #[arg(long, value_delimiter = ',', hide = true)]
    by: Vec<By>,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let arguments = Arguments::parse();
    let archive = Archive::open(&arguments.folder)?;
    if !arguments.by.is_empty() {
        return measure(&archive, &arguments).await;
    }
    if archive.days().await?.is_empty() {
        write(&archive, &arguments).await?;
    }
    size(&archive, &arguments.folder).await?;
    for by in
        ["country,channel,day", "country,channel,day,prefix:3", "country,channel,day,prefix:6"]
    {
        println!("\nby {by}, {} threads", arguments.threads);
        println!("{:12} {:>10} {:>12} {:>12}", "", "cells", "seconds", "peak MB");
        for _ in 0..arguments.runs {
            let folder = arguments.folder.as_os_str();
            let threads = arguments.threads.to_string();
            let mut ours = Command::new(std::env::current_exe()?);
            run(ours.arg("--folder").arg(folder).args(["--threads", &threads, "--by", by]))?;
            if arguments.python.exists() {
                let mut other = Command::new(&arguments.python);
                run(other.arg("benches/archive/duck.py").arg(folder).args([&threads, by]))?;
            }
        }
    }
    if !arguments.python.exists() {
        println!(
            "\nno DuckDB: {} is not there; run benches/archive/python",
            arguments.python.display()
        );
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), Error> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed").into()) }
}

async fn write(archive: &Archive, arguments: &Arguments) -> Result<(), Error> {
    let start = Instant::now();
    let first = NaiveDate::from_ymd_opt(2026, 3, 1).ok_or("no such day")?;
    let numbers = Numbers::Prefix(Key::from_bytes(*b"a key of a benchmark, of 32 byte")?);
    let mut writer = archive.writer().await?;
    let days = u64::from(arguments.days);
    for day in 0..days {
        let count = arguments.attempts * (day + 1) / days - arguments.attempts * day / days;
        let date = first.checked_add_days(Days::new(day)).ok_or("no such day")?;
        let mut market = Market::new(day)?;
        let mut rows = Vec::with_capacity(usize::try_from(count)?);
        for _ in 0..count {
            rows.extend(Row::of(&market.attempt(date)?, &numbers));
        }
        writer.merge(date, rows).await?;
    }
    println!("written in {:.1} s, with making them up", start.elapsed().as_secs_f64());
    Ok(())
}

async fn size(archive: &Archive, folder: &Path) -> Result<(), Error> {
    let table = archive.breakdown().by([By::Day]).run().await?;
    let attempts = table.total().attempts;
    let mut bytes = 0;
    for day in archive.days().await? {
        bytes += folder.join(format!("date={day}/attempts.parquet")).metadata()?.len();
    }
    println!(
        "{attempts} attempts, {bytes} bytes, {:.1} an attempt",
        bytes as f64 / attempts as f64
    );
    Ok(())
}

async fn measure(archive: &Archive, arguments: &Arguments) -> Result<(), Error> {
    let start = Instant::now();
    let breakdown = archive.breakdown().by(arguments.by.iter().copied());
    let table = breakdown.threads(arguments.threads).run().await?;
    let seconds = start.elapsed().as_secs_f64();
    let peak = memory::peak().unwrap_or_default() as f64 / 1e6;
    println!("{:12} {:>10} {seconds:>12.3} {peak:>12.0}", "this", table.cells().len());
    Ok(())
}
