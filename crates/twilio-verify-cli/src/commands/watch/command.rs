//! Runs a command for a finding.

use std::process::{ExitStatus, Stdio};

use tokio::process::Command;

use super::event::Notice;
use super::webhook::URL;
use crate::settings::credentials::VARIABLES;

/// What a command doesn't see, beside the credentials.
const SECRETS: [&str; 2] = ["TWILIO_VERIFY_ARCHIVE_KEY", URL];

/// Runs a line of a shell for a finding, and gives how it ended, or nothing if it was killed as
/// `stop` came first. It doesn't run on, whatever happens.
///
/// What it prints goes to stderr: stdout is for findings alone.
pub(super) async fn run(
    line: &str,
    notice: &Notice,
    stop: impl Future<Output = ()>,
) -> std::io::Result<Option<ExitStatus>> {
    let mut command = shell(line);
    for name in VARIABLES.into_iter().chain(SECRETS) {
        command.env_remove(name);
    }
    command.envs(notice.variables());
    command.stdin(Stdio::null()).stdout(std::io::stderr()).kill_on_drop(true);
    let mut child = command.spawn()?;
    tokio::select! {
        status = child.wait() => status.map(Some),
        () = stop => child.kill().await.map(|()| None),
    }
}

fn shell(line: &str) -> Command {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(shell);
    command.args([flag, line]);
    command
}
