//! Files that a spreadsheet opens: it runs no cell, and knows the characters.

use serde_json::json;
use tests::scripted::Reply;

use crate::support::{NUMBER, SERVICE, fails, scripted, stdout};

const FORMULAS: [&str; 9] = [
    "=HYPERLINK(\"https://a.example\",\"Owl\")",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
];

fn service(name: &str) -> Reply {
    Reply::json(200, &json!({ "sid": SERVICE, "friendly_name": name }).to_string())
}

/// The name of a service in a file.
fn cell(name: &str, flags: &[&str]) -> String {
    let server = scripted([service(name)]);
    let fetch = ["services", "fetch", SERVICE, "--properties", "friendly_name"];
    let text = stdout(&mut server.command(&[&fetch[..], flags].concat()));
    let delimiter = if flags.contains(&"tsv") { b'\t' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!(row.len(), 1, "{text:?}");
    row[0].to_owned()
}

#[test]
fn a_formula_is_not_run_unless_a_flag_says_so() {
    for format in ["csv", "tsv"] {
        for formula in FORMULAS {
            assert_eq!(cell(formula, &["-o", format]), format!("'{formula}"));
            assert_eq!(cell(formula, &["-o", format, "--raw"]), formula);
            // An apostrophe of the value can be told from one that was added.
            let quoted = format!("'{formula}");
            assert_eq!(cell(&quoted, &["-o", format]), format!("'{quoted}"));
        }
        for other in ["Owl", "'Owl'", "1=1", "a@b", NUMBER, "-0.005", "+0.5"] {
            assert_eq!(cell(other, &["-o", format]), other);
        }
    }
}

#[test]
fn numbers_and_prices_are_written_as_they_are() {
    let attempt = json!({
        "sid": "VL00000000000000000000000000000001",
        "channel_data": { "to": NUMBER, "carrier": "=1+1" },
        "price": { "value": "-0.0050", "currency": "usd" },
    });
    let body = json!({ "attempts": [attempt], "meta": { "key": "attempts" } }).to_string();
    let server = scripted([Reply::json(200, &body), Reply::json(200, &body)]);
    let properties = "channel_data.to,channel_data.carrier,price.value";
    let list = ["attempts", "list", "-o", "csv", "--properties", properties];
    let header = "channel_data.to,channel_data.carrier,price.value\n";
    assert_eq!(stdout(&mut server.command(&list)), format!("{header}{NUMBER},'=1+1,-0.0050\n"));
    let raw = [&list[..], &["--raw"]].concat();
    assert_eq!(stdout(&mut server.command(&raw)), format!("{header}{NUMBER},=1+1,-0.0050\n"));
}

#[test]
fn json_and_tables_are_not_changed() {
    for format in ["json", "jsonl", "table"] {
        let server = scripted([service("=1+1")]);
        let fetch = ["services", "fetch", SERVICE, "-o", format];
        let text = stdout(&mut server.command(&fetch));
        assert!(text.contains("=1+1") && !text.contains("'=1+1"), "{text}");
    }
}

#[test]
fn a_byte_order_mark_is_written_if_a_flag_says_so() {
    for format in ["csv", "tsv"] {
        let server = scripted([service("Ñandú"), service("Ñandú")]);
        let fetch = ["services", "fetch", SERVICE, "-o", format];
        let without = stdout(&mut server.command(&fetch));
        let with = stdout(&mut server.command(&[&fetch[..], &["--bom"]].concat()));
        assert_eq!(with, format!("\u{feff}{without}"));
        assert!(!without.starts_with('\u{feff}'));
    }
    let body = json!({ "services": [], "meta": { "key": "services" } }).to_string();
    let server = scripted([Reply::json(200, &body)]);
    let list = ["services", "list", "-o", "csv", "--bom"];
    assert!(stdout(&mut server.command(&list)).starts_with('\u{feff}'));
}

#[test]
fn the_flags_are_for_these_formats_only() {
    for flag in ["--raw", "--bom"] {
        for format in ["table", "json", "jsonl"] {
            let server = scripted([]);
            let list = ["services", "list", flag, "-o", format];
            let stderr = fails(&mut server.command(&list), 2);
            assert!(stderr.contains(flag), "{stderr}");
        }
    }
}

#[test]
fn the_help_says_how_a_file_is_read_without_loss() {
    let server = scripted([]);
    for list in ["attempts", "services"] {
        let text = stdout(&mut server.command(&[list, "list", "--help"]));
        for word in ["--raw", "--bom", "apostrophe", "spreadsheet"] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
}
