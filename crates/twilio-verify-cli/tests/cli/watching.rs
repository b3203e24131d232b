//! `attempts watch` and `attempts replay`.

use assert_cmd::Command;
use chrono::Utc;
use serde_json::Value;
use tests::scripted::{Reply, Scripted};
use twilio_verify_emulator::{Emulator, EmulatorBuilder, sample};

use crate::support::{Server, fails, hosted};

const PREFIX: &str = "+99899394";

/// A month of attempts, and an attack that goes on.
fn attacked() -> Server {
    let attack = format!("pumping prefix={PREFIX} start=-40m for=2h rate=10/m");
    Server::start(account().scenario(attack.parse().unwrap()).as_of_clock(true))
}

fn account() -> EmulatorBuilder {
    Emulator::builder().attempts(sample(7, Utc::now(), 2_000))
}

fn watch(server: &Server, arguments: &[&str]) -> Command {
    let mut command = server.command();
    command.args(["attempts", "watch"]).args(arguments);
    command
}

/// Runs a command that must end with a code. Gives its stdout and stderr.
fn ends(command: &mut Command, code: i32) -> (String, String) {
    let output = command.assert().code(code).get_output().clone();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

fn objects(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn one_look_ends_with_8_if_there_are_findings() {
    let server = attacked();
    for format in ["json", "jsonl"] {
        let (stdout, stderr) = ends(&mut watch(&server, &["--once", "-o", format]), 8);
        let [finding] = &objects(&stdout)[..] else { panic!("one: {stdout}") };
        assert_eq!(finding["state"], "started");
        assert_eq!(finding["kind"], "pumping");
        assert_eq!(finding["cell"]["country"], "UZ");
        let prefix = finding["cell"]["prefix"].as_str().unwrap();
        assert!(PREFIX.starts_with(prefix) && prefix.len() > 5, "{prefix}");
        assert_eq!(finding["currency"], "USD");
        assert!(finding["cost"].as_str().unwrap().parse::<f64>().unwrap() > 100.0, "{finding}");
        assert!(finding["text"].as_str().unwrap().starts_with("started pumping: UZ"), "{finding}");
        assert!(stderr.contains("attempts since") && stderr.contains("calls"), "{stderr}");
    }
    let (stdout, _) = ends(&mut watch(&server, &["--once"]), 8);
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    assert!(stdout.contains(" started pumping: UZ +99899394 sms"), "{stdout}");
    let properties = "kind,cell.prefix,attempts";
    let arguments = ["--once", "-o", "csv", "--properties", properties];
    let (stdout, _) = ends(&mut watch(&server, &arguments), 8);
    assert_eq!(stdout.lines().next(), Some(properties));
    assert!(stdout.lines().nth(1).unwrap().starts_with("pumping,"), "{stdout}");
    // It does not cost as much.
    let arguments = ["--once", "--min-cost", "100000", "-o", "json"];
    let (stdout, _) = ends(&mut watch(&server, &arguments), 8);
    assert!(objects(&stdout).iter().all(|finding| finding["kind"] != "pumping"), "{stdout}");
    // It is not in this country.
    ends(&mut watch(&server, &["--once", "--country", "CO"]), 0);
}

#[test]
fn one_look_ends_with_0_if_there_are_none() {
    let server = Server::start(account());
    let (stdout, stderr) = ends(&mut watch(&server, &["--once", "-o", "json"]), 0);
    assert_eq!(stdout, "");
    assert!(stderr.starts_with("note: "), "{stderr}");
    // A smaller budget gives a shorter history.
    let last = server.emulator.requests().len();
    let (_, stderr) = ends(&mut watch(&server, &["--once", "--budget", "1"]), 0);
    assert_eq!(server.emulator.requests().len(), last + 1);
    assert!(stderr.contains("--budget is too small"), "{stderr}");
}

#[test]
fn what_is_invalid_is_said_before_anything_is_sent() {
    let server = Server::start(account());
    for (arguments, words) in [
        (&["--every", "5s"][..], "100 calls a minute"),
        (&["--every", "2h"], "1h at most"),
        (&["--every", "1m", "--once"], "--once"),
        (&["--min-cost", "-1"], "--min-cost"),
        (&["--false-discovery", "2"], "--false-discovery"),
        (&["--budget", "0"], "--budget"),
        (&["--exec", " "], "--exec"),
        (&["--webhook", "hooks.example.com/secret-path"], "--webhook"),
        (&["--webhook", "ftp://hooks.example.com/secret-path"], "https nor http"),
        (&["--properties", "colour"], "no property"),
        (&["--country", "XX"], "--country"),
    ] {
        let output = watch(&server, arguments).assert().code(2).get_output().clone();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words) && !said.contains("secret-path"), "{words}\n{said}");
    }
    let mut command = watch(&server, &["--once"]);
    let said = fails(command.env("TWILIO_VERIFY_WEBHOOK", "secret-path"), 2);
    assert!(said.contains("TWILIO_VERIFY_WEBHOOK") && !said.contains("secret-path"), "{said}");
    assert!(server.emulator.requests().is_empty());
}

#[test]
fn credentials_that_are_rejected_end_it() {
    let server = Server::start(account());
    let token = "0123456789abcdef0123456789abcdef";
    let mut command = watch(&server, &[]);
    let said = fails(command.env("TWILIO_AUTH_TOKEN", token), 3);
    assert!(!said.contains(token), "{said}");
}

#[test]
fn a_webhook_gets_the_finding_though_it_fails_first() {
    let server = attacked();
    let replies = [Reply::json(503, "{}"), Reply::json(200, "{}")];
    let webhook = hosted(Scripted::start(replies), Scripted::url);
    let url = format!("{}/services/secret-path", webhook.url());
    let (stdout, stderr) =
        ends(&mut watch(&server, &["--once", "-o", "json", "--webhook", &url]), 8);
    let received = webhook.server.received();
    assert_eq!(received.len(), 2, "{stderr}");
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(received[1].target(), "/services/secret-path");
    assert_eq!(received[1].header("content-type"), Some("application/json"));
    assert!(received[1].head.starts_with("POST "), "{}", received[1].head);
    assert_eq!(received[1].header("authorization"), None);
    let sent: Value = serde_json::from_str(&received[1].body).unwrap();
    assert_eq!(objects(&stdout), std::slice::from_ref(&sent));
    assert!(sent["text"].as_str().unwrap().contains("pumping"), "{sent}");
    assert!(!stderr.contains("--webhook"), "{stderr}");
}

#[test]
fn a_webhook_that_rejects_a_finding_is_noted() {
    let server = attacked();
    let webhook = hosted(Scripted::start([Reply::json(404, "{}")]), Scripted::url);
    let url = format!("{}/services/secret-path", webhook.url());
    let mut command = watch(&server, &["--once", "-vv"]);
    let (stdout, stderr) = ends(command.env("TWILIO_VERIFY_WEBHOOK", url), 8);
    assert_eq!(webhook.server.received().len(), 1);
    assert_eq!(stdout.lines().count(), 1);
    assert!(
        stderr.contains("--webhook: 127.0.0.1: status 404; finding 1 was not sent"),
        "{stderr}"
    );
    assert!(!stderr.contains("secret-path"), "{stderr}");
}

#[test]
fn a_webhook_may_have_a_certificate_of_a_private_authority() {
    let server = attacked();
    // It asks for credentials, which a webhook is not sent.
    let webhook = Server::start(Emulator::builder().tls(true));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, webhook.emulator.ca_certificate_pem().unwrap()).unwrap();
    let url = format!("{}/services/secret-path", webhook.emulator.url());
    let mut command = watch(&server, &["--once", "--webhook", &url]);
    let (_, stderr) = ends(command.env("TWILIO_CA_BUNDLE", &file), 8);
    assert!(stderr.contains("status 401; finding 1 was not sent"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_command_gets_the_finding_in_its_environment() {
    let server = attacked();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("environment");
    let line = format!("env > '{}'; echo said; exit 3", file.display());
    let mut command = watch(&server, &["--once", "-o", "json", "--exec", &line]);
    command.env("TWILIO_API_KEY", "").env("PATH", "/usr/bin:/bin");
    let (stdout, stderr) = ends(&mut command, 8);
    let [finding] = &objects(&stdout)[..] else { panic!("one: {stdout}") };
    assert!(stderr.contains("said\n"), "{stderr}");
    assert!(stderr.contains("--exec: finding 1: the command failed: exit status: 3"), "{stderr}");
    let environment = std::fs::read_to_string(file).unwrap();
    let value = |name: &str| {
        let name = format!("TWILIO_VERIFY_{name}=");
        let value = environment.lines().find_map(|line| line.strip_prefix(&name));
        value.unwrap_or_else(|| panic!("{name}\n{environment}"))
    };
    let json: Value = serde_json::from_str(value("FINDING")).unwrap();
    assert_eq!(json, *finding);
    assert_eq!(value("KIND"), "pumping");
    assert_eq!(value("STATE"), "started");
    assert_eq!(value("COUNTRY"), "UZ");
    assert_eq!(value("PREFIX"), finding["cell"]["prefix"]);
    assert_eq!(value("COST"), finding["cost"]);
    assert_eq!(value("CURRENCY"), "USD");
    assert_eq!(value("ATTEMPTS"), finding["attempts"].to_string());
    assert_eq!(value("TEXT"), finding["text"]);
    for secret in ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", server.emulator.auth_token()] {
        assert!(!environment.contains(secret), "{secret}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_and_what_it_runs() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let server = attacked();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let line = format!("echo $$ > '{}'; exec sleep 600", file.display());
    let own = watch(&server, &["-o", "json", "--exec", &line]);
    let mut command = std::process::Command::new(own.get_program());
    command.args(own.get_args()).env_clear();
    command.envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("PATH", "/usr/bin:/bin");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let finding: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(finding["kind"], "pumping");
    let moment = || std::thread::sleep(std::time::Duration::from_millis(50));
    let runs = loop {
        match std::fs::read_to_string(&file) {
            Ok(pid) if pid.ends_with('\n') => break pid.trim().to_owned(),
            _ => moment(),
        }
    };
    let signal = |name: &str, pid: &str| {
        let mut kill = std::process::Command::new("kill");
        kill.args([name, pid]).stderr(Stdio::null()).status().unwrap().success()
    };
    assert!(signal("-0", &runs));
    // The first one gives what runs a moment, the next one does not.
    let status = loop {
        signal("-INT", &child.id().to_string());
        moment();
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
    };
    assert_eq!(status.code(), Some(130));
    assert!(!signal("-0", &runs), "it runs on");
}

#[cfg(unix)]
#[test]
fn a_server_that_is_away_does_not_end_it() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let replies = [Reply::Close];
    let away = hosted(Scripted::start(replies), Scripted::url);
    let mut command = away.process(&["attempts", "watch", "--timeout", "300ms"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let said = lines.next().unwrap().unwrap();
    assert!(said.starts_with("note: ") && said.contains("trying again"), "{said}");
    assert!(child.try_wait().unwrap().is_none());
    let mut kill = std::process::Command::new("kill");
    assert!(kill.args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[cfg(feature = "archive")]
mod archived {
    use chrono::{SecondsFormat, TimeDelta, Utc};

    use super::{attacked, ends, objects, watch};
    use crate::support::{bare, fails};
    use crate::sync::Place;

    #[test]
    fn the_history_comes_from_an_archive_and_what_is_missing_from_the_api() {
        let (server, place) = (attacked(), Place::new());
        place.sync(server.command(), &[]).assert().success();
        let last = server.emulator.requests().len();
        let archive = place.archive().display().to_string();
        let arguments = ["--once", "-o", "json", "--from-archive", &archive];
        let (stdout, _) = ends(&mut watch(&server, &arguments), 8);
        assert_eq!(server.emulator.requests().len(), last + 1);
        let [finding] = &objects(&stdout)[..] else { panic!("one: {stdout}") };
        assert_eq!(finding["cell"]["country"], "UZ");
        let live = ends(&mut watch(&server, &["--once", "-o", "json"]), 8).0;
        let [live] = &objects(&live)[..] else { panic!("one: {live}") };
        assert_eq!((&live["cell"], &live["from"]), (&finding["cell"], &finding["from"]));
        let missing = place.archive().join("missing").display().to_string();
        let said = fails(&mut watch(&server, &["--once", "--from-archive", &missing]), 2);
        assert!(said.contains("--from-archive"), "{said}");
    }

    #[test]
    fn a_replay_says_when_it_would_have_been_found() {
        let (server, place) = (attacked(), Place::new());
        place.sync(server.command(), &[]).assert().success();
        let begin = Utc::now() - TimeDelta::minutes(90);
        let from = begin.to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut command = assert_cmd::Command::from_std(bare());
        command.args(["attempts", "replay", "-o", "json", "--from", &from]).arg(place.archive());
        let (stdout, stderr) = ends(&mut command, 0);
        let all = objects(&stdout);
        let mut pumping = all.iter().filter(|finding| finding["kind"] == "pumping");
        let (Some(finding), None) = (pumping.next(), pumping.next()) else {
            panic!("one: {stdout}")
        };
        assert_eq!(finding["state"], "started");
        let date = |name: &str| -> chrono::DateTime<Utc> {
            finding[name].as_str().unwrap().parse().unwrap()
        };
        // As it was then.
        assert!(date("at") - date("from") <= TimeDelta::minutes(5), "{finding}");
        assert!(finding["attempts"].as_u64().unwrap() < 60, "{finding}");
        assert!(stderr.contains("pumping 1"), "{stderr}");

        let mut command = assert_cmd::Command::from_std(bare());
        command.args(["attempts", "replay", "--from", "2020-01-01"]).arg(place.archive());
        assert!(fails(&mut command, 2).contains("--from"));
        let mut command = assert_cmd::Command::from_std(bare());
        command.args(["attempts", "replay"]).arg(place.archive().join("missing"));
        assert!(fails(&mut command, 2).contains("attempts replay <DIR>"));
    }
}
