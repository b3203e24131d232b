//! A server in a separate process.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::error::Error;
use crate::figures::memory;

/// A server process, which ends when it is dropped.
pub struct Server {
    process: Child,
    /// The URL of the server: `http://`, its address and its port.
    pub url: String,
}

impl Server {
    /// Starts a program, and waits until it has printed its URL.
    ///
    /// # Errors
    ///
    /// Returns an error if the program can't be started, or ends before it has printed a URL.
    pub fn start(command: &mut Command) -> Result<Self, Error> {
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        // From here on, dropping it ends the process, also after an error.
        let mut server = Self { process, url: String::new() };
        let mut lines = BufReader::new(output).lines();
        server.url = loop {
            let line = lines.next().ok_or("it ended before it listened")??;
            if let Some(url) = url(&line) {
                break url.to_owned();
            }
        };
        // Reads on, so that the program never blocks on a full pipe.
        std::thread::Builder::new().spawn(move || lines.map_while(Result::ok).for_each(drop))?;
        Ok(server)
    }

    /// Starts a program that listens at a URL, and waits at most 20 seconds until it does.
    ///
    /// # Errors
    ///
    /// Returns an error if the program can't be started, or does not listen in time.
    pub fn at(url: &str, command: &mut Command) -> Result<Self, Error> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null());
        let server = Self { process: command.spawn()?, url: url.to_owned() };
        let host = url.strip_prefix("http://").ok_or("no http URL")?;
        for _ in 0..200 {
            if TcpStream::connect(host).is_ok() {
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err("it doesn't listen".into())
    }

    /// Returns the resident bytes of the process, and their peak.
    #[must_use]
    pub fn memory(&self) -> Option<(u64, u64)> {
        let process = self.process.id().to_string();
        Some((memory::of(&process, "VmRSS:")?, memory::of(&process, "VmHWM:")?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that the process has already ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the URL of a server on loopback in a line of its output.
fn url(line: &str) -> Option<&str> {
    let start = line.find("http://127.0.0.1:")?;
    let rest = line.get(start..)?;
    let host = rest.strip_prefix("http://")?;
    let end = host.find(|c: char| !(c.is_ascii_digit() || ".:".contains(c)));
    rest.get(..end.map_or(rest.len(), |end| end + "http://".len()))
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn a_url_is_found_in_a_line() {
        for line in [
            "http://127.0.0.1:4010",
            "  {\"url\":\"http://127.0.0.1:4010\",",
            "Prism is listening on http://127.0.0.1:4010\u{1b}[0m",
        ] {
            assert_eq!(url(line), Some("http://127.0.0.1:4010"));
        }
        assert_eq!(url("starting"), None);
    }
}
