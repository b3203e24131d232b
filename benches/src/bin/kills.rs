//! Kills `attempts sync` with SIGKILL at random points, runs it again to its end, and compares the
//! archive with the emulator. The program is the one beside this one: build it with
//! `cargo build --release -p twilio-verify-cli --features archive`.

#![allow(clippy::print_stdout, reason = "the result goes to standard output")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use benches::error::Error;
use chrono::{TimeDelta, Utc};
use clap::Parser;
use twilio_verify_archive::Archive;
use twilio_verify_emulator::{Attempt, AttemptSid, Channel, Emulator, ServiceSid, VerificationSid};

/// The approximate number of requests of a sync.
const REQUESTS: usize = 60;

/// Kills `attempts sync` at random points.
#[derive(Parser)]
struct Arguments {
    /// How many points.
    #[arg(default_value_t = 200)]
    points: u32,
    /// How many attempts the account has.
    #[arg(default_value_t = 20_000)]
    attempts: u128,
    /// The seed of the points.
    #[arg(default_value_t = 1)]
    seed: u64,
}

/// When the program is killed.
#[derive(Clone, Copy, Debug)]
enum Point {
    /// After this time.
    Time(Duration),
    /// After this many requests.
    Requests(usize),
    /// When a file is being written, after this many requests.
    Writing(usize),
}

/// The totals of all points.
#[derive(Default)]
struct Totals {
    killed: u32,
    while_writing: u32,
    ended_before: u32,
    missing: usize,
    twice: usize,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let Arguments { points, attempts, seed } = Arguments::parse();
    let program = std::env::current_exe()?.with_file_name("twilio-verify");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut totals = Totals::default();
    for index in 0..points {
        let point = match index % 3 {
            0 => Point::Time(Duration::from_micros(random.u64(..600_000))),
            1 => Point::Requests(random.usize(..REQUESTS)),
            _ => Point::Writing(random.usize(..REQUESTS)),
        };
        kill(&program, point, attempts, random.u32(1..=3), &mut totals).await?;
    }
    let Totals { killed, while_writing, ended_before, missing, twice } = totals;
    println!(
        "{points} points: {killed} kills, {while_writing} of them while a file was written; \
         {ended_before} syncs ended before; {missing} missing, {twice} twice"
    );
    if missing + twice > 0 { Err("attempts are missing or there twice".into()) } else { Ok(()) }
}

/// Kills a sync of a new archive up to `times` times, and then lets it end.
async fn kill(
    program: &Path,
    point: Point,
    count: u128,
    times: u32,
    totals: &mut Totals,
) -> Result<(), Error> {
    let attempts = attempts(count);
    let builder = Emulator::builder().attempts(attempts.clone());
    let emulator = builder.summary_limit(None).attempts_limit(None).start().await?;
    let folder = tempfile::tempdir()?;
    let archive = folder.path().join("archive");
    let command = || {
        let mut command = Command::new(program);
        command
            .env("TWILIO_ACCOUNT_SID", emulator.account_sid())
            .env("TWILIO_AUTH_TOKEN", emulator.auth_token())
            .args(["--base-url", emulator.url(), "attempts", "sync", "--numbers", "none"])
            .arg(&archive)
            .stdout(Stdio::null());
        command
    };
    for _ in 0..times {
        let before = emulator.requests().len();
        let started = Instant::now();
        let mut child = command().spawn()?;
        loop {
            if child.try_wait()?.is_some() {
                totals.ended_before += 1;
                break;
            }
            let sent = emulator.requests().len() - before;
            let is_writing = || temporary(&archive).is_some();
            let reached = match point {
                Point::Time(time) => started.elapsed() >= time,
                Point::Requests(requests) => sent >= requests,
                Point::Writing(requests) => sent >= requests && is_writing(),
            };
            if reached {
                totals.while_writing += u32::from(is_writing());
                child.kill()?;
                child.wait()?;
                totals.killed += 1;
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    let status = tokio::task::spawn_blocking({
        let mut command = command();
        move || command.status()
    });
    let status = status.await??;
    if !status.success() {
        return Err(format!("{point:?}: the last sync ended with {status}").into());
    }
    let mut sids = Vec::new();
    let archive = Archive::open(&archive)?;
    for day in archive.days().await? {
        sids.extend(archive.rows(day).await?.iter().map(|row| row.sid.to_string()));
    }
    sids.sort_unstable();
    let found = sids.len();
    sids.dedup();
    totals.twice += found - sids.len();
    let is_missing = |one: &&Attempt| sids.binary_search(&one.sid.to_string()).is_err();
    totals.missing += attempts.iter().filter(is_missing).count();
    Ok(())
}

/// Returns attempts of the last days, the newest some minutes ago.
fn attempts(count: u128) -> Vec<Attempt> {
    let newest = Utc::now() - TimeDelta::minutes(5);
    let attempt = |number: u128| {
        let age = TimeDelta::seconds(i64::try_from(number * 50).unwrap_or_default());
        Attempt::new(
            AttemptSid::from_u128(number),
            ServiceSid::from_u128(1),
            VerificationSid::from_u128(number),
            Channel::Sms,
            newest - age,
        )
    };
    (1..=count).map(attempt).collect()
}

/// Returns a file that is being written.
fn temporary(archive: &Path) -> Option<PathBuf> {
    let entries = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.filter_map(Result::ok).map(|entry| entry.path()).collect::<Vec<_>>()
    };
    let mut files = entries(archive);
    let days: Vec<PathBuf> = files.iter().filter(|path| path.is_dir()).cloned().collect();
    files.extend(days.iter().flat_map(|day| entries(day)));
    files.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "tmp"))
}
