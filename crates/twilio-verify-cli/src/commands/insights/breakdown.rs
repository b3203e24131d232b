//! `attempts breakdown`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;
use twilio_verify_insights::{
    AttemptsExt, Breakdown, BreakdownError, By, Calls, KEPT, Period as Whole, Table, settled,
};

#[cfg(feature = "archive")]
use super::archive::Opened;
use super::cells::{below, cell, people, plan_json, programs, row, rows, whole};
use super::evidence::Evidence;
use crate::commands::args::given;
use crate::commands::summary::SummaryArgs;
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::output::format::Format;
use crate::output::note::note;
use crate::output::writer::Output;
use crate::session::requests::Session;
use crate::values::dates;

const HELP: &str = "\
The program asks the Summary endpoint for each cell, or lists the attempts, whichever takes fewer
requests. Only the list has carrier, locale, error-code and status; it reaches back 30 days. The
default period is the last 30 days. It ends 11 minutes ago, unless --date-created-before says
otherwise, because younger attempts may still convert.

With --from-archive, the attempts of an archive of `attempts sync` are counted, by any dimension and
as far back as it goes. The default period is all of it.

The sum of the cells is compared with the total, which is counted before and after. A rate of fewer
than 20 attempts says little, and has no interval in the table.

Examples:
  twilio-verify attempts breakdown --by country,channel --date-created-after 7d
  twilio-verify attempts breakdown --by prefix:5 --country NG --min-attempts 50
  twilio-verify attempts breakdown --by day,carrier --country CO -o csv
  twilio-verify attempts breakdown --by country,day --plan
  twilio-verify attempts breakdown --by day --from-archive attempts --plot";

/// The dimensions and filters of a breakdown.
#[derive(Args, Debug)]
#[command(after_help = format!("{}\n\n{HELP}", dates::FORMS))]
pub(crate) struct BreakdownArgs {
    /// The dimensions: country, channel, service, day, hour, prefix:DIGITS, carrier, locale,
    /// error-code and status
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', required = true)]
    by: Vec<By>,

    #[command(flatten)]
    filters: SummaryArgs,

    /// Read this archive instead of the API: all that it has, beyond 30 days; needs no account and no
    /// network
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["plan", "budget"],
        value_hint = clap::ValueHint::DirPath
    )]
    pub(crate) from_archive: Option<PathBuf>,

    /// Count cells with fewer attempts together, as `other`
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    min_attempts: u64,

    /// Send at most N requests; a plan that takes more is an error
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    budget: Option<u64>,

    /// Only show how many requests the breakdown takes, and why
    #[arg(long)]
    plan: bool,

    /// Draw conversion above the table: over time with day or hour, otherwise by the first dimension
    #[arg(long)]
    plot: bool,
}

impl BreakdownArgs {
    /// Rejects invalid arguments before anything is sent.
    pub(crate) fn check(&self, output: &Output) -> Result<(), Failure> {
        if self.from_archive.is_some() {
            Feature::Archive.required("--from-archive")?;
        }
        if self.plot {
            Feature::Plots.required("--plot")?;
            if output.format() != Format::Table || self.plan {
                return Err(Failure::usage(
                    "--plot: it draws above a table",
                    "remove --plot, or the flag of another output",
                ));
            }
        }
        self.filters.period.check(output.zone())
    }
}

/// Breaks the account's attempts down.
pub(crate) async fn breakdown(
    arguments: BreakdownArgs,
    mut session: Session,
) -> Result<(), Failure> {
    let BreakdownArgs { by, filters, min_attempts, budget, plan, plot, .. } = arguments;
    let breakdown = live(&session, filters, by)?.min_attempts(min_attempts);
    let breakdown = given!(breakdown, budget: budget.map(Calls),);
    if plan {
        let plan = breakdown.plan().await.map_err(failure)?;
        return match session.format() {
            Format::Table => session.text(&format!("{plan}\n")),
            _ => session.json(&plan_json(&plan)),
        };
    }
    let table = breakdown.run().await.map_err(failure)?;
    show(&table, &Evidence::of(&table), plot, session.output())
}

/// Breaks the attempts of an archive down.
#[cfg(feature = "archive")]
pub(crate) async fn breakdown_archive(
    arguments: BreakdownArgs,
    output: &mut Output,
) -> Result<(), Failure> {
    let BreakdownArgs { by, filters, min_attempts, from_archive, plot, .. } = arguments;
    let folder = from_archive.unwrap_or_default();
    let opened = Opened::open(&folder, "--from-archive <DIR>").await?;
    let period = opened.period(&filters, output.zone())?;
    let table = opened.table(by, &filters, period, min_attempts).await?;
    show(&table, &opened.evidence(period), plot, output)
}

/// Returns a breakdown of the account's attempts.
pub(super) fn live(
    session: &Session,
    filters: SummaryArgs,
    by: Vec<By>,
) -> Result<Breakdown, Failure> {
    let (after, before) = filters.period.at(session.zone());
    let period = period(after, before)?;
    Ok(given!(
        session.client.attempts().breakdown().now(dates::now()).by(by).period(period),
        service: filters.verify_service_sid,
        country: filters.country,
        channel: filters.channel,
        destination_prefix: filters.destination_prefix,
    ))
}

/// Shows a table in the format of the output.
fn show(
    table: &Table,
    evidence: &Evidence,
    plot: bool,
    output: &mut Output,
) -> Result<(), Failure> {
    match output.format() {
        Format::Json => Ok(output.json(&whole(table, evidence))?),
        Format::Table => {
            if plot {
                picture(table, output)?;
            }
            let rows = rows(table).map(|(labels, counts)| row(table.by(), &labels, counts));
            output.rows(people(table.by()), rows.collect())?;
            Ok(output.raw(below(table, evidence).as_bytes())?)
        }
        Format::Jsonl | Format::Csv | Format::Tsv => {
            let rows = rows(table).map(|(labels, counts)| cell(table.by(), &labels, counts));
            output.rows(programs(table.by()), rows.collect())?;
            if let Some(proof) = &evidence.text {
                note(proof);
            }
            for caveat in table.caveats() {
                note(&caveat.to_string());
            }
            Ok(())
        }
    }
}

#[cfg(feature = "plots")]
fn picture(table: &Table, output: &mut Output) -> Result<(), Failure> {
    Ok(output.raw(super::plot::draw(table).as_bytes())?)
}

#[cfg(not(feature = "plots"))]
fn picture(_: &Table, _: &mut Output) -> Result<(), Failure> {
    Feature::Plots.required("--plot")
}

/// Returns the period. By default, it starts 30 days ago, and ends at the latest instant before
/// which no attempt converts any more.
pub(super) fn period(
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
) -> Result<Whole, Failure> {
    let now = dates::now();
    let from = after.unwrap_or(now - KEPT);
    Whole::new(from, before.unwrap_or_else(|| settled(now))).map_err(|error| failure(error.into()))
}

pub(super) fn failure(error: BreakdownError) -> Failure {
    match error {
        BreakdownError::Request(error) => error.into(),
        BreakdownError::Budget(plan) => Failure::usage(
            format!("--budget <N>: the breakdown takes more requests\n{plan}"),
            format!("allow {}, or choose fewer dimensions or a shorter period", plan.calls.0),
        ),
        BreakdownError::Dimensions(reason) => {
            Failure::usage(format!("--by <DIMENSION>: {reason}"), "such as --by country,channel")
        }
        other => Failure::usage(
            other.to_string(),
            "correct --date-created-after or --date-created-before; --date-created-before 11m is \
             the latest end whose counts don't change",
        ),
    }
}
