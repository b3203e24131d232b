//! Command lines that can't be run, and help.

use assert_cmd::Command;

use crate::support::{NUMBER, bare, fails, stdout, with_credentials};

fn cli(arguments: &[&str]) -> Command {
    let mut command = Command::from_std(with_credentials());
    command.args(arguments);
    command
}

#[test]
fn a_malformed_value_is_refused_by_the_name_of_its_flag() {
    let long = "9".repeat(40);
    for (command, flag, values) in [
        ("summary", "--verify-service-sid", &["", "VA12", NUMBER][..]),
        ("summary", "--country", &["", "COL", "ZZ", NUMBER]),
        ("summary", "--channel", &["", "smss", "carrier pigeon", NUMBER]),
        (
            "summary",
            "--destination-prefix",
            &["", "573003003030", "+", "+0", "+573003003030573003003030"],
        ),
        (
            "summary",
            "--date-created-after",
            &[
                "",
                "-7d",
                "tomorrow",
                "7x",
                "2026-02-30",
                "99999999999999999999d",
                "9999999y",
                NUMBER,
            ],
        ),
        ("summary", "--date-created-before", &["", "--country", &long]),
        ("list", "--page-size", &["", "0", "1001", "-1", "many", NUMBER]),
        ("list", "--limit", &["", "0", "-1", "1.5", &long]),
        ("list", "--status", &["", "convertd", NUMBER]),
        ("list", "--verification-sid", &["VA00000000000000000000000000000000"]),
        ("list", "--channel-data.to", &["", "573003003030", "+573003003030x", "+57 3003003030"]),
        ("fetch", "--sid", &["", "VL12", "VE00000000000000000000000000000000", NUMBER]),
        ("summary", "--timeout", &["", "0", "0s", "1 fortnight", NUMBER, "1000y", "100000"]),
        ("summary", "--output", &["", "yaml", NUMBER]),
        ("summary", "--color", &["", "sometimes", NUMBER]),
    ] {
        for value in values {
            let stderr = fails(&mut cli(&["attempts", command, flag, value]), 2);
            assert!(stderr.contains(flag), "{value}: {stderr}");
        }
    }
}

#[test]
fn what_is_known_is_listed() {
    for value in ["smss", ""] {
        let stderr = fails(&mut cli(&["attempts", "list", "--channel", value]), 2);
        assert!(stderr.contains("sms, call, email, whatsapp, rbm"), "{stderr}");
    }
}

#[test]
fn a_period_that_ends_before_it_begins() {
    for command in ["summary", "list"] {
        let period = ["--date-created-after", "2026-03-02", "--date-created-before", "2026-03-01"];
        let stderr = fails(&mut cli(&[&["attempts", command][..], &period].concat()), 2);
        assert!(stderr.contains("--date-created-before"), "{stderr}");
    }
}

#[test]
fn what_stands_in_the_wrong_place_is_not_repeated() {
    for arguments in [
        &[NUMBER][..],
        &["attempts", NUMBER],
        &["attempts", "list", NUMBER],
        &["attempts", "list", "user@example.com"],
        &["attempts", "list", "--tto=+573003003030"],
        &["attempts", "list", "--no-limit=+573003003030"],
        &["attempts", "fetch", NUMBER],
        &["completions", NUMBER],
        &["emulator", "--port", NUMBER],
        &["emulator", "--host", NUMBER],
        &["emulator", "--sample", NUMBER],
        &["emulator", "--account-sid", NUMBER],
    ] {
        fails(&mut cli(arguments), 2);
    }
}

#[test]
fn flags_that_contradict_each_other() {
    let sid = "VL00000000000000000000000000000000";
    for arguments in [
        &["--emulator", "--base-url", "http://127.0.0.1:1", "attempts", "summary"][..],
        &["--emulator", "--region", "ie1", "attempts", "summary"],
        &["--base-url", "http://127.0.0.1:1", "--edge", "dublin", "attempts", "summary"],
        &["attempts", "list", "--limit", "1", "--no-limit"],
        &["attempts", "fetch"],
        &["attempts", "fetch", sid, "--sid", sid],
        &["--emulator", "emulator"],
        &["--timeout", "1s", "completions", "bash"],
        &["--profile", "x", "completions", "bash"],
        &["--config-file", "x", "man", "x"],
        &["--properties", "sid", "completions", "bash"],
        &["--properties", "sid", "api", "GET", "/v2/Services"],
        &["--emulator", "--profile", "x", "attempts", "summary"],
        &["attempts", "list", "--raw"],
        &["attempts", "list", "-o", "json", "--bom"],
        &["emulator", "--attempts", "x.json", "--sample", "1"],
    ] {
        fails(&mut cli(arguments), 2);
    }
}

#[test]
fn help_tells_what_a_newcomer_and_a_script_need() {
    let mut help = Command::from_std(bare());
    let text = stdout(help.arg("--help"));
    for line in [
        "Exit codes:",
        "3    credentials are missing, or were rejected",
        "130  interrupted by Ctrl-C",
        "TWILIO_AUTH_TOKEN",
        "twilio-verify --emulator attempts summary",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let mut help = Command::from_std(bare());
    assert!(stdout(help.arg("-h")).contains("Exit codes:"));
    for command in ["summary", "list"] {
        let mut help = Command::from_std(bare());
        let text = stdout(help.args(["attempts", command, "--help"]));
        assert!(text.contains("Examples:") && text.contains("7d"), "{text}");
    }
    let mut version = Command::from_std(bare());
    let expected = format!("twilio-verify {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(stdout(version.arg("--version")), expected);
}

#[test]
fn without_a_command_there_is_help_and_a_failure() {
    for arguments in [&[][..], &["attempts"]] {
        let output = cli(arguments).assert().code(2).get_output().clone();
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8(output.stderr).unwrap().contains("Usage:"));
    }
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let mut command = Command::from_std(bare());
        let script = stdout(command.args(["completions", shell]));
        for word in ["twilio-verify", "summary", "destination-prefix"] {
            assert!(script.contains(word), "{shell}");
        }
    }
}

#[cfg(not(feature = "exporter"))]
#[test]
fn a_program_without_the_exporter_says_how_to_install_it() {
    for arguments in [&["exporter"][..], &["exporter", "--print", "rules"]] {
        let mut command = Command::from_std(bare());
        let said = fails(command.args(arguments), 2);
        assert!(said.contains("built without the feature `exporter`"), "{said}");
        assert!(said.contains("--features exporter"), "{said}");
    }
}
