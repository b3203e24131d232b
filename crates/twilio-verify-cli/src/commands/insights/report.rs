//! `attempts report`.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::commands::args::FeeArgs;
use crate::commands::summary::SummaryArgs;
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::output::format::{Format, Target};
use crate::output::writer::Output;
use crate::values::dates;

const HELP: &str = "\
The page needs no script and sends no request. It follows the browser's colour scheme, light or dark,
and can be printed. It shows conversion over time, by country, channel, carrier and prefix, with costs,
the groups that convert less than the whole, and what is proven and what is unknown. A rate of fewer
than 20 attempts is shown but not judged.

A report of an archive reaches as far back as the archive. With --live, the attempts of the last 30
days are listed, 1000 per request; --budget limits the requests.

Examples:
  twilio-verify attempts report attempts -o report.html
  twilio-verify attempts report --live --fee 0.05 -o report.html
  twilio-verify attempts report attempts --country NG --prefix-digits 7 -o nigeria.html
  twilio-verify --emulator attempts report --live -o report.html";

/// The attempts of a report, and how it is made.
#[derive(Args, Debug)]
#[command(after_help = format!("{}\n\n{HELP}", dates::FORMS))]
pub(crate) struct ReportArgs {
    /// The archive of `attempts sync` to read; needs no account and no network
    #[arg(
        value_name = "DIR",
        conflicts_with = "live",
        value_hint = clap::ValueHint::DirPath
    )]
    pub(crate) archive: Option<PathBuf>,

    /// List the account's attempts instead
    #[arg(long)]
    live: bool,

    #[command(flatten)]
    pub(super) filters: SummaryArgs,

    #[command(flatten)]
    pub(super) fee: FeeArgs,

    /// How many digits of numbers a prefix has, from 1 to 15
    #[arg(
        long,
        value_name = "DIGITS",
        default_value_t = 5,
        value_parser = clap::value_parser!(u8).range(1..=15)
    )]
    pub(super) prefix_digits: u8,

    /// Send at most N requests; a report that takes more is an error
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "archive",
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub(super) budget: Option<u64>,

    /// The file to write, such as report.html; without it stdout, unless that is a terminal
    #[arg(
        id = "format",
        short = 'o',
        long = "output",
        value_name = "FILE",
        action = clap::ArgAction::Append,
        value_parser = Target::any(),
        value_hint = clap::ValueHint::FilePath,
        help_heading = "Output"
    )]
    targets: Vec<Target>,

    /// Replace a file that exists
    #[arg(long, help_heading = "Output")]
    pub(super) force: bool,
}

impl ReportArgs {
    /// Returns the file that was named.
    pub(super) fn file(&self) -> Result<Option<&Path>, Failure> {
        let others = self.targets.iter().filter_map(|target| match target {
            Target::Other(name) => Some(Ok(Path::new(name))),
            // This is also the default of the program.
            Target::Format(Format::Table) => None,
            Target::Format(_) => Some(Err(Failure::usage(
                "-o <FILE>: a report is a page in HTML",
                "name a file, such as -o report.html; `attempts breakdown` writes other formats",
            ))),
        });
        let mut files = others.collect::<Result<Vec<_>, _>>()?;
        match (files.pop(), files.is_empty()) {
            (file, true) => Ok(file),
            _ => Err(Failure::usage("-o <FILE>: more than one file was given", "name one file")),
        }
    }

    /// Rejects invalid arguments before anything is sent.
    pub(crate) fn check(&self, output: &Output) -> Result<(), Failure> {
        Feature::Plots.required("attempts report")?;
        match &self.archive {
            Some(_) => Feature::Archive.required("attempts report <DIR>")?,
            None if self.live => {}
            None => {
                return Err(Failure::usage(
                    "<DIR>: no archive was given, and no --live",
                    "name the folder of an archive, or list the account's attempts by --live",
                ));
            }
        }
        if self.file()?.is_none() && io::stdout().is_terminal() {
            return Err(Failure::usage(
                "-o <FILE>: a report is not for a terminal",
                "name a file, as -o report.html",
            ));
        }
        self.filters.period.check(output.zone())
    }
}
