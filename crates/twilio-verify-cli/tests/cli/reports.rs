//! `attempts report`, and pictures on a terminal.

use std::fs;
use std::path::Path;

use chrono::{TimeDelta, Utc};
use serde_json::json;
use tests::scripted::Reply;
use twilio_verify_emulator::{Attempt, Channel, Emulator};

use crate::support::{Server, attempt, fails, scripted, stdout};

/// Writes a report on the attempts of a server, and gives the page.
fn report(server: &Server, folder: &Path, arguments: &[&str]) -> String {
    let mut command = server.command();
    command.current_dir(folder).args(["attempts", "report", "--live", "-o", "report.html"]);
    assert_eq!(stdout(command.args(arguments)), "");
    fs::read_to_string(folder.join("report.html")).unwrap()
}

fn sampled(n: usize) -> Server {
    Server::start(Emulator::builder().sample(7, Utc::now(), n))
}

#[test]
fn a_report_is_one_page_without_scripts_and_requests() {
    let server = sampled(3_000);
    let folder = tempfile::tempdir().unwrap();
    let page = report(&server, folder.path(), &["--fee", "0.05"]);
    assert!(page.len() < 300 * 1024, "{}", page.len());
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    for id in
        ["trend", "findings", "countries", "channels", "carriers", "prefixes", "cost", "proof"]
    {
        assert!(page.contains(&format!("<h2 id=\"{id}\">")), "{id}");
    }
    for word in ["United States (US)", "95 %", "The groups sum to the whole", "0.0500 USD", "<svg"]
    {
        assert!(page.contains(word), "{word}");
    }
    for never in ["<script", "http://", "https://", "src=", "url(h", "@import", "javascript:"] {
        assert!(!page.contains(never), "{never}");
    }
}

#[test]
fn a_report_is_small_however_many_groups_there_are() {
    let now = Utc::now();
    let attempts = (0..9_000_u128).map(|number| {
        let minutes = i64::try_from(number % 41_000).unwrap() * 4 + 20;
        let mut attempt = attempt(number, now - TimeDelta::minutes(minutes));
        let data = &mut attempt.channel_data;
        let countries = [
            "US", "CO", "IN", "BR", "NG", "ID", "DE", "FR", "GB", "ES", "MX", "PH", "ZA", "AU",
            "IT", "PL", "AR", "CL", "PE", "EC", "JP", "KR", "VN", "TH", "MY", "SG", "EG", "KE",
            "MA", "TN", "SE", "NO", "FI", "DK", "NL", "BE", "CH", "AT", "PT", "GR",
        ];
        let country = countries[usize::try_from(number % 40).unwrap()];
        data.country = Some(country.parse().unwrap());
        data.to = Some(format!("+{}{:07}", 10_000 + number % 3_000, number));
        data.carrier = Some(format!("A carrier with quite a long name, number {}", number % 500));
        attempt
    });
    let server = Server::start(Emulator::builder().attempts(attempts.collect::<Vec<_>>()));
    let folder = tempfile::tempdir().unwrap();
    let page = report(&server, folder.path(), &[]);
    assert!(page.len() < 300 * 1024, "{}", page.len());
    assert!(page.contains("Other ("), "what is in no row is summed");
}

#[test]
fn names_are_text_and_never_markup() {
    let hostile = "<script>alert(1)</script>\"'&";
    let mut odd = attempt(1, Utc::now() - TimeDelta::hours(2));
    odd.channel_data.carrier = Some(hostile.to_owned());
    let server = Server::start(Emulator::builder().attempts(vec![odd]));
    let folder = tempfile::tempdir().unwrap();
    let page = report(&server, folder.path(), &[]);
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
}

/// Attempts to a country, of which some converted.
fn attempts(from: u128, country: &str, all: u128, converted: u128) -> Vec<Attempt> {
    let now = Utc::now();
    let make = |number: u128| {
        let mut attempt = attempt(from + number, now - TimeDelta::hours(20));
        attempt.channel = Channel::Sms;
        attempt.channel_data.country = Some(country.parse().unwrap());
        if number < converted {
            attempt.conversion_status = "converted".parse().unwrap();
        }
        attempt
    };
    (0..all).map(make).collect()
}

#[test]
fn findings_are_groups_that_convert_less_than_all_and_only_those() {
    let all = [
        attempts(1_000, "US", 400, 320),
        attempts(2_000, "NG", 100, 5),
        // Too few to judge.
        attempts(3_000, "DE", 15, 0),
        attempts(4_000, "FR", 100, 75),
    ];
    let server = Server::start(Emulator::builder().attempts(all.concat()));
    let folder = tempfile::tempdir().unwrap();
    let page = report(&server, folder.path(), &[]);
    let findings = page.split("<h2 id=\"findings\">").nth(1).unwrap();
    let findings = findings.split("</section>").next().unwrap();
    // 400 of 615 converted: 65 of 100 would have, 60 more than did.
    assert!(findings.contains("Country: Nigeria (NG)") && findings.contains(">60<"), "{findings}");
    for other in ["United States", "Germany", "France"] {
        assert!(!findings.contains(other), "{other}: {findings}");
    }
    assert!(!page.to_lowercase().contains("fraud"));
}

#[test]
fn currencies_are_never_added_and_the_fee_names_its_own() {
    let attempt = |sid: u32, currency: &str, value: &str| {
        json!({ "sid": format!("VL{sid:032}"), "date_created": Utc::now() - TimeDelta::hours(3),
            "conversion_status": "converted", "channel": "sms",
            "channel_data": {"country": "CO", "to": "+573003003030"},
            "price": {"currency": currency, "value": value} })
    };
    let page = json!({ "attempts": [attempt(1, "usd", "0.25"), attempt(2, "eur", "0.5")],
        "meta": {"key": "attempts"} })
    .to_string();
    let summary = json!({ "total_attempts": 2, "total_converted": 2, "total_unconverted": 0,
        "conversion_rate_percentage": "100" })
    .to_string();
    let replies = || {
        // The plan's sample, the bounds, the whole, the list, the whole again: in any order.
        scripted((0..12).map(|_| page_or_summary(&page, &summary)))
    };
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let server = replies();
        let mut command =
            server.command(&["attempts", "report", "--live", "-o", "report.html", "--force"]);
        command.current_dir(folder.path()).args(arguments).output().unwrap()
    };
    let output = run(&["--fee", "0.05"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("EUR and USD") && said.contains("--fee-currency"), "{said}");
    let output = run(&["--fee", "0.05", "--fee-currency", "eur"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = fs::read_to_string(folder.path().join("report.html")).unwrap();
    // (0.5 + 2 x 0.05) / 2 and 0.25 / 2.
    for word in ["Cost, EUR", "Cost, USD", "0.3000 a conversion", "0.1250 a conversion"] {
        assert!(written.contains(word), "{word}");
    }
    assert!(!written.contains("0.7500"), "a sum of both");
}

/// One body that is a page of the list and a summary.
fn page_or_summary(page: &str, summary: &str) -> Reply {
    let mut both: serde_json::Map<String, serde_json::Value> = serde_json::from_str(page).unwrap();
    both.extend(serde_json::from_str::<serde_json::Map<_, _>>(summary).unwrap());
    Reply::json(200, &serde_json::Value::Object(both).to_string())
}

#[test]
fn an_account_without_attempts_has_a_report() {
    let server = Server::start(Emulator::builder());
    let folder = tempfile::tempdir().unwrap();
    let page = report(&server, folder.path(), &[]);
    assert!(page.contains("There are no attempts."));
    assert!(!page.contains("NaN"));
}

#[test]
fn invalid_requests_are_named() {
    let server = scripted([]);
    for (arguments, words) in [
        (&["-o", "a.html"][..], "--live"),
        (&["folder", "--live", "-o", "a.html"], "--live"),
        (&["--live", "-o", "json"], "HTML"),
        (&["--live", "-o", "a.html", "-o", "b.html"], "more than one file"),
        (&["--live", "-o", "a.html", "--fee", "-1"], "--fee"),
        (&["--live", "-o", "a.html", "--fee", "1", "--fee-currency", "dollars"], "ISO 4217"),
        (&["--live", "-o", "a.html", "--prefix-digits", "16"], "--prefix-digits"),
        (&["--live", "-o", "a.html", "--date-created-after", "2025-01-01"], "30 days"),
        (&["--live", "-o", "a.html", "--properties", "sid"], "--properties"),
        (&["folder", "-o", "a.html", "--budget", "3"], "--budget"),
    ] {
        let output =
            server.command(&[&["attempts", "report"], arguments].concat()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {said}");
        assert!(said.contains(words), "{words}\n{said}");
    }
    let server = sampled(3_000);
    let mut command = server.command();
    command.args(["attempts", "report", "--live", "-o", "a.html", "--budget", "2"]);
    assert!(fails(&mut command, 2).contains("--budget"));
}

#[test]
fn a_picture_stands_above_the_table() {
    let server = sampled(2_000);
    let breakdown = |by: &str| {
        let mut command = server.command();
        stdout(command.args(["attempts", "breakdown", "--plot", "--by", by]))
    };
    let bars = breakdown("channel");
    let lines: Vec<&str> = bars.lines().collect();
    assert_eq!(lines[0], "Conversion by channel");
    let bar = lines.iter().find(|line| line.contains("sms (")).unwrap();
    assert!(bar.contains("██████████"), "{bars}");
    assert!(bars.contains("CHANNEL") && bars.contains("Proof"), "{bars}");
    assert!(!bars.contains('\u{1b}'), "{bars}");
    let line = breakdown("country,day");
    assert!(line.starts_with("Conversion by day, and its 95 % interval\n"), "{line}");
    assert!(line.lines().take(20).any(|line| line.contains('⣿')), "{line}");
    let mut command = server.command();
    command.args(["attempts", "breakdown", "--by", "day", "--plot", "-o", "json"]);
    assert!(fails(&mut command, 2).contains("--plot"));
}
