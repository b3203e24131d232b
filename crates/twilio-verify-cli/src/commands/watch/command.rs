//! Runs a command for a finding.

use std::process::{ExitStatus, Stdio};

use tokio::process::Command;

use super::event::Notice;
use super::webhook::URL;
use crate::settings::credentials::VARIABLES;

/// The variables, besides the credentials, that are removed from a command's environment.
const SECRETS: [&str; 2] = ["TWILIO_VERIFY_ARCHIVE_KEY", URL];

/// Runs a shell command for a finding. Returns its exit status, or `None` if `stop` completed first
/// and the command was killed. Dropping the future kills it, too.
///
/// The output of the command goes to stderr, as stdout is only for findings.
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
