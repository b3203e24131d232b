//! The period of attempts.

use chrono::{DateTime, Utc};
use clap::Args;

use crate::failure::report::Failure;
use crate::values::dates::{self, Moment};
use crate::values::zone::Zone;

/// A period.
#[derive(Args, Clone, Debug)]
pub(crate) struct Period {
    /// Only attempts made at this instant or later; days are in UTC, with --local in this
    /// machine's time zone
    #[arg(
        long,
        value_name = "DATE",
        allow_hyphen_values = true,
        value_parser = dates::argument
    )]
    date_created_after: Option<Moment>,

    /// Only attempts made before this instant; a day itself is left out
    #[arg(
        long,
        value_name = "DATE",
        allow_hyphen_values = true,
        value_parser = dates::argument
    )]
    date_created_before: Option<Moment>,
}

impl Period {
    /// Returns the start and the end, in a zone.
    pub(crate) fn at(&self, zone: Zone) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let date = |moment: Option<Moment>| moment.map(|moment| moment.at(zone));
        (date(self.date_created_after), date(self.date_created_before))
    }

    /// Rejects a period that ends before it begins: its count would be zero, like
    /// that of a period without attempts.
    pub(crate) fn check(&self, zone: Zone) -> Result<(), Failure> {
        match self.at(zone) {
            (Some(after), Some(before)) if before < after => Err(Failure::usage(
                "--date-created-before <DATE>: it precedes --date-created-after",
                "swap the two, or correct one of them",
            )),
            _ => Ok(()),
        }
    }
}
