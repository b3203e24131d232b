//! `rate-limits`: list, fetch.

use clap::Subcommand;
use twilio_verify::{RateLimit, RateLimitSid};

use crate::commands::args::{ListOfService, OneOfService};
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::requests::Session;

/// What to do with rate limits.
#[derive(Debug, Subcommand)]
pub(crate) enum RateLimitsCommand {
    /// List the rate limits of a service
    List(ListOfService),
    /// Show one rate limit
    Fetch(OneOfService<RateLimitSid>),
}

impl RateLimitsCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        match self {
            Self::List(ListOfService { service, range }) => {
                let limits = service.of(&session.client).rate_limits();
                session.list(limits.list(), range).await
            }
            Self::Fetch(OneOfService { service, sid }) => {
                let limits = service.of(&session.client).rate_limits();
                session.one(&limits.fetch(sid.into_sid()?).await?)
            }
        }
    }
}

impl Resource for RateLimit {
    const PLURAL: &'static str = "rate_limits";
    const COLUMNS: &'static [Column] = &[
        Column::new("NAME", "unique_name"),
        Column::new("DESCRIPTION", "description").spare(1),
        Column::new("CREATED (UTC)", "date_created")
            .kind(Kind::Date)
            .spare(2),
        Column::new("SID", "sid"),
    ];
}
