//! `forms`: fetch.

use clap::{Args, Subcommand};
use twilio_verify::{Form, FormType};

use crate::failure::report::Failure;
use crate::output::column::Column;
use crate::output::shape::Resource;
use crate::session::requests::Session;
use crate::values::texts::known;

/// What to do with forms.
#[derive(Debug, Subcommand)]
pub(crate) enum FormsCommand {
    /// Show which fields the requests of a kind of factor have
    Fetch(FetchArgs),
}

/// Which form to fetch.
#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    /// The form
    #[arg(long, ignore_case = true, value_parser = known::<FormType>(FormType::VALUES))]
    form_type: FormType,
}

impl FormsCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        let Self::Fetch(arguments) = self;
        let form = session.client.forms().fetch(arguments.form_type).await?;
        session.one(&form)
    }
}

impl Resource for Form {
    const PLURAL: &'static str = "forms";
    const COLUMNS: &'static [Column] = &[Column::new("TYPE", "form_type")];
}
