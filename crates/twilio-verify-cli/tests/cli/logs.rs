//! What `-v` and `-vv` show, and what an emulator logs.

use std::io::Read;
use std::process::{Command as StdCommand, Stdio};

use assert_cmd::Command;
use serde_json::{Value, json};
use tests::scripted::Reply;
use twilio_verify::Channel;

use crate::emulator::{Running, library};
use crate::support::{CODE, NUMBER, SERVICE, Server, bare, of_service, scripted};

fn stderr_of(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    String::from_utf8(output.stderr).unwrap().lines().map(str::to_owned).collect()
}

/// Whether a line is a request's, such as `GET /v2/Services 200 12ms RQ…`.
fn is_request(line: &str, begin: &str) -> bool {
    let mut rest = line.strip_prefix(begin).unwrap_or_default().split(' ').skip(1);
    let took = rest.next().and_then(|took| took.strip_suffix("ms"));
    took.is_some_and(|took| took.parse::<u64>().is_ok())
        && rest.next().is_some_and(|id| id.starts_with("RQ"))
}

#[test]
fn each_request_is_a_short_line() {
    let server = Server::of_sample(3);
    let lines = stderr_of(server.command().args(["services", "list", "-v"]));
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(is_request(&lines[0], "GET /v2/Services 200"), "{lines:?}");

    let fetch = ["attempts", "fetch", "VLffffffffffffffffffffffffffffffff", "-v"];
    let lines = stderr_of(server.command().args(fetch));
    assert!(is_request(&lines[0], "GET /v2/Attempts/{Sid} 404"), "{lines:?}");
    assert!(lines[0].ends_with(" code 20404"), "{lines:?}");

    let lines = stderr_of(server.command().args(["services", "list", "-vv"]));
    assert!(lines.iter().any(|line| is_request(line, "GET /v2/Services 200")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("connect")), "{lines:?}");
}

#[test]
fn a_wait_is_a_line_as_well() {
    let wait = Reply::with(429, &[("Retry-After", "0"), ("Twilio-Request-Id", "RQ1")], "");
    let server = scripted([wait, Reply::json(200, &json!({ "sid": SERVICE }).to_string())]);
    let lines = stderr_of(&mut server.command(&["services", "fetch", SERVICE, "-v"]));
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(is_request(&lines[0], "GET /v2/Services/{Sid} 429"), "{lines:?}");
    assert_eq!(lines[1], "status 429; waiting 0ms to send the request again");
    assert!(lines[2].starts_with("GET /v2/Services/{Sid} 200 "), "{lines:?}");

    let lost = scripted([Reply::Close]);
    let lines = stderr_of(&mut lost.command(&of_service(&[
        "verifications",
        "start",
        "--to",
        NUMBER,
        "--channel",
        "sms",
        "-v",
    ])));
    assert!(lines[0].starts_with("POST /v2/Services/{ServiceSid}/Verifications - "), "{lines:?}");
    assert!(lines[0].contains("the connection was lost"), "{lines:?}");
}

#[test]
fn a_long_wait_is_not_shown_where_no_person_looks() {
    let wait = Reply::with(429, &[("Retry-After", "1")], "");
    let server = scripted([wait, Reply::json(200, &json!({ "sid": SERVICE }).to_string())]);
    assert_eq!(stderr_of(&mut server.command(&["services", "fetch", SERVICE])), [""; 0]);
}

#[test]
fn no_log_shows_what_is_private() {
    let server = Server::of_sample(3);
    for arguments in [
        &["safe-list", "fetch", NUMBER][..],
        &["attempts", "list", "--to", NUMBER],
        &of_service(&["verifications", "check", "--to", NUMBER, "--code", CODE]),
        &of_service(&["verifications", "fetch", "--to", NUMBER]),
        &["api", "GET", "/v2/SafeList/Numbers/+573003003030"],
        &["api", "GET", "/v2/Nothing/+573003003030", "-q", "To=+573003003030"],
    ] {
        for flag in ["-v", "-vv"] {
            let lines = stderr_of(server.command().args(arguments).arg(flag));
            assert!(!lines.is_empty(), "{arguments:?}");
            for line in lines {
                for private in ["3003003030", CODE, server.emulator.auth_token()] {
                    assert!(!line.contains(private), "{arguments:?}: {line}");
                }
            }
        }
    }
}

/// What an emulator with these flags writes to stderr while a code is sent.
#[cfg(unix)]
fn logged(flags: &[&str]) -> String {
    let mut command = bare();
    command.args(["emulator", "--sample", "0", "-o", "json"]).args(flags).stderr(Stdio::piped());
    let (mut running, lines) = Running::run(command, "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = library(&started);
        let service = client.services().create("Shop").send().await.unwrap();
        let verifications = client.service(service.sid.unwrap()).verifications();
        verifications.start(NUMBER, Channel::Sms).send().await.unwrap();
        verifications.fetch(NUMBER.to_owned()).await.unwrap();
    });
    let pid = running.0.id().to_string();
    assert!(StdCommand::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let mut stderr = String::new();
    running.0.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert!(!stderr.contains("3003003030"), "{stderr}");
    stderr
}

#[cfg(unix)]
#[test]
fn an_emulator_logs_its_requests() {
    let stderr = logged(&[]);
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{stderr}");
    assert!(is_request(lines[0], "POST /v2/Services 201"), "{stderr}");
    assert!(lines[1].starts_with("POST /v2/Services/VA"), "{stderr}");
    assert!(lines[1].contains("/Verifications 201 "), "{stderr}");
    assert!(lines[2].contains("/Verifications/{Sid} 200 "), "{stderr}");
    // Codes are for a person who looks: not where they would be kept.
    assert!(!stderr.contains("code "), "{stderr}");

    let stderr = logged(&["-vv"]);
    assert!(stderr.contains("connection accepted"), "{stderr}");
    assert!(stderr.contains("POST /v2/Services 201 "), "{stderr}");
}

/// The log's pipe fills, and nobody reads it.
#[cfg(unix)]
#[test]
fn an_emulator_does_not_wait_for_a_reader_of_its_log() {
    let mut command = bare();
    command.args(["emulator", "--sample", "0", "-o", "json"]).stderr(Stdio::piped());
    let (running, lines) = Running::run(command, "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = library(&started);
        // More than a pipe holds, and than wait to be written.
        for _ in 0..2500 {
            client.services().list().limit(1).items().try_next().await.unwrap();
        }
    });
    drop(running);
}
