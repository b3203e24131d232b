//! `attempts`: summarise, list, fetch.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use rust_decimal::{Decimal, RoundingStrategy};
use twilio_verify::{
    Attempt, AttemptSid, AttemptsSummary, Channel, ConversionStatus, Country, DestinationPrefix,
    Redacted, ServiceSid, UnknownValueError, VerificationSid,
};

use crate::cli::Connection;
use crate::connect::connect;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Column, Kind, Output, Progress, Resource, note, table};
use crate::{dates, values};

/// What to do with attempts.
#[derive(Debug, Subcommand)]
pub(crate) enum AttemptsCommand {
    /// Count attempts, and how many of them converted
    Summary(SummaryArgs),
    /// List the attempts of the last 30 days, newest first
    List(ListArgs),
    /// Show one attempt
    Fetch(FetchArgs),
}

/// The filters of a summary; all that are given must hold.
#[derive(Args, Debug)]
#[command(after_help = "\
A date is RFC 3339 or RFC 2822, a day (2026-03-02: its midnight in UTC), or how long ago
(30m, 12h, 7d, 2w).

Examples:
  twilio-verify attempts summary --date-created-after 7d --channel whatsapp
  twilio-verify attempts summary --date-created-after 2026-03-01 --date-created-before 2026-03-02
  twilio-verify attempts summary --country CO --destination-prefix +57305 -o json")]
pub(crate) struct SummaryArgs {
    /// Only attempts of this service
    #[arg(long, value_name = "SID")]
    verify_service_sid: Option<ServiceSid>,

    #[command(flatten)]
    period: Period,

    /// Only attempts to this country, an ISO 3166-1 alpha-2 code such as CO
    #[arg(long)]
    country: Option<Country>,

    /// Only attempts on this channel
    #[arg(long, ignore_case = true, value_parser = known::<Channel>(Channel::VALUES))]
    channel: Option<Channel>,

    /// Only attempts to numbers that begin so, such as +57305
    #[arg(long, value_name = "PREFIX")]
    destination_prefix: Option<DestinationPrefix>,
}

/// The filters of a list, all of which must hold, and how much of it to show.
#[derive(Args, Debug)]
#[command(after_help = "\
A date is RFC 3339 or RFC 2822, a day (2026-03-02: its midnight in UTC), or how long ago
(30m, 12h, 7d, 2w).

csv and tsv hold every field that the API documents, by the API's names, as exact values: a number
begins with `+`, which a spreadsheet may take for a formula, so import that column as text. Fields
that the API doesn't document are in json alone.

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
        value_parser = destination
    )]
    to: Option<Redacted<String>>,

    /// Only attempts to this country, an ISO 3166-1 alpha-2 code such as CO
    #[arg(long)]
    country: Option<Country>,

    /// Only attempts on this channel
    #[arg(long, ignore_case = true, value_parser = known::<Channel>(Channel::VALUES))]
    channel: Option<Channel>,

    /// Only attempts of this service
    #[arg(long, value_name = "SID")]
    verify_service_sid: Option<ServiceSid>,

    /// Only attempts of this verification
    #[arg(long, value_name = "SID")]
    verification_sid: Option<VerificationSid>,

    /// Only attempts that did convert, or only those that did not
    #[arg(
        long,
        ignore_case = true,
        value_parser = known::<ConversionStatus>(ConversionStatus::VALUES)
    )]
    status: Option<ConversionStatus>,

    /// How many attempts to ask for at a time, from 1 to 1000 [default: as many as are wanted]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = |text: &str| values::whole(text, 1..=LARGEST_PAGE)
    )]
    page_size: Option<u16>,

    /// Show so many attempts at most [default: 50]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = |text: &str| values::whole(text, 1..=usize::MAX)
    )]
    limit: Option<usize>,

    /// Show all attempts
    #[arg(long, conflicts_with = "limit")]
    no_limit: bool,
}

/// Which attempt to fetch.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct FetchArgs {
    /// The attempt's SID: `VL` and 32 hexadecimal digits
    #[arg(value_name = "SID")]
    positional: Option<AttemptSid>,

    /// The same, as a flag
    #[arg(long, value_name = "SID")]
    sid: Option<AttemptSid>,
}

/// From when to when.
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
    /// Refuses a period that ends before it begins: it would count nothing,
    /// and look as if nothing had happened.
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

/// One of the values that this version knows.
fn known<T>(values: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: std::str::FromStr<Err = UnknownValueError> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(values).try_map(|value| value.parse::<T>())
}

/// A destination, kept out of `Debug`. The client checks it.
fn destination(text: &str) -> Result<Redacted<String>, std::convert::Infallible> {
    Ok(Redacted::new(text.to_owned()))
}

/// What all commands of attempts need to know.
pub(crate) struct Settings {
    pub(crate) connection: Connection,
    /// Whether progress is not to be shown.
    pub(crate) quiet: bool,
}

/// Runs a command.
pub(crate) async fn run(
    command: AttemptsCommand,
    settings: Settings,
    output: Output,
) -> Result<Exit, Failure> {
    match command {
        AttemptsCommand::Summary(arguments) => summary(arguments, settings, output).await,
        AttemptsCommand::List(arguments) => list(arguments, settings, output).await,
        AttemptsCommand::Fetch(arguments) => fetch(arguments, settings, output).await,
    }?;
    Ok(Exit::Ok)
}

async fn summary(
    arguments: SummaryArgs,
    settings: Settings,
    mut output: Output,
) -> Result<(), Failure> {
    arguments.period.check()?;
    let filters = filters(&arguments);
    let SummaryArgs {
        verify_service_sid,
        period,
        country,
        channel,
        destination_prefix,
    } = arguments;
    let connected = connect(settings.connection).await?;
    let mut request = connected.client.attempts().summary();
    if let Some(service) = verify_service_sid {
        request = request.service(service);
    }
    if let Some(date) = period.date_created_after {
        request = request.created_after(date);
    }
    if let Some(date) = period.date_created_before {
        request = request.created_before(date);
    }
    if let Some(country) = country {
        request = request.country(country);
    }
    if let Some(channel) = channel {
        request = request.channel(channel);
    }
    if let Some(prefix) = destination_prefix {
        request = request.destination_prefix(prefix);
    }
    let summary = request.send().await?;
    output.one(&summary, |summary| Ok(summary_table(summary, filters)))?;
    Ok(())
}

/// The filters that were given, as a person reads them.
fn filters(arguments: &SummaryArgs) -> Vec<(&'static str, String)> {
    let date = |date: DateTime<Utc>| date.to_rfc3339_opts(SecondsFormat::Secs, true);
    let country = |country: &Country| match country.name() {
        Some(name) => format!("{country} ({name})"),
        None => country.to_string(),
    };
    let filters = [
        (
            "Service",
            arguments
                .verify_service_sid
                .as_ref()
                .map(ToString::to_string),
        ),
        ("From", arguments.period.date_created_after.map(date)),
        ("To", arguments.period.date_created_before.map(date)),
        ("Country", arguments.country.as_ref().map(country)),
        (
            "Channel",
            arguments.channel.as_ref().map(ToString::to_string),
        ),
        (
            "Prefix",
            arguments
                .destination_prefix
                .as_ref()
                .map(|prefix| prefix.as_str().to_owned()),
        ),
    ];
    filters
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
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
    let width = counts
        .iter()
        .map(|(_, count)| count.len())
        .max()
        .unwrap_or(0);
    rows.extend(counts.map(|(name, count)| (name, format!("{count:>width$}"))));
    rows.push(("Conversion", conversion(summary.conversion_rate)));
    table::pairs(rows)
}

fn conversion(rate: Option<Decimal>) -> String {
    match rate {
        Some(rate) => {
            // Formatting would cut decimals off, not round them.
            let rounded = rate.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
            format!("{} {rounded:.2} %", table::bar(rate))
        }
        None => "no rate, as there were no attempts".to_owned(),
    }
}

/// How many attempts are listed if nobody says how many: as many as
/// twilio-cli lists.
const DEFAULT_LIMIT: usize = 50;

/// The largest page that Twilio gives.
const LARGEST_PAGE: u16 = 1000;

async fn list(arguments: ListArgs, settings: Settings, mut output: Output) -> Result<(), Failure> {
    arguments.period.check()?;
    let limit = match arguments.no_limit {
        true => None,
        false => Some(arguments.limit.unwrap_or(DEFAULT_LIMIT)),
    };
    let by_default = limit.is_some() && arguments.limit.is_none();
    let page_size = match limit {
        // Twilio's own default would take twenty times as many requests.
        None => arguments.page_size.or(Some(LARGEST_PAGE)),
        // The client asks for no more than the limit.
        Some(_) => arguments.page_size,
    };
    let connected = connect(settings.connection).await?;
    let mut request = connected.client.attempts().list();
    if let Some(date) = arguments.period.date_created_after {
        request = request.created_after(date);
    }
    if let Some(date) = arguments.period.date_created_before {
        request = request.created_before(date);
    }
    if let Some(to) = arguments.to {
        request = request.to(to.into_inner());
    }
    if let Some(country) = arguments.country {
        request = request.country(country);
    }
    if let Some(channel) = arguments.channel {
        request = request.channel(channel);
    }
    if let Some(service) = arguments.verify_service_sid {
        request = request.service(service);
    }
    if let Some(verification) = arguments.verification_sid {
        request = request.verification(verification);
    }
    if let Some(status) = arguments.status {
        request = request.status(status);
    }
    if let Some(size) = page_size {
        request = request.page_size(size);
    }
    if let Some(limit) = limit {
        request = request.limit(limit);
    }

    let mut pages = request.pages();
    // Nothing is written before there is an answer, so that what fails at
    // once leaves stdout empty.
    let mut page = pages.try_next().await?;
    let mut list = output.list::<Attempt>()?;
    let mut progress = Progress::none();
    let mut count = 0;
    let mut more = false;
    while let Some(items) = page {
        count += items.items.len();
        more = items.meta.next_page_url.is_some()
            || page_size.is_some_and(|size| usize::from(size) > count);
        list.page(&items.items)?;
        if more && !settings.quiet && limit.is_none_or(|limit| count < limit) {
            progress.show(&list, count);
        }
        page = pages.try_next().await?;
    }
    progress.end();
    list.end()?;
    if by_default && more && count == DEFAULT_LIMIT {
        note(&format!(
            "these are the newest {DEFAULT_LIMIT}, and there may be more: --limit N or --no-limit"
        ));
    }
    Ok(())
}

async fn fetch(
    arguments: FetchArgs,
    settings: Settings,
    mut output: Output,
) -> Result<(), Failure> {
    let Some(sid) = arguments.positional.or(arguments.sid) else {
        return Err(Failure::usage("no SID was given", "name the attempt's SID"));
    };
    let connected = connect(settings.connection).await?;
    let attempt = connected.client.attempts().fetch(sid).await?;
    output.one(&attempt, table::fields)?;
    Ok(())
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
