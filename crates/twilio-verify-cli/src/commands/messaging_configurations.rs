//! `messaging-configurations`: list, fetch.

use clap::{Args, Subcommand};
use twilio_verify::{MessagingConfiguration, MessagingCountry};

use crate::commands::args::{ListOfService, ServiceArg};
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::requests::Session;

/// What to do with messaging configurations.
#[derive(Debug, Subcommand)]
pub(crate) enum MessagingConfigurationsCommand {
    /// List which messaging services send a service's messages, by country
    List(ListOfService),
    /// Show which messaging service sends to a country
    Fetch(FetchArgs),
}

/// Which messaging configuration to fetch.
#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    #[command(flatten)]
    service: ServiceArg,

    /// The country, an ISO 3166-1 alpha-2 code such as CO; `all` is the one for all others
    #[arg(long)]
    country: MessagingCountry,
}

impl MessagingConfigurationsCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        match self {
            Self::List(ListOfService { service, range }) => {
                let configurations = service.of(&session.client).messaging_configurations();
                session.list(configurations.list(), range).await
            }
            Self::Fetch(FetchArgs { service, country }) => {
                let configurations = service.of(&session.client).messaging_configurations();
                session.one(&configurations.fetch(country).await?)
            }
        }
    }
}

impl Resource for MessagingConfiguration {
    const PLURAL: &'static str = "messaging_configurations";
    const COLUMNS: &'static [Column] = &[
        Column::new("COUNTRY", "country"),
        Column::new("MESSAGING SERVICE", "messaging_service_sid"),
        Column::new("CREATED (UTC)", "date_created")
            .kind(Kind::Date)
            .spare(1),
    ];
}
