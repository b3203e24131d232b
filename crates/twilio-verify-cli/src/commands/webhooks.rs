//! `webhooks`: list, fetch.

use clap::Subcommand;
use twilio_verify::{Webhook, WebhookSid};

use crate::commands::args::{ListOfService, OneOfService};
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::requests::Session;

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub(crate) enum WebhooksCommand {
    /// List the webhooks of a service
    List(ListOfService),
    /// Show one webhook
    Fetch(OneOfService<WebhookSid>),
}

impl WebhooksCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        match self {
            Self::List(ListOfService { service, range }) => {
                let webhooks = service.of(&session.client).webhooks();
                session.list(webhooks.list(), range).await
            }
            Self::Fetch(OneOfService { service, sid }) => {
                let webhooks = service.of(&session.client).webhooks();
                session.one(&webhooks.fetch(sid.into_sid()?).await?)
            }
        }
    }
}

impl Resource for Webhook {
    const PLURAL: &'static str = "webhooks";
    const COLUMNS: &'static [Column] = &[
        Column::new("NAME", "friendly_name"),
        Column::new("STATUS", "status").kind(Kind::Status),
        Column::new("EVENTS", "event_types")
            .kind(Kind::List)
            .spare(1),
        Column::new("URL", "webhook_url").spare(2),
        Column::new("SID", "sid"),
    ];
}
