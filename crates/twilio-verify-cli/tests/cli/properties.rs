//! The properties that a flag chooses, and JSON with one object a line.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use assert_cmd::Command;
use serde_json::{Value, json};
use tests::scripted::Reply;
use twilio_verify_emulator::{Emulator, ManualClock};

use crate::support::{
    NUMBER, SERVICE, Server, attempt, contract, fails, json, now, of_service, scripted, stdout,
    with_credentials,
};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn list(format: &str, properties: &str) -> String {
    let clock = ManualClock::at(now());
    let server = Server::start(Emulator::builder().clock(clock).attempts([attempt(1, now())]));
    let arguments = ["attempts", "list", "-o", format, "--properties", properties];
    stdout(server.command().args(arguments))
}

#[test]
fn properties_are_chosen_in_every_format() {
    let properties = "conversion_status,channel_data.to,sid";
    let sid = "VL00000000000000000000000000000001";
    let object =
        json!({"conversion_status": "unconverted", "channel_data": {"to": NUMBER}, "sid": sid});
    let listed: Value = serde_json::from_str(&list("json", properties)).unwrap();
    assert_eq!(listed, json!({ "attempts": [object.clone()] }));
    assert_eq!(lines(&list("jsonl", properties)), [object]);
    let header = "conversion_status,channel_data.to,sid";
    assert_eq!(list("csv", properties), format!("{header}\nunconverted,{NUMBER},{sid}\n"));
    let tabs = |text: String| text.replace(',', "\t");
    assert_eq!(list("tsv", properties), tabs(format!("{header}\nunconverted,{NUMBER},{sid}\n")));
    let table = list("table", properties);
    let words: Vec<Vec<&str>> =
        table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words, [vec!["STATUS", "TO", "SID"], vec!["unconverted", NUMBER, sid]], "{table}");
}

#[test]
fn an_object_is_all_that_is_in_it() {
    let header = list("csv", "price,channel_data.country").lines().next().unwrap().to_owned();
    assert_eq!(header, "price.currency,price.value,channel_data.country");
    let listed: Value = serde_json::from_str(&list("json", "channel_data")).unwrap();
    assert_eq!(listed["attempts"][0]["channel_data"]["to"], NUMBER);
    assert_eq!(listed["attempts"][0].as_object().unwrap().len(), 1);
    // A table has no JSON in its cells.
    let table = list("table", "channel_data");
    assert!(table.contains("CHANNEL DATA.COUNTRY") && !table.contains('{'), "{table}");
    // A field that is not there is null, or empty.
    let listed: Value = serde_json::from_str(&list("json", "channel_data.carrier")).unwrap();
    assert_eq!(listed, json!({"attempts": [{"channel_data": {"carrier": null}}]}));
    assert_eq!(list("csv", "channel_data.carrier"), "channel_data.carrier\n\"\"\n");
}

#[test]
fn the_names_of_twilio_cli_are_understood() {
    let header = list("csv", "dateCreated, channelData.to,conversionStatus");
    assert!(header.starts_with("date_created,channel_data.to,conversion_status\n"), "{header}");
}

#[test]
fn one_resource_has_the_chosen_properties_too() {
    let server = contract();
    let fetch = ["services", "fetch", SERVICE, "--properties", "sid,totp.skew,links.webhooks"];
    let table = stdout(&mut server.command(&fetch));
    let names: Vec<&str> = table.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["sid", "totp.skew", "links.webhooks"], "{table}");
    let value = json(server.command(&fetch).args(["-o", "json"]));
    assert_eq!(value.as_object().unwrap().len(), 3, "{value}");
    assert!(value["totp"]["skew"].is_number() && value["links"]["webhooks"].is_string());
    let summary = ["attempts", "summary", "--properties", "total_converted"];
    let table = stdout(&mut server.command(&summary));
    assert!(table.starts_with("total_converted"), "{table}");
    let deleted = ["services", "delete", SERVICE, "--yes", "--properties", "sid", "-o", "csv"];
    assert_eq!(stdout(&mut server.command(&deleted)), format!("sid\n{SERVICE}\n"));
}

/// Before anything is sent.
#[test]
fn a_name_that_there_is_not_lists_those_that_there_are() {
    let update = of_service(&["webhooks", "update", "YWaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]);
    let update = [&update[..], &["--friendly-name", "x"]].concat();
    let start = of_service(&["verifications", "start", "--to", NUMBER, "--channel", "sms"]);
    let server = contract();
    for (arguments, known) in [
        (&["attempts", "list"][..], "channel_data.country"),
        (&["attempts", "summary"], "total_converted"),
        (&["attempts", "fetch", "VL00000000000000000000000000000001"], "conversion_status"),
        (&["services", "list"], "totp.skew"),
        (&["services", "delete", SERVICE, "--yes"], "deleted"),
        (&update, "webhook_url"),
        (&start, "send_code_attempts"),
    ] {
        for name in ["nonsense", "sid,nonsense", "sids", ""] {
            let properties = ["--properties", name];
            let stderr = fails(&mut server.command(&[arguments, &properties].concat()), 2);
            assert!(stderr.contains("--properties"), "{arguments:?}: {stderr}");
            assert!(stderr.contains(known), "{arguments:?}: {stderr}");
        }
    }
    assert!(server.server.asked().is_empty());
    let mut command = Command::from_std(with_credentials());
    fails(command.args(["attempts", "list", "--properties", NUMBER]), 2);
}

#[test]
fn jsonl_has_one_object_a_line() {
    let server = Server::of_sample(75);
    let command = |format: &str| {
        let mut command = server.command();
        command.args(["attempts", "list", "--no-limit", "--page-size", "20", "-o", format]);
        command
    };
    let whole = json(&mut command("json"));
    let found = lines(&stdout(&mut command("jsonl")));
    assert_eq!(found, *whole["attempts"].as_array().unwrap());
    let summary = ["attempts", "summary", "-o", "jsonl"];
    assert_eq!(lines(&stdout(server.command().args(summary))).len(), 1);
    let none = ["attempts", "list", "--country", "AQ", "-o", "jsonl"];
    assert_eq!(stdout(server.command().args(none)), "");
    let raw = ["api", "GET", "/v2/Services", "-o", "jsonl"];
    assert_eq!(lines(&stdout(server.command().args(raw))).len(), 1);
}

/// A reader has a page while the next is still awaited.
#[test]
fn jsonl_is_written_page_by_page() {
    let page = |sid: &str, next: &str| {
        format!(
            r#"{{"attempts":[{{"sid":"{sid}"}}],"meta":{{"key":"attempts","next_page_url":{next}}}}}"#
        )
    };
    let next = "\"/v2/Attempts?PageToken=x\"";
    let first = page("VL00000000000000000000000000000001", next);
    let server = scripted([Reply::json(200, &first), Reply::Stall(Vec::new())]);
    let list = ["attempts", "list", "--no-limit", "-o", "jsonl", "--timeout", "600"];
    let mut process = server.process(&list);
    let mut child = process.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let value: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(value["sid"], "VL00000000000000000000000000000001");
}
