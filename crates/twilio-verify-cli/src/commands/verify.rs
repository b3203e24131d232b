//! The commands that send requests to Verify.

use clap::Subcommand;

use crate::commands::access_tokens::AccessTokensCommand;
use crate::commands::attempts::AttemptsCommand;
use crate::commands::buckets::BucketsCommand;
use crate::commands::challenges::ChallengesCommand;
use crate::commands::entities::EntitiesCommand;
use crate::commands::factors::FactorsCommand;
use crate::commands::forms::FormsCommand;
use crate::commands::messaging_configurations::MessagingConfigurationsCommand;
use crate::commands::rate_limits::RateLimitsCommand;
use crate::commands::safe_list::SafeListCommand;
use crate::commands::services::ServicesCommand;
use crate::commands::templates::TemplatesCommand;
use crate::commands::verifications::VerificationsCommand;
use crate::commands::webhooks::WebhooksCommand;
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::output::writer::Output;
use crate::session::connection::Connection;
use crate::session::requests::Session;

/// The commands that ask Verify.
#[derive(Debug, Subcommand)]
pub(crate) enum VerifyCommand {
    /// Verification attempts: messages, calls and e-mails that carried a code
    #[command(subcommand)]
    Attempts(AttemptsCommand),
    /// Verifications: send a code to a person, and check what they answer
    #[command(subcommand)]
    Verifications(VerificationsCommand),
    /// Services: what verifications, factors and limits belong to
    #[command(subcommand)]
    Services(ServicesCommand),
    /// Templates: the texts of messages
    #[command(subcommand)]
    Templates(TemplatesCommand),
    /// Rate limits of a service
    #[command(subcommand)]
    RateLimits(RateLimitsCommand),
    /// Buckets of a rate limit: how many verifications, in how many seconds
    #[command(subcommand)]
    Buckets(BucketsCommand),
    /// Messaging configurations: which messaging service sends to which country
    #[command(subcommand)]
    MessagingConfigurations(MessagingConfigurationsCommand),
    /// Webhooks of a service
    #[command(subcommand)]
    Webhooks(WebhooksCommand),
    /// Entities: people who have factors
    #[command(subcommand)]
    Entities(EntitiesCommand),
    /// Factors of an entity: devices and apps that verify a person
    #[command(subcommand)]
    Factors(FactorsCommand),
    /// Challenges of an entity's factors
    #[command(subcommand)]
    Challenges(ChallengesCommand),
    /// The safe list: numbers that are never blocked
    #[command(subcommand)]
    SafeList(SafeListCommand),
    /// Forms: which fields the requests of a kind of factor have
    #[command(subcommand)]
    Forms(FormsCommand),
    /// Access tokens: what lets a device register a factor
    #[command(subcommand)]
    AccessTokens(AccessTokensCommand),
}

impl VerifyCommand {
    /// Runs the command. A quiet one shows no progress.
    pub(crate) async fn run(
        self,
        connection: Connection,
        output: Output,
        quiet: bool,
    ) -> Result<Exit, Failure> {
        self.check()?;
        let missing = self.missing();
        let session = Session::start(connection, output, quiet).await?;
        let done = match self {
            Self::Verifications(command) => command.run(session).await,
            Self::Attempts(command) => command.run(session).await.map(done),
            Self::Services(command) => command.run(session).await.map(done),
            Self::Templates(command) => command.run(session).await.map(done),
            Self::RateLimits(command) => command.run(session).await.map(done),
            Self::Buckets(command) => command.run(session).await.map(done),
            Self::MessagingConfigurations(command) => command.run(session).await.map(done),
            Self::Webhooks(command) => command.run(session).await.map(done),
            Self::Entities(command) => command.run(session).await.map(done),
            Self::Factors(command) => command.run(session).await.map(done),
            Self::Challenges(command) => command.run(session).await.map(done),
            Self::SafeList(command) => command.run(session).await.map(done),
            Self::Forms(command) => command.run(session).await.map(done),
            Self::AccessTokens(command) => command.run(session).await.map(done),
        };
        done.map_err(|failure| failure.if_not_found(missing))
    }

    /// Refuses what can't be asked, before anybody is.
    fn check(&self) -> Result<(), Failure> {
        match self {
            Self::Attempts(command) => command.check(),
            Self::Services(command) => command.check(),
            _ => Ok(()),
        }
    }

    /// What to think of, where there is no such resource.
    fn missing(&self) -> &'static str {
        match self {
            Self::Attempts(_) => "is it of this account and region? Attempts are kept for 30 days",
            Self::Verifications(_) => {
                "is it of this service? A verification is gone once it is approved, canceled or expired"
            }
            Self::SafeList(_) => "the number is not on the account's safe list",
            _ => "is it of this account and region, and of what the flags name?",
        }
    }
}

/// The exit of a command that has but one way to succeed.
fn done((): ()) -> Exit {
    Exit::Ok
}
