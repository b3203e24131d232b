//! The emulator as a command, and within one.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command as StdCommand, Stdio};

use assert_cmd::Command;
use serde_json::Value;
use twilio_verify_emulator::SAMPLE_SERVICES;

use crate::support::{NUMBER, SECRET, attempts, bare, fails, json, stdout, with_credentials};

/// A process that is ended with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Starts an emulator, and gives what it writes up to a line.
    fn start(arguments: &[&str], last: &str) -> (Self, Vec<String>) {
        let mut command = bare();
        command
            .arg("emulator")
            .args(arguments)
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let running = Self(child);
        let mut lines = Vec::new();
        for line in stdout.lines() {
            lines.push(line.unwrap());
            if lines.iter().any(|line| line.starts_with(last)) {
                break;
            }
        }
        (running, lines)
    }
}

/// A client of the emulator whose words are these.
fn client(lines: &[String]) -> (Command, String) {
    let mut command = Command::from_std(bare());
    for line in lines {
        if let Some((name, value)) = line
            .strip_prefix("export ")
            .and_then(|pair| pair.split_once('='))
        {
            command.env(name, value);
        }
    }
    let example = lines
        .iter()
        .find(|line| line.starts_with("twilio-verify "))
        .unwrap();
    command.args(example.split(' ').skip(1));
    (command, example.clone())
}

#[test]
fn what_it_prints_can_be_pasted() {
    let (_running, lines) = Running::start(&["--sample", "123"], "curl ");
    let (mut command, example) = client(&lines);
    assert!(example.ends_with("attempts summary"), "{example}");
    let value = json(command.args(["-o", "json"]));
    assert_eq!(value["total_attempts"], 123);

    let curl = lines.last().unwrap();
    let url = value["url"].as_str().unwrap();
    assert!(curl.contains(url), "{curl}");
    // Another token is refused: it is the printed one that opens.
    fails(command.env("TWILIO_AUTH_TOKEN", SECRET), 3);
}

#[test]
fn a_program_can_read_where_it_is() {
    let (_running, lines) = Running::start(&["-o", "json", "--sample", "5"], "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    let mut command = Command::from_std(bare());
    let text = |name: &str| started[name].as_str().unwrap().to_owned();
    command
        .env("TWILIO_ACCOUNT_SID", text("account_sid"))
        .env("TWILIO_AUTH_TOKEN", text("auth_token"))
        .args([
            "--base-url",
            &text("url"),
            "attempts",
            "summary",
            "-o",
            "json",
        ]);
    assert_eq!(json(&mut command)["total_attempts"], started["attempts"]);
}

#[test]
fn it_serves_what_a_list_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attempts.json");
    let server = crate::support::Server::start(
        twilio_verify_emulator::Emulator::builder()
            .clock(twilio_verify_emulator::ManualClock::at(
                crate::support::now(),
            ))
            .attempts(attempts(7)),
    );
    let list = stdout(server.command().args(["attempts", "list", "-o", "json"]));
    std::fs::write(&path, list).unwrap();

    let (_running, lines) = Running::start(&["--attempts", path.to_str().unwrap()], "curl ");
    let (mut command, _) = client(&lines);
    assert_eq!(json(command.args(["-o", "json"]))["total_attempts"], 7);
}

#[test]
fn a_file_that_it_cannot_serve_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attempts.json");
    for text in ["", "{}", "[{}]", &format!("[{{\"sid\":\"{NUMBER}\"}}]")] {
        std::fs::write(&path, text).unwrap();
        let mut command = Command::from_std(bare());
        let stderr = fails(command.args(["emulator", "--attempts"]).arg(&path), 2);
        assert!(stderr.contains("--attempts"), "{stderr}");
    }
    let mut command = Command::from_std(bare());
    let stderr = fails(
        command
            .args(["emulator", "--attempts"])
            .arg(folder.path().join("none")),
        2,
    );
    assert!(stderr.contains("none"), "{stderr}");
}

#[test]
fn it_is_not_for_other_machines_unless_that_is_said() {
    for host in ["0.0.0.0", "::", "192.0.2.1"] {
        let mut command = Command::from_std(bare());
        let stderr = fails(command.args(["emulator", "--host", host]), 2);
        assert!(stderr.contains("--allow-non-loopback"), "{stderr}");
    }
    let arguments = ["--host", "0.0.0.0", "--allow-non-loopback", "--sample", "1"];
    let (_running, lines) = Running::start(&arguments, "curl ");
    assert!(lines[0].contains("http://127.0.0.1:"), "{lines:?}");
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "--port", &port]), 1);
    assert!(stderr.contains("cannot listen"), "{stderr}");
}

#[test]
fn a_fresh_clone_needs_no_environment() {
    let run = |arguments: &[&str]| {
        let mut command = Command::from_std(bare());
        command.arg("--emulator").args(arguments);
        stdout(&mut command)
    };
    let text = run(&["attempts", "summary"]);
    assert!(text.contains("10,000") && text.contains(" %"), "{text}");

    let list: Value = serde_json::from_str(&run(&["attempts", "list", "-o", "json"])).unwrap();
    let attempts = list["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 50);
    let service = attempts[0]["service_sid"].as_str().unwrap();
    assert!(SAMPLE_SERVICES.iter().any(|own| own.to_string() == service));

    // The attempts are the same the next time.
    let sid = attempts[0]["sid"].as_str().unwrap();
    assert!(run(&["attempts", "fetch", sid]).contains(service));
}

#[test]
fn the_environment_does_not_lead_the_embedded_one_elsewhere() {
    let mut command = Command::from_std(with_credentials());
    command
        .env("TWILIO_REGION", "A B")
        .env("TWILIO_ACCOUNT_SID", "nonsense")
        .args(["attempts", "summary", "--emulator"]);
    assert!(stdout(&mut command).contains("10,000"));
}

#[test]
fn proxies_do_not_stand_between_it_and_the_program() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let mut command = Command::from_std(bare());
        // Nothing listens there.
        command
            .env(name, "http://127.0.0.1:1")
            .args(["attempts", "summary", "--emulator"]);
        assert!(stdout(&mut command).contains("10,000"), "{name}");
    }
}

#[test]
fn the_embedded_one_has_more_than_attempts() {
    let run = |arguments: &[&str]| {
        let mut command = Command::from_std(bare());
        json(
            command
                .arg("--emulator")
                .args(arguments)
                .args(["-o", "json"]),
        )
    };
    let created = run(&["services", "create", "--friendly-name", "Shop"]);
    assert_eq!(created["friendly_name"], "Shop");
    // The next command asks another one, made from the same seed.
    let services = run(&["services", "list"])["services"].clone();
    assert_eq!(services, serde_json::json!([]));
    assert_eq!(
        run(&["services", "create", "--friendly-name", "Shop"])["sid"],
        created["sid"]
    );
}

#[test]
fn the_account_and_its_token_can_be_chosen() {
    let account = "ACffffffffffffffffffffffffffffffff";
    let (_running, lines) =
        Running::start(&["--account-sid", account, "--auth-token", SECRET], "curl ");
    let (mut command, _) = client(&lines);
    command
        .env("TWILIO_ACCOUNT_SID", account)
        .env("TWILIO_AUTH_TOKEN", SECRET);
    let summary = json(command.args(["-o", "json"]));
    assert_eq!(summary["total_attempts"], 10_000);

    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "--auth-token", ""]), 2);
    assert!(stderr.contains("--auth-token"), "{stderr}");
    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "--account-sid", "AC1"]), 2);
    assert!(stderr.contains("--account-sid"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn it_ends_well_when_it_is_told_to() {
    for signal in ["-INT", "-TERM"] {
        let (mut running, _) = Running::start(&["--sample", "1"], "curl ");
        let pid = running.0.id().to_string();
        assert!(
            StdCommand::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(running.0.wait().unwrap().code(), Some(0), "{signal}");
    }
}
