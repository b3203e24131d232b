//! Every exit code, with what is said beside it.

use std::net::TcpListener;

use assert_cmd::Command;
use twilio_verify_emulator::{Emulator, EmulatorBuilder, RateLimit};

use crate::support::{NUMBER, SECRET, Server, bare, fails, stdout, with_credentials};

const SUMMARY: [&str; 2] = ["attempts", "summary"];
const UNKNOWN: &str = "VLffffffffffffffffffffffffffffffff";

#[test]
fn missing_credentials() {
    let account = ("TWILIO_ACCOUNT_SID", EmulatorBuilder::DEFAULT_ACCOUNT_SID);
    let key = ("TWILIO_API_KEY", "SK00000000000000000000000000000000");
    for (environment, named) in [
        (vec![], "TWILIO_ACCOUNT_SID"),
        (vec![("TWILIO_AUTH_TOKEN", SECRET)], "TWILIO_ACCOUNT_SID"),
        (vec![account], "TWILIO_AUTH_TOKEN"),
        (vec![account, ("TWILIO_AUTH_TOKEN", "")], "TWILIO_AUTH_TOKEN"),
        (vec![key], "TWILIO_API_SECRET"),
        (vec![("TWILIO_ACCOUNT_SID", SECRET), ("TWILIO_AUTH_TOKEN", SECRET)], "TWILIO_ACCOUNT_SID"),
    ] {
        let mut command = Command::from_std(bare());
        let stderr = fails(command.args(SUMMARY).envs(environment), 3);
        assert!(stderr.contains(named), "{stderr}");
        assert!(stderr.contains("help: ") && stderr.contains("--emulator"), "{stderr}");
        assert!(stderr.lines().count() == 2, "{stderr}");
    }
}

#[test]
fn refused_credentials() {
    let server = Server::of_sample(1);
    for arguments in [&SUMMARY[..], &["attempts", "list"], &["attempts", "fetch", UNKNOWN]] {
        let mut command = server.command();
        let stderr = fails(command.args(arguments).env("TWILIO_AUTH_TOKEN", SECRET), 3);
        assert!(stderr.contains("401") && stderr.contains("20003"), "{stderr}");
    }
}

#[test]
fn an_api_key_is_as_good_as_the_token() {
    let key = "SK0123456789abcdef0123456789abcdef";
    let server = Server::start(Emulator::builder().api_key(key, "secret of the key"));
    let mut command = Command::from_std(bare());
    command
        .env("TWILIO_API_KEY", key)
        .env("TWILIO_API_SECRET", "secret of the key")
        .args(["--base-url", server.emulator.url()])
        .args(SUMMARY);
    stdout(&mut command);
    fails(command.env("TWILIO_API_SECRET", SECRET), 3);
}

#[test]
fn an_attempt_that_is_not_there() {
    let server = Server::of_sample(1);
    for format in ["table", "json", "csv", "tsv"] {
        let mut command = server.command();
        let stderr = fails(command.args(["attempts", "fetch", UNKNOWN, "-o", format]), 4);
        assert!(stderr.contains("404") && stderr.contains("help: "), "{stderr}");
    }
}

#[test]
fn too_many_requests() {
    let server = Server::start(Emulator::builder().summary_limit(RateLimit::per_minute(0)));
    let mut command = server.command();
    // No longer than this, should the client come to wait and try again.
    let stderr = fails(command.args(SUMMARY).args(["--timeout", "2s"]), 5);
    assert!(stderr.contains("429") && stderr.contains("help: try again in"), "{stderr}");
}

#[test]
fn nobody_listens() {
    // Nothing listens on the port that is kept for nothing.
    let mut command = Command::from_std(with_credentials());
    command.args(["--base-url", "http://127.0.0.1:1", "--timeout", "2s"]).args(SUMMARY);
    let stderr = fails(&mut command, 6);
    assert!(!stderr.contains("caused by"), "{stderr}");
    let output = command.arg("-v").assert().code(6).get_output().clone();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("caused by: "), "{stderr}");
}

#[test]
fn nobody_answers() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    for arguments in [
        vec!["attempts", "summary", "--destination-prefix", NUMBER],
        vec!["attempts", "list", "--channel-data.to", NUMBER, "-o", "json"],
        vec!["attempts", "list", "--to", "user@example.com", "-o", "csv"],
        vec!["attempts", "fetch", UNKNOWN, "-o", "tsv"],
    ] {
        let mut command = Command::from_std(with_credentials());
        command.args(["--base-url", &url, "--timeout", "200ms"]).args(arguments);
        let stderr = fails(&mut command, 6);
        assert!(stderr.contains("--timeout"), "{stderr}");
    }
}

#[test]
fn an_answer_of_something_else() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = server.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let body = format!("<html>{SECRET} {NUMBER}</html>");
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all((head + &body).as_bytes()).unwrap();
    });
    let mut command = Command::from_std(with_credentials());
    let stderr = fails(command.args(["--base-url", &url]).args(SUMMARY), 1);
    assert!(stderr.contains("not JSON"), "{stderr}");
    answering.join().unwrap();
}

#[test]
fn settings_that_cannot_be() {
    for (arguments, flag) in [
        (["--base-url", "http://verify.example"], "--base-url"),
        (["--base-url", "verify.example"], "--base-url"),
        (["--base-url", "https://user:3003003030@verify.example"], "--base-url"),
        (["--region", "A B"], "--region"),
        (["--edge", "a.b"], "--edge"),
    ] {
        let mut command = Command::from_std(with_credentials());
        let stderr = fails(command.args(arguments).args(SUMMARY), 2);
        assert!(stderr.contains(&format!("error: {flag}")), "{stderr}");
        assert!(stderr.contains("help: "), "{stderr}");
    }
    let mut command = Command::from_std(with_credentials());
    let stderr = fails(command.args(SUMMARY).env("TWILIO_REGION", "A B"), 2);
    assert!(stderr.contains("TWILIO_REGION"), "{stderr}");
}
