//! What scrapes show, and what they cost.

use std::collections::BTreeMap;

use assert_cmd::Command;
use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify_emulator::{
    Attempt, Channel, ChannelData, ConversionStatus, Emulator, Fault, ManualClock, sample,
};

use super::process::Exporter;
use super::samples::Samples;
use crate::support::{Server, attempt, bare, fails, now, stdout};

/// The labels of a cell: service, country and channel.
type Cell = [String; 3];

/// Attempts and conversions by cell.
type Cells = BTreeMap<Cell, (u64, u64)>;

/// What a window has, of all attempts.
pub(super) fn expected(attempts: &[Attempt], hours: i64) -> Cells {
    let end = now() - TimeDelta::minutes(11);
    let is_in = |date: DateTime<Utc>| end - TimeDelta::hours(hours) <= date && date < end;
    let mut cells = Cells::new();
    for attempt in attempts.iter().filter(|attempt| is_in(attempt.date_created)) {
        let country = attempt.channel_data.country;
        let country = country.map_or_else(|| "none".to_owned(), |country| country.to_string());
        let key = [attempt.service_sid.to_string(), country, attempt.channel.to_string()];
        let counts = cells.entry(key).or_default();
        counts.0 += 1;
        counts.1 += u64::from(attempt.conversion_status == ConversionStatus::Converted);
    }
    cells
}

/// What a scrape shows of a window.
pub(super) fn shown(samples: &Samples, window: &str) -> Cells {
    let mut cells = Cells::new();
    let of = |name| samples.named(name).filter(|(labels, _)| labels["window"] == window);
    let key = |labels: &BTreeMap<String, String>| {
        ["service", "country", "channel"].map(|name| labels[name].clone())
    };
    for (labels, value) in of("twilio_verify_attempts") {
        cells.entry(key(labels)).or_default().0 = value as u64;
    }
    for (labels, value) in of("twilio_verify_converted") {
        cells.get_mut(&key(labels)).unwrap().1 = value as u64;
    }
    cells
}

/// An account of that many attempts in 30 days and some e-mails, and its attempts.
pub(super) fn account(n: usize) -> (Server, Vec<Attempt>) {
    let mut attempts: Vec<Attempt> = sample(7, now(), n);
    for number in 0..3 {
        let mut email = attempt(1_000_000_000 + number, now() - TimeDelta::minutes(30));
        email.channel = Channel::Email;
        email.channel_data = ChannelData::default();
        attempts.push(email);
    }
    (unlimited(attempts.clone()), attempts)
}

/// An emulator of these attempts, without limits: its clock stands still.
pub(super) fn unlimited(attempts: Vec<Attempt>) -> Server {
    let builder = Emulator::builder().clock(ManualClock::at(now())).attempts(attempts);
    Server::start(builder.summary_limit(None).attempts_limit(None))
}

/// The longest run of digits of a text.
fn digits(text: &str) -> usize {
    let runs = text.split(|character: char| !character.is_ascii_digit());
    runs.map(str::len).max().unwrap_or_default()
}

#[test]
fn the_cells_of_each_window_are_shown_and_nothing_private() {
    let (server, attempts) = account(3_000);
    let exporter = Exporter::ready(&server, &["--window", "1h,24h", "--fee", "0.05"]);
    let samples = exporter.scrape();
    for (window, hours) in [("1h", 1), ("24h", 24)] {
        let expected = expected(&attempts, hours);
        assert_eq!(shown(&samples, window), expected, "{window}");
        let total: u64 = expected.values().map(|(attempts, _)| attempts).sum();
        assert!(total > 0);
        let counted = samples.named("twilio_verify_window_attempts");
        let counted = counted.filter(|(labels, _)| labels["window"] == window);
        assert_eq!(counted.map(|(_, value)| value).collect::<Vec<_>>(), [total as f64]);
        assert_eq!(samples.sum("twilio_verify_proof_difference", window), 0.0);
        assert_eq!(samples.sum("twilio_verify_breakdown_dimensions", window), 3.0);
    }
    assert!(
        shown(&samples, "24h")
            .keys()
            .any(|[_, country, channel]| { country == "none" && channel == "email" })
    );
    let end = (now() - TimeDelta::minutes(11)).timestamp() as f64;
    for (_, value) in samples.named("twilio_verify_window_end_timestamp_seconds") {
        assert_eq!(value, end);
    }
    for (labels, ratio) in samples.named("twilio_verify_conversion_ratio") {
        let cells = shown(&samples, &labels["window"]);
        let key = ["service", "country", "channel"].map(|name| labels[name].clone());
        let (attempts, converted) = cells[&key];
        assert!((ratio - converted as f64 / attempts as f64).abs() < 1e-12);
    }
    // Prices, and a fee for each conversion where a price is known.
    let start = now() - TimeDelta::minutes(11) - TimeDelta::hours(24);
    let recent: Vec<&Attempt> = attempts
        .iter()
        .filter(|one| start <= one.date_created && one.date_created < start + TimeDelta::hours(24))
        .collect();
    let priced = recent.iter().filter(|attempt| attempt.price.is_some()).count();
    assert_eq!(samples.sum("twilio_verify_priced_attempts", "24h"), priced as f64);
    assert!(samples.sum("twilio_verify_cost", "24h") > 0.0);
    for (labels, _) in samples.named("twilio_verify_cost") {
        assert_eq!(labels["currency"], "USD");
    }
    for (name, value) in samples.labels() {
        assert!(name == "service" || digits(value) <= 8, "{name}={value}");
    }
    assert_eq!(samples.value("twilio_verify_up"), Some(1.0));
    assert_eq!(samples.value("twilio_verify_renewals_total"), Some(1.0));
    assert_eq!(samples.failures(), 0.0);
}

#[test]
fn scrapes_cost_no_request() {
    let (server, _) = account(3_000);
    let exporter = Exporter::ready(&server, &["--window", "1h,24h", "--every", "1h"]);
    // What is usual is read after the snapshot.
    let usual = "twilio_verify_baseline_start_timestamp_seconds";
    exporter.until("what is usual is known", || exporter.scrape().value(usual).is_some());
    let calls = || {
        let sent = exporter.scrape().calls();
        let requests = server.emulator.requests();
        (sent, requests.iter().filter(|one| one.path().starts_with("/v2/")).count())
    };
    exporter.until("it rests", || calls() == calls());
    let before = calls();
    assert_eq!(before.0, before.1 as f64);
    let scrapes = exporter.scrape().value("twilio_verify_scrapes_total").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..100).for_each(|_| drop(exporter.scrape())));
        }
    });
    let after = exporter.scrape().value("twilio_verify_scrapes_total").unwrap();
    assert_eq!(after, scrapes + 401.0);
    assert_eq!(calls(), before);
}

#[test]
fn the_rest_is_summed_as_other() {
    let (server, attempts) = account(3_000);
    for most in [1, 2, 7, 60] {
        let most_series = most.to_string();
        let exporter = Exporter::ready(&server, &["--window", "24h", "--max-series", &most_series]);
        let samples = exporter.scrape();
        let (cells, all) = (shown(&samples, "24h"), expected(&attempts, 24));
        assert!(cells.len() <= most, "{most} {cells:?}");
        let sum = |cells: &Cells| {
            cells.values().fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1))
        };
        assert_eq!(sum(&cells), sum(&all), "{most}");
        let other = ["other"; 3].map(str::to_owned);
        let largest = cells.iter().filter(|(key, _)| **key != other);
        for (key, counts) in largest.clone() {
            assert_eq!(all[key], *counts);
        }
        let least = largest.map(|(_, counts)| counts.0).min().unwrap_or(u64::MAX);
        let hidden = all.iter().filter(|(key, _)| !cells.contains_key(*key));
        assert!(hidden.clone().all(|(_, counts)| counts.0 <= least), "{most}");
        assert_eq!(samples.sum("twilio_verify_folded_cells", "24h"), hidden.count() as f64);
    }
}

#[test]
fn faults_change_no_value() {
    let (server, attempts) = account(3_000);
    let faults = "*:503=0.05; *:429=0.02,retry-after=1";
    server.emulator.faults().add_all(Fault::parse_all(faults).unwrap()).unwrap();
    let exporter = Exporter::ready(&server, &["--window", "1h,24h", "--every", "1s"]);
    let renewals = || exporter.scrape().value("twilio_verify_renewals_total");
    exporter.until("there are three renewals", || renewals() >= Some(3.0));
    let samples = exporter.scrape();
    for (window, hours) in [("1h", 1), ("24h", 24)] {
        assert_eq!(shown(&samples, window), expected(&attempts, hours), "{window}");
        assert_eq!(samples.sum("twilio_verify_proof_difference", window), 0.0);
    }
}

/// Without a window's attempts there are no cells, and a count of none.
#[test]
fn an_empty_window_is_counted() {
    let server = Server::start(Emulator::builder().clock(ManualClock::at(now())));
    let exporter = Exporter::ready(&server, &[]);
    let samples = exporter.scrape();
    assert_eq!(samples.named("twilio_verify_attempts").count(), 0);
    assert_eq!(samples.sum("twilio_verify_window_attempts", "1h"), 0.0);
    assert_eq!(samples.named("twilio_verify_window_attempts").count(), 1);
}

#[test]
fn what_is_invalid_is_said_before_anything_is_sent() {
    let server = Server::of_sample(3);
    for (arguments, words) in [
        (&["--window", "30d"][..], "1m to 29d"),
        (&["--window", "1h", "--window", "soon"], "1m to 29d"),
        (&["--every", "0"], "--every"),
        (&["--budget", "9"], "at least 10"),
        (&["--budget", "19", "--window", "1h,24h"], "allow 20"),
        (&["--max-series", "1", "--window", "1h,24h"], "--max-series"),
        (&["--max-series", "0"], "--max-series"),
        (&["--listen", "9464"], "--listen"),
        (&["--fee", "-1"], "--fee"),
        (&["--fee-currency", "USD"], "--fee"),
        (&["--print", "xml"], "--print"),
        (&["--properties", "url"], "--properties"),
        (&["--country", "CO"], "--country"),
    ] {
        let mut command = server.command();
        let output = command.arg("exporter").args(arguments).assert().code(2).get_output().clone();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{words}\n{said}");
    }
    let mut printing = server.command();
    let said = fails(printing.args(["exporter", "--print", "rules"]), 2);
    assert!(said.contains("--base-url") && said.contains("sends no requests"), "{said}");
    assert!(server.emulator.requests().is_empty());
    // What is printed needs no account.
    for what in ["grafana", "rules"] {
        let mut printing = Command::from_std(bare());
        assert!(
            stdout(printing.args(["exporter", "--print", what])).contains("twilio_verify_attempts")
        );
    }
}
