//! Every command in every format.

use std::collections::BTreeMap;

use serde_json::Value;
use twilio_verify_emulator::{ConversionStatus, sample};

use crate::support::{Server, expected, json, leaves, now, stdout};

/// The rows of a csv or tsv, by the names of the header, without empty ones.
fn rows(text: &str, delimiter: u8) -> Vec<BTreeMap<String, String>> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
        .deserialize::<BTreeMap<String, String>>()
        .map(|row| {
            let mut row = row.unwrap();
            row.retain(|_, value| !value.is_empty());
            row
        })
        .collect()
}

#[test]
fn a_summary_in_every_format() {
    let server = Server::of_sample(1_234);
    let converted = sample(7, now(), 1_234)
        .iter()
        .filter(|attempt| attempt.conversion_status == ConversionStatus::Converted)
        .count();
    let command = || {
        let mut command = server.command();
        command.args(["attempts", "summary"]);
        command
    };

    let value = json(command().args(["-o", "json"]));
    assert_eq!(value["total_attempts"], 1_234);
    assert_eq!(value["total_converted"], converted);
    assert_eq!(value["total_unconverted"], 1_234 - converted);
    let rate = value["conversion_rate_percentage"].as_str().unwrap();
    let exact = converted as f64 / 1_234.0 * 100.0;
    assert!((rate.parse::<f64>().unwrap() - exact).abs() < 1e-8);

    for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
        let text = stdout(command().args(["--output", format]));
        assert_eq!(rows(&text, delimiter), [leaves(&value)], "{format}");
    }

    let text = stdout(&mut command());
    assert!(text.contains("1,234"), "{text}");
    assert!(text.contains(&converted.to_string()), "{text}");
    assert!(text.contains(&format!("{exact:.2} %")), "{text}");
    assert!(text.contains('█') && text.contains('░'), "{text}");
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn a_summary_of_nothing_has_no_rate() {
    let server = Server::of_sample(0);
    let text = stdout(server.command().args(["attempts", "summary"]));
    assert!(text.contains("no rate"), "{text}");
    let value = json(server.command().args(["attempts", "summary", "-o", "json"]));
    assert_eq!(value["total_attempts"], 0);
    assert_eq!(value.as_object().unwrap().get("conversion_rate_percentage"), Some(&Value::Null));
}

#[test]
fn a_list_in_every_format() {
    let server = Server::of_sample(75);
    let expected: Vec<_> =
        sample(7, now(), 75).iter().map(|attempt| expected(&server, attempt)).collect();
    let command = || {
        let mut command = server.command();
        command.args(["attempts", "list", "--no-limit"]);
        command
    };

    let value = json(command().args(["-o", "json"]));
    let listed = value["attempts"].as_array().unwrap();
    assert_eq!(listed.iter().map(leaves).collect::<Vec<_>>(), expected);
    assert_eq!(value.as_object().unwrap().len(), 1);
    // Fields that are null are there all the same.
    assert!(listed.iter().all(|attempt| attempt.get("price").is_some()));

    for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
        let text = stdout(command().args(["-o", format]));
        assert_eq!(rows(&text, delimiter), expected, "{format}");
        let header = text.lines().next().unwrap();
        for name in ["channel_data.to", "price.value", "price.currency"] {
            assert!(header.contains(name), "{header}");
        }
    }

    let text = stdout(&mut command());
    assert!(!text.contains('\u{1b}'), "{text:?}");
    assert_eq!(text.lines().count(), 76);
    for (line, attempt) in text.lines().skip(1).zip(&expected) {
        for path in ["sid", "channel", "channel_data.to", "conversion_status"] {
            assert!(line.contains(&attempt[path]), "{line}");
        }
        assert!(line.contains(&attempt["date_created"].replace('T', " ")[..19]));
    }
    // Columns are aligned: every SID begins in the column of its heading.
    let column = text.find("SID").unwrap();
    assert!(text.lines().all(|line| line[column..].len() <= 34));
}

#[test]
fn a_list_of_nothing_is_whole_in_every_format() {
    let server = Server::of_sample(0);
    let command = |format: &str| {
        let mut command = server.command();
        command.args(["attempts", "list", "-o", format]);
        command
    };
    assert_eq!(json(&mut command("json")), serde_json::json!({"attempts": []}));
    assert_eq!(stdout(&mut command("csv")).lines().count(), 1);
    assert_eq!(stdout(&mut command("tsv")).lines().count(), 1);
    assert_eq!(stdout(&mut command("table")), "no attempts\n");
}

#[test]
fn an_attempt_in_every_format() {
    let server = Server::of_sample(5);
    for (index, attempt) in sample(7, now(), 5).iter().enumerate() {
        let sid = attempt.sid.to_string();
        let expected = expected(&server, attempt);
        let command = |format: &str| {
            let mut command = server.command();
            // Both ways to name it.
            match index % 2 {
                0 => command.args(["attempts", "fetch", &sid, "-o", format]),
                _ => command.args(["attempts", "fetch", "--sid", &sid, "-o", format]),
            };
            command
        };
        assert_eq!(leaves(&json(&mut command("json"))), expected);
        let alone = std::slice::from_ref(&expected);
        assert_eq!(rows(&stdout(&mut command("csv")), b','), alone);
        assert_eq!(rows(&stdout(&mut command("tsv")), b'\t'), alone);
        let text = stdout(&mut command("table"));
        let shown: BTreeMap<String, String> = text
            .lines()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(path, value)| (path.to_owned(), value.trim().to_owned()))
            .collect();
        // The URL of the API is for programs.
        let mut for_people = expected.clone();
        for_people.remove("url");
        assert_eq!(shown, for_people);
    }
}

#[test]
fn what_a_terminal_would_obey_is_not_written_to_it() {
    let mut attempt = crate::support::attempt(1, now());
    attempt.channel_data.carrier = Some("\u{1b}[2Jx\ny".into());
    attempt.channel_data.extra.insert("new_field".into(), "\u{7}z".into());
    let sid = attempt.sid.to_string();
    let server = Server::start(
        twilio_verify_emulator::Emulator::builder()
            .clock(twilio_verify_emulator::ManualClock::at(now()))
            .attempts([attempt]),
    );
    let command = || {
        let mut command = server.command();
        command.args(["attempts", "fetch", &sid, "--color", "always"]);
        command
    };
    let text = stdout(&mut command());
    assert!(text.contains("\u{fffd}[2Jx\u{fffd}y"), "{text:?}");
    assert!(text.contains("\u{fffd}z"), "{text:?}");
    // For programs it is exact.
    let value = json(command().args(["-o", "json"]));
    assert_eq!(value["channel_data"]["carrier"], "\u{1b}[2Jx\ny");
    assert_eq!(value["channel_data"]["new_field"], "\u{7}z");
    let row = rows(&stdout(command().args(["-o", "csv"])), b',').remove(0);
    assert_eq!(row["channel_data.carrier"], "\u{1b}[2Jx\ny");
}

#[test]
fn colours_are_the_users_choice() {
    let server = Server::of_sample(3);
    let command = |color: &str| {
        let mut command = server.command();
        command.args(["attempts", "list", "--color", color]);
        command
    };
    let plain = stdout(&mut command("never"));
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(stdout(&mut command("auto")), plain);
    assert_eq!(stdout(command("auto").env("NO_COLOR", "1")), plain);
    assert!(stdout(&mut command("always")).contains('\u{1b}'));
    assert!(stdout(command("auto").env("CLICOLOR_FORCE", "1")).contains('\u{1b}'));
    assert_eq!(stdout(command("never").env("CLICOLOR_FORCE", "1")), plain);
    // Data never has colours.
    assert!(!stdout(command("always").args(["-o", "csv"])).contains('\u{1b}'));
    assert!(!stdout(command("always").args(["-o", "json"])).contains('\u{1b}'));
}

#[test]
fn what_is_told_is_told_on_stderr() {
    let server = Server::of_sample(3);
    for flag in ["-v", "-vv"] {
        let output = server
            .command()
            .args(["attempts", "list", "--to", crate::support::NUMBER, "-o", "json", flag])
            .output()
            .unwrap();
        assert!(output.status.success());
        serde_json::from_slice::<Value>(&output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("GET /v2/Attempts 200 "), "{stderr}");
        assert!(!stderr.contains("3003003030"), "{stderr}");
        assert!(!stderr.contains(server.emulator.auth_token()), "{stderr}");
        assert!(!stderr.contains('\u{1b}'), "{stderr}");
    }
}
