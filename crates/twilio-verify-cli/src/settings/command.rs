//! Runs commands that print a secret.

use std::process::{Command, Stdio};

use twilio_verify::Redacted;

use crate::failure::report::Failure;

/// A command of a profile that prints a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SecretCommand {
    /// A line for the shell: `sh`, or `cmd` on Windows.
    Line(String),
    /// A program and its arguments, without a shell.
    Program(Vec<String>),
}

impl SecretCommand {
    /// Runs the command, and returns the line that it prints. It can prompt in
    /// the terminal, such as for the passphrase of a password manager.
    ///
    /// # Errors
    ///
    /// Fails if the command can't be started, fails, or prints no text or
    /// several lines. The error begins with `key`.
    pub(super) fn run(&self, key: &str) -> Result<Redacted<String>, Failure> {
        let fail = |fault: String| {
            Failure::credentials(
                format!("{key}: {fault}"),
                "correct the command: it prints the secret on one line, and exits with 0",
            )
        };
        let mut command = self.command();
        command.stdin(Stdio::inherit()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let output = command
            .spawn()
            .and_then(std::process::Child::wait_with_output)
            .map_err(|error| fail(format!("the command can't be run: {error}")))?;
        if !output.status.success() {
            return Err(fail(format!("the command failed: {}", output.status)));
        }
        let text = String::from_utf8(output.stdout)
            .map_err(|_| fail("the command's output is not UTF-8".to_owned()))?;
        let secret = text.trim_end_matches(['\r', '\n']);
        match secret {
            "" => Err(fail("the command printed nothing".to_owned())),
            secret if secret.contains(['\r', '\n']) => {
                Err(fail("the command printed more than one line".to_owned()))
            }
            secret if secret.trim() != secret => {
                Err(fail("the command's output begins or ends with white space".to_owned()))
            }
            secret => Ok(Redacted::new(secret.to_owned())),
        }
    }

    fn command(&self) -> Command {
        match self {
            Self::Line(line) if cfg!(windows) => {
                let mut command = Command::new("cmd");
                command.args(["/C", line]);
                command
            }
            Self::Line(line) => {
                let mut command = Command::new("sh");
                command.args(["-c", line]);
                command
            }
            Self::Program(words) => {
                let mut words = words.iter();
                let mut command = Command::new(words.next().map_or("", String::as_str));
                command.args(words);
                command
            }
        }
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::SecretCommand;

    fn run(line: &str) -> Option<String> {
        let secret = SecretCommand::Line(line.to_owned()).run("auth_token_command").ok()?;
        Some(secret.into_inner())
    }

    #[test]
    fn a_secret_is_one_line() {
        assert_eq!(run("printf 'a b'").as_deref(), Some("a b"));
        assert_eq!(run("echo abc").as_deref(), Some("abc"));
        assert_eq!(run("printf 'abc\\r\\n'").as_deref(), Some("abc"));
        for line in ["true", "echo", "printf 'a\\nb'", "echo ' a'", "echo 'a '", "echo a; exit 3"] {
            assert_eq!(run(line), None, "{line}");
        }
    }

    #[test]
    fn a_program_is_run_without_a_shell() {
        let words = ["printf", "%s", "$HOME;x"].map(ToOwned::to_owned);
        let secret = SecretCommand::Program(words.into()).run("auth_token_command").unwrap();
        assert_eq!(secret.expose(), "$HOME;x");
        let missing = SecretCommand::Program(vec!["no-such-program-4f1d27a0".to_owned()]);
        assert!(missing.run("auth_token_command").is_err());
    }
}
