//! `attempts`: the commands on verification attempts.

use chrono::TimeDelta;
use clap::{Args, Subcommand};
use twilio_verify::{
    Attempt, AttemptSid, AttemptsSummary, Channel, ConversionStatus, Country, Redacted, ServiceSid,
    VerificationSid,
};

use crate::commands::archive::sync::SyncArgs;
use crate::commands::args::{SidArg, given};
#[cfg(feature = "archive")]
use crate::commands::insights::breakdown::breakdown_archive;
use crate::commands::insights::breakdown::{BreakdownArgs, breakdown};
#[cfg(feature = "archive")]
use crate::commands::insights::export::export_archive;
use crate::commands::insights::export::{ExportArgs, export};
use crate::commands::insights::report::ReportArgs;
#[cfg(feature = "plots")]
use crate::commands::insights::reporting;
use crate::commands::period::Period;
use crate::commands::summary::{SummaryCommand, summary};
use crate::commands::watch;
use crate::commands::watch::args::WatchArgs;
use crate::commands::watch::replay_args::ReplayArgs;
use crate::failure::exit::Exit;
#[cfg(not(all(feature = "archive", feature = "plots")))]
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::formula;
use crate::output::note::note;
use crate::output::shape::{Resource, Shape};
use crate::output::writer::Output;
use crate::session::lists::Range;
use crate::session::requests::Session;
use crate::values::countries::country;
use crate::values::dates;
use crate::values::texts::{known, private};

/// The commands of attempts.
#[derive(Debug, Subcommand)]
pub(crate) enum AttemptsCommand {
    /// Count attempts, and those that converted
    Summary(SummaryCommand),
    /// Count attempts by country, channel, day, prefix, carrier and more
    Breakdown(Box<BreakdownArgs>),
    /// Write attempts to a file: csv, ndjson, parquet or xlsx
    Export(Box<ExportArgs>),
    /// Write a report with pictures: a page that needs no script and no network
    Report(Box<ReportArgs>),
    /// Keep attempts beyond 30 days, as Parquet files in a folder, and prove that none is missing
    Sync(Box<SyncArgs>),
    /// Report what is unusual as it happens: SMS pumping, outages, new destinations
    Watch(Box<WatchArgs>),
    /// Report what `watch` would have reported, over an archive
    Replay(Box<ReplayArgs>),
    /// List the attempts of the last 30 days, newest first
    List(ListArgs),
    /// Show one attempt
    Fetch(SidArg<AttemptSid>),
}

/// How long Twilio keeps attempts.
const KEPT: TimeDelta = TimeDelta::days(30);

const LIST_EXAMPLES: &str = "\
csv and tsv hold every field that the API documents, with the API's names. Fields that the API
doesn't document are in json and jsonl only.

Examples:
  twilio-verify attempts list --status unconverted --country NG --date-created-after 1d
  twilio-verify attempts list --channel-data.to +14155550100
  twilio-verify attempts list --date-created-after yesterday --date-created-before today --local
  twilio-verify attempts list --properties date_created,channel_data.to,price.value
  twilio-verify attempts list --no-limit -o csv > attempts.csv";

/// The filters of a list, every one of which an attempt must match, and how much
/// of it to show.
#[derive(Args, Debug)]
#[command(after_help = format!(
    "{}\n\n{}\n\n{LIST_EXAMPLES}",
    dates::FORMS,
    formula::HELP
))]
pub(crate) struct ListArgs {
    #[command(flatten)]
    period: Period,

    /// Only attempts to this phone number in E.164 format, or e-mail address
    #[arg(
        long = "channel-data.to",
        visible_aliases = ["channel-data-to", "to"],
        value_name = "DESTINATION",
        value_parser = private
    )]
    to: Option<Redacted<String>>,

    /// Only attempts to this country, an ISO 3166-1 alpha-2 code such as CO
    #[arg(long, value_parser = country)]
    country: Option<Country>,

    /// Only attempts on this channel
    #[arg(long, ignore_case = true, value_parser = known::<Channel>(Channel::VALUES))]
    channel: Option<Channel>,

    /// Only attempts of this service
    #[arg(long, visible_alias = "service-sid", value_name = "SID")]
    verify_service_sid: Option<ServiceSid>,

    /// Only attempts of this verification
    #[arg(long, value_name = "SID")]
    verification_sid: Option<VerificationSid>,

    /// Only attempts with this conversion status
    #[arg(
        long,
        ignore_case = true,
        value_parser = known::<ConversionStatus>(ConversionStatus::VALUES)
    )]
    status: Option<ConversionStatus>,

    #[command(flatten)]
    range: Range,
}

impl AttemptsCommand {
    /// Rejects invalid arguments before anything is sent.
    pub(super) fn check(&self, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Summary(command) => {
                output.check(&Shape::of::<AttemptsSummary>())?;
                command.check(output.zone())
            }
            Self::Breakdown(arguments) => arguments.check(output),
            Self::Export(arguments) => arguments.check(output),
            Self::Report(arguments) => arguments.check(output),
            Self::List(arguments) => {
                output.check(&Shape::of::<Attempt>())?;
                arguments.period.check(output.zone())
            }
            Self::Sync(arguments) => arguments.check(),
            Self::Watch(arguments) => arguments.check(output),
            Self::Replay(arguments) => arguments.check(output),
            Self::Fetch(_) => output.check(&Shape::of::<Attempt>()),
        }
    }

    /// Returns the name of the command, if it reads an archive and sends no requests.
    pub(super) fn reads_archive(&self) -> Option<&'static str> {
        match self {
            Self::Breakdown(arguments) if arguments.from_archive.is_some() => {
                Some("attempts breakdown --from-archive")
            }
            Self::Export(arguments) if arguments.from_archive.is_some() => {
                Some("attempts export --from-archive")
            }
            Self::Report(arguments) if arguments.archive.is_some() => Some("attempts report <DIR>"),
            Self::Replay(_) => Some("attempts replay"),
            _ => None,
        }
    }

    /// Runs a command that reads an archive.
    #[cfg(feature = "archive")]
    pub(super) async fn run_archive(self, mut output: Output, quiet: bool) -> Result<(), Failure> {
        match self {
            Self::Breakdown(arguments) => breakdown_archive(*arguments, &mut output).await,
            Self::Export(arguments) => {
                export_archive(*arguments, output.options().clone(), quiet).await
            }
            Self::Replay(arguments) => watch::replay::run(*arguments, output, quiet).await,
            #[cfg(feature = "plots")]
            Self::Report(arguments) => reporting::report_archive(*arguments, output.zone()).await,
            _ => Ok(()),
        }
    }

    #[cfg(not(feature = "archive"))]
    pub(super) async fn run_archive(self, _: Output, _: bool) -> Result<(), Failure> {
        Feature::Archive.required("an archive")
    }

    pub(super) async fn run(self, mut session: Session) -> Result<Exit, Failure> {
        let done = match self {
            Self::Sync(arguments) => return sync(*arguments, session).await,
            Self::Watch(arguments) => return watch::run::run(*arguments, session).await,
            // `replay` reads an archive, and doesn't get here.
            Self::Replay(_) => Ok(()),
            Self::Summary(command) => summary(command, session).await,
            Self::Breakdown(arguments) => breakdown(*arguments, session).await,
            Self::Export(arguments) => export(*arguments, session).await,
            #[cfg(feature = "plots")]
            Self::Report(arguments) => reporting::report(*arguments, session).await,
            #[cfg(not(feature = "plots"))]
            Self::Report(_) => Feature::Plots.required("attempts report"),
            Self::List(arguments) => list(arguments, session).await,
            Self::Fetch(sid) => {
                let attempt = session.client.attempts().fetch(sid.into_sid()?).await?;
                session.one(&attempt)
            }
        };
        done.map(|()| Exit::Ok)
    }
}

#[cfg(feature = "archive")]
async fn sync(arguments: SyncArgs, session: Session) -> Result<Exit, Failure> {
    crate::commands::archive::run::run(arguments, session).await
}

#[cfg(not(feature = "archive"))]
async fn sync(arguments: SyncArgs, _: Session) -> Result<Exit, Failure> {
    arguments.check().map(|()| Exit::Ok)
}

async fn list(arguments: ListArgs, mut session: Session) -> Result<(), Failure> {
    let (after, before) = arguments.period.at(session.zone());
    let request = given!(
        session.client.attempts().list(),
        created_after: after,
        created_before: before,
        to: arguments.to.map(Redacted::into_inner),
        country: arguments.country,
        channel: arguments.channel,
        service: arguments.verify_service_sid,
        verification: arguments.verification_sid,
        status: arguments.status,
    );
    let pages = given!(
        request,
        limit: arguments.range.limit(),
        page_size: arguments.range.page_size(),
    )
    .pages();
    session.list(pages, arguments.range).await?;
    let kept = dates::started() - KEPT;
    if after.is_some_and(|after| after < kept) {
        note(&format!(
            "Twilio keeps attempts for 30 days: none are listed that were made before {}",
            session.zone().rfc3339(kept)
        ));
    }
    Ok(())
}

impl Resource for Attempt {
    const PLURAL: &'static str = "attempts";
    const COLUMNS: &'static [Column] = &[
        Column::new("DATE", "date_created").kind(Kind::Date).spare(6),
        Column::new("CHANNEL", "channel").spare(4),
        Column::new("TO", "channel_data.to").spare(3),
        Column::new("COUNTRY", "channel_data.country").spare(2),
        Column::new("STATUS", "conversion_status").kind(Kind::Status).spare(5),
        Column::new("PRICE", "price").kind(Kind::Money).spare(1),
        Column::new("SID", "sid"),
    ];
}
