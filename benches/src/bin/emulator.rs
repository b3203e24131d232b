//! Measures the emulator's time and memory, also in comparison with another server.

#![allow(clippy::print_stdout, reason = "the results go to standard output")]

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use benches::clients::connection::Connection;
use benches::error::Error;
use benches::loads::requests::{get, post};
use benches::servers::process::Server;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use clap::{Args, Parser, Subcommand};
use twilio_verify_emulator::{
    Attempt, AttemptSid, Channel, ConversionStatus, Emulator, ServiceSid, VerificationSid, samples,
};

/// What the emulator costs: time and memory, also in comparison with another server.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Serves until it is ended; prints the URL first.
    Serve(Attempts),
    /// Summaries with all kinds of filters, on one connection and on 16.
    Summary {
        #[command(flatten)]
        attempts: Attempts,
        /// How long each is requested.
        #[arg(long, default_value_t = 3.0)]
        seconds: f64,
    },
    /// Pages of the list with filters for which many attempts are read.
    List {
        #[command(flatten)]
        attempts: Attempts,
        /// How long each is requested.
        #[arg(long, default_value_t = 3.0)]
        seconds: f64,
    },
    /// Memory of a serving process, before and after requests.
    Memory {
        #[command(flatten)]
        attempts: Attempts,
        /// The CLI; without it, this program serves.
        #[arg(long)]
        cli: Option<PathBuf>,
    },
    /// The time from the start of a process to its first response, and of an emulator in a running process.
    Start {
        /// The CLI; without it, this program serves.
        #[arg(long)]
        cli: Option<PathBuf>,
        /// How many times each is done.
        #[arg(long, default_value_t = 50)]
        times: usize,
    },
    /// Attempts put into a store, and changed in it.
    Load(Attempts),
    /// Verifications started with and without a data file, in turn, and the time to open that file.
    Keep {
        #[command(flatten)]
        attempts: Attempts,
        /// A folder on the disk to write to.
        #[arg(long, default_value = "target")]
        folder: PathBuf,
        /// How long each is measured.
        #[arg(long, default_value_t = 3.0)]
        seconds: f64,
    },
    /// Summaries of an emulator, and of Prism with the same document, in turn.
    Prism {
        /// The program `prism`.
        #[arg(long)]
        prism: PathBuf,
        /// The document that it serves.
        #[arg(long, default_value = "openapi/verify_v2.json")]
        document: PathBuf,
        /// How many attempts the emulator has.
        #[command(flatten)]
        attempts: Attempts,
        /// How long each is measured, each time.
        #[arg(long, default_value_t = 5.0)]
        seconds: f64,
        /// How many times both are measured.
        #[arg(long, default_value_t = 5)]
        pairs: usize,
    },
}

#[derive(Args, Clone, Copy)]
struct Attempts {
    /// How many attempts there are.
    #[arg(long, default_value_t = 100_000)]
    attempts: usize,
    /// How many services they are spread over, instead of the sample's three busy ones.
    #[arg(long)]
    services: Option<u128>,
}

const SUMMARY: &str = "/v2/Attempts/Summary";

/// Returns the current time of all made-up attempts.
fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).single().unwrap_or_default()
}

impl Attempts {
    fn iter(self) -> impl Iterator<Item = Attempt> {
        samples(1, now(), self.attempts).map(move |mut attempt| {
            if let Some(services) = self.services {
                let service = attempt.verification_sid.as_u128() % services.max(1);
                attempt.service_sid = ServiceSid::from_u128(service);
            }
            attempt
        })
    }

    /// Starts a process of this program that serves the attempts.
    fn serve(self) -> Result<Server, Error> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--attempts", &self.attempts.to_string()]);
        if let Some(services) = self.services {
            command.args(["--services", &services.to_string()]);
        }
        Server::start(&mut command)
    }

    fn serve_by(self, cli: Option<PathBuf>) -> Result<Server, Error> {
        match cli {
            None => self.serve(),
            Some(cli) => Server::start(Command::new(cli).args([
                "emulator",
                "--attempts",
                &self.attempts.to_string(),
            ])),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    match Arguments::parse().what {
        What::Serve(attempts) => {
            let emulator = start(attempts).await?;
            println!("{}", emulator.url());
            emulator.wait().await;
            Ok(())
        }
        What::Summary { attempts, seconds } => summary(attempts, seconds).await,
        What::List { attempts, seconds } => list(attempts, seconds).await,
        What::Memory { attempts, cli } => memory(attempts.serve_by(cli)?).await,
        What::Start { cli, times } => first_response(cli, times).await,
        What::Load(attempts) => load(attempts),
        What::Keep { attempts, folder, seconds } => keep(attempts, folder, seconds).await,
        What::Prism { prism, document, attempts, seconds, pairs } => {
            let free = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
            let prism = Server::at(
                &format!("http://{free}"),
                // Without a log line for every request.
                Command::new(prism)
                    .args(["mock", "--verboseLevel", "warn", "--port"])
                    .arg(free.port().to_string())
                    .arg(document)
                    .stderr(Stdio::null()),
            );
            beside(prism?, attempts.serve()?, seconds, pairs).await
        }
    }
}

async fn start(attempts: Attempts) -> Result<Emulator, Error> {
    Ok(Emulator::builder()
        .attempts(attempts.iter())
        .summary_limit(None)
        .attempts_limit(None)
        // The attempts are from a fixed month.
        .retention(None)
        .start()
        .await?)
}

async fn summary(attempts: Attempts, seconds: f64) -> Result<(), Error> {
    let server = attempts.serve()?;
    let service = match attempts.services {
        None => "VAa0000000000000000000000000000002",
        Some(_) => "VA00000000000000000000000000000001",
    };
    let date = |days| {
        let date = now() - TimeDelta::days(days) - TimeDelta::seconds(1234);
        date.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let (country, channel) = ("Country=CO".to_owned(), "Channel=sms".to_owned());
    let service = format!("VerifyServiceSid={service}");
    let period = format!("DateCreatedAfter={}&DateCreatedBefore={}", date(25), date(4));
    let prefix = |digits: &str| format!("DestinationPrefix=%2B{digits}");
    let queries = [
        ("none", String::new()),
        ("service", service.clone()),
        ("country", country.clone()),
        ("channel", channel.clone()),
        ("3 weeks", period.clone()),
        ("prefix of 22 %", prefix("1")),
        ("prefix of 10 %", prefix("573")),
        ("prefix of 2 %", prefix("57300")),
        ("prefix of one number", prefix("573000000001")),
        ("channel, prefix of 22 %", [channel.clone(), prefix("1")].join("&")),
        ("3 weeks, service, channel", [period.clone(), service.clone(), channel.clone()].join("&")),
        ("3 weeks, prefix of 22 %", [period.clone(), prefix("1")].join("&")),
        ("all six", [period, service, country, channel, prefix("573")].join("&")),
    ];
    println!("| filters | attempts | connections | a second | p50 ms | p99 ms | longest ms |");
    println!("|---|---|---|---|---|---|---|");
    let time = Duration::from_secs_f64(seconds);
    for (name, query) in queries {
        let path = format!("{SUMMARY}?{query}");
        let body = Connection::open(&server.url).await?.get(&path).await?;
        let body: serde_json::Value = serde_json::from_slice(&body)?;
        for connections in [1, 16] {
            let times = get(&server.url, &path, connections, time).await?;
            println!("| {name} | {} | {connections} | {times} |", body["total_attempts"]);
        }
    }
    Ok(())
}

async fn list(attempts: Attempts, seconds: f64) -> Result<(), Error> {
    let server = attempts.serve()?;
    println!("| filter | connections | a second | p50 ms | p99 ms | longest ms |");
    println!("|---|---|---|---|---|---|");
    let time = Duration::from_secs_f64(seconds);
    let first = attempts.iter().next().ok_or("there are no attempts")?;
    let known = format!("?VerificationSid={}", first.verification_sid);
    for (name, query) in [
        ("none", ""),
        ("country, status", "?Country=ZA&Status=converted"),
        ("number that exists", "?ChannelData.To=%2B573000000001"),
        ("number that does not exist", "?ChannelData.To=%2B573000000"),
        ("verification that exists", &known),
        ("verification that does not exist", "?VerificationSid=VE00000000000000000000000000000001"),
    ] {
        let path = format!("/v2/Attempts{query}");
        for connections in [1, 16] {
            let times = get(&server.url, &path, connections, time).await?;
            println!("| {name} | {connections} | {times} |");
        }
    }
    // Measures whether lists delay summaries.
    let (url, slow) =
        (server.url.clone(), "/v2/Attempts?VerificationSid=VE00000000000000000000000000000001");
    let lists = tokio::spawn(async move { get(&url, slow, 16, time).await });
    let times = get(&server.url, SUMMARY, 1, time).await?;
    println!("| summary beside 16 of the last | 1 | {times} |");
    lists.await??;
    Ok(())
}

async fn memory(server: Server) -> Result<(), Error> {
    let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let print = |when: &str| {
        let (now, most) = server.memory().ok_or("the system doesn't say")?;
        println!("{when}: {:.1} MiB, at most {:.1} MiB", mebibytes(now), mebibytes(most));
        Ok::<_, Error>(())
    };
    print("after the start")?;
    for path in [SUMMARY, "/v2/Attempts?PageSize=1000"] {
        let mut connection = Connection::open(&server.url).await?;
        for _ in 0..50 {
            connection.get(path).await?;
        }
    }
    print("after 50 summaries and 50 pages of 1000")?;
    Ok(())
}

async fn first_response(cli: Option<PathBuf>, times: usize) -> Result<(), Error> {
    let none = Attempts { attempts: 0, services: None };
    let mut processes = Vec::new();
    let mut starts = Vec::new();
    for _ in 0..times {
        let begin = Instant::now();
        let server = none.serve_by(cli.clone())?;
        Connection::open(&server.url).await?.get(SUMMARY).await?;
        processes.push(begin.elapsed());
        drop(server);

        let begin = Instant::now();
        let emulator = Emulator::start().await?;
        starts.push(begin.elapsed());
        emulator.shutdown().await;
    }
    for (name, mut times) in
        [("process to its first response", processes), ("Emulator::start()", starts)]
    {
        let first = times.first().copied().unwrap_or_default();
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let last = times.last().copied().unwrap_or_default();
        println!("{name}: median {median:.2?}, first {first:.2?}, longest {last:.2?}");
    }
    Ok(())
}

fn load(attempts: Attempts) -> Result<(), Error> {
    let begin = Instant::now();
    let made = attempts.iter().count();
    println!("{made} attempts made up and dropped: {:.2?}", begin.elapsed());

    let begin = Instant::now();
    let store = twilio_verify_emulator::Store::default();
    store.extend(attempts.iter())?;
    println!("made up and put into a store: {:.2?}", begin.elapsed());
    let bytes = benches::figures::memory::resident().ok_or("the system doesn't say")?;
    println!("memory: {:.0} MiB", bytes as f64 / f64::from(1 << 20));

    let changes = 100_000_u32;
    let per_change = |begin: Instant| begin.elapsed() / changes;
    let attempt = |number: u32, date| {
        let number = u128::from(number);
        let mut attempt = Attempt::new(
            AttemptSid::from_u128(number),
            ServiceSid::from_u128(number % 3),
            VerificationSid::from_u128(number),
            Channel::Sms,
            date,
        );
        attempt.channel_data.to = Some(format!("+57300{number:07}"));
        attempt
    };
    let begin = Instant::now();
    for number in 0..changes {
        store.insert(attempt(number, now() + TimeDelta::seconds(number.into())))?;
    }
    println!("inserted at the newer end: {:.2?} each", per_change(begin));
    let begin = Instant::now();
    for number in 0..changes {
        let seconds = i64::from(number) * 7_919 % (30 * 24 * 3_600);
        store.insert(attempt(changes + number, now() - TimeDelta::seconds(seconds)))?;
    }
    println!("inserted among the others: {:.2?} each", per_change(begin));
    let begin = Instant::now();
    for number in 0..changes {
        store.update(AttemptSid::from_u128(number.into()), |attempt| {
            attempt.conversion_status = ConversionStatus::Converted;
        });
    }
    println!("converted: {:.2?} each", per_change(begin));
    Ok(())
}

async fn beside(prism: Server, emulator: Server, seconds: f64, pairs: usize) -> Result<(), Error> {
    let time = Duration::from_secs_f64(seconds);
    for server in [&prism, &emulator] {
        get(&server.url, SUMMARY, 16, Duration::from_secs(2)).await?;
    }
    println!("| | a second | p50 ms | p99 ms | longest ms |");
    println!("|---|---|---|---|---|");
    let mut ratios = Vec::new();
    for _ in 0..pairs {
        let other = get(&prism.url, SUMMARY, 16, time).await?;
        println!("| Prism | {other} |");
        let own = get(&emulator.url, SUMMARY, 16, time).await?;
        println!("| emulator | {own} |");
        ratios.push(own.rate() / other.rate());
    }
    ratios.sort_unstable_by(f64::total_cmp);
    for ratio in &ratios {
        print!("{ratio:.1}x ");
    }
    println!("as many");
    for (name, server) in [("Prism", prism), ("emulator", emulator)] {
        let (bytes, _) = server.memory().ok_or("the system doesn't say")?;
        println!("memory of {name}: {} MiB", bytes >> 20);
    }
    Ok(())
}

async fn keep(attempts: Attempts, folder: PathBuf, seconds: f64) -> Result<(), Error> {
    let path = folder.join("bench.data");
    let time = Duration::from_secs_f64(seconds);
    let service = ServiceSid::from_u128(1);
    let builder = || {
        Emulator::builder()
            .service(service, "Shop")
            .retention(None)
            .summary_limit(None)
            .attempts_limit(None)
    };
    println!(
        "| data file | connections | starts/s | median, ms | 99th centile, ms | longest, ms |"
    );
    println!("|---|---|---|---|---|---|");
    for connections in [1, 16, 64] {
        for is_kept in [false, true] {
            // The last file is kept for the measurements below.
            std::fs::remove_file(&path).ok();
            let emulator = match is_kept {
                true => builder().data(&path).start().await?,
                false => builder().start().await?,
            };
            let to = format!("/v2/Services/{service}/Verifications");
            // Different numbers of Colombia.
            let form = |number| format!("To=%2B57300{number:07}&Channel=sms");
            let times = post(emulator.url(), &to, form, connections, time).await?;
            println!("| {} | {connections} | {times} |", if is_kept { "yes" } else { "no" });
            emulator.shutdown().await;
        }
    }
    let begin = || async {
        let begin = Instant::now();
        let emulator = builder().data(&path).start().await?;
        let took = begin.elapsed();
        let attempts = emulator.store().len();
        emulator.shutdown().await;
        Ok::<_, Error>((took, attempts))
    };
    for _ in 0..3 {
        let (took, attempts) = begin().await?;
        println!("begins with {attempts} attempts and as many verifications: {took:.1?}");
    }
    std::fs::remove_file(&path)?;
    let made = Instant::now();
    let emulator = builder().attempts(attempts.iter()).data(&path).start().await?;
    println!("made with {} attempts: {:.1?}", attempts.attempts, made.elapsed());
    emulator.shutdown().await;
    let (took, count) = begin().await?;
    let bytes = std::fs::metadata(&path)?.len();
    println!("begins with {count} attempts, {bytes} bytes: {took:.1?}");
    Ok(std::fs::remove_file(&path)?)
}
