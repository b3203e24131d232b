//! `entities`: list, fetch.

use clap::{Args, Subcommand};
use twilio_verify::{Entity, Redacted};

use crate::commands::args::{ListOfService, ServiceArg};
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::requests::Session;
use crate::values::texts::private;

/// What to do with entities.
#[derive(Debug, Subcommand)]
pub(crate) enum EntitiesCommand {
    /// List the entities of a service: people who have factors
    List(ListOfService),
    /// Show one entity
    Fetch(FetchArgs),
}

/// Which entity to fetch.
#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    #[command(flatten)]
    service: ServiceArg,

    #[command(flatten)]
    identity: IdentityArg,
}

/// The entity's name.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct IdentityArg {
    /// The identity of the person: 8 to 64 letters, digits and dashes
    #[arg(value_name = "IDENTITY", value_parser = private)]
    positional: Option<Redacted<String>>,

    /// The same, as a flag
    #[arg(long, value_parser = private)]
    identity: Option<Redacted<String>>,
}

impl EntitiesCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        match self {
            Self::List(ListOfService { service, range }) => {
                let entities = service.of(&session.client).entities();
                session.list(entities.list(), range).await
            }
            Self::Fetch(FetchArgs { service, identity }) => {
                let entities = service.of(&session.client).entities();
                // The command line has one; an empty one is refused.
                let identity = identity.positional.or(identity.identity);
                let identity = identity.unwrap_or_default().into_inner();
                session.one(&entities.fetch(identity).await?)
            }
        }
    }
}

impl Resource for Entity {
    const PLURAL: &'static str = "entities";
    const COLUMNS: &'static [Column] = &[
        Column::new("IDENTITY", "identity"),
        Column::new("CREATED (UTC)", "date_created")
            .kind(Kind::Date)
            .spare(1),
        Column::new("SID", "sid"),
    ];
}
