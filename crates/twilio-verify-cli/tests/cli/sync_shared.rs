//! `attempts sync` by several processes into one archive.

use std::process::{Child, Stdio};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::Value;
use twilio_verify_emulator::{Attempt, Emulator};

use crate::support::{Server, attempt};
use crate::sync::{Place, expected, server, sids};

const PROCESSES: usize = 4;

/// Attempts of 24 days.
fn many() -> Vec<Attempt> {
    let newest = Utc::now() - TimeDelta::minutes(5);
    let at = |number: u128| newest - TimeDelta::minutes(5) * i32::try_from(number).unwrap();
    (1..=7_000).map(|number| attempt(number, at(number))).collect()
}

fn start(server: &Server, place: &Place, arguments: &[&str]) -> Child {
    let sync = place.sync(server.command(), &[&["--numbers", "none"], arguments].concat());
    let mut command = std::process::Command::new(sync.get_program());
    command.args(sync.get_args()).env_clear();
    command.envs(sync.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// How many lists were responded to.
fn lists(server: &Server) -> usize {
    let requests = server.emulator.requests();
    let is_list = |path: &str, status| path.ends_with("/Attempts") && status == 200;
    requests.iter().filter(|request| is_list(request.path(), request.status())).count()
}

/// The requests of one process that has the archive for itself.
fn alone(attempts: &[Attempt]) -> usize {
    let (server, place) = (server(attempts.to_vec()), Place::new());
    assert!(start(&server, &place, &[]).wait().unwrap().success());
    lists(&server)
}

/// Waits for processes that succeed, and gives what they print.
fn results(processes: Vec<Child>) -> Vec<Value> {
    let result = |process: Child| {
        let output = process.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    processes.into_iter().map(result).collect()
}

#[test]
fn processes_share_the_days() {
    let attempts = many();
    let one = alone(&attempts);
    let (server, place) = (server(attempts.clone()), Place::new());
    let start = |_| start(&server, &place, &["-o", "json"]);
    let results = results((0..PROCESSES).map(start).collect());
    assert_eq!(sids(&place.archive()), expected(&attempts));
    let added: u64 = results.iter().map(|result| result["added"].as_u64().unwrap()).sum();
    assert_eq!(added, 7_000, "{results:?}");
    // Each measures once what filters include, and may read the minutes after another one's.
    let several = lists(&server);
    assert!(several <= one + 2 * PROCESSES, "{several} lists by {PROCESSES}, {one} by one");
}

#[test]
fn processes_share_the_days_of_a_server_that_fails() {
    let attempts = many();
    let faults = ["*:503=0.05", "*:429=0.02,retry-after=1"];
    let builder = Emulator::builder().attempts(attempts.clone()).summary_limit(None);
    let builder =
        faults.iter().fold(builder, |builder, fault| builder.fault(fault.parse().unwrap()));
    let (server, place) = (Server::start(builder.attempts_limit(None)), Place::new());
    let start = |_| start(&server, &place, &["-o", "json"]);
    let results = results((0..PROCESSES).map(start).collect());
    assert_eq!(sids(&place.archive()), expected(&attempts));
    let added: u64 = results.iter().map(|result| result["added"].as_u64().unwrap()).sum();
    assert_eq!(added, 7_000, "{results:?}");
    let one = alone(&attempts);
    let several = lists(&server);
    assert!(several <= one + 2 * PROCESSES, "{several} lists by {PROCESSES}, {one} by one");
}

#[test]
fn the_days_of_one_that_is_killed_are_read_by_others() {
    let attempts = many();
    let one = alone(&attempts);
    let (server, place) = (server(attempts.clone()), Place::new());
    let mut processes: Vec<Child> =
        (0..PROCESSES).map(|_| start(&server, &place, &["-o", "json"])).collect();
    while lists(&server) < one / 2 {
        // Not all the time: the processes need processors, too.
        std::thread::sleep(Duration::from_micros(200));
    }
    // SIGKILL.
    let mut killed = processes.remove(0);
    killed.kill().unwrap();
    killed.wait().unwrap();
    results(processes);
    let before = sids(&place.archive());
    let mut unique = before.clone();
    unique.dedup();
    assert_eq!(before, unique);
    // Whatever it had when the others looked last.
    assert!(start(&server, &place, &[]).wait().unwrap().success());
    assert_eq!(sids(&place.archive()), expected(&attempts));
    let several = lists(&server);
    assert!(several <= one + 4 * PROCESSES, "{several} lists by {PROCESSES}, {one} by one");
}

#[cfg(unix)]
#[test]
fn they_go_on_again_and_again() {
    use std::io::{BufRead, BufReader};

    let attempts = many();
    let (server, place) = (server(attempts.clone()), Place::new());
    let start = |_| start(&server, &place, &["--every", "2s", "-o", "jsonl"]);
    let mut processes: Vec<Child> = (0..PROCESSES).map(start).collect();
    let mut added = 0;
    for process in &mut processes {
        let mut lines = BufReader::new(process.stdout.as_mut().unwrap()).lines();
        for _ in 0..2 {
            let line = lines.next().unwrap().unwrap();
            added += serde_json::from_str::<Value>(&line).unwrap()["added"].as_u64().unwrap();
        }
    }
    assert_eq!(added, 7_000);
    for process in processes {
        let pid = process.id().to_string();
        assert!(
            std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success()
        );
        assert_eq!(process.wait_with_output().unwrap().status.code(), Some(130));
    }
    assert_eq!(sids(&place.archive()), expected(&attempts));
}
