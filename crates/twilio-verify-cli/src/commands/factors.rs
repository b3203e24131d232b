//! `factors`: list, fetch.

use clap::{Args, Subcommand};
use twilio_verify::{Factor, FactorSid};

use crate::commands::args::{EntityArgs, SidArg};
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::lists::Range;
use crate::session::requests::Session;

/// What to do with factors.
#[derive(Debug, Subcommand)]
pub(crate) enum FactorsCommand {
    /// List the factors of an entity
    List(ListArgs),
    /// Show one factor
    Fetch(FetchArgs),
}

/// Which factors to list.
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    entity: EntityArgs,

    #[command(flatten)]
    range: Range,
}

/// Which factor to fetch.
#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    #[command(flatten)]
    entity: EntityArgs,

    #[command(flatten)]
    sid: SidArg<FactorSid>,
}

impl FactorsCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        match self {
            Self::List(ListArgs { entity, range }) => {
                let factors = entity.of(&session.client).factors();
                session.list(factors.list(), range).await
            }
            Self::Fetch(FetchArgs { entity, sid }) => {
                let factors = entity.of(&session.client).factors();
                session.one(&factors.fetch(sid.into_sid()?).await?)
            }
        }
    }
}

impl Resource for Factor {
    const PLURAL: &'static str = "factors";
    const COLUMNS: &'static [Column] = &[
        Column::new("NAME", "friendly_name"),
        Column::new("TYPE", "factor_type"),
        Column::new("STATUS", "status").kind(Kind::Status),
        Column::new("CREATED (UTC)", "date_created")
            .kind(Kind::Date)
            .spare(1),
        Column::new("SID", "sid"),
    ];
}
