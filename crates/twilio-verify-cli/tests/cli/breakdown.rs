//! `attempts breakdown`.

use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use serde_json::{Value, json};
use twilio_verify_emulator::{Attempt, Emulator, sample};

use crate::support::{Server, fails, json, stdout};

/// An emulator with made-up attempts of the last 30 days, and a period of 28 of them.
struct Account {
    server: Server,
    attempts: Vec<Attempt>,
    period: [String; 2],
}

impl Account {
    fn new() -> Self {
        let now = Utc::now().trunc_subsecs(0);
        let (from, to) = (now - TimeDelta::days(29), now - TimeDelta::days(1));
        let mut attempts = sample(7, now, 600);
        let server = Server::start(Emulator::builder().attempts(attempts.clone()));
        attempts.retain(|attempt| from <= attempt.date_created && attempt.date_created < to);
        let text = |date: DateTime<Utc>| date.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self { server, attempts, period: [text(from), text(to)] }
    }

    fn breakdown(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = self.server.command();
        let [from, to] = &self.period;
        command.args(["attempts", "breakdown"]).args(arguments);
        command.args(["--date-created-after", from, "--date-created-before", to]);
        command
    }
}

fn sum(cells: &Value, name: &str) -> u64 {
    cells.as_array().unwrap().iter().map(|cell| cell[name].as_u64().unwrap()).sum()
}

#[test]
fn cells_are_those_of_the_attempts_and_sum_to_the_whole() {
    let account = Account::new();
    let json = json(&mut account.breakdown(&["--by", "country,channel", "-o", "json"]));
    assert_eq!(json["by"], json!(["country", "channel"]));
    assert_eq!(json["proof"]["verdict"], "exact");
    let whole = account.attempts.len() as u64;
    assert_eq!(sum(&json["cells"], "attempts"), whole);
    assert_eq!(json["total"]["attempts"], whole);
    let colombian = account.attempts.iter().filter(|attempt| {
        let country = attempt.channel_data.country.as_ref().map(ToString::to_string);
        country.as_deref() == Some("CO") && attempt.channel.to_string() == "sms"
    });
    let cells = json["cells"].as_array().unwrap();
    let cell = cells.iter().find(|cell| cell["country"] == "CO" && cell["channel"] == "sms");
    let cell = cell.unwrap();
    assert_eq!(cell["attempts"], colombian.count() as u64);
    let rate: f64 = cell["conversion_rate_percentage"].as_str().unwrap().parse().unwrap();
    assert!(cell["interval_low"].as_f64().unwrap() < rate);
    assert!(rate < cell["interval_high"].as_f64().unwrap());
}

#[test]
fn every_format_has_the_cells_and_the_proof() {
    let account = Account::new();
    let table = stdout(&mut account.breakdown(&["--by", "channel,prefix:2"]));
    for word in ["CHANNEL", "PREFIX:2", "95 % INTERVAL", "sms", "+57", "Period", "Proof", "exact"] {
        assert!(table.contains(word), "{word}\n{table}");
    }
    let output = account.breakdown(&["--by", "channel", "-o", "csv"]).output().unwrap();
    let csv = String::from_utf8(output.stdout).unwrap();
    let header = csv.lines().next().unwrap();
    assert!(header.starts_with("channel,attempts,converted,unconverted,"), "{header}");
    assert!(csv.lines().count() > 3, "{csv}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("exact"));
    let lines = stdout(&mut account.breakdown(&["--by", "day", "-o", "jsonl"]));
    for line in lines.lines() {
        let cell: Value = serde_json::from_str(line).unwrap();
        assert!(cell["day"].as_str().unwrap().starts_with("2026-"), "{cell}");
    }
}

#[test]
fn small_cells_are_other() {
    let account = Account::new();
    let arguments = ["--by", "country", "--min-attempts", "50", "-o", "json"];
    let json = json(&mut account.breakdown(&arguments));
    let cells = json["cells"].as_array().unwrap();
    assert!(cells.iter().all(|cell| cell["attempts"].as_u64() >= Some(50)));
    assert!(json["other"]["attempts"].as_u64() > Some(0));
    assert_eq!(json["proof"]["verdict"], "exact");
}

#[test]
fn a_plan_says_what_it_takes_and_a_budget_is_kept() {
    let account = Account::new();
    let plan = stdout(&mut account.breakdown(&["--by", "country,carrier", "--plan"]));
    assert!(plan.contains("by country, carrier") && plan.contains("are listed"), "{plan}");
    let arguments = ["--by", "country,carrier", "--plan", "-o", "json"];
    let calls = json(&mut account.breakdown(&arguments))["calls"].as_u64().unwrap();
    let few = ["--by", "country,carrier", "--budget", "2"];
    let said = fails(&mut account.breakdown(&few), 2);
    assert!(said.contains("--budget") && said.contains(&format!("allow {calls}")), "{said}");
}

#[test]
fn invalid_requests_are_named() {
    let server = Server::of_sample(1);
    for (arguments, words) in [
        (vec!["--by", "town"], "--by"),
        (vec!["--by", "prefix:16"], "1 to 15 digits"),
        (vec!["--by", "country,country"], "each dimension once"),
        (vec!["--by", "carrier", "--date-created-after", "2025-01-01"], "30 days"),
        (vec!["--by", "day", "--date-created-before", "2999-01-01"], "in the future"),
        (vec!["--by", "day", "--properties", "day"], "--properties"),
    ] {
        let mut command = server.command();
        command.args(["attempts", "breakdown"]).args(arguments);
        let said = fails(&mut command, 2);
        assert!(said.contains(words), "{words}\n{said}");
    }
}
