//! The exporter as a process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::samples::Samples;
use crate::support::Server;

/// A program that is killed at the end of its test.
pub(super) struct Exporter {
    child: Child,
    /// Its address and port.
    pub(super) address: String,
}

/// A response.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    head: String,
    pub(super) body: String,
}

impl Response {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Sends a request, and reads until the server closes the connection.
pub(super) fn exchange(address: &str, request: &str) -> std::io::Result<Response> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok(Response { status, head: head.to_owned(), body: body.to_owned() })
}

/// Waits until something holds.
pub(super) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(60), "not in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The command line with an emulator's address, credentials and clock.
pub(super) fn command(server: &Server, listen: &str, arguments: &[&str]) -> Command {
    let given = server.command();
    let mut command = Command::new(given.get_program());
    command.args(given.get_args()).env_clear();
    command.envs(given.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.args(["exporter", "--listen", listen, "--emulator-clock", "-o", "json"]);
    command.args(arguments);
    command
}

impl Exporter {
    /// Starts one that reads from an emulator.
    pub(super) fn start(server: &Server, arguments: &[&str]) -> Self {
        Self::of(command(server, "127.0.0.1:0", arguments))
    }

    pub(super) fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Ok(started) = serde_json::from_str::<Value>(&line) else {
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            panic!("it did not start: {line}{}", String::from_utf8_lossy(&output.stderr));
        };
        let url = started["url"].as_str().unwrap();
        let address = url.strip_prefix("http://").unwrap().strip_suffix("/metrics").unwrap();
        Self { address: address.to_owned(), child }
    }

    /// The same, once it has a snapshot.
    pub(super) fn ready(server: &Server, arguments: &[&str]) -> Self {
        let exporter = Self::start(server, arguments);
        exporter.until("there is a snapshot", || exporter.get("/-/ready").status == 200);
        exporter
    }

    pub(super) fn get(&self, path: &str) -> Response {
        self.request("GET", path, "")
    }

    /// Sends a request with more lines of a head, each with its end.
    pub(super) fn request(&self, method: &str, path: &str, head: &str) -> Response {
        let address = &self.address;
        let head = format!("HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{head}\r\n");
        exchange(address, &format!("{method} {path} {head}")).unwrap()
    }

    /// What Prometheus gets.
    pub(super) fn scrape(&self) -> Samples {
        let accept = "Accept: application/openmetrics-text; version=1.0.0\r\n";
        let response = self.request("GET", "/metrics", accept);
        assert_eq!(response.status, 200);
        Samples::of(&response.body)
    }

    /// Waits until something holds.
    pub(super) fn until(&self, what: &str, holds: impl FnMut() -> bool) {
        until(what, holds);
    }

    /// Sends a signal, and gives the exit code and what it said on stderr.
    #[cfg(unix)]
    pub(super) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.end()
    }

    /// Waits until it has ended.
    pub(super) fn end(&mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        // An error says that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
