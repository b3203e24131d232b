//! The emulator as a command, and within one.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command as StdCommand, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use assert_cmd::Command;
use serde_json::Value;
use twilio_verify::{Channel, Client, Credentials, RetryPolicy, ServiceSid};
use twilio_verify_emulator::SAMPLE_SERVICES;

use crate::support::{NUMBER, SECRET, attempts, bare, fails, json, stdout, with_credentials};

/// A process that is ended with the test, however that ends.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Starts an emulator, and gives what it writes up to a line.
    pub(crate) fn start(arguments: &[&str], last: &str) -> (Self, Vec<String>) {
        let mut command = bare();
        // Its log would be among the results of the tests.
        command.arg("emulator").args(arguments).stderr(Stdio::null());
        Self::run(command, last)
    }

    pub(crate) fn run(mut command: StdCommand, last: &str) -> (Self, Vec<String>) {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
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
        if let Some((name, value)) =
            line.strip_prefix("export ").and_then(|pair| pair.split_once('='))
        {
            command.env(name, value.trim_matches('\''));
        }
    }
    let example = lines.iter().find(|line| line.starts_with("twilio-verify ")).unwrap();
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
    // Another token than the printed one is rejected.
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
        .args(["--base-url", &text("url"), "attempts", "summary", "-o", "json"]);
    assert_eq!(json(&mut command)["total_attempts"], started["attempts"]);
}

#[test]
fn it_serves_what_a_list_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attempts.json");
    let server = crate::support::Server::start(
        twilio_verify_emulator::Emulator::builder()
            .clock(twilio_verify_emulator::ManualClock::at(crate::support::now()))
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
    let stderr = fails(command.args(["emulator", "--attempts"]).arg(folder.path().join("none")), 2);
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
    command.env("TWILIO_REGION", "A B").env("TWILIO_ACCOUNT_SID", "nonsense").args([
        "attempts",
        "summary",
        "--emulator",
    ]);
    assert!(stdout(&mut command).contains("10,000"));
}

#[test]
fn proxies_do_not_stand_between_it_and_the_program() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let mut command = Command::from_std(bare());
        // Nothing listens there.
        command.env(name, "http://127.0.0.1:1").args(["attempts", "summary", "--emulator"]);
        assert!(stdout(&mut command).contains("10,000"), "{name}");
    }
}

#[test]
fn the_embedded_one_has_more_than_attempts() {
    let run = |arguments: &[&str]| {
        let mut command = Command::from_std(bare());
        json(command.arg("--emulator").args(arguments).args(["-o", "json"]))
    };
    let services = run(&["services", "list"])["services"].clone();
    let sids = services.as_array().unwrap().iter();
    let sids: Vec<_> = sids.map(|service| service["sid"].as_str().unwrap()).collect();
    assert_eq!(sids.len(), SAMPLE_SERVICES.len());
    let start = ["verifications", "start", "--to", NUMBER, "--channel", "sms"];
    let started = run(&[&start[..], &["--service-sid", sids[0]]].concat());
    assert_eq!(started["status"], "pending");
    // The next command asks another one, made from the same seed.
    let again = run(&[&start[..], &["--service-sid", sids[0]]].concat());
    assert_eq!(again["sid"], started["sid"]);
    let create = ["services", "create", "--friendly-name", "Shop"];
    assert_eq!(run(&create)["friendly_name"], "Shop");
    assert_eq!(run(&["services", "list"])["services"].as_array().unwrap().len(), sids.len());
}

#[test]
fn the_account_and_its_token_can_be_chosen() {
    let account = "ACffffffffffffffffffffffffffffffff";
    let (_running, lines) =
        Running::start(&["--account-sid", account, "--auth-token", SECRET], "curl ");
    let (mut command, _) = client(&lines);
    command.env("TWILIO_ACCOUNT_SID", account).env("TWILIO_AUTH_TOKEN", SECRET);
    let summary = json(command.args(["-o", "json"]));
    assert_eq!(summary["total_attempts"], 10_000);

    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "--auth-token", ""]), 2);
    assert!(stderr.contains("--auth-token"), "{stderr}");
    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "--account-sid", "AC1"]), 2);
    assert!(stderr.contains("--account-sid"), "{stderr}");
}

#[cfg(target_os = "linux")]
#[test]
fn with_tls_what_it_prints_can_be_pasted_too() {
    let (mut running, lines) = Running::start(&["--tls", "--sample", "123"], "curl ");
    let (mut command, example) = client(&lines);
    assert!(example.contains(" https://127.0.0.1:"), "{example}");
    let value = json(command.args(["-o", "json"]));
    assert_eq!(value["total_attempts"], 123);
    // Whose CA is another one is not trusted.
    let (_other, others) = Running::start(&["--tls"], "curl ");
    let authority = |lines: &[String]| lines.last().unwrap().split('\'').nth(1).unwrap().to_owned();
    fails(command.env("SSL_CERT_FILE", authority(&others)), 6);

    let file = &authority(&lines);
    assert!(std::fs::exists(file).unwrap(), "{file}");
    let pid = running.0.id().to_string();
    let kill = StdCommand::new("kill").args(["-INT", &pid]).status();
    assert!(kill.unwrap().success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    assert!(!std::fs::exists(file).unwrap(), "{file}");
}

#[test]
fn the_ca_is_written_where_it_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let file = path.to_str().unwrap();
    let (_running, lines) = Running::start(&["--tls", "--tls-ca", file, "-o", "json"], "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(started["ca_certificate"], file);
    let pem = std::fs::read_to_string(&path).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");

    let nowhere = folder.path().join("none").join("ca.pem");
    let mut command = Command::from_std(bare());
    let arguments = ["emulator", "--tls", "--tls-ca", nowhere.to_str().unwrap()];
    let stderr = fails(command.args(arguments), 2);
    assert!(stderr.contains("--tls-ca"), "{stderr}");
    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "--tls-ca", file]), 2);
    assert!(stderr.contains("--tls"), "{stderr}");
}

#[test]
fn faults_come_from_the_command_line_or_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faults");
    let lines = "# the first\nFetchVerificationAttemptsSummary:401,on=1\nListService:503 # always";
    std::fs::write(&path, lines).unwrap();
    let json = folder.path().join("faults.json");
    let text = r#"[{"effect": 401, "on": 1, "operation": "FetchVerificationAttemptsSummary"}]"#;
    std::fs::write(&json, text).unwrap();
    for faults in [lines.lines().nth(1).unwrap(), path.to_str().unwrap(), json.to_str().unwrap()] {
        let (_running, lines) = Running::start(&["--faults", faults], "curl ");
        let (mut command, _) = client(&lines);
        fails(&mut command, 3);
        assert!(stdout(&mut command).contains("10,000"), "{faults}");
    }
    for (faults, part) in [
        (NUMBER, "operation"),
        ("*:503=2", "probability"),
        ("*:503;*:on=1", "fault 2: `effect`"),
        (folder.path().to_str().unwrap(), "operation"),
    ] {
        let mut command = Command::from_std(bare());
        let stderr = fails(command.args(["emulator", "--faults", faults]), 2);
        assert!(stderr.contains("--faults") && stderr.contains(part), "{stderr}");
    }
}

#[test]
fn urls_begin_as_clients_reach_it() {
    let url = "http://emulator.example:8080";
    let (_running, lines) = Running::start(&["--public-url", url, "-o", "json"], "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(started["url"], url);
    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "--public-url", NUMBER]), 2);
    assert!(stderr.contains("--public-url"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_data_file_keeps_what_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("verify.data");
    let file = path.to_str().unwrap();
    let arguments = ["--data", file, "--sample", "7", "-o", "json"];
    let (mut running, lines) = Running::start(&arguments, "{");
    let services = |lines: &[String], arguments: &[&str]| {
        let started: Value = serde_json::from_str(&lines[0]).unwrap();
        let mut command = Command::from_std(bare());
        command
            .env("TWILIO_ACCOUNT_SID", started["account_sid"].as_str().unwrap())
            .env("TWILIO_AUTH_TOKEN", started["auth_token"].as_str().unwrap())
            .args(["--base-url", started["url"].as_str().unwrap(), "services"])
            .args(arguments);
        (stdout(&mut command), started["attempts"].clone())
    };
    services(&lines, &["create", "--friendly-name", "Kept"]);

    // It is this one's alone while it runs.
    let mut second = Command::from_std(bare());
    let stderr = fails(second.args(["emulator"]).args(arguments), 2);
    assert!(stderr.contains("--data") && stderr.contains("in use"), "{stderr}");

    running.0.kill().unwrap();
    running.0.wait().unwrap();
    let (_running, lines) = Running::start(&arguments, "{");
    let (list, attempts) = services(&lines, &["list"]);
    assert!(list.contains("Kept"), "{list}");
    assert_eq!(attempts, 7);

    std::fs::write(folder.path().join("other"), "nothing of an emulator's").unwrap();
    let mut other = Command::from_std(bare());
    let stderr = fails(other.args(["emulator", "--data"]).arg(folder.path().join("other")), 2);
    assert!(stderr.contains("--data"), "{stderr}");
}

/// A client of an emulator that wrote this of itself, and sends everything once.
pub(crate) fn library(started: &Value) -> Client {
    let text = |name: &str| started[name].as_str().unwrap();
    Client::builder()
        .credentials(Credentials::auth_token(text("account_sid"), text("auth_token")))
        .base_url(text("url"))
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

/// Makes services, and starts a verification in each, until there is no response;
/// gives the services' SIDs and the count of what was sent.
async fn ask_until_the_end(client: Client, answers: Arc<AtomicUsize>) -> (Vec<ServiceSid>, u64) {
    let (mut made, mut sent) = (Vec::new(), 0);
    while let Ok(service) = client.services().create("Shop").send().await {
        let sid = service.sid.unwrap();
        made.push(sid.clone());
        let verifications = client.service(sid).verifications();
        match verifications.start(NUMBER, Channel::Sms).send().await {
            Ok(_) => sent += 1,
            // Too many to one number, after a while.
            Err(error) if error.status() == Some(429) => {}
            Err(_) => break,
        }
        answers.fetch_add(1, Ordering::Relaxed);
    }
    (made, sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("verify.data");
    let arguments = ["--data", path.to_str().unwrap(), "--sample", "0", "-o", "json"];
    let (mut services, mut sent) = (Vec::new(), 0);
    for round in 1..=3 {
        let (mut running, lines) = Running::start(&arguments, "{");
        let client = library(&serde_json::from_str(&lines[0]).unwrap());
        let answers = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..8)
            .map(|_| tokio::spawn(ask_until_the_end(client.clone(), Arc::clone(&answers))))
            .collect();
        // In the midst of it.
        while answers.load(Ordering::Relaxed) < 10 * round {
            tokio::task::yield_now().await;
        }
        running.0.kill().unwrap();
        running.0.wait().unwrap();
        for client in clients {
            let (more, count) = client.await.unwrap();
            services.extend(more);
            sent += count;
        }
    }
    let (_running, lines) = Running::start(&arguments, "{");
    let client = library(&serde_json::from_str(&lines[0]).unwrap());
    for sid in &services {
        client.services().fetch(sid.clone()).await.unwrap();
    }
    let all: HashSet<&str> = services.iter().map(|sid| sid.as_str()).collect();
    assert_eq!(all.len(), services.len(), "no SID is given twice");
    let summary = client.attempts().summary().send().await.unwrap();
    assert!(summary.total_attempts >= sent, "{sent} were answered");
}

/// POSTs JSON to an emulator, and gives the status and the body of its response.
#[cfg(target_os = "linux")]
fn post(started: &Value, path: &str, body: &Value) -> (u16, String) {
    let host = started["url"].as_str().unwrap().strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// A disk that is full for this process alone: its files may not grow.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_nothing_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("verify.data");
    let arguments = ["--data", path.to_str().unwrap(), "--sample", "0", "-o", "json"];
    // Without the trap, a write beyond the limit is a signal that ends the process.
    let in_shell = |limits: &str| {
        let mut command = StdCommand::new("sh");
        command.args(["-c", &format!("trap '' XFSZ; {limits} exec \"$@\""), "sh"]);
        command.arg(bare().get_program()).arg("emulator").args(arguments);
        command
    };
    // Full from the start.
    let stderr = fails(&mut Command::from_std(in_shell("ulimit -f 8;")), 2);
    assert!(stderr.contains("--data") && stderr.contains("File too large"), "{stderr}");
    assert!(!stderr.contains("delete"), "{stderr}");

    let (mut running, lines) = Running::run(in_shell(""), "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    let client = library(&started);
    let pid = running.0.id().to_string();
    let limit = |size: &str| {
        let limit = format!("--fsize={size}:");
        assert!(
            StdCommand::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap().success()
        );
    };

    limit(&std::fs::metadata(&path).unwrap().len().to_string());
    let mut count = 0;
    let (status, message) = loop {
        let attempts: Vec<Value> = (count..count + 100)
            .map(|number: u64| {
                serde_json::json!({
                    "sid": format!("VL{number:032x}"),
                    "service_sid": SAMPLE_SERVICES[0],
                    "verification_sid": format!("VE{number:032x}"),
                    "date_created": "2026-03-02T21:02:33Z",
                    "conversion_status": "converted",
                    "channel": "sms",
                    "channel_data": { "carrier": "a".repeat(10_000) },
                })
            })
            .collect();
        count += 100;
        let (status, body) = post(&started, "/_emulator/attempts", &attempts.into());
        if status != 201 {
            break (status, body);
        }
        assert!(count < 100_000, "the file grows");
    };
    assert_eq!(status, 507, "{message}");
    for part in ["in memory only", "File too large", "only read are served", "Make room"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    // Reads go on, and show what is in memory; writes are rejected.
    let summary = client.attempts().summary().send().await.unwrap();
    assert_eq!(summary.total_attempts, count);
    for _ in 0..2 {
        let error = client.services().create("Shop").send().await.unwrap_err();
        assert_eq!(error.status(), Some(507));
        assert_eq!(error.code(), Some(20507));
        assert!(client.services().list().items().try_next().await.unwrap().is_none());
    }
    let (_, message) = post(&started, "/_emulator/reset", &Value::Null);
    assert!(message.contains("was not processed"), "{message}");
    // What is not in the file is not rejected.
    let (status, _) =
        post(&started, "/_emulator/clock", &serde_json::json!({ "advance_seconds": 1 }));
    assert_eq!(status, 200);

    limit("unlimited");
    let made = client.services().create("Shop").send().await.unwrap();
    assert!(StdCommand::new("kill").args(["-KILL", &pid]).status().unwrap().success());
    running.0.wait().unwrap();
    let (_running, lines) = Running::start(&arguments, "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(started["attempts"], count);
    library(&started).services().fetch(made.sid.unwrap()).await.unwrap();
}

#[cfg(unix)]
#[test]
fn it_names_what_is_wrong_with_its_data_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("verify.data");
    let file = path.to_str().unwrap();
    let arguments = ["--data", file, "--sample", "1", "-o", "json"];
    let stderr_of = || {
        let mut command = bare();
        command.arg("emulator").args(arguments).stderr(Stdio::piped());
        let (mut running, _) = Running::run(command, "{");
        let pid = running.0.id().to_string();
        assert!(StdCommand::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let mut stderr = String::new();
        running.0.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        stderr
    };
    assert_eq!(stderr_of(), "");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let stderr = stderr_of();
    assert!(stderr.starts_with("note: ") && stderr.contains("644"), "{stderr}");
}

#[test]
fn more_hosts_can_be_accepted() {
    let (_running, lines) = Running::start(&["--accept-host", "verify.test", "-o", "json"], "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    let address = started["url"].as_str().unwrap().strip_prefix("http://").unwrap();
    for (host, expected) in [("verify.test:8080", "401"), ("example.com", "403")] {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let request =
            format!("GET /v2/Services HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected} ")), "{answer}");
    }
    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "--accept-host", "a:1"]), 2);
    assert!(stderr.contains("--accept-host"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn it_ends_well_when_it_is_told_to() {
    for signal in ["-INT", "-TERM"] {
        let (mut running, _) = Running::start(&["--sample", "1"], "curl ");
        let pid = running.0.id().to_string();
        assert!(StdCommand::new("kill").args([signal, &pid]).status().unwrap().success());
        assert_eq!(running.0.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn its_flags_can_come_from_the_environment() {
    let account = "ACffffffffffffffffffffffffffffffff";
    let mut command = bare();
    command.args(["emulator", "-o", "json"]).envs([
        ("TWILIO_VERIFY_EMULATOR_SAMPLE", "3"),
        ("TWILIO_VERIFY_EMULATOR_PORT", "0"),
        ("TWILIO_VERIFY_EMULATOR_ACCOUNT_SID", account),
        ("TWILIO_VERIFY_EMULATOR_AUTH_TOKEN", SECRET),
        ("TWILIO_VERIFY_EMULATOR_TLS", "yes"),
        ("TWILIO_VERIFY_EMULATOR_ACCEPT_HOST", "verify.test,other.test"),
        ("TWILIO_VERIFY_EMULATOR_FAULTS", "ListService:503;*:latency=1ms"),
    ]);
    let (_running, lines) = Running::run(command, "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(started["attempts"], 3);
    assert_eq!(started["account_sid"], account);
    assert_eq!(started["auth_token"], SECRET);
    assert!(started["url"].as_str().unwrap().starts_with("https://"));

    // A flag takes precedence.
    let mut command = bare();
    command.args(["emulator", "--sample", "2", "-o", "json"]);
    command.env("TWILIO_VERIFY_EMULATOR_SAMPLE", "3");
    let (_running, lines) = Running::run(command, "{");
    assert_eq!(serde_json::from_str::<Value>(&lines[0]).unwrap()["attempts"], 2);

    let help = stdout(Command::from_std(bare()).args(["emulator", "--help"]));
    for name in ["PORT", "HOST", "DATA", "SEED", "SAMPLE", "TLS", "TLS_CA", "FAULTS", "PUBLIC_URL"]
    {
        assert!(help.contains(&format!("[env: TWILIO_VERIFY_EMULATOR_{name}]")), "{name}: {help}");
    }
}

#[test]
fn what_twilio_leaves_open_can_be_chosen() {
    let arguments = [
        "--sample",
        "400",
        "--sample-ahead",
        "15d",
        "--created-after",
        "exclusive",
        "--created-before",
        "inclusive",
        "--summary-retention",
        "10d",
        "--list-lag",
        "30",
        "--price-delay",
        "12h",
        "-o",
        "json",
    ];
    let (_running, lines) = Running::start(&arguments, "{");
    let started: Value = serde_json::from_str(&lines[0]).unwrap();
    let text = |name: &str| started[name].as_str().unwrap().to_owned();
    let client = |arguments: &[&str]| {
        let mut command = Command::from_std(bare());
        command
            .env("TWILIO_ACCOUNT_SID", text("account_sid"))
            .env("TWILIO_AUTH_TOKEN", text("auth_token"))
            .args(["--base-url", &text("url")])
            .args(arguments);
        json(&mut command)
    };
    assert_eq!(
        client(&["api", "GET", "/_emulator/info"])["attempts"],
        serde_json::json!({
            "created_after_is_inclusive": false,
            "created_before_is_inclusive": true,
            "retention": 2_592_000.0,
            "summary_retention": 864_000.0,
            "as_of_clock": true,
            "list_lag": 30.0,
            "summary_lag": 0.0,
            "price_delay": 43_200.0,
            "delivery_delay": null,
        })
    );
    // Half of them are still to come, and summaries have forgotten some of the others.
    assert_eq!(started["attempts"], 400);
    let total = client(&["attempts", "summary", "-o", "json"])["total_attempts"].as_u64().unwrap();
    assert!((1..250).contains(&total), "{total}");

    for (flag, value) in [("--list-lag", "soon"), ("--created-after", "both")] {
        let mut command = Command::from_std(bare());
        let stderr = fails(command.args(["emulator", flag, value]), 2);
        assert!(stderr.contains(flag), "{stderr}");
    }
}

#[test]
fn attacks_are_injected_and_the_truth_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("truth.json");
    let file = path.to_str().unwrap();
    let (pumping, others) =
        ("pumping prefix=+99899394 for=1h rate=60/h", "drip prefix=+992; voice prefix=+373");
    let arguments = ["--sample", "100", "--inject", pumping, "--inject", others, "--truth", file];
    let (_running, lines) = Running::start(&arguments, "curl ");
    let truth: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let scenarios = truth["scenarios"].as_array().unwrap();
    let kinds: Vec<_> = scenarios.iter().map(|own| &own["kind"]).collect();
    assert_eq!(kinds, ["pumping", "drip", "voice"]);
    assert_eq!(scenarios[0]["attempts"], 60);
    assert_eq!(scenarios[0]["sids"].as_array().unwrap().len(), 60);
    let (mut command, _) = client(&lines);
    let all = json(command.args(["-o", "json"]));
    assert_eq!(all["total_attempts"], 100 + 60 + 576 + 300);

    for (scenario, field) in [("pumping", "prefix"), ("pumping prefix=+1 rate=9", "rate")] {
        let mut command = Command::from_std(bare());
        let stderr = fails(command.args(["emulator", "--inject", scenario]), 2);
        assert!(stderr.contains("--inject <SCENARIO>"), "{stderr}");
        assert!(stderr.contains(&format!("`{field}`: ")), "{stderr}");
    }
    let mut command = Command::from_std(bare());
    let missing = folder.path().join("none").join("truth.json");
    command.args(["emulator", "--inject", pumping, "--truth"]).arg(missing);
    assert!(fails(&mut command, 2).contains("--truth <FILE>"));
}

#[test]
fn what_is_wrong_is_named_by_its_variable_or_by_its_flag() {
    for (name, value) in [
        ("TWILIO_VERIFY_EMULATOR_PORT", "99999"),
        ("TWILIO_VERIFY_EMULATOR_AUTH_TOKEN", "5ec2e75ec2e75ec2e75ec2e75ec2e75e\n"),
        ("TWILIO_VERIFY_EMULATOR_FAULTS", NUMBER),
    ] {
        let mut command = Command::from_std(bare());
        let stderr = fails(command.arg("emulator").env(name, value), 2);
        assert!(stderr.starts_with(&format!("error: {name}: ")), "{stderr}");
    }
    for value in [&format!("{SECRET}\n"), &format!("{SECRET} "), &format!(" {SECRET}")] {
        let mut command = Command::from_std(bare());
        command.args(["emulator", "--auth-token", value]);
        // The flag is what is wrong, whatever the environment says.
        let stderr = fails(command.env("TWILIO_VERIFY_EMULATOR_AUTH_TOKEN", "good"), 2);
        assert!(stderr.starts_with("error: --auth-token <TOKEN>: "), "{stderr}");
        assert!(stderr.contains("white space"), "{stderr}");
    }
}

#[test]
fn two_run_at_once_without_a_port() {
    let url = |lines: &[String]| {
        let started: Value = serde_json::from_str(&lines[0]).unwrap();
        started["url"].as_str().unwrap().to_owned()
    };
    let arguments = ["--sample", "0", "-o", "json"];
    let (_one, one) = Running::start(&arguments, "{");
    let (_other, other) = Running::start(&arguments, "{");
    assert_ne!(url(&one), url(&other));
}

#[test]
fn what_the_embedded_one_is_told_is_lost_and_that_is_said() {
    let note = |arguments: &[&str]| {
        let mut command = Command::from_std(bare());
        let output = command.arg("--emulator").args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    for arguments in [
        &["services", "create", "--friendly-name", "Shop"][..],
        &["api", "POST", "/v2/Services", "-d", "FriendlyName=Shop"],
    ] {
        let stderr = note(arguments);
        assert!(stderr.starts_with("note: this emulator ends with the command"), "{stderr}");
        assert!(stderr.contains("`twilio-verify emulator`"), "{stderr}");
    }
    for arguments in
        [&["services", "list"][..], &["attempts", "summary"], &["api", "get", "/v2/Services"]]
    {
        assert_eq!(note(arguments), "", "{arguments:?}");
    }
}
