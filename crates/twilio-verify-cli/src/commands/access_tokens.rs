//! `access-tokens`: fetch.

use clap::Subcommand;
use twilio_verify::{AccessToken, AccessTokenSid};

use crate::commands::args::OneOfService;
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::requests::Session;

/// What to do with access tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum AccessTokensCommand {
    /// Show one access token: what lets a device register a factor
    Fetch(OneOfService<AccessTokenSid>),
}

impl AccessTokensCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        let Self::Fetch(OneOfService { service, sid }) = self;
        let tokens = service.of(&session.client).access_tokens();
        session.one(&tokens.fetch(sid.into_sid()?).await?)
    }
}

impl Resource for AccessToken {
    const PLURAL: &'static str = "access_tokens";
    const COLUMNS: &'static [Column] = &[
        Column::new("CREATED (UTC)", "date_created").kind(Kind::Date),
        Column::new("IDENTITY", "entity_identity"),
        Column::new("TYPE", "factor_type"),
        Column::new("SID", "sid"),
    ];
}
