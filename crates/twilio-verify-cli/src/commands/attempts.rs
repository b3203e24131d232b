//! `attempts`: summary, list, fetch.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use rust_decimal::{Decimal, RoundingStrategy};
use twilio_verify::{
    Attempt, AttemptSid, AttemptsSummary, Channel, ConversionStatus, Country, DestinationPrefix,
    Redacted, ServiceSid, VerificationSid,
};

use crate::commands::args::{SidArg, given};
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::output::table;
use crate::session::lists::Range;
use crate::session::requests::Session;
use crate::values::dates;
use crate::values::texts::{known, private};

/// The commands of attempts.
#[derive(Debug, Subcommand)]
pub(crate) enum AttemptsCommand {
    /// Count attempts, and those that converted
    Summary(SummaryArgs),
    /// List the attempts of the last 30 days, newest first
    List(ListArgs),
    /// Show one attempt
    Fetch(SidArg<AttemptSid>),
}

/// The filters of a summary; an attempt must match every one that is set.
#[derive(Args, Debug)]
#[command(after_help = "\
A date is RFC 3339 or RFC 2822, a day (2026-03-02: its midnight in UTC), or a duration before now
(30m, 12h, 7d, 2w).

Examples:
  twilio-verify attempts summary --date-created-after 7d --channel whatsapp
  twilio-verify attempts summary --date-created-after 2026-03-01 --date-created-before 2026-03-02
  twilio-verify attempts summary --country CO --destination-prefix +57305 -o json")]
pub(crate) struct SummaryArgs {
    /// Only attempts of this service
    #[arg(long, alias = "service-sid", value_name = "SID")]
    verify_service_sid: Option<ServiceSid>,

    #[command(flatten)]
    period: Period,

    /// Only attempts to this country, an ISO 3166-1 alpha-2 code such as CO
    #[arg(long)]
    country: Option<Country>,

    /// Only attempts on this channel
    #[arg(long, ignore_case = true, value_parser = known::<Channel>(Channel::VALUES))]
    channel: Option<Channel>,

    /// Only attempts to numbers with this prefix, such as +57305
    #[arg(long, value_name = "PREFIX")]
    destination_prefix: Option<DestinationPrefix>,
}

/// The filters of a list, every one of which an attempt must match, and how much
/// of it to show.
#[derive(Args, Debug)]
#[command(after_help = "\
A date is RFC 3339 or RFC 2822, a day (2026-03-02: its midnight in UTC), or a duration before now
(30m, 12h, 7d, 2w).

csv and tsv hold every field that the API documents, with the API's names and exact values. A phone
number begins with `+`, which a spreadsheet may take for a formula: import that column as text.
Fields that the API doesn't document are in json only.

Examples:
  twilio-verify attempts list --status unconverted --country NG --date-created-after 1d
  twilio-verify attempts list --channel-data.to +14155550100
  twilio-verify attempts list --no-limit -o csv > attempts.csv")]
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
    #[arg(long)]
    country: Option<Country>,

    /// Only attempts on this channel
    #[arg(long, ignore_case = true, value_parser = known::<Channel>(Channel::VALUES))]
    channel: Option<Channel>,

    /// Only attempts of this service
    #[arg(long, alias = "service-sid", value_name = "SID")]
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

/// A period.
#[derive(Args, Debug)]
struct Period {
    /// Only attempts made at this instant or later
    #[arg(
        long,
        value_name = "DATE",
        allow_hyphen_values = true,
        value_parser = dates::argument
    )]
    date_created_after: Option<DateTime<Utc>>,

    /// Only attempts made before this instant
    #[arg(
        long,
        value_name = "DATE",
        allow_hyphen_values = true,
        value_parser = dates::argument
    )]
    date_created_before: Option<DateTime<Utc>>,
}

impl Period {
    /// Rejects a period that ends before it begins: its count would be zero, as
    /// that of a period without attempts.
    fn check(&self) -> Result<(), Failure> {
        match (self.date_created_after, self.date_created_before) {
            (Some(after), Some(before)) if before < after => Err(Failure::usage(
                "--date-created-before <DATE>: it precedes --date-created-after",
                "swap the two, or correct one of them",
            )),
            _ => Ok(()),
        }
    }
}

impl AttemptsCommand {
    /// Rejects what is invalid, before anything is sent.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self {
            Self::Summary(arguments) => arguments.period.check(),
            Self::List(arguments) => arguments.period.check(),
            Self::Fetch(_) => Ok(()),
        }
    }

    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        match self {
            Self::Summary(arguments) => summary(arguments, session).await,
            Self::List(arguments) => list(arguments, session).await,
            Self::Fetch(sid) => {
                let attempt = session.client.attempts().fetch(sid.into_sid()?).await?;
                session.one(&attempt)
            }
        }
    }
}

async fn summary(arguments: SummaryArgs, mut session: Session) -> Result<(), Failure> {
    let filters = filters(&arguments);
    let request = given!(
        session.client.attempts().summary(),
        service: arguments.verify_service_sid,
        created_after: arguments.period.date_created_after,
        created_before: arguments.period.date_created_before,
        country: arguments.country,
        channel: arguments.channel,
        destination_prefix: arguments.destination_prefix,
    );
    let summary = request.send().await?;
    session.one_as(&summary, |summary| summary_table(summary, filters))
}

async fn list(arguments: ListArgs, mut session: Session) -> Result<(), Failure> {
    let request = given!(
        session.client.attempts().list(),
        created_after: arguments.period.date_created_after,
        created_before: arguments.period.date_created_before,
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
    session.list(pages, arguments.range).await
}

/// The filters that were given, for people.
fn filters(arguments: &SummaryArgs) -> Vec<(&'static str, String)> {
    let date = |date: DateTime<Utc>| date.to_rfc3339_opts(SecondsFormat::Secs, true);
    let country = |country: &Country| match country.name() {
        Some(name) => format!("{country} ({name})"),
        None => country.to_string(),
    };
    let filters = [
        ("Service", arguments.verify_service_sid.as_ref().map(ToString::to_string)),
        ("From", arguments.period.date_created_after.map(date)),
        ("To", arguments.period.date_created_before.map(date)),
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

impl Resource for Attempt {
    const PLURAL: &'static str = "attempts";
    const COLUMNS: &'static [Column] = &[
        Column::new("DATE (UTC)", "date_created").kind(Kind::Date),
        Column::new("CHANNEL", "channel"),
        Column::new("TO", "channel_data.to").spare(3),
        Column::new("COUNTRY", "channel_data.country").spare(2),
        Column::new("STATUS", "conversion_status").kind(Kind::Status),
        Column::new("PRICE", "price").kind(Kind::Money).spare(1),
        Column::new("SID", "sid"),
    ];
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
