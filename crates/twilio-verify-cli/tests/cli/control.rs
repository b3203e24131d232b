//! Commands for a running emulator.

use assert_cmd::Command;
use serde_json::Value;
use twilio_verify_emulator::Emulator;

use crate::support::{NUMBER, SECRET, Server, bare, fails, json, stdout};

const EMAIL: &str = "user@example.com";

/// An emulator with a service, and how to reach it.
struct Running {
    server: Server,
    service: String,
}

impl Running {
    fn start() -> Self {
        let server = Server::start(Emulator::builder());
        let create = ["services", "create", "--friendly-name", "Shop", "-o", "json"];
        let created = json(server.command().args(create));
        Self { server, service: created["sid"].as_str().unwrap().to_owned() }
    }

    /// `emulator` with these arguments, in an environment that holds nothing but its URL.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::from_std(bare());
        command
            .env("TWILIO_VERIFY_EMULATOR_URL", self.server.emulator.url())
            .arg("emulator")
            .args(arguments);
        command
    }

    fn json(&self, arguments: &[&str]) -> Value {
        json(self.command(arguments).args(["-o", "json"]))
    }

    fn start_verification(&self, to: &str) -> String {
        let start = ["verifications", "start", "--channel", "sms", "--to", to, "--service-sid"];
        stdout(self.server.command().args(start).arg(&self.service));
        self.server.emulator.outbox().code_for(to).unwrap()
    }
}

#[test]
fn codes_are_read_in_every_format() {
    let running = Running::start();
    let first = running.start_verification(NUMBER);
    let second = running.start_verification("+14155550100");
    let alone = stdout(&mut running.command(&["codes", "--to", NUMBER]));
    assert_eq!(alone, format!("{first}\n"));

    let codes = running.json(&["codes"])["codes"].clone();
    let pairs: Vec<_> =
        codes.as_array().unwrap().iter().map(|code| (&code["to"], &code["code"])).collect();
    // The newest first.
    assert_eq!(
        pairs,
        [
            (&"+14155550100".into(), &second.as_str().into()),
            (&NUMBER.into(), &first.as_str().into())
        ]
    );

    let csv = stdout(&mut running.command(&["codes", "--to", NUMBER, "-o", "csv"]));
    assert!(csv.starts_with("to,code,channel,sent_at,"), "{csv}");
    assert!(csv.lines().nth(1).unwrap().starts_with(&format!("{NUMBER},{first},sms,")), "{csv}");
    let table = stdout(&mut running.command(&["codes"]));
    assert!(table.contains(&first) && table.contains("CODE"), "{table}");

    let stderr = fails(&mut running.command(&["codes", "--to", EMAIL]), 4);
    assert!(stderr.contains("no code was sent"), "{stderr}");
}

#[test]
fn the_outbox_is_listed_and_cleared() {
    let running = Running::start();
    let code = running.start_verification(NUMBER);
    running.start_verification("+14155550100");
    let list = |arguments: &[&str]| running.json(arguments)["messages"].as_array().unwrap().clone();
    assert_eq!(list(&["outbox"]).len(), 2);
    let messages = list(&["outbox", "--to", NUMBER]);
    assert_eq!(messages.len(), 1);
    assert!(messages[0]["text"].as_str().unwrap().contains(&code));
    let table = stdout(&mut running.command(&["outbox"]));
    assert!(table.contains("TEXT") && table.contains(&code), "{table}");

    assert_eq!(stdout(&mut running.command(&["outbox", "--clear"])), "cleared\n");
    assert!(list(&["outbox"]).is_empty());
}

#[test]
fn the_clock_is_advanced() {
    let running = Running::start();
    let now = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let before = now(running.json(&["advance", "1"])["now"].as_str().unwrap());
    let after = now(running.json(&["advance", "1h30m"])["now"].as_str().unwrap());
    let passed = (after - before).num_seconds();
    assert!((5400..5460).contains(&passed), "{passed}");
    let table = stdout(&mut running.command(&["advance", "1d"]));
    assert!(table.contains(':'), "{table}");
    for by in ["0", "1500ms", "-1", NUMBER, "99999999999y"] {
        let stderr = fails(&mut running.command(&["advance", "--", by]), 2);
        assert!(stderr.contains("<DURATION>") && stderr.contains("such as 30s"), "{stderr}");
    }
    let stderr = fails(&mut running.command(&["advance"]), 2);
    assert!(stderr.contains("<DURATION>"), "{stderr}");
}

#[test]
fn faults_are_added_listed_and_removed() {
    let running = Running::start();
    let added = running.json(&[
        "fault",
        "ListService:429,retry-after=2; *:latency=1ms..2ms",
        "CreateService:503",
    ]);
    assert_eq!(added["faults"].as_array().unwrap().len(), 3);
    assert_eq!(added["faults"][0]["effect"], "429");
    assert_eq!(added["faults"][0]["retry_after"], 2);
    let ids = |value: &Value| -> Vec<u64> {
        value["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| fault["id"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(ids(&running.json(&["fault"])), [1, 2, 3]);
    let csv = stdout(&mut running.command(&["fault", "-o", "csv"]));
    assert!(csv.starts_with("id,operation,effect,"), "{csv}");
    assert_eq!(stdout(&mut running.command(&["fault", "--remove", "2"])), "removed\n");
    assert_eq!(ids(&running.json(&["fault"])), [1, 3]);
    let stderr = fails(&mut running.command(&["fault", "--remove", "9"]), 2);
    assert!(stderr.contains("no fault has this id"), "{stderr}");
    assert_eq!(running.json(&["fault", "--clear"])["done"], "cleared");
    assert!(ids(&running.json(&["fault"])).is_empty());
    let stderr = fails(&mut running.command(&["fault", NUMBER]), 2);
    assert!(stderr.contains("operation"), "{stderr}");
}

#[test]
fn a_reset_deletes_everything() {
    let running = Running::start();
    running.start_verification(NUMBER);
    assert_eq!(stdout(&mut running.command(&["reset"])), "reset\n");
    assert!(running.server.emulator.outbox().is_empty());
    let services = json(running.server.command().args(["services", "list", "-o", "json"]));
    assert_eq!(services["services"].as_array().unwrap().len(), 0);
}

#[test]
fn its_url_is_a_flag_or_that_of_all_commands() {
    let running = Running::start();
    let url = running.server.emulator.url();
    for flag in ["--url", "--base-url"] {
        let mut command = Command::from_std(bare());
        stdout(command.args(["emulator", "codes", flag, url]));
    }
    for (flag, value) in [("--region", "ie1"), ("--edge", "dublin")] {
        let stderr = fails(&mut running.command(&["codes", flag, value]), 2);
        assert!(stderr.contains(flag), "{stderr}");
    }
    fails(&mut running.command(&["codes", "--emulator"]), 2);
    // The flags of an emulator that is to be started are not those of one that runs.
    let mut command = Command::from_std(bare());
    fails(command.args(["emulator", "--port", "1", "codes"]), 2);
}

#[test]
fn where_none_runs_that_is_said() {
    for (url, exit) in [("http://127.0.0.1:1", 6), ("https://127.0.0.1:1", 6)] {
        for arguments in [&["codes"][..], &["outbox"], &["advance", "1s"], &["fault"], &["reset"]] {
            let mut command = Command::from_std(bare());
            command.arg("emulator").args(arguments).args(["--url", url, "-o", "json"]);
            let stderr = fails(&mut command, exit);
            assert!(stderr.contains(&format!("no emulator responds at {url}")), "{stderr}");
            assert!(stderr.contains("help: start one with `twilio-verify emulator`"), "{stderr}");
            assert!(stderr.contains("--url"), "{stderr}");
        }
    }
    // Something else responds there.
    let server = crate::support::scripted([tests::scripted::Reply::json(404, "{}")]);
    let mut command = server.command(&["emulator", "codes"]);
    let stderr = fails(&mut command, 4);
    assert!(stderr.contains("no emulator responds"), "{stderr}");
    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["emulator", "codes", "--url", NUMBER]), 2);
    assert!(stderr.contains("--url"), "{stderr}");
}

#[test]
fn one_that_others_can_reach_wants_its_token() {
    let builder = Emulator::builder()
        .address("0.0.0.0:0".parse().unwrap())
        .allow_non_loopback(true)
        .auth_token(SECRET);
    let server = Server::start(builder);
    let port = server.emulator.url().rsplit(':').next().unwrap();
    let url = format!("http://127.0.0.1:{port}");
    let mut command = Command::from_std(bare());
    fails(command.args(["emulator", "codes", "--url", &url]), 3);
    let mut command = Command::from_std(bare());
    command
        .env("TWILIO_ACCOUNT_SID", server.emulator.account_sid())
        .env("TWILIO_AUTH_TOKEN", SECRET);
    stdout(command.args(["emulator", "codes", "--url", &url]));
}
