//! `safe-list`: fetch.

use clap::{Args, Subcommand};
use twilio_verify::{Redacted, SafelistNumber};

use crate::failure::report::Failure;
use crate::output::column::Column;
use crate::output::shape::Resource;
use crate::session::requests::Session;
use crate::values::texts::private;

/// What to do with the safe list.
#[derive(Debug, Subcommand)]
pub(crate) enum SafeListCommand {
    /// Show a number, if it is on the list; ends with 4 if it is not
    Fetch(FetchArgs),
}

/// Which number to look for.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct FetchArgs {
    /// The phone number, in E.164 format such as +14155550100
    #[arg(value_name = "NUMBER", value_parser = private)]
    positional: Option<Redacted<String>>,

    /// The same, as a flag
    #[arg(long, value_name = "NUMBER", value_parser = private)]
    phone_number: Option<Redacted<String>>,
}

impl SafeListCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        let Self::Fetch(arguments) = self;
        // The command line has one; an empty one is refused.
        let number = arguments.positional.or(arguments.phone_number);
        let number = number.unwrap_or_default().into_inner();
        session.one(&session.client.safe_list().fetch(number).await?)
    }
}

impl Resource for SafelistNumber {
    const PLURAL: &'static str = "numbers";
    const COLUMNS: &'static [Column] = &[
        Column::new("NUMBER", "phone_number"),
        Column::new("SID", "sid"),
    ];
}
