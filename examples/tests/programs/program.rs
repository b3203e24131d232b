//! An example that runs, and the emulator that it calls.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;
use twilio_verify_emulator::{Emulator, EmulatorBuilder};

pub(crate) const SERVICE: &str = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// No program takes this long, unless it hangs.
const LONG: Duration = Duration::from_secs(60);

/// An HTTP client that needs no store of certificates, which a machine may not have.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

/// A builder of an emulator with a service.
pub(crate) fn emulator() -> EmulatorBuilder {
    Emulator::builder().service(SERVICE.parse().unwrap(), "Shop")
}

/// The command of an example, with the emulator's account in its environment.
pub(crate) fn command(program: &str, emulator: &Emulator) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TWILIO_")) {
        command.env_remove(name);
    }
    command
        .env("TWILIO_BASE_URL", emulator.url())
        .env("TWILIO_ACCOUNT_SID", emulator.account_sid())
        .env("TWILIO_AUTH_TOKEN", emulator.auth_token())
        .env("VERIFY_SERVICE_SID", SERVICE)
        .env("PORT", "0")
        .kill_on_drop(true);
    command
}

/// Runs a program to its end, and returns what it printed: on standard output and on standard error.
pub(crate) async fn output(command: &mut Command) -> (String, String) {
    let output = timeout(LONG, command.stdin(Stdio::null()).output()).await.unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    (stdout, stderr)
}

/// A program that runs, and that is ended with this.
pub(crate) struct Program {
    child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Program {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, stdin, stdout }
    }

    /// The next line that holds this text.
    pub(crate) async fn line(&mut self, text: &str) -> String {
        loop {
            let line = timeout(LONG, self.stdout.next_line()).await;
            let line = line.unwrap_or_else(|_| panic!("no line with {text:?}")).unwrap();
            let line = line.unwrap_or_else(|| panic!("the program ended before {text:?}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Where the program listens.
    pub(crate) async fn url(&mut self) -> String {
        let line = self.line("listening on ").await;
        line.strip_prefix("listening on ").unwrap().to_owned()
    }

    pub(crate) async fn enter(&mut self, line: &str) {
        self.stdin.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    /// Waits for the end, which must be a good one.
    pub(crate) async fn ended(mut self) {
        drop(self.stdin);
        let status = timeout(LONG, self.child.wait()).await.unwrap().unwrap();
        assert!(status.success(), "{status}");
    }
}
