//! Dates on the command line, in UTC and in the zone of the machine.

use chrono::{DateTime, Days, NaiveTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;
use tests::scripted::Reply;
use twilio_verify_emulator::{Emulator, ManualClock, sample};

use crate::support::{Server, attempt, contract, json, now, of_service, scripted, stdout};

const SUMMARY: &str = r#"{"total_attempts":0,"total_converted":0,"total_unconverted":0}"#;

/// The start of the period that is sent for a date, in a time zone.
fn sent(date: &str, zone: &str, local: bool) -> String {
    let server = scripted([Reply::json(200, SUMMARY)]);
    let mut command =
        server.command(&["attempts", "summary", "--date-created-after", date, "-o", "json"]);
    if local {
        command.arg("--local");
    }
    command.env("TZ", zone).assert().success();
    let target = server.server.received()[0].target().to_owned();
    let (_, query) = target.split_once("DateCreatedAfter=").unwrap();
    query.split('&').next().unwrap().replace("%3A", ":")
}

fn text(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[test]
fn dates_are_sent_in_utc() {
    for (date, expected) in [
        ("2026-03", "2026-03-01T00:00:00Z"),
        ("2026-03-02", "2026-03-02T00:00:00Z"),
        ("2026-03-02 10:00", "2026-03-02T10:00:00Z"),
        ("2026-03-02T10:00", "2026-03-02T10:00:00Z"),
        ("2026-03-02 10:00:30", "2026-03-02T10:00:30Z"),
        ("2026-03-02 10:00+02:00", "2026-03-02T08:00:00Z"),
    ] {
        // Whatever the zone of the machine is.
        assert_eq!(sent(date, "COT5", false), expected, "{date}");
    }
}

#[test]
#[cfg(unix)]
fn dates_without_an_offset_are_local_if_a_flag_says_so() {
    for (date, expected) in [
        ("2026-03", "2026-03-01T05:00:00Z"),
        ("2026-03-02", "2026-03-02T05:00:00Z"),
        ("2026-03-02 10:00", "2026-03-02T15:00:00Z"),
        ("20260302T1000", "2026-03-02T15:00:00Z"),
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"),
        ("2026-03-02 10:00+02:00", "2026-03-02T08:00:00Z"),
        ("1772445600", "2026-03-02T10:00:00Z"),
    ] {
        assert_eq!(sent(date, "COT5", true), expected, "{date}");
    }
}

#[test]
#[cfg(unix)]
fn a_time_that_clocks_skip_or_show_twice_is_one_instant() {
    // Clocks go forward on 29 March 2026 at 2:00, and back on 25 October at 3:00.
    let zone = "CET-1CEST,M3.5.0,M10.5.0/3";
    for (date, expected) in [
        ("2026-03-29 02:30", "2026-03-29T01:30:00Z"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("2026-01-01", "2025-12-31T23:00:00Z"),
    ] {
        assert_eq!(sent(date, zone, true), expected, "{date}");
    }
}

#[test]
fn days_and_durations_are_relative_to_now() {
    let day = |date: DateTime<Utc>| date.date_naive().and_time(NaiveTime::MIN).and_utc();
    for (words, ago) in [
        ("now", Some(TimeDelta::zero())),
        ("7d", Some(TimeDelta::days(7))),
        ("7d ago", Some(TimeDelta::days(7))),
        ("90 minutes ago", Some(TimeDelta::minutes(90))),
        ("today", None),
        ("yesterday", None),
    ] {
        let before = Utc::now();
        let found = sent(words, "UTC", false);
        let after = Utc::now();
        let at = |now: DateTime<Utc>| match (ago, words) {
            (Some(ago), _) => now - ago,
            (None, "today") => day(now),
            (None, _) => day(now) - Days::new(1),
        };
        assert!(text(at(before)) <= found && found <= text(at(after)), "{words}: {found}");
    }
}

#[test]
fn the_zone_is_shown_beside_dates() {
    let server = Server::of_sample(10);
    let summary = ["attempts", "summary", "--date-created-after", "2026-03-02"];
    let text = stdout(server.command().args(summary));
    assert!(text.contains("2026-03-02T00:00:00Z (UTC)"), "{text}");
    let text = stdout(server.command().args(summary).arg("--local").env("TZ", "COT5"));
    if cfg!(unix) {
        assert!(text.contains("2026-03-02T00:00:00-05:00 (local time)"), "{text}");
    }
    let text = stdout(server.command().args(["attempts", "list", "--limit", "1"]));
    assert!(text.starts_with("DATE (UTC)"), "{text}");
    for command in ["summary", "list"] {
        let text = stdout(server.command().args(["attempts", command, "--help"]));
        for word in ["UTC", "--local", "yesterday", "2026-03", "7d ago"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_table_shows_local_dates_if_a_flag_says_so() {
    let clock = ManualClock::at(now());
    let server = Server::start(Emulator::builder().clock(clock).attempts([attempt(1, now())]));
    let list = ["attempts", "list", "--local"];
    let text = stdout(server.command().args(list).env("TZ", "COT5"));
    assert!(text.starts_with("DATE (local time)"), "{text}");
    assert!(text.contains("2026-03-02 16:00:00"), "{text}");
    // Data is the API's, in UTC.
    let value = json(server.command().args(list).args(["-o", "json"]).env("TZ", "COT5"));
    assert_eq!(value["attempts"][0]["date_created"], "2026-03-02T21:00:00Z");
}

#[test]
#[cfg(unix)]
fn a_date_in_a_body_is_local_too() {
    let server = contract();
    let challenge = of_service(&[
        "challenges",
        "create",
        "--identity",
        "customer-4f1d27a0",
        "--factor-sid",
        "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "--expiration-date",
        "2026-03-02 10:00",
    ]);
    for (local, expected) in [(false, "10"), (true, "15")] {
        let mut command = server.command(&challenge);
        if local {
            command.arg("--local");
        }
        stdout(command.env("TZ", "COT5"));
        let asked = server.server.asked();
        let body = &asked.last().unwrap().body;
        let date = format!("ExpirationDate=2026-03-02T{expected}%3A00%3A00Z");
        assert!(body.contains(&date), "{body}");
    }
}

#[test]
fn a_list_from_before_what_is_kept_says_so() {
    let server = Server::start(Emulator::builder().attempts([attempt(1, Utc::now())]));
    let stderr = |arguments: &[&str]| {
        let output = server.command().args(arguments).output().unwrap();
        assert!(output.status.success());
        serde_json::from_slice::<Value>(&output.stdout).unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    let list = ["attempts", "list", "-o", "json", "--date-created-after"];
    for early in ["31d", "2026-03", "2000-01-01"] {
        let note = stderr(&[&list[..], &[early]].concat());
        assert!(note.starts_with("note: ") && note.contains("30 days"), "{note}");
    }
    for late in ["29d", "yesterday", "today"] {
        assert_eq!(stderr(&[&list[..], &[late]].concat()), "", "{late}");
    }
    let summary = ["attempts", "summary", "-o", "json", "--date-created-after", "31d"];
    assert_eq!(stderr(&summary), "");
}

#[test]
fn a_timeout_without_a_unit_is_in_seconds() {
    let server = Server::of_sample(1);
    for timeout in ["30", "0.5", "30s", "2m"] {
        stdout(server.command().args(["attempts", "summary", "--timeout", timeout]));
    }
}

/// A clock that is not the server's is said once, where it matters.
#[test]
fn a_clock_that_differs_is_noted() {
    let server = |ahead: TimeDelta| {
        let now = Utc::now() + ahead;
        Server::start(Emulator::builder().clock(ManualClock::at(now)).attempts(sample(7, now, 100)))
    };
    let stderr = |server: &Server, arguments: &[&str]| {
        let output = server.command().args(arguments).assert().success().get_output().clone();
        String::from_utf8(output.stderr).unwrap()
    };
    let summary = ["attempts", "summary", "--date-created-after", "7d"];
    let breakdown = ["attempts", "breakdown", "--by", "channel"];
    let list = ["attempts", "list", "--date-created-after", "7d", "--limit", "1"];
    let ahead = server(TimeDelta::hours(5));
    for arguments in [&summary[..], &breakdown, &list] {
        let said = stderr(&ahead, arguments);
        let notes: Vec<&str> =
            said.lines().filter(|line| line.contains("clock of this machine")).collect();
        assert_eq!(notes.len(), 1, "{said}");
        assert!(notes[0].contains("is 5h behind") || notes[0].contains("is 4h 59m"), "{said}");
        assert!(notes[0].contains("miss the newest attempts"), "{said}");
    }
    let said = stderr(&server(-TimeDelta::hours(5)), &summary);
    assert!(said.contains("ahead of the server's") && said.contains("in the server's future"));
    // Neither for a few seconds, nor where dates are absolute.
    let said = stderr(&server(TimeDelta::seconds(30)), &summary);
    assert!(!said.contains("clock"), "{said}");
    let absolute = ["attempts", "summary", "--date-created-after", "2026-03-02"];
    let said = stderr(&ahead, &absolute);
    assert!(!said.contains("clock"), "{said}");
}
