//! `attempts export`.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::{Value, json};
use tests::scripted::Reply;

use crate::support::{NUMBER, Server, bare, fails, scripted, stdout};

/// The command, in a folder of its own.
fn export(server: &Server, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = server.command();
    command.current_dir(folder).args(["attempts", "export"]).args(arguments);
    command
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_attempt_is_in_every_format_with_the_columns_of_a_list() {
    let server = Server::of_sample(2_300);
    let folder = tempfile::tempdir().unwrap();
    let mut list = server.command();
    let list = stdout(list.args(["attempts", "list", "--no-limit", "-o", "csv"]));
    assert_eq!(list.lines().count(), 2_301);
    assert_eq!(stdout(&mut export(&server, folder.path(), &["-o", "csv"])), list);
    assert_eq!(stdout(&mut export(&server, folder.path(), &["-o", "attempts.csv"])), "");
    assert_eq!(fs::read_to_string(folder.path().join("attempts.csv")).unwrap(), list);
    // A format and a file, and formats by other names.
    let both = ["-o", "ndjson", "--output", "attempts.txt"];
    assert_eq!(stdout(&mut export(&server, folder.path(), &both)), "");
    let lines = fs::read_to_string(folder.path().join("attempts.txt")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2_300);
    let json = stdout(&mut export(&server, folder.path(), &["-o", "json"]));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["attempts"].as_array().unwrap()[..], lines[..]);
    let few = ["-o", "jsonl", "--properties", "sid,channel_data.country"];
    let few = stdout(&mut export(&server, folder.path(), &few));
    let first: Value = serde_json::from_str(few.lines().next().unwrap()).unwrap();
    assert_eq!(
        first,
        json!({"sid": lines[0]["sid"], "channel_data": {"country": lines[0]["channel_data"]["country"]}})
    );
}

#[test]
fn filters_are_applied_also_those_that_the_list_lacks() {
    let server = Server::of_sample(2_000);
    let folder = tempfile::tempdir().unwrap();
    let filters = ["--status", "unconverted", "--destination-prefix", "+57", "-o", "ndjson"];
    let lines = stdout(&mut export(&server, folder.path(), &filters));
    assert!(lines.lines().count() > 10, "{lines}");
    for line in lines.lines() {
        let attempt: Value = serde_json::from_str(line).unwrap();
        assert_eq!(attempt["conversion_status"], "unconverted");
        assert!(attempt["channel_data"]["to"].as_str().unwrap().starts_with("+57"));
    }
}

#[test]
fn a_file_that_exists_stays_unless_a_flag_says_so_and_nothing_is_left_of_a_failure() {
    let server = Server::of_sample(3);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("attempts.csv");
    fs::write(&file, "mine").unwrap();
    let said = fails(&mut export(&server, folder.path(), &["-o", "attempts.csv"]), 2);
    assert!(said.contains("exists") && said.contains("--force"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    stdout(&mut export(&server, folder.path(), &["-o", "attempts.csv", "--force"]));
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 4);
    let said = fails(&mut export(&server, folder.path(), &["-o", "none/attempts.csv"]), 1);
    assert!(said.contains("can't be written"), "{said}");
    // The second page fails.
    let page = json!({ "attempts": [{"sid": "VL00000000000000000000000000000001"}],
        "meta": { "key": "attempts", "next_page_url": "https://verify.twilio.com/v2/Attempts?Page=1&PageToken=x" } });
    let broken = scripted([
        Reply::json(200, &page.to_string()),
        Reply::json(400, "{\"code\": 20001, \"message\": \"No\"}"),
    ]);
    let mut command = broken.command(&["attempts", "export", "-o", "second.csv"]);
    fails(command.current_dir(folder.path()), 1);
    assert_eq!(names(folder.path()), ["attempts.csv"]);
}

#[test]
fn invalid_requests_are_named_before_anything_is_sent() {
    let server = scripted([]);
    for (arguments, words) in [
        (&[][..], "no format was given"),
        (&["-o", "table"], "no format was given"),
        (&["-o", "attempts.doc"], "ends with no format"),
        (&["-o", "csv", "-o", "json"], "more than one format"),
        (&["-o", "a.csv", "-o", "b.csv"], "more than one"),
        (&["-o", "csv", "--properties", "town"], "--properties"),
        (&["-o", "json", "--bom"], "--bom"),
        (&["-o", "csv", "--date-created-after", "1d", "--date-created-before", "2d"], "precedes"),
    ] {
        let said = fails(&mut server.command(&[&["attempts", "export"], arguments].concat()), 2);
        assert!(said.contains(words), "{words}\n{said}");
    }
}

#[test]
fn a_spreadsheet_runs_nothing_of_it() {
    let attempt = json!({
        "sid": "VL00000000000000000000000000000001",
        "channel_data": { "to": NUMBER, "carrier": "Owl;=1+1" },
    });
    let body = json!({ "attempts": [attempt], "meta": { "key": "attempts" } }).to_string();
    let server = scripted([Reply::json(200, &body)]);
    let properties = "channel_data.to,channel_data.carrier";
    let export = ["attempts", "export", "-o", "csv", "--properties", properties];
    assert_eq!(
        stdout(&mut server.command(&export)),
        format!("channel_data.to,channel_data.carrier\n{NUMBER},Owl;'=1+1\n")
    );
}

#[test]
fn what_the_program_was_built_without_is_named() {
    let server = scripted([]);
    for (is_built, feature, arguments) in [
        (cfg!(feature = "xlsx"), "xlsx", &["export", "-o", "a.xlsx"][..]),
        (cfg!(feature = "archive"), "archive", &["export", "-o", "a.parquet"]),
        (cfg!(feature = "archive"), "archive", &["export", "--from-archive", "x", "-o", "csv"]),
        (
            cfg!(feature = "archive"),
            "archive",
            &["breakdown", "--by", "day", "--from-archive", "x"],
        ),
        (cfg!(feature = "plots"), "plots", &["breakdown", "--by", "day", "--plot"]),
        (cfg!(feature = "plots"), "plots", &["report", "--live", "-o", "a.html"]),
    ] {
        if is_built {
            continue;
        }
        let arguments = [&["attempts"], arguments].concat();
        // What reads an archive takes no URL.
        let mut command = match arguments.contains(&"--from-archive") {
            true => Command::from_std(bare()),
            false => server.command(&[]),
        };
        let said = fails(command.args(arguments), 2);
        let feature = format!("`{feature}`");
        for word in [feature.as_str(), "cargo install", "--features"] {
            assert!(said.contains(word), "{word}\n{said}");
        }
    }
}

#[test]
fn the_help_shows_what_there_is() {
    for (command, words) in [
        ("export", &["parquet", "xlsx", "--from-archive", "--force", "Examples"][..]),
        ("report", &["--live", "--fee", "--prefix-digits", "report.html", "Examples"]),
        ("breakdown", &["--from-archive", "--plot", "Examples"]),
    ] {
        let mut help = Command::from_std(bare());
        let help = stdout(help.args(["attempts", command, "--help"]));
        for word in words {
            assert!(help.contains(word), "{command}: {word}\n{help}");
        }
    }
}

#[cfg(feature = "xlsx")]
#[test]
fn a_workbook_is_a_file_or_a_stream() {
    let server = Server::of_sample(100);
    let folder = tempfile::tempdir().unwrap();
    stdout(&mut export(&server, folder.path(), &["-o", "attempts.xlsx"]));
    let file = fs::read(folder.path().join("attempts.xlsx")).unwrap();
    let stream = export(&server, folder.path(), &["-o", "xlsx"]).output().unwrap();
    for bytes in [file, stream.stdout] {
        assert!(bytes.starts_with(b"PK\x03\x04") && bytes.len() > 4_000, "{}", bytes.len());
    }
    assert_eq!(names(folder.path()), ["attempts.xlsx"]);
}
