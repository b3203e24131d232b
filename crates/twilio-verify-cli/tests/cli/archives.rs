//! Commands that read an archive: no account, no server.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;
use twilio_verify_archive::{Archive, Key, Numbers, Row};
use twilio_verify_emulator::{Attempt, sample};

use crate::support::{bare, fails, json, stdout};

/// The end of the attempts: far more than 30 days ago.
fn end() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 3, 1, 0, 0, 0).unwrap()
}

/// A folder with an archive of made-up attempts.
struct Filled {
    folder: TempDir,
    attempts: Vec<Attempt>,
}

impl Filled {
    fn new(numbers: &Numbers) -> Self {
        Self::of(sample(7, end(), 900), numbers)
    }

    fn of(attempts: Vec<Attempt>, numbers: &Numbers) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let archive = Archive::open(folder.path().join("archive")).unwrap();
            let mut writer = archive.writer().await.unwrap();
            let rows = attempts.iter().map(|attempt| {
                let attempt = serde_json::to_value(attempt).unwrap();
                let attempt: twilio_verify::Attempt = serde_json::from_value(attempt).unwrap();
                Row::of(&attempt, numbers).unwrap()
            });
            let mut days = std::collections::BTreeMap::<_, Vec<Row>>::new();
            for row in rows {
                days.entry(row.day()).or_default().push(row);
            }
            for (day, rows) in days {
                writer.merge(day, rows).await.unwrap();
            }
        });
        Self { folder, attempts }
    }

    /// A command in its folder, without an account.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::from_std(bare());
        command.current_dir(&self.folder).arg("attempts").args(arguments);
        command
    }

    /// Says of these days that they are complete.
    fn prove(&self, periods: &[[DateTime<Utc>; 2]], lost: &[[DateTime<Utc>; 2]]) {
        let counts = json!({"attempts": 1, "converted": 0, "unconverted": 1});
        let period = |[from, to]: &[DateTime<Utc>; 2]| json!({"from": from, "to": to});
        let proofs: Vec<Value> = periods
            .iter()
            .map(|whole| {
                json!({ "period": period(whole), "read": whole[1], "proof": {
                    "before": counts, "parts": counts, "after": counts,
                    "verdict": {"verdict": "exact"} } })
            })
            .collect();
        let file = self.folder.path().join("archive/_state.json");
        let mut state: Value = fs::read(&file)
            .map_or_else(|_| json!({}), |bytes| serde_json::from_slice(&bytes).unwrap());
        state["proofs"] = proofs.into();
        state["lost"] = lost.iter().map(period).collect::<Vec<_>>().into();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let archive = Archive::open(self.folder.path().join("archive")).unwrap();
            let state = serde_json::from_value(state).unwrap();
            archive.writer().await.unwrap().save(&state).await.unwrap();
        });
    }
}

fn key() -> Key {
    Key::from_bytes([7; 32]).unwrap()
}

#[test]
fn a_breakdown_needs_no_account_and_reaches_back_beyond_30_days() {
    let filled = Filled::new(&Numbers::Full);
    let first = filled.attempts.iter().map(|attempt| attempt.date_created).min().unwrap();
    filled.prove(&[[first - TimeDelta::days(1), end()]], &[]);
    let by = ["breakdown", "--by", "country,carrier", "--from-archive", "archive", "-o", "json"];
    let json = json(&mut filled.command(&by));
    assert_eq!(json["total"]["attempts"], filled.attempts.len());
    let cells = json["cells"].as_array().unwrap();
    let sum: u64 = cells.iter().map(|cell| cell["attempts"].as_u64().unwrap()).sum();
    assert_eq!(sum, filled.attempts.len() as u64);
    assert!(cells.iter().any(|cell| cell["carrier"].is_string()));
    assert_eq!(json["proof"]["verdict"], "exact");
    assert_eq!(json["proof"]["days_unproven"], json!([]));
    let table = ["breakdown", "--by", "channel", "--from-archive", "archive"];
    let table = stdout(&mut filled.command(&table));
    for word in ["CHANNEL", "sms", "95 % INTERVAL", "Proof", "days are proven complete"] {
        assert!(table.contains(word), "{word}\n{table}");
    }
}

#[test]
fn filters_and_a_period_choose_attempts() {
    let filled = Filled::new(&Numbers::Full);
    let [from, to] = [end() - TimeDelta::days(9), end() - TimeDelta::days(2)];
    let texts = [from, to].map(|date| date.to_rfc3339());
    let count = |attempt: &&Attempt| {
        let country = attempt.channel_data.country.as_ref().map(ToString::to_string);
        from <= attempt.date_created
            && attempt.date_created < to
            && country.as_deref() == Some("US")
    };
    let expected = filled.attempts.iter().filter(count).count();
    assert!(expected > 10);
    let filters = [
        "--country",
        "US",
        "--date-created-after",
        &texts[0],
        "--date-created-before",
        &texts[1],
        "--from-archive",
        "archive",
    ];
    let breakdown = [&["breakdown", "--by", "day", "-o", "json"], &filters[..]].concat();
    let json = json(&mut filled.command(&breakdown));
    assert_eq!(json["total"]["attempts"], expected);
    // Nothing says that it is complete.
    assert_eq!(json["proof"]["verdict"], "unproven");
    assert_eq!(json["proof"]["days_proven"], 0);
    let export = [&["export", "-o", "ndjson"], &filters[..]].concat();
    assert_eq!(stdout(&mut filled.command(&export)).lines().count(), expected);
}

#[test]
fn gaps_and_lost_periods_are_told() {
    let filled = Filled::new(&Numbers::Full);
    let lost = [end() - TimeDelta::days(3), end() - TimeDelta::days(2)];
    filled.prove(&[[end() - TimeDelta::days(2), end()]], &[lost]);
    let by = ["breakdown", "--by", "day", "--from-archive", "archive"];
    let table = stdout(&mut filled.command(&by));
    for word in ["2 of ", "not proven: 2025-", "lost: 2025-02-26T00:00:00Z to 2025-02-27T00:00:00Z"]
    {
        assert!(table.contains(word), "{word}\n{table}");
    }
    let json = json(&mut filled.command(&[&by[..], &["-o", "json"]].concat()));
    assert_eq!(json["proof"]["verdict"], "unproven");
    assert_eq!(json["proof"]["lost"][0]["from"], "2025-02-26T00:00:00Z");
}

#[test]
fn an_export_has_every_attempt_and_what_is_kept_of_its_number() {
    let filled = Filled::new(&Numbers::Prefix(key()));
    let export = ["export", "--from-archive", "archive", "-o", "csv"];
    let csv = stdout(&mut filled.command(&export));
    assert_eq!(csv.lines().count(), filled.attempts.len() + 1);
    let header = csv.lines().next().unwrap();
    assert!(header.starts_with("date_created,channel,channel_data.to,"), "{header}");
    assert!(header.ends_with(",destination_hash"), "{header}");
    let lines = ["export", "--from-archive", "archive", "-o", "ndjson"];
    let lines = stdout(&mut filled.command(&lines));
    let mut dates = Vec::new();
    for line in lines.lines() {
        let exported: Value = serde_json::from_str(line).unwrap();
        let attempt =
            filled.attempts.iter().find(|attempt| exported["sid"] == attempt.sid.to_string());
        let attempt = attempt.unwrap();
        let number = attempt.channel_data.to.as_deref().unwrap();
        if let Some(digits) = number.strip_prefix('+') {
            let kept = exported["channel_data"]["to"].as_str().unwrap();
            assert_eq!(kept, format!("+{}", &digits[..digits.len() - 4]));
            assert!(!line.contains(number));
        }
        assert_eq!(exported["destination_hash"].as_str().unwrap().len(), 32);
        let mut original = serde_json::to_value(attempt).unwrap();
        for value in [&mut original["channel_data"], &mut exported["channel_data"].clone()] {
            value.as_object_mut().unwrap().remove("to");
        }
        for field in ["country", "carrier", "mcc", "mnc", "locale", "error_code"] {
            let (own, other) = (&exported["channel_data"][field], &original["channel_data"][field]);
            assert!(own == other || own.as_str() == other.as_str(), "{field}: {own} {other}");
        }
        dates.push(exported["date_created"].as_str().unwrap().to_owned());
    }
    assert!(dates.is_sorted());
}

#[test]
fn a_parquet_file_has_every_attempt() {
    let filled = Filled::new(&Numbers::Full);
    let export = ["export", "--from-archive", "archive", "-o", "attempts.parquet"];
    assert_eq!(stdout(&mut filled.command(&export)), "");
    let bytes = fs::read(filled.folder.path().join("attempts.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let stream = filled.command(&["export", "--from-archive", "archive", "-o", "parquet"]);
    assert!({ stream }.output().unwrap().stdout.starts_with(b"PAR1"));
}

#[test]
fn what_an_archive_lacks_is_named() {
    let prefix = Filled::new(&Numbers::Prefix(key()));
    let none = Filled::new(&Numbers::None);
    for (filled, by) in [(&prefix, "prefix:15"), (&none, "prefix:3")] {
        let said =
            fails(&mut filled.command(&["breakdown", "--by", by, "--from-archive", "archive"]), 2);
        assert!(said.contains(by) && said.contains("--numbers full"), "{said}");
    }
    let export =
        ["export", "--from-archive", "archive", "-o", "csv", "--destination-prefix", "+57"];
    let said = fails(&mut none.command(&export), 2);
    assert!(said.contains("prefix") && said.contains("--numbers full"), "{said}");
}

#[test]
fn what_is_no_archive_is_named() {
    let filled = Filled::new(&Numbers::Full);
    fs::create_dir(filled.folder.path().join("other")).unwrap();
    fs::write(filled.folder.path().join("other/notes.txt"), "mine").unwrap();
    for (folder, words) in [("none", "no such folder"), ("other", "no archive")] {
        for command in [
            &["breakdown", "--by", "day", "--from-archive", folder][..],
            &["export", "-o", "csv", "--from-archive", folder],
        ] {
            let said = fails(&mut filled.command(command), 2);
            assert!(said.contains(words) && said.contains("attempts sync"), "{said}");
        }
    }
    let day = fs::read_dir(filled.folder.path().join("archive")).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        path.is_dir().then_some(path)
    });
    fs::write(day.unwrap().join("attempts.parquet"), "not Parquet at all").unwrap();
    let export = ["export", "-o", "attempts.csv", "--from-archive", "archive"];
    let said = fails(&mut filled.command(&export), 1);
    assert!(said.contains("attempts.parquet"), "{said}");
    assert!(!filled.folder.path().join("attempts.csv").exists());
}

#[test]
fn an_archive_without_attempts_is_one() {
    let filled = Filled::of(Vec::new(), &Numbers::Full);
    filled.prove(&[], &[[end() - TimeDelta::days(1), end()]]);
    let by = ["breakdown", "--by", "day", "--from-archive", "archive", "-o", "json"];
    let json = json(&mut filled.command(&by));
    assert_eq!((&json["cells"], &json["total"]["attempts"]), (&json!([]), &json!(0)));
    let export = ["export", "--from-archive", "archive", "-o", "csv"];
    assert_eq!(stdout(&mut filled.command(&export)).lines().count(), 1);
}

#[test]
fn flags_that_an_archive_ignores_are_rejected() {
    let filled = Filled::new(&Numbers::Full);
    let by = ["breakdown", "--by", "day", "--from-archive", "archive"];
    for (flags, word) in [
        (&["--plan"][..], "--plan"),
        (&["--budget", "3"], "--budget"),
        (&["--emulator"], "--emulator"),
        (&["--base-url", "http://127.0.0.1:1"], "--base-url"),
        (&["--date-created-before", "2999-01-01"], "in the future"),
        (
            &["--date-created-after", "2025-02-02", "--date-created-before", "2025-02-01"],
            "precedes",
        ),
    ] {
        let said = fails(&mut filled.command(&[&by[..], flags].concat()), 2);
        assert!(said.contains(word), "{word}\n{said}");
    }
}

#[cfg(feature = "plots")]
#[test]
fn a_report_needs_no_account() {
    let filled = Filled::new(&Numbers::Prefix(key()));
    filled.prove(&[[end() - TimeDelta::days(5), end()]], &[]);
    let report = ["report", "archive", "-o", "report.html"];
    assert_eq!(stdout(&mut filled.command(&report)), "");
    let page = read(&filled.folder.path().join("report.html"));
    for word in
        ["5 of ", "Whether these days are complete", "without their last four digits", ">900<"]
    {
        assert!(page.contains(word), "{word}");
    }
    let none = Filled::new(&Numbers::None);
    stdout(&mut none.command(&report));
    assert!(read(&none.folder.path().join("report.html")).contains("keeps too little of numbers"));
}

#[cfg(feature = "plots")]
fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}
