//! Measures how well the detector, and two rules that people use today, notice attacks.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the results go to standard output")]

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use benches::detection::cases::Case;
use benches::detection::play::{Month, Played};
use benches::error::Error;
use clap::Parser;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use twilio_verify_insights::Detector;

/// Plays eight scenarios in the last days of a made-up month, minute by minute, and prints what was noticed.
#[derive(Parser)]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed. Parameters of the detector were chosen on seeds 1 to 16.
    #[arg(long, default_value_t = 1000)]
    first: u64,
    /// Attempts a day, in turn.
    #[arg(long, value_delimiter = ',', default_value = "1000,10000")]
    a_day: Vec<usize>,
    /// The least waste that is pumping, in USD.
    #[arg(long, default_value = "0")]
    min_cost: Decimal,
    /// Threads.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Starts no new seed after N minutes.
    #[arg(long)]
    minutes: Option<u64>,
    /// Prints each attack that was missed, and each false notice.
    #[arg(long)]
    explain: bool,
}

/// The fewest attempts of an attack that counts.
const LEAST: u64 = 100;
/// The fewest attempts per minute of an attack whose time to alert counts.
const FAST: f64 = 20.0;

fn main() -> Result<(), Error> {
    let arguments = Arguments::parse();
    for a_day in arguments.a_day.clone() {
        let began = Instant::now();
        let next = AtomicU64::new(arguments.first);
        let all = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            let run = || -> Result<(), Error> {
                let detector = Detector::new().min_cost(arguments.min_cost);
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    let is_late = arguments
                        .minutes
                        .is_some_and(|minutes| began.elapsed().as_secs() > 60 * minutes);
                    if is_late || seed >= arguments.first + arguments.seeds {
                        return Ok(());
                    }
                    let month = Month::new(seed, a_day);
                    for case in Case::ALL {
                        let played = month.play(case, &detector)?;
                        if arguments.explain {
                            explain(seed, &played);
                        }
                        all.lock().map_err(|_| "a thread panicked")?.push(played);
                    }
                }
            };
            let threads: Vec<_> = (0..arguments.threads.max(1)).map(|_| scope.spawn(run)).collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().map_err(|_| "a thread panicked")?)
        })?;
        let all = all.into_inner().map_err(|_| "a thread panicked")?;
        print(a_day, &all);
    }
    Ok(())
}

fn explain(seed: u64, played: &Played) {
    let truth = &played.truth;
    let score = &played.scores[0];
    let name = played.case.name();
    let what = format!(
        "{seed} {name}: {} {} attempts {} to {}, {} converted, cost {:?}",
        truth.prefix.as_deref().unwrap_or_default(),
        truth.attempts,
        truth.from,
        truth.to,
        truth.converted,
        truth.cost.first().map(|cost| cost.value),
    );
    if truth.is_attack && truth.attempts >= LEAST && score.noticed.is_none() {
        println!("MISSED {what}");
    }
    if score.again > 0 {
        println!("AGAIN {} {what}", score.again);
    }
    for wrong in &score.wrong {
        println!("FALSE {what}\n   {} {}", wrong.at, wrong.text);
    }
    for ended in &played.ended {
        println!("ENDED {what}\n   {ended}");
    }
}

/// Returns the median.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

fn written(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.decimals$}"))
}

fn share(part: usize, of: usize) -> String {
    if of == 0 { "-".to_owned() } else { format!("{:.2}", part as f64 / of as f64) }
}

fn print(a_day: usize, all: &[Played]) {
    println!("\n{a_day} a day, {} seeds\n", all.len() / Case::ALL.len());
    println!(
        "| | recall | precision | false | minutes to alert, {FAST} a minute | lost before it, median | lost, 95 of 100 |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (index, name) in ["this", "rate below 50 %", "unverified quota"].into_iter().enumerate() {
        let large = |played: &&Played| played.truth.is_attack && played.truth.attempts >= LEAST;
        let attacks: Vec<&Played> = all.iter().filter(large).collect();
        let noticed = attacks.iter().filter(|played| played.scores[index].noticed.is_some());
        let noticed = noticed.count();
        let right = all.iter().filter(|played| played.scores[index].noticed.is_some()).count();
        let counted = |played: &&Played| index == 0 || played.case != Case::Outage;
        let wrong: usize =
            all.iter().filter(counted).map(|played| played.scores[index].wrong.len()).sum();
        let fast = |played: &&&Played| {
            let minutes = (played.truth.to - played.truth.from).as_seconds_f64() / 60.0;
            played.truth.attempts as f64 / minutes >= FAST
        };
        let noticed_of = |played: &&Played| played.scores[index].noticed;
        let minutes: Vec<f64> = attacks
            .iter()
            .filter(fast)
            .map(|played| noticed_of(played).map_or(f64::INFINITY, |noticed| noticed.minutes))
            .collect();
        let mut lost: Vec<f64> = attacks
            .iter()
            .map(|played| noticed_of(played).map_or(played.truth.attempts, |noticed| noticed.lost))
            .map(|lost| lost as f64)
            .collect();
        lost.sort_by(f64::total_cmp);
        println!(
            "| {name} | {} ({noticed}/{}) | {} | {wrong} | {} | {} | {} |",
            share(noticed, attacks.len()),
            attacks.len(),
            share(right, right + wrong),
            written(median(minutes), 1),
            written(median(lost.clone()), 0),
            written(lost.get(lost.len() * 95 / 100).copied(), 0),
        );
    }
    by_case(all);
    let time: Duration = all.iter().map(|played| played.looking).sum();
    let looks: u32 = all.iter().map(|played| played.looks).sum();
    println!("\n{looks} looks, {:.0} µs each", time.as_secs_f64() * 1e6 / f64::from(looks.max(1)));
}

fn by_case(all: &[Played]) {
    println!(
        "\n| scenario | noticed | again | false | minutes | lost | kind | attempts off | cost off | delivery | other |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let mut cases: BTreeMap<Case, Vec<&Played>> = BTreeMap::new();
    for played in all {
        cases.entry(played.case).or_default().push(played);
    }
    for (case, all) in cases {
        let large: Vec<&&Played> =
            all.iter().filter(|played| played.truth.attempts >= LEAST).collect();
        let noticed: Vec<_> = large.iter().filter_map(|played| played.scores[0].noticed).collect();
        let again: u64 = all.iter().map(|played| played.scores[0].again).sum();
        let wrong: usize = all.iter().map(|played| played.scores[0].wrong.len()).sum();
        let ended: Vec<_> =
            large.iter().filter_map(|played| Some((played, played.ended.first()?))).collect();
        let kind = if case == Case::Masked { "masked" } else { "pumping" };
        let right = ended.iter().filter(|(_, finding)| finding.kind.as_str() == kind).count();
        let off = |found: f64, truth: f64| 100.0 * (found / truth - 1.0).abs();
        let attempts = ended.iter().map(|(played, finding)| {
            off(finding.attempts as f64 - finding.expected, played.truth.attempts as f64)
        });
        let cost = ended.iter().filter_map(|(played, finding)| {
            let found = finding.waste.get("USD")?.sum.to_f64()?;
            Some(off(found, played.truth.cost.first()?.value.to_f64()?))
        });
        let deliveries = all.iter().filter(|played| played.deliveries > 0).count();
        let others: usize = all.iter().map(|played| played.others).sum();
        println!(
            "| {} | {}/{} | {again} | {wrong} | {} | {} | {right}/{} | {} % | {} % | {deliveries} | {others} |",
            case.name(),
            noticed.len(),
            large.len(),
            written(median(noticed.iter().map(|noticed| noticed.minutes).collect()), 1),
            written(median(noticed.iter().map(|noticed| noticed.lost as f64).collect()), 0),
            ended.len(),
            written(median(attempts.collect()), 1),
            written(median(cost.collect()), 1),
        );
    }
}
