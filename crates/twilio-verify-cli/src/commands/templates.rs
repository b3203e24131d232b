//! `templates`: list.

use clap::{Args, Subcommand};
use twilio_verify::Template;

use crate::commands::args::given;
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::lists::Range;
use crate::session::requests::Session;

/// What to do with templates.
#[derive(Debug, Subcommand)]
pub(crate) enum TemplatesCommand {
    /// List the templates of messages that the account may use
    List(ListArgs),
}

/// Which templates to list.
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// Only templates of this name
    #[arg(long, value_name = "NAME")]
    friendly_name: Option<String>,

    #[command(flatten)]
    range: Range,
}

impl TemplatesCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        let Self::List(arguments) = self;
        let request = given!(
            session.client.templates().list(),
            friendly_name: arguments.friendly_name,
        );
        session.list(request, arguments.range).await
    }
}

impl Resource for Template {
    const PLURAL: &'static str = "templates";
    const COLUMNS: &'static [Column] = &[
        Column::new("NAME", "friendly_name"),
        Column::new("CHANNELS", "channels")
            .kind(Kind::List)
            .spare(2),
        Column::new("LOCALES", "translations")
            .kind(Kind::List)
            .spare(1),
        Column::new("SID", "sid"),
    ];
}
