//! `attempts summary`.

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use rust_decimal::{Decimal, RoundingStrategy};
use twilio_verify::{AttemptsSummary, Channel, Country, DestinationPrefix, ServiceSid};

use crate::commands::args::given;
use crate::commands::period::Period;
use crate::failure::report::Failure;
use crate::output::column::Column;
use crate::output::shape::Resource;
use crate::output::table;
use crate::session::requests::Session;
use crate::values::countries::country;
use crate::values::dates;
use crate::values::texts::known;
use crate::values::zone::Zone;

const SUMMARY_EXAMPLES: &str = "\
Examples:
  twilio-verify attempts summary --date-created-after 7d --channel whatsapp
  twilio-verify attempts summary --date-created-after 2026-03-01 --date-created-before 2026-03-02
  twilio-verify attempts summary --country CO --destination-prefix +57305 -o json";

/// A summary: with the verb of twilio-cli, or without.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = format!("{}\n\n{SUMMARY_EXAMPLES}", dates::FORMS)
)]
pub(crate) struct SummaryCommand {
    #[command(subcommand)]
    fetch: Option<SummaryVerb>,

    #[command(flatten)]
    arguments: SummaryArgs,
}

/// The verb of twilio-cli.
#[derive(Debug, Subcommand)]
enum SummaryVerb {
    /// The same, by the name of twilio-cli
    #[command(hide = true)]
    Fetch(SummaryArgs),
}

impl SummaryCommand {
    fn arguments(&self) -> &SummaryArgs {
        match &self.fetch {
            Some(SummaryVerb::Fetch(arguments)) => arguments,
            None => &self.arguments,
        }
    }

    /// Rejects invalid arguments before anything is sent.
    pub(super) fn check(&self, zone: Zone) -> Result<(), Failure> {
        self.arguments().period.check(zone)
    }

    fn into_arguments(self) -> SummaryArgs {
        match self.fetch {
            Some(SummaryVerb::Fetch(arguments)) => arguments,
            None => self.arguments,
        }
    }
}

/// The filters of a summary; an attempt must match every one that is set.
#[derive(Args, Clone, Debug)]
pub(crate) struct SummaryArgs {
    /// Only attempts of this service
    #[arg(long, visible_alias = "service-sid", value_name = "SID")]
    pub(crate) verify_service_sid: Option<ServiceSid>,

    #[command(flatten)]
    pub(crate) period: Period,

    /// Only attempts to this country, an ISO 3166-1 alpha-2 code such as CO
    #[arg(long, value_parser = country)]
    pub(crate) country: Option<Country>,

    /// Only attempts on this channel
    #[arg(long, ignore_case = true, value_parser = known::<Channel>(Channel::VALUES))]
    pub(crate) channel: Option<Channel>,

    /// Only attempts to numbers with this prefix, such as +57305
    #[arg(long, value_name = "PREFIX")]
    pub(crate) destination_prefix: Option<DestinationPrefix>,
}

/// Counts attempts.
pub(super) async fn summary(command: SummaryCommand, mut session: Session) -> Result<(), Failure> {
    let arguments = command.into_arguments();
    let zone = session.zone();
    let filters = filters(&arguments, zone);
    let (after, before) = arguments.period.at(zone);
    let request = given!(
        session.client.attempts().summary(),
        service: arguments.verify_service_sid,
        created_after: after,
        created_before: before,
        country: arguments.country,
        channel: arguments.channel,
        destination_prefix: arguments.destination_prefix,
    );
    let summary = request.send().await?;
    session.one_as(&summary, |summary| summary_table(summary, filters))
}

/// Returns the filters that were given, for people.
pub(crate) fn filters(arguments: &SummaryArgs, zone: Zone) -> Vec<(&'static str, String)> {
    let (after, before) = arguments.period.at(zone);
    let date = |date: DateTime<Utc>| format!("{} ({})", zone.rfc3339(date), zone.name());
    let country = |country: &Country| match country.name() {
        Some(name) => format!("{country} ({name})"),
        None => country.to_string(),
    };
    let filters = [
        ("Service", arguments.verify_service_sid.as_ref().map(ToString::to_string)),
        ("From", after.map(date)),
        ("To", before.map(date)),
        ("Country", arguments.country.as_ref().map(country)),
        ("Channel", arguments.channel.as_ref().map(ToString::to_string)),
        ("Prefix", arguments.destination_prefix.as_ref().map(|prefix| prefix.as_str().to_owned())),
    ];
    filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn summary_table(summary: &AttemptsSummary, filters: Vec<(&'static str, String)>) -> String {
    let mut rows = match filters.is_empty() {
        true => vec![("Filters", "none: all attempts".to_owned())],
        false => filters,
    };
    rows.push(("", String::new()));
    let counts = [
        ("Attempts", summary.total_attempts),
        ("Converted", summary.total_converted),
        ("Unconverted", summary.total_unconverted),
    ]
    .map(|(name, count)| (name, table::grouped(count)));
    let width = counts.iter().map(|(_, count)| count.len()).max().unwrap_or(0);
    rows.extend(counts.map(|(name, count)| (name, format!("{count:>width$}"))));
    rows.push(("Conversion", conversion(summary.conversion_rate)));
    table::pairs(rows)
}

fn conversion(rate: Option<Decimal>) -> String {
    match rate {
        Some(rate) => {
            // Formatting truncates decimals instead of rounding them.
            let rounded = rate.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            format!("{} {rounded:.2} %", table::bar(rate))
        }
        None => "no rate, as there were no attempts".to_owned(),
    }
}

impl Resource for AttemptsSummary {
    const PLURAL: &'static str = "summaries";
    const COLUMNS: &'static [Column] = &[
        Column::new("ATTEMPTS", "total_attempts"),
        Column::new("CONVERTED", "total_converted"),
        Column::new("UNCONVERTED", "total_unconverted"),
        Column::new("CONVERSION", "conversion_rate_percentage"),
    ];
}
