//! Why a command failed: what is said on stderr, and the exit code.

use std::error::Error as StdError;
use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use twilio_verify::{Error, ErrorKind};

use crate::exit::Exit;
use crate::usage;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = Style::new().bold();

/// Why a command failed, and what can be done about it.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    /// What the client calls the value that is wrong; the message begins so.
    field: Option<String>,
    message: String,
    help: Option<String>,
    /// What lies beneath, from the nearest to the farthest.
    causes: Vec<String>,
}

impl Failure {
    /// A failure that has no exit code of its own.
    pub(crate) fn other(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Other,
            field: None,
            message: message.into(),
            help: None,
            causes: Vec::new(),
        }
    }

    /// A command line that can't be run.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            help: Some(help.into()),
            ..Self::other(message)
        }
    }

    /// What the operating system refused before there was anything to write.
    pub(crate) fn system(error: io::Error) -> Self {
        Self::other(format!("the operating system refuses: {error}"))
    }

    /// A command that ended by a fault of the program.
    pub(crate) fn from_fault(error: &tokio::task::JoinError) -> Self {
        Self {
            causes: vec![error.to_string()],
            ..Self::other("the command ended by a fault of this program")
        }
    }

    /// Ctrl-C, heard by what reads from the terminal.
    pub(crate) fn interrupted() -> Self {
        Self {
            exit: Exit::Interrupted,
            ..Self::other("")
        }
    }

    /// With another help, where there is no such resource.
    pub(crate) fn if_not_found(mut self, help: &str) -> Self {
        if self.exit == Exit::NotFound {
            self.help = Some(help.to_owned());
        }
        self
    }

    /// With the command's own name for the value that is wrong, if it has one.
    pub(crate) fn named(mut self, command: &clap::Command) -> Self {
        if let Some(field) = self.field.take() {
            let rest = self.message.strip_prefix(&field);
            if let (Some(rest), Some(flag)) = (rest, usage::flag(command, &field)) {
                self.message = format!("{flag}{rest}");
            }
        }
        self
    }

    /// Tells it on stderr.
    pub(crate) fn report(&self, verbose: bool) -> Exit {
        // A reader that has read enough is no failure to tell of, and who
        // pressed Ctrl-C knows.
        if matches!(self.exit, Exit::Ok | Exit::Interrupted) {
            return self.exit;
        }
        let mut lines = format!("{ERROR}error:{ERROR:#} {}\n", self.message);
        if verbose {
            for cause in &self.causes {
                lines.push_str(&format!("  caused by: {cause}\n"));
            }
        }
        if let Some(help) = &self.help {
            lines.push_str(&format!("{HELP}help:{HELP:#} {help}\n"));
        }
        // Where nothing can be said on stderr, the exit code says it.
        let _ = anstream::stderr().write_all(lines.as_bytes());
        self.exit
    }
}

/// The end of a command that has but to write.
pub(crate) fn written(result: io::Result<()>) -> Exit {
    match result {
        Ok(()) => Exit::Ok,
        Err(error) => Failure::from(error).report(false),
    }
}

impl From<io::Error> for Failure {
    /// What could not be written. A closed pipe is how `head` says that it
    /// has enough.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self {
                exit: Exit::Ok,
                ..Self::other("")
            };
        }
        Self::other(format!("the output can't be written: {error}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = exit_of(&error);
        Self {
            exit,
            field: error.field().map(ToOwned::to_owned),
            message: error.to_string(),
            help: help_of(&error, exit),
            causes: causes_of(&error),
        }
    }
}

/// The words of an error's causes, all but its own.
pub(crate) fn causes_of(error: &dyn StdError) -> Vec<String> {
    std::iter::successors(error.source(), |cause: &&dyn StdError| (*cause).source())
        .map(ToString::to_string)
        .collect()
}

fn exit_of(error: &Error) -> Exit {
    match error.kind() {
        ErrorKind::Config if is_about_credentials(error) => Exit::Credentials,
        ErrorKind::Config | ErrorKind::InvalidRequest => Exit::Usage,
        _ if error.is_timeout() => Exit::Network,
        ErrorKind::NotSent | ErrorKind::NoAnswer => Exit::Network,
        ErrorKind::Refused if error.is_auth() => Exit::Credentials,
        ErrorKind::Refused if error.is_not_found() => Exit::NotFound,
        ErrorKind::Refused if error.is_rate_limited() => Exit::RateLimited,
        _ => Exit::Other,
    }
}

fn is_about_credentials(error: &Error) -> bool {
    matches!(
        error.field(),
        None | Some(
            "credentials"
                | "TWILIO_ACCOUNT_SID"
                | "TWILIO_AUTH_TOKEN"
                | "TWILIO_API_KEY"
                | "TWILIO_API_SECRET"
                | "client_id"
                | "client_secret"
                | "token_url"
        )
    )
}

fn help_of(error: &Error, exit: Exit) -> Option<String> {
    let help = match (exit, error.kind()) {
        (Exit::Credentials, ErrorKind::Config) => {
            "export your account's credentials, or try it without an account: --emulator".to_owned()
        }
        // Nothing that waiting cures, nor has it a page.
        (Exit::Credentials, _) if error.code().is_none() => {
            "check the credentials in the environment, and that they are of this region".to_owned()
        }
        (Exit::Usage, _) => "correct the value; `--help` after the command describes it".to_owned(),
        (Exit::Network, ErrorKind::NotSent) => {
            "is the network up, and are --base-url, --region and --edge right?".to_owned()
        }
        (Exit::Network, _) if error.is_timeout() => {
            "try again, or wait longer with --timeout; one attempt is given 15 seconds at most"
                .to_owned()
        }
        (Exit::Network, _) => "try again".to_owned(),
        (Exit::RateLimited, _) => match error.retry_after() {
            Some(wait) => format!("try again in {}", seconds(wait)),
            None => "try again in a minute".to_owned(),
        },
        (Exit::NotFound, _) => "is it of this account and region?".to_owned(),
        (_, ErrorKind::Unreadable) => "does --base-url lead to Verify? -v tells more".to_owned(),
        _ => error.more_info().map_or_else(
            || "try again later".to_owned(),
            |page| format!("see {page}"),
        ),
    };
    Some(help)
}

fn seconds(wait: Duration) -> String {
    match wait.as_secs() {
        1 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use twilio_verify::{Client, Credentials, OAuth};

    use super::Failure;
    use crate::exit::Exit;

    #[test]
    fn settings_of_credentials_are_told_from_others() {
        let oauth = |id: &str, secret: &str, url: &str| {
            let builder = OAuth::builder(id, secret).token_url(url);
            builder.build().expect_err("a setting is wrong")
        };
        let client = |base_url: &str| {
            let credentials = Credentials::bearer("token");
            let builder = Client::builder().credentials(credentials);
            builder
                .base_url(base_url)
                .build()
                .expect_err("a setting is wrong")
        };
        for (error, exit) in [
            (oauth("", "secret", "https://a.example"), Exit::Credentials),
            (oauth("id", "", "https://a.example"), Exit::Credentials),
            (oauth("id", "secret", "http://a.example"), Exit::Credentials),
            (
                Client::builder().build().expect_err("none"),
                Exit::Credentials,
            ),
            (client("http://a.example"), Exit::Usage),
        ] {
            let text = error.to_string();
            assert_eq!(Failure::from(error).exit, exit, "{text}");
        }
    }
}
