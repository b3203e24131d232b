//! What becomes of the process: closed pipes, signals, terminals.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::support::{bare, with_credentials};

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    for arguments in [
        &["attempts", "list", "--no-limit", "-o", "csv"][..],
        &["attempts", "list", "--no-limit", "-o", "tsv"],
        &["attempts", "list", "--no-limit", "-o", "json"],
        &["attempts", "list", "--no-limit"],
    ] {
        let mut command = bare();
        command.arg("--emulator").args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        drop(stdout);
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}: {stderr}");
        assert_eq!(stderr, "", "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_while_it_waits() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut command = with_credentials();
    command.args(["--base-url", &url, "attempts", "summary"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // Once it has connected, it waits.
    let _connection = silent.accept().unwrap();
    let pid = child.id().to_string();
    let kill = std::process::Command::new("kill").args(["-INT", &pid]).status();
    assert!(kill.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
}

/// Runs a command line of a shell in a terminal of N columns.
#[cfg(target_os = "linux")]
fn in_terminal(columns: u16, environment: &str, arguments: &str) -> String {
    let program = assert_cmd::cargo::cargo_bin!("twilio-verify");
    let line = format!(
        "stty cols {columns}; {environment} TERM=xterm '{}' {arguments}",
        program.display()
    );
    let output = std::process::Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    text
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_has_colours_unless_the_environment_says_no() {
    let run = |environment| in_terminal(200, environment, "--emulator attempts list --limit 3");
    assert!(run("").contains('\u{1b}'));
    assert!(!run("NO_COLOR=1").contains('\u{1b}'));
    assert!(!run("CLICOLOR=0").contains('\u{1b}'));
}

#[cfg(target_os = "linux")]
#[test]
fn a_narrow_terminal_has_fewer_columns_not_broken_ones() {
    for (columns, shown, hidden) in [
        (200, "PRICE", None),
        (80, "STATUS", Some("not shown, as the terminal is too narrow: to, country, price")),
    ] {
        let text = in_terminal(columns, "NO_COLOR=1", "--emulator attempts list --limit 9");
        assert!(text.contains(shown), "{text}");
        assert_eq!(text.contains("not shown"), hidden.is_some(), "{text}");
        assert!(hidden.is_none_or(|hidden| text.contains(hidden)), "{text}");
        assert!(text.lines().all(|line| line.trim_end().chars().count() <= columns.into()));
    }
}
