//! Runs a command for a finding.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::event::Notice;
use super::webhook::URL;

/// What a command doesn't see.
const SECRETS: [&str; 6] = [
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_API_KEY",
    "TWILIO_API_SECRET",
    "TWILIO_VERIFY_ARCHIVE_KEY",
    URL,
];

/// How often it is looked whether a command has ended.
const PAUSE: Duration = Duration::from_millis(50);

/// A command that runs; it is killed if it still does when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        if self.0.kill().is_ok() {
            drop(self.0.wait());
        }
    }
}

/// Runs a line of a shell for a finding, and gives how it ended.
///
/// What it prints goes to stderr: stdout is for findings alone.
pub(super) async fn run(line: &str, notice: &Notice) -> std::io::Result<ExitStatus> {
    let mut command = shell(line);
    for name in SECRETS {
        command.env_remove(name);
    }
    command.envs(notice.variables());
    command.stdin(Stdio::null()).stdout(std::io::stderr()).stderr(Stdio::inherit());
    let mut running = Running(command.spawn()?);
    loop {
        if let Some(status) = running.0.try_wait()? {
            return Ok(status);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn shell(line: &str) -> Command {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(shell);
    command.args([flag, line]);
    command
}
