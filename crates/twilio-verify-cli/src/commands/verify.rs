//! Runs the commands that send requests to Verify and are written by hand.

use std::time::Duration;

use clap::Subcommand;
use twilio_verify::VerificationCheck;

use crate::commands::api::ApiArgs;
use crate::commands::attempts::AttemptsCommand;
use crate::commands::verification_checks::VerificationCheckCommand;
use crate::commands::verifications::VerificationsCommand;
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::output::options::Options;
use crate::output::shape::Shape;
use crate::output::writer::Output;
use crate::session::clock;
use crate::session::connection::{Connection, ConnectionArgs};
use crate::session::requests::Session;
use crate::values::dates;

/// The timeout of a call of a long command, unless a flag sets it. It allows waits for rate limits.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The commands that send requests to Verify and are written by hand.
#[derive(Debug, Subcommand)]
pub(crate) enum VerifyCommand {
    /// Verification attempts: messages, calls and e-mails that carried a code
    #[command(subcommand)]
    Attempts(AttemptsCommand),
    /// Verifications: send a code to a person, and check the code they enter
    #[command(subcommand)]
    Verifications(VerificationsCommand),
    /// As `verifications check`, by the name of twilio-cli
    #[command(subcommand, hide = true)]
    VerificationCheck(VerificationCheckCommand),
    /// Send a request by its path and print the response, as JSON
    #[command(display_order = 900)]
    Api(ApiArgs),
}

impl VerifyCommand {
    /// Runs the command. If it is quiet, progress is not shown.
    pub(crate) async fn run(
        self,
        connection: ConnectionArgs,
        output: Output,
        quiet: bool,
    ) -> Result<Exit, Failure> {
        match self {
            Self::Attempts(command) if command.reads_archive().is_some() => {
                command.check(&output)?;
                command.run_archive(output, quiet).await.map(done)
            }
            command => command.request(connection.read()?, output, quiet).await,
        }
    }

    /// Runs a command that sends requests.
    async fn request(
        mut self,
        mut connection: Connection,
        output: Output,
        quiet: bool,
    ) -> Result<Exit, Failure> {
        self.check(&output)?;
        match &mut self {
            Self::Attempts(AttemptsCommand::Sync(arguments)) => {
                arguments.of_account(connection.account());
                connection = connection.or_timeout(PATIENCE);
            }
            Self::Verifications(command) => command.service().or(connection.service())?,
            Self::VerificationCheck(command) => command.service().or(connection.service())?,
            Self::Attempts(_) | Self::Api(_) => {}
        }
        let missing = self.missing();
        if self.writes() {
            connection.note_what_is_lost();
        }
        let session = Session::start(connection, output, quiet).await?;
        let client = session.client.clone();
        let done = match self {
            Self::Verifications(command) => command.run(session).await,
            Self::VerificationCheck(command) => command.run(session).await,
            Self::Attempts(command) => command.run(session).await,
            Self::Api(arguments) => arguments.run(session).await.map(done),
        };
        if dates::is_relative() {
            clock::check(&client);
        }
        done.map_err(|failure| failure.if_not_found(missing))
    }

    /// Rejects flags of the output that the command would ignore.
    pub(crate) fn check_flags(&self, output: &Options) -> Result<(), Failure> {
        match self {
            Self::Api(_) => output.check_unselected("api"),
            Self::Attempts(AttemptsCommand::Breakdown(_)) => {
                output.check_unselected("attempts breakdown")
            }
            Self::Attempts(AttemptsCommand::Report(_)) => {
                output.check_unselected("attempts report")
            }
            Self::Attempts(AttemptsCommand::Sync(_)) => output.check_unselected("attempts sync"),
            Self::Attempts(_) | Self::Verifications(_) | Self::VerificationCheck(_) => Ok(()),
        }
    }

    /// Returns the name of the command, if it sends no requests.
    pub(crate) fn offline(&self) -> Option<&'static str> {
        match self {
            Self::Attempts(command) => command.reads_archive(),
            _ => None,
        }
    }

    /// Rejects invalid arguments before anything is sent.
    fn check(&self, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Attempts(command) => command.check(output),
            Self::Api(arguments) => arguments.check(output),
            Self::Verifications(command) => command.check(output),
            Self::VerificationCheck(_) => output.check(&Shape::of::<VerificationCheck>()),
        }
    }

    /// Whether the command handles Ctrl-C.
    pub(crate) fn ends_itself(&self) -> bool {
        matches!(self, Self::Attempts(AttemptsCommand::Sync(_) | AttemptsCommand::Watch(_)))
    }

    /// Whether the command may change what the server holds.
    fn writes(&self) -> bool {
        match self {
            Self::Attempts(_) => false,
            Self::VerificationCheck(_) => true,
            Self::Verifications(command) => command.writes(),
            Self::Api(arguments) => arguments.writes(),
        }
    }

    /// Returns the remedy if the resource doesn't exist.
    fn missing(&self) -> &'static str {
        match self {
            Self::Attempts(_) => {
                "check that it belongs to this account and region; attempts are kept for 30 days"
            }
            Self::Verifications(VerificationsCommand::Start(_)) => {
                "check --service-sid: the service must exist, in this account and region"
            }
            Self::Verifications(_) | Self::VerificationCheck(_) => {
                "check that it belongs to this service; a verification is deleted once it is \
                 approved, canceled or expired"
            }
            Self::Api(_) => "check the path, and that it is of this account and region",
        }
    }
}

/// Returns the exit code of a command that has only one kind of success.
fn done((): ()) -> Exit {
    Exit::Ok
}
