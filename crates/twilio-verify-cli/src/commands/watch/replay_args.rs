//! `attempts replay`: its command line.

use std::path::PathBuf;

use clap::Args;

use super::args::DetectorArgs;
use super::event;
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::output::writer::Output;
use crate::values::dates::{self, Moment};

const HELP: &str = "\
Goes through an archive of `attempts sync` minute by minute, with each attempt as it was known at that
time, and prints what `attempts watch` would have reported, and when. It makes no calls. Use it to
choose --min-cost before alerts go live.

A summary on stderr says how many findings there are, and how much was spent before they were reported.

Examples:
  twilio-verify attempts replay attempts-archive
  twilio-verify attempts replay attempts-archive --from 2026-03-01 --to 2026-03-08 --min-cost 20
  twilio-verify attempts replay attempts-archive -o csv > findings.csv";

/// What is looked at.
#[derive(Args, Debug)]
#[command(after_help = format!("{HELP}\n\n{}", dates::FORMS))]
pub(crate) struct ReplayArgs {
    /// The folder of the archive
    #[arg(value_name = "DIR")]
    pub(super) archive: PathBuf,

    /// The first instant to look at; earlier attempts are history. Default: 28 days after the beginning
    /// of the archive; in a shorter archive 7 days after it, or its middle
    #[arg(
        long,
        value_name = "DATE",
        allow_hyphen_values = true,
        value_parser = dates::argument
    )]
    pub(super) from: Option<Moment>,

    /// The last instant to look at. Default: the end of the archive
    #[arg(
        long,
        value_name = "DATE",
        allow_hyphen_values = true,
        value_parser = dates::argument
    )]
    pub(super) to: Option<Moment>,

    #[command(flatten)]
    pub(super) detector: DetectorArgs,
}

impl ReplayArgs {
    /// Rejects invalid arguments.
    pub(crate) fn check(&self, output: &Output) -> Result<(), Failure> {
        Feature::Archive.required("attempts replay")?;
        output.check(&event::shape())?;
        let at = |moment: Option<Moment>| moment.map(|moment| moment.at(output.zone()));
        match (at(self.from), at(self.to)) {
            (Some(from), Some(to)) if to <= from => Err(Failure::usage(
                "--to <DATE>: it doesn't follow --from",
                "swap the two, or correct one of them",
            )),
            _ => Ok(()),
        }
    }
}
