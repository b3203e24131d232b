//! Renewals that fail, their budget, and what is usual.

use chrono::TimeDelta;
use twilio_verify_emulator::{
    Attempt, AttemptSid, Channel, ConversionStatus, Fault, ServiceSid, VerificationSid,
};

use super::process::Exporter;
use super::scrapes::{account, expected, shown, unlimited};
use crate::support::{SECRET, now};

#[test]
fn a_failed_renewal_keeps_the_snapshot() {
    let (server, attempts) = account(3_000);
    let exporter = Exporter::ready(&server, &["--every", "1s", "--timeout", "500ms"]);
    server.emulator.faults().add_all(Fault::parse_all("*:503").unwrap()).unwrap();
    exporter.until("two renewals have failed", || exporter.scrape().failures() >= 2.0);
    let samples = exporter.scrape();
    assert_eq!(shown(&samples, "1h"), expected(&attempts, 1));
    assert_eq!(samples.value("twilio_verify_up"), Some(0.0));
    assert!(samples.value("twilio_verify_snapshot_age_seconds") > Some(0.9));
    let failed = samples.value("twilio_verify_last_failure_timestamp_seconds");
    assert!(failed >= samples.value("twilio_verify_last_success_timestamp_seconds"));
    assert_eq!(exporter.get("/-/ready").status, 200);
    let by_reason: Vec<&str> = samples
        .named("twilio_verify_renewal_failures_total")
        .filter(|(_, count)| *count > 0.0)
        .map(|(labels, _)| labels["reason"].as_str())
        .collect();
    assert!(by_reason.iter().all(|reason| ["server", "timeout"].contains(reason)), "{by_reason:?}");

    server.emulator.faults().clear();
    exporter.until("it is up", || exporter.scrape().value("twilio_verify_up") == Some(1.0));
    #[cfg(unix)]
    {
        let (code, said) = exporter.stop("-TERM");
        assert_eq!(code, Some(0));
        assert!(said.contains("the renewal failed") && !said.contains(SECRET), "{said}");
    }
}

#[test]
fn rejected_credentials_end_it_at_the_start_only() {
    let (server, _) = account(300);
    let mut command = server.command();
    command.env("TWILIO_AUTH_TOKEN", SECRET);
    let output = command.args(["exporter", "--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("error: ") && !said.contains(SECRET), "{said}");

    let exporter = Exporter::ready(&server, &["--every", "1s"]);
    server.emulator.faults().add_all(Fault::parse_all("*:401").unwrap()).unwrap();
    exporter.until("a renewal has failed", || exporter.scrape().failures() >= 1.0);
    server.emulator.faults().clear();
    exporter.until("it is up", || exporter.scrape().value("twilio_verify_up") == Some(1.0));
    let samples = exporter.scrape();
    let failures = samples.named("twilio_verify_renewal_failures_total");
    let auth = failures.clone().find(|(labels, _)| labels["reason"] == "auth");
    assert!(auth.is_some_and(|(_, count)| count >= 1.0), "{:?}", failures.collect::<Vec<_>>());
}

#[test]
fn a_window_that_takes_too_many_requests_is_broken_down_less() {
    let (server, attempts) = account(40_000);
    let exporter = Exporter::ready(&server, &["--window", "1h,29d", "--budget", "20"]);
    let samples = exporter.scrape();
    assert_eq!(shown(&samples, "1h"), expected(&attempts, 1));
    let dimensions = samples.sum("twilio_verify_breakdown_dimensions", "29d");
    assert!(dimensions < 3.0, "{dimensions}");
    let total: u64 = expected(&attempts, 29 * 24).values().map(|counts| counts.0).sum();
    assert_eq!(samples.sum("twilio_verify_attempts", "29d"), total as f64);
    assert!(samples.calls() <= 20.0, "{}", samples.calls());
    assert_eq!(samples.named("twilio_verify_unconverted_excess").count(), 0);
    let cells = shown(&samples, "29d");
    assert!(cells.keys().all(|[service, ..]| service == "other"), "{cells:?}");
    #[cfg(unix)]
    {
        let (_, said) = exporter.stop("-TERM");
        assert!(said.contains("--budget 20 is too small for the window 29d"), "{said}");
    }
}

/// Attempts to Colombia in each hour of the last 30 days, 3 of 4 converted; and, of the last settled
/// half hour, some more that were not.
fn with_excess(more: u128) -> Vec<Attempt> {
    let attempt = |number: u128, minutes: i64, is_converted: bool| {
        let mut attempt = Attempt::new(
            AttemptSid::from_u128(number),
            ServiceSid::from_u128(1),
            VerificationSid::from_u128(number),
            Channel::Sms,
            now() - TimeDelta::minutes(minutes),
        );
        attempt.channel_data.to = Some("+573003003030".into());
        attempt.channel_data.country = Some("CO".parse().unwrap());
        if is_converted {
            attempt.conversion_status = ConversionStatus::Converted;
        }
        attempt
    };
    let steady = (0..30 * 24 * 4_u32).map(|n| attempt(n.into(), i64::from(n) * 15, n % 4 < 3));
    let burst = (0..more).map(|n| attempt(1_000_000 + n, 12 + (n % 30) as i64, false));
    steady.chain(burst).collect()
}

#[test]
fn the_excess_is_what_is_beyond_the_usual() {
    let server = unlimited(with_excess(300));
    let exporter = Exporter::ready(&server, &["--window", "1h"]);
    let excess = || exporter.scrape().value("twilio_verify_unconverted_excess");
    exporter.until("what is usual is known", || excess().is_some());
    let excess = excess().unwrap();
    assert!((excess - 300.0).abs() < 3.0, "{excess}");
    let samples = exporter.scrape();
    let from = samples.value("twilio_verify_baseline_start_timestamp_seconds").unwrap();
    let days = (now().timestamp() as f64 - from) / 86_400.0;
    assert!((28.0..30.0).contains(&days), "{days}");
    assert!(samples.calls() <= 100.0);
}

#[cfg(feature = "archive")]
#[test]
fn what_is_usual_can_come_from_an_archive() {
    use twilio_verify_archive::{Archive, Numbers, Row};

    let (attempts, folder) = (with_excess(300), tempfile::tempdir().unwrap());
    let folder = folder.path().join("archive");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let archive = Archive::open(&folder).unwrap();
        let mut writer = archive.writer().await.unwrap();
        let mut days = std::collections::BTreeMap::<_, Vec<Row>>::new();
        for attempt in &attempts {
            let json = serde_json::to_value(attempt).unwrap();
            let row = Row::of(&serde_json::from_value(json).unwrap(), &Numbers::None).unwrap();
            days.entry(row.day()).or_default().push(row);
        }
        for (day, rows) in days {
            writer.merge(day, rows).await.unwrap();
        }
        writer.release().await.unwrap();
    });
    let server = unlimited(attempts);
    let path = folder.to_str().unwrap();
    let exporter = Exporter::ready(&server, &["--from-archive", path]);
    let samples = exporter.scrape();
    let excess = samples.value("twilio_verify_unconverted_excess").unwrap();
    assert!((excess - 300.0).abs() < 3.0, "{excess}");
    let mut other = server.command();
    let missing = folder.join("missing");
    let arguments = ["exporter", "--listen", "127.0.0.1:0", "--from-archive"];
    let output = other.args(arguments).arg(missing).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--from-archive <DIR>: there is no such folder"), "{said}");
}
