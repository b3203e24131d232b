//! Builds and reports failures: the message on stderr and the exit code.

use std::error::Error as StdError;
use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use twilio_verify::{Error, ErrorKind, Redacted, codes};

use crate::failure::exit::Exit;
use crate::failure::{flags, rejected};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = Style::new().bold();

/// Why a command failed, and the remedy.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    about: Option<About>,
    message: String,
    help: Option<String>,
    /// The underlying causes, outermost first.
    causes: Vec<String>,
}

/// The value that a failure is about.
#[derive(Debug)]
enum About {
    /// The client's name of the value, with which the message begins.
    Field(String),
    /// Twilio's message, which names the value and may repeat it.
    Rejected(Redacted<String>),
}

impl Failure {
    /// Creates a failure without an exit code of its own.
    pub(crate) fn other(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Other,
            about: None,
            message: message.into(),
            help: None,
            causes: Vec::new(),
        }
    }

    /// Creates the failure for an invalid command line.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, help: Some(help.into()), ..Self::other(message) }
    }

    /// Creates the failure for a resource that doesn't exist.
    pub(crate) fn not_found(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { exit: Exit::NotFound, help: Some(help.into()), ..Self::other(message) }
    }

    /// Creates the failure for missing or invalid credentials.
    pub(crate) fn credentials(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { exit: Exit::Credentials, ..Self::usage(message, help) }
    }

    /// Creates the failure for an error of the operating system, other than of writing output.
    pub(crate) fn system(error: io::Error) -> Self {
        Self::other(format!("operating system error: {error}"))
    }

    /// Creates the failure for a command that panicked.
    pub(crate) fn from_fault(error: &tokio::task::JoinError) -> Self {
        Self {
            causes: vec![error.to_string()],
            ..Self::other("the command failed by a bug in this program")
        }
    }

    /// Creates the failure for an emulator that can't start.
    pub(crate) fn emulator(error: &dyn StdError) -> Self {
        Self::other(format!("the emulator can't start: {}", chain(error)))
    }

    /// Creates the failure for Ctrl-C at a prompt.
    pub(crate) fn interrupted() -> Self {
        Self { exit: Exit::Interrupted, ..Self::other("") }
    }

    /// Ends a command that the user declined to run, with exit code 0 and no message.
    pub(crate) fn declined() -> Self {
        Self { exit: Exit::Ok, ..Self::other("") }
    }

    /// Creates the failure for an emulator that does not respond.
    pub(crate) fn no_emulator(url: &str, error: &Error) -> Self {
        let help = "start one with `twilio-verify emulator`, or name its URL by --url or \
                    TWILIO_VERIFY_EMULATOR_URL";
        // The request has no operation of the API, so its name is left out.
        let reason = error.to_string();
        let reason = reason.strip_prefix("raw: ").unwrap_or(&reason);
        Self {
            exit: exit_of(error),
            help: Some(help.to_owned()),
            causes: causes_of(error),
            ..Self::other(format!("no emulator responds at {url}: {reason}"))
        }
    }

    /// Returns the message, without the remedy.
    #[cfg(feature = "archive")]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Sets the remedy.
    pub(crate) fn with_help(mut self, help: &str) -> Self {
        self.help = Some(help.to_owned());
        self
    }

    /// Sets another remedy if the failure is that a resource doesn't exist.
    pub(crate) fn if_not_found(mut self, help: &str) -> Self {
        if self.exit == Exit::NotFound {
            self.help = Some(help.to_owned());
        }
        self
    }

    /// Names the command's flags for the values that are invalid or that Twilio rejected, if it has
    /// any.
    pub(crate) fn named(mut self, command: &clap::Command) -> Self {
        match self.about.take() {
            Some(About::Field(field)) => {
                let rest = self.message.strip_prefix(&field);
                if let (Some(rest), Some(flag)) = (rest, flags::flag(command, &field)) {
                    self.message = format!("{flag}{rest}");
                }
            }
            Some(About::Rejected(message)) => {
                let flags = rejected::flags(message.expose(), command);
                // The flags replace the name of the operation.
                if let (false, Some((_, rest))) = (flags.is_empty(), self.message.split_once(": "))
                {
                    self.message = format!("{}: {rest}", flags.join(" and "));
                }
            }
            None => {}
        }
        self
    }

    /// Replaces the name of an invalid setting by the name that set it, if it is
    /// one of these fields.
    pub(crate) fn named_as(mut self, names: &[(&str, &str)]) -> Self {
        let Some(About::Field(own)) = &self.about else {
            return self;
        };
        let name = names.iter().find(|(field, _)| own == field);
        if let Some((field, name)) = name
            && let Some(rest) = self.message.strip_prefix(field)
        {
            self.message = format!("{name}{rest}");
            self.about = None;
        }
        self
    }

    /// Writes the failure to stderr.
    pub(crate) fn report(&self, verbose: bool) -> Exit {
        // A closed pipe is not a failure, and Ctrl-C needs no message.
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
        // If stderr can't be written, the exit code still reports the failure.
        let _ = anstream::stderr().write_all(lines.as_bytes());
        self.exit
    }
}

/// Returns the exit code of a command that only writes, and reports its failure.
pub(crate) fn written(result: io::Result<()>) -> Exit {
    match result {
        Ok(()) => Exit::Ok,
        Err(error) => Failure::from(error).report(false),
    }
}

impl From<io::Error> for Failure {
    /// Converts an error of writing output. A closed pipe is a success: `head`
    /// closes it when it has read enough.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Ok, ..Self::other("") };
        }
        Self::other(format!("cannot write the output: {error}"))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = exit_of(&error);
        let mut message = error.to_string();
        if let Some(remedy) = error.remedy() {
            // The remedy is shown as the help.
            message = message.replacen(&format!(": {remedy}"), "", 1);
        }
        let field = error.field().map(|field| About::Field(field.to_owned()));
        let rejected = error.server_message().filter(|_| is_of_a_parameter(&error));
        Self {
            exit,
            about: field.or_else(|| rejected.cloned().map(About::Rejected)),
            help: Some(help_of(&error, exit)),
            causes: causes_of(&error),
            message,
        }
    }
}

/// Whether an error may be about a parameter. The messages of other errors contain names of
/// parameters only by chance.
fn is_of_a_parameter(error: &Error) -> bool {
    matches!(error.status(), Some(400 | 403 | 409 | 422)) && !error.is_auth()
}

/// Returns the messages of an error's causes, without its own.
fn causes_of(error: &dyn StdError) -> Vec<String> {
    std::iter::successors(error.source(), |cause: &&dyn StdError| (*cause).source())
        .map(ToString::to_string)
        .collect()
}

/// Formats an error and its causes on one line.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut messages = vec![error.to_string()];
    messages.extend(causes_of(error));
    messages.join(": ")
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

fn help_of(error: &Error, exit: Exit) -> String {
    let page = || error.more_info();
    match (exit, error.kind()) {
        (Exit::Credentials, ErrorKind::Config) => {
            "export your account's credentials, or use --emulator, which needs no account"
                .to_owned()
        }
        // Retrying doesn't help, and without a code there is no page about the error.
        (Exit::Credentials, _) if error.code().is_none() => {
            "check the credentials in the environment, and that they belong to this region"
                .to_owned()
        }
        (Exit::Usage, _) => "correct the value; `--help` after the command describes it".to_owned(),
        (Exit::Network, ErrorKind::NotSent) if !error.is_timeout() => {
            unconnected(&error.to_string()).to_owned()
        }
        (Exit::Network, _) if error.to_string().contains(PROXY) => unconnected(PROXY).to_owned(),
        (Exit::Network, _) if error.is_timeout() => {
            "try again, or set a longer --timeout; one attempt takes 15 seconds at most".to_owned()
        }
        (Exit::Network, _) => "try again".to_owned(),
        // Other codes are for limits that a short wait doesn't lift.
        (Exit::RateLimited, _) if matches!(error.code(), None | Some(codes::TOO_MANY_REQUESTS)) => {
            match error.retry_after() {
                Some(wait) => format!("try again in {}", seconds(wait)),
                None => "try again in a minute".to_owned(),
            }
        }
        (Exit::NotFound, _) => "check that it belongs to this account and region".to_owned(),
        (_, ErrorKind::Unreadable) => {
            "check that --base-url is the URL of Verify; -v shows more".to_owned()
        }
        _ => match (error.remedy(), page()) {
            (Some(remedy), Some(page)) => format!("{remedy}; see {page}"),
            (None, Some(page)) => format!("see {page}"),
            _ => "try again later".to_owned(),
        },
    }
}

/// The word by which a connection error that involves a proxy is recognised.
const PROXY: &str = "proxy";

/// Returns what to do about a failed connection. It depends on the error's text, as the libraries
/// don't export the types of its causes.
fn unconnected(text: &str) -> &'static str {
    let has = |word: &str| text.contains(word);
    if has("certificate") {
        "if a proxy or a firewall inspects TLS, name a file with its certificate in \
         TWILIO_CA_BUNDLE; else check --base-url and the clock"
    } else if has(PROXY) {
        "check the proxy in HTTPS_PROXY or ALL_PROXY, and its user and password there; NO_PROXY \
         names hosts to reach without it"
    } else {
        "check the network, --base-url, --region and --edge"
    }
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
    use crate::failure::exit::Exit;

    #[test]
    fn settings_of_credentials_have_their_own_exit_code() {
        let oauth = |id: &str, secret: &str, url: &str| {
            let builder = OAuth::builder(id, secret).token_url(url);
            builder.build().expect_err("a setting is wrong")
        };
        let client = |base_url: &str| {
            let credentials = Credentials::bearer("token");
            let builder = Client::builder().credentials(credentials);
            builder.base_url(base_url).build().expect_err("a setting is wrong")
        };
        for (error, exit) in [
            (oauth("", "secret", "https://a.example"), Exit::Credentials),
            (oauth("id", "", "https://a.example"), Exit::Credentials),
            (oauth("id", "secret", "http://a.example"), Exit::Credentials),
            (Client::builder().build().expect_err("none"), Exit::Credentials),
            (client("http://a.example"), Exit::Usage),
        ] {
            let text = error.to_string();
            assert_eq!(Failure::from(error).exit, exit, "{text}");
        }
    }
}
